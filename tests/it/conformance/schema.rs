//! Workspace, members, objects, attributes, options and statuses.

use serde_json::{Value, json};

use super::{Walk, id};

const MISSING: &str = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

pub fn workspace(walk: &mut Walk) {
    walk.ok("GET /v2/self", &[], Value::Null);
    let members = walk.ok("GET /v2/workspace_members", &[], Value::Null);
    walk.ok("GET /v2/workspace_members/{}", &[&id(&members[0], "workspace_member_id")], Value::Null);
    walk.refused("GET /v2/workspace_members/{}", &[MISSING], Value::Null, 404, "not_found");

    let objects = walk.ok("GET /v2/objects", &[], Value::Null);
    walk.ok("GET /v2/objects/{}", &[&id(&objects[0], "object_id")], Value::Null);
    walk.ok("GET /v2/objects/{}", &["people"], Value::Null);
    walk.refused("GET /v2/objects/{}", &["planets"], Value::Null, 404, "not_found");
    let object = json!({ "data": {
        "api_slug": "planets", "singular_noun": "Planet", "plural_noun": "Planets",
    } });
    walk.ok("POST /v2/objects", &[], object.clone());
    walk.refused("POST /v2/objects", &[], object, 409, "slug_conflict");
    walk.refused("POST /v2/objects", &[], json!({ "data": {} }), 400, "validation_type");
    walk.ok("GET /v2/objects/{}/attributes", &["planets"], Value::Null);

    let lists = walk.ok("GET /v2/lists", &[], Value::Null);
    walk.ok("GET /v2/lists/{}", &[&id(&lists[0], "list_id")], Value::Null);
    walk.refused("GET /v2/lists/{}", &["planets"], Value::Null, 404, "not_found");
}

/// The same operations exist for objects and for lists.
pub fn attributes(walk: &mut Walk) {
    for (target, name) in [("objects", "deals"), ("lists", "sales_pipeline")] {
        definitions(walk, target, name);
        choices(walk, target, name, ("select", "options"));
        choices(walk, target, name, ("status", "statuses"));
    }
    for object in ["companies", "people"] {
        walk.ok("GET /v2/objects/{}/attributes", &[object], Value::Null);
    }
    relationships(walk);
}

fn definitions(walk: &mut Walk, target: &str, name: &str) {
    let (all, one) = (format!("/v2/{target}/{{}}/attributes"), format!("/v2/{target}/{{}}/attributes/{{}}"));
    let listed = walk.ok(&format!("GET {all}"), &[name], Value::Null);
    assert!(listed.as_array().unwrap().len() > 5, "{listed}");
    walk.ok(&format!("GET {all}?limit=2&offset=1&show_archived=false"), &[name], Value::Null);
    walk.refused(&format!("GET {all}"), &["planets"], Value::Null, 404, "not_found");
    walk.ok(&format!("GET {one}"), &[name, &id(&listed[0], "attribute_id")], Value::Null);
    walk.refused(&format!("GET {one}"), &[name, "mass"], Value::Null, 404, "not_found");

    let create = format!("POST {all}");
    walk.ok(&create, &[name], attribute("mass", "number", json!({})));
    walk.ok(&format!("GET {one}"), &[name, "mass"], Value::Null);
    walk.refused(&create, &[name], attribute("mass", "number", json!({})), 409, "slug_conflict");
    walk.refused(&create, &[name], attribute("age", "eternity", json!({})), 400, "validation_type");
    walk.refused(&create, &[name], json!({ "data": {} }), 400, "validation_type");
    walk.refused(&create, &["planets"], attribute("mass", "number", json!({})), 404, "not_found");
}

fn choices(walk: &mut Walk, target: &str, name: &str, (kind, choices): (&str, &str)) {
    let path = format!("/v2/{target}/{{}}/attributes/{{}}/{choices}");
    let (list, create) = (format!("GET {path}"), format!("POST {path}"));
    let slug = format!("a_{kind}");
    walk.ok(&format!("POST /v2/{target}/{{}}/attributes"), &[name], attribute(&slug, kind, json!({})));
    walk.ok(&create, &[name, &slug], json!({ "data": { "title": "Calm" } }));
    walk.refused(&create, &[name, &slug], json!({ "data": { "title": "Calm" } }), 409, "slug_conflict");
    walk.refused(&create, &[name, &slug], json!({ "data": {} }), 400, "validation_type");
    walk.refused(&create, &[name, "created_at"], json!({ "data": { "title": "x" } }), 400, "validation_type");
    if kind == "status" {
        let rich = json!({ "data": {
            "title": "Stormy", "celebration_enabled": true, "target_time_in_status": "P0Y0M1DT0H0M0S",
        } });
        walk.ok(&create, &[name, &slug], rich);
    }
    let listed = walk.ok(&list, &[name, &slug], Value::Null);
    assert_eq!(listed[0]["title"], "Calm");
    walk.ok(&format!("{list}?show_archived=true"), &[name, &slug], Value::Null);
    walk.refused(&list, &[name, "planets"], Value::Null, 404, "not_found");
}

fn relationships(walk: &mut Walk) {
    let create = "POST /v2/objects/{}/attributes";
    let mut adviser = attribute("adviser", "record-reference", json!({}));
    adviser["data"]["relationship"] =
        json!({ "object": "people", "title": "Advises", "api_slug": "advises", "is_multiselect": true });
    walk.ok(create, &["companies"], adviser.clone());
    let reverse = walk.ok("GET /v2/objects/{}/attributes/{}", &["people", "advises"], Value::Null);
    assert_eq!(reverse["relationship"]["api_slug"], "adviser");
    adviser["data"]["api_slug"] = json!("mentor");
    adviser["data"]["relationship"]["object"] = json!("planets");
    walk.refused(create, &["companies"], adviser, 400, "value_not_found");
}

/// The definition of an attribute with nothing special about it.
pub fn attribute(slug: &str, kind: &str, config: Value) -> Value {
    json!({ "data": {
        "title": format!("Our {slug}"), "description": null, "api_slug": slug, "type": kind,
        "is_required": false, "is_unique": false, "is_multiselect": false, "config": config,
    } })
}
