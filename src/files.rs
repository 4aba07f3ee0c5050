//! Files of our own: readable by their owner and nobody else (0600 in 0700), and plain files; and how the
//! files of others are read without waiting for ever.
//!
//! What lies in the place of one and is no plain file is refused and never waited for: a link may lead to
//! something that is not ours, a pipe keeps whoever opens it, a device has no end.

use std::fs::{self, DirBuilder, File, FileType, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// Bytes that a file of ours has at the most when it is read as a whole.
const MOST: u64 = 64 << 20;

/// Opens a file to read and write it, and makes it and its folder where they are missing.
///
/// # Errors
/// It is no plain file, or whatever the system says.
pub fn open(file: &Path) -> io::Result<File> {
    private(file, OpenOptions::new().read(true).write(true).create(true).truncate(false))
}

/// Opens a file to append to it, and makes it and its folder where they are missing.
///
/// # Errors
/// As for [`open`].
pub fn append(file: &Path) -> io::Result<File> {
    private(file, OpenOptions::new().append(true).create(true))
}

/// Reads a whole file.
///
/// # Errors
/// It is no plain file, larger than 64 MiB, or whatever the system says.
pub fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    plain(file, OpenOptions::new().read(true))?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(io::Error::other(format!("it is larger than {} MiB", MOST >> 20)));
    }
    Ok(bytes)
}

/// Replaces a file, and makes its folder where it is missing. Readers see the old content or the new
/// one, never a part. A link or a pipe in its place is replaced itself.
///
/// # Errors
/// Whatever the system says.
pub fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    create_dir(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(content)?;
    new.persist(file)?;
    Ok(())
}

/// Whether it is a pipe with a name.
#[cfg(unix)]
pub fn is_pipe(kind: FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&kind)
}

/// Whether it is a pipe with a name, which this system does not have.
#[cfg(not(unix))]
pub fn is_pipe(_: FileType) -> bool {
    false
}

/// Does what may never end beside the main thread; `None` when it has not ended within `limit`.
pub fn within<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(limit).ok()
}

fn private(file: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    match plain(file, options) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            file.parent().map_or(Ok(()), create_dir)?;
            plain(file, options)
        }
        result => result,
    }
}

/// Opens without following a link and without waiting, and only then looks at what it is: whoever looks
/// first may open something else.
fn plain(file: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.bits().cast_signed());
    }
    #[cfg(not(unix))] // opening cannot be told not to follow
    if fs::symlink_metadata(file).is_ok_and(|there| there.is_symlink()) {
        return Err(io::Error::other("it is a symbolic link"));
    }
    let opened = options.open(file);
    let there = match &opened {
        Ok(file) => file.metadata(),
        Err(_) => fs::symlink_metadata(file),
    };
    match there {
        Ok(there) if !there.is_file() => Err(io::Error::other(what_it_is(there.file_type()))),
        _ => opened,
    }
}

fn what_it_is(kind: FileType) -> &'static str {
    if kind.is_symlink() {
        "it is a symbolic link, and those are not followed"
    } else if kind.is_dir() {
        "it is a folder"
    } else {
        "it is no plain file"
    }
}

fn create_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    #[test]
    fn what_is_no_plain_file_is_refused_at_once_and_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::write(at("target"), "theirs").unwrap();
        symlink(at("target"), at("link")).unwrap();
        symlink(at("nowhere"), at("dangling link")).unwrap();
        fs::create_dir(at("folder")).unwrap();
        assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        let _listener = UnixListener::bind(at("socket")).unwrap();
        let odd = ["link", "dangling link", "folder", "pipe", "socket"].map(at);
        for file in odd.iter().map(|path| &**path).chain([Path::new("/dev/zero"), Path::new("/dev/full")]) {
            for error in [open(file).err(), append(file).err(), read(file).err()] {
                let told = error.unwrap().to_string();
                assert!(told.starts_with("it is "), "{}: {told}", file.display());
            }
        }
        assert_eq!(fs::read(at("target")).unwrap(), b"theirs");
        assert!(!at("nowhere").exists());

        replace(&at("link"), b"ours").unwrap();
        assert_eq!(
            (read(&at("link")).unwrap(), fs::read(at("target")).unwrap()),
            (b"ours".into(), b"theirs".into())
        );
    }

    #[test]
    fn a_missing_file_is_made_for_its_owner_alone_but_not_by_reading() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("state/limits/x");
        assert_eq!(read(&file).unwrap_err().kind(), ErrorKind::NotFound);
        assert!(!dir.path().join("state").exists());
        open(&file).unwrap().write_all(b"one").unwrap();
        append(&file).unwrap().write_all(b" two").unwrap();
        assert_eq!(read(&file).unwrap(), b"one two");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    }
}
