//! The sandbox over HTTP on the loopback interface, for any Attio client in any language.
//!
//! This module only moves bytes: it decides who may speak (no web page, nobody on the network), how
//! fast, and which requests a [fault](crate::sandbox::wire::fault) takes. The answers come from a [`Handler`].

use std::error::Error as _;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::header::{HOST, HeaderMap, ORIGIN};
use http::uri::Authority;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

use crate::sandbox::wire::fault::effect::{self, Outcome, Takeover};
use crate::sandbox::wire::fault::{Action, Fault, Faults};

mod rate_window;

pub use self::rate_window::RateLimit;
use self::rate_window::RateWindow;

/// Largest request body; more is answered 413.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// Most connections at a time; those that come later wait until one ends.
const CONNECTIONS: usize = 256;

/// How the server behaves; the default is a free port, no limit, no delay and no faults.
#[derive(Clone, Debug)]
pub struct Options {
    /// 0 takes a free port.
    pub port: u16,
    /// Over all connections and keys. Requests beyond it get Attio's 429.
    pub rate_limit: Option<RateLimit>,
    /// Added before each answer.
    pub latency: Duration,
    /// The first that fits a request takes it.
    pub faults: Vec<Fault>,
    /// How long a connection may be silent when a request, or the rest of one, is due; then it is closed.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            rate_limit: None,
            latency: Duration::ZERO,
            faults: Vec::new(),
            patience: Duration::from_secs(10),
        }
    }
}

/// Answers one request. It may block: each call has a thread to itself.
pub type Handler = Arc<dyn Fn(&Request<Vec<u8>>) -> Response<Vec<u8>> + Send + Sync>;

/// A bound server. It serves while [`run`](Self::run) is polled.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    rules: Arc<Rules>,
}

/// What all connections share.
struct Rules {
    handler: Handler,
    window: Option<Mutex<RateWindow>>,
    latency: Duration,
    faults: Arc<Faults>,
    patience: Duration,
}

impl Server {
    /// Binds 127.0.0.1, and nothing else.
    pub async fn bind(options: Options, handler: Handler) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let rules = Rules {
            handler,
            window: options.rate_limit.map(|limit| Mutex::new(RateWindow::new(limit))),
            latency: options.latency,
            faults: Arc::new(Faults::new(options.faults)),
            patience: options.patience,
        };
        Ok(Self { address: listener.local_addr()?, listener, rules: Arc::new(rules) })
    }

    /// Where the server listens, with the port it was given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The faults, to ask at the end whether all of them fired.
    pub fn faults(&self) -> Arc<Faults> {
        Arc::clone(&self.rules.faults)
    }

    /// Serves until it is dropped, which ends all connections, or until the listener fails.
    pub async fn run(self) -> io::Result<()> {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if connections.len() < CONNECTIONS => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(Arc::clone(&self.rules).converse(stream));
                    }
                    Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                    // Out of file descriptors, most likely: the next one is free when a
                    // connection ends.
                    Err(error) => match connections.join_next().await {
                        Some(_) => {}
                        None => return Err(error),
                    },
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }
}

impl Rules {
    /// Serves one connection to its end. Errors are the client's affair and end the connection.
    async fn converse(self: Arc<Self>, stream: TcpStream) {
        if stream.set_nodelay(true).is_err() {
            return;
        }
        let service = service_fn(|request| async {
            let answer = self.answer(request).await?;
            Ok::<_, Takeover>(answer.map(|body| Full::new(Bytes::from(body))))
        });
        let mut connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.patience)
            .serve_connection(TokioIo::new(stream), service);
        let Err(error) = (&mut connection).await else {
            return;
        };
        let stream = connection.into_parts().io.into_inner();
        if let Some(takeover) = error.source().and_then(|cause| cause.downcast_ref::<Takeover>()) {
            let _client_left = takeover.carry_out(stream).await;
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Outcome {
        if let Err(reason) = check_caller(&request) {
            return Ok(effect::refused(reason));
        }
        // Whatever the answer is, the client must have sent its body before it can see it.
        let request = match receive(request, self.patience).await {
            Ok(request) => request,
            Err(Unread::TooLarge) => return Ok(effect::too_large()),
            Err(Unread::ClientLeft) => return Err(Takeover::Reset),
        };
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        if let Err(wait) = self.admit() {
            return Ok(effect::rate_limited(wait));
        }
        let fault = self.faults.take(request.method(), request.uri().path());
        effect::perform(fault.unwrap_or(Action::Pass), self.process(request)).await
    }

    fn admit(&self) -> Result<(), Duration> {
        match &self.window {
            Some(window) => window.lock().unwrap_or_else(PoisonError::into_inner).admit(Instant::now()),
            None => Ok(()),
        }
    }

    /// Asks the handler, on a thread where it may block.
    async fn process(&self, request: Request<Vec<u8>>) -> Outcome {
        let handler = Arc::clone(&self.handler);
        let answer = spawn_blocking(move || handler(&request)).await;
        answer.map_err(|_panicked| Takeover::Reset)
    }
}

/// Why a request did not arrive as a whole.
enum Unread {
    TooLarge,
    ClientLeft,
}

/// Reads the whole body, up to [`BODY_LIMIT`], as long as it keeps coming.
async fn receive(request: Request<Incoming>, patience: Duration) -> Result<Request<Vec<u8>>, Unread> {
    let (parts, body) = request.into_parts();
    // A body that announces its size is refused before it is sent.
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(Unread::TooLarge);
    }
    let mut body = Limited::new(body, BODY_LIMIT);
    let mut bytes = Vec::new();
    while let Some(frame) = timeout(patience, body.frame()).await.map_err(|_silent| Unread::ClientLeft)? {
        match frame {
            Ok(frame) => bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| data)),
            Err(error) if error.is::<LengthLimitError>() => return Err(Unread::TooLarge),
            Err(_) => return Err(Unread::ClientLeft),
        }
    }
    Ok(Request::from_parts(parts, bytes))
}

/// A browser must not reach the sandbox. Its requests to other sites carry an `Origin`; a page that
/// has pointed its own name at the loopback address (DNS rebinding) sends that name as `Host`.
fn check_caller<B>(request: &Request<B>) -> Result<(), &'static str> {
    if request.headers().contains_key(ORIGIN) {
        return Err("The sandbox answers no web page: requests with an Origin header are refused.");
    }
    let target = request.uri().authority();
    if !host_is_local(request.headers()) || !target.is_none_or(is_local) {
        return Err("The sandbox answers only to 127.0.0.1, [::1] and localhost as Host.");
    }
    Ok(())
}

fn host_is_local(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    Authority::try_from(host.as_bytes()).is_ok_and(|host| is_local(&host))
}

fn is_local(authority: &Authority) -> bool {
    !authority.as_str().contains('@')
        && ["127.0.0.1", "[::1]", "localhost"].iter().any(|name| authority.host().eq_ignore_ascii_case(name))
}
