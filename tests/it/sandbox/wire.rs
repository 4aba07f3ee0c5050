//! What requests and answers have in common, over all routes: numbers, words, sizes, headers, times, refusals.

use attio_crm::sandbox::{respond, routes};
use http::Response;
use serde_json::{Value, json};

use super::workspace::{Workspace, request};

const RECORD: &str = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

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

/// A body with a word of a closed vocabulary, where the word is in it, and the vocabulary.
fn vocabularies(
    workspace: &mut Workspace,
) -> Vec<(&'static str, &'static str, Value, &'static str, Vec<&'static str>)> {
    let ada =
        workspace.data("GET", "/v2/workspace_members", Value::Null)[0]["id"]["workspace_member_id"].clone();
    let access = ["full-access", "read-and-write", "read-only"];
    let list = json!({"data": {"name": "L", "api_slug": "l", "parent_object": "people",
        "workspace_access": "full-access",
        "workspace_member_access": [{"workspace_member_id": ada, "level": "read-only"}]}});
    let attribute = json!({"data": {"title": "T", "description": null, "api_slug": "t", "type": "currency",
        "is_required": false, "is_unique": false, "is_multiselect": false, "config": {}}});
    let note = json!({"data": {"parent_object": "people", "parent_record_id": RECORD, "title": "T",
        "format": "plaintext", "content": "C"}});
    let task = json!({"data": {"content": "C", "format": "plaintext", "deadline_at": null, "is_completed": false,
        "linked_records": [], "assignees": []}});
    let comment = json!({"data": {"format": "plaintext", "content": "C",
        "author": {"type": "workspace-member", "id": ada}, "thread_id": RECORD}});
    let meeting = json!({"data": {"title": "T", "description": "", "is_all_day": true,
        "start": {"date": "2026-01-01"}, "end": {"date": "2026-01-02"},
        "participants": [{"email_address": "a@b.com", "is_organizer": true, "status": "accepted"}]}});
    let webhook = json!({"data": {"target_url": "https://example.com", "subscriptions": [
        {"event_type": "note.created",
            "filter": {"$and": [{"field": "id.list_id", "operator": "equals", "value": RECORD}]}}]}});
    let folder = json!({"file_type": "folder", "object": "people", "record_id": RECORD, "name": "F"});
    vec![
        ("POST", "/v2/lists", list.clone(), "/data/workspace_access", access.into()),
        ("POST", "/v2/lists", list, "/data/workspace_member_access/0/level", access.into()),
        ("POST", "/v2/objects/people/attributes", attribute, "/data/type", vec!["text", "number"]),
        ("POST", "/v2/notes", note, "/data/format", vec!["plaintext", "markdown"]),
        ("POST", "/v2/tasks", task, "/data/format", vec!["plaintext"]),
        ("POST", "/v2/comments", comment.clone(), "/data/format", vec!["plaintext"]),
        ("POST", "/v2/comments", comment, "/data/author/type", vec!["workspace-member"]),
        (
            "POST",
            "/v2/meetings",
            meeting,
            "/data/participants/0/status",
            vec!["accepted", "tentative", "declined", "pending"],
        ),
        ("POST", "/v2/webhooks", webhook.clone(), "/data/subscriptions/0/event_type", vec![]),
        (
            "POST",
            "/v2/webhooks",
            webhook,
            "/data/subscriptions/0/filter/$and/0/operator",
            vec!["equals", "not_equals"],
        ),
        ("POST", "/v2/files", folder, "/file_type", vec!["folder", "connected-file", "connected-folder"]),
    ]
}

#[test]
fn a_word_that_is_none_of_those_allowed_is_answered_with_those() {
    let mut workspace = Workspace::new();
    for (method, path, body, pointer, options) in vocabularies(&mut workspace) {
        let at: Vec<Value> = pointer
            .split('/')
            .skip(1)
            .map(|part| part.parse::<u64>().map_or_else(|_| json!(part), |index| json!(index)))
            .collect();
        let mut fault = |body: &Value| {
            let error = workspace.refused(method, path, body.clone(), 400, "validation_type");
            let faults = error["validation_errors"].as_array().unwrap().clone();
            faults.into_iter().find(|fault| fault["path"] == json!(at)).unwrap_or_else(|| panic!("{error}"))
        };
        let mut wrong = body.clone();
        *wrong.pointer_mut(pointer).unwrap() = json!("Zz");
        let wrong_word = fault(&wrong);
        assert_eq!((&wrong_word["code"], &wrong_word["received"]), (&json!("invalid_option"), &json!("Zz")));
        let allowed = wrong_word["options"].as_array().unwrap_or_else(|| panic!("{wrong_word}"));
        let allowed: Vec<&str> = allowed.iter().map(|word| word.as_str().unwrap()).collect();
        assert!(!allowed.is_empty() && options.iter().all(|option| allowed.contains(option)), "{wrong_word}");
        let expected = allowed.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" | ");

        *wrong.pointer_mut(pointer).unwrap() = json!(5);
        let wrong_type = fault(&wrong);
        let of =
            |fault: &Value| (fault["code"].clone(), fault["expected"].clone(), fault["received"].clone());
        assert_eq!(
            of(&wrong_type),
            (json!("invalid_type"), json!(expected), json!("number")),
            "{wrong_type}"
        );

        let (parent, key) = pointer.rsplit_once('/').unwrap();
        wrong.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        let missing = fault(&wrong);
        assert_eq!(of(&missing), (json!("invalid_type"), json!(expected), json!("undefined")), "{missing}");
        assert_eq!(missing["message"], "Required");
    }
    for (path, name, options) in [
        ("/v2/meetings", "sort", json!(["start_asc", "start_desc"])),
        (
            "/v2/tasks",
            "sort",
            json!(["created_at:asc", "created_at:desc", "completed_at:asc", "completed_at:desc"]),
        ),
        (
            &format!("/v2/files?object=people&record_id={RECORD}"),
            "storage_provider",
            json!(["attio", "dropbox", "box", "google-drive", "microsoft-onedrive"]),
        ),
    ] {
        let and = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{and}{name}=Zz");
        let error = workspace.refused("GET", &path, Value::Null, 400, "validation_type");
        let fault = &error["validation_errors"][0];
        assert_eq!(
            (&fault["path"], &fault["options"], &fault["code"]),
            (&json!([name]), &options, &json!("invalid_option"))
        );
    }
    let nowhere = json!({"line_1": null, "line_2": null, "line_3": null, "line_4": null, "locality": null,
        "region": null, "postcode": null, "country_code": "XX", "latitude": null, "longitude": null});
    let body = json!({"data": {"values": {"primary_location": nowhere}}});
    let error = workspace.refused("POST", "/v2/objects/people/records", body, 400, "validation_type");
    let fault = &error["validation_errors"][0];
    assert_eq!((&fault["path"], &fault["received"]), (&json!(["country_code"]), &json!("XX")));
    assert!(fault["options"].as_array().unwrap().contains(&json!("DE")), "{fault}");
    let currency = json!({"data": {"title": "T", "description": null, "api_slug": "t", "type": "currency",
        "is_required": false, "is_unique": false, "is_multiselect": false,
        "config": {"currency": {"default_currency_code": "ABC", "display_type": "dots"}}}});
    let error = workspace.refused("POST", "/v2/objects/people/attributes", currency, 400, "validation_type");
    for fault in error["validation_errors"].as_array().unwrap() {
        assert_eq!(fault["code"], "invalid_option");
        assert!(fault["options"].as_array().unwrap().len() > 3, "{fault}");
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
fn a_bad_comment_or_meeting_has_its_status_under_both_names() {
    let mut workspace = Workspace::new();
    for (path, body) in [
        ("/v2/comments", json!({})),
        (
            "/v2/comments",
            json!({"data": {"format": "plaintext", "content": "C", "thread_id": RECORD,
            "author": {"type": "workspace-member", "id": RECORD}}}),
        ),
        ("/v2/meetings", json!({})),
        (
            "/v2/meetings",
            json!({"data": {"title": "T", "description": "", "is_all_day": true,
            "start": {"date": "2026-01-01"}, "end": {"date": "2026-01-02"}, "participants": []}}),
        ),
    ] {
        let (status, error) = workspace.call("POST", path, body);
        assert_eq!(
            (status, &error["status_code"], &error["statusCode"]),
            (400, &json!(400), &json!(400)),
            "{path}"
        );
    }
    let (_, other) = workspace.call("POST", "/v2/notes", json!({}));
    assert_eq!((&other["status_code"], other.get("statusCode")), (&json!(400), None));
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
