//! Where a file that was fetched goes: into a file, whole or not at all, or to a program that reads it.

use super::Done;
use crate::error::Error;
use crate::output::Item;
use serde_json::{Map, json};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

// No doc comment: it would become the help of each command that has it.
#[derive(Debug, clap::Args)]
pub struct Target {
    /// Where to write it [default: stdout, unless that is a terminal]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long, requires = "to")]
    overwrite: bool,
}

impl Target {
    /// Refuses, before anything is fetched, what could not be written.
    ///
    /// # Errors
    /// A usage error for a terminal, for a file that exists and is not to be replaced, and for a
    /// folder that does not exist.
    pub fn check(&self) -> Result<(), Error> {
        match &self.to {
            None if io::stdout().is_terminal() => {
                Err(Error::usage("a file is not written to a terminal").hint("say where with --to FILE"))
            }
            Some(file) if !folder(file).is_dir() => {
                Err(Error::usage(format!("there is no folder {}", folder(file).display())))
            }
            Some(file) if !self.overwrite && file.symlink_metadata().is_ok() => {
                Err(Error::usage(format!("{} exists", file.display()))
                    .hint("give another name, or replace it with --overwrite"))
            }
            _ => Ok(()),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// A failed write; what was there before is there still.
    pub fn put(self, bytes: Vec<u8>) -> Result<Done<'static>, Error> {
        let Some(file) = self.to else { return Ok(Done::Bytes(bytes)) };
        write(&file, self.overwrite, &bytes)
            .map_err(|e| Error::failure(format!("cannot write {}", file.display())).why(e.to_string()))?;
        let told = [("path", json!(file.to_string_lossy())), ("content_size", json!(bytes.len()))];
        let told: Map<_, _> = told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(Done::One(Item::own(told)))
    }
}

fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn write(file: &Path, overwrite: bool, bytes: &[u8]) -> io::Result<()> {
    let mut new = NamedTempFile::new_in(folder(file))?;
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    if overwrite { new.persist(file) } else { new.persist_noclobber(file) }.map(drop).map_err(|e| e.error)
}
