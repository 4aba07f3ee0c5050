//! Comments and the threads they make.

use crate::common::NOTHING;
use serde_json::{Value, json};

use super::{Walk, id};

pub fn walk(walk: &mut Walk) {
    let acme = walk.company("acme.com");
    let members = walk.ok("GET /v2/workspace_members", &[], Value::Null);
    let author = json!({ "type": "workspace-member", "id": id(&members[0], "workspace_member_id") });
    let comment = |key: &str, target: Value| json!({ "data": { "format": "plaintext", "content": "Hm", "author": author, key: target } });
    let create = "POST /v2/comments";
    let on_record = comment("record", json!({ "object": "companies", "record_id": acme }));
    let first = walk.ok(create, &[], on_record.clone());
    let thread = first["thread_id"].as_str().unwrap().to_owned();
    walk.ok(create, &[], comment("thread_id", json!(thread)));
    let mut dated = comment("thread_id", json!(thread));
    dated["data"]["created_at"] = json!("2026-01-01T00:00:00Z");
    walk.ok(create, &[], dated.clone());
    dated["data"]["created_at"] = json!("2126-01-01T00:00:00Z");
    walk.refused(create, &[], dated, 400, "validation_type");
    walk.refused(create, &[], comment("thread_id", json!(NOTHING)), 400, "value_not_found");

    let entries = walk.ok("POST /v2/lists/{}/entries/query", &["sales_pipeline"], json!({}));
    let entry = id(&entries[0], "entry_id");
    let on_entry = comment("entry", json!({ "list": "sales_pipeline", "entry_id": entry }));
    assert_eq!(walk.ok(create, &[], on_entry)["entry"]["entry_id"], entry.as_str());

    listings(walk, &acme, &entry);
    pages(walk, &thread);
    let comment = id(&first, "comment_id");
    walk.ok("GET /v2/comments/{}", &[&comment], Value::Null);
    walk.ok("DELETE /v2/comments/{}", &[&comment], Value::Null);
    for route in ["GET /v2/comments/{}", "DELETE /v2/comments/{}", "GET /v2/threads/{}"] {
        walk.refused(route, &[&comment], Value::Null, 404, "not_found");
    }
}

fn listings(walk: &mut Walk, acme: &str, entry: &str) {
    walk.ok("GET /v2/threads", &[], Value::Null);
    let on_record = format!("GET /v2/threads?object=companies&record_id={acme}&limit=50&offset=0");
    assert_eq!(walk.ok(&on_record, &[], Value::Null).as_array().unwrap().len(), 2);
    let on_entry = format!("GET /v2/threads?list=sales_pipeline&entry_id={entry}");
    assert_eq!(walk.ok(&on_entry, &[], Value::Null).as_array().unwrap().len(), 1);
    walk.refused("GET /v2/threads?object=companies", &[], Value::Null, 400, "validation_type");
    walk.refused("GET /v2/threads?limit=51", &[], Value::Null, 400, "validation_type");
}

/// Three comments, two of them at a time.
fn pages(walk: &mut Walk, thread: &str) {
    let (status, page) = walk.call("GET /v2/threads/{}?limit=2", &[thread], &Value::Null);
    assert_eq!((status, page["data"]["comments"].as_array().unwrap().len()), (200, 2));
    let cursor = page["pagination"]["next_cursor"].as_str().unwrap().replace('+', "%2B");
    let (_, rest) =
        walk.call(&format!("GET /v2/threads/{{}}?limit=2&cursor={cursor}"), &[thread], &Value::Null);
    assert_eq!(rest["data"]["comments"].as_array().unwrap().len(), 1);
    assert_eq!(rest["pagination"], json!({ "next_cursor": null }));
    walk.refused("GET /v2/threads/{}?cursor=x", &[thread], Value::Null, 400, "validation_type");
}
