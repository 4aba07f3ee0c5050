//! Notes and tasks.

use crate::common::NOTHING;
use serde_json::{Value, json};

use super::{Walk, id};

pub fn walk(walk: &mut Walk) {
    let acme = walk.company("acme.com");
    notes(walk, &acme);
    tasks(walk, &acme);
}

fn notes(walk: &mut Walk, acme: &str) {
    let (all, one) = ("/v2/notes", "/v2/notes/{}");
    let create = format!("POST {all}");
    let mut note = json!({ "data": {
        "parent_object": "companies", "parent_record_id": acme, "title": "T",
        "format": "markdown", "content": "# Title\n- **bold** [link](https://example.com)",
        "created_at": "2026-01-01T00:00:00Z",
    } });
    let made = walk.ok(&create, &[], note.clone());
    assert_eq!(made["content_plaintext"], "Title\n- bold link");
    for (key, bad, status, code) in [
        ("format", json!("html"), 400, "validation_type"),
        ("created_at", json!("2126-01-01T00:00:00Z"), 400, "validation_type"),
        ("parent_record_id", json!(NOTHING), 404, "not_found"),
    ] {
        let good = std::mem::replace(&mut note["data"][key], bad);
        walk.refused(&create, &[], note.clone(), status, code);
        note["data"][key] = good;
    }
    note["data"]["format"] = json!("plaintext");
    walk.ok(&create, &[], note);

    let own = format!("GET {all}?parent_object=companies&parent_record_id={acme}&limit=50&offset=0");
    assert!(walk.ok(&own, &[], Value::Null).as_array().unwrap().len() > 1);
    walk.ok("GET /v2/notes", &[], Value::Null);
    walk.refused(&format!("GET {all}?limit=51"), &[], Value::Null, 400, "validation_type");
    walk.refused(&format!("GET {all}?parent_object=planets"), &[], Value::Null, 404, "not_found");

    let note = id(&made, "note_id");
    let change = json!({ "data": { "title": "U", "format": "plaintext", "content": "*as it is*" } });
    let after = walk.ok(&format!("PATCH {one}"), &[&note], change.clone());
    assert_eq!(after["content_plaintext"], "*as it is*");
    read_and_delete(walk, one, &note, &change);
}

fn tasks(walk: &mut Walk, acme: &str) {
    let (all, one) = ("/v2/tasks", "/v2/tasks/{}");
    let create = format!("POST {all}");
    let mut task = json!({ "data": {
        "content": "Call", "format": "plaintext", "deadline_at": "2026-07-01T10:00:00Z", "is_completed": false,
        "linked_records": [{ "target_object": "companies", "target_record_id": acme }],
        "assignees": [{ "workspace_member_email_address": "ada@example.com" }],
    } });
    let made = walk.ok(&create, &[], task.clone());
    for (key, bad, status, code) in [
        ("deadline_at", json!("tomorrow"), 400, "validation_type"),
        ("is_completed", json!("no"), 400, "validation_type"),
        (
            "linked_records",
            json!([{ "target_object": "planets", "target_record_id": NOTHING }]),
            404,
            "not_found",
        ),
    ] {
        let good = std::mem::replace(&mut task["data"][key], bad);
        walk.refused(&create, &[], task.clone(), status, code);
        task["data"][key] = good;
    }
    task["data"]["deadline_at"] = Value::Null;
    task["data"]["linked_records"] =
        json!([{ "target_object": "companies", "domains": [{ "domain": "acme.com" }] }]);
    walk.ok(&create, &[], task);

    let own = format!("GET {all}?linked_object=companies&linked_record_id={acme}&is_completed=false");
    assert!(walk.ok(&own, &[], Value::Null).as_array().unwrap().len() > 1);
    walk.ok("GET /v2/tasks?assignee=ada@example.com&sort=created_at:desc&limit=5", &[], Value::Null);
    walk.ok("GET /v2/tasks", &[], Value::Null);
    walk.refused("GET /v2/tasks?is_completed=perhaps", &[], Value::Null, 400, "validation_type");

    let task = id(&made, "task_id");
    let change = json!({ "data": { "is_completed": true, "deadline_at": null, "assignees": [] } });
    let after = walk.ok(&format!("PATCH {one}"), &[&task], change.clone());
    assert_eq!(after["is_completed"], true);
    read_and_delete(walk, one, &task, &change);
}

/// Deletes what the path leads to; then nothing more can be done with it.
fn read_and_delete(walk: &mut Walk, path: &str, id: &str, change: &Value) {
    walk.ok(&format!("GET {path}"), &[id], Value::Null);
    walk.ok(&format!("DELETE {path}"), &[id], Value::Null);
    for (method, body) in [("GET", &Value::Null), ("PATCH", change), ("DELETE", &Value::Null)] {
        walk.refused(&format!("{method} {path}"), &[id], body.clone(), 404, "not_found");
    }
}
