//! Webhooks.

use crate::common::NOTHING;
use serde_json::{Value, json};

use super::{Walk, id};

pub fn walk(walk: &mut Walk) {
    let (create, one) = ("POST /v2/webhooks", "/v2/webhooks/{}");
    let list = id(&walk.ok("GET /v2/lists/{}", &["partners"], Value::Null), "list_id");
    let filter =
        |value: &str| json!({ "$and": [{ "field": "id.list_id", "operator": "equals", "value": value }] });
    let subscription = |filter: Value| json!([{ "event_type": "list-entry.created", "filter": filter }]);
    let mut webhook = json!({ "data": {
        "target_url": "https://example.com/hook", "subscriptions": subscription(filter(&list)),
    } });
    let made = walk.ok(create, &[], webhook.clone());
    assert_eq!(made["secret"].as_str().unwrap().len(), 64);
    walk.refused(create, &[], webhook.clone(), 409, "uniqueness_conflict");
    for (key, bad) in [
        ("target_url", json!("http://example.com/hook")),
        ("subscriptions", json!([])),
        ("subscriptions", subscription(filter(NOTHING))),
        (
            "subscriptions",
            subscription(json!({ "$and": [{ "field": "id", "operator": "like", "value": "x" }] })),
        ),
        ("subscriptions", json!([{ "event_type": "list-entry.created" }])),
        ("subscriptions", json!([{ "event_type": "tea.made", "filter": null }])),
    ] {
        let good = std::mem::replace(&mut webhook["data"][key], bad);
        walk.refused(create, &[], webhook.clone(), 400, "validation_type");
        webhook["data"][key] = good;
    }
    webhook["data"]["subscriptions"] = subscription(Value::Null);
    walk.ok(create, &[], webhook.clone());

    let listed = walk.ok("GET /v2/webhooks?limit=10&offset=0", &[], Value::Null);
    assert!(listed.as_array().unwrap().len() == 3 && listed[1]["secret"].is_null(), "{listed}");
    walk.ok("GET /v2/webhooks", &[], Value::Null);
    walk.refused("GET /v2/webhooks?limit=9", &[], Value::Null, 400, "validation_type");

    let webhook_id = id(&made, "webhook_id");
    walk.refused(&format!("PATCH {one}"), &[&webhook_id], webhook, 409, "uniqueness_conflict");
    let change = json!({ "data": { "target_url": "https://example.com/other" } });
    let after = walk.ok(&format!("PATCH {one}"), &[&webhook_id], change.clone());
    assert_eq!(after["subscriptions"], made["subscriptions"]);
    walk.ok(&format!("GET {one}"), &[&webhook_id], Value::Null);
    walk.ok(&format!("DELETE {one}"), &[&webhook_id], Value::Null);
    for (method, body) in [("GET", Value::Null), ("PATCH", change), ("DELETE", Value::Null)] {
        walk.refused(&format!("{method} {one}"), &[&webhook_id], body, 404, "not_found");
    }
}
