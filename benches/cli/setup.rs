//! Servers, a folder for everything, and the command lines of both sides.

use crate::bare::Form;
use crate::measure;
use crate::records::Page;
use crate::server::{RECORDS, Server};
use crate::tls::Tls;
use crate::work::{Work, Yardstick};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What cargo and a person can say.
#[derive(clap::Parser)]
pub struct Args {
    /// Set by cargo bench
    #[arg(long, hide = true)]
    pub bench: bool,
    /// The program to measure
    #[arg(long, default_value = env!("CARGO_BIN_EXE_attio-crm"))]
    program: PathBuf,
    /// Be the bare client: raw or typed, and the server
    #[arg(long, hide = true, num_args = 2)]
    pub bare: Vec<String>,
    /// Only lines with one of these in their name
    words: Vec<String>,
}

/// What stays the same for all measurements.
pub struct Setup {
    /// The program to measure.
    pub program: PathBuf,
    words: Vec<String>,
    folder: tempfile::TempDir,
    empty: PathBuf,
    http: Server,
    https: Result<(Server, Tls), String>,
}

impl Setup {
    /// Starts the servers and builds the program that does nothing.
    pub fn new(args: Args) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        Ok(Self {
            program: fs::canonicalize(args.program)?,
            words: args.words,
            empty: empty_program(folder.path())?,
            http: Server::start(None)?,
            https: https(folder.path()).map_err(|error| format!("cannot serve https: {error}")),
            folder,
        })
    }

    /// Whether the line `name` was asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word))
    }

    /// Our command line for `work`, and the yardstick's.
    pub fn commands(&self, work: &Work) -> Result<(Command, Command), Box<dyn Error>> {
        let ours = repeated(self.ours(&self.program, work)?, work.repeats);
        let other = match work.yardstick {
            Yardstick::Empty => Command::new(&self.empty),
            Yardstick::Curl | Yardstick::CurlTls => repeated(self.curl(work)?, work.repeats),
            Yardstick::Bare(form) => self.bare(form)?,
        };
        Ok((ours, other))
    }

    /// The most memory that our side of `work` needs, in KiB.
    pub fn peak(&self, work: &Work) -> Result<u64, Box<dyn Error>> {
        let note = self.folder.path().join("peak");
        let mut watched = self.clean(Path::new("/usr/bin/time"));
        watched.args(["-f", "%M", "-o"]).arg(&note).arg(&self.program);
        self.complete(&mut watched, work)?;
        measure::peak(&mut watched, &note)
    }

    fn ours(&self, program: &Path, work: &Work) -> Result<Command, Box<dyn Error>> {
        let mut command = self.clean(program);
        self.complete(&mut command, work)?;
        Ok(command)
    }

    /// Adds what the program itself needs.
    fn complete(&self, command: &mut Command, work: &Work) -> Result<(), Box<dyn Error>> {
        command.args(work.args).env("ATTIO_API_KEY", "bench").env("ATTIO_STATE_DIR", self.folder.path());
        let (server, roots) = self.server(work)?;
        command.env("ATTIO_BASE_URL", &server.origin).env("ATTIO_RATE_LIMIT", "off");
        command.envs(roots.map(|roots| ("SSL_CERT_FILE", roots)));
        Ok(())
    }

    fn bare(&self, form: Form) -> Result<Command, Box<dyn Error>> {
        let mut command = self.clean(&std::env::current_exe()?);
        let form = if form == Form::Raw { "raw" } else { "typed" };
        command.args(["--bare", form, &self.http.origin]);
        Ok(command)
    }

    /// Bytes of the answers with all records.
    pub fn bytes(&self) -> usize {
        Page::new().bytes_of(RECORDS)
    }

    /// A file in the folder of the measurements.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// One command in the sandbox of the state folder `full`, and in a new one.
    pub fn sandboxes(&self, full: &Path, domain: &str) -> (Command, Command) {
        let get = |state: &Path, domain: &str| {
            let mut command = self.clean(&self.program);
            command.args(["--sandbox", "get-company", domain]).env("ATTIO_STATE_DIR", state);
            command
        };
        (get(full, domain), get(&self.file("small"), "acme.com"))
    }

    /// curl with the requests that the program makes, word for word.
    fn curl(&self, work: &Work) -> Result<Command, Box<dyn Error>> {
        let (server, roots) = self.server(work)?;
        server.take_seen();
        measure::run(&mut self.ours(&self.program, work)?)?;
        let url = format!("{}/v2/objects/companies/records/query", server.origin);
        let mut lines = Vec::new();
        for body in server.take_seen() {
            let [url, body] = [&url, &body].map(|text| serde_json::Value::from(text.as_str()).to_string());
            lines.push(format!(
                "url = {url}\ndata = {body}\noutput = /dev/null\nsilent\nfail\n\
                 header = \"Authorization: Bearer bench\"\nheader = \"Content-Type: application/json\"\n"
            ));
        }
        let config = self.folder.path().join(format!("{}.curl", work.name));
        fs::write(&config, lines.join("next\n"))?;
        let mut curl = self.clean(Path::new("curl"));
        curl.arg("-q").args(roots.into_iter().flat_map(|roots| [Path::new("--cacert"), roots]));
        curl.arg("-K").arg(&config);
        measure::run(&mut curl).map_err(|error| format!("curl: {error}"))?;
        Ok(curl)
    }

    fn server(&self, work: &Work) -> Result<(&Server, Option<&Path>), Box<dyn Error>> {
        match (work.yardstick, &self.https) {
            (Yardstick::Empty | Yardstick::Curl | Yardstick::Bare(_), _) => Ok((&self.http, None)),
            (Yardstick::CurlTls, Ok((server, tls))) => Ok((server, Some(&tls.roots))),
            (Yardstick::CurlTls, Err(why)) => Err(why.as_str().into()),
        }
    }

    /// A program in a folder without a `.env` and with no variables but the path.
    fn clean(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env_clear();
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command
    }
}

/// `command` so many times, one after the other, by a shell.
fn repeated(command: Command, times: usize) -> Command {
    if times == 1 {
        return command;
    }
    let script = format!("i=0; while [ $i -lt {times} ]; do \"$@\" || exit 1; i=$((i + 1)); done");
    let mut shell = Command::new("sh");
    shell.env_clear().args(["-c", &script, "sh"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        value.map(|value| shell.env(name, value));
    }
    command.get_current_dir().map(|folder| shell.current_dir(folder));
    shell
}

/// Builds a program that does nothing, as fast as one can be built.
fn empty_program(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let (source, program) = (folder.join("empty.rs"), folder.join("empty"));
    fs::write(&source, "fn main() {}\n")?;
    let status = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition=2024", "-Copt-level=3", "-Cpanic=abort", "-Clto=fat", "-Cstrip=symbols", "-o"])
        .args([&program, &source])
        .status()?;
    if status.success() { Ok(program) } else { Err(format!("rustc: {status}").into()) }
}

fn https(folder: &Path) -> Result<(Server, Tls), Box<dyn Error>> {
    let tls = Tls::new(folder)?;
    Ok((Server::start(Some(tls.server.clone()))?, tls))
}

/// The number of crates that are built for the program on this machine.
pub fn crates() -> Result<usize, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    let mut names: Vec<_> =
        tree.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names.len().saturating_sub(1))
}
