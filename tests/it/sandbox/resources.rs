//! What surrounds the records of the sandbox: schema, notes, tasks, lists.
use crate::common::NOTHING;
use serde_json::{Value, json};

use super::workspace::{Workspace, id, texts};

#[test]
fn notes_keep_every_byte_and_are_listed_oldest_first_ten_a_page() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({"name": "Noted"}));
    let content = "a\n\n  be\u{301}\u{202e}\u{e0041}\u{1b}[31m \r\n\ttail \n";
    let post = |format: &str, content: &str, at: Value| {
        json!({"data": {"parent_object": "companies", "parent_record_id": company, "title": "T",
            "format": format, "content": content, "created_at": at}})
    };
    let note = workspace.data("POST", "/v2/notes", post("plaintext", content, json!("2026-05-31T12:00:00Z")));
    assert_eq!(note["content_plaintext"], content);
    let marked =
        post("markdown", "## Hi **you** [there](https://example.com)", json!("1999-12-31T23:59:59Z"));
    let marked = workspace.data("POST", "/v2/notes", marked);
    assert_eq!(marked["content_plaintext"], "Hi you there");
    let listed = workspace.data(
        "GET",
        &format!("/v2/notes?parent_object=companies&parent_record_id={company}"),
        Value::Null,
    );
    assert_eq!(listed, json!([marked, note]));
    assert_eq!(workspace.data("GET", "/v2/notes", Value::Null).as_array().unwrap().len(), 10);
    workspace.refused("GET", "/v2/notes?limit=51", Value::Null, 400, "validation_type");
    workspace.data("GET", "/v2/notes?sort=created_at:desc", Value::Null);
    let future = post("plaintext", "x", json!("2030-01-01T00:00:00Z"));
    workspace.refused("POST", "/v2/notes", future, 400, "validation_type");
}

#[test]
fn notes_are_changed_in_part_and_deleted_once() {
    let mut workspace = Workspace::new();
    let note = workspace.data("GET", "/v2/notes?limit=1", Value::Null)[0].clone();
    let path = format!("/v2/notes/{}", note["id"]["note_id"].as_str().unwrap());
    let after = workspace.data("PATCH", &path, json!({"data": {"title": "Renamed"}}));
    assert_eq!(
        (&after["title"], &after["content_plaintext"]),
        (&json!("Renamed"), &note["content_plaintext"])
    );
    assert_eq!(workspace.call("DELETE", &path, Value::Null), (200, json!({})));
    workspace.refused("DELETE", &path, Value::Null, 404, "not_found");
    let on = |id: &str| {
        json!({"data": {"parent_object": "companies", "parent_record_id": id, "title": "T",
            "format": "plaintext", "content": "x"}})
    };
    let nobody = on(NOTHING);
    workspace.refused("POST", "/v2/notes", nobody, 404, "not_found");
    workspace.refused("POST", "/v2/notes", on("nobody"), 400, "validation_type");
    let error =
        workspace.refused("POST", "/v2/notes", json!({"data": {"title": "T"}}), 400, "validation_type");
    assert_eq!(error["validation_errors"].as_array().unwrap().len(), 4);
    assert_eq!(error["validation_errors"][0]["message"], "Required");
}

#[test]
fn tasks_need_all_six_keys_and_are_found_by_record_member_and_state() {
    let mut workspace = Workspace::new();
    let error =
        workspace.refused("POST", "/v2/tasks", json!({"data": {"content": "x"}}), 400, "validation_type");
    assert_eq!(error["validation_errors"].as_array().unwrap().len(), 5);
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let body = json!({"data": {"content": "Call", "format": "plaintext", "deadline_at": null, "is_completed": false,
        "linked_records": [{"target_object": "companies", "domains": [{"domain": "acme.com"}]}],
        "assignees": [{"workspace_member_email_address": "ada@example.com"}]}});
    let task = workspace.data("POST", "/v2/tasks", body);
    assert_eq!(task["linked_records"], json!([{"target_object_id": "companies", "target_record_id": acme}]));
    let open = format!("/v2/tasks?linked_object=companies&linked_record_id={acme}&is_completed=false");
    let listed = workspace.data("GET", &format!("{open}&sort=created_at:desc"), Value::Null);
    assert_eq!(listed[0], task);
    assert_eq!(listed.as_array().unwrap().len(), 3);
    let path = format!("/v2/tasks/{}", task["id"]["task_id"].as_str().unwrap());
    let done = workspace.data("PATCH", &path, json!({"data": {"is_completed": true}}));
    assert!(done["completed_at"].is_string());
    assert_eq!(workspace.data("GET", &open, Value::Null).as_array().unwrap().len(), 2);
    let nobody = workspace.data("GET", "/v2/tasks?assignee=null", Value::Null);
    assert!(nobody.as_array().unwrap().iter().all(|task| task["assignees"] == json!([])));
    let body = json!({"data": {"content": "Call", "format": "plaintext", "deadline_at": null, "is_completed": false,
        "linked_records": [{"target_object": "planets", "target_record_id": acme}], "assignees": []}});
    workspace.refused("POST", "/v2/tasks", body, 404, "not_found");
    let one = format!("/v2/tasks?linked_record_id={acme}");
    workspace.refused("GET", &one, Value::Null, 400, "validation_type");
}

#[test]
fn attributes_options_and_statuses_can_be_added_and_titles_do_not_repeat() {
    let mut workspace = Workspace::new();
    let path = "/v2/objects/companies/attributes";
    let body = json!({"data": {"title": "Tier", "description": null, "api_slug": "tier", "type": "select",
        "is_required": false, "is_unique": false, "is_multiselect": true, "config": {}}});
    let made = workspace.data("POST", path, body.clone());
    assert_eq!(made["is_multiselect"], true);
    workspace.refused("POST", path, body, 409, "slug_conflict");
    let options = format!("{path}/tier/options");
    workspace.data("POST", &options, json!({"data": {"title": "Gold"}}));
    workspace.refused("POST", &options, json!({"data": {"title": "Gold"}}), 409, "slug_conflict");
    workspace.create("companies", json!({"tier": ["Gold"]}));
    workspace.refused("GET", &format!("{path}/tier/statuses"), Value::Null, 400, "validation_type");
    let stages = workspace.data("GET", "/v2/objects/deals/attributes/stage/statuses", Value::Null);
    let titles: Vec<&str> = stages.as_array().unwrap().iter().map(|s| s["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Lead", "In Progress", "Won 🎉", "Lost"]);
}

#[test]
fn a_relationship_can_be_added_and_works_from_both_sides() {
    let mut workspace = Workspace::new();
    let define = |slug: &str| {
        json!({"data": {"title": "Parent", "description": null, "api_slug": "parent", "type": "record-reference",
            "is_required": false, "is_unique": false, "is_multiselect": false, "config": {},
            "relationship": {"object": "companies", "title": "Children", "api_slug": slug, "is_multiselect": true}}})
    };
    let path = "/v2/objects/companies/attributes";
    workspace.refused("POST", path, define("parent"), 400, "validation_type");
    let made = workspace.data("POST", path, define("children"));
    assert_eq!(made["relationship"]["api_slug"], "children");
    let child = workspace.create("companies", json!({"name": "Child", "parent": "acme.com"}));
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    assert_eq!(texts(&acme, "children", "target_record_id"), [child]);
}

#[test]
fn an_entry_is_found_by_its_record_or_made_and_never_guessed() {
    let mut workspace = Workspace::new();
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let body = |values: Value| json!({"data": {"parent_object": "companies", "parent_record_id": acme, "entry_values": values}});
    let path = "/v2/lists/partners/entries";
    let made = workspace.data("PUT", path, body(json!({"region": "Europe"})));
    let after = workspace.data("PUT", path, body(json!({"region": "Americas"})));
    assert_eq!((&after["id"], &after["created_at"]), (&made["id"], &made["created_at"]));
    assert_eq!(after["entry_values"]["region"][0]["option"]["title"], "Americas");
    workspace.data("POST", path, body(json!({})));
    workspace.refused("PUT", path, body(json!({})), 400, "multiple_match_results");
}

#[test]
fn list_entries_have_values_of_their_own_and_may_repeat_a_record() {
    let mut workspace = Workspace::new();
    let list = workspace.data("GET", "/v2/lists/sales_pipeline", Value::Null);
    assert_eq!(list["parent_object"], json!(["companies"]));
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let body = json!({"data": {"parent_object": "companies", "parent_record_id": acme,
        "entry_values": {"stage": "Contacted"}}});
    let entry = workspace.data("POST", "/v2/lists/sales_pipeline/entries", body);
    assert_eq!(entry["entry_values"]["stage"][0]["status"]["title"], "Contacted");
    assert_eq!(entry["parent_record_id"], acme.as_str());
    let query = json!({"filter": {"path": [["sales_pipeline", "parent_record"], ["companies", "name"]],
        "constraints": {"value": {"$eq": "Acme"}}}, "sorts": [{"attribute": "created_at", "direction": "desc"}]});
    let found = workspace.data("POST", "/v2/lists/sales_pipeline/entries/query", query);
    assert_eq!((found.as_array().unwrap().len(), &found[0]), (2, &entry));
    let bad = json!({"filter": {"parent_record_id": acme}});
    let path = "/v2/lists/sales_pipeline/entries/query";
    workspace.refused("POST", path, bad, 400, "unknown_filter_attribute_slug");
}
