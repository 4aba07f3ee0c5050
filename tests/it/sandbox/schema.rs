//! Changing the schema of the sandbox: what keeps its values, what goes, and what new rows start with.
use serde_json::{Value, json};

use super::workspace::{Workspace, id, texts};

fn attribute(slug: &str, kind: &str, more: &Value) -> Value {
    let mut data = json!({"title": slug, "description": null, "api_slug": slug, "type": kind,
        "is_required": false, "is_unique": false, "is_multiselect": false, "config": {}});
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "data": data })
}

fn object(slug: &str) -> Value {
    json!({"data": {"api_slug": slug, "singular_noun": slug, "plural_noun": format!("{slug}s")}})
}

/// A workspace with planets, each with the company that owns it, and a list of planets with one entry.
fn with_planets() -> (Workspace, String) {
    let mut workspace = Workspace::new();
    workspace.data("POST", "/v2/objects", object("planet"));
    let owner = json!({"relationship": {"object": "companies", "title": "Planets", "api_slug": "planets",
        "is_multiselect": true}});
    workspace.data("POST", "/v2/objects/planet/attributes", attribute("owner", "record-reference", &owner));
    let planet = workspace.create("planet", json!({"owner": "acme.com"}));
    let list = json!({"data": {"name": "Visits", "api_slug": "visits", "parent_object": "planet",
        "workspace_access": "full-access", "workspace_member_access": []}});
    workspace.data("POST", "/v2/lists", list);
    let entry = json!({"data": {"parent_object": "planet", "parent_record_id": planet, "entry_values": {}}});
    workspace.data("POST", "/v2/lists/visits/entries", entry);
    (workspace, planet)
}

#[test]
fn what_goes_by_an_objects_slug_follows_when_it_changes() {
    let (mut workspace, planet) = with_planets();
    workspace.data("PATCH", "/v2/objects/planet", json!({"data": {"api_slug": "world"}}));
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    let link = &acme["values"]["planets"][0];
    assert_eq!((&link["target_object"], &link["target_record_id"]), (&json!("world"), &json!(planet)));
    let entries = workspace.data("GET", &format!("/v2/objects/world/records/{planet}/entries"), Value::Null);
    assert_eq!(entries[0]["list_api_slug"], "visits");
    assert_eq!(workspace.data("GET", "/v2/lists/visits", Value::Null)["parent_object"], json!(["world"]));
    let path = format!("/v2/objects/world/records/{planet}");
    workspace.data("PUT", &path, json!({"data": {"values": {"owner": "globex.com"}}}));
    let globex = workspace.find("companies", json!({"domains": "globex.com"}));
    assert_eq!(texts(&globex, "planets", "target_record_id"), [planet]);
}

#[test]
fn a_deleted_object_takes_its_records_lists_and_relationships_along() {
    let (mut workspace, _) = with_planets();
    workspace.call("DELETE", "/v2/objects/planet", Value::Null);
    workspace.refused("GET", "/v2/objects/planet", Value::Null, 404, "not_found");
    workspace.refused("GET", "/v2/lists/visits", Value::Null, 404, "not_found");
    workspace.refused("GET", "/v2/objects/companies/attributes/planets", Value::Null, 404, "not_found");
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    assert_eq!(acme["values"]["planets"], Value::Null);
    let path = "/v2/objects/deals";
    let error = workspace.refused("DELETE", path, Value::Null, 400, "system_edit_unauthorized");
    assert_eq!(error["message"], "Cannot delete a System object.");
}

#[test]
fn a_renamed_attribute_keeps_its_values_and_an_archived_one_hides_them() {
    let mut workspace = Workspace::new();
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let (path, attributes) =
        (format!("/v2/objects/companies/records/{acme}"), "/v2/objects/companies/attributes");
    let patch = |slug: &str| format!("{attributes}/{slug}");
    workspace.data("PATCH", &patch("customer_status"), json!({"data": {"api_slug": "status"}}));
    let record = workspace.data("GET", &path, Value::Null);
    assert_eq!(record["values"]["status"][0]["option"]["title"], "Customer");
    assert_eq!(record["values"]["customer_status"], Value::Null);

    workspace.data("PATCH", &patch("status"), json!({"data": {"is_archived": true}}));
    let record = workspace.data("GET", &path, Value::Null);
    assert_eq!(record["values"]["status"], Value::Null);
    let write = json!({"data": {"values": {"status": "Lead"}}});
    workspace.refused("PATCH", &path, write, 400, "value_not_found");
    let listed = |workspace: &mut Workspace, query: &str| {
        let all = workspace.data("GET", &format!("{attributes}{query}"), Value::Null);
        all.as_array().unwrap().iter().any(|attribute| attribute["api_slug"] == "status")
    };
    assert!(!listed(&mut workspace, "") && listed(&mut workspace, "?show_archived=true"));
    workspace.refused("POST", attributes, attribute("status", "text", &json!({})), 409, "slug_conflict");

    workspace.data("PATCH", &patch("status"), json!({"data": {"is_archived": false}}));
    let record = workspace.data("GET", &path, Value::Null);
    assert_eq!(record["values"]["status"][0]["option"]["title"], "Customer");
}

#[test]
fn system_attributes_keep_their_definition_and_none_changes_its_type() {
    let mut workspace = Workspace::new();
    let path = "/v2/objects/companies/attributes";
    let rename = json!({"data": {"title": "Naam"}});
    let name = format!("{path}/name");
    let error = workspace.refused("PATCH", &name, rename, 400, "system_edit_unauthorized");
    assert_eq!(error["message"], "Cannot update a System attribute.");
    let custom = format!("{path}/customer_status");
    workspace.refused("PATCH", &custom, json!({"data": {"type": "text"}}), 400, "validation_type");
    workspace.refused("PATCH", &custom, json!({"data": {"is_unique": true}}), 400, "validation_type");
}

#[test]
fn a_renamed_option_keeps_its_place_in_values_and_its_old_title_is_free() {
    let mut workspace = Workspace::new();
    let options = "/v2/objects/deals/attributes/stage/statuses";
    let before = workspace.find("deals", json!({"name": "Globex renewal"}));
    workspace.data("PATCH", &format!("{options}/In%20Progress"), json!({"data": {"title": "Talking"}}));
    let after = workspace.find("deals", json!({"name": "Globex renewal"}));
    let status = |record: &Value| record["values"]["stage"][0]["status"].clone();
    assert_eq!(status(&after)["title"], "Talking");
    assert_eq!(status(&after)["id"], status(&before)["id"]);
    let again = workspace.data("POST", options, json!({"data": {"title": "In Progress"}}));
    assert_ne!(again["id"], status(&before)["id"]);

    workspace.data("PATCH", &format!("{options}/Talking"), json!({"data": {"is_archived": true}}));
    let listed = workspace.data("GET", options, Value::Null).to_string();
    assert!(!listed.contains("Talking") && listed.contains("In Progress"), "{listed}");
    workspace.refused("POST", options, json!({"data": {"title": "Talking"}}), 409, "slug_conflict");
    let after = workspace.find("deals", json!({"name": "Globex renewal"}));
    assert_eq!(status(&after)["is_archived"], true);
}

#[test]
fn new_rows_start_with_the_default_values_of_what_they_leave_out() {
    let mut workspace = Workspace::new();
    let path = "/v2/objects/deals/attributes";
    for (slug, kind, default) in [
        ("source", "text", json!({"type": "static", "template": ["Web"]})),
        ("seller", "actor-reference", json!({"type": "dynamic", "template": "current-user"})),
        ("due", "date", json!({"type": "dynamic", "template": "P1M"})),
        ("checked", "timestamp", json!({"type": "dynamic", "template": "PT1H"})),
    ] {
        let more = json!({"default_value": default, "is_required": slug == "source"});
        let made = workspace.data("POST", path, attribute(slug, kind, &more));
        assert_eq!(made["is_default_value_enabled"], true);
    }
    let values = |more: Value| {
        let mut values = json!({"name": "D", "stage": "Lead", "owner": "ada@example.com"});
        values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        values
    };
    let deal = workspace.create("deals", values(json!({})));
    let deal = workspace.data("GET", &format!("/v2/objects/deals/records/{deal}"), Value::Null);
    assert_eq!(texts(&deal, "source", "value"), ["Web"]);
    assert_eq!(texts(&deal, "seller", "referenced_actor_type"), ["api-token"]);
    assert_eq!(texts(&deal, "due", "value"), ["2026-07-01"]);
    assert_eq!(texts(&deal, "checked", "value"), ["2026-06-01T13:00:05.000000000Z"]);
    let other = workspace.create("deals", values(json!({"source": "Fair", "due": null})));
    let other = workspace.data("GET", &format!("/v2/objects/deals/records/{other}"), Value::Null);
    assert_eq!(texts(&other, "source", "value"), ["Fair"]);
    assert_eq!(other["values"]["due"], json!([]));
    let phase = json!({"default_value": {"type": "static", "template": [5]}});
    let error = workspace.refused("POST", path, attribute("phase", "text", &phase), 400, "validation_type");
    assert!(error["message"].as_str().unwrap().contains("phase"), "{error}");
    let company = json!({"default_value": {"type": "static", "template": ["x"]}});
    let path = "/v2/objects/companies/attributes";
    workspace.refused("POST", path, attribute("x", "text", &company), 400, "validation_type");
}

#[test]
fn a_default_value_is_the_option_not_its_title() {
    let mut workspace = Workspace::new();
    let path = "/v2/lists/partners/attributes/region";
    let default = json!({"data": {"default_value": {"type": "static", "template": ["Europe"]}}});
    let after = workspace.data("PATCH", path, default);
    assert_eq!(after["default_value"]["template"][0]["option"]["title"], "Europe");
    workspace.data("PATCH", &format!("{path}/options/Europe"), json!({"data": {"title": "EMEA"}}));
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let body = json!({"data": {"parent_object": "companies", "parent_record_id": acme, "entry_values": {}}});
    let entry = workspace.data("POST", "/v2/lists/partners/entries", body);
    assert_eq!(entry["entry_values"]["region"][0]["option"]["title"], "EMEA");
    workspace.data("PATCH", path, json!({"data": {"default_value": null}}));
    assert_eq!(workspace.data("GET", path, Value::Null)["is_default_value_enabled"], false);
}

#[test]
fn a_view_filters_as_it_says_and_only_where_it_belongs() {
    let mut workspace = Workspace::new();
    let views = workspace.data("GET", "/v2/objects/deals/views", Value::Null);
    let view = |title: &str| {
        let found = views.as_array().unwrap().iter().find(|view| view["title"] == title).unwrap();
        json!({"filter_view_id": found["id"]["view_id"]})
    };
    assert_eq!(workspace.query("deals", view("All deals")).len(), 15);
    let large = workspace.query("deals", view("Large deals"));
    let filter = json!({"filter": {"value": {"$gte": 50000}}});
    assert!(large.len() > 1 && large.len() < 15);
    assert_eq!(large, workspace.query("deals", filter));
    let path = "/v2/objects/people/records/query";
    workspace.refused("POST", path, view("Large deals"), 400, "value_not_found");
}

#[test]
fn a_list_needs_somebody_with_full_access() {
    let mut workspace = Workspace::new();
    let member =
        workspace.data("GET", "/v2/workspace_members", Value::Null)[0]["id"]["workspace_member_id"].clone();
    let path = "/v2/lists/partners";
    let grant = |level: &str| json!([{"workspace_member_id": member, "level": level}]);
    let private =
        |level: &str| json!({"data": {"workspace_access": null, "workspace_member_access": grant(level)}});
    workspace.refused("PATCH", path, private("read-only"), 400, "validation_type");
    let after = workspace.data("PATCH", path, private("full-access"));
    assert_eq!(after["workspace_access"], Value::Null);
    assert_eq!(after["workspace_member_access"], grant("full-access"));
    assert_eq!(after["name"], "Partners");
}

#[test]
fn attributes_stand_in_attios_order() {
    let mut workspace = Workspace::new();
    let own = json!({"data": {"title": "Last", "description": null, "api_slug": "last", "type": "text",
        "is_required": false, "is_unique": false, "is_multiselect": false, "config": {}}});
    let object = json!({"data": {"api_slug": "things", "singular_noun": "Thing", "plural_noun": "Things"}});
    workspace.data("POST", "/v2/objects", object);
    for (table, id) in [
        ("objects/companies", "record_id"),
        ("objects/people", "record_id"),
        ("objects/deals", "record_id"),
        ("objects/things", "record_id"),
        ("lists/partners", "entry_id"),
    ] {
        let path = format!("/v2/{table}/attributes");
        workspace.data("POST", &path, own.clone());
        let attributes = workspace.data("GET", &path, Value::Null);
        let attributes = attributes.as_array().unwrap();
        let slugs: Vec<&str> = attributes.iter().map(|a| a["api_slug"].as_str().unwrap()).collect();
        let is_custom = |a: &Value| a["is_system_attribute"] == false;
        let customs = attributes.iter().position(is_custom).unwrap();
        assert!(attributes[customs..].iter().all(is_custom), "{table}: {slugs:?}");
        assert_eq!((slugs[0], slugs[slugs.len() - 1]), (id, "last"), "{table}");
        assert_eq!(slugs[customs - 2..customs], ["created_at", "created_by"], "{table}: {slugs:?}");
        let (rows, values) =
            if id == "entry_id" { ("entries", "entry_values") } else { ("records", "values") };
        let rows = workspace.data("POST", &format!("/v2/{table}/{rows}/query"), json!({"limit": 1}));
        if let Some(row) = rows[0][values].as_object() {
            assert_eq!(row.keys().collect::<Vec<_>>(), slugs, "{table}");
        }
    }
}

#[test]
fn the_deals_of_a_record_are_described() {
    let mut workspace = Workspace::new();
    for object in ["companies", "people"] {
        let path = format!("/v2/objects/{object}/attributes/associated_deals");
        let attribute = workspace.data("GET", &path, Value::Null);
        assert!(attribute["description"].as_str().is_some_and(|text| text.len() > 10), "{attribute}");
    }
}
