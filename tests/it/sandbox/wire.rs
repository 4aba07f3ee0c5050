//! What requests and answers have in common, over all routes: numbers, sizes, headers, times, dead keys.

use attio_crm::sandbox::{respond, routes};
use http::Response;
use serde_json::{Value, json};

use super::workspace::{Workspace, request};

/// The answer with its headers.
fn send(workspace: &mut Workspace, method: &str, path: &str, body: &Value) -> Response<Vec<u8>> {
    respond(&mut workspace.state, &request(method, path, body), workspace.now)
}

/// Listings that take `limit` in the query, and whether they take `offset` too.
fn listings(workspace: &mut Workspace) -> Vec<(String, bool)> {
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    let acme = acme["id"]["record_id"].as_str().unwrap();
    let meeting = workspace.data("GET", "/v2/meetings", Value::Null)[0]["id"]["meeting_id"].clone();
    let thread = workspace.data("GET", "/v2/threads", Value::Null)[0]["id"]["thread_id"].clone();
    let (meeting, thread) = (meeting.as_str().unwrap(), thread.as_str().unwrap());
    let record = format!("/v2/objects/companies/records/{acme}");
    [
        ("/v2/objects/companies/attributes".to_owned(), true),
        ("/v2/lists/partners/attributes".to_owned(), true),
        (format!("{record}/attributes/name/values"), true),
        (format!("{record}/entries"), true),
        ("/v2/notes".to_owned(), true),
        ("/v2/tasks".to_owned(), true),
        ("/v2/threads".to_owned(), true),
        ("/v2/webhooks".to_owned(), true),
        ("/v2/objects/companies/views".to_owned(), false),
        ("/v2/lists/partners/views".to_owned(), false),
        (format!("/v2/threads/{thread}"), false),
        ("/v2/meetings".to_owned(), false),
        (format!("/v2/meetings/{meeting}/call_recordings"), false),
        (format!("/v2/files?object=companies&record_id={acme}"), false),
        ("/v2/activities".to_owned(), false),
    ]
    .into()
}

#[test]
fn a_whole_number_may_have_decimals_wherever_one_is_taken() {
    let mut workspace = Workspace::new();
    for (path, offset) in listings(&mut workspace) {
        let and = if path.contains('?') { '&' } else { '?' };
        for name in ["limit", "offset"].into_iter().take(1 + usize::from(offset)) {
            let plain = workspace.data("GET", &format!("{path}{and}{name}=20"), Value::Null);
            let decimal = workspace.data("GET", &format!("{path}{and}{name}=20.0"), Value::Null);
            assert_eq!(plain, decimal, "{path} {name}");
            for bad in ["2.5", "-1", "-1.0", "many", "1e99", ""] {
                let path = format!("{path}{and}{name}={bad}");
                workspace.refused("GET", &path, Value::Null, 400, "validation_type");
            }
        }
    }
    let search = json!({"query": "acme", "objects": ["companies"], "request_as": {"type": "workspace"}});
    for (path, body, names) in [
        ("/v2/objects/companies/records/query", json!({}), &["limit", "offset"][..]),
        ("/v2/lists/partners/entries/query", json!({}), &["limit", "offset"]),
        ("/v2/activities/phone_calls/records/query", json!({}), &["limit", "offset"]),
        ("/v2/objects/records/search", search, &["limit"]),
    ] {
        let mut with = |name: &str, value: Value| {
            let mut body = body.clone();
            body[name] = value;
            workspace.call("POST", path, body)
        };
        for name in names {
            let (plain, decimal) = (with(name, json!(2)), with(name, json!(2.0)));
            assert_eq!((plain.0, &plain), (200, &decimal), "{path} {name}");
            for bad in [json!(2.5), json!(-2), json!(-2.0), json!("2"), json!(1e99), json!(null)] {
                let (status, answer) = with(name, bad.clone());
                assert_eq!(
                    (status, &answer["code"]),
                    (400, &json!("validation_type")),
                    "{path} {name}={bad}"
                );
            }
        }
    }
}

#[test]
fn a_body_of_more_than_ten_mebibytes_is_too_large_on_every_route() {
    let mut workspace = Workspace::new();
    let large = vec![b' '; 10 * 1024 * 1024 + 1];
    for (method, pattern) in routes().filter(|(method, _)| ["POST", "PUT", "PATCH"].contains(method)) {
        let path = pattern.replace("{}", "companies");
        let request = request(method, &path, &Value::Null).map(|_| large.clone());
        let answer = respond(&mut workspace.state, &request, workspace.now);
        let error: Value = serde_json::from_slice(answer.body()).unwrap();
        let status = if path == "/v2/files/upload" { 400 } else { 413 };
        assert_eq!((answer.status().as_u16(), &error["code"]), (status, &json!("validation_type")), "{path}");
    }
    let long = "x".repeat(large.len());
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    let note = |length: usize| {
        json!({"data": {"parent_object": "companies", "parent_record_id": acme["id"]["record_id"], "title": "Long",
            "format": "plaintext", "content": long[..length]}})
    };
    let around = note(0).to_string().len();
    workspace.refused("POST", "/v2/notes", note(long.len() - around), 413, "validation_type");
    let most = long.len() - around - 1;
    let kept = workspace.data("POST", "/v2/notes", note(most));
    assert_eq!(kept["content_plaintext"].as_str().unwrap().len(), most);
}

#[test]
fn every_answer_has_the_headers_of_attio() {
    let mut workspace = Workspace::new();
    for (method, pattern) in routes() {
        let answer = send(&mut workspace, method, &pattern.replace("{}", "companies"), &json!({}));
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("vary"), Some("Origin"), "{method} {pattern}");
        assert_eq!(header("x-frame-options"), Some("DENY"), "{method} {pattern}");
        assert_eq!(header("x-attio-execution-id").map(str::len), Some(36), "{method} {pattern}");
    }
}

#[test]
fn a_dead_key_is_told_by_its_length_first() {
    let mut workspace = Workspace::new();
    let mut message = |key: &str| {
        let mut request = request("GET", "/v2/objects", &Value::Null);
        request.headers_mut().insert("authorization", format!("Bearer {key}").parse().unwrap());
        let answer = respond(&mut workspace.state, &request, workspace.now);
        assert_eq!(answer.status(), 401);
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!((&body["type"], &body["code"]), (&json!("auth_error"), &json!("unauthorized")));
        body["message"].as_str().unwrap().to_owned()
    };
    for key in ["dead".to_owned(), "dead".repeat(15), "dead".repeat(17)] {
        let message = message(&key);
        assert!(message.contains("invalid") && message.contains("wrong length"), "{message}");
        assert!(message.contains("64 characters"), "{message}");
    }
    assert!(!message(&"dead".repeat(16)).contains("length"));
}

#[test]
fn attio_stamps_whole_milliseconds_with_nine_digits() {
    let mut workspace = Workspace::new();
    workspace.now = "2026-06-01T12:00:00.123999999Z".parse().unwrap();
    let person = workspace.create("people", json!({"name": "Doe, Jane", "description": "first"}));
    let path = format!("/v2/objects/people/records/{person}");
    workspace.data("PATCH", &path, json!({"data": {"values": {"description": "second"}}}));
    let note = json!({"data": {"parent_object": "people", "parent_record_id": person, "title": "T",
        "format": "plaintext", "content": "C", "created_at": "2026-05-01T10:00:00.987654321Z"}});
    let note = workspace.data("POST", "/v2/notes", note);
    assert_eq!(note["created_at"], "2026-05-01T10:00:00.987000000Z");
    let task = json!({"data": {"content": "C", "format": "plaintext", "deadline_at": null, "is_completed": true,
        "linked_records": [], "assignees": []}});
    let task = workspace.data("POST", "/v2/tasks", task);
    let record = workspace.data("GET", &path, Value::Null);
    let past = workspace.data(
        "GET",
        &format!("{path}/attributes/description/values?show_historic=true"),
        Value::Null,
    );
    let shown = json!([record, past, note, task]).to_string();
    let stamps: Vec<&str> =
        shown.split('"').filter(|text| text.starts_with("2026-") && text.ends_with('Z')).collect();
    assert!(stamps.len() > 10, "{shown}");
    for stamp in &stamps {
        assert!(
            stamp.len() == "2026-06-01T12:00:00.123000000Z".len() && stamp.ends_with("000000Z"),
            "{stamp}"
        );
    }
    assert!(stamps.contains(&"2026-06-01T12:00:01.123000000Z"), "cut off, not rounded: {shown}");
    let answer = send(&mut workspace, "GET", &path, &Value::Null);
    assert!(answer.headers()["x-accurate-at"].to_str().unwrap().ends_with("000000Z"));
}
