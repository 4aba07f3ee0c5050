//! One attempt over the network: TLS, time-outs, size limits, and what became of it.
//!
//! No retries, no policy, no resources. Redirects are never followed, so the key goes to the host it
//! was meant for and to no other.

use super::connect::Connections;
use super::operation::{Effect, Method};
use super::proxy::{self, Proxy};
use super::request::Request;
use super::retry::{self, Seen};
use super::trust::{Roots, Trust};
use crate::config::{Token, is_loopback};
use crate::error::Error;
use hyper::body::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use std::cell::RefCell;
use std::error::Error as _;
use std::time::{Duration, SystemTime};
use url::Url;

/// No answer is read beyond this many decoded bytes (Attio's pages are below 5 MB).
const BODY_LIMIT: usize = 64 << 20;
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const IDLE_LIMIT: Duration = Duration::from_secs(30);

/// Words in the causes of a connection that no repeat would make: the proxy wants a login, or the port
/// does not speak TLS.
const HOPELESS: [&str; 3] = ["proxy authorization required", "InvalidContentType", "unsupported scheme"];

/// A whole answer.
#[derive(Debug, Default)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, for `Retry-After`, `Date`, `Content-Type` and `x-attio-execution-id`.
    pub headers: HeaderMap,
    /// The decoded body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long the server wants to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        let values = self.headers.get_all("retry-after").iter();
        let values: Vec<&str> = values.map(|value| value.to_str().unwrap_or_default()).collect();
        retry::retry_after(&values, self.header("date"), SystemTime::now())
    }
}

/// What became of one attempt.
#[derive(Debug)]
pub enum Outcome {
    /// A whole answer came.
    Answer(Answer),
    /// No whole answer: what is known for sure, and why, in words.
    Broken {
        /// What the retry policy needs to know.
        seen: Seen,
        /// The cause for a person.
        why: String,
        /// The attempt ran out of time, so bytes may still be under way.
        timed_out: bool,
    },
}

/// A connection pool to one host with one key.
pub struct Http {
    base: Url,
    token: Token,
    proxy: Option<Proxy>,
    /// How long a connection may take.
    patience: Duration,
    trust: RefCell<Trust>,
    pooled: RefCell<Connector>,
    /// For creates: without a pool. The server may have closed a pooled connection a moment ago, and a
    /// create that goes out on it is lost without a trace: nobody could tell whether it was done.
    fresh: RefCell<Option<Connector>>,
}

/// A client, and the connections it made.
#[derive(Clone)]
struct Connector {
    client: reqwest::Client,
    connections: Connections,
}

/// Makes a request; `None` when the key cannot stand in one.
type Prepare<'a> = &'a dyn Fn(&reqwest::Client) -> Option<reqwest::RequestBuilder>;

impl Http {
    /// Prepares a client; no packet is sent. `limit`: the time for the whole command.
    ///
    /// # Errors
    /// When `SSL_CERT_FILE` or `SSL_CERT_DIR` is set and holds no certificate, and when the environment
    /// names a proxy that cannot be one.
    pub fn new(base: Url, token: Token, limit: Option<Duration>) -> Result<Self, Error> {
        // Reading a whole system's roots takes longer than a request, so plain http does without.
        let trust = if base.scheme() == "https" { Trust::by_environment()? } else { Trust::builtin()? };
        let proxy = if is_loopback(&base) { None } else { proxy::of(&base)? };
        // A connection that was not made is known to be unsent only before the time is over.
        let patience = limit.map_or(CONNECT_LIMIT, |limit| CONNECT_LIMIT.min(limit.mul_f64(0.8)));
        let pooled = RefCell::new(build(&base, &trust, patience, true)?);
        let fresh = RefCell::new(None);
        Ok(Self { base, token, proxy, patience, trust: RefCell::new(trust), pooled, fresh })
    }

    /// Sends `request` once; the answer must be whole within `limit`.
    pub async fn send(&self, request: &Request, limit: Duration) -> Outcome {
        let creates = request.operation.effect == Effect::Create;
        self.trusting(creates, &|client| self.prepare(client, request), limit, limit).await
    }

    /// Reads `url` once, without the key; it must be whole within `limit`, and never pause for long.
    pub async fn fetch(&self, url: &Url, limit: Duration) -> Outcome {
        self.trusting(false, &|client| Some(client.get(url.clone())), IDLE_LIMIT.min(limit), limit).await
    }

    /// Sends what `prepare` makes, and once more if only the system knows the server's certificate.
    async fn trusting(
        &self,
        creates: bool,
        prepare: Prepare<'_>,
        first_byte: Duration,
        limit: Duration,
    ) -> Outcome {
        let first = self.attempt(creates, prepare, first_byte, limit).await;
        let untrusted = matches!(first, Outcome::Broken { seen: Seen::Untrusted, .. });
        if !untrusted || self.trust.borrow().roots == Roots::System {
            return first;
        }
        // A company's proxy signs with a root that only this machine knows. Nothing was sent yet.
        let Ok(trust) = Trust::system() else { return first };
        let Ok(connector) = build(&self.base, &trust, self.patience, true) else { return first };
        *self.trust.borrow_mut() = trust;
        *self.pooled.borrow_mut() = connector;
        *self.fresh.borrow_mut() = None;
        self.attempt(creates, prepare, first_byte, limit).await
    }

    /// The client for a request: the pool, until it may hold a connection that a create must not use.
    fn connector(&self, creates: bool) -> Result<Connector, Error> {
        let pooled = self.pooled.borrow().clone();
        if !creates || pooled.connections.made() == 0 {
            return Ok(pooled);
        }
        if let Some(fresh) = &*self.fresh.borrow() {
            return Ok(fresh.clone());
        }
        let fresh = build(&self.base, &self.trust.borrow(), self.patience, false)?;
        *self.fresh.borrow_mut() = Some(fresh.clone());
        Ok(fresh)
    }

    async fn attempt(
        &self,
        creates: bool,
        prepare: Prepare<'_>,
        first_byte: Duration,
        limit: Duration,
    ) -> Outcome {
        let connector = match self.connector(creates) {
            Ok(connector) => connector,
            Err(error) => {
                let why = error.full_message();
                return Outcome::Broken { seen: Seen::Hopeless, why, timed_out: false };
            }
        };
        let before = connector.connections.made();
        let prepared = prepare(&connector.client);
        let Some(sending) = prepared else {
            let why = "the key cannot stand in an HTTP header".to_owned();
            return Outcome::Broken { seen: Seen::Status(400), why, timed_out: false };
        };
        let timed_out = |seen, limit: Duration| {
            let why = format!("no answer within {} s", limit.as_secs_f32().ceil());
            Outcome::Broken { seen, why, timed_out: true }
        };
        let clock = tokio::time::Instant::now() + limit;
        let response = match tokio::time::timeout(first_byte, sending.send()).await {
            // Without a connection nothing was sent; one that was there before may have carried it.
            Err(_)
                if connector.connections.made() == 0
                    || (creates && connector.connections.made() == before) =>
            {
                return timed_out(Seen::NotSent, first_byte);
            }
            Err(_) => return timed_out(Seen::Lost, first_byte),
            Ok(Err(error)) => return self.broken(&error),
            Ok(Ok(response)) => response,
        };
        let status = response.status().as_u16();
        match tokio::time::timeout_at(clock, read(response)).await {
            Err(_) => timed_out(Seen::Cut(status), limit),
            Ok(Err((seen, why))) => Outcome::Broken { seen, why, timed_out: false },
            Ok(Ok(answer)) => Outcome::Answer(answer),
        }
    }

    fn prepare(&self, client: &reqwest::Client, request: &Request) -> Option<reqwest::RequestBuilder> {
        let method = match request.operation.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Patch => http::Method::PATCH,
            Method::Delete => http::Method::DELETE,
        };
        let mut key = HeaderValue::from_str(&format!("Bearer {}", self.token.expose())).ok()?;
        key.set_sensitive(true);
        let sending = client.request(method, request.url(&self.base)).header(AUTHORIZATION, key);
        Some(match request.payload() {
            Some((kind, body)) => sending.header(CONTENT_TYPE, kind).body(body),
            None => sending,
        })
    }

    /// What is known of an attempt without an answer, and why, with the host and the proxy in it.
    fn broken(&self, error: &reqwest::Error) -> Outcome {
        let (mut why, connecting) = (chain(error), error.is_connect() || error.is_builder());
        let seen = if is_untrusted(error) {
            Seen::Untrusted
        } else if connecting && HOPELESS.iter().any(|sign| why.contains(sign)) {
            Seen::Hopeless
        } else if connecting {
            Seen::NotSent
        } else {
            Seen::Lost
        };
        if connecting {
            let host = self.base.host_str().unwrap_or_default();
            let through = self
                .proxy
                .as_ref()
                .map(|proxy| format!(" through the proxy {} ({})", proxy.shown, proxy.variable));
            why = format!("no connection to {host}{}: {why}", through.unwrap_or_default());
        }
        Outcome::Broken { seen, why, timed_out: error.is_timeout() && seen == Seen::Lost }
    }
}

fn build(base: &Url, trust: &Trust, patience: Duration, pools: bool) -> Result<Connector, Error> {
    let connections = Connections::default();
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(trust.tls.clone())
        .user_agent(concat!("attio-crm/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(patience)
        .connector_layer(connections.clone());
    let builder = if pools { builder } else { builder.pool_max_idle_per_host(0) };
    // A proxy must never see what is meant for this machine.
    let builder = if is_loopback(base) { builder.no_proxy() } else { builder };
    let client = builder.build();
    let client = client.map_err(|e| Error::failure("cannot set up the HTTP client").why(chain(&e)))?;
    Ok(Connector { client, connections })
}

/// Reads the body up to the limit.
async fn read(mut response: reqwest::Response) -> Result<Answer, (Seen, String)> {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let known = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut body = Vec::with_capacity(known.unwrap_or_default().min(BODY_LIMIT));
    while let Some(chunk) = next(&mut response).await.map_err(|why| (Seen::Cut(status), why))? {
        if body.len() + chunk.len() > BODY_LIMIT {
            let why = format!("the answer is larger than {} MiB", BODY_LIMIT >> 20);
            return Err((Seen::Unreadable(status), why));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body })
}

/// The next piece of a body; a server that sends none for long has gone.
async fn next(response: &mut reqwest::Response) -> Result<Option<Bytes>, String> {
    match tokio::time::timeout(IDLE_LIMIT, response.chunk()).await {
        Ok(chunk) => chunk.map_err(|error| chain(&error)),
        Err(_) => Err(format!("nothing came for {} s", IDLE_LIMIT.as_secs())),
    }
}

/// Whether a certificate was refused, somewhere down the chain of causes.
fn is_untrusted(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
        return true;
    }
    // An io::Error names the source of the error inside it, but not that error itself.
    let inside = error.downcast_ref().and_then(std::io::Error::get_ref);
    inside.is_some_and(|error| is_untrusted(error)) || error.source().is_some_and(is_untrusted)
}

/// An error with its causes in one line. URLs are left out: they are long, and known.
fn chain(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push(error.to_string());
        cause = error.source();
    }
    words.dedup();
    if words.is_empty() { error.to_string() } else { words.join(": ") }
}
