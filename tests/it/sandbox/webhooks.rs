//! Webhooks: no two alike, and a secret that is told once.
use serde_json::{Value, json};

use super::workspace::Workspace;

#[test]
fn the_secret_is_told_once_and_differs_from_webhook_to_webhook() {
    let mut workspace = Workspace::new();
    let mut create = |url: &str| {
        let subscriptions = json!([{"event_type": "note.created", "filter": null}]);
        workspace.data(
            "POST",
            "/v2/webhooks",
            json!({"data": {"target_url": url, "subscriptions": subscriptions}}),
        )
    };
    let (one, two) = (create("https://example.com/1"), create("https://example.com/2"));
    assert_ne!(one["secret"], two["secret"]);
    let hexadecimal =
        |secret: &str| secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(hexadecimal(one["secret"].as_str().unwrap()), "{one}");
    let path = format!("/v2/webhooks/{}", one["id"]["webhook_id"].as_str().unwrap());
    let got = workspace.data("GET", &path, Value::Null);
    assert_eq!((&got["secret"], &got["status"]), (&Value::Null, &json!("active")));
}

#[test]
fn an_address_gets_an_event_through_one_webhook_only() {
    let mut workspace = Workspace::new();
    let seeded = workspace.data("GET", "/v2/webhooks", Value::Null)[0].clone();
    let body = |url: &Value, events: &[&str]| {
        let subscriptions: Vec<Value> =
            events.iter().map(|event| json!({"event_type": event, "filter": null})).collect();
        json!({"data": {"target_url": url, "subscriptions": subscriptions}})
    };
    let same = body(&seeded["target_url"], &["note.created", "record.created"]);
    workspace.refused("POST", "/v2/webhooks", same.clone(), 409, "uniqueness_conflict");
    let other = workspace.data("POST", "/v2/webhooks", body(&seeded["target_url"], &["note.created"]));
    let path = format!("/v2/webhooks/{}", other["id"]["webhook_id"].as_str().unwrap());
    workspace.refused("PATCH", &path, same, 409, "uniqueness_conflict");
    assert_eq!(workspace.data("GET", &path, Value::Null)["subscriptions"], other["subscriptions"]);
    let path = format!("/v2/webhooks/{}", seeded["id"]["webhook_id"].as_str().unwrap());
    let itself = body(&seeded["target_url"], &["record.created"]);
    assert_eq!(
        workspace.data("PATCH", &path, itself.clone())["subscriptions"],
        itself["data"]["subscriptions"]
    );
}
