//! Records: query, search, write in every way, history, entries, delete.

use crate::common::NOTHING;
use serde_json::{Value, json};

use super::{Walk, id};

const CREATE: &str = "POST /v2/objects/{}/records";
const UPSERT: &str = "PUT /v2/objects/{}/records?matching_attribute=domains";
const ONE: &str = "/v2/objects/{}/records/{}";
const VALUES: &str = "GET /v2/objects/{}/records/{}/attributes/{}/values";
pub fn walk(walk: &mut Walk) {
    query(walk);
    search(walk);
    let record = create(walk);
    update(walk, &record);
    history(walk, &record);
    rewritten(walk, &record);
    let record = merge(walk, &record);
    delete(walk, &record);
}

fn values(values: Value) -> Value {
    json!({ "data": { "values": values } })
}

fn query(walk: &mut Walk) {
    let query = "POST /v2/objects/{}/records/query";
    let page = json!({
        "filter": { "$and": [{ "name": { "$contains": "a" } }, { "$not": { "domains": { "$not_empty": true } } }] },
        "sorts": [{ "attribute": "name", "direction": "asc" }],
        "limit": 3, "offset": 1,
    });
    walk.ok(query, &["companies"], page);
    let path = json!({
        "filter": { "path": [["people", "company"], ["companies", "name"]], "constraints": { "value": "Acme" } },
        "sorts": [{ "attribute": "name", "field": "last_name", "direction": "desc" }],
    });
    walk.ok(query, &["people"], path);
    for (filter, code) in [
        (json!({ "planet": "Mars" }), "unknown_filter_attribute_slug"),
        (json!({ "name": { "$like": "a" } }), "invalid_filter_operator"),
        (json!({ "domains": { "tld": { "$eq": "com" } } }), "invalid_filter_field"),
    ] {
        walk.refused(query, &["companies"], json!({ "filter": filter }), 400, code);
    }
    let views = walk.ok("GET /v2/objects/{}/views", &["companies"], Value::Null);
    for view in views.as_array().unwrap() {
        walk.ok(query, &["companies"], json!({ "filter_view_id": id(view, "view_id") }));
        let both = json!({ "filter_view_id": id(view, "view_id"), "filter": {} });
        walk.refused(query, &["companies"], both, 400, "validation_type");
    }
    let view = json!({ "filter_view_id": NOTHING });
    walk.refused(query, &["companies"], view, 400, "value_not_found");
    walk.refused(query, &["companies"], json!({ "limit": "ten" }), 400, "validation_type");
    walk.refused(query, &["companies"], json!({ "sorts": [{}] }), 400, "validation_type");
    walk.refused(query, &["planets"], json!({}), 404, "not_found");
}

fn search(walk: &mut Walk) {
    let search = "POST /v2/objects/records/search";
    let body = |object: &str| {
        json!({
            "query": "a", "limit": 25, "objects": [object], "request_as": { "type": "workspace" },
        })
    };
    for object in ["companies", "people", "deals"] {
        let found = walk.ok(search, &[], body(object));
        assert_eq!(found[0]["object_slug"], object);
    }
    walk.refused(search, &[], body("planets"), 400, "value_not_found");
    let anonymous = json!({ "query": "a", "objects": ["companies"] });
    walk.refused(search, &[], anonymous, 400, "validation_type");
}

fn create(walk: &mut Walk) -> String {
    let zeta = json!({ "name": "Zeta", "domains": ["zeta.example.com"], "categories": ["B2B"] });
    let record = walk.ok(CREATE, &["companies"], values(zeta.clone()));
    walk.ok(CREATE, &["companies"], values(json!({})));
    walk.ok(CREATE, &["people"], values(json!({ "email_addresses": ["j@zeta.example.com"] })));
    let deal = json!({ "name": "Zeta", "stage": "Lead", "owner": "ada@example.com", "value": 5, "associated_company":
            { "target_object": "companies", "target_record_id": id(&record, "record_id") } });
    walk.ok(CREATE, &["deals"], values(deal));
    for (object, bad, code) in [
        ("companies", zeta, "uniqueness_conflict"),
        ("companies", json!({ "planet": "Mars" }), "value_not_found"),
        ("companies", json!({ "categories": ["Mars"] }), "value_not_found"),
        ("companies", json!({ "name": 5 }), "validation_type"),
        ("companies", json!({ "record_id": NOTHING }), "system_edit_unauthorized"),
        ("deals", json!({ "name": "Zeta" }), "missing_value"),
    ] {
        walk.refused(CREATE, &[object], values(bad), 400, code);
    }
    walk.refused(CREATE, &["companies"], json!({ "values": {} }), 400, "validation_type");
    walk.refused(CREATE, &["planets"], values(json!({})), 404, "not_found");
    id(&record, "record_id")
}

fn update(walk: &mut Walk, record: &str) {
    let domains = |name: &str| values(json!({ "domains": [name], "description": name }));
    let found = walk.ok(UPSERT, &["companies"], domains("zeta.example.com"));
    assert_eq!(id(&found, "record_id"), record);
    walk.ok(UPSERT, &["companies"], domains("eta.example.com"));
    walk.refused(UPSERT, &["companies"], values(json!({ "name": "Eta" })), 400, "missing_value");
    walk.refused(UPSERT, &["planets"], domains("eta.example.com"), 404, "not_found");
    let (upsert, name) = (UPSERT.replace("=domains", "=name"), json!({ "name": "Eta" }));
    let not_unique = "matching_attribute_definition_not_unique";
    walk.refused(&upsert, &["companies"], values(name.clone()), 400, not_unique);
    walk.refused("PUT /v2/objects/{}/records", &["companies"], values(name), 400, "validation_type");

    for (method, left) in [("PATCH", 2), ("PUT", 1)] {
        let route = format!("{method} {ONE}");
        let after = walk.ok(&route, &["companies", record], domains("zeta.example.org"));
        assert_eq!(after["values"]["domains"].as_array().unwrap().len(), left);
        let taken = domains("acme.com");
        walk.refused(&route, &["companies", record], taken, 400, "uniqueness_conflict");
        walk.refused(&route, &["companies", NOTHING], domains("x.example.com"), 404, "not_found");
    }
}

fn history(walk: &mut Walk, record: &str) {
    let past = walk.ok(
        &format!("{VALUES}?show_historic=true&limit=10&offset=0"),
        &["companies", record, "description"],
        Value::Null,
    );
    assert!(past.as_array().unwrap().len() > 1, "{past}");
    walk.ok(VALUES, &["companies", record, "description"], Value::Null);
    let enriched = ["companies", record, "last_interaction"];
    walk.refused(&format!("{VALUES}?show_historic=true"), &enriched, Value::Null, 400, "validation_type");
    walk.refused(VALUES, &["companies", record, "planet"], Value::Null, 404, "not_found");
}

fn rewritten(walk: &mut Walk, record: &str) {
    let route = VALUES.replace("GET", "PUT");
    let body = |slug: &str| {
        let value = if slug == "categories" { "SaaS" } else { "Zeta" };
        json!({ "data": { "replace_history": true, "values": [
            { "value": value, "active_from": "2024-01-01T00:00:00Z", "active_until": null },
        ] } })
    };
    for slug in ["name", "categories"] {
        walk.ok(&route, &["companies", record, slug], body(slug));
        walk.ok(VALUES, &["companies", record, slug], Value::Null);
    }
    walk.refused(&route, &["companies", record, "team"], body("team"), 400, "validation_type");
    walk.refused(&route, &["companies", record, "logo_url"], body("x"), 400, "system_edit_unauthorized");
    walk.refused(&route, &["companies", record, "planet"], body("x"), 404, "not_found");
    walk.refused(&route, &["companies", NOTHING, "name"], body("x"), 404, "not_found");
    walk.refused(&route, &["companies", record, "employee_range"], body("x"), 404, "value_not_found");
    walk.refused(&route, &["companies", record, "name"], json!({ "data": {} }), 400, "validation_type");
}

/// The new record.
fn merge(walk: &mut Walk, record: &str) -> String {
    let route = "POST /v2/objects/{}/records/merge";
    let other = id(&walk.ok(CREATE, &["companies"], values(json!({ "name": "Zeta Ltd" }))), "record_id");
    let body = |primary: &str, secondary: &str| json!({ "data": { "primary_record_id": primary, "secondary_record_id": secondary } });
    walk.refused(route, &["companies"], body(record, record), 400, "self_merge");
    walk.refused(route, &["companies"], body(record, NOTHING), 404, "value_not_found");
    walk.refused(route, &["companies"], body(record, "x"), 400, "validation_type");
    walk.refused(route, &["planets"], body(record, &other), 404, "not_found");
    let merged = walk.ok(route, &["companies"], body(record, &other));
    for gone in [record, &other] {
        walk.refused(&format!("GET {ONE}"), &["companies", gone], Value::Null, 404, "not_found");
    }
    merged["new_record_id"].as_str().unwrap().to_owned()
}

fn delete(walk: &mut Walk, record: &str) {
    let (read, delete) = (format!("GET {ONE}"), format!("DELETE {ONE}"));
    let entries = "GET /v2/objects/{}/records/{}/entries";
    let acme = walk.company("acme.com");
    let listed = walk.ok(&format!("{entries}?limit=5&offset=0"), &["companies", &acme], Value::Null);
    assert_eq!(listed[0]["list_api_slug"], "sales_pipeline");
    walk.ok(&read, &["companies", record], Value::Null);
    walk.ok(&delete, &["companies", record], Value::Null);
    for route in [&read, &delete, entries] {
        walk.refused(route, &["companies", record], Value::Null, 404, "not_found");
    }
}
