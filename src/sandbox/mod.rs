//! A local Attio: routes, validation, filters, uniqueness, errors and paging of the real one, on a file.
//!
//! [`respond`] is the whole of Attio as a function from store, request and time to a response; [`Sandbox`] keeps the
//! store in a file. The rooms, from the top: `wire` (routes, server, faults), `resources` (what each part of the API
//! does), `engine` (what all of them share), `store` (what is kept). Each knows only those below it.

mod engine;
mod import;
mod resources;
mod seed;
mod store;
mod wire;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{Request, Response};
use jiff::Timestamp;

pub use self::store::database::Store;
pub use self::store::failure::Failure;
use self::store::file::{self, Found};
pub use self::wire::respond::respond;
pub use self::wire::routes::routes;
pub use self::wire::{fault, server};

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(10);

/// A workspace kept in one file. Any number of processes may use the same file.
pub struct Sandbox {
    file: PathBuf,
    patience: Duration,
    open: Mutex<Option<Open>>,
}

struct Open {
    store: Store,
    /// Tells whether the file is still the one that was opened.
    identity: Option<(u64, u64)>,
}

impl Sandbox {
    /// Names the file; nothing is read yet. A missing file is created with the seed at first use.
    pub fn open(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), patience: PATIENCE, open: Mutex::new(None) }
    }

    /// Waits no longer than this for another process that writes.
    #[must_use]
    pub fn waiting(self, patience: Duration) -> Self {
        Self { patience: patience.min(PATIENCE), ..self }
    }

    /// The file, as it was named.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Goes back to the seed, whatever the file holds. Others that use it go on with the seed.
    ///
    /// # Errors
    /// The file or its folder cannot be written, or there is something else in its place.
    pub fn reset(&self) -> Result<(), Failure> {
        self.lock().take();
        self.try_reset().map_err(|failure| failure.of(&self.file))
    }

    fn try_reset(&self) -> Result<(), Failure> {
        let mended = match file::look(&self.file) {
            Ok(Found::Nothing | Found::Database) => {
                file::open(&self.file, self.patience).and_then(|mut store| store.refound(seed::plant))
            }
            Ok(Found::Json) => Err(Failure::damaged("it is of an older version")),
            Err(failure) => Err(failure),
        };
        match mended {
            Err(failure) if failure.is_damage() => {
                file::remove(&self.file)?;
                file::open(&self.file, self.patience)?.found(seed::plant)
            }
            other => other,
        }
    }

    /// Answers a request. Never fails: what goes wrong with the file is a 500 in Attio's error shape.
    pub fn handle(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.try_handle(request)
            .unwrap_or_else(|failure| wire::respond::fail(&failure, request, Timestamp::now()))
    }

    /// Answers a request.
    ///
    /// # Errors
    /// The file cannot be used; the error names it.
    pub fn try_handle(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
        self.answer(request).map_err(|failure| failure.of(&self.file))
    }

    fn answer(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
        let mut open = self.lock();
        // Taken out, so that a store that failed, or whose handler panicked, is opened again.
        let is_current = |open: &Open| open.identity == file::identity(&self.file);
        let mut current = match open.take().filter(is_current) {
            Some(current) => current,
            None => self.connect()?,
        };
        let response = wire::respond::answer(&mut current.store, request, Timestamp::now())?;
        *open = Some(current);
        Ok(response)
    }

    fn connect(&self) -> Result<Open, Failure> {
        import::older_file(&self.file, self.patience)?;
        file::look(&self.file)?;
        let mut store = file::open(&self.file, self.patience)?;
        store.found(seed::plant)?;
        Ok(Open { store, identity: file::identity(&self.file) })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// The workspace as it is before anybody changed it, in memory.
    ///
    /// # Panics
    /// The seed is compiled in and tested; it fails only where memory does.
    pub fn seeded() -> Self {
        let store = Self::memory().and_then(|mut store| store.found(seed::plant).map(|()| store));
        match store {
            Ok(store) => store,
            Err(failure) => panic!("the seed cannot be planted: {failure}"),
        }
    }
}
