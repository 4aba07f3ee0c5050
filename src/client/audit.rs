//! The audit log: two lines for each attempt to write, in `<state>/audit.jsonl`.
//!
//! The line `begun` is there before the write is sent, whatever becomes of this process; `ended` says how
//! it ended, with the status, the IDs and the request ID. Both say when, what command and operation, and
//! share an `attempt_id`. They hold no values and no key, so they may be kept and shown. A write that
//! cannot be recorded is not made.

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

    /// Writes that an attempt is about to be sent.
    ///
    /// # Errors
    /// When that fails; the write must not be sent then.
    pub fn begin<'a>(&'a self, log: &'a File, request: &'a Request, attempt: u32) -> Result<Line<'a>, Error> {
        let id = format!("{:016x}", fastrand::u64(..));
        let line = Line { audit: self, log, request, attempt, id, written: false };
        match self.write(log, &line.told("begun")) {
            Ok(()) => Ok(line),
            Err(error) => {
                line.forget();
                Err(self.failed(&error))
            }
        }
    }

    /// One write in append mode: lines of other processes do not mix into it.
    fn write(&self, mut log: &File, line: &Value) -> std::io::Result<()> {
        log.write_all(format!("{line}\n").as_bytes())
    }

    fn failed(&self, error: &std::io::Error) -> Error {
        Error::failure(format!("cannot write the audit log {}", self.file.display()))
            .why(error.to_string())
            .hint("nothing was sent; make room, or point ATTIO_STATE_DIR at a folder that can be written")
    }
}

/// An attempt that begun; dropped, because somebody interrupted the command, it ends without a status.
#[must_use]
pub struct Line<'a> {
    audit: &'a Audit,
    log: &'a File,
    request: &'a Request,
    attempt: u32,
    id: String,
    written: bool,
}

impl Line<'_> {
    /// Writes how it ended.
    ///
    /// # Errors
    /// When that fails; the write has been sent by then, and the error says so.
    pub fn end(mut self, ending: &Ending<'_>) -> Result<(), Error> {
        self.written = true;
        self.ended(ending).map_err(|error| {
            self.audit
                .failed(&error)
                .hint("look at it in Attio; the write was sent, and how it ended is missing from the log")
        })
    }

    fn ended(&self, ending: &Ending<'_>) -> std::io::Result<()> {
        let mut line = self.told("ended");
        line["status"] = json!(ending.status);
        line["ids"] = json!(ids(ending.body));
        line["request_id"] = json!(ending.request_id);
        self.audit.write(self.log, &line)
    }

    fn told(&self, event: &str) -> Value {
        let operation = self.request.operation;
        json!({
            "time": jiff::Timestamp::now().to_string(),
            "event": event,
            "attempt_id": self.id,
            "command": self.audit.command,
            "operation": operation.name,
            "host": self.audit.host,
            "method": operation.method.as_str(),
            "path": self.request.path,
            "attempt": self.attempt,
        })
    }

    fn forget(mut self) {
        self.written = true;
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if !self.written {
            // The command is ending, and its error is a better one than this could be.
            let _ = self.ended(&Ending::default());
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
