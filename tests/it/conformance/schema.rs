//! Workspace, members, objects, attributes, options and statuses.

use crate::common::NOTHING;
use serde_json::{Value, json};

use super::{Walk, id};

pub fn workspace(walk: &mut Walk) {
    walk.ok("GET /v2/self", &[], Value::Null);
    let members = walk.ok("GET /v2/workspace_members", &[], Value::Null);
    walk.ok("GET /v2/workspace_members/{}", &[&id(&members[0], "workspace_member_id")], Value::Null);
    walk.refused("GET /v2/workspace_members/{}", &[NOTHING], Value::Null, 404, "not_found");

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

/// Objects, lists, attributes, options and statuses as they are changed, and the views beside them.
pub fn changes(walk: &mut Walk) {
    objects(walk);
    lists(walk);
    for (target, name) in [("objects", "deals"), ("lists", "sales_pipeline")] {
        views(walk, target, name);
        changed_attributes(walk, target, name);
        changed_choices(walk, target, name, ("select", "options"));
        changed_choices(walk, target, name, ("status", "statuses"));
    }
}

fn objects(walk: &mut Walk) {
    let one = "/v2/objects/{}";
    let (change, delete) = (format!("PATCH {one}"), format!("DELETE {one}"));
    let names = |slug: &str| json!({ "data": { "api_slug": slug, "singular_noun": "World", "plural_noun": "Worlds" } });
    walk.ok("POST /v2/objects", &[], names("planets"));
    let changed = walk.ok(&change, &["planets"], names("worlds"));
    assert_eq!(changed["api_slug"], "worlds");
    walk.refused(&change, &["planets"], names("moons"), 404, "not_found");
    walk.refused(&change, &["worlds"], names("people"), 409, "slug_conflict");
    walk.refused(&change, &["worlds"], json!({ "data": {} }), 400, "validation_type");
    walk.refused(&change, &["people"], names("folk"), 400, "validation_type");
    walk.refused(&delete, &["people"], Value::Null, 400, "system_edit_unauthorized");
    walk.ok(&delete, &["worlds"], Value::Null);
    walk.refused(&delete, &["worlds"], Value::Null, 404, "not_found");
}

fn lists(walk: &mut Walk) {
    let (create, change) = ("POST /v2/lists", "PATCH /v2/lists/{}");
    let member = id(&walk.ok("GET /v2/workspace_members", &[], Value::Null)[0], "workspace_member_id");
    let grant = |member: &str| json!([{ "workspace_member_id": member, "level": "full-access" }]);
    let mut list = json!({ "data": {
        "name": "Hiring", "api_slug": "hiring", "parent_object": "people",
        "workspace_access": null, "workspace_member_access": grant(&member),
    } });
    let made = walk.ok(create, &[], list.clone());
    assert_eq!((&made["parent_object"], &made["workspace_access"]), (&json!(["people"]), &Value::Null));
    walk.refused(create, &[], list.clone(), 409, "slug_conflict");
    list["data"]["api_slug"] = json!("hiring_2");
    for (key, bad, status, code) in [
        ("parent_object", json!("planets"), 404, "not_found"),
        ("workspace_member_access", grant(NOTHING), 400, "value_not_found"),
        ("workspace_member_access", json!([]), 400, "validation_type"),
        ("workspace_access", json!("all"), 400, "validation_type"),
    ] {
        let good = std::mem::replace(&mut list["data"][key], bad);
        walk.refused(create, &[], list.clone(), status, code);
        list["data"][key] = good;
    }
    let open = json!({ "data": {
        "name": "Talent", "api_slug": "talent", "workspace_access": "full-access", "workspace_member_access": [],
    } });
    assert_eq!(walk.ok(change, &["hiring"], open.clone())["name"], "Talent");
    walk.refused(change, &["hiring"], open, 404, "not_found");
    let nobody = json!({ "data": { "workspace_access": null } });
    walk.refused(change, &["talent"], nobody, 400, "validation_type");
}

fn views(walk: &mut Walk, target: &str, name: &str) {
    let views = format!("GET /v2/{target}/{{}}/views");
    let (_, page) = walk.call(&format!("{views}?limit=1&show_archived=false"), &[name], &Value::Null);
    let next = page["pagination"]["next_cursor"].as_str().unwrap().replace('+', "%2B");
    let (_, rest) = walk.call(&format!("{views}?cursor={next}"), &[name], &Value::Null);
    assert_eq!(rest["pagination"]["next_cursor"], Value::Null);
    assert!(page["data"][0]["id"]["view_id"].as_str() < rest["data"][0]["id"]["view_id"].as_str());
    walk.refused(&format!("{views}?limit=0"), &[name], Value::Null, 400, "validation_type");
    walk.refused(&views, &["planets"], Value::Null, 404, "not_found");
}

fn changed_attributes(walk: &mut Walk, target: &str, name: &str) {
    let (create, change) =
        (format!("POST /v2/{target}/{{}}/attributes"), format!("PATCH /v2/{target}/{{}}/attributes/{{}}"));
    let money = |code: &str| json!({ "currency": { "default_currency_code": code, "display_type": "code" } });
    walk.ok(&create, &[name], attribute("price", "currency", money("EUR")));
    let body = json!({ "data": {
        "title": "Cost", "description": "What we pay", "api_slug": "cost", "is_required": false, "is_unique": false,
        "default_value": { "type": "static", "template": [{ "currency_value": 5 }] }, "config": money("USD"),
        "is_archived": false,
    } });
    let after = walk.ok(&change, &[name, "price"], body.clone());
    assert_eq!(after["config"]["currency"]["default_currency_code"], "USD");
    walk.refused(&change, &[name, "price"], body, 404, "not_found");
    let system = walk.call(&change, &[name, "created_at"], &json!({ "data": { "title": "Born" } }));
    assert_eq!((system.0, &system.1["code"]), (400, &json!("system_edit_unauthorized")));
    let kind = json!({ "data": { "type": "text" } });
    walk.refused(&change, &[name, "cost"], kind, 400, "validation_type");
    let taken = json!({ "data": { "api_slug": "stage" } });
    walk.refused(&change, &[name, "cost"], taken, 409, "slug_conflict");
    let default = |template: &str| {
        let mut due = attribute(&format!("due_{}", template.len()), "date", json!({}));
        due["data"]["default_value"] = json!({ "type": "dynamic", "template": template });
        due
    };
    walk.ok(&create, &[name], default("P1M"));
    walk.refused(&create, &[name], default("current-user"), 400, "validation_type");
}

fn changed_choices(walk: &mut Walk, target: &str, name: &str, (kind, choices): (&str, &str)) {
    let path = format!("/v2/{target}/{{}}/attributes/{{}}/{choices}");
    let (create, change) = (format!("POST {path}"), format!("PATCH {path}/{{}}"));
    let slug = format!("changed_{kind}");
    walk.ok(&format!("POST /v2/{target}/{{}}/attributes"), &[name], attribute(&slug, kind, json!({})));
    for title in ["Very calm", "Stormy"] {
        walk.ok(&create, &[name, &slug], json!({ "data": { "title": title } }));
    }
    let calm = json!({ "data": { "title": "Calm", "is_archived": true } });
    let after = walk.ok(&change, &[name, &slug, "Very%20calm"], calm.clone());
    assert_eq!((&after["title"], &after["is_archived"]), (&json!("Calm"), &json!(true)));
    walk.refused(&change, &[name, &slug, "Stormy"], calm.clone(), 409, "slug_conflict");
    walk.refused(&change, &[name, &slug, "Foggy"], calm.clone(), 400, "value_not_found");
    walk.refused(&change, &[name, "planets", "Stormy"], calm, 404, "not_found");
    if kind == "status" {
        let rich = json!({ "data": { "celebration_enabled": true, "target_time_in_status": null } });
        walk.ok(&change, &[name, &slug, "Stormy"], rich);
    }
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
