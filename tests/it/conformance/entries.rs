//! List entries.

use crate::common::NOTHING;
use serde_json::{Value, json};

use super::{Walk, id};

const CREATE: &str = "POST /v2/lists/{}/entries";
const ONE: &str = "/v2/lists/{}/entries/{}";
const VALUES: &str = "GET /v2/lists/{}/entries/{}/attributes/{}/values";
const LIST: &str = "sales_pipeline";
pub fn walk(walk: &mut Walk) {
    let acme = walk.company("acme.com");
    let entry = create(walk, &acme);
    query(walk);
    update(walk, &entry, &acme);
    rewritten(walk, &entry);
    delete(walk, &entry);
    upsert(walk);
}

/// Finds by the parent record, or creates.
fn upsert(walk: &mut Walk) {
    let route = "PUT /v2/lists/{}/entries";
    let globex = walk.company("globex.com");
    let entry = walk.ok(route, &["partners"], body("companies", &globex, &json!({ "region": "Europe" })));
    let again = walk.ok(route, &["partners"], body("companies", &globex, &json!({})));
    assert_eq!(entry, again);
    walk.refused(route, &["planets"], body("companies", &globex, &json!({})), 404, "not_found");
    walk.refused(route, &["partners"], body("companies", NOTHING, &json!({})), 400, "value_not_found");
    walk.ok(CREATE, &["partners"], body("companies", &globex, &json!({})));
    let several = body("companies", &globex, &json!({}));
    walk.refused(route, &["partners"], several, 400, "multiple_match_results");
}

fn rewritten(walk: &mut Walk, entry: &str) {
    let route = VALUES.replace("GET", "PUT");
    let body = |value: Value| {
        json!({ "data": { "replace_history": true, "values": [
            { "value": value, "active_from": "2024-01-01T00:00:00Z", "active_until": "2024-02-01T00:00:00Z" },
        ] } })
    };
    walk.ok(&route, &[LIST, entry, "priority"], body(json!(3)));
    walk.ok(&format!("{VALUES}?show_historic=true"), &[LIST, entry, "priority"], Value::Null);
    walk.refused(&route, &[LIST, entry, "parent_record"], body(json!(3)), 400, "system_edit_unauthorized");
    walk.refused(&route, &[LIST, NOTHING, "priority"], body(json!(3)), 404, "not_found");
}

fn body(object: &str, record: &str, values: &Value) -> Value {
    json!({ "data": { "parent_object": object, "parent_record_id": record, "entry_values": values } })
}

fn create(walk: &mut Walk, acme: &str) -> String {
    let values = json!({ "stage": "Contacted", "priority": 4, "close_date": "2026-12-01", "reviewed": true });
    let entry = walk.ok(CREATE, &[LIST], body("companies", acme, &values));
    walk.ok(CREATE, &["partners"], body("companies", acme, &json!({})));
    walk.refused(CREATE, &["planets"], body("companies", acme, &values), 404, "not_found");
    walk.refused(CREATE, &[LIST], body("companies", NOTHING, &values), 400, "value_not_found");
    walk.refused(CREATE, &[LIST], body("people", acme, &values), 400, "validation_type");
    let lost = json!({ "stage": "Lost in space" });
    walk.refused(CREATE, &[LIST], body("companies", acme, &lost), 400, "value_not_found");
    walk.refused(CREATE, &[LIST], json!({ "data": {} }), 400, "validation_type");
    id(&entry, "entry_id")
}

fn query(walk: &mut Walk) {
    let query = "POST /v2/lists/{}/entries/query";
    let all = walk.ok(query, &[LIST], json!({}));
    let own = json!({
        "filter": { "path": [[LIST, "parent_record"], ["companies", "name"]], "constraints": { "value": "Acme" } },
        "sorts": [{ "attribute": "priority", "direction": "desc" }],
        "limit": 2,
    });
    let some = walk.ok(query, &[LIST], own);
    assert!(some.as_array().unwrap().len() < all.as_array().unwrap().len());
    walk.refused(query, &["planets"], json!({}), 404, "not_found");
    let parent = json!({ "filter": { "parent_record_id": NOTHING } });
    walk.refused(query, &[LIST], parent, 400, "unknown_filter_attribute_slug");
}

fn update(walk: &mut Walk, entry: &str, acme: &str) {
    for (method, stage) in [("PATCH", "Negotiating"), ("PUT", "Signed")] {
        let route = format!("{method} {ONE}");
        let change = json!({ "data": { "entry_values": { "stage": stage, "next_step": null } } });
        let after = walk.ok(&route, &[LIST, entry], change.clone());
        assert_eq!(after["entry_values"]["stage"][0]["status"]["title"], stage);
        walk.refused(&route, &[LIST, NOTHING], change, 404, "not_found");
        let moved = body("companies", acme, &json!({}));
        walk.refused(&route, &[LIST, entry], moved, 400, "immutable_value");
    }
    let past = walk.ok(&format!("{VALUES}?show_historic=true"), &[LIST, entry, "stage"], Value::Null);
    assert_eq!(past.as_array().unwrap().len(), 3);
    walk.ok(VALUES, &[LIST, entry, "stage"], Value::Null);
    walk.refused(VALUES, &[LIST, entry, "planet"], Value::Null, 404, "not_found");
}

fn delete(walk: &mut Walk, entry: &str) {
    let (read, delete) = (format!("GET {ONE}"), format!("DELETE {ONE}"));
    walk.ok(&read, &[LIST, entry], Value::Null);
    walk.ok(&delete, &[LIST, entry], Value::Null);
    for route in [read, delete] {
        walk.refused(&route, &[LIST, entry], Value::Null, 404, "not_found");
    }
}
