//! Records of any object.

use super::{field, planned};
use crate::common::{NOTHING, Place, Recorder};
use serde_json::json;

#[test]
fn two_records_are_merged_by_name() {
    let place = Place::new();
    let [acme, globex] =
        ["acme.com", "globex.com"].map(|one| field(&place, &["get-company", one], "record_id"));
    let args = [
        "records",
        "merge",
        "companies",
        "--primary-record-id",
        "acme.com",
        "--secondary-record-id",
        "globex.com",
    ];
    assert_eq!(
        planned(&args),
        json!({"method": "POST", "path": "/v2/objects/companies/records/merge",
            "body": {"data": {"primary_record_id": acme, "secondary_record_id": globex}}})
    );
    place.sandbox(&args).error(9);
}

#[test]
fn the_past_of_a_value_is_shown() {
    let place = Place::new();
    let at = ["name:Globex renewal", "stage"];
    let before = place.sandbox(&[&["records", "values", "deals"], &at[..]].concat()).json();
    assert_eq!(place.sandbox(&["update-deal", at[0], "--stage", "Lost"]).code, 0);
    let past =
        place.sandbox(&[&["records", "values", "deals"], &at[..], &["--show-historic"]].concat()).json();
    assert_eq!((&past[0]["value"], &past[0]["active_until"]), (&before[0]["value"], &past[1]["active_from"]));
    assert_eq!((&past[1]["value"], &past[1]["active_until"]), (&json!("Lost"), &json!(null)));
    let table = [&["records", "values", "deals"], &at[..], &["-o", "csv"]].concat();
    assert!(place.sandbox(&table).stdout.starts_with("value,active_from,active_until\nLost,"));
}

#[test]
fn history_keeps_what_it_is_given() {
    let values = r#"[{"value": "Old", "active_from": "2025-01-01T00:00:00Z", "active_until": "2026-01-01T00:00:00Z"}]"#;
    let args = ["records", "write-values", "companies", NOTHING, "name", "--values", values];
    let expected = json!({"values": serde_json::from_str::<serde_json::Value>(values).unwrap(), "replace_history": true});
    assert_eq!(planned(&args)["body"]["data"], expected);
}

#[test]
fn a_record_is_deleted_once_and_for_all() {
    let place = Place::new();
    let id = field(&place, &["get-company", "initech.example.com"], "record_id");
    place.sandbox(&["records", "delete", "companies", "initech.example.com"]).error(9);
    let gone = place.sandbox(&["records", "delete", "companies", "initech.example.com", "--yes"]).json();
    assert_eq!(gone, json!({"record_id": id, "deleted": true}));
    place.sandbox(&["records", "get", "companies", "initech.example.com"]).error(3);
}

#[test]
fn a_search_asks_for_the_workspace_unless_told_otherwise() {
    let place = Place::new();
    let server = Recorder::new(&[]);
    let search = |more: &[&str]| {
        let args = [&["records", "search", "--object", "companies", "--query", "acme"], more].concat();
        assert_eq!(place.against(&server.base_url, &args).code, 0);
        server.seen().last().unwrap().body.clone()
    };
    assert_eq!(
        search(&[]),
        json!({"query": "acme", "objects": ["companies"], "request_as": {"type": "workspace"}})
    );
    assert_eq!(
        search(&["--request-as", "ada@example.com", "--limit", "3"])["request_as"],
        json!({"type": "workspace-member", "email_address": "ada@example.com"})
    );
    place.sandbox(&["records", "search", "--object", "companies", "--limit", "26"]).error(2);
    place.sandbox(&["records", "search", "--object", "companies", "--request-as", "zoe"]).error(2);
}

#[test]
fn a_merge_tells_the_new_id() {
    let place = Place::new();
    let merge = ["records", "merge", "companies", "--primary-record-id", "acme.com", "--secondary-record-id"];
    let merged = place.sandbox(&[&merge[..], &["globex.com", "--yes"]].concat()).json();
    let id = merged["new_record_id"].as_str().unwrap();
    assert_eq!(field(&place, &["get-company", "globex.com"], "record_id"), id);
    assert_eq!(field(&place, &["records", "get", "companies", id], "values")["name"], "Acme");
}

#[test]
fn history_is_rewritten() {
    let place = Place::new();
    let values = r#"[{"value": "Old", "active_from": "2025-01-01T00:00:00Z", "active_until": "2025-06-01T00:00:00Z"},
        {"value": "New", "active_from": "2025-06-01T00:00:00Z"}]"#;
    let write = ["records", "write-values", "companies", "acme.com", "name", "--yes", "--values", values];
    let written = place.sandbox(&write).json();
    assert_eq!((&written[0]["value"], &written[1]["active_until"]), (&json!("Old"), &json!(null)));
    assert_eq!(field(&place, &["get-company", "acme.com"], "values")["name"], "New");
}
