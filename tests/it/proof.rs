//! Nothing is claimed that was not seen: who answered, what was sent, whose record it is.

use crate::common::{KEY, NOTHING, Place, Recorder, Run, finish};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use wiremock::matchers::{any, method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A server that answers everything alike.
async fn always(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn what_a_firewall_answers_is_not_taken_for_attios_word() {
    for status in [400, 401, 403, 404, 407, 418, 451] {
        let page =
            ResponseTemplate::new(status).set_body_raw("<html>you have been blocked</html>", "text/html");
        let server = always(page).await;
        for args in [
            &["search-companies", "x"] as &[&str],
            &["create-note", "--object", "companies", NOTHING, "T", "x"],
        ] {
            let error = Place::new().against(&server.uri(), args).error(1);
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("not from Attio") && message.contains("blocked"), "{status}: {message}");
            assert_eq!(error["retryable"], false);
        }
    }
    let attio = json!({"status_code": 403, "type": "auth_error", "code": "unauthorized", "message": "no"});
    let server = always(ResponseTemplate::new(403).set_body_json(attio)).await;
    let error = Place::new().against(&server.uri(), &["search-companies", "x"]).error(4);
    assert!(error["hint"].as_str().unwrap().contains("record_permission:read"));
}

#[tokio::test]
async fn an_empty_answer_is_no_result() {
    let server = always(ResponseTemplate::new(200)).await;
    let error = Place::new().against(&server.uri(), &["search-companies", "x"]).error(1);
    assert!(error["message"].as_str().unwrap().contains("0 bytes"), "{error}");
}

#[tokio::test]
async fn a_key_that_is_dead_and_a_limit_that_holds_are_called_by_their_names() {
    let server = always(ResponseTemplate::new(200).set_body_json(json!({"active": false}))).await;
    let error = Place::new().against(&server.uri(), &["self", "get"]).error(4);
    assert_eq!(error["message"], "Attio does not know this API key");
    let limited = json!({"status_code": 429, "type": "rate_limit_error", "code": "rate_limit_exceeded", "message": "…"});
    let server =
        always(ResponseTemplate::new(429).insert_header("retry-after", "3600").set_body_json(limited)).await;
    let error = Place::new().against(&server.uri(), &["self", "get"]).error(5);
    assert!(error["message"].as_str().unwrap().contains("rate limited by Attio"), "{error}");
}

#[test]
fn a_proxy_that_cannot_be_one_is_named_before_anything_is_sent() {
    for (variable, value) in
        [("HTTPS_PROXY", "socks5://127.0.0.1:9"), ("ALL_PROXY", "http://["), ("https_proxy", "ftp://x")]
    {
        let place = Place::new();
        let mut command = place.command(&["search-companies", "x"]);
        command.env("ATTIO_API_KEY", KEY).env(variable, value);
        let error = finish(command, b"").error(1);
        assert!(error["message"].as_str().unwrap().contains(variable), "{error}");
    }
}

#[test]
fn an_error_of_the_connection_names_the_host_and_the_proxy() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let place = Place::new();
    let mut command = place.command(&["search-companies", "x", "--timeout", "1"]);
    command.env("ATTIO_API_KEY", KEY).env("HTTPS_PROXY", format!("http://user:secret@{closed}"));
    let run = finish(command, b"");
    let error = run.error(5);
    let message = error["message"].as_str().unwrap();
    for part in ["api.attio.com", &closed.to_string(), "HTTPS_PROXY"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert!(!run.stderr.contains("secret"), "{}", run.stderr);
}

/// Reads one request; its first line, and whether there was one.
fn request(reader: &mut BufReader<std::net::TcpStream>) -> Option<String> {
    let mut first = String::new();
    if reader.read_line(&mut first).ok()? == 0 {
        return None;
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length]).ok()?;
    Some(first)
}

#[test]
fn a_create_does_not_go_out_on_a_connection_that_may_be_dead() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let log = Arc::clone(&seen);
    std::thread::spawn(move || {
        // Keeps no connection longer than an answer, and does not say so.
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let Some(first) = request(&mut reader) else { continue };
            log.lock().unwrap().push(first.clone());
            let id = json!({"workspace_id": NOTHING, "object_id": NOTHING, "record_id": NOTHING});
            let body = if first.contains("/query ") {
                json!({"data": []})
            } else {
                json!({"data": {"id": id, "created_at": "2026-01-01T00:00:00Z", "values": {}}})
            }
            .to_string();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
        }
    });
    for round in 0..40 {
        let run = Place::new().against(&base, &["create-company", "Zeta"]);
        assert_eq!(run.code, 0, "round {round}: {run:?}");
    }
    let posts = seen
        .lock()
        .unwrap()
        .iter()
        .filter(|first| first.starts_with("POST /v2/objects/companies/records "))
        .count();
    assert_eq!(posts, 40);
}

/// A create whose answer is lost, while a record with its unique value is there, or comes to be.
async fn lost_beside(record: Value) -> Run {
    let server = MockServer::start().await;
    let queried = ResponseTemplate::new(200).set_body_json(json!({ "data": [record] }));
    Mock::given(path_regex("/query$")).respond_with(queried).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(500)).expect(1).mount(&server).await;
    let args = ["create-company", "Zeta", "--domain", "zeta.example.com", "--description", "Letters"];
    Place::new().against(&server.uri(), &args)
}

fn record(maker: &str, name: &str, created_at: &str) -> Value {
    let value = |r#type: &str, more: Value| {
        let mut value = json!({"active_from": created_at, "active_until": null, "attribute_type": r#type});
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([value])
    };
    let actor = json!({"referenced_actor_type": maker, "referenced_actor_id": NOTHING});
    json!({
        "id": {"workspace_id": NOTHING, "object_id": NOTHING, "record_id": NOTHING}, "created_at": created_at,
        "web_url": format!("https://app.attio.com/ws/company/{NOTHING}"),
        "values": {
            "name": value("text", json!({"value": name})),
            "description": value("text", json!({"value": "Letters"})),
            "domains": value("domain", json!({"domain": "zeta.example.com", "root_domain": "example.com"})),
            "created_by": value("actor-reference", actor),
        },
    })
}

#[tokio::test]
async fn a_record_is_ours_only_if_it_holds_what_was_sent_and_a_key_made_it() {
    let now = jiff::Timestamp::now().to_string();
    let ours = lost_beside(record("api-token", "Zeta", &now)).await.json();
    assert_eq!(ours["resolved_after_ambiguity"], true);
    let systems = lost_beside(record("system", "Zeta", &now)).await.error(7);
    assert_eq!(systems["existing_record_id"], NOTHING);
    let another = lost_beside(record("api-token", "Another Zeta", &now)).await.error(8);
    assert_eq!(another["existing_record_id"], NOTHING);
    let old = lost_beside(record("api-token", "Zeta", "2026-01-01T00:00:00Z")).await.error(7);
    assert_eq!(old["existing_record_id"], NOTHING);
}

#[cfg(unix)]
#[test]
fn a_write_that_was_begun_is_in_the_log_even_if_the_process_is_killed() {
    let server = Recorder::new(&["POST /v2/notes=commit-hang*"]);
    let place = Place::new();
    let mut command = place.command(&["create-note", "--object", "companies", NOTHING, "T", "x"]);
    command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while server.seen().is_empty() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let lines = place.audit_lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((&lines[0]["event"], &lines[0]["operation"]), (&json!("begun"), &json!("notes create")));
}
