//! Every type of value, written in each of its forms, read from records and entries.

use serde_json::{Value, json};

use super::schema::attribute;
use super::{Walk, id};

/// A type that attributes can be created with, and the forms in which its values can be written.
struct Form {
    kind: &'static str,
    config: Value,
    multi: bool,
    written: Vec<Value>,
}

pub fn every_type_in_every_form(walk: &mut Walk) {
    let object = json!({ "data": {
        "api_slug": "samples", "singular_noun": "Sample", "plural_noun": "Samples",
    } });
    walk.ok("POST /v2/objects", &[], object);
    let company = walk.company("acme.com");
    let member = walk.ok("GET /v2/workspace_members", &[], Value::Null);
    for form in forms(&company, &id(&member[0], "workspace_member_id")) {
        define(walk, &form);
        for value in &form.written {
            in_a_record(walk, form.kind, value);
            in_an_entry(walk, form.kind, value, &company);
        }
        let body = json!({ "data": { "values": { slug(form.kind): { "surplus": 1 } } } });
        let refusal = walk.call("POST /v2/objects/{}/records", &["samples"], &body);
        assert_eq!((refusal.0, &refusal.1["code"]), (400, &json!("validation_type")), "{}", refusal.1);
    }
    every_standard_object(walk);
}

fn slug(kind: &str) -> String {
    kind.replace('-', "_")
}

fn define(walk: &mut Walk, form: &Form) {
    let slug = slug(form.kind);
    let mut definition = attribute(&slug, form.kind, form.config.clone());
    definition["data"]["is_multiselect"] = json!(form.multi);
    for (target, name) in [("objects", "samples"), ("lists", "partners")] {
        let attributes = format!("POST /v2/{target}/{{}}/attributes");
        walk.ok(&attributes, &[name], definition.clone());
        let choices = match form.kind {
            "select" => "options",
            "status" => "statuses",
            _ => continue,
        };
        let route = format!("{attributes}/{{}}/{choices}");
        walk.ok(&route, &[name, &slug], json!({ "data": { "title": "Calm" } }));
    }
}

#[track_caller]
fn in_a_record(walk: &mut Walk, kind: &str, value: &Value) {
    let slug = slug(kind);
    let body = json!({ "data": { "values": { &slug: value } } });
    let record = walk.ok("POST /v2/objects/{}/records", &["samples"], body);
    assert_eq!(record["values"][&slug][0]["attribute_type"], kind, "{value}");
    let id = id(&record, "record_id");
    walk.ok("GET /v2/objects/{}/records/{}", &["samples", &id], Value::Null);
    let cleared = json!({ "data": { "values": { &slug: [] } } });
    walk.ok("PUT /v2/objects/{}/records/{}", &["samples", &id], cleared);
    let values = "GET /v2/objects/{}/records/{}/attributes/{}/values";
    assert_eq!(walk.ok(values, &["samples", &id, &slug], Value::Null), json!([]));
    let past = walk.ok(&format!("{values}?show_historic=true"), &["samples", &id, &slug], Value::Null);
    assert!(past[0]["active_until"].is_string(), "{past}");
}

#[track_caller]
fn in_an_entry(walk: &mut Walk, kind: &str, value: &Value, company: &str) {
    let slug = slug(kind);
    let body = json!({ "data": {
        "parent_object": "companies", "parent_record_id": company, "entry_values": { &slug: value },
    } });
    let entry = walk.ok("POST /v2/lists/{}/entries", &["partners"], body);
    assert_eq!(entry["entry_values"][&slug][0]["attribute_type"], kind, "{value}");
    let id = id(&entry, "entry_id");
    let values = "GET /v2/lists/{}/entries/{}/attributes/{}/values";
    walk.ok(values, &["partners", &id, &slug], Value::Null);
}

/// Interactions and personal names are found on standard objects only.
fn every_standard_object(walk: &mut Walk) {
    for object in ["companies", "people", "deals"] {
        walk.ok("POST /v2/objects/{}/records/query", &[object], json!({}));
    }
    let create = "POST /v2/objects/{}/records";
    let whole = json!({ "first_name": "Ann", "last_name": "Lee", "full_name": "Ann Lee" });
    for name in [json!("Lee, Ann"), whole.clone(), json!([whole])] {
        let person = walk.ok(create, &["people"], json!({ "data": { "values": { "name": name } } }));
        assert_eq!(person["values"]["name"][0]["full_name"], "Ann Lee");
    }
    let part = json!({ "data": { "values": { "name": { "first_name": "Ann" } } } });
    walk.refused(create, &["people"], part, 400, "validation_type");
}

fn forms(company: &str, member: &str) -> Vec<Form> {
    let by_id = json!({ "target_object": "companies", "target_record_id": company });
    let by_domain = json!({ "target_object": "companies", "domains": [{ "domain": "acme.com" }] });
    let actor = json!({ "referenced_actor_type": "workspace-member", "referenced_actor_id": member });
    let currency = json!({ "currency": { "default_currency_code": "EUR", "display_type": "code" } });
    let targets = json!({ "record_reference": { "allowed_objects": ["companies"] } });
    let phone = json!({ "original_phone_number": "07123 456789", "country_code": "GB" });
    let email = json!({ "workspace_member_email_address": "ada@example.com" });
    vec![
        one("text", vec![json!("plain"), json!({ "value": "plain" })]),
        one("number", vec![json!(17), json!(-0.25), json!({ "value": 17 })]),
        one("checkbox", vec![json!(true), json!("false"), json!({ "value": false })]),
        one("date", vec![json!("2026-02-28"), json!("2026"), json!({ "value": "2026-02-28" })]),
        one("timestamp", vec![json!("2026-02-28T10:00:00Z"), json!({ "value": "2026-02-28" })]),
        one("rating", vec![json!(0), json!(5), json!({ "value": 3 })]),
        one("status", vec![json!("Calm"), json!({ "status": "Calm" })]),
        many("select", vec![json!("Calm"), json!({ "option": "Calm" })]),
        one("location", vec![location()]),
        many("actor-reference", vec![json!("ada@example.com"), actor, email]),
        many("domain", vec![json!("app.attio.com"), json!({ "domain": "attio.com" })]),
        many("email-address", vec![json!("A@Example.com"), json!({ "email_address": "b@example.com" })]),
        many("phone-number", vec![json!("+447123456789"), phone]),
        Form {
            config: currency,
            ..one("currency", vec![json!(9.5), json!("4.99"), json!({ "currency_value": 1 })])
        },
        Form { config: targets, ..many("record-reference", vec![json!("acme.com"), by_id, by_domain]) },
    ]
}

/// Values of a single-value attribute are written bare or in an array of one.
fn one(kind: &'static str, bare: Vec<Value>) -> Form {
    let written = bare.into_iter().flat_map(|value| [json!([value.clone()]), value]).collect();
    Form { kind, config: json!({}), multi: false, written }
}

/// Those of a multiselect always in an array.
fn many(kind: &'static str, bare: Vec<Value>) -> Form {
    let written = bare.into_iter().map(|value| json!([value])).collect();
    Form { kind, config: json!({}), multi: true, written }
}

/// All ten keys, also those that are null.
fn location() -> Value {
    json!({
        "line_1": "1 Infinite Loop", "line_2": null, "line_3": null, "line_4": null,
        "locality": "Cupertino", "region": "CA", "postcode": "95014", "country_code": "US",
        "latitude": "37.331741", "longitude": "-122.030333",
    })
}
