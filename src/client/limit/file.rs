//! The limiter's file: opened and locked for one step at a time.
//!
//! The lock belongs to the file itself, so the file is never renamed, truncated or removed, and
//! never synced either: what it says is worthless after a minute. Opening it anew for each step
//! costs about a microsecond and follows a folder that was cleaned meanwhile.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// The file, locked until it is dropped; `None` while another process has it.
pub(super) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = crate::files::open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
