//! Servers that die in the middle of their work, and processes that work at the same time.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::common::Place;
use attio_crm::sandbox::Sandbox;
use serde_json::{Value, json};

use super::workspace::request;

const RECORDS: &str = "/v2/objects/companies/records";

/// A server on a file, and the address it printed.
fn serve(folder: &std::path::Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_attio-crm"))
        .args(["sandbox", "serve", "--file", "s", "-o", "json"])
        .current_dir(folder)
        .env("ATTIO_STATE_DIR", folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let started: Value = serde_json::from_str(&line).unwrap();
    (child, started["base_url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned())
}

/// Creates companies until the connection breaks; the names of those that were acknowledged.
fn create_until_it_dies(address: &str, name: &str) -> Vec<String> {
    let mut acknowledged = Vec::new();
    let Ok(mut stream) = TcpStream::connect(address) else { return acknowledged };
    for n in 0.. {
        let name = format!("{name} {n}");
        let body = json!({"data": {"values": {"name": name}}}).to_string();
        let head = format!(
            "POST {RECORDS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut start = [0; 15];
        if stream.write_all(format!("{head}{body}").as_bytes()).is_err()
            || stream.read_exact(&mut start).is_err()
        {
            return acknowledged;
        }
        assert_eq!(&start, b"HTTP/1.1 200 OK");
        acknowledged.push(name);
        // The rest of the answer: as long as its head says.
        let mut reader = BufReader::new(&mut stream);
        let (mut line, mut length) = (String::new(), 0);
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) && line != "\r\n" {
            if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
                length = text.trim().parse().unwrap();
            }
            line.clear();
        }
        if reader.read_exact(&mut vec![0; length]).is_err() {
            return acknowledged;
        }
    }
    acknowledged
}

#[test]
fn a_server_that_is_killed_loses_nothing_it_has_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for round in 0..5 {
        let (mut server, address) = serve(folder.path());
        let (one, two) = (format!("one {round}"), format!("two {round}"));
        std::thread::scope(|scope| {
            let first = scope.spawn(|| create_until_it_dies(&address, &one));
            let second = scope.spawn(|| create_until_it_dies(&address, &two));
            // Killed in the middle: some writes are done, others are on their way.
            let known = Sandbox::open(folder.path().join("s"));
            let before = names(&known).len();
            while !first.is_finished() && !second.is_finished() && names(&known).len() < before + 5 {}
            server.kill().unwrap();
            server.wait().unwrap();
            acknowledged.extend(first.join().unwrap());
            acknowledged.extend(second.join().unwrap());
        });
    }
    let sandbox = Sandbox::open(folder.path().join("s"));
    let mut missing = acknowledged.clone();
    for name in names(&sandbox) {
        missing.retain(|acknowledged| *acknowledged != name);
    }
    assert!(acknowledged.len() >= 10, "{acknowledged:?}");
    assert_eq!(missing, Vec::<String>::new());
    drop(sandbox);
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["s"]);
}

fn names(sandbox: &Sandbox) -> Vec<String> {
    let mut names = Vec::new();
    for offset in (0..).step_by(500) {
        let page = query(sandbox, &json!({"limit": 500, "offset": offset}));
        names.extend(page.iter().filter_map(|c| Some(c["values"]["name"][0]["value"].as_str()?.to_owned())));
        if page.len() < 500 {
            break;
        }
    }
    names
}

fn query(sandbox: &Sandbox, body: &Value) -> Vec<Value> {
    let response = sandbox.handle(&request("POST", &format!("{RECORDS}/query"), body));
    let mut body: Value = serde_json::from_slice(response.body()).unwrap();
    body["data"].take().as_array().unwrap().clone()
}

#[test]
fn a_reset_waits_for_a_writer_no_longer_than_it_may() {
    let place = Place::new();
    place.sandbox(&["self", "get"]).json();
    let writer = rusqlite::Connection::open(place.state().join("sandbox.db")).unwrap();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = place.run(&["sandbox", "reset", "--yes", "--timeout", "0.3"]).error(1);
    assert!(error["message"].as_str().unwrap().contains("another process"), "{error}");
    writer.execute_batch("ROLLBACK").unwrap();
    place.run(&["sandbox", "reset", "--yes"]).json();
}

#[test]
fn those_that_come_first_at_the_same_time_all_find_one_workspace() {
    for _ in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        let start = std::sync::Barrier::new(8);
        std::thread::scope(|scope| {
            for n in 0..8 {
                let (folder, start) = (&folder, &start);
                scope.spawn(move || {
                    let one = Sandbox::open(folder.path().join("s"));
                    start.wait();
                    let body = json!({"data": {"values": {"name": format!("n {n}")}}});
                    let answer = one.try_handle(&request("POST", RECORDS, &body)).unwrap();
                    assert_eq!(answer.status(), 200);
                });
            }
        });
        let made = names(&Sandbox::open(folder.path().join("s")));
        assert_eq!(made.iter().filter(|name| name.starts_with("n ")).count(), 8);
    }
}
