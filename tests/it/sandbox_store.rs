//! The sandbox as an Attio: routes, records, uniqueness, relationships, notes, tasks, lists and its file.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::{Arc, LazyLock};

use attio_crm::sandbox::{Sandbox, State, respond};
use http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A fresh workspace and a clock that moves a second with each request.
pub struct Workspace {
    state: State,
    now: Timestamp,
}

impl Workspace {
    pub fn new() -> Self {
        static SEED: LazyLock<State> = LazyLock::new(State::seeded);
        Self { state: SEED.clone(), now: "2026-06-01T12:00:00Z".parse().unwrap() }
    }

    pub fn call(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        self.now += jiff::SignedDuration::from_secs(1);
        let response = respond(&mut self.state, &request(method, path, &body), self.now);
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
    }

    /// The `data` of an answer that must be a success.
    #[track_caller]
    pub fn data(&mut self, method: &str, path: &str, body: Value) -> Value {
        let (status, mut answer) = self.call(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer["data"].take()
    }

    #[track_caller]
    pub fn create(&mut self, object: &str, values: Value) -> String {
        let data =
            self.data("POST", &format!("/v2/objects/{object}/records"), json!({"data": {"values": values}}));
        data["id"]["record_id"].as_str().unwrap().to_owned()
    }

    /// The record of an object that has the given value.
    #[track_caller]
    pub fn find(&mut self, object: &str, filter: Value) -> Value {
        let found = self.query(object, json!({ "filter": filter }));
        assert_eq!(found.len(), 1, "{filter}");
        found[0].clone()
    }

    #[track_caller]
    pub fn query(&mut self, object: &str, body: Value) -> Vec<Value> {
        let data = self.data("POST", &format!("/v2/objects/{object}/records/query"), body);
        data.as_array().unwrap().clone()
    }

    #[track_caller]
    pub fn refused(&mut self, method: &str, path: &str, body: Value, status: u16, code: &str) -> Value {
        let (got, answer) = self.call(method, path, body);
        assert_eq!((got, answer["code"].as_str().unwrap_or_default()), (status, code), "{answer}");
        assert_eq!(answer["status_code"], status);
        answer
    }
}

pub fn request(method: &str, path: &str, body: &Value) -> Request<Vec<u8>> {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    Request::builder().method(method).uri(path).header("authorization", "Bearer x").body(body).unwrap()
}

pub fn id(record: &Value) -> String {
    record["id"]["record_id"].as_str().unwrap().to_owned()
}

fn texts(record: &Value, slug: &str, field: &str) -> Vec<String> {
    let values = record["values"][slug].as_array().unwrap();
    values.iter().map(|value| value[field].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_fresh_workspace_is_the_same_everywhere_and_holds_what_the_documents_show() {
    let mut workspace = Workspace::new();
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    let again = &mut Workspace { state: State::seeded(), ..Workspace::new() };
    assert_eq!(acme, again.find("companies", json!({"domains": "acme.com"})));
    assert_eq!(acme["values"]["name"][0]["value"], "Acme");
    assert!(acme["values"]["last_interaction"][0]["interacted_at"].is_string());
    assert!(acme["values"]["team"].as_array().unwrap().len() >= 4);
    assert_eq!(acme["values"]["associated_deals"].as_array().unwrap().len(), 3);
    assert_eq!(workspace.query("companies", json!({})).len(), 26);
    assert_eq!(workspace.query("people", json!({})).len(), 60);
    assert_eq!(workspace.query("deals", json!({})).len(), 15);
    assert_eq!(workspace.query("companies", json!({"filter": {"name": {"$contains": "ACME"}}})).len(), 2);
    assert_eq!(workspace.query("companies", json!({"filter": {"name": "Summit Partners"}})).len(), 2);
    assert_eq!(workspace.query("people", json!({"filter": {"name": "Alex Morgan"}})).len(), 2);
    let renewal = workspace.find("deals", json!({"name": "Globex renewal"}));
    assert_eq!(renewal["values"]["stage"][0]["status"]["title"], "In Progress");
}

#[test]
fn every_response_carries_the_headers_attio_sends() {
    let mut state = State::seeded();
    let now = "2026-06-01T12:00:00.5Z".parse().unwrap();
    let query = respond(&mut state, &request("POST", "/v2/objects/people/records/query", &json!({})), now);
    assert_eq!(query.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(query.headers()["x-attio-record-query-score"], "0");
    assert_eq!(query.headers()["x-accurate-at"], "2026-06-01T12:00:00.500000000Z");
    let other = respond(&mut state, &request("GET", "/v2/nothing", &Value::Null), now);
    assert_ne!(query.headers()["x-attio-execution-id"], other.headers()["x-attio-execution-id"]);
}

#[test]
fn self_is_bare_and_a_missing_key_is_401() {
    let mut workspace = Workspace::new();
    let (status, me) = workspace.call("GET", "/v2/self", Value::Null);
    assert_eq!((status, &me["active"], &me["workspace_slug"]), (200, &json!(true), &json!("sandbox")));
    let request = Request::get("/v2/objects").body(Vec::new()).unwrap();
    let response = respond(&mut workspace.state, &request, workspace.now);
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!((response.status().as_u16(), &body["type"]), (401, &json!("auth_error")));
}

#[test]
fn unknown_paths_are_404_and_paths_not_modelled_say_so() {
    let mut workspace = Workspace::new();
    let error = workspace.refused("GET", "/v2/objects/people/records?limit=1", Value::Null, 404, "not_found");
    assert_eq!(error["message"], "Could not find endpoint \"GET /v2/objects/people/records\".");
    for (method, path) in [("POST", "/v2/objects/people/records/merge"), ("GET", "/v2/meetings")] {
        let error = workspace.refused(method, path, json!({}), 501, "not_implemented");
        assert!(error["message"].as_str().unwrap().contains("does not model"), "{error}");
    }
}

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
fn notes_keep_every_byte_and_are_listed_oldest_first_ten_a_page() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({"name": "Noted"}));
    let content = "a\n\n  be\u{301}\u{202e}\u{e0041}\u{1b}[31m \r\n\ttail \n";
    let post = |format: &str, content: &str, at: Value| {
        json!({"data": {"parent_object": "companies", "parent_record_id": company, "title": "T",
            "format": format, "content": content, "created_at": at}})
    };
    let note = workspace.data("POST", "/v2/notes", post("plaintext", content, Value::Null));
    assert_eq!(note["content_plaintext"], content);
    let marked =
        post("markdown", "## Hi **you** [there](https://example.com)", json!("1999-12-31T23:59:59Z"));
    let marked = workspace.data("POST", "/v2/notes", marked);
    assert_eq!(marked["content_plaintext"], "Hi you there");
    let listed = workspace.data(
        "GET",
        &format!("/v2/notes?parent_object=companies&parent_record_id={company}"),
        Value::Null,
    );
    assert_eq!(listed, json!([marked, note]));
    assert_eq!(workspace.data("GET", "/v2/notes", Value::Null).as_array().unwrap().len(), 10);
    workspace.refused("GET", "/v2/notes?limit=51", Value::Null, 400, "validation_type");
    workspace.data("GET", "/v2/notes?sort=created_at:desc", Value::Null);
    let future = post("plaintext", "x", json!("2030-01-01T00:00:00Z"));
    workspace.refused("POST", "/v2/notes", future, 400, "validation_type");
}

#[test]
fn notes_are_changed_in_part_and_deleted_once() {
    let mut workspace = Workspace::new();
    let note = workspace.data("GET", "/v2/notes?limit=1", Value::Null)[0].clone();
    let path = format!("/v2/notes/{}", note["id"]["note_id"].as_str().unwrap());
    let after = workspace.data("PATCH", &path, json!({"data": {"title": "Renamed"}}));
    assert_eq!(
        (&after["title"], &after["content_plaintext"]),
        (&json!("Renamed"), &note["content_plaintext"])
    );
    assert_eq!(workspace.call("DELETE", &path, Value::Null), (200, json!({})));
    workspace.refused("DELETE", &path, Value::Null, 404, "not_found");
    let body = json!({"data": {"parent_object": "companies", "parent_record_id": "nobody", "title": "T",
        "format": "plaintext", "content": "x"}});
    workspace.refused("POST", "/v2/notes", body, 404, "not_found");
    let error =
        workspace.refused("POST", "/v2/notes", json!({"data": {"title": "T"}}), 400, "validation_type");
    assert_eq!(error["validation_errors"].as_array().unwrap().len(), 4);
    assert_eq!(error["validation_errors"][0]["message"], "Required");
}

#[test]
fn tasks_need_all_six_keys_and_are_found_by_record_member_and_state() {
    let mut workspace = Workspace::new();
    let error =
        workspace.refused("POST", "/v2/tasks", json!({"data": {"content": "x"}}), 400, "validation_type");
    assert_eq!(error["validation_errors"].as_array().unwrap().len(), 5);
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let body = json!({"data": {"content": "Call", "format": "plaintext", "deadline_at": null, "is_completed": false,
        "linked_records": [{"target_object": "companies", "domains": [{"domain": "acme.com"}]}],
        "assignees": [{"workspace_member_email_address": "ada@example.com"}]}});
    let task = workspace.data("POST", "/v2/tasks", body);
    assert_eq!(task["linked_records"], json!([{"target_object_id": "companies", "target_record_id": acme}]));
    let open = format!("/v2/tasks?linked_object=companies&linked_record_id={acme}&is_completed=false");
    let listed = workspace.data("GET", &format!("{open}&sort=created_at:desc"), Value::Null);
    assert_eq!(listed[0], task);
    assert_eq!(listed.as_array().unwrap().len(), 3);
    let path = format!("/v2/tasks/{}", task["id"]["task_id"].as_str().unwrap());
    let done = workspace.data("PATCH", &path, json!({"data": {"is_completed": true}}));
    assert!(done["completed_at"].is_string());
    assert_eq!(workspace.data("GET", &open, Value::Null).as_array().unwrap().len(), 2);
    let nobody = workspace.data("GET", "/v2/tasks?assignee=null", Value::Null);
    assert!(nobody.as_array().unwrap().iter().all(|task| task["assignees"] == json!([])));
    let body = json!({"data": {"content": "Call", "format": "plaintext", "deadline_at": null, "is_completed": false,
        "linked_records": [{"target_object": "planets", "target_record_id": acme}], "assignees": []}});
    workspace.refused("POST", "/v2/tasks", body, 404, "not_found");
    let one = format!("/v2/tasks?linked_record_id={acme}");
    workspace.refused("GET", &one, Value::Null, 400, "validation_type");
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

#[test]
fn attributes_options_and_statuses_can_be_added_and_titles_do_not_repeat() {
    let mut workspace = Workspace::new();
    let path = "/v2/objects/companies/attributes";
    let body = json!({"data": {"title": "Tier", "description": null, "api_slug": "tier", "type": "select",
        "is_required": false, "is_unique": false, "is_multiselect": true, "config": {}}});
    let made = workspace.data("POST", path, body.clone());
    assert_eq!(made["is_multiselect"], true);
    workspace.refused("POST", path, body, 409, "slug_conflict");
    let options = format!("{path}/tier/options");
    workspace.data("POST", &options, json!({"data": {"title": "Gold"}}));
    workspace.refused("POST", &options, json!({"data": {"title": "Gold"}}), 409, "slug_conflict");
    workspace.create("companies", json!({"tier": ["Gold"]}));
    workspace.refused("GET", &format!("{path}/tier/statuses"), Value::Null, 400, "validation_type");
    let stages = workspace.data("GET", "/v2/objects/deals/attributes/stage/statuses", Value::Null);
    let titles: Vec<&str> = stages.as_array().unwrap().iter().map(|s| s["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Lead", "In Progress", "Won 🎉", "Lost"]);
}

#[test]
fn a_relationship_can_be_added_and_works_from_both_sides() {
    let mut workspace = Workspace::new();
    let define = |slug: &str| {
        json!({"data": {"title": "Parent", "description": null, "api_slug": "parent", "type": "record-reference",
            "is_required": false, "is_unique": false, "is_multiselect": false, "config": {},
            "relationship": {"object": "companies", "title": "Children", "api_slug": slug, "is_multiselect": true}}})
    };
    let path = "/v2/objects/companies/attributes";
    workspace.refused("POST", path, define("parent"), 400, "validation_type");
    let made = workspace.data("POST", path, define("children"));
    assert_eq!(made["relationship"]["api_slug"], "children");
    let child = workspace.create("companies", json!({"name": "Child", "parent": "acme.com"}));
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    assert_eq!(texts(&acme, "children", "target_record_id"), [child]);
}

#[test]
fn list_entries_have_values_of_their_own_and_may_repeat_a_record() {
    let mut workspace = Workspace::new();
    let list = workspace.data("GET", "/v2/lists/sales_pipeline", Value::Null);
    assert_eq!(list["parent_object"], json!(["companies"]));
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let body = json!({"data": {"parent_object": "companies", "parent_record_id": acme,
        "entry_values": {"stage": "Contacted"}}});
    let entry = workspace.data("POST", "/v2/lists/sales_pipeline/entries", body);
    assert_eq!(entry["entry_values"]["stage"][0]["status"]["title"], "Contacted");
    assert_eq!(entry["parent_record_id"], acme.as_str());
    let query = json!({"filter": {"path": [["sales_pipeline", "parent_record"], ["companies", "name"]],
        "constraints": {"value": {"$eq": "Acme"}}}, "sorts": [{"attribute": "created_at", "direction": "desc"}]});
    let found = workspace.data("POST", "/v2/lists/sales_pipeline/entries/query", query);
    assert_eq!((found.as_array().unwrap().len(), &found[0]), (2, &entry));
    let bad = json!({"filter": {"parent_record_id": acme}});
    let path = "/v2/lists/sales_pipeline/entries/query";
    workspace.refused("POST", path, bad, 400, "unknown_filter_attribute_slug");
}

#[test]
fn several_threads_on_one_file_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/state.json");
    let create = |n: usize| {
        let body = json!({"data": {"values": {"name": format!("Parallel {n}")}}});
        request("POST", "/v2/objects/companies/records", &body)
    };
    let shared = Arc::new(Sandbox::open(&file));
    std::thread::scope(|scope| {
        for n in 0..20 {
            let (shared, file) = (Arc::clone(&shared), file.clone());
            // Half of them share a store, half come with their own, as processes do.
            scope.spawn(move || {
                let own = Sandbox::open(file);
                let sandbox = if n % 2 == 0 { &*shared } else { &own };
                assert_eq!(sandbox.handle(&create(n)).status(), 200);
            });
        }
    });
    let query = json!({"filter": {"name": {"$starts_with": "Parallel "}}});
    let response = shared.handle(&request("POST", "/v2/objects/companies/records/query", &query));
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body["data"].as_array().unwrap().len(), 20);
}

#[test]
fn a_long_lived_store_sees_what_others_write_and_what_is_put_there_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (Sandbox::open(folder.path().join("s")), Sandbox::open(folder.path().join("s")));
    let count = |sandbox: &Sandbox| {
        let response = sandbox.handle(&request("POST", "/v2/objects/companies/records/query", &json!({})));
        serde_json::from_slice::<Value>(response.body()).unwrap()["data"].as_array().unwrap().len()
    };
    assert_eq!(count(&one), 26);
    let backup = folder.path().join("backup");
    std::fs::copy(one.file(), &backup).unwrap();
    let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
    std::fs::File::options().write(true).open(&backup).unwrap().set_modified(yesterday).unwrap();
    two.handle(&request("POST", "/v2/objects/companies/records", &json!({"data": {"values": {}}})));
    assert_eq!(count(&one), 27);
    std::fs::rename(&backup, one.file()).unwrap();
    assert_eq!(count(&one), 26);
    std::fs::remove_file(one.file()).unwrap();
    assert_eq!(count(&one), 26);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(folder.path().join("private/state.json"));
    sandbox.handle(&request("GET", "/v2/self", &Value::Null));
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(sandbox.file()), mode(&folder.path().join("private"))), (0o600, 0o700));
    assert_eq!(mode(&folder.path().join("private/state.json.lock")), 0o600);
}

#[test]
fn reads_and_refused_writes_leave_the_file_alone_and_reset_brings_the_seed_back() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(folder.path().join("state.json"));
    sandbox.handle(&request("GET", "/v2/self", &Value::Null));
    let fresh = std::fs::read(sandbox.file()).unwrap();
    let bad = json!({"data": {"values": {"nothing": 1}}});
    sandbox.handle(&request("POST", "/v2/objects/companies/records", &bad));
    assert_eq!(std::fs::read(sandbox.file()).unwrap(), fresh);
    let good = json!({"data": {"values": {"name": "Kept"}}});
    sandbox.handle(&request("POST", "/v2/objects/companies/records", &good));
    assert_ne!(std::fs::read(sandbox.file()).unwrap(), fresh);
    sandbox.reset().unwrap();
    assert_eq!(std::fs::read(sandbox.file()).unwrap(), fresh);
}

#[test]
fn a_damaged_or_later_file_is_named_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(folder.path().join("state.json"));
    sandbox.reset().unwrap();
    let fresh = std::fs::read_to_string(sandbox.file()).unwrap();
    let later = fresh.replacen("\"version\":1", "\"version\":2", 1);
    assert_ne!(later, fresh);
    for content in ["{\"version\":1,", "{\"version\":99}", &later] {
        std::fs::write(sandbox.file(), content).unwrap();
        let response = sandbox.handle(&request("GET", "/v2/objects", &Value::Null));
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        let message = body["message"].as_str().unwrap();
        assert_eq!(response.status(), 500);
        assert!(message.contains("state.json") && message.contains("attio-crm sandbox reset"), "{message}");
        assert_eq!(std::fs::read_to_string(sandbox.file()).unwrap(), content);
    }
}
