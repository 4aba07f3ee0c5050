//! The one error type: what happened, why, what to do, and the exit code.
//!
//! Every module returns [`Error`]; only `output` prints it. A [`Kind`] is a promise to scripts: its
//! word and its exit code never change meaning. Attio's own words travel untouched beside ours.

use serde_json::{Map, Value, json};

/// What exit code 0 tells.
pub const DONE: &str = "done (an empty list is done)";

/// What went wrong, as far as a caller has to tell cases apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any failure without a class of its own.
    Failure,
    /// Usage or input was wrong; nothing was sent.
    Usage,
    /// The record, object or route does not exist.
    NotFound,
    /// The key is missing, rejected, or lacks a scope.
    Auth,
    /// Rate limit, timeout or outage after all retries; nothing was changed.
    Unavailable,
    /// A part of the work failed, the rest was done.
    Partial,
    /// It exists already, or a reference fits several records.
    Conflict,
    /// A write was sent and its answer was lost.
    AmbiguousWrite,
    /// Policy forbids it: read-only, or not confirmed.
    Refused,
    /// The person pressed Ctrl-C, or the process was asked to end.
    Interrupted,
}

impl Kind {
    /// Every kind, in the order of the exit codes.
    pub const ALL: [Self; 10] = [
        Self::Failure,
        Self::Usage,
        Self::NotFound,
        Self::Auth,
        Self::Unavailable,
        Self::Partial,
        Self::Conflict,
        Self::AmbiguousWrite,
        Self::Refused,
        Self::Interrupted,
    ];

    /// The process exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Failure => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Auth => 4,
            Self::Unavailable => 5,
            Self::Partial => 6,
            Self::Conflict => 7,
            Self::AmbiguousWrite => 8,
            Self::Refused => 9,
            Self::Interrupted => 130,
        }
    }

    /// What the exit code tells, in a line.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Failure => "other failure",
            Self::Usage => "usage or invalid input; nothing was sent",
            Self::NotFound => "not found",
            Self::Auth => "key missing, rejected, or without the scope",
            Self::Unavailable => "rate limit, timeout or outage after all retries; nothing was changed",
            Self::Partial => "a part failed",
            Self::Conflict => "conflict: it exists already, or the reference is ambiguous",
            Self::AmbiguousWrite => "outcome unknown: a write was sent and its answer was lost",
            Self::Refused => "refused: read-only, or not confirmed",
            Self::Interrupted => "interrupted",
        }
    }

    /// The stable word in `error.kind`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Usage => "usage",
            Self::NotFound => "not_found",
            Self::Auth => "auth",
            Self::Unavailable => "unavailable",
            Self::Partial => "partial",
            Self::Conflict => "conflict",
            Self::AmbiguousWrite => "ambiguous_write",
            Self::Refused => "refused",
            Self::Interrupted => "interrupted",
        }
    }
}

/// What Attio said about a refused request (the keys of its error body: `status_code`, `type`, `code`,
/// `message`, `validation_errors`), kept word for word.
#[derive(Clone, Debug, Default)]
pub struct Reason {
    /// HTTP status.
    pub status: u16,
    /// Attio's `type`, an open set.
    pub r#type: Option<String>,
    /// Attio's `code`, an open set.
    pub code: Option<String>,
    /// Attio's `message`.
    pub message: Option<String>,
    /// Attio's `validation_errors`, untouched.
    pub validation_errors: Option<Value>,
    /// The `x-attio-execution-id` header, which Attio's support asks for.
    pub request_id: Option<String>,
}

/// A failure as a person and a program see it.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub struct Error(Box<Details>);

#[derive(Debug)]
struct Details {
    kind: Kind,
    message: String,
    why: Option<String>,
    items: Vec<String>,
    hint: Option<String>,
    reason: Option<Reason>,
    retryable: bool,
    retry_after_seconds: Option<u64>,
    facts: Map<String, Value>,
    exit_code: Option<u8>,
}

impl Error {
    /// An error of `kind`; `message` says what did not happen, in one line without a full stop.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            why: None,
            items: Vec::new(),
            hint: None,
            reason: None,
            retryable: matches!(kind, Kind::Unavailable),
            retry_after_seconds: None,
            facts: Map::new(),
            exit_code: None,
        }))
    }

    /// Wrong usage or input; nothing was sent.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Any other failure.
    pub fn failure(message: impl Into<String>) -> Self {
        Self::new(Kind::Failure, message)
    }

    /// Adds the cause, in one line.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.0.why = Some(why.into());
        self
    }

    /// Adds what there is to choose from, one line each.
    #[must_use]
    pub fn items(mut self, items: Vec<String>) -> Self {
        self.0.items = items;
        self
    }

    /// Adds what to do next, in one line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds something more to do.
    #[must_use]
    pub fn also(mut self, more: &str) -> Self {
        let hint = self.0.hint.take().map(|hint| format!("{hint}; {more}"));
        self.0.hint = hint.or_else(|| Some(more.to_owned()));
        self
    }

    /// Adds Attio's own answer.
    #[must_use]
    pub fn reason(mut self, reason: Reason) -> Self {
        self.0.reason = Some(reason);
        self
    }

    /// Adds when a repeat makes sense, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// Adds a fact for programs (`candidates`, `existing_record_id`, `check_command` …).
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.facts.insert(name.to_owned(), value.into());
        self
    }

    /// Ends the process with another code than its kind has: that of the signal.
    #[must_use]
    pub fn ends_with(mut self, exit_code: u8) -> Self {
        self.0.exit_code = Some(exit_code);
        self
    }

    /// The process exit code.
    pub fn exit_code(&self) -> u8 {
        self.0.exit_code.unwrap_or(self.0.kind.exit_code())
    }

    /// The kind, which decides the exit code.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Attio's answer, when there was one.
    pub fn attio(&self) -> Option<&Reason> {
        self.0.reason.as_ref()
    }

    /// A fact added with [`Error::fact`].
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.facts.get(name)
    }

    /// The JSON form: one object under `error`, facts beside the fixed keys.
    pub fn to_json(&self) -> Value {
        let details = &*self.0;
        let reason = details.reason.as_ref();
        let mut error = Map::new();
        error.insert("kind".into(), details.kind.name().into());
        error.insert("message".into(), self.full_message().into());
        error.insert("hint".into(), json!(details.hint));
        error.insert("status".into(), json!(reason.map(|r| r.status)));
        error.insert("code".into(), json!(reason.and_then(|r| r.code.as_ref())));
        error.insert("type".into(), json!(reason.and_then(|r| r.r#type.as_ref())));
        error.insert("validation_errors".into(), json!(reason.and_then(|r| r.validation_errors.as_ref())));
        error.insert("request_id".into(), json!(reason.and_then(|r| r.request_id.as_ref())));
        error.insert("retryable".into(), details.retryable.into());
        error.insert("retry_after_seconds".into(), json!(details.retry_after_seconds));
        error.extend(details.facts.clone());
        json!({ "error": error })
    }

    /// What, why, what there is to choose from and what to do, one line each; the caller escapes hostile characters.
    pub fn to_lines(&self) -> Vec<String> {
        let details = &*self.0;
        let mut lines = vec![format!("error: {}", details.message)];
        lines.extend(details.why.iter().map(|why| format!("  why: {why}")));
        lines.extend(details.items.iter().map(|item| format!("  - {item}")));
        if let Some(reason) = &details.reason {
            let mut said = format!("  Attio: {}", reason.status);
            for part in [&reason.code, &reason.message].into_iter().flatten() {
                said.push(' ');
                said.push_str(part);
            }
            if let Some(errors) = &reason.validation_errors {
                said.push_str(&format!(" {errors}"));
            }
            if let Some(id) = &reason.request_id {
                said.push_str(&format!(" (request {id})"));
            }
            lines.push(said);
        }
        lines.extend(details.hint.iter().map(|hint| match hint.split([' ', ':']).next() {
            // A question, the command's own line, or that there is nothing to do.
            Some("did" | "usage" | "nothing") => format!("  {hint}"),
            _ => format!("  try: {hint}"),
        }));
        lines
    }

    /// What and why, and Attio's own message, in one line.
    pub fn full_message(&self) -> String {
        let reason = self.0.reason.as_ref().and_then(|r| r.message.as_deref());
        [Some(self.0.message.as_str()), self.0.why.as_deref(), reason]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_distinct_words_and_codes() {
        for (at, kind) in Kind::ALL.iter().enumerate() {
            for other in &Kind::ALL[..at] {
                assert_ne!(kind.name(), other.name());
                assert_ne!(kind.exit_code(), other.exit_code());
            }
        }
    }
}
