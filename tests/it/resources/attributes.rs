//! Attributes and how their configuration is put together.

use super::planned;
use crate::common::{NOTHING, Place, Recorder};
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

#[test]
fn a_slug_is_made_of_the_title() {
    let slug = |args: &[&str]| planned(args)["body"]["data"]["api_slug"].take();
    let attribute =
        |title| slug(&["attributes", "create", "lists", "partners", "--type", "text", "--title", title]);
    for (title, made) in [
        ("Renewal", "renewal"),
        ("  Deal size (EUR) ", "deal_size_eur"),
        ("Größe".trim_end_matches("ße"), "gro"),
        ("Café № 2", "cafe_no_2"),
        ("A--B", "a_b"),
    ] {
        assert_eq!(attribute(title), made, "{title}");
    }
    for title in ["地域", "!!!", "Straße", &"x".repeat(65)] {
        let args = ["attributes", "create", "lists", "partners", "--type", "text", "--title", title];
        let error = Place::new().sandbox(&args).error(2);
        assert!(error["hint"].as_str().unwrap().contains("--api-slug"), "{title}: {error}");
    }
    let list =
        ["lists", "create", "--name", "Board seats", "--parent-object", "people", "--workspace-access"];
    assert_eq!(slug(&[&list[..], &["full-access"]].concat()), "board_seats");
    let object = ["objects", "create", "--singular-noun", "Office", "--plural-noun", "Our Offices"];
    assert_eq!(slug(&object), "our_offices");
}

#[test]
fn an_attribute_is_created_with_its_options() {
    let place = Place::new();
    let create = |more: &[&str]| {
        let least = ["attributes", "create", "objects", "companies", "--title", "Tier"];
        place.sandbox(&[&least, more].concat())
    };
    let options = ["--type", "select", "--option", "Gold", "--option", "-Silver", "--option", "@x"];
    let plan = create(&[&options[..], &["--dry-run"]].concat()).json();
    let path = "/v2/objects/companies/attributes/tier/options";
    let post = |title: &str| json!({"method": "POST", "path": path, "body": {"data": {"title": title}}});
    assert_eq!(plan["then"], json!([post("Gold"), post("-Silver"), post("@x")]));
    assert!(plan["body"]["data"].get("options").is_none());

    let made = create(&options).json();
    assert_eq!((&made["api_slug"], &made["options"]), (&json!("tier"), &json!(["Gold", "-Silver", "@x"])));
    let listed =
        place.sandbox(&["options", "list", "objects", "companies", "tier", "--fields", "title"]).json();
    assert_eq!(listed, json!([{"title": "Gold"}, {"title": "-Silver"}, {"title": "@x"}]));

    let status = ["attributes", "create", "lists", "partners", "--title", "Phase", "--type", "status"];
    let made = place.sandbox(&[&status[..], &["--option", "Open", "--option", "Closed"]].concat()).json();
    assert_eq!(made["options"], json!(["Open", "Closed"]));
    let listed = place.sandbox(&["statuses", "list", "lists", "partners", "phase", "-o", "ids"]);
    assert_eq!(listed.stdout.lines().count(), 2);

    for wrong in
        [&["--type", "text", "--option", "A"][..], &["--type", "select", "--option", "A", "--option", "A"]]
    {
        assert_eq!(create(&[wrong, &["--api-slug", "wrong"]].concat()).error(2)["kind"], "usage");
    }
    let all = place.sandbox(&["list-attributes", "companies", "--fields", "slug", "-o", "csv"]).stdout;
    assert!(all.contains("tier") && !all.contains("wrong"), "{all}");
}

#[test]
fn options_that_are_missing_are_named() {
    let options = "/v2/objects/companies/attributes/tier/options";
    let server = Recorder::new(&[&format!("POST {options}=pass"), &format!("POST {options}=status:403")]);
    let place = Place::new();
    let args = ["attributes", "create", "objects", "companies", "--title", "Tier", "--type", "select"];
    let run = place.against(
        &server.base_url,
        &[&args[..], &["--option", "A", "--option", "B", "--option", "C"]].concat(),
    );
    let error = run.error(6);
    assert_eq!(error["missing"], json!(["B", "C"]), "{error}");
    let made: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(made["options"], json!(["A"]));
    let check: Vec<&str> =
        error["check_command"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert_eq!(check[1..6], ["options", "list", "objects", "companies", "tier"]);
    assert_eq!(server.count("POST", options), 1, "the refused one came no further, the third was not sent");
}

#[test]
fn an_option_whose_answer_was_lost_is_not_called_missing() {
    let options = "/v2/objects/companies/attributes/tier/options";
    let server = Recorder::new(&[&format!("POST {options}=pass"), &format!("POST {options}=commit-reset*1")]);
    let args = ["attributes", "create", "objects", "companies", "--title", "Tier", "--type", "select"];
    let args = [&args[..], &["--option", "A", "--option", "B", "--option", "C"]].concat();
    let error = Place::new().against(&server.base_url, &args).error(8);
    assert_eq!((&error["missing"], &error["uncertain"]), (&json!(["C"]), &json!("B")), "{error}");
}

#[test]
fn options_that_are_no_titles_are_refused_before_anything_is_sent() {
    let server = Recorder::new(&[]);
    for options in [json!("Gold"), json!([{"title": "Gold"}]), json!([" "]), json!(["A", "A"])] {
        let data = json!({"title": "T1", "type": "select", "options": options}).to_string();
        let args = ["attributes", "create", "objects", "companies", "--data", &data];
        Place::new().against(&server.base_url, &args).error(2);
    }
    assert_eq!(server.count("POST", "/v2/objects/companies/attributes"), 0);
}
