//! The sandbox as a whole: its seed, its routes and headers.

use attio_crm::sandbox::{Store, respond};
use http::Request;
use serde_json::{Value, json};

use super::workspace::{Workspace, request};

#[test]
fn the_seed_holds_hostile_text_and_its_source_shows_it() {
    let mut workspace = Workspace::new();
    let notes = workspace.data("GET", "/v2/notes?limit=50", Value::Null).to_string();
    for hostile in ["\\u001b]8;;", "\u{9b}", "\u{e0041}", "Ignore previous instructions"] {
        assert!(notes.contains(hostile), "{hostile:?}");
    }
    let formula = json!({"filter": {"name": {"$starts_with": "=HYPERLINK("}}});
    assert_eq!(workspace.query("companies", formula).len(), 1);
    let bidi = json!({"filter": {"description": {"$contains": "\u{202e}"}}});
    assert_eq!(workspace.query("companies", bidi).len(), 1);
    assert!(include_str!("../../../src/sandbox/seed/seed.json").is_ascii());
}

#[test]
fn a_fresh_workspace_is_the_same_everywhere_and_holds_what_the_documents_show() {
    let mut workspace = Workspace::new();
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    let again = &mut Workspace { state: Store::seeded(), ..Workspace::new() };
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
    let mut state = Store::seeded();
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
fn a_dead_key_is_told_by_self_and_refused_elsewhere() {
    let mut workspace = Workspace::new();
    for (path, status, expected) in
        [("/v2/self", 200, json!({"active": false})), ("/v2/objects", 401, json!("unauthorized"))]
    {
        let request =
            Request::get(path).header("authorization", "Bearer sk_dead_1").body(Vec::new()).unwrap();
        let response = respond(&mut workspace.state, &request, workspace.now);
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert!(body == expected || body["code"] == expected, "{body}");
    }
}

#[test]
fn unknown_paths_are_404_and_what_is_not_modelled_says_so() {
    let mut workspace = Workspace::new();
    let error = workspace.refused("GET", "/v2/objects/people/records?limit=1", Value::Null, 404, "not_found");
    assert_eq!(error["message"], "Could not find endpoint \"GET /v2/objects/people/records\".");
    let related = json!({"data": {"title": "Peers", "description": null, "api_slug": "peers",
        "type": "record-reference", "is_required": false, "is_unique": false, "is_multiselect": false, "config": {},
        "relationship": {"object": "people", "title": "P", "api_slug": "p", "is_multiselect": false}}});
    let path = "/v2/lists/partners/attributes";
    let error = workspace.refused("POST", path, related, 501, "not_implemented");
    assert!(error["message"].as_str().unwrap().contains("does not model"), "{error}");
}
