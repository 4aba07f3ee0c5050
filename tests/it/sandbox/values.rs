//! Attribute values of the sandbox: what each type takes, how it shows it, what it refuses.
use serde_json::{Value, json};

use super::workspace::Workspace;

/// An object with one attribute of the given type, called `it`.
fn with(kind: &str, multi: bool) -> Workspace {
    let mut workspace = Workspace::new();
    let object = json!({"data": {"api_slug": "things", "singular_noun": "Thing", "plural_noun": "Things"}});
    workspace.data("POST", "/v2/objects", object);
    let attribute = json!({"data": {"title": "It", "description": null, "api_slug": "it", "type": kind,
        "is_required": false, "is_unique": false, "is_multiselect": multi, "config": {}}});
    workspace.data("POST", "/v2/objects/things/attributes", attribute);
    workspace
}

/// The fields that `written` is read back with, without the envelope.
#[track_caller]
fn read_back(workspace: &mut Workspace, written: &Value) -> Value {
    let body = json!({"data": {"values": {"it": written}}});
    let record = workspace.data("POST", "/v2/objects/things/records", body);
    let mut value = record["values"]["it"][0].clone();
    let map = value.as_object_mut().unwrap();
    assert!(map.remove("active_from").unwrap().is_string());
    assert!(map.remove("active_until").unwrap().is_null());
    assert_eq!(map.remove("created_by_actor").unwrap()["type"], "api-token");
    map.remove("attribute_type");
    value
}

#[test]
fn plain_values_are_taken_bare_as_an_object_and_in_an_array() {
    for (kind, written, read) in [
        ("text", json!("02139"), json!({"value": "02139"})),
        ("text", json!([{"value": "e\u{301}\u{202e}\r\n "}]), json!({"value": "e\u{301}\u{202e}\r\n "})),
        ("number", json!(5), json!({"value": 5})),
        ("number", json!({"value": 5.25}), json!({"value": 5.25})),
        ("rating", json!([3]), json!({"value": 3})),
        ("checkbox", json!("false"), json!({"value": false})),
        ("checkbox", json!({"value": true}), json!({"value": true})),
        ("currency", json!("4.99"), json!({"currency_value": 4.99, "currency_code": "USD"})),
        (
            "currency",
            json!({"currency_value": 1000}),
            json!({"currency_value": 1000, "currency_code": "USD"}),
        ),
        ("currency", json!(0.123_456), json!({"currency_value": 0.1235, "currency_code": "USD"})),
        ("date", json!("2023"), json!({"value": "2023-01-01"})),
        ("date", json!("2023-02"), json!({"value": "2023-02-01"})),
        ("date", json!("2023-01-02T23:00:00-10:00"), json!({"value": "2023-01-03"})),
        ("timestamp", json!("2023-01-02T03:04:05+01:00"), json!({"value": "2023-01-02T02:04:05.000000000Z"})),
        ("timestamp", json!("2023-01-02T03:04"), json!({"value": "2023-01-02T03:04:00.000000000Z"})),
        ("timestamp", json!("2023-01-02"), json!({"value": "2023-01-02T00:00:00.000000000Z"})),
    ] {
        assert_eq!(read_back(&mut with(kind, false), &written), read, "{kind} {written}");
    }
}

#[test]
fn contact_values_are_normalised() {
    for (kind, written, read) in [
        (
            "domain",
            json!(["https://App.Attio.com/x?y=1"]),
            json!({"domain": "app.attio.com", "root_domain": "attio.com"}),
        ),
        (
            "domain",
            json!([{"domain": "a.b.co.uk"}]),
            json!({"domain": "a.b.co.uk", "root_domain": "b.co.uk"}),
        ),
        (
            "email-address",
            json!(["Jo+x@Mail.Example.com"]),
            json!({"original_email_address": "Jo+x@Mail.Example.com", "email_address": "jo+x@mail.example.com",
                "email_domain": "mail.example.com", "email_root_domain": "example.com",
                "email_local_specifier": "jo+x"}),
        ),
        (
            "phone-number",
            json!(["+44 7777 777777"]),
            json!({"original_phone_number": "+44 7777 777777", "country_code": "GB", "phone_number": "+447777777777"}),
        ),
        (
            "phone-number",
            json!([{"original_phone_number": "07777 777777", "country_code": "GB"}]),
            json!({"original_phone_number": "07777 777777", "country_code": "GB", "phone_number": "+447777777777"}),
        ),
    ] {
        assert_eq!(read_back(&mut with(kind, true), &written), read, "{kind} {written}");
    }
}

#[test]
fn free_text_locations_are_split_at_commas_only() {
    let mut workspace = with("location", false);
    let location = read_back(&mut workspace, &json!("San Francisco, California, US"));
    assert_eq!(location.as_object().unwrap().len(), 10);
    assert_eq!((&location["locality"], &location["country_code"]), (&json!("San Francisco"), &json!("US")));
    assert_eq!(read_back(&mut workspace, &json!("Lisbon"))["locality"], "Lisbon");
}

#[test]
fn names_need_all_three_keys_or_a_comma() {
    let mut workspace = Workspace::new();
    let name = |workspace: &mut Workspace, written: Value| {
        let person = workspace.create("people", json!({ "name": written }));
        let record = workspace.data("GET", &format!("/v2/objects/people/records/{person}"), Value::Null);
        let name = &record["values"]["name"][0];
        [&name["first_name"], &name["last_name"], &name["full_name"]]
            .map(|part| part.as_str().unwrap().to_owned())
    };
    assert_eq!(name(&mut workspace, json!("Jane Doe")), ["Jane Doe", "", "Jane Doe"]);
    assert_eq!(name(&mut workspace, json!("Doe, Jane")), ["Jane", "Doe", "Jane Doe"]);
    let body = json!({"data": {"values": {"name": {"first_name": "Jane", "last_name": "Doe"}}}});
    let error = workspace.refused("POST", "/v2/objects/people/records", body, 400, "validation_type");
    assert_eq!(error["message"], "An invalid value was passed to attribute with slug \"name\".");
    assert_eq!(error["validation_errors"][0]["path"], json!(["full_name"]));
}

#[test]
fn bad_values_are_refused_and_say_where() {
    for (kind, multi, written, path) in [
        ("text", false, json!(5), json!(["value"])),
        ("text", false, json!(["a", "b"]), json!([])),
        ("text", false, json!({"value": "a", "active_from": "x"}), json!([])),
        ("number", false, json!("5"), json!(["value"])),
        ("rating", false, json!(6), json!(["value"])),
        ("checkbox", false, json!(null), json!([])),
        ("currency", false, json!(null), json!([])),
        ("currency", false, json!({"currency_value": 1, "currency_code": "EUR"}), json!([])),
        ("date", false, json!("yesterday"), json!(["value"])),
        ("timestamp", false, json!("2023-13-01T00:00:00Z"), json!(["value"])),
        ("domain", true, json!("acme.com"), json!([])),
        ("domain", true, json!(["not a domain"]), json!(["domain"])),
        ("email-address", true, json!(["a@b.test"]), json!(["email_address"])),
        ("email-address", true, json!(["nobody"]), json!(["email_address"])),
        ("phone-number", true, json!(["07777777777"]), json!(["original_phone_number"])),
        ("phone-number", true, json!(["+0001234567"]), json!(["original_phone_number"])),
        ("phone-number", true, json!(["+44 1"]), json!(["original_phone_number"])),
        ("location", false, json!({"locality": "Lisbon"}), json!(["line_1"])),
    ] {
        let body = json!({"data": {"values": {"it": written}}});
        let mut workspace = with(kind, multi);
        let error = workspace.refused("POST", "/v2/objects/things/records", body, 400, "validation_type");
        assert_eq!(error["validation_errors"][0]["path"], path, "{kind} {written}");
    }
}

#[test]
fn references_name_records_and_members_that_exist() {
    let mut workspace = Workspace::new();
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    let acme = acme["id"]["record_id"].as_str().unwrap();
    for company in [
        json!("acme.com"),
        json!({"target_object": "companies", "target_record_id": acme}),
        json!([{"target_object": "companies", "domains": [{"domain": "acme.com"}]}]),
    ] {
        let person = workspace.create("people", json!({ "company": company }));
        let record = workspace.data("GET", &format!("/v2/objects/people/records/{person}"), Value::Null);
        let value = &record["values"]["company"][0];
        assert_eq!(
            (&value["target_object"], &value["target_record_id"]),
            (&json!("companies"), &json!(acme))
        );
    }
    let before = workspace.query("companies", json!({})).len();
    for (object, values) in [
        ("people", json!({"company": "nobody-has-this.example.com"})),
        ("people", json!({"company": {"target_object": "companies", "target_record_id": "x"}})),
        ("deals", json!({"name": "D", "stage": "Lead", "owner": "stranger@example.com"})),
        ("deals", json!({"name": "D", "stage": "Maybe", "owner": "ada@example.com"})),
    ] {
        let path = format!("/v2/objects/{object}/records");
        workspace.refused("POST", &path, json!({"data": {"values": values}}), 400, "value_not_found");
    }
    assert_eq!(workspace.query("companies", json!({})).len(), before);
}

#[test]
fn null_and_an_empty_array_clear_a_single_value() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({"name": "Full", "description": "d"}));
    let path = format!("/v2/objects/companies/records/{company}");
    let after =
        workspace.data("PATCH", &path, json!({"data": {"values": {"name": null, "description": []}}}));
    assert_eq!((&after["values"]["name"], &after["values"]["description"]), (&json!([]), &json!([])));
}
