//! Records of the sandbox merged, and histories written.
use serde_json::{Value, json};

use super::workspace::{Workspace, id, texts};

fn merge(workspace: &mut Workspace, object: &str, primary: &str, secondary: &str) -> Value {
    let body = json!({"data": {"primary_record_id": primary, "secondary_record_id": secondary}});
    let merged = workspace.data("POST", &format!("/v2/objects/{object}/records/merge"), body);
    let id = merged["new_record_id"].as_str().unwrap();
    workspace.data("GET", &format!("/v2/objects/{object}/records/{id}"), Value::Null)
}

#[test]
fn a_merged_record_holds_the_primarys_values_and_what_only_the_other_had() {
    let mut workspace = Workspace::new();
    let first = json!({"name": "Zeta", "domains": ["zeta.example.com"]});
    let primary = workspace.create("companies", first);
    let second = json!({"name": "Zeta Ltd", "description": "Z", "domains": ["zeta.example.org"]});
    let secondary = workspace.create("companies", second);
    let new = merge(&mut workspace, "companies", &primary, &secondary);
    assert_eq!(texts(&new, "name", "value"), ["Zeta"]);
    assert_eq!(texts(&new, "description", "value"), ["Z"]);
    assert_eq!(texts(&new, "domains", "domain"), ["zeta.example.com", "zeta.example.org"]);
    assert!(![&primary, &secondary].contains(&&id(&new)));
    for gone in [&primary, &secondary] {
        let path = format!("/v2/objects/companies/records/{gone}");
        workspace.refused("GET", &path, Value::Null, 404, "not_found");
    }
    let again = json!({"data": {"primary_record_id": primary, "secondary_record_id": secondary}});
    workspace.refused("POST", "/v2/objects/companies/records/merge", again, 404, "value_not_found");
}

#[test]
fn what_belongs_to_merged_records_moves_to_the_new_one() {
    let mut workspace = Workspace::new();
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    let globex = workspace.find("companies", json!({"domains": "globex.com"}));
    let count = |record: &Value, slug: &str| record["values"][slug].as_array().unwrap().len();
    let new = merge(&mut workspace, "companies", &id(&acme), &id(&globex));
    for slug in ["team", "associated_deals"] {
        assert_eq!(count(&new, slug), count(&acme, slug) + count(&globex, slug), "{slug}");
    }
    let team = texts(&new, "team", "target_record_id");
    let path = format!("/v2/objects/people/records/{}", team.last().unwrap());
    let person = workspace.data("GET", &path, Value::Null);
    assert_eq!(texts(&person, "company", "target_record_id"), [id(&new)]);
    let path = format!("/v2/objects/companies/records/{}/entries", id(&new));
    assert!(workspace.data("GET", &path, Value::Null).as_array().unwrap().len() > 1);
    for path in ["notes?parent_object=companies&parent_record_id=", "threads?object=companies&record_id="] {
        let attached = workspace.data("GET", &format!("/v2/{path}{}", id(&new)), Value::Null);
        assert!(!attached.as_array().unwrap().is_empty(), "{path}");
    }
}

#[test]
fn both_sides_of_a_relationship_agree_after_a_merge() {
    let mut workspace = Workspace::new();
    let create = |workspace: &mut Workspace, company: &str| {
        let values = json!({"company": company, "job_title": company});
        workspace.create("people", values)
    };
    let (primary, secondary) = (create(&mut workspace, "acme.com"), create(&mut workspace, "globex.com"));
    let new = merge(&mut workspace, "people", &primary, &secondary);
    let team = |workspace: &mut Workspace, domain: &str| {
        let company = workspace.find("companies", json!({ "domains": domain }));
        texts(&company, "team", "target_record_id")
    };
    assert!(team(&mut workspace, "acme.com").contains(&id(&new)));
    let globex = team(&mut workspace, "globex.com");
    assert!(![id(&new), primary, secondary].iter().any(|id| globex.contains(id)), "{globex:?}");
}

#[test]
fn a_written_history_takes_the_place_of_the_old_one() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({"name": "Old"}));
    let values = format!("/v2/objects/companies/records/{company}/attributes/name/values");
    let body = |values: Value| json!({"data": {"replace_history": true, "values": values}});
    let history = json!([
        {"value": "Acme Corporation", "active_from": "2021-06-15T09:30:00Z", "active_until": null},
        {"value": "Acme (old name)", "active_from": "2020-01-01", "active_until": "2021-06-15T09:30:00Z"},
    ]);
    let written = workspace.data("PUT", &values, body(history));
    assert_eq!(written[0]["active_from"], "2020-01-01T00:00:00.000000000Z");
    let all = workspace.data("GET", &format!("{values}?show_historic=true"), Value::Null);
    assert_eq!((&all, all[1]["value"].as_str()), (&written, Some("Acme Corporation")));
    let found = workspace.find("companies", json!({"name": "Acme Corporation"}));
    assert_eq!(id(&found), company);
    assert!(workspace.query("companies", json!({"filter": {"name": "Old"}})).is_empty());
}

#[test]
fn a_history_that_cannot_be_is_refused_and_changes_nothing() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({"name": "Old"}));
    let path = |slug: &str| format!("/v2/objects/companies/records/{company}/attributes/{slug}/values");
    let span = |value: &str, from: &str, until: Value| json!({"value": value, "active_from": from, "active_until": until});
    let (open, past) = (Value::Null, json!("2025-03-01T00:00:00Z"));
    for (slug, spans, status, code) in [
        (
            "name",
            json!([span("A", "2025-01-01", open.clone()), span("B", "2025-02-01", open.clone())]),
            400,
            "multiple_values_for_single_value_attribute",
        ),
        (
            "name",
            json!([span("A", "2025-01-01", past.clone()), span("B", "2025-02-01", open.clone())]),
            400,
            "multiple_values_for_single_value_attribute",
        ),
        ("name", json!([span("A", "2031-01-01", open.clone())]), 400, "validation_type"),
        ("name", json!([span("A", "2025-04-01", past.clone())]), 400, "validation_type"),
        ("name", json!([{"value": "A", "active_from": "2025-01-01"}]), 400, "validation_type"),
        ("name", json!([]), 400, "validation_type"),
        (
            "categories",
            json!([span("SaaS", "2025-01-01", past), span("SaaS", "2025-02-01", open.clone())]),
            400,
            "duplicate_values",
        ),
        ("categories", json!([span("Mars", "2025-01-01", open.clone())]), 404, "value_not_found"),
        ("domains", json!([span("acme.com", "2025-01-01", open.clone())]), 400, "uniqueness_conflict"),
        ("team", json!([span("x", "2025-01-01", open.clone())]), 400, "validation_type"),
        ("created_at", json!([span("2025-01-01", "2025-01-01", open)]), 400, "system_edit_unauthorized"),
    ] {
        let body = json!({"data": {"replace_history": true, "values": spans}});
        workspace.refused("PUT", &path(slug), body, status, code);
    }
    let past = workspace.data("GET", &format!("{}?show_historic=true", path("name")), Value::Null);
    assert_eq!((past.as_array().unwrap().len(), &past[0]["value"]), (1, &json!("Old")));
}

#[test]
fn threads_files_and_meetings_of_both_records_are_the_new_ones() {
    let mut workspace = Workspace::new();
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let other = workspace.create("companies", json!({}));
    let folder = json!({"file_type": "folder", "object": "companies", "record_id": other, "name": "Old"});
    workspace.data("POST", "/v2/files", folder);
    let both =
        json!([{"object": "companies", "record_id": acme}, {"object": "companies", "record_id": other}]);
    let meeting = workspace.data("GET", "/v2/meetings?limit=1", Value::Null)[0].clone();
    let path = format!("/v2/meetings/{}", meeting["id"]["meeting_id"].as_str().unwrap());
    workspace.data("PUT", &path, json!({"data": {"linked_records": both}}));

    let new = id(&merge(&mut workspace, "companies", &other, &acme));
    let of_new = format!("object=companies&record_id={new}");
    let mut count = |what: &str| {
        workspace.data("GET", &format!("/v2/{what}?{of_new}"), Value::Null).as_array().unwrap().len()
    };
    assert_eq!((count("threads"), count("files")), (1, 2));
    let linked = workspace.data("GET", &path, Value::Null)["linked_records"].clone();
    assert_eq!((linked.as_array().unwrap().len(), &linked[0]["record_id"]), (1, &json!(new)));
}
