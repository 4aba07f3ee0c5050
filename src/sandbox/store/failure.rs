//! Why the store cannot be used, and what to try.

use std::fmt;
use std::io;

use rusqlite::ErrorCode;

/// The store cannot be used. Nothing was changed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What is wrong, with the file's name where there is one.
    pub why: String,
    /// What to try, as a clause.
    pub hint: &'static str,
}

pub(crate) const RESET: &str = "attio-crm sandbox reset starts it afresh";
pub(crate) const MOVE: &str = "move it out of the way, or name another folder with ATTIO_STATE_DIR";
pub(crate) const ELSEWHERE: &str = "name a folder that can be written with ATTIO_STATE_DIR";
pub(crate) const WAIT: &str = "try again when the other process is done; one that hangs has to be ended";
const SPACE: &str = "free some space and try again";

impl Failure {
    pub(crate) fn new(why: impl Into<String>, hint: &'static str) -> Self {
        Self { why: why.into(), hint }
    }

    /// What is there cannot be read; a reset mends it.
    pub(crate) fn damaged(why: impl fmt::Display) -> Self {
        Self::new(format!("it is damaged ({why})"), RESET)
    }

    /// Whether a reset mends it.
    pub(crate) fn is_damage(&self) -> bool {
        self.hint == RESET
    }

    /// The same, with the name of the file in front.
    pub(crate) fn of(self, file: &std::path::Path) -> Self {
        Self { why: format!("{}: {}", file.display(), self.why), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.why, self.hint)
    }
}

impl std::error::Error for Failure {}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::new("it is locked by another process", WAIT)
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::damaged(error),
            Some(ErrorCode::DiskFull) => Self::new(error.to_string(), SPACE),
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                Self::new(format!("it cannot be written ({error})"), ELSEWHERE)
            }
            _ => Self::new(error.to_string(), RESET),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(format!("it cannot be written ({error})"), ELSEWHERE)
    }
}

/// What was read back is not what is written here.
impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::damaged(error)
    }
}
