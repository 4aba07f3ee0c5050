//! Webhooks and what they are subscribed to.

use super::{field, planned};
use crate::common::{Place, Recorder};
use serde_json::json;

const HOOK: [&str; 4] = ["webhooks", "create", "--target-url", "https://hooks.example.com/new"];

#[test]
fn each_event_has_its_filter() {
    let data = |more: &[&str]| planned(&[&HOOK[..], more].concat())["body"]["data"].take();
    assert_eq!(
        data(&["--event", "note.created", "--event", "task.created"]),
        json!({"target_url": "https://hooks.example.com/new", "subscriptions": [
            {"event_type": "note.created", "filter": null}, {"event_type": "task.created", "filter": null}]})
    );
    let filter = r#"{"$and": [{"field": "id.list_id", "operator": "equals", "value": "x"}]}"#;
    let filtered = data(&["--event", "list-entry.created", "--filter-json", filter]);
    assert_eq!(filtered["subscriptions"][0]["filter"]["$and"][0]["value"], "x");
}

#[test]
fn an_unknown_event_is_answered_with_the_known_ones() {
    let error = Place::new().sandbox(&[&HOOK[..], &["--event", "note.made"]].concat()).error(2);
    assert!(error["message"].as_str().unwrap().contains("note-content.updated"), "{error}");
}

#[test]
fn a_webhook_from_beginning_to_end() {
    let place = Place::new();
    let hook = place.sandbox(&[&HOOK[..], &["--event", "note.created"]].concat()).json();
    assert!(hook["secret"].is_string());
    let id = hook["webhook_id"].as_str().unwrap();
    place.sandbox(&[&HOOK[..], &["--event", "note.created"]].concat()).error(7);
    let moved = ["webhooks", "update", id, "--target-url", "https://hooks.example.com/moved"];
    assert_eq!(field(&place, &moved, "subscriptions")[0]["event_type"], "note.created");
    assert_eq!(field(&place, &["webhooks", "get", id], "target_url"), "https://hooks.example.com/moved");
    let gone = place.sandbox(&["webhooks", "delete", id, "--yes"]).json();
    assert_eq!(gone, json!({"webhook_id": id, "deleted": true}));
}

#[test]
fn attio_lists_no_fewer_than_ten() {
    let (place, server) = (Place::new(), Recorder::new(&[]));
    let listed = place.against(&server.base_url, &["webhooks", "list", "--limit", "1"]);
    assert_eq!(listed.json().as_array().unwrap().len(), 1);
    assert_eq!(server.calls(), ["GET /v2/webhooks?limit=10&offset=0"]);
}
