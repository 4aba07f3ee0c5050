//! A sandbox server whose handler only takes notes, and a client that sees every byte it sends.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use attio_crm::sandbox::fault::Faults;
use attio_crm::sandbox::server::{Options, Server};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub const MIB: usize = 1024 * 1024;

/// A server whose handler notes what it processed and answers 200.
pub struct Sandbox {
    pub address: SocketAddr,
    pub faults: Arc<Faults>,
    pub processed: Arc<Mutex<Vec<http::Request<Vec<u8>>>>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Sandbox {
    pub async fn start(options: Options) -> Self {
        let processed = Arc::new(Mutex::new(Vec::new()));
        let notebook = Arc::clone(&processed);
        let handler = Arc::new(move |request: &http::Request<Vec<u8>>| {
            notebook.lock().unwrap().push(request.clone());
            http::Response::builder()
                .header("x-attio-execution-id", "of-the-handler")
                .body(br#"{"data":{"title":"a note"}}"#.to_vec())
                .unwrap()
        });
        let server = Server::bind(options, handler).await.unwrap();
        Self {
            address: server.address(),
            faults: server.faults(),
            processed,
            task: tokio::spawn(server.run()),
        }
    }

    pub async fn with_faults(specs: &[&str]) -> Self {
        let faults = specs.iter().map(|spec| spec.parse().unwrap()).collect();
        Self::start(Options { faults, ..Options::default() }).await
    }

    pub async fn connect(&self) -> Connection {
        Connection {
            stream: TcpStream::connect(self.address).await.unwrap(),
            received: Vec::new(),
            patience: Duration::from_secs(20),
        }
    }

    /// One request on a connection of its own.
    pub async fn ask(&self, request: &str) -> Answer {
        self.connect().await.ask(request).await
    }

    pub fn processed(&self) -> usize {
        self.processed.lock().unwrap().len()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub struct Connection {
    pub stream: TcpStream,
    received: Vec<u8>,
    /// After this time without a byte the server is called silent.
    patience: Duration,
}

#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
    pub end: End,
}

/// How an answer ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum End {
    #[default]
    Complete,
    /// The server closed before the announced length was reached.
    Closed,
    Reset,
    /// Nothing came for a while.
    Silent,
    /// More came than anybody should read.
    Endless,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Length by the header; an answer without one lasts until the close.
    pub fn announced(&self) -> usize {
        let length = self.header("content-length");
        length.map_or(usize::MAX, |length| length.parse().unwrap())
    }
}

impl Connection {
    /// For a request that should get no answer.
    pub fn impatient(mut self) -> Self {
        self.patience = Duration::from_millis(300);
        self
    }

    pub async fn ask(&mut self, request: &str) -> Answer {
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.read_answer().await
    }

    pub async fn read_answer(&mut self) -> Answer {
        let mut answer = Answer::default();
        loop {
            if answer.head.is_empty() {
                self.split_head(&mut answer);
            }
            if !answer.head.is_empty() {
                answer.body.append(&mut self.received);
                if answer.body.len() >= answer.announced() {
                    return answer;
                }
            }
            if answer.body.len() > 65 * MIB {
                answer.end = End::Endless;
                return answer;
            }
            if let Err(end) = self.receive().await {
                answer.end = end;
                return answer;
            }
        }
    }

    fn split_head(&mut self, answer: &mut Answer) {
        let end = self.received.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let body = self.received.split_off(end + 4);
            answer.head = String::from_utf8(std::mem::replace(&mut self.received, body)).unwrap();
            answer.status = answer.head[9..12].parse().unwrap();
        }
    }

    async fn receive(&mut self) -> Result<(), End> {
        let mut piece = vec![0; MIB];
        match timeout(self.patience, self.stream.read(&mut piece)).await {
            Err(_) => Err(End::Silent),
            Ok(Ok(0)) => Err(End::Closed),
            Ok(Ok(length)) => {
                self.received.extend_from_slice(&piece[..length]);
                Ok(())
            }
            Ok(Err(_)) => Err(End::Reset),
        }
    }
}

pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

pub const CREATE_NOTE: &str = "POST /v2/notes HTTP/1.1\r\nHost: 127.0.0.1\r\n\
    Authorization: Bearer x\r\nContent-Length: 11\r\n\r\n{\"data\":{}}";
