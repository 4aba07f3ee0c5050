//! What a fault puts on the wire, and the error answers that the server gives on its own account.
//!
//! Answers that HTTP can express are ordinary responses. The others need the socket itself: they
//! are a [`Takeover`], which the server carries out in place of an answer.

use std::future::pending;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderName, LOCATION, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde_json::json;
use thiserror::Error;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::Action;

/// An answer or, in its place, what to do with the connection.
pub type Outcome = Result<Response<Vec<u8>>, Takeover>;

/// The end of a connection that is no orderly HTTP.
#[derive(Debug, Error)]
#[error("the connection is taken over by a fault")]
pub enum Takeover {
    /// A TCP reset.
    Reset,
    /// This answer, cut off after `body` bytes of its body; then the connection closes.
    Close { answer: Response<Vec<u8>>, body: usize },
    /// This answer, with a pause before each byte of its body.
    Drip { answer: Response<Vec<u8>>, pause: Duration },
    /// The beginning of a JSON answer that never ends.
    Endless,
}

/// Carries out `action`. `process` is the answer to the request; it is awaited, and the request
/// thereby processed, only by the actions that promise so.
pub async fn perform(action: Action, process: impl Future<Output = Outcome>) -> Outcome {
    match action {
        Action::Status(code) => Ok(failure(code)),
        Action::RetryAfter(value) => Ok(with(too_many(), RETRY_AFTER, &value)),
        Action::Reset => Err(Takeover::Reset),
        Action::Hang => pending().await,
        Action::Html(code) => Ok(portal(code)),
        Action::Redirect(url) => Ok(with(respond(302, "text/html", ""), LOCATION, &url)),
        Action::BadJson => Ok(respond(200, JSON, r#"{"data":[{"id":{"#)),
        Action::Big => Err(Takeover::Endless),
        Action::CommitReset => process.await.and(Err(Takeover::Reset)),
        Action::CommitStatus(code) => process.await.map(|_| failure(code)),
        Action::CommitHang => {
            process.await?;
            pending().await
        }
        Action::CommitCut => {
            let answer = process.await?;
            let body = answer.body().len() / 2;
            Err(Takeover::Close { answer, body })
        }
        Action::Drip(pause) => {
            let answer = process.await?;
            Err(Takeover::Drip { answer, pause })
        }
        Action::Close => {
            let answer = process.await?;
            let body = answer.body().len();
            Err(Takeover::Close { answer, body })
        }
        Action::Pass => process.await,
    }
}

impl Takeover {
    /// Ends the connection in this way. An error means that the client left first.
    pub async fn carry_out(&self, mut stream: TcpStream) -> io::Result<()> {
        match self {
            // With a linger time of zero the drop of the socket sends a reset instead of an end.
            Self::Reset => return stream.set_zero_linger(),
            Self::Close { answer, body } => {
                stream.write_all(&head(answer)).await?;
                stream.write_all(answer.body().get(..*body).unwrap_or_default()).await?;
            }
            Self::Drip { answer, pause } => {
                stream.write_all(&head(answer)).await?;
                for byte in answer.body() {
                    tokio::time::sleep(*pause).await;
                    stream.write_all(&[*byte]).await?;
                }
            }
            Self::Endless => {
                stream.write_all(ENDLESS_HEAD).await?;
                loop {
                    stream.write_all(&[b'a'; 64 * 1024]).await?;
                }
            }
        }
        stream.shutdown().await
    }
}

const JSON: &str = "application/json; charset=utf-8";

/// No length and no chunks: the body lasts as long as the connection.
const ENDLESS_HEAD: &[u8] = b"HTTP/1.1 200 OK\r\n\
    content-type: application/json; charset=utf-8\r\nconnection: close\r\n\r\n{\"data\":\"";

/// Status line and headers as bytes. They announce the full length of the body and, as a server
/// whose process dies would, say nothing of a close.
fn head(answer: &Response<Vec<u8>>) -> Vec<u8> {
    let mut head = format!(
        "HTTP/1.1 {}\r\n{CONTENT_LENGTH}: {}\r\n{DATE}: {}\r\n",
        answer.status(),
        answer.body().len(),
        httpdate::fmt_http_date(SystemTime::now()),
    )
    .into_bytes();
    for (name, value) in answer.headers() {
        if name != CONTENT_LENGTH && name != DATE {
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// The 403 to a caller that the server does not speak with.
pub fn refused(reason: &str) -> Response<Vec<u8>> {
    problem(403, "auth_error", "unauthorized", reason)
}

/// The 413 to a request body beyond the limit.
pub fn too_large() -> Response<Vec<u8>> {
    let message = "The request body is larger than 64 MiB.";
    problem(413, "invalid_request_error", "validation_type", message)
}

/// An error answer in Attio's shape.
fn problem(status: u16, kind: &str, code: &str, message: &str) -> Response<Vec<u8>> {
    let body = json!({ "status_code": status, "type": kind, "code": code, "message": message });
    let id = uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid();
    with(
        respond(status, JSON, body.to_string()),
        HeaderName::from_static("x-attio-execution-id"),
        &id.to_string(),
    )
}

/// Attio's 429, free again after `wait`: `Retry-After` is the first whole second that is not too
/// early, as a date on the same clock as the `Date` beside it.
pub fn rate_limited(wait: Duration) -> Response<Vec<u8>> {
    let now = SystemTime::now();
    let free = now.duration_since(UNIX_EPOCH).unwrap_or_default() + wait;
    let whole = free.as_secs() + u64::from(free.subsec_nanos() > 0);
    let date = UNIX_EPOCH + Duration::from_secs(whole);
    let answer = with(too_many(), DATE, &httpdate::fmt_http_date(now));
    with(answer, RETRY_AFTER, &httpdate::fmt_http_date(date))
}

fn too_many() -> Response<Vec<u8>> {
    problem(429, "rate_limit_error", "rate_limit_exceeded", "Rate limit exceeded, please try again later")
}

/// The error answer that goes with a status. Attio documents no type for 5xx.
fn failure(status: u16) -> Response<Vec<u8>> {
    let (kind, code) = match status {
        401 | 403 => ("auth_error", "unauthorized"),
        404 => ("invalid_request_error", "not_found"),
        409 => ("invalid_request_error", "concurrent_write_conflict"),
        429 => return rate_limited(Duration::from_secs(1)),
        500.. => ("api_error", "internal_error"),
        _ => ("invalid_request_error", "validation_type"),
    };
    problem(status, kind, code, "This answer is a fault of the sandbox.")
}

/// What a hotel's network puts in place of the API.
fn portal(status: u16) -> Response<Vec<u8>> {
    let page = "<!DOCTYPE html>\n<html><head><title>Welcome to our Wi-Fi</title></head>\n\
        <body><h1>Please sign in</h1><p>Accept the terms to go online.</p></body></html>\n";
    respond(status, "text/html; charset=utf-8", page)
}

fn respond(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Response<Vec<u8>> {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let content_type = HeaderValue::from_static(content_type);
    answer.headers_mut().insert(CONTENT_TYPE, content_type);
    answer
}

/// Sets a header; an empty value sets none.
fn with(mut answer: Response<Vec<u8>>, name: HeaderName, value: &str) -> Response<Vec<u8>> {
    if let Ok(value) = HeaderValue::from_str(value)
        && !value.is_empty()
    {
        answer.headers_mut().insert(name, value);
    }
    answer
}
