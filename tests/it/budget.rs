//! The rate limit as the server and the person at the terminal see it, over many processes.
//!
//! Windows of ten minutes stand in for waiting: whose turn is beyond its time limit is told when it is.

use crate::common::{KEY, NOTHING, Place, Recorder, Run};
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// Asks for something that is not there, at one request in ten minutes.
fn get(place: &Place, server: &Recorder, more: &[&str]) -> Run {
    place.against(&server.base_url, &[&["get-note", NOTHING, "--rate-limit", "1/600s"], more].concat())
}

/// In how many seconds the next turn is, as a command is told that cannot wait for it.
fn next_turn(place: &Place, server: &Recorder) -> u64 {
    let error = get(place, server, &["--timeout", "10"]).error(5);
    assert_eq!(error["kind"], "unavailable");
    error["retry_after_seconds"].as_u64().unwrap()
}

fn file(place: &Place) -> PathBuf {
    let mut files = fs::read_dir(place.state().join("limits")).unwrap();
    let file = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none());
    file
}

#[test]
fn fifty_processes_share_one_budget() {
    const LIMIT: usize = 25;
    const WINDOW: Duration = Duration::from_secs(1);
    let server = Recorder::new(&[]);
    let place = Place::new();
    std::thread::scope(|scope| {
        for _ in 0..50 {
            let (place, server) = (&place, &server);
            scope.spawn(move || {
                let run = place.against(&server.base_url, &["get-note", NOTHING, "--rate-limit", "25/s"]);
                run.error(3);
            });
        }
    });
    let mut at: Vec<Instant> = server.seen().iter().map(|seen| seen.at).collect();
    at.sort();
    assert_eq!(at.len(), 50);
    for pair in at.windows(LIMIT + 1) {
        let gap = pair[LIMIT].duration_since(pair[0]);
        assert!(gap >= WINDOW, "{} requests within {gap:?}", LIMIT + 1);
    }
}

#[test]
fn a_create_is_not_sent_when_no_time_is_left_for_its_answer() {
    let (server, place) = (Recorder::new(&[]), Place::new());
    get(&place, &server, &[]).error(3);
    let limit = format!("{}s", next_turn(&place, &server));
    let create = ["create-note", NOTHING, "--object", "companies", "T", "x", "--rate-limit", "1/600s"];
    let error = place.against(&server.base_url, &[&create[..], &["--timeout", &limit]].concat()).error(5);
    assert_eq!(error["kind"], "unavailable");
    assert_eq!(server.count("POST", "/v2/notes"), 0, "its turn would come, the answer would not");
}

#[test]
fn a_queue_longer_than_the_time_limit_is_told_at_once() {
    let (server, place) = (Recorder::new(&[]), Place::new());
    get(&place, &server, &[]).error(3);
    assert!((500..=600).contains(&next_turn(&place, &server)));
    assert_eq!(server.seen().len(), 1, "nothing was sent");
}

#[test]
fn the_cool_down_of_one_process_holds_for_the_others() {
    let server = Recorder::new(&["GET /v2/notes=retry-after:20*1"]);
    let place = Place::new();
    // Each gives up at once, the first for what it was told, the second for what the first was told.
    for _ in 0..2 {
        let blocked = place.against(&server.base_url, &["get-note", NOTHING, "--timeout", "5"]).error(5);
        assert!((1..=21).contains(&blocked["retry_after_seconds"].as_u64().unwrap()), "{blocked}");
    }
    assert!(server.seen().is_empty(), "the second was not sent");
}

/// A command that waits for its turn, once it has said so.
struct Waiting {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    said: String,
}

impl Waiting {
    fn new(place: &Place, server: &Recorder) -> Self {
        let mut command = place.command(&["get-note", NOTHING, "--rate-limit", "1/600s", "--timeout", "1h"]);
        command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        stderr.read_line(&mut said).unwrap();
        Self { child, stderr, said }
    }

    #[cfg(unix)]
    fn end(mut self, signal: &str) -> Value {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
        self.child.wait().unwrap();
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.stderr, &mut rest).unwrap();
        serde_json::from_str(&rest).unwrap_or_default()
    }
}

#[cfg(unix)]
#[test]
fn a_wait_is_announced_and_whoever_is_ended_meanwhile_gives_the_place_back() {
    let (server, place) = (Recorder::new(&[]), Place::new());
    get(&place, &server, &[]).error(3);
    for signal in ["-INT", "-TERM", "-HUP"] {
        let waiting = Waiting::new(&place, &server);
        assert!(waiting.said.contains("for the rate limit"), "{}", waiting.said);
        assert!(next_turn(&place, &server) > 600, "somebody waits");
        assert_eq!(waiting.end(signal)["error"]["kind"], "interrupted");
        assert!(next_turn(&place, &server) <= 600, "{signal}: it left its place in the queue");
    }
    assert_eq!(server.seen().len(), 1);
}

#[cfg(unix)]
#[test]
fn quiet_waits_in_silence() {
    let (server, place) = (Recorder::new(&[]), Place::new());
    get(&place, &server, &[]).error(3);
    let mut command =
        place.command(&["get-note", NOTHING, "--rate-limit", "1/600s", "--timeout", "1h", "--quiet"]);
    command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url);
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while next_turn(&place, &server) <= 600 {} // until it queues
    let pid = quiet.id().to_string();
    assert!(std::process::Command::new("kill").arg(&pid).status().unwrap().success());
    let said = String::from_utf8(quiet.wait_with_output().unwrap().stderr).unwrap();
    assert!(!said.contains("waiting"), "{said}");
}

#[test]
fn a_damaged_file_is_no_licence() {
    let (server, place) = (Recorder::new(&[]), Place::new());
    get(&place, &server, &[]).error(3);
    for garbage in [b"garbage".as_slice(), &[0; 20_000], &[0xff; 20_000]] {
        fs::write(file(&place), garbage).unwrap();
        // The budget counts as just used up: a pause of one window.
        assert!((500..=600).contains(&next_turn(&place, &server)));
    }
    assert_eq!(server.seen().len(), 1);
}

/// Puts something that leads to the first path, if anywhere, in the place of the second.
#[cfg(unix)]
type Put = fn(&Path, &Path);

/// Whatever lies in the place of a file of ours is neither followed nor waited for.
#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_refused_in_place_of_each_file() {
    let put: [(&str, Put); 4] = [
        ("a link", |theirs, ours| std::os::unix::fs::symlink(theirs, ours).unwrap()),
        ("a dangling link", |_, ours| std::os::unix::fs::symlink("nowhere", ours).unwrap()),
        ("a folder", |_, ours| fs::create_dir(ours).unwrap()),
        ("a pipe", |_, ours| {
            assert!(std::process::Command::new("mkfifo").arg(ours).status().unwrap().success());
        }),
    ];
    for (what, put) in put {
        let (server, place) = (Recorder::new(&[]), Place::new());
        let theirs = place.path().join("theirs");
        fs::write(&theirs, "theirs").unwrap();
        get(&place, &server, &[]).error(3);
        let limits = file(&place);
        fs::remove_file(&limits).unwrap();
        put(&theirs, &limits);
        let read = get(&place, &server, &[]);
        read.error(3);
        assert!(
            read.stderr.contains("not shared with other processes: cannot use"),
            "{what}: {}",
            read.stderr
        );

        let audit = place.state().join("audit.jsonl");
        put(&theirs, &audit);
        let write = ["create-note", "--object", "companies", NOTHING, "T", "x", "--rate-limit", "off"];
        let error = place.against(&server.base_url, &write).error(1);
        assert!(error["message"].as_str().unwrap().contains("audit.jsonl"), "{what}: {error}");

        assert_eq!(fs::read(&theirs).unwrap(), b"theirs", "{what} was followed");
        assert!(!limits.with_file_name("nowhere").exists() && !audit.with_file_name("nowhere").exists());
        assert!(server.calls().iter().all(|call| call.starts_with("GET")), "{what}: the write was sent");
    }
}
