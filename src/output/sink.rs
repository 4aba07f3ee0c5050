//! Where stdout's bytes go: gathered, without the API key, and with failures a caller can tell apart.

use std::io::{self, Write};

use super::secret::Secret;
use crate::error::Error;

/// The fact that marks an error as a closed pipe.
const CLOSED: &str = "closed_pipe";

/// Bytes that are gathered before they are written.
const ENOUGH: usize = 64 * 1024;

/// Stdout, or what stands for it.
pub struct Sink {
    gathered: Vec<u8>,
    writer: Box<dyn Write>,
    secret: Secret,
}

impl Sink {
    /// Writes to `writer` in large pieces.
    pub fn new(writer: Box<dyn Write>) -> Self {
        Self { gathered: Vec::with_capacity(ENOUGH), writer, secret: Secret::default() }
    }

    /// Keeps a secret out of what is put from now on.
    pub fn conceal(&mut self, secret: Secret) {
        self.secret = secret;
    }

    /// Writes `parts` one after the other. Together they are whole: no secret is cut by their end.
    ///
    /// # Errors
    /// The reader is gone (see [`is_closed_pipe`]), or the writing failed.
    pub fn put(&mut self, parts: &[&str]) -> Result<(), Error> {
        parts.iter().for_each(|part| self.gathered.extend_from_slice(part.as_bytes()));
        if self.gathered.len() < ENOUGH { Ok(()) } else { self.pass_on() }
    }

    /// Writes the bytes of a file as they are.
    ///
    /// # Errors
    /// As [`Sink::put`].
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.pass_on()?;
        self.writer.write_all(bytes).map_err(failed)
    }

    /// Hands on everything that is still gathered.
    ///
    /// # Errors
    /// As [`Sink::put`].
    pub fn flush(&mut self) -> Result<(), Error> {
        self.pass_on()?;
        self.writer.flush().map_err(failed)
    }

    fn pass_on(&mut self) -> Result<(), Error> {
        let written = self.writer.write_all(&self.secret.hide(&self.gathered));
        self.gathered.clear();
        written.map_err(failed)
    }
}

/// Whether `error` says that nobody reads stdout any more, as after `| head -1`: no failure for a
/// command that only reads, and no reason to stop for one that writes to Attio.
pub fn is_closed_pipe(error: &Error) -> bool {
    error.get(CLOSED).is_some()
}

fn failed(error: io::Error) -> Error {
    let failure = Error::failure("cannot write the result").why(error.to_string());
    match error.kind() {
        io::ErrorKind::BrokenPipe => failure.fact(CLOSED, true),
        _ => failure,
    }
}
