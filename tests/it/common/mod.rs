//! What tests of the program share: a place to run it in, and a server that remembers.

#[cfg(unix)]
pub mod terminal;

use crate::openapi::check_exchange;
use attio_crm::sandbox::fault::Fault;
use attio_crm::sandbox::server::{Options, Server};
use attio_crm::sandbox::{Sandbox, Store, respond};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use tempfile::TempDir;

/// A key that must turn up nowhere.
pub const KEY: &str = "canary_6f1d93e0a5b7";

/// A UUID of nothing.
pub const NOTHING: &str = "5a6a8a32-0000-4000-8000-00000000000f";

/// Tells whoever runs the tests; what `eprintln!` says of a passing test is kept from them.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The embedded workspace before anybody changed it: planted once, copied for each test.
pub fn seeded() -> Store {
    static SEED: LazyLock<Mutex<Store>> = LazyLock::new(|| Mutex::new(Store::seeded()));
    SEED.lock().unwrap().copy().unwrap()
}

/// The same as the file of the program.
fn seeded_file() -> &'static [u8] {
    static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("sandbox.db");
        let ask =
            http::Request::get("/v2/self").header("authorization", "Bearer x").body(Vec::new()).unwrap();
        assert_eq!(Sandbox::open(&file).handle(&ask).status(), 200);
        std::fs::read(file).unwrap()
    });
    &FILE
}

/// A folder of its own for one test, and how the program runs there: no key, no network, no home.
pub struct Place {
    dir: TempDir,
}

/// What one run of the program left behind.
#[must_use]
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Place {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn state(&self) -> PathBuf {
        self.path().join("state")
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_attio-crm"));
        command.args(args).current_dir(self.path()).env_clear();
        command.env("ATTIO_STATE_DIR", self.state()).env("TZ", "UTC");
        command.env("ATTIO_TEST_HASTE", "1"); // no real delays
        // Windows programs cannot open a socket without it.
        if let Some(root) = std::env::var_os("SystemRoot") {
            command.env("SystemRoot", root);
        }
        command
    }

    /// Runs the program as a script would: no terminal, nothing on standard input.
    pub fn run(&self, args: &[&str]) -> Run {
        finish(self.command(args), b"")
    }

    /// Runs it in the embedded workspace.
    pub fn sandbox(&self, args: &[&str]) -> Run {
        self.sandbox_with_input(args, b"")
    }

    pub fn sandbox_with_input(&self, args: &[&str], input: &[u8]) -> Run {
        self.plant();
        finish(self.command(&[&["--sandbox"], args].concat()), input)
    }

    /// Puts the embedded workspace in its place as the program would at its first use, which takes longer than most of
    /// what is done in it. Tests of that first use say `run` and `--sandbox`.
    pub fn plant(&self) {
        if !self.state().exists() {
            std::fs::create_dir(self.state()).unwrap();
            std::fs::write(self.state().join("sandbox.db"), seeded_file()).unwrap();
        }
    }

    /// Runs it against a server, with the key.
    pub fn against(&self, base_url: &str, args: &[&str]) -> Run {
        let mut command = self.command(args);
        command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", base_url);
        finish(command, b"")
    }

    /// The lines of the audit log.
    pub fn audit_lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.state().join("audit.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// How the attempts to write ended; each of them begun before.
    pub fn audit(&self) -> Vec<Value> {
        let (begun, ended): (Vec<_>, Vec<_>) =
            self.audit_lines().into_iter().partition(|line| line["event"] == "begun");
        let id = |lines: &[Value]| lines.iter().map(|line| line["attempt_id"].clone()).collect::<Vec<_>>();
        for id in id(&ended) {
            assert!(id.is_string() && begun.iter().any(|line| line["attempt_id"] == id), "{ended:?}");
        }
        ended
    }
}

pub fn finish(mut command: Command, input: &[u8]) -> Run {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that does not read its input closes it.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!run.stdout.contains(KEY) && !run.stderr.contains(KEY), "the key was printed: {run:?}");
    assert!(!run.stderr.contains("panicked"), "{run:?}");
    run
}

impl Run {
    /// Asserts success and returns stdout as JSON.
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Asserts the exit code and returns the error object, the last line of stderr.
    pub fn error(&self, code: i32) -> Value {
        assert_eq!(self.code, code, "{self:?}");
        let line = self.stderr.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {self:?}"));
        error["error"].clone()
    }
}

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Seen {
    pub at: std::time::Instant,
    pub method: String,
    pub path: String,
    pub body: Value,
}

/// A sandbox over HTTP that remembers what it was asked, for as long as it lives. When it goes, the test fails
/// if a request or an answer was not as Attio's document wants it.
pub struct Recorder {
    pub base_url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    violations: Arc<Mutex<BTreeSet<String>>>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Recorder {
    pub fn new(faults: &[&str]) -> Self {
        Self::with(Options {
            faults: faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect(),
            ..Options::default()
        })
    }

    pub fn with(options: Options) -> Self {
        Self::of(seeded(), options)
    }

    pub fn of(state: Store, options: Options) -> Self {
        let (seen, violations) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<BTreeSet<_>>>::default());
        let state = Mutex::new(state);
        let (log, complaints) = (Arc::clone(&seen), Arc::clone(&violations));
        let handler = Arc::new(move |request: &http::Request<Vec<u8>>| {
            log.lock().unwrap().push(Seen {
                at: std::time::Instant::now(),
                method: request.method().to_string(),
                path: request.uri().path_and_query().unwrap().to_string(),
                body: serde_json::from_slice(request.body()).unwrap_or_default(),
            });
            let response = respond(&mut state.lock().unwrap(), request, jiff::Timestamp::now());
            let verdict = check_exchange(request, &response);
            complaints.lock().unwrap().extend(verdict.err());
            response
        });
        let (address, bound) = std::sync::mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let server = Server::bind(options, handler).await.unwrap();
                address.send(server.address()).unwrap();
                tokio::select! { _ = server.run() => {}, _ = stopped => {} }
            });
        });
        Self { base_url: format!("http://{}", bound.recv().unwrap()), seen, violations, stop: Some(stop) }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Method and path of each request, in order.
    pub fn calls(&self) -> Vec<String> {
        self.seen().iter().map(|seen| format!("{} {}", seen.method, seen.path)).collect()
    }

    pub fn count(&self, method: &str, path: &str) -> usize {
        self.calls().iter().filter(|call| **call == format!("{method} {path}")).count()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        drop(self.stop.take());
        if !std::thread::panicking() {
            let violations = self.violations.lock().unwrap();
            assert!(violations.is_empty(), "{violations:#?}");
        }
    }
}

/// A client that is not ours.
pub fn plain_client() -> reqwest::Client {
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap()
}
