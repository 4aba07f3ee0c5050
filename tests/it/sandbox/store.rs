//! The sandbox as a whole: its seed, its routes and headers, and its file.
use std::sync::Arc;

use attio_crm::sandbox::{Sandbox, State, respond};
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
fn a_file_from_before_there_were_comments_meetings_views_and_the_like_is_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(folder.path().join("state.json"));
    sandbox.reset().unwrap();
    let mut state: Value = serde_json::from_slice(&std::fs::read(sandbox.file()).unwrap()).unwrap();
    for later in ["comments", "meetings", "recordings", "files", "webhooks", "unsubscribed"] {
        state.as_object_mut().unwrap().remove(later).unwrap();
    }
    for table in state["objects"].as_array_mut().unwrap() {
        table.as_object_mut().unwrap().remove("views").unwrap();
    }
    std::fs::write(sandbox.file(), state.to_string()).unwrap();
    for path in ["/v2/threads", "/v2/meetings", "/v2/webhooks", "/v2/objects/people/views"] {
        let response = sandbox.handle(&request("GET", path, &Value::Null));
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(body["data"], json!([]), "{path}");
    }
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
