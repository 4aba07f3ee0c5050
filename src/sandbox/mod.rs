//! A local Attio: routes, validation, filters, uniqueness, errors and paging of the real one, on a file.
//!
//! [`respond`] is the whole of Attio as a function from state, request and time to a response. [`Sandbox`] keeps the
//! state in a file between calls. Moving bytes over a socket and making things go wrong are left to others.

mod engine;
mod resources;
mod seed;
mod store;
mod wire;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use http::{Request, Response};
use jiff::Timestamp;

use self::engine::problem::Problem;
use self::store::file::Locked;
pub use self::store::state::State;
pub use self::wire::routes::{respond, routes};
pub use self::wire::{fault, server};

/// A workspace kept in one file. Any number of processes may use the same file.
pub struct Sandbox {
    file: PathBuf,
    cache: Mutex<Option<Cached>>,
}

/// The state as last read or written here, and what tells whether it is still that of the file.
struct Cached {
    generation: u64,
    /// Catches a file that was put there by hand, which raises no generation.
    modified: Option<SystemTime>,
    state: State,
}

impl Sandbox {
    /// Names the file; nothing is read yet. A missing file is created with the seed at first use.
    pub fn open(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), cache: Mutex::new(None) }
    }

    /// The file, as it was named.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Goes back to the seed, whatever the file holds.
    ///
    /// # Errors
    /// The file or its folder cannot be written.
    pub fn reset(&self) -> io::Result<()> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).take();
        Locked::new(&self.file, true)?.save(&State::seeded())
    }

    /// Answers a request. Never fails: what goes wrong with the file is a 500 in Attio's error shape.
    pub fn handle(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.try_handle(request).unwrap_or_else(|error| {
            let message = format!("{error}. To start afresh, run \"attio-crm sandbox reset\".");
            wire::routes::refuse(&Problem::internal(message), request, Timestamp::now())
        })
    }

    /// Answers a request.
    ///
    /// # Errors
    /// The file cannot be used; the error names it.
    pub fn try_handle(&self, request: &Request<Vec<u8>>) -> io::Result<Response<Vec<u8>>> {
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", self.file.display()));
        self.answer(request).map_err(named)
    }

    fn answer(&self, request: &Request<Vec<u8>>) -> io::Result<Response<Vec<u8>>> {
        let writes = wire::routes::writes(request);
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let mut locked = Locked::new(&self.file, writes || !self.file.exists())?;
        // Taken out of the cache, so that a write that fails to reach the file is forgotten.
        let modified = locked.modified();
        let current = |cached: &Cached| cached.generation == locked.generation && cached.modified == modified;
        let cached = cache.take().filter(|cached| modified.is_some() && current(cached));
        let mut state = match cached {
            Some(cached) => cached.state,
            None => load(&mut locked)?,
        };
        let response = respond(&mut state, request, Timestamp::now());
        if writes && response.status().is_success() {
            locked.save(&state)?;
        }
        *cache = Some(Cached { generation: locked.generation, modified: locked.modified(), state });
        Ok(response)
    }
}

/// The state in the file, which is made if there is none. Should the file vanish while it is locked for reading only,
/// several readers may make it: they all write the same seed, each at one stroke.
fn load(locked: &mut Locked) -> io::Result<State> {
    if let Some(state) = locked.load()? {
        return Ok(state);
    }
    let state = State::seeded();
    locked.save(&state)?;
    Ok(state)
}
