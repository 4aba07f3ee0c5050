//! A value is an array exactly if its attribute can have several, by the workspace's definitions.

use super::Workspace;
use crate::common::Place;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const RECORD: &str = "/v2/objects/companies/records/5a6a8a32-0000-4000-8000-00000000000f";

/// A record with a single select that has a value, as Attio sends it.
fn record() -> Value {
    let status = json!({"attribute_type": "select", "option": {"title": "Customer"}});
    let id = json!({"workspace_id": "w", "object_id": "o", "record_id": RECORD.rsplit('/').next()});
    let web_url = format!("https://app.attio.com/w/company/{}", RECORD.rsplit('/').next().unwrap());
    json!({"data": {"id": id, "created_at": "2026-01-01T00:00:00.000000000Z", "web_url": web_url,
        "values": {"customer_status": [status]}}})
}

async fn server(definitions: ResponseTemplate, times: u64) -> MockServer {
    let server = MockServer::start().await;
    let got = ResponseTemplate::new(200).set_body_json(record());
    Mock::given(method("GET")).and(path(RECORD)).respond_with(got).mount(&server).await;
    let list = Mock::given(method("GET")).and(path("/v2/objects/companies/attributes"));
    list.respond_with(definitions).expect(times).mount(&server).await;
    server
}

/// Makes the definitions that are kept ten minutes old.
fn make_older(place: &Place) {
    for folder in std::fs::read_dir(place.state().join("cache")).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let file = file.unwrap().path();
            let mut kept: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
            let before = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10);
            kept["fetched_at"] = before.to_string().into();
            std::fs::write(&file, kept.to_string()).unwrap();
        }
    }
}

#[test]
fn arrays_are_the_attributes_that_can_have_several_values() {
    let workspace = Workspace::new();
    let choices = |slug: &str| workspace.choose(slug, "options", &["One", "Two"]);
    for (slug, multi) in [("single", false), ("several", true)] {
        workspace.define(slug, "select", multi, json!({}));
        choices(slug);
    }
    let deal = ["update-deal", "name:Globex renewal", "--set", "single=One", "--set", "several=Two"];
    let updated = workspace.run(&deal).json();
    let shown = |values: &Value| (values["single"].clone(), values["several"].clone());
    let expected = (json!("One"), json!(["Two"]));
    assert_eq!(shown(&updated["values"]), expected);
    assert_eq!(updated["changed"][0]["after"], json!("One"), "the same shape in what changed");
    let id = updated["record_id"].as_str().unwrap();
    for args in [
        &["get-deal", id][..],
        &["records", "get", "deals", id],
        &["api", "GET", &format!("/v2/objects/deals/records/{id}")],
    ] {
        assert_eq!(shown(&workspace.run(args).json()["values"]), expected, "{args:?}");
    }
    for args in [
        &["search-deals", "Globex renewal"][..],
        &["records", "query", "deals", "--filter", "name=Globex renewal"],
        &["records", "query", "deals", "--filter", "name=Globex renewal", "-o", "ndjson"],
    ] {
        let run = workspace.run(args);
        let rows = run.stdout.trim().trim_start_matches('[').trim_end_matches(']');
        let row: Value = serde_json::from_str(rows).unwrap();
        assert_eq!(shown(&row["values"]), expected, "{args:?}");
    }
    let summary = workspace.run(&["get-company-summary", "globex.com"]).json();
    let deals = summary["deals"]["items"].as_array().unwrap();
    assert!(deals.iter().any(|deal| shown(&deal["values"]) == expected), "{deals:?}");
}

#[test]
fn an_attribute_made_since_the_definitions_were_read_has_its_shape_too() {
    let workspace = Workspace::new();
    let name = "name:Globex renewal";
    workspace.run(&["get-deal", name]).json();
    make_older(&workspace.place);
    workspace.define("later", "select", false, json!({}));
    workspace.choose("later", "options", &["One"]);
    let id = workspace.run(&["get-deal", name]).json()["record_id"].as_str().unwrap().to_owned();
    let path = format!("/v2/objects/deals/records/{id}");
    workspace.send("PATCH", &path, json!({"data": {"values": {"later": "One"}}}));
    assert_eq!(workspace.run(&["get-deal", name]).json()["values"]["later"], "One");
}

#[tokio::test]
async fn definitions_are_read_once_an_hour_and_only_where_their_shape_is_seen() {
    let attribute = json!({"data": [{"id": {"attribute_id": "a"}, "api_slug": "customer_status", "title": "t",
        "type": "select", "is_required": false, "is_unique": false, "is_multiselect": false,
        "is_writable": true, "is_archived": false, "config": {}}]});
    let server = server(ResponseTemplate::new(200).set_body_json(attribute), 1).await;
    let place = Place::new();
    let get = |more: &[&str]| {
        let id = RECORD.rsplit('/').next().unwrap();
        place.against(&server.uri(), &[&["get-company", id][..], more].concat())
    };
    for format in [&["-o", "table"][..], &["-o", "csv"], &["-o", "ids"], &["--raw"]] {
        assert_eq!(get(format).code, 0);
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 4, "nobody sees arrays there");
    for _ in 0..3 {
        assert_eq!(get(&[]).json()["values"]["customer_status"], "Customer");
    }
}

#[tokio::test]
async fn where_definitions_may_not_be_read_it_is_tried_once_an_hour_and_said() {
    let refusal = ResponseTemplate::new(403).set_body_json(json!({"status_code": 403, "message": "no"}));
    let server = server(refusal, 1).await;
    let place = Place::new();
    let id = RECORD.rsplit('/').next().unwrap();
    for _ in 0..2 {
        let run = place.against(&server.uri(), &["get-company", id]);
        assert_eq!(run.json()["values"]["customer_status"], json!(["Customer"]), "by its type");
        assert!(run.stderr.contains("shown as arrays"), "{run:?}");
    }
}
