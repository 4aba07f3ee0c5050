//! From attempts without success to an error a person can act on, with Attio's own words kept.

use super::http::{Answer, Outcome};
use super::operation::Effect;
use super::request::Request;
use super::retry::Seen;
use crate::error::{Error, Kind, Reason};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// Attio's error body. Some routes write `statusCode`; only the HTTP status is relied on. All other
/// keys may be missing: a 503 was seen with plain text.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Body {
    r#type: Option<String>,
    code: Option<String>,
    message: Option<String>,
    validation_errors: Option<Value>,
}

/// Whether this is Attio's 409 for two writes at once, which is worth a repeat.
pub fn is_concurrent_write(answer: &Answer) -> bool {
    answer.status == 409 && parse(answer).code.as_deref() == Some("concurrent_write_conflict")
}

/// The error for an answer with a status outside 200–299.
pub fn error(request: &Request, answer: &Answer) -> Error {
    let reason = reason(answer);
    let known = reason.code.is_some() || reason.message.is_some() || reason.request_id.is_some();
    if !known {
        return foreign(request, answer).why(describe(answer)).reason(reason);
    }
    explain(request, answer, reason.code.as_deref().unwrap_or_default()).reason(reason)
}

/// The error for an answer that is not Attio's: a firewall, a proxy or a login page. What its status means
/// there says nothing about the key or the record.
fn foreign(request: &Request, answer: &Answer) -> Error {
    let what = request.operation.name;
    match answer.status {
        408 | 429 | 500.. => explain(request, answer, ""),
        300..=399 => explain(request, answer, ""),
        status => Error::failure(format!("{what}: HTTP {status}, but not from Attio"))
            .hint("check the base URL and the network's settings; a proxy or firewall answered"),
    }
}

/// What Attio said, as far as it said it in its usual way.
pub fn reason(answer: &Answer) -> Reason {
    let body = parse(answer);
    Reason {
        status: answer.status,
        r#type: body.r#type,
        code: body.code,
        message: body.message,
        validation_errors: body.validation_errors,
        request_id: answer.header("x-attio-execution-id").map(str::to_owned),
    }
}

/// Attio says 401 and 403 with one code, so the status decides; a uniqueness clash is 400 on records
/// and 409 on webhooks, so there the code decides.
fn explain(request: &Request, answer: &Answer, code: &str) -> Error {
    let what = request.operation.name;
    match (answer.status, code) {
        (_, "uniqueness_conflict" | "slug_conflict") => {
            Error::new(Kind::Conflict, format!("{what}: it exists already"))
        }
        (401, _) => Error::new(Kind::Auth, "Attio rejects the API key")
            .hint("check ATTIO_API_KEY; keys are made in Attio under Settings, Developers"),
        (403, "billing_error" | "quota_exceeded") => {
            Error::failure(format!("{what}: the workspace's plan does not allow it"))
        }
        (403, _) => Error::new(Kind::Auth, format!("this API key isn't allowed to do that: {what}"))
            .hint(format!("add the scopes {}", request.operation.scopes.join(", "))),
        (404, _) => Error::new(Kind::NotFound, format!("{what}: not found"))
            .hint("check the ID; a key sees only what is in its own workspace"),
        (409, "concurrent_write_conflict") => {
            Error::new(Kind::Conflict, format!("{what}: somebody else is writing the same thing"))
        }
        (501, _) => Error::failure(format!("{what}: not supported by the server")),
        (429, _) => Error::new(Kind::Unavailable, format!("{what}: rate limited by Attio")),
        (408 | 500.., _) => Error::new(Kind::Unavailable, format!("{what}: Attio is not available")),
        (300..=399, _) => Error::failure(format!("{what}: the server redirects elsewhere"))
            .hint("check the base URL; redirects are not followed, so that the key goes nowhere else"),
        _ => Error::failure(format!("{what}: Attio refused the request"))
            .hint("correct what Attio names and try again"),
    }
}

/// The error for a success whose body is not JSON: a captive portal or a proxy answered.
pub fn not_json(request: &Request, answer: &Answer) -> Error {
    Error::failure(format!("{}: not JSON from the API", request.operation.name))
        .why(describe(answer))
        .hint("check the base URL; a proxy or a login page may stand between this machine and Attio")
}

/// Kind, size and beginning of a body that is not Attio's.
pub fn describe(answer: &Answer) -> String {
    let kind = answer.header("content-type").unwrap_or("no content type");
    let start: String = String::from_utf8_lossy(&answer.body).chars().take(200).collect();
    format!("HTTP {}, {kind}, {} bytes: {:?}", answer.status, answer.body.len(), start)
}

fn parse(answer: &Answer) -> Body {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// The attempts of one call so far.
#[derive(Default)]
pub struct Attempts {
    /// When the first was made.
    pub sent_at: Option<Timestamp>,
    /// How many were made.
    pub made: u32,
    /// One of them may have arrived.
    pub unknown: bool,
}

impl Attempts {
    /// Counts one more, which is sent now.
    pub fn begin(&mut self) {
        self.made += 1;
        self.sent_at.get_or_insert_with(Timestamp::now);
    }

    /// `error`, unless it hides that an earlier attempt may have changed something.
    pub fn verdict(&self, request: &Request, error: Error) -> Error {
        if self.unknown && request.operation.writes() {
            lost(request, &error.to_string(), self)
        } else {
            error
        }
    }
}

/// The error for an outcome that no repeat would change.
pub fn stopped(request: &Request, outcome: &Outcome) -> Error {
    match outcome {
        Outcome::Answer(answer) if (200..300).contains(&answer.status) => not_json(request, answer),
        Outcome::Answer(answer) => error(request, answer),
        Outcome::Broken { seen: Seen::Untrusted, why, .. } => {
            Error::failure("the server's certificate is not trusted")
                .why(why)
                .hint("point SSL_CERT_FILE at the root certificate of your company's proxy; nothing was sent")
        }
        Outcome::Broken { seen: Seen::Hopeless, why, .. } => {
            Error::failure(format!("{}: no connection can be made", request.operation.name))
                .why(why)
                .hint("check the proxy in HTTPS_PROXY or ALL_PROXY, and the base URL; nothing was sent")
        }
        Outcome::Broken { seen: Seen::NoWorkspace(hint), why, .. } => {
            Error::failure("the sandbox cannot be used").why(why).hint(*hint)
        }
        // The body was cut off, but the status says enough.
        Outcome::Broken { seen: Seen::Cut(status), .. } => {
            error(request, &Answer { status: *status, ..Answer::default() })
        }
        Outcome::Broken { why, .. } => {
            Error::failure(format!("{}: no usable answer", request.operation.name)).why(why)
        }
    }
}

/// All attempts are used up, or the next would come too late.
pub fn exhausted(request: &Request, outcome: &Outcome, attempts: &Attempts, after: Option<u64>) -> Error {
    let error = match outcome {
        Outcome::Answer(answer) => error(request, answer),
        Outcome::Broken { why, .. } => {
            Error::new(Kind::Unavailable, format!("{}: Attio cannot be reached", request.operation.name))
                .why(why)
        }
    };
    let tries =
        if attempts.made == 1 { "1 attempt".to_owned() } else { format!("{} attempts", attempts.made) };
    let error = error.fact("attempts", attempts.made).hint(match after {
        Some(seconds) => format!("gave up after {tries}; Attio asks to wait {seconds} s"),
        None => format!("gave up after {tries}; try again later"),
    });
    let error = after.into_iter().fold(error, Error::retry_after);
    attempts.verdict(request, error)
}

/// The request's turn came when no time was left for its answer.
pub fn too_late(request: &Request, attempts: &Attempts) -> Error {
    let error = Error::new(Kind::Unavailable, format!("{}: the time is nearly over", request.operation.name))
        .why("its answer could not come within --timeout, so it was not sent")
        .hint("try again, or give a longer --timeout");
    attempts.verdict(request, error)
}

pub fn ambiguous(request: &Request, outcome: &Outcome, attempts: &Attempts) -> Error {
    match outcome {
        Outcome::Answer(answer) => lost(request, &describe(answer), attempts).reason(reason(answer)),
        Outcome::Broken { why, .. } => lost(request, why, attempts),
    }
}

/// A write was sent, and nobody knows what became of it (exit 8).
fn lost(request: &Request, why: &str, attempts: &Attempts) -> Error {
    let safe = request.operation.effect == Effect::Idempotent && !request.operation.renames;
    let hint = if safe {
        "running the same command again is safe"
    } else if request.operation.renames {
        "look whether it has the new name before you repeat it"
    } else {
        "look whether it is there before you repeat it; a repeat may write it twice"
    };
    let message = format!("{}: it may or may not have been done", request.operation.name);
    Error::new(Kind::AmbiguousWrite, message)
        .why(why)
        .hint(hint)
        .fact("retry_safe", safe)
        .fact("sent_at", attempts.sent_at.map(|at| at.to_string()))
        .fact("attempts", attempts.made)
}
