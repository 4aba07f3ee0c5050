//! The audit log: one line for each attempt to write, in `<state>/audit.jsonl`.
//!
//! A line says when, what command and operation, which IDs, and how it ended. It holds no values and
//! no key, so it may be kept and shown. The file is opened before the write is sent: a write that
//! could not be recorded is not made.

use super::request::Request;
use crate::error::Error;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where the lines go, and what is the same in all of them.
#[derive(Debug)]
pub struct Audit {
    /// The file.
    pub file: PathBuf,
    /// The command as typed, such as `create-note`.
    pub command: String,
    /// The host written to, or `sandbox`.
    pub host: String,
}

/// How an attempt ended.
#[derive(Debug, Default)]
pub struct Ending<'a> {
    /// HTTP status, if any came.
    pub status: Option<u16>,
    /// The `x-attio-execution-id` header.
    pub request_id: Option<&'a str>,
    /// The body, from which the IDs of what was written are taken.
    pub body: &'a [u8],
}

impl Audit {
    /// Opens the log.
    ///
    /// # Errors
    /// When it cannot be opened; the write must not be sent then.
    pub fn open(&self) -> Result<File, Error> {
        crate::files::append(&self.file).map_err(|e| self.failed(&e))
    }

    /// The line of an attempt that is sent now.
    pub fn begin<'a>(&'a self, log: &'a File, request: &'a Request, attempt: u32) -> Line<'a> {
        Line { audit: self, log, request, attempt, written: false }
    }

    fn record(
        &self,
        mut log: &File,
        request: &Request,
        attempt: u32,
        ending: &Ending<'_>,
    ) -> Result<(), Error> {
        let line = json!({
            "time": jiff::Timestamp::now().to_string(),
            "command": self.command,
            "operation": request.operation.name,
            "host": self.host,
            "method": request.operation.method.as_str(),
            "path": request.path,
            "attempt": attempt,
            "status": ending.status,
            "ids": ids(ending.body),
            "request_id": ending.request_id,
        });
        // One write in append mode: lines of other processes do not mix into it.
        log.write_all(format!("{line}\n").as_bytes())
            .map_err(|e| self.failed(&e).hint("the write itself was sent; its line is missing from the log"))
    }

    fn failed(&self, error: &std::io::Error) -> Error {
        Error::failure(format!("cannot write the audit log {}", self.file.display())).why(error.to_string())
    }
}

/// The line of one attempt, written when the attempt ends; without a status when it is dropped,
/// because somebody interrupted the command.
#[must_use]
pub struct Line<'a> {
    audit: &'a Audit,
    log: &'a File,
    request: &'a Request,
    attempt: u32,
    written: bool,
}

impl Line<'_> {
    /// Writes it.
    ///
    /// # Errors
    /// When that fails; the write has been sent by then, and the error says so.
    pub fn end(mut self, ending: &Ending<'_>) -> Result<(), Error> {
        self.written = true;
        self.audit.record(self.log, self.request, self.attempt, ending)
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if !self.written {
            // The command is ending, and its error is a better one than this could be.
            let _ = self.audit.record(self.log, self.request, self.attempt, &Ending::default());
        }
    }
}

/// The IDs under `data.id`, without the workspace's.
fn ids(body: &[u8]) -> BTreeMap<String, Value> {
    #[derive(Deserialize)]
    struct Wrapped {
        data: Named,
    }
    #[derive(Deserialize)]
    struct Named {
        id: BTreeMap<String, Value>,
    }
    let mut ids = serde_json::from_slice::<Wrapped>(body).map(|w| w.data.id).unwrap_or_default();
    ids.remove("workspace_id");
    ids
}

/// The log below a state folder.
pub fn file_in(state: &Path) -> PathBuf {
    state.join("audit.jsonl")
}
