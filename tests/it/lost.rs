//! Lost answers: a create is sent once, whatever happens to its answer.

use crate::common::{NOTHING, Place, Recorder};
use serde_json::{Value, json};

/// Every way for an answer to be lost at once after the request was processed.
const LOST: [&str; 6] = [
    "commit-reset",
    "commit-status:500",
    "commit-status:502",
    "commit-status:503",
    "commit-status:504",
    "commit-cut",
];

/// Runs a create while the answers to its POST are lost.
fn lose(path: &str, action: &str, args: &[&str]) -> (Recorder, crate::common::Run, Place) {
    let server = Recorder::new(&[&format!("POST {path}={action}*")]);
    let place = Place::new();
    let run = place.against(&server.base_url, args);
    (server, run, place)
}

#[test]
fn a_create_without_anything_unique_is_sent_once_and_told() {
    let creates: [(&str, &[&str], &str); 3] = [
        ("/v2/notes", &["create-note", "acme.com", "T", "text"], "list-notes"),
        ("/v2/objects/deals/records", &["create-deal", "New deal", "--stage", "Lead"], "search-deals"),
        (
            "/v2/objects/companies/records",
            &["create-company", "Nameless", "--allow-duplicate"],
            "search-companies",
        ),
    ];
    for (path, args, check) in creates {
        for action in LOST {
            let (server, run, place) = lose(path, action, args);
            let error = run.error(8);
            assert_eq!(error["kind"], "ambiguous_write", "{path} {action}");
            assert_eq!(error["retry_safe"], false);
            assert_eq!(error["attempts"], 1);
            assert!(error["sent_at"].is_string());
            assert_eq!(error["check_command"][1], check, "{path} {action}: {error}");
            assert_eq!(server.count("POST", path), 1, "{path} {action}: {:?}", server.calls());
            assert_eq!(place.audit().len(), 1);
        }
    }
}

#[test]
fn a_create_that_is_never_answered_is_sent_once_and_told() {
    let id = NOTHING;
    let args = ["create-note", "--object", "companies", id, "T", "text", "--timeout", "1"];
    let (server, run, _) = lose("/v2/notes", "commit-hang", &args);
    assert_eq!(run.error(8)["retry_safe"], false);
    assert_eq!(server.calls(), ["POST /v2/notes"]);
}

#[test]
fn the_check_command_shows_what_was_written() {
    let (server, run, place) = lose("/v2/notes", "commit-reset", &["create-note", "acme.com", "T", "text"]);
    let error = run.error(8);
    let words: Vec<&str> =
        error["check_command"].as_array().unwrap().iter().skip(1).map(|w| w.as_str().unwrap()).collect();
    let notes = place.against(&server.base_url, &words).json();
    assert_eq!(notes[0]["content_plaintext"], "text");
}

#[test]
fn the_check_command_looks_where_the_write_went() {
    let server = Recorder::new(&["POST /v2/notes=commit-reset*"]);
    let place = Place::new();
    let args = ["create-note", "acme.com", "T", "text", "--base-url", &server.base_url];
    let error = place.against("http://127.0.0.1:9", &args).error(8);
    let words = error["check_command"].as_array().unwrap();
    assert_eq!(words[words.len() - 2..], ["--base-url", server.base_url.as_str()]);
}

#[test]
fn a_create_with_something_unique_is_resolved_by_reading() {
    let creates: [(&str, &[&str]); 2] = [
        ("/v2/objects/companies/records", &["create-company", "Zeta", "--domain", "zeta.example.com"]),
        ("/v2/objects/people/records", &["create-person", "j@zeta.example.com", "--first-name", "J"]),
    ];
    for (path, args) in creates {
        for action in ["commit-reset", "commit-status:500", "commit-status:503", "commit-cut"] {
            let server =
                Recorder::new(&[&format!("POST {path}/query=pass*"), &format!("POST {path}={action}*")]);
            let run = Place::new().against(&server.base_url, args);
            let record = run.json();
            assert_eq!(record["resolved_after_ambiguity"], true, "{path} {action}");
            assert_eq!(server.count("POST", path), 1, "{path} {action}");
        }
    }
}

#[test]
fn a_record_that_was_there_before_is_not_taken_for_ours() {
    let path = "/v2/objects/companies/records";
    let server =
        Recorder::new(&[&format!("POST {path}/query=pass*"), &format!("POST {path}=commit-status:500*")]);
    let error =
        Place::new().against(&server.base_url, &["create-company", "Other", "--domain", "acme.com"]).error(7);
    assert!(error["existing_record_id"].is_string(), "{error}");
    assert_eq!(server.count("POST", path), 1);
}

#[test]
fn nothing_found_stays_unknown() {
    // Not processed at all, so reading back finds nothing; it is not sent again even so.
    let path = "/v2/objects/companies/records";
    let server = Recorder::new(&[&format!("POST {path}/query=pass*"), &format!("POST {path}=status:500*")]);
    let args = ["create-company", "Zeta", "--domain", "zeta.example.com"];
    let error = Place::new().against(&server.base_url, &args).error(8);
    assert_eq!(error["check_command"][1], "search-companies");
    assert_eq!(server.count("POST", &format!("{path}/query")), 2);
    assert_eq!(server.count("POST", path), 0, "the fault took the only one");
}

#[test]
fn an_idempotent_write_is_repeated_until_it_is_done() {
    for action in ["commit-reset*2", "commit-status:503*2", "reset*2", "status:500*2", "commit-cut*2"] {
        let server = Recorder::new(&[&format!("PATCH /v2/objects/companies={action}")]);
        let place = Place::new();
        let run =
            place.against(&server.base_url, &["update-company", "acme.com", "--domain", "acme.example.com"]);
        let domains = run.json()["values"]["domains"].clone();
        assert_eq!(
            domains.as_array().unwrap().iter().filter(|d| **d == "acme.example.com").count(),
            1,
            "{action}"
        );
        assert_eq!(place.audit().len(), 3);
    }
}

#[test]
fn an_upsert_may_be_repeated_too() {
    let server = Recorder::new(&["PATCH /v2/objects/companies=commit-reset*2"]);
    let args = ["create-company", "Zeta", "--domain", "zeta.example.com", "--upsert"];
    let place = Place::new();
    let created = place.against(&server.base_url, &args).json();
    assert_eq!((&created["created"], &created["values"]["name"]), (&json!(true), &json!("Zeta")));
    let updated = [&args as &[&str], &["--description", "Letters"]].concat();
    let updated = place.against(&server.base_url, &updated).json();
    assert_eq!((&updated["created"], &updated["record_id"]), (&json!(false), &created["record_id"]));
    assert_eq!(server.count("POST", "/v2/objects/companies/records"), 1);
    assert_eq!(server.calls().iter().filter(|call| call.starts_with("PATCH")).count(), 3);
}

#[test]
fn a_delete_that_arrived_the_first_time_is_done() {
    let server = Recorder::new(&["DELETE /v2/notes=commit-reset*1"]);
    let place = Place::new();
    let notes = place.against(&server.base_url, &["list-notes", "acme.com", "--limit", "1"]).json();
    let id = notes[0]["note_id"].as_str().unwrap();
    let gone = place.against(&server.base_url, &["delete-note", id, "--yes"]).json();
    assert_eq!(gone["deleted"], Value::from(true));
    let error = place.against(&server.base_url, &["delete-note", id, "--yes"]).error(3);
    assert_eq!(error["code"], "not_found");
}

#[test]
fn a_write_that_never_gets_an_answer_is_not_called_unchanged() {
    let server = Recorder::new(&["PATCH /v2/objects/companies=commit-status:500*"]);
    let error = Place::new()
        .against(&server.base_url, &["update-company", "acme.com", "--name", "Acme Inc"])
        .error(8);
    assert_eq!(error["retry_safe"], true);
    assert_eq!(error["check_command"][1], "get-company");
    assert!(error["hint"].as_str().unwrap().starts_with("running the same command again is safe; check: "));
}

#[tokio::test]
async fn a_create_answered_with_anything_else_is_told_as_unknown() {
    for answer in ["{}", "", "[]", "<html>"] {
        let server = wiremock::MockServer::start().await;
        let created = wiremock::ResponseTemplate::new(200).set_body_string(answer);
        wiremock::Mock::given(wiremock::matchers::any()).respond_with(created).expect(1).mount(&server).await;
        let note = ["create-note", "--object", "companies", NOTHING, "T", "text"];
        let error = Place::new().against(&server.uri(), &note).error(8);
        assert_eq!(error["check_command"][1], "list-notes", "{answer:?}");
    }
}
