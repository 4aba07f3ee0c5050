//! Where the ring is kept, for one step at a time: a locked file, or memory while that cannot be used.
//!
//! The lock belongs to the file itself, so the file is never renamed, truncated or removed, and
//! never synced either: what it says is worthless after a minute. Opening it anew for each step
//! costs about a microsecond, follows a folder that was cleaned meanwhile, and forgets a failure.

use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::layout::{LAYOUT, Slot, Storage};
use super::rate::{Budget, Claim};
use super::ring::Ring;
use crate::config::Rate;

/// Which of the two rings a ticket is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Shared with all other processes.
    File,
    /// This process alone.
    Memory,
}

/// A ticket's place in one of the rings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub place: Place,
    pub slot: Slot,
}

/// What tickets and the limiter have in common.
pub(super) struct Shared {
    pub path: PathBuf,
    pub rate: Rate,
    /// Microseconds since 1970.
    clock: fn() -> u64,
    memory: Mutex<io::Cursor<Vec<u8>>>,
    /// Why the file could not be used, the first time.
    pub failure: OnceLock<io::Error>,
}

/// A step on a ring, at a time.
pub(super) type Act<'a, T> = &'a mut dyn FnMut(&mut Ring<'_>, u64) -> io::Result<T>;

impl Shared {
    pub fn new(dir: &Path, scope: &str, rate: Rate, clock: fn() -> u64) -> Self {
        let path = dir.join(format!("{scope}-{LAYOUT}.lim"));
        Self { path, rate, clock, memory: Mutex::default(), failure: OnceLock::new() }
    }

    /// One step; `None` while another process has the file.
    pub fn step<T>(&self, place: Place, act: Act<'_, T>) -> io::Result<Option<T>> {
        match place {
            Place::File => self.on_file(act).map_err(|error| self.note(error)),
            Place::Memory => {
                let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
                self.on(&mut *memory, act).map(Some)
            }
        }
    }

    /// What a request needs of its ring. Alone, a process keeps to a quarter of the rate.
    pub fn budget(&self, place: Place, claim: Claim) -> Option<Budget> {
        self.rate.budget(claim, if place == Place::File { 1 } else { 4 })
    }

    fn on_file<T>(&self, act: Act<'_, T>) -> io::Result<Option<T>> {
        let mut file = crate::files::open(&self.path)?;
        match file.try_lock() {
            Ok(()) => self.on(&mut file, act).map(Some),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn on<T>(&self, storage: &mut dyn Storage, act: Act<'_, T>) -> io::Result<T> {
        let now = (self.clock)(); // after the lock: an older time would count against the others
        act(&mut Ring::open(storage, now, self.rate.window())?, now)
    }

    fn note(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        let _ = self.failure.set(error);
        kind.into()
    }
}
