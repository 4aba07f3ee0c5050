//! What each fault does to a connection, and how faults are written.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use attio_crm::sandbox::fault::{Fault, GRAMMAR};
use tokio::io::AsyncWriteExt as _;

use super::raw::{Answer, CREATE_NOTE, End, Sandbox, get};

/// An action, how many requests it lets the handler process, and what the client must see.
type Rehearsal = (&'static str, usize, fn(&Answer) -> bool);

const REHEARSALS: &[Rehearsal] = &[
    ("status:503", 0, |a| a.status == 503 && a.json()["status_code"] == 503),
    ("status:429", 0, |a| a.status == 429 && a.header("retry-after").is_some()),
    ("retry-after:120", 0, |a| a.status == 429 && a.header("retry-after") == Some("120")),
    ("retry-after:", 0, |a| a.status == 429 && a.header("retry-after").is_none()),
    ("reset", 0, |a| a.end == End::Reset && a.head.is_empty()),
    ("hang", 0, |a| a.end == End::Silent && a.head.is_empty()),
    ("html:200", 0, |a| a.status == 200 && a.body.starts_with(b"<!DOCTYPE html>")),
    ("redirect:https://b.example/?x=1", 0, |a| {
        a.status == 302 && a.header("location") == Some("https://b.example/?x=1")
    }),
    ("bad-json", 0, |a| a.status == 200 && a.end == End::Complete && a.json().is_null()),
    ("big", 0, |a| a.status == 200 && a.end == End::Endless && a.body.starts_with(b"{\"data\":\"")),
    ("commit-reset", 1, |a| a.end == End::Reset && a.head.is_empty()),
    ("commit-status:500", 1, |a| a.status == 500 && a.json()["status_code"] == 500),
    ("commit-hang", 1, |a| a.end == End::Silent && a.head.is_empty()),
    ("commit-cut", 1, |a| a.status == 200 && a.end == End::Closed && a.announced() == 27),
    ("drip:4", 1, |a| a.json()["data"]["title"] == "a note"),
    ("close", 1, |a| a.json()["data"]["title"] == "a note" && a.header("connection").is_none()),
    ("pass", 1, |a| a.json()["data"]["title"] == "a note"),
];

#[tokio::test]
async fn every_fault_is_seen_on_the_wire_once() {
    for (action, processed, seen) in REHEARSALS {
        let sandbox = Sandbox::with_faults(&[&format!("POST /v2/notes={action}")]).await;
        assert_eq!(sandbox.ask(&get("/v2/notes")).await.status, 200, "{action}: other method");
        assert_eq!(sandbox.faults.unfired().len(), 1, "{action}");

        let mut connection = sandbox.connect().await;
        if action.contains("hang") {
            connection = connection.impatient();
        }
        let answer = connection.ask(CREATE_NOTE).await;
        assert!(seen(&answer), "{action}: {} {:?}", answer.head, answer.end);
        assert_eq!(sandbox.processed(), 1 + processed, "{action}");
        assert_eq!(sandbox.faults.unfired(), [], "{action}");

        assert_eq!(sandbox.ask(CREATE_NOTE).await.status, 200, "{action}: afterwards");
    }
}

#[test]
fn every_action_of_the_grammar_is_rehearsed() {
    let word = |text: &str| text.split([':', '[', ' ']).next().unwrap().to_owned();
    let lines = GRAMMAR.lines().filter_map(|line| line.strip_prefix("  "));
    let documented: BTreeSet<String> = lines.map(word).collect();
    let rehearsed: BTreeSet<String> = REHEARSALS.iter().map(|row| word(row.0)).collect();
    assert_eq!(documented, rehearsed);
}

#[tokio::test]
async fn drip_takes_its_time_between_bytes() {
    let sandbox = Sandbox::with_faults(&["*=drip:10"]).await;
    let start = Instant::now();
    let answer = sandbox.ask(CREATE_NOTE).await;
    assert!(start.elapsed() >= Duration::from_millis(10) * answer.body.len() as u32);
    assert_eq!(answer.body.len(), 27);
}

#[tokio::test]
async fn after_close_the_connection_is_dead_and_after_pass_alive() {
    for (action, alive) in [("pass", true), ("status:500", true), ("close", false)] {
        let sandbox = Sandbox::with_faults(&[&format!("*={action}")]).await;
        let mut connection = sandbox.connect().await;
        assert_eq!(connection.ask(CREATE_NOTE).await.end, End::Complete, "{action}");
        let sent = connection.stream.write_all(CREATE_NOTE.as_bytes()).await;
        let second = connection.read_answer().await;
        assert_eq!(sent.is_ok() && second.status == 200, alive, "{action}: {second:?}");
    }
}

#[tokio::test]
async fn faults_fire_in_the_order_given_and_as_often_as_told() {
    let sandbox = Sandbox::with_faults(&[
        "get /v2/notes=pass*2",
        "/v2/notes=status:500*2",
        "/v2/tasks=status:502",
        "*=status:503*",
    ])
    .await;
    let mut seen = Vec::new();
    for path in ["/v2/notes", "/v2/notes/1", "/v2/notes", "/v2/notes?x=1", "/v2/notes", "/v2/self"] {
        seen.push(sandbox.ask(&get(path)).await.status);
    }
    assert_eq!(seen, [200, 200, 500, 500, 503, 503]);
    let unfired = sandbox.faults.unfired();
    assert_eq!(unfired, ["/v2/tasks=status:502".parse().unwrap()]);
}

#[test]
fn a_fault_is_printed_as_it_is_read() {
    let specs = [
        "*=reset*1",
        "POST /v2/notes=commit-reset*2",
        "/v2/objects=status:429*",
        "/v2=retry-after:Tue, 23 May 2023 14:42:01 GMT*3",
        "/v2=retry-after:*1",
        "PUT /=redirect:http://127.0.0.1:1/a=b*c*1",
        "/=drip:250*1",
    ];
    for spec in specs {
        assert_eq!(spec.parse::<Fault>().unwrap().to_string(), spec);
    }
    for (action, ..) in REHEARSALS {
        let fault: Fault = format!(" /v2={action}").parse().unwrap();
        assert_eq!(fault.to_string(), format!("/v2={action}*1"));
    }
}

#[test]
fn a_bad_fault_is_answered_with_the_reason_and_the_grammar() {
    let cases = [
        ("", "no \"=\""),
        ("reset", "no \"=\""),
        ("v2=reset", "begins neither"),
        ("/v2?x=reset", "query string"),
        ("POST  /v2/a b=reset", "blank"),
        ("FETCH /v2=reset", "not one of GET"),
        ("/v2=", "no action \"\""),
        ("/v2=explode", "no action \"explode\""),
        ("/v2=status", "no action \"status\""),
        ("/v2=reset:1", "no action \"reset:1\""),
        ("/v2=status:99", "not a status"),
        ("/v2=status:600", "not a status"),
        ("/v2=status:abc", "not a status"),
        ("/v2=drip:fast", "milliseconds"),
        ("/v2=redirect:a\nb", "cannot stand in a header"),
        ("/v2=reset*0", "0 times"),
        ("/v2=reset*99999999999", "too often"),
    ];
    for (spec, reason) in cases {
        let error = spec.parse::<Fault>().unwrap_err().to_string();
        assert!(error.contains(reason), "{spec}: {error}");
        assert!(error.contains(GRAMMAR), "{spec}");
    }
}
