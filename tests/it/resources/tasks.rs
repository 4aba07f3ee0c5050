//! Tasks: deadlines, assignees and linked records.

use super::{field, planned};
use crate::common::{NOTHING, Place};
use serde_json::{Value, json};

#[test]
fn a_new_task_has_all_six_fields() {
    assert_eq!(
        planned(&["tasks", "create", "--content", "Call"]),
        json!({"method": "POST", "path": "/v2/tasks", "body": {"data": {"content": "Call",
            "format": "plaintext", "deadline_at": null, "is_completed": false, "linked_records": [],
            "assignees": []}}})
    );
}

#[test]
fn records_and_members_are_named_as_people_name_them() {
    let acme = field(&Place::new(), &["get-company", "acme.com"], "record_id");
    let renewal = field(&Place::new(), &["get-deal", "name:Globex renewal"], "record_id");
    let task =
        ["tasks", "create", "--content", "Call", "--deadline-at", "2026-12-24", "--record", "acme.com"];
    let more =
        ["--record", "deals:name:Globex renewal", "--assignee", "ada@example.com", "--assignee", NOTHING];
    let data = planned(&[&task[..], &more].concat())["body"]["data"].take();
    assert_eq!(data["deadline_at"], "2026-12-24T23:59:59Z");
    assert_eq!(
        data["linked_records"],
        json!([{"target_object": "companies", "target_record_id": acme},
            {"target_object": "deals", "target_record_id": renewal}])
    );
    assert_eq!(
        data["assignees"],
        json!([{"workspace_member_email_address": "ada@example.com"},
            {"referenced_actor_type": "workspace-member", "referenced_actor_id": NOTHING}])
    );
}

#[test]
fn data_keeps_its_say() {
    let body = r#"{"content": "Call", "is_completed": true, "linked_records": [{"target_object": "people",
        "email_addresses": [{"email_address": "jane@acme.com"}]}]}"#;
    let data = planned(&["tasks", "create", "--data", body])["body"]["data"].take();
    let expected: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&data["is_completed"], &data["linked_records"]), (&json!(true), &expected["linked_records"]));
    assert_eq!(
        planned(&["tasks", "update", NOTHING, "--data", r#"{"deadline_at": null}"#])["body"],
        json!({"data": {"deadline_at": null}})
    );
}

#[test]
fn a_task_from_beginning_to_end() {
    let place = Place::new();
    let task =
        place.sandbox(&["tasks", "create", "--content", "Call", "--assignee", "ada@example.com"]).json();
    let id = task["task_id"].as_str().unwrap();
    let mine = ["tasks", "list", "--assignee", "ada@example.com", "--is-completed", "false", "-o", "ids"];
    assert!(place.sandbox(&mine).stdout.lines().any(|line| line == id));
    place.sandbox(&["tasks", "update", id]).error(2);
    assert_eq!(field(&place, &["tasks", "update", id, "--is-completed", "true"], "is_completed"), true);
    assert_eq!(field(&place, &["tasks", "get", id], "content_plaintext"), "Call");
    let error = place.sandbox(&["tasks", "create", "--content", "Call", "--deadline-at", "soon"]).error(2);
    assert!(error["message"].as_str().unwrap().contains("friday"), "{error}");
    assert_eq!(
        place.sandbox(&["tasks", "delete", id, "--yes"]).json(),
        json!({"task_id": id, "deleted": true})
    );
    place.sandbox(&["tasks", "get", id]).error(3);
}

#[test]
fn a_note_is_changed_in_parts() {
    let place = Place::new();
    let note = place.sandbox(&["create-note", "acme.com", "Title", "Text", "-o", "ids"]);
    let note = note.stdout.trim();
    let changed = place.sandbox(&["notes", "update", note, "--title", "New"]).json();
    assert_eq!((&changed["title"], &changed["content_plaintext"]), (&json!("New"), &json!("Text")));
    place.sandbox(&["notes", "update", note, "--content", "*x*"]).error(2);
    let content = ["notes", "update", note, "--format", "markdown", "--content", "**x**"];
    assert_eq!(field(&place, &content, "content_plaintext"), "x");
}
