//! The file a store lives in: what may lie in its place, and how it is made, replaced and removed.
//!
//! `SQLite` keeps two files beside it while it is in use, `-wal` and `-shm`; they belong to it. What is no plain file is
//! never opened: a pipe would keep us waiting, a link may lead to something that is not ours.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::database::Store;
use super::failure::{Failure, MOVE, WAIT};

/// What lies where the store is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    Database,
    /// One JSON text, as versions before 0.2 wrote it.
    Json,
}

/// Looks at a file without opening what is none.
///
/// # Errors
/// There is something else.
pub(crate) fn look(file: &Path) -> Result<Found, Failure> {
    for beside in beside(file) {
        if fs::symlink_metadata(&beside).is_ok_and(|there| !there.is_file()) {
            return Err(Failure::damaged("what lies beside it is no file"));
        }
    }
    match fs::symlink_metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error.into()),
        Ok(there) if !there.is_file() => return Err(Failure::new("it is no plain file", MOVE)),
        Ok(_) => {}
    }
    let mut head = Vec::new();
    File::open(file)?.take(16).read_to_end(&mut head)?;
    match head.as_slice() {
        b"" => Ok(Found::Nothing),
        b"SQLite format 3\0" => Ok(Found::Database),
        [b'{', ..] => Ok(Found::Json),
        _ => Err(Failure::damaged("it does not begin as a database does")),
    }
}

/// Opens the file, and makes it and its folder where they are missing.
///
/// # Errors
/// It cannot be written, or is locked for longer than `patience`.
pub(crate) fn open(file: &Path, patience: Duration) -> Result<Store, Failure> {
    drop(crate::files::open(file)?);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // Relative names such as ":memory:" mean something else to SQLite.
    let db = Connection::open_with_flags(std::path::absolute(file)?, flags)?;
    Store::shared(db, patience)
}

/// Tells one file from another of the same name.
#[cfg(unix)]
pub(crate) fn identity(file: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(file).ok().map(|there| (there.dev(), there.ino()))
}

/// Elsewhere an open file can neither be removed nor replaced.
#[cfg(not(unix))]
pub(crate) fn identity(_: &Path) -> Option<(u64, u64)> {
    Some((0, 0))
}

/// Removes the file and what lies beside it.
///
/// # Errors
/// Whatever the system says.
pub(crate) fn remove(file: &Path) -> io::Result<()> {
    for path in beside(file).into_iter().chain([file.to_owned()]) {
        let removed = match fs::symlink_metadata(&path) {
            Ok(there) if there.is_dir() => fs::remove_dir(&path),
            _ => fs::remove_file(&path),
        };
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Puts a database in the place of an older file, which is kept beside it as `<old>.imported`. When another process was
/// faster, nothing is done.
///
/// # Errors
/// The old file cannot be read, or the new one not written.
pub(crate) fn take_over(
    old: &Path,
    new: &Path,
    patience: Duration,
    fill: impl FnOnce(&mut Store, &[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let lock = with_suffix(old, ".lock");
    let _locked = locked(&lock, patience)?;
    if look(old)? != Found::Json || (old != new && look(new)? != Found::Nothing) {
        return Ok(());
    }
    let draft = with_suffix(new, ".new");
    remove(&draft)?;
    let mut store = open(&draft, patience)?;
    store.found(|store| fill(store, &fs::read(old)?))?;
    store.close()?;
    fs::copy(old, with_suffix(old, ".imported"))?;
    fs::rename(&draft, new)?;
    if old != new {
        fs::remove_file(old)?;
    }
    fs::remove_file(lock)?;
    Ok(())
}

/// The lock that the versions took which wrote the older file.
fn locked(lock: &Path, patience: Duration) -> Result<File, Failure> {
    let file = crate::files::open(lock)?;
    let until = Instant::now() + patience;
    while let Err(error) = file.try_lock() {
        match error {
            fs::TryLockError::Error(error) => return Err(error.into()),
            fs::TryLockError::WouldBlock if Instant::now() > until => {
                return Err(Failure::new("it is locked by another process", WAIT));
            }
            fs::TryLockError::WouldBlock => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    Ok(file)
}

fn beside(file: &Path) -> [PathBuf; 3] {
    ["-wal", "-shm", "-journal"].map(|suffix| with_suffix(file, suffix))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}
