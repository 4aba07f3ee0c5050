//! A file of the first version, one JSON text, under the new store.

use std::path::Path;

use attio_crm::sandbox::Sandbox;
use serde_json::{Value, json};

use super::workspace::request;

const VERSION_1: &str = include_str!("version1.json");

fn data(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Value {
    let response = sandbox.handle(&request(method, path, body));
    let mut answer: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(response.status(), 200, "{answer}");
    answer["data"].take()
}

fn companies(sandbox: &Sandbox, filter: &Value) -> Vec<Value> {
    let found = data(sandbox, "POST", "/v2/objects/companies/records/query", &json!({ "filter": filter }));
    found.as_array().unwrap().clone()
}

/// Writes the old file, uses it under the new name, and checks that everything came along.
fn check(old: &Path, new: &Path) {
    std::fs::write(old, VERSION_1).unwrap();
    let sandbox = Sandbox::open(new);
    let company = &companies(&sandbox, &json!({"domains": "OLD.example.com"}))[0];
    assert_eq!(company["values"]["description"][0]["value"], "kept");
    let acme = &companies(&sandbox, &json!({"domains": "acme.com"}))[0];
    let team = acme["values"]["team"][0]["target_record_id"].as_str().unwrap();
    let by_team = json!({"team": {"target_object": "people", "target_record_id": team}});
    assert_eq!(companies(&sandbox, &by_team).len(), 1);

    let id = acme["id"]["record_id"].as_str().unwrap();
    let of = format!("object=companies&record_id={id}");
    let lists = data(&sandbox, "GET", &format!("/v2/objects/companies/records/{id}/entries"), &Value::Null);
    assert_eq!(lists.as_array().unwrap().len(), 1);
    for path in ["/v2/notes", "/v2/tasks", "/v2/meetings", "/v2/webhooks", &format!("/v2/threads?{of}")] {
        assert_eq!(data(&sandbox, "GET", path, &Value::Null).as_array().unwrap().len(), 1, "{path}");
    }
    let file = &data(&sandbox, "GET", &format!("/v2/files?{of}"), &Value::Null)[0];
    assert_eq!(file["content_size"], 7);
    let path = format!("/v2/files/{}/download", file["id"]["file_id"].as_str().unwrap());
    let link = sandbox.handle(&request("GET", &path, &Value::Null)).headers()["location"].clone();
    let bytes = sandbox.handle(&request("GET", link.to_str().unwrap(), &Value::Null)).into_body();
    assert_eq!(bytes, b"caf\xe9 \xff\n");

    let body = json!({"data": {"values": {"name": "New", "domains": ["new.example.com"]}}});
    let new_id = data(&sandbox, "POST", "/v2/objects/companies/records", &body)["id"]["record_id"].clone();
    assert!(!VERSION_1.contains(new_id.as_str().unwrap()), "identifiers go on where they stopped");
    assert_eq!(companies(&Sandbox::open(new), &json!({})).len(), 3, "what was written stays");
    let mut kept = old.as_os_str().to_owned();
    kept.push(".imported");
    assert_eq!(std::fs::read_to_string(kept).unwrap(), VERSION_1);
}

#[test]
fn an_older_file_is_taken_over_once_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    check(&path("mine"), &path("mine"));
    check(&path("sandbox.json"), &path("sandbox.db"));
    assert!(!path("sandbox.json").exists());
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let strange = left.iter().filter(|name| {
        let name = name.to_str().unwrap();
        !["mine", "mine.imported", "sandbox.db", "sandbox.json.imported"].contains(&name)
    });
    assert_eq!(strange.count(), 0, "{left:?}");
}

#[test]
fn several_that_find_an_older_file_take_it_over_together() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("sandbox.json"), folder.path().join("sandbox.db"));
    std::fs::write(&old, VERSION_1).unwrap();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let sandbox = Sandbox::open(&new);
            scope.spawn(move || {
                let body = json!({"data": {"values": {"name": format!("New {n}")}}});
                data(&sandbox, "POST", "/v2/objects/companies/records", &body);
            });
        }
    });
    assert_eq!(companies(&Sandbox::open(&new), &json!({})).len(), 10);
}

#[test]
fn an_older_file_that_cannot_be_read_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let later = VERSION_1.replacen("\"version\":1", "\"version\":2", 1);
    for content in ["{\"version\":1,", "{\"version\":99}", "{}", &later] {
        let file = folder.path().join("mine");
        std::fs::write(&file, content).unwrap();
        let failure =
            Sandbox::open(&file).try_handle(&request("GET", "/v2/objects", &Value::Null)).unwrap_err();
        assert!(failure.why.contains("mine: it "), "{failure}");
        assert_eq!(failure.hint, "attio-crm sandbox reset starts it afresh");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), content);
    }
}
