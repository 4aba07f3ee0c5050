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
        ("number", json!(2.0), json!({"value": 2})),
        ("number", json!(-0.0), json!({"value": 0})),
        ("number", json!(9_007_199_254_740_993_u64), json!({"value": 9_007_199_254_740_993_u64})),
        ("number", json!(1e300), json!({"value": 1e300})),
        ("rating", json!([3]), json!({"value": 3})),
        ("rating", json!(2.0), json!({"value": 2})),
        ("rating", json!({"value": 5.0}), json!({"value": 5})),
        ("checkbox", json!("false"), json!({"value": false})),
        ("checkbox", json!({"value": true}), json!({"value": true})),
        ("currency", json!("4.99"), json!({"currency_value": 4.99, "currency_code": "USD"})),
        (
            "currency",
            json!({"currency_value": 1000}),
            json!({"currency_value": 1000, "currency_code": "USD"}),
        ),
        ("currency", json!("2.00"), json!({"currency_value": 2, "currency_code": "USD"})),
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
            "domain",
            json!(["my_shop.acme.com"]),
            json!({"domain": "my_shop.acme.com", "root_domain": "acme.com"}),
        ),
        (
            "domain",
            json!(["_dmarc.acme.com"]),
            json!({"domain": "_dmarc.acme.com", "root_domain": "acme.com"}),
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
fn all_parts_that_a_value_lacks_are_named_at_once() {
    let lacks = |path: &str, received: &str| {
        let message = match received {
            "undefined" => "Required".to_owned(),
            other => format!("Expected string, received {other}"),
        };
        json!({"code": "invalid_type", "path": [path], "message": message, "expected": "string",
            "received": received})
    };
    let mut people = Workspace::new();
    let mut faults = |written: Value| {
        let body = json!({"data": {"values": {"name": written}}});
        let path = "/v2/objects/people/records";
        people.refused("POST", path, body, 400, "validation_type")["validation_errors"].clone()
    };
    let none = "undefined";
    let (first, last, full) = (lacks("first_name", none), lacks("last_name", none), lacks("full_name", none));
    assert_eq!(faults(json!({})), json!([first, last, full]));
    assert_eq!(faults(json!({"last_name": "Lee"})), json!([first, full]));
    assert_eq!(
        faults(json!({"last_name": 5, "full_name": null})),
        json!([first, lacks("last_name", "number"), lacks("full_name", "null")])
    );
    for (kind, multi, written, expected) in [
        ("phone-number", true, json!([{}]), json!([lacks("original_phone_number", none)])),
        ("email-address", true, json!([{"email": "a@b.com"}]), json!([lacks("email_address", none)])),
        ("domain", true, json!([{"domain": 1}]), json!([lacks("domain", "number")])),
        ("text", false, json!({}), json!([lacks("value", none)])),
        (
            "actor-reference",
            false,
            json!({}),
            json!([lacks("referenced_actor_type", none), lacks("referenced_actor_id", none)]),
        ),
        ("record-reference", true, json!([{}]), json!([lacks("target_object", none)])),
    ] {
        let body = json!({"data": {"values": {"it": written}}});
        let path = "/v2/objects/things/records";
        let error = with(kind, multi).refused("POST", path, body, 400, "validation_type");
        assert_eq!(error["validation_errors"], expected, "{kind} {written}");
    }
    let body = json!({"data": {"values": {"it": {"locality": "Lisbon", "region": 5}}}});
    let error =
        with("location", false).refused("POST", "/v2/objects/things/records", body, 400, "validation_type");
    assert_eq!(error["validation_errors"].as_array().unwrap().len(), 9, "{error}");
}

#[test]
fn names_and_ways_to_reach_somebody_may_say_more_than_is_kept_and_other_values_not() {
    let mut workspace = Workspace::new();
    let values = json!({
        "name": {"first_name": "Ann", "last_name": "Lee", "full_name": "Ann Lee", "middle_name": "B", "prefix": null},
        "email_addresses": [{"email_address": "ann@example.com", "label": "work"}],
        "phone_numbers": [{"original_phone_number": "+4930123456", "country_code": "DE", "extension": "5"}],
        "company": {"target_object": "companies", "domains": [{"domain": "acme.com", "primary": true}]},
    });
    let ann = workspace.create("people", values);
    let ann = workspace.data("GET", &format!("/v2/objects/people/records/{ann}"), Value::Null);
    assert_eq!(ann["values"]["name"][0]["full_name"], "Ann Lee");
    assert!(ann["values"]["name"][0].get("middle_name").is_none());
    for (kind, multi, written) in [
        ("text", false, json!({"value": "x"})),
        ("number", false, json!({"value": 1})),
        ("checkbox", false, json!({"value": true})),
        ("currency", false, json!({"currency_value": 1})),
        ("date", false, json!({"value": "2026-01-01"})),
        ("timestamp", false, json!({"value": "2026-01-01"})),
        ("rating", false, json!({"value": 1})),
        ("actor-reference", false, json!({"workspace_member_email_address": "ada@example.com"})),
    ] {
        let mut workspace = with(kind, multi);
        read_back(&mut workspace, &written);
        let mut more = written;
        more["more"] = json!(1);
        let body = json!({"data": {"values": {"it": more}}});
        let error = workspace.refused("POST", "/v2/objects/things/records", body, 400, "validation_type");
        assert_eq!(error["validation_errors"][0]["keys"], json!(["more"]), "{kind}");
    }
}

#[test]
fn a_zero_dialled_at_home_only_is_no_part_of_a_number() {
    let mut workspace = with("phone-number", true);
    for (written, number, country) in [
        ("+49 (0)30 123456", "+4930123456", "DE"),
        ("+49(0)30123456", "+4930123456", "DE"),
        ("+49 030 123456", "+4930123456", "DE"),
        ("+44 (0)20 7946 0958", "+442079460958", "GB"),
        ("+39 06 698 12345", "+390669812345", "IT"),
        ("+39 (0)6 698 12345", "+390669812345", "IT"),
        ("+225 07 12 34 56 78", "+2250712345678", "CI"),
        ("+1 520 555 0202", "+15205550202", "US"),
        ("+10 20", "", ""),
    ] {
        let body = json!({"data": {"values": {"it": [written]}}});
        if number.is_empty() {
            workspace.refused("POST", "/v2/objects/things/records", body, 400, "validation_type");
            continue;
        }
        let value = read_back(&mut workspace, &json!([written]));
        assert_eq!((&value["phone_number"], &value["country_code"]), (&json!(number), &json!(country)));
        assert_eq!(value["original_phone_number"], written);
        let found = workspace.query("things", json!({"filter": {"it": number}}));
        assert!(!found.is_empty(), "{written}");
    }
    let home = json!([{"original_phone_number": "06 698 12345", "country_code": "IT"}]);
    assert_eq!(read_back(&mut workspace, &home)["phone_number"], "+390669812345");
    let twice = json!({"data": {"values": {"it": ["+49 (0)30 123456", "+4930123456"]}}});
    let record = workspace.data("POST", "/v2/objects/things/records", twice);
    assert_eq!(record["values"]["it"].as_array().unwrap().len(), 1, "they are one number");
}

#[test]
fn bad_values_are_refused_and_say_where() {
    for (kind, multi, written, path) in [
        ("text", false, json!(5), json!(["value"])),
        ("text", false, json!(["a", "b"]), json!([])),
        ("text", false, json!({"value": "a", "active_from": "x"}), json!([])),
        ("number", false, json!("5"), json!(["value"])),
        ("rating", false, json!(6), json!(["value"])),
        ("rating", false, json!(2.5), json!(["value"])),
        ("rating", false, json!(-1.0), json!(["value"])),
        ("rating", false, json!("2"), json!(["value"])),
        ("checkbox", false, json!(null), json!([])),
        ("currency", false, json!(null), json!([])),
        ("currency", false, json!({"currency_value": 1, "currency_code": "EUR"}), json!([])),
        ("date", false, json!("yesterday"), json!(["value"])),
        ("timestamp", false, json!("2023-13-01T00:00:00Z"), json!(["value"])),
        ("domain", true, json!("acme.com"), json!([])),
        ("domain", true, json!(["not a domain"]), json!(["domain"])),
        ("domain", true, json!(["-acme.com"]), json!(["domain"])),
        ("email-address", true, json!(["a@b_c.com"]), json!(["email_address"])),
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
