//! Records of the sandbox: writing, uniqueness, upsert, relationships, history, search.
use serde_json::{Value, json};

use super::workspace::{Workspace, id, texts};

#[test]
fn a_name_in_the_path_is_not_found_and_one_in_the_body_is_value_not_found() {
    let mut workspace = Workspace::new();
    let error = workspace.refused("GET", "/v2/objects/planets", Value::Null, 404, "not_found");
    assert_eq!(error["message"], "Object with slug/ID \"planets\" not found.");
    let unknown = "00000000-0000-4000-8000-000000000000";
    workspace.refused("GET", &format!("/v2/objects/people/records/{unknown}"), Value::Null, 404, "not_found");
    let body = json!({"data": {"values": {"nmae": "x"}}});
    let error = workspace.refused("POST", "/v2/objects/companies/records", body, 400, "value_not_found");
    assert_eq!(error["message"], "Cannot find attribute with slug/ID \"nmae\".");
    let body = json!({"data": {"values": {"customer_status": "Friend"}}});
    let error = workspace.refused("POST", "/v2/objects/companies/records", body, 400, "value_not_found");
    assert_eq!(error["message"], "Cannot find select attribute with select option title \"Friend\".");
    workspace.refused("POST", "/v2/objects/planets/records/query", json!({}), 404, "not_found");
}

#[test]
fn a_uniqueness_clash_is_a_400_that_names_the_record_and_stores_nothing() {
    let mut workspace = Workspace::new();
    let owner = workspace.create("companies", json!({"name": "Zeta", "domains": ["zeta.example.com"]}));
    let body =
        json!({"data": {"values": {"name": "Zeta 2", "domains": ["other.example.com", "zeta.example.com"]}}});
    let error = workspace.refused("POST", "/v2/objects/companies/records", body, 400, "uniqueness_conflict");
    assert!(error["message"].as_str().unwrap().ends_with(&format!("Conflicting record IDs: {owner}")));
    assert!(workspace.query("companies", json!({"filter": {"name": "Zeta 2"}})).is_empty());
}

#[test]
fn patch_adds_in_front_put_replaces_upsert_adds_to_the_matching_attribute_only() {
    let mut workspace = Workspace::new();
    let person = workspace.create(
        "people",
        json!({"email_addresses": ["a@gmail.com", "b@gmail.com"], "phone_numbers": ["+442079460001"]}),
    );
    let path = format!("/v2/objects/people/records/{person}");
    let body = json!({"data": {"values": {"email_addresses": ["c@gmail.com", "B@gmail.com"]}}});
    let after = workspace.data("PATCH", &path, body);
    assert_eq!(
        texts(&after, "email_addresses", "email_address"),
        ["c@gmail.com", "a@gmail.com", "b@gmail.com"]
    );
    let after = workspace.data("PATCH", &path, json!({"data": {"values": {"email_addresses": []}}}));
    assert_eq!(after["values"]["email_addresses"].as_array().unwrap().len(), 3);
    let body = json!({"data": {"values": {"email_addresses": ["b@gmail.com", "a@gmail.com"]}}});
    let after = workspace.data("PUT", &path, body);
    assert_eq!(texts(&after, "email_addresses", "email_address"), ["b@gmail.com", "a@gmail.com"]);
    let values =
        json!({"email_addresses": ["a@gmail.com", "d@gmail.com"], "phone_numbers": ["+442079460002"]});
    let upsert = "/v2/objects/people/records?matching_attribute=email_addresses";
    let after = workspace.data("PUT", upsert, json!({"data": {"values": values}}));
    assert_eq!(id(&after), person);
    assert_eq!(
        texts(&after, "email_addresses", "email_address"),
        ["d@gmail.com", "b@gmail.com", "a@gmail.com"]
    );
    assert_eq!(texts(&after, "phone_numbers", "phone_number"), ["+442079460002"]);
}

#[test]
fn upsert_creates_once_and_needs_a_unique_attribute() {
    let mut workspace = Workspace::new();
    let path = "/v2/objects/companies/records?matching_attribute=domains";
    let body = json!({"data": {"values": {"domains": ["new.example.com"], "name": "New"}}});
    let first = workspace.data("PUT", path, body.clone());
    assert_eq!(id(&first), id(&workspace.data("PUT", path, body.clone())));
    let by = |name: &str| format!("/v2/objects/companies/records?matching_attribute={name}");
    workspace.refused("PUT", &by("nothing"), body.clone(), 400, "value_not_found");
    workspace.refused("PUT", &by("name"), body.clone(), 400, "matching_attribute_definition_not_unique");
    workspace.refused("PUT", "/v2/objects/companies/records", body, 400, "validation_type");
    let body = json!({"data": {"values": {"domains": ["acme.com", "placmetric.example.com"]}}});
    workspace.refused("PUT", path, body, 400, "multiple_match_results");
}

#[test]
fn deals_need_name_stage_and_owner_and_keep_them() {
    let mut workspace = Workspace::new();
    let body = json!({"data": {"values": {"name": "Half", "stage": "Lead"}}});
    let error = workspace.refused("POST", "/v2/objects/deals/records", body, 400, "missing_value");
    let owner = workspace.data("GET", "/v2/objects/deals/attributes/owner", Value::Null);
    let attribute = owner["id"]["attribute_id"].as_str().unwrap();
    assert!(error["message"].as_str().unwrap().contains(attribute));
    let deal =
        workspace.create("deals", json!({"name": "Whole", "stage": "Won 🎉", "owner": "ada@example.com"}));
    let path = format!("/v2/objects/deals/records/{deal}");
    workspace.refused("PATCH", &path, json!({"data": {"values": {"stage": null}}}), 400, "missing_value");
}

#[test]
fn read_only_attributes_are_refused() {
    let mut workspace = Workspace::new();
    for values in [json!({"record_id": "x"}), json!({"created_at": "2020-01-01"}), json!({"logo_url": "x"})] {
        let body = json!({"data": {"values": values}});
        workspace.refused("POST", "/v2/objects/companies/records", body, 400, "system_edit_unauthorized");
    }
}

#[test]
fn people_are_linked_to_the_company_of_their_mail_domain() {
    let mut workspace = Workspace::new();
    let company = |workspace: &mut Workspace, mail: &str| {
        let person = workspace.create("people", json!({"email_addresses": [mail]}));
        let record = workspace.data("GET", &format!("/v2/objects/people/records/{person}"), Value::Null);
        record["values"]["company"][0]["target_record_id"].as_str().map(str::to_owned)
    };
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    assert_eq!(company(&mut workspace, "new@ACME.com"), Some(acme));
    let made = company(&mut workspace, "first@fresh.example.com");
    assert!(made.is_some());
    assert_eq!(company(&mut workspace, "second@fresh.example.com"), made);
    assert_eq!(company(&mut workspace, "someone@gmail.com"), None);
}

#[test]
fn both_sides_of_a_relationship_follow_each_other() {
    let mut workspace = Workspace::new();
    let person = workspace.create("people", json!({"email_addresses": ["x@gmail.com"]}));
    let (one, two) = (workspace.create("companies", json!({})), workspace.create("companies", json!({})));
    let team = |workspace: &mut Workspace, company: &str| {
        let record = workspace.data("GET", &format!("/v2/objects/companies/records/{company}"), Value::Null);
        texts(&record, "team", "target_record_id")
    };
    let link = |id: &str, object: &str| json!([{"target_object": object, "target_record_id": id}]);
    let path = |object: &str, id: &str| format!("/v2/objects/{object}/records/{id}");
    let body = json!({"data": {"values": {"company": link(&one, "companies")}}});
    workspace.data("PATCH", &path("people", &person), body);
    assert_eq!(team(&mut workspace, &one), [person.as_str()]);
    let body = json!({"data": {"values": {"team": link(&person, "people")}}});
    workspace.data("PATCH", &path("companies", &two), body);
    assert!(team(&mut workspace, &one).is_empty());
    let record = workspace.data("GET", &path("people", &person), Value::Null);
    assert_eq!(texts(&record, "company", "target_record_id"), [two.as_str()]);
    workspace.call("DELETE", &path("people", &person), Value::Null);
    assert!(team(&mut workspace, &two).is_empty());
}

#[test]
fn delete_answers_an_empty_object_once_and_takes_entries_and_notes_along() {
    let mut workspace = Workspace::new();
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let path = format!("/v2/objects/companies/records/{acme}");
    let entries = workspace.data("GET", &format!("{path}/entries"), Value::Null);
    assert_eq!(entries[0]["list_api_slug"], "sales_pipeline");
    assert_eq!(workspace.call("DELETE", &path, Value::Null), (200, json!({})));
    workspace.refused("DELETE", &path, Value::Null, 404, "not_found");
    let pipeline = workspace.data("POST", "/v2/lists/sales_pipeline/entries/query", json!({}));
    assert_eq!(pipeline.as_array().unwrap().len(), 4);
    let notes = workspace.data("GET", "/v2/notes?limit=50", Value::Null);
    assert!(notes.as_array().unwrap().iter().all(|note| note["parent_record_id"] != acme.as_str()));
}

#[test]
fn every_attribute_is_a_key_and_times_have_nine_decimals() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({}));
    let record = workspace.data("GET", &format!("/v2/objects/companies/records/{company}"), Value::Null);
    let attributes = workspace.data("GET", "/v2/objects/companies/attributes", Value::Null);
    for attribute in attributes.as_array().unwrap() {
        let slug = attribute["api_slug"].as_str().unwrap();
        assert!(record["values"][slug].is_array(), "{slug}");
    }
    assert_eq!(record["values"]["record_id"][0]["value"], company.as_str());
    assert_eq!(record["created_at"], "2026-06-01T12:00:01.000000000Z");
    assert_eq!(record["web_url"], format!("https://app.attio.com/sandbox/company/{company}"));
    let upper = format!("/v2/objects/companies/records/{}", company.to_uppercase());
    assert_eq!(id(&workspace.data("GET", &upper, Value::Null)), company);
}

#[test]
fn overwritten_values_are_kept_as_history_oldest_first() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({"name": "Old"}));
    let path = format!("/v2/objects/companies/records/{company}");
    for name in ["Newer", "Newest", "Newest"] {
        workspace.data("PATCH", &path, json!({"data": {"values": {"name": name}}}));
    }
    let current = workspace.data("GET", &format!("{path}/attributes/name/values"), Value::Null);
    assert_eq!(current.as_array().unwrap().len(), 1);
    let all =
        workspace.data("GET", &format!("{path}/attributes/name/values?show_historic=true"), Value::Null);
    let names: Vec<&str> = all.as_array().unwrap().iter().map(|v| v["value"].as_str().unwrap()).collect();
    assert_eq!(names, ["Old", "Newer", "Newest"]);
    assert_eq!(all[0]["active_until"], all[1]["active_from"]);
    assert_eq!(all[2]["active_until"], Value::Null);
    let enriched = format!("{path}/attributes/last_interaction/values?show_historic=true");
    workspace.refused("GET", &enriched, Value::Null, 400, "validation_type");
}

#[test]
fn search_needs_request_as_and_gives_at_most_25() {
    let mut workspace = Workspace::new();
    let path = "/v2/objects/records/search";
    let body =
        json!({"query": "acme", "objects": ["companies", "people"], "request_as": {"type": "workspace"}});
    let hits = workspace.data("POST", path, body.clone());
    assert_eq!((&hits[0]["record_text"], &hits[0]["domains"]), (&json!("Acme"), &json!(["acme.com"])));
    let mut bad = body.clone();
    bad.as_object_mut().unwrap().remove("request_as");
    let error = workspace.refused("POST", path, bad, 400, "validation_type");
    assert_eq!(error["validation_errors"][0]["path"], json!(["request_as"]));
    let mut bad = body.clone();
    bad["limit"] = json!(26);
    workspace.refused("POST", path, bad, 400, "validation_type");
    let mut bad = body;
    bad["objects"] = json!(["planets"]);
    workspace.refused("POST", path, bad, 400, "value_not_found");
    let all = json!({"query": "", "objects": ["people"], "request_as": {"type": "workspace"}});
    assert_eq!(workspace.data("POST", path, all).as_array().unwrap().len(), 25);
}
