//! The compact form keeps the meaning of everything Attio sends, and of what nobody foresaw as much as it can.

mod odd;
mod reference;

use attio_crm::values::{Compactor, Many};
use serde_json::{Value, json};

/// The compact form by what is known of the attributes, which must be JSON, and what is odd.
fn compact_by(many: &[(&str, bool)], raw: &str) -> (Value, Option<String>) {
    let many = Many::new(many.iter().map(|(slug, many)| ((*slug).to_owned(), *many)));
    let mut out = String::new();
    let odd = Compactor::new(many).add(raw, &mut out);
    (serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}")), odd)
}

fn compact(raw: &Value) -> Value {
    compact_by(&[], &raw.to_string()).0
}

fn record(values: &Value) -> Value {
    let id =
        json!({"workspace_id": "w", "object_id": "o", "record_id": "5a6a8a32-0000-4000-8000-000000000001"});
    let url = "https://app.attio.com/acme/company/5a6a8a32-0000-4000-8000-000000000001";
    json!({"id": id, "created_at": "2026-01-05T09:00:00.000000000Z", "web_url": url, "values": values})
}

fn value(kind: &str, mut fields: Value) -> Value {
    let envelope = json!({"active_from": "2026-01-05T09:00:00.000000000Z", "active_until": null,
        "created_by_actor": {"type": "system", "id": null}, "attribute_type": kind});
    fields.as_object_mut().unwrap().extend(envelope.as_object().unwrap().clone());
    json!([fields])
}

#[test]
fn every_type_keeps_its_meaning() {
    let cases = [
        (value("text", json!({"value": "02139"})), json!("02139")),
        (value("number", json!({"value": 1.25})), json!(1.25)),
        (value("checkbox", json!({"value": false})), json!(false)),
        (value("date", json!({"value": "2026-01-05"})), json!("2026-01-05")),
        (value("rating", json!({"value": 3})), json!(3)),
        (
            value("currency", json!({"currency_value": "499.00", "currency_code": "USD"})),
            json!({"amount": "499.00", "currency": "USD"}),
        ),
        (value("select", json!({"option": {"id": {}, "title": "Lead"}})), json!(["Lead"])),
        (value("status", json!({"status": {"title": "Won 🎉"}})), json!("Won 🎉")),
        (
            value("record-reference", json!({"target_object": "people", "target_record_id": "x"})),
            json!([{"object": "people", "record_id": "x"}]),
        ),
        (
            value("actor-reference", json!({"referenced_actor_type": "system", "referenced_actor_id": null})),
            json!([{"type": "system", "id": null}]),
        ),
        (
            value("location", json!({"line_1": null, "locality": "Berlin", "country_code": "DE"})),
            json!({"locality": "Berlin", "country_code": "DE"}),
        ),
        (value("domain", json!({"domain": "a.acme.com", "root_domain": "acme.com"})), json!(["a.acme.com"])),
        (value("email-address", json!({"email_address": "a@acme.com"})), json!(["a@acme.com"])),
        (value("phone-number", json!({"phone_number": "+4930"})), json!(["+4930"])),
        (value("phone-number", json!({"normalized_phone_number": "+4930"})), json!(["+4930"])),
        (
            value("personal-name", json!({"first_name": "A", "last_name": "B", "full_name": "A B"})),
            json!({"first_name": "A", "last_name": "B", "full_name": "A B"}),
        ),
        (
            value("interaction", json!({"interaction_type": "email", "interacted_at": "t"})),
            json!({"interaction_type": "email", "interacted_at": "t"}),
        ),
        (value("hologram", json!({"value": 1, "glow": "x"})), json!({"value": 1, "glow": "x"})),
    ];
    for (sent, expected) in cases {
        let raw = record(&json!({"record_id": [], "unset": [], "a": sent})).to_string();
        assert_eq!(compact_by(&[], &raw).1, None, "{sent}");
        assert_eq!(compact_by(&[], &raw).0["values"], json!({"a": expected}));
    }
}

#[test]
fn an_attribute_is_an_array_exactly_if_it_may_have_several_values() {
    let one = json!({"a": value("select", json!({"option": {"title": "Lead"}})), "b": value("text", json!({"value": "x"}))});
    let raw = record(&one).to_string();
    let known = |many: bool| compact_by(&[("b", many), ("a", many)], &raw).0["values"].clone();
    assert_eq!(known(true), json!({"a": ["Lead"], "b": ["x"]}));
    assert_eq!(known(false), json!({"a": "Lead", "b": "x"}));
    assert_eq!(
        compact_by(&[("c", false)], &raw).0["values"],
        json!({"a": ["Lead"], "b": "x"}),
        "by its type"
    );
    let text = value("text", json!({"value": "x"}));
    let two = record(&json!({"b": [text[0], text[0]]})).to_string();
    assert_eq!(compact_by(&[("b", false)], &two).0["values"], json!({"b": ["x", "x"]}), "nothing is lost");
}

#[test]
fn numbers_keep_their_digits() {
    for number in [
        "1180591620717411303424",
        "-99999999999999999999.5",
        "1.50",
        "0.1000000000000000055511151231257827",
        "1E5",
    ] {
        let raw = format!(
            r#"{{"id":{{"record_id":"r","object_id":"o"}},"created_at":"t","values":{{"x":[{{"value":{number},"attribute_type":"number"}}]}}}}"#
        );
        for raw in [raw.clone(), format!(r#"{{"x":{number}}}"#)] {
            let mut out = String::new();
            assert_eq!(Compactor::default().add(&raw, &mut out), None);
            assert!(out.contains(&format!("\"x\":{number}}}")), "{out}");
        }
    }
}

#[test]
fn a_thing_names_itself_and_where_it_belongs() {
    let url = "https://app.attio.com/acme/company/5a6a8a32-0000-4000-8000-000000000001";
    let mut expected = json!({"record_id": "5a6a8a32-0000-4000-8000-000000000001", "object": "companies",
        "web_url": url, "created_at": "2026-01-05T09:00:00.000000000Z", "values": {}});
    assert_eq!(compact(&record(&json!({}))), expected);
    let mut nameless = record(&json!({}));
    nameless.as_object_mut().unwrap().remove("web_url");
    (expected["web_url"], expected["object"]) = (Value::Null, json!("o"));
    assert_eq!(compact(&nameless), expected);

    let id = json!({"workspace_id": "w", "list_id": "l", "entry_id": "e"});
    let values = json!({"entry_id": value("text", json!({"value": "e"})), "unset": [],
        "stage": value("status", json!({"status": {"title": "Signed"}}))});
    let entry = json!({"id": id, "parent_record_id": "r", "parent_object": "companies", "created_at": "t",
        "entry_values": values});
    let expected = json!({"entry_id": "e", "list_id": "l", "parent_object": "companies",
        "parent_record_id": "r", "created_at": "t", "values": {"stage": "Signed"}});
    assert_eq!(compact(&entry), expected);
}

#[test]
fn the_order_of_members_does_not_matter() {
    let values = json!({"a": value("text", json!({"value": "x"}))});
    let sent = record(&values);
    let turned: serde_json::Map<String, Value> =
        sent.as_object().unwrap().clone().into_iter().rev().collect();
    assert_eq!(compact(&turned.into()), compact(&sent));
    let pretty = format!("{sent:#}");
    assert_eq!(compact_by(&[], &pretty).0, compact(&sent));
    let escaped = sent.to_string().replace("\"values\"", "\"v\\u0061lues\"");
    assert_eq!(compact_by(&[], &escaped).0, compact(&sent));
}

#[test]
fn anything_else_has_its_ids_on_top() {
    let keys = |raw: &Value| compact(raw).as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let hit = json!({"name": "x", "id": {"workspace_id": "w", "object_id": "o", "record_id": "r"}});
    assert_eq!(keys(&hit), ["record_id", "object_id", "name"]);
    let note = json!({"id": {"workspace_id": "w", "note_id": "n"}, "title": "T", "note_id": "m",
        "content_plaintext": "a", "content_markdown": "a"});
    assert_eq!(compact(&note), json!({"note_id": "m", "title": "T", "content_plaintext": "a"}));
    let thread = json!({"id": {"workspace_id": "w", "thread_id": "t"},
        "comments": [{"id": {"comment_id": "c", "workspace_id": "w"}, "author": {"id": "a"}}, {"id": "x"}, 7]});
    assert_eq!(
        compact(&thread),
        json!({"thread_id": "t", "comments": [{"comment_id": "c", "author": {"id": "a"}}, {"id": "x"}, 7]})
    );
    assert_eq!(keys(&json!({"list_id": "l", "entry_id": "e"})), ["entry_id", "list_id"]);
    assert_eq!(compact(&json!({"id": "x", "a": 1})), json!({"id": "x", "a": 1}));
    let alone = value("status", json!({"status": {"title": "Won"}}))[0].clone();
    let expected = json!({"value": "Won", "active_from": "2026-01-05T09:00:00.000000000Z", "active_until": null,
        "created_by_actor": {"type": "system", "id": null}});
    assert_eq!(compact(&alone), expected);
    for bare in [json!(7), json!("x"), json!([1, {"id": 1}])] {
        assert_eq!(compact(&bare), json!({ "value": bare }));
    }
    assert_eq!(compact(&Value::Null), json!({}));
}
