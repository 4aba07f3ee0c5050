//! Comments: threads, what they hang on and what takes them away.
use serde_json::{Value, json};

use super::workspace::{Workspace, id};

fn author(workspace: &mut Workspace) -> String {
    let members = workspace.data("GET", "/v2/workspace_members", Value::Null);
    members[0]["id"]["workspace_member_id"].as_str().unwrap().to_owned()
}

/// Posts a comment with one more key.
fn comment(workspace: &mut Workspace, text: &str, key: &str, target: Value) -> Value {
    let author = author(workspace);
    workspace.data("POST", "/v2/comments", body(text, &author, key, target))
}

fn body(text: &str, author: &str, key: &str, target: Value) -> Value {
    json!({"data": {"format": "plaintext", "content": text, "author": {"type": "workspace-member", "id": author},
        key: target}})
}

fn contents(thread: &Value) -> Vec<&str> {
    thread["comments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["content_plaintext"].as_str().unwrap())
        .collect()
}

#[test]
fn the_first_comment_opens_a_thread_of_its_own_id_and_takes_it_away_again() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({"name": "Discussed"}));
    let first =
        comment(&mut workspace, "One", "record", json!({"object": "companies", "record_id": company}));
    assert_eq!(first["thread_id"], first["id"]["comment_id"]);
    assert_eq!(first["record"]["record_id"], company.as_str());
    assert_eq!((&first["entry"], &first["resolved_by"]), (&Value::Null, &Value::Null));
    let second = comment(&mut workspace, "Two", "thread_id", first["thread_id"].clone());
    assert_eq!((&second["thread_id"], &second["record"]), (&first["thread_id"], &first["record"]));

    let path = format!("/v2/threads/{}", first["thread_id"].as_str().unwrap());
    assert_eq!(contents(&workspace.data("GET", &path, Value::Null)), ["One", "Two"]);
    let comment_path = |one: &Value| format!("/v2/comments/{}", one["id"]["comment_id"].as_str().unwrap());
    workspace.data("DELETE", &comment_path(&second), Value::Null);
    assert_eq!(contents(&workspace.data("GET", &path, Value::Null)), ["One"]);
    let third = comment(&mut workspace, "Three", "thread_id", first["thread_id"].clone());
    workspace.data("DELETE", &comment_path(&first), Value::Null);
    workspace.refused("GET", &path, Value::Null, 404, "not_found");
    workspace.refused("GET", &comment_path(&third), Value::Null, 404, "not_found");
}

#[test]
fn a_comment_needs_an_author_who_is_a_member_and_exactly_one_target() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({"name": "Discussed"}));
    let record = json!({"object": "companies", "record_id": company});
    let author = author(&mut workspace);
    let both = {
        let mut both = body("x", &author, "record", record.clone());
        both["data"]["thread_id"] = json!(author);
        both
    };
    for bad in [both, body("x", &author, "nothing", json!(1)), body("x", "ada", "record", record.clone())] {
        workspace.refused("POST", "/v2/comments", bad, 400, "validation_type");
    }
    let stranger = body("x", &company, "record", record);
    workspace.refused("POST", "/v2/comments", stranger, 400, "value_not_found");
    let error =
        workspace.refused("POST", "/v2/comments", json!({"data": {"author": {}}}), 400, "validation_type");
    let paths: Vec<&Value> =
        error["validation_errors"].as_array().unwrap().iter().map(|one| &one["path"]).collect();
    let missing = [
        json!(["data", "format"]),
        json!(["data", "content"]),
        json!(["data", "author", "type"]),
        json!(["data", "author", "id"]),
    ];
    assert_eq!(paths, missing.iter().collect::<Vec<_>>());
}

#[test]
fn threads_of_a_record_and_of_its_entry_are_apart_and_go_with_them() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({"name": "Discussed"}));
    let entry =
        json!({"data": {"parent_object": "companies", "parent_record_id": company, "entry_values": {}}});
    let entry = workspace.data("POST", "/v2/lists/partners/entries", entry);
    let entry = entry["id"]["entry_id"].as_str().unwrap();
    comment(&mut workspace, "On the record", "record", json!({"object": "companies", "record_id": company}));
    let made =
        comment(&mut workspace, "On the entry", "entry", json!({"list": "partners", "entry_id": entry}));
    assert_eq!(made["record"]["record_id"], company.as_str());

    let of_record = format!("/v2/threads?object=companies&record_id={company}");
    let of_entry = format!("/v2/threads?list=partners&entry_id={entry}");
    let found = workspace.data("GET", &of_record, Value::Null);
    assert_eq!((found.as_array().unwrap().len(), contents(&found[0])), (1, vec!["On the record"]));
    let found = workspace.data("GET", &of_entry, Value::Null);
    assert_eq!((found.as_array().unwrap().len(), contents(&found[0])), (1, vec!["On the entry"]));
    workspace.data("DELETE", &format!("/v2/lists/partners/entries/{entry}"), Value::Null);
    assert_eq!(workspace.data("GET", &of_entry, Value::Null), json!([]));
    workspace.data("DELETE", &format!("/v2/objects/companies/records/{company}"), Value::Null);
    assert_eq!(workspace.data("GET", &of_record, Value::Null), json!([]));
}

#[test]
fn a_listing_shows_eighty_replies_and_a_thread_pages_through_all() {
    let mut workspace = Workspace::new();
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let of_acme = format!("/v2/threads?object=companies&record_id={acme}");
    let seeded = workspace.data("GET", &of_acme, Value::Null);
    assert_eq!((contents(&seeded[0]).len(), &seeded[0]["has_more_comments"]), (2, &json!(false)));
    let thread = seeded[0]["id"]["thread_id"].clone();
    for reply in 2..=81 {
        comment(&mut workspace, &format!("Reply {reply}"), "thread_id", thread.clone());
    }
    let listed = workspace.data("GET", &of_acme, Value::Null);
    assert_eq!((contents(&listed[0]).len(), &listed[0]["has_more_comments"]), (81, &json!(true)));

    let path = format!("/v2/threads/{}", thread.as_str().unwrap());
    let mut all = Vec::new();
    let mut query = "?limit=50".to_owned();
    loop {
        let (_, page) = workspace.call("GET", &format!("{path}{query}"), Value::Null);
        all.extend(contents(&page["data"]).into_iter().map(str::to_owned));
        let Some(cursor) = page["pagination"]["next_cursor"].as_str() else { break };
        query = format!("?limit=50&cursor={}", cursor.replace('+', "%2B"));
    }
    assert_eq!((all.len(), all.last().unwrap().as_str()), (82, "Reply 81"));
    let (_, late) = workspace.call("GET", &format!("{path}?created_after=2026-06-01T12:00:00Z"), Value::Null);
    assert_eq!(contents(&late["data"])[0], "Reply 2", "what the seed holds is older");
}
