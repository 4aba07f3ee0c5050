//! The answers that the server gives on its own account, and the judge in the recorder of other tests.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;

use crate::common::Recorder;
use crate::openapi::check_problem;

/// Status and body of the answer to a GET.
fn get(server: &Recorder, path: &str) -> (u16, Value) {
    let address = server.base_url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer x\r\n");
    stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

#[test]
fn the_errors_of_faults_have_attios_form() {
    for status in [400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504] {
        let server = Recorder::new(&[&format!("*=status:{status}")]);
        let (got, body) = get(&server, "/v2/objects");
        assert_eq!(got, status, "{body}");
        assert_eq!(check_problem(status, &body), Ok(()));
    }
}

#[test]
fn a_recorder_fails_the_test_that_sends_what_attio_does_not_know() {
    for (path, known) in [("/v2/notes?limit=5", true), ("/v2/notes?limt=5", false)] {
        let server = Recorder::new(&[]);
        assert_eq!(get(&server, path).0, 200);
        let verdict = catch_unwind(AssertUnwindSafe(|| drop(server)));
        assert_eq!(verdict.is_ok(), known, "{path}");
    }
}
