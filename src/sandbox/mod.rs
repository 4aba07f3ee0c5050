//! A local Attio: routes, validation, filters, uniqueness, errors and paging of the real one, on a file.
//!
//! [`respond`] is the whole of Attio as a function from state, request and time to a response. [`Sandbox`] keeps the
//! state in a file between calls. Moving bytes over a socket and making things go wrong are left to others.

mod attributes;
mod body;
mod choices;
mod entries;
pub mod fault;
mod file;
mod filter;
mod links;
mod lists;
mod markdown;
mod members;
mod notes;
mod objects;
mod problem;
mod records;
mod routes;
mod search;
mod seed;
pub mod server;
mod sort;
mod state;
mod tasks;
mod values;
mod write;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use http::{Request, Response};
use jiff::Timestamp;

use self::file::Locked;
use self::problem::Problem;
pub use self::routes::respond;
pub use self::state::State;

/// A workspace kept in one file. Any number of processes may use the same file.
pub struct Sandbox {
    file: PathBuf,
    /// The state as last read or written here, and its generation.
    cache: Mutex<Option<(u64, State)>>,
}

impl Sandbox {
    /// Names the file; nothing is read yet. A missing file is created with the seed at first use.
    pub fn open(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), cache: Mutex::new(None) }
    }

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
            let message = format!(
                "The sandbox's file {} cannot be used: {error}. To start afresh, run \"attio-crm sandbox reset\".",
                self.file.display()
            );
            routes::refuse(&Problem::internal(message), request, Timestamp::now())
        })
    }

    fn try_handle(&self, request: &Request<Vec<u8>>) -> io::Result<Response<Vec<u8>>> {
        let writes = routes::writes(request);
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let mut locked = Locked::new(&self.file, writes || !self.file.exists())?;
        // Taken out of the cache, so that a write that fails to reach the file is forgotten.
        let cached =
            cache.take().filter(|(generation, _)| *generation == locked.generation && self.file.exists());
        let mut state = match cached {
            Some((_, state)) => state,
            None => match locked.load()? {
                Some(state) => state,
                None => {
                    let state = State::seeded();
                    locked.save(&state)?;
                    state
                }
            },
        };
        let response = respond(&mut state, request, Timestamp::now());
        if writes && response.status().is_success() {
            locked.save(&state)?;
        }
        *cache = Some((locked.generation, state));
        Ok(response)
    }
}
