//! List entries: whose they are, and their values.

use super::{field, planned};
use crate::common::{NOTHING, Place};
use serde_json::json;

#[test]
fn the_parent_is_named_in_any_way() {
    let acme = field(&Place::new(), &["get-company", "acme.com"], "record_id");
    let expected = |values| {
        json!({"method": "POST", "path": "/v2/lists/partners/entries", "body": {"data":
            {"parent_object": "companies", "parent_record_id": acme, "entry_values": values}}})
    };
    let least = ["entries", "create", "partners", "--parent-object", "companies", "--parent-record-id"];
    assert_eq!(planned(&[&least[..], &["acme.com"]].concat()), expected(json!({})));
    let values = [&least[..], &["name:Acme", "--entry-values", r#"{"region": "Europe"}"#]].concat();
    assert_eq!(planned(&values), expected(json!({"region": "Europe"})));
    let upsert =
        ["entries", "upsert", "partners", "--parent-object", "companies", "--parent-record-id", "acme.com"];
    assert_eq!(planned(&upsert)["method"], "PUT");
}

#[test]
fn an_entry_from_beginning_to_end() {
    let place = Place::new();
    let entry = place.sandbox(&[
        "entries",
        "create",
        "sales_pipeline",
        "--parent-object",
        "companies",
        "--parent-record-id",
        "initech.example.com",
        "--entry-values",
        r#"{"stage": "Contacted", "priority": 2}"#,
    ]);
    let entry = entry.json();
    let id = entry["entry_id"].as_str().unwrap();
    assert_eq!((&entry["values"]["stage"], &entry["values"]["priority"]), (&json!("Contacted"), &json!(2)));

    let updated = ["entries", "update", "sales_pipeline", id, "--entry-values", r#"{"priority": 4}"#];
    assert_eq!(field(&place, &updated, "values")["priority"], 4);
    let history =
        place.sandbox(&["entries", "values", "sales_pipeline", id, "priority", "--show-historic"]).json();
    let values: Vec<_> = history.as_array().unwrap().iter().map(|one| one["value"].clone()).collect();
    assert_eq!(values, [2, 4]);

    let mine = ["records", "entries", "companies", "initech.example.com", "-o", "ids"];
    assert_eq!(place.sandbox(&mine).stdout.trim(), id);
    let gone = place.sandbox(&["entries", "delete", "sales_pipeline", id, "--yes"]).json();
    assert_eq!(gone, json!({"entry_id": id, "deleted": true}));
    place.sandbox(&["entries", "get", "sales_pipeline", id]).error(3);
}

#[test]
fn a_query_finds_by_filter_and_reads_to_the_end() {
    let place = Place::new();
    let filter = r#"{"stage": "Negotiating"}"#;
    let found = place.sandbox(&["entries", "query", "sales_pipeline", "--filter-json", filter]).json();
    let stages: Vec<_> =
        found.as_array().unwrap().iter().map(|entry| entry["values"]["stage"].clone()).collect();
    assert_eq!(stages, ["Negotiating", "Negotiating"]);
    let all = place.sandbox(&["entries", "query", "sales_pipeline", "--all"]).json();
    let mut created: Vec<_> =
        all.as_array().unwrap().iter().map(|entry| entry["created_at"].to_string()).collect();
    created.reverse();
    assert!(created.is_sorted(), "newest first: {all}");
    let both = ["entries", "query", "sales_pipeline", "--filter-json", filter, "--filter-view-id", NOTHING];
    place.sandbox(&both).error(2);
}

#[test]
fn history_is_rewritten_only_when_told_so() {
    let values = r#"[{"value": 1, "active_from": "2026-01-01T00:00:00Z"}]"#;
    let args = ["entries", "write-values", "sales_pipeline", NOTHING, "priority", "--values", values];
    assert_eq!(
        planned(&args),
        json!({"method": "PUT", "path": format!("/v2/lists/sales_pipeline/entries/{NOTHING}/attributes/priority/values"),
            "body": {"data": {"values": [{"value": 1, "active_from": "2026-01-01T00:00:00Z", "active_until": null}],
                "replace_history": true}}})
    );
    let refused = Place::new().sandbox(&args).error(9);
    assert!(refused["message"].as_str().unwrap().contains("cannot be undone"), "{refused}");
}

#[test]
fn upsert_finds_the_entry_of_a_record() {
    let place = Place::new();
    let upsert = |values| {
        let least = [
            "entries",
            "upsert",
            "partners",
            "--parent-object",
            "companies",
            "--parent-record-id",
            "acme.com",
        ];
        place.sandbox(&[&least[..], &["--entry-values", values]].concat()).json()
    };
    let first = upsert(r#"{"region": "Europe"}"#);
    let again = upsert(r#"{"region": "Americas"}"#);
    assert_eq!(first["entry_id"], again["entry_id"]);
    assert_eq!(again["values"]["region"], "Americas");
}
