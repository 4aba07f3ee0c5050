//! Where stdout's bytes go: buffered, and with failures a caller can tell apart.

use std::io::{self, BufWriter, Write};

use crate::error::Error;

/// The fact that marks an error as a closed pipe.
const CLOSED: &str = "closed_pipe";

/// Stdout, or what stands for it.
pub struct Sink(BufWriter<Box<dyn Write>>);

impl Sink {
    /// Writes to `writer` in large pieces.
    pub fn new(writer: Box<dyn Write>) -> Self {
        Self(BufWriter::with_capacity(64 * 1024, writer))
    }

    /// Writes `parts` one after the other.
    ///
    /// # Errors
    /// The reader is gone (see [`is_closed_pipe`]), or the writing failed.
    pub fn put(&mut self, parts: &[&str]) -> Result<(), Error> {
        parts.iter().try_for_each(|part| self.0.write_all(part.as_bytes())).map_err(failed)
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// As [`Sink::put`].
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.0.write_all(bytes).map_err(failed)
    }

    /// Hands on everything that is still buffered.
    ///
    /// # Errors
    /// As [`Sink::put`].
    pub fn flush(&mut self) -> Result<(), Error> {
        self.0.flush().map_err(failed)
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
