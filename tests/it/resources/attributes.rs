//! Attributes and how their configuration is put together.

use super::planned;
use crate::common::{NOTHING, Place};
use serde_json::{Value, json};

/// The body's fields of an attribute that is created with these flags on top of the least.
fn created(flags: &[&str]) -> Value {
    let least = ["attributes", "create", "objects", "companies", "--title", "T", "--api-slug", "t"];
    planned(&[&least, flags].concat())["body"]["data"].take()
}

#[test]
fn a_new_attribute_is_complete() {
    assert_eq!(
        planned(&[
            "attributes",
            "create",
            "lists",
            "partners",
            "--title",
            "T",
            "--api-slug",
            "t",
            "--type",
            "text"
        ]),
        json!({"method": "POST", "path": "/v2/lists/partners/attributes", "body": {"data": {
            "title": "T", "api_slug": "t", "type": "text", "description": null, "is_required": false,
            "is_unique": false, "is_multiselect": false, "config": {}}}})
    );
}

#[test]
fn settings_of_a_type_stand_where_attio_has_them() {
    let data = created(&["--type", "currency", "--default-currency-code", "EUR", "--is-required", "true"]);
    assert_eq!(
        data["config"],
        json!({"currency": {"default_currency_code": "EUR", "display_type": "symbol"}})
    );
    assert_eq!(data["is_required"], true);

    let data = created(&[
        "--type",
        "record-reference",
        "--allowed-object",
        "people",
        "--is-multiselect",
        "true",
        "--relationship-object",
        "people",
        "--relationship-title",
        "Back",
        "--relationship-api-slug",
        "back",
    ]);
    assert_eq!(data["config"], json!({"record_reference": {"allowed_objects": ["people"]}}));
    assert_eq!(
        data["relationship"],
        json!({"object": "people", "title": "Back", "api_slug": "back", "is_multiselect": false})
    );

    let data = created(&["--type", "date", "--default-value", r#"{"type": "dynamic", "template": "P1M"}"#]);
    assert_eq!(data["default_value"], json!({"type": "dynamic", "template": "P1M"}));
}

#[test]
fn flags_and_data_make_one_body() {
    let data = r#"{"description": "D", "is_unique": true, "config": {"currency": {"display_type": "code"}}}"#;
    let data = created(&["--type", "currency", "--default-currency-code", "EUR", "--data", data]);
    assert_eq!((&data["description"], &data["is_unique"]), (&json!("D"), &json!(true)));
    assert_eq!(data["config"]["currency"], json!({"default_currency_code": "EUR", "display_type": "code"}));

    let cleared =
        ["attributes", "update", "objects", "companies", "name", "--data", r#"{"description": null}"#];
    assert_eq!(planned(&cleared)["body"], json!({"data": {"description": null}}));

    let odd =
        ["attributes", "update", "objects", "companies", "name", "--allowed-object", "people", "--data"];
    let error = Place::new().sandbox(&[&odd[..], &[r#"{"config": 1}"#]].concat()).error(2);
    assert_eq!(error["message"], "config is not a JSON object");
}

#[test]
fn closed_sets_are_told() {
    let place = Place::new();
    for (args, known) in [
        (["attributes", "list", "people", "people"], "lists"),
        (["attributes", "create", "--type", "strings"], "record-reference"),
        (["attributes", "create", "--display-type", "sign"], "narrowSymbol"),
    ] {
        let error = place.sandbox(&args).error(2);
        assert!(error.to_string().contains(known), "{error}");
    }
}

#[test]
fn options_and_statuses() {
    assert_eq!(
        planned(&["options", "update", "objects", "companies", "categories", "B2B", "--is-archived", "true"]),
        json!({"method": "PATCH", "path": "/v2/objects/companies/attributes/categories/options/B2B",
            "body": {"data": {"is_archived": true}}})
    );
    assert_eq!(
        planned(&[
            "statuses",
            "create",
            "objects",
            "deals",
            "stage",
            "--title",
            "Stalled",
            "--celebration-enabled",
            "false",
            "--target-time-in-status",
            "2 weeks",
        ])["body"],
        json!({"data": {"title": "Stalled", "celebration_enabled": false, "target_time_in_status": "P2W"}})
    );
    assert_eq!(
        planned(&["statuses", "update", "objects", "deals", "stage", "Won 🎉", "--title", "Won"])["path"],
        "/v2/objects/deals/attributes/stage/statuses/Won%20%F0%9F%8E%89"
    );
}

#[test]
fn what_is_added_is_listed() {
    let place = Place::new();
    let added = ["options", "create", "objects", "companies", "customer_status", "--title", "Partner"];
    let id = place.sandbox(&added).json()["option_id"].take();
    let all = place.sandbox(&["options", "list", "objects", "companies", "customer_status"]).json();
    assert!(
        all.as_array().unwrap().iter().any(|one| one["option_id"] == id && one["title"] == "Partner"),
        "{all}"
    );

    let shown = place.sandbox(&["attributes", "get", "objects", "companies", "customer_status"]).json();
    assert_eq!(shown["attribute_id"], all[0]["attribute_id"]);
    let page = place.sandbox(&["attributes", "list", "objects", "companies", "--limit", "1"]);
    assert!(page.stderr.contains(r#""next_offset":1"#), "{page:?}");
    assert_eq!(place.sandbox(&["attributes", "get", "objects", "companies", NOTHING]).code, 3);
}

#[test]
fn what_is_archived_is_shown_on_request() {
    let place = Place::new();
    let attribute = ["objects", "companies", "customer_status"];
    let titles = |more: &[&str]| {
        let all = place.sandbox(&[&["options", "list"], &attribute[..], more].concat()).json();
        all.as_array().unwrap().iter().map(|one| one["title"].to_string()).collect::<Vec<_>>().join(",")
    };
    let archive = [&["options", "update"], &attribute[..], &["Churned", "--is-archived", "true"]].concat();
    assert_eq!(place.sandbox(&archive).json()["is_archived"], true);
    assert!(!titles(&[]).contains("Churned") && titles(&["--show-archived"]).contains("Churned"));

    let renamed = ["statuses", "update", "objects", "deals", "stage", "Lead", "--title", "Fresh"];
    assert_eq!(place.sandbox(&renamed).json()["title"], "Fresh");
    let described =
        [&["attributes", "update"], &attribute[..], &["--description", "Where they are"]].concat();
    assert_eq!(place.sandbox(&described).json()["description"], "Where they are");
}
