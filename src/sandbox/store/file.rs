//! The file a sandbox lives in: locked between processes, replaced atomically, parsed again only when somebody wrote.
//!
//! Beside `<file>` stands `<file>.lock`. It carries the lock, because the file itself is replaced, and a generation
//! number that is raised before each write: whoever has parsed that generation need not parse again.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;

use crate::sandbox::store::state::{State, VERSION};

/// A locked file. The lock goes with it.
pub(crate) struct Locked<'a> {
    file: &'a Path,
    lock: File,
    pub generation: u64,
}

/// All that is read of a file of unknown format.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl<'a> Locked<'a> {
    /// Waits until no one else writes, or with `alone` until no one else reads either.
    pub(crate) fn new(file: &'a Path, alone: bool) -> io::Result<Self> {
        let mut lock = crate::files::open(&lock_path(file))?;
        if alone {
            lock.lock()?;
        } else {
            lock.lock_shared()?;
        }
        let mut text = String::new();
        lock.read_to_string(&mut text)?;
        Ok(Self { file, lock, generation: text.trim().parse().unwrap_or(0) })
    }

    /// Reads the state; `None` when there is no file yet.
    pub(crate) fn load(&self) -> io::Result<Option<State>> {
        let bytes = match fs::read(self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        let state: Result<State, _> = serde_json::from_slice(&bytes);
        let version = match &state {
            Ok(state) => state.version,
            Err(_) => serde_json::from_slice(&bytes).map_or(0, |Version { version }| version),
        };
        let what = match state {
            _ if version > VERSION => {
                format!("it was written by a later version of attio-crm (format {version})")
            }
            Ok(state) => return Ok(Some(state)),
            Err(error) => format!("it is damaged ({error})"),
        };
        Err(io::Error::new(io::ErrorKind::InvalidData, what))
    }

    /// When the file was last replaced; `None` when there is none.
    pub(crate) fn modified(&self) -> Option<SystemTime> {
        fs::metadata(self.file).and_then(|metadata| metadata.modified()).ok()
    }

    /// Replaces the state. Readers see the old one or the new one, never a part. Needs the lock alone.
    pub(crate) fn save(&mut self, state: &State) -> io::Result<()> {
        self.generation += 1;
        self.lock.rewind()?;
        self.lock.set_len(0)?;
        self.lock.write_all(self.generation.to_string().as_bytes())?;
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut new = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        new.write_all(&serde_json::to_vec(state)?)?;
        new.persist(self.file)?;
        Ok(())
    }
}

fn lock_path(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".lock");
    path.into()
}
