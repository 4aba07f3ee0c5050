//! A stand-in for Attio on loopback, http or https, that is far faster than its clients.
//!
//! It answers every POST as a query for companies and keeps the bodies it was sent, so that the
//! yardstick can send the same ones. A GET is one for the definitions of their attributes, which the
//! program makes once an hour.

use crate::records::{PAGE, Page, definitions};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// Records of the workspace.
pub const RECORDS: usize = 50_000;

/// A running server; it ends with the process.
pub struct Server {
    /// `http://…` or `https://…`, without a slash at the end.
    pub origin: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts one on a free port; with `tls` it speaks https.
    pub fn start(tls: Option<Arc<ServerConfig>>) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let origin = format!("{scheme}://{}", listener.local_addr()?);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let shared = Shared { page: Arc::new(Mutex::new(Page::new())), seen: Arc::clone(&seen) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, tls) = (shared.clone(), tls.clone());
                // A client that goes away in the middle is its own problem: it is seen to fail.
                std::thread::spawn(move || shared.serve(stream, tls));
            }
        });
        Ok(Self { origin, seen })
    }

    /// The bodies that came since the last time.
    pub fn take_seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Clone)]
struct Shared {
    page: Arc<Mutex<Page>>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Shared {
    fn serve(&self, stream: TcpStream, tls: Option<Arc<ServerConfig>>) -> io::Result<()> {
        stream.set_nodelay(true)?;
        match tls {
            None => self.converse(stream),
            Some(tls) => {
                let session = ServerConnection::new(tls).map_err(io::Error::other)?;
                self.converse(StreamOwned::new(session, stream))
            }
        }
    }

    fn converse(&self, stream: impl Read + Write) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        while let Some((first, body)) = request(&mut stream)? {
            if first.starts_with("GET ") {
                answer(stream.get_mut(), definitions().as_bytes(), b"")?;
                continue;
            }
            let (offset, count) = window(&body);
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(body);
            let mut page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
            answer(stream.get_mut(), page.numbered(offset, count), b"]}")?;
        }
        Ok(())
    }
}

fn answer(out: &mut impl Write, rows: &[u8], end: &[u8]) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n",
        rows.len() + end.len()
    );
    out.write_all(&[head.as_bytes(), rows, end].concat())?;
    out.flush()
}

/// The first line and the body of the next request, or `None` when the client has hung up.
fn request(stream: &mut BufReader<impl Read>) -> io::Result<Option<(String, String)>> {
    let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
    if stream.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
            _ if line.trim().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    String::from_utf8(body).map(|body| Some((first, body))).map_err(io::Error::other)
}

/// Offset and number of the rows that a body asks for.
fn window(body: &str) -> (usize, usize) {
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let number = |name| body.get(name).and_then(serde_json::Value::as_u64).map(|n| n as usize);
    let offset = number("offset").unwrap_or(0).min(RECORDS);
    (offset, number("limit").unwrap_or(PAGE).min(PAGE).min(RECORDS - offset))
}
