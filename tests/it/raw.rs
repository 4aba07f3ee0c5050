//! `api` sends what it was given, and treats it as what it is.

use crate::common::{NOTHING, Place, Recorder};
use serde_json::{Value, json};

#[test]
fn a_call_of_the_table_is_what_its_row_says() {
    let (place, server) = (Place::new(), Recorder::new(&[]));
    let run = |args: &[&str]| place.against(&server.base_url, args);
    // A read, although a POST; walked to its end although Attio gives 500 a page.
    let all = run(&["api", "POST", "/v2/objects/people/records/query", "--all", "--read-only"]).json();
    assert_eq!(all.as_array().unwrap().len(), 60);
    // A delete asks first.
    let path = "/v2/notes/7c80c01d-1162-5be8-86bd-ed332749d408";
    assert_eq!(run(&["api", "DELETE", path]).error(9)["kind"], "refused");
    assert_eq!(run(&["api", "delete", path, "--yes"]).json(), json!({}));
    assert_eq!(server.count("DELETE", path), 1);
    // Fields stand where the row wants them.
    let planned = run(&[
        "api",
        "PUT",
        "/v2/objects/companies/records",
        "--field",
        "matching_attribute=domains",
        "--field",
        r#"values:={"domains":["acme.com"]}"#,
        "--dry-run",
    ]);
    assert_eq!(
        planned.json(),
        json!({"method": "PUT", "path": "/v2/objects/companies/records", "query": {"matching_attribute": "domains"},
               "body": {"data": {"values": {"domains": ["acme.com"]}}}})
    );
}

#[test]
fn an_unknown_post_is_a_create_that_is_never_repeated() {
    let (place, server) = (Place::new(), Recorder::new(&["POST *=status:500*"]));
    let lost = place.against(&server.base_url, &["api", "POST", "/v2/unforeseen", "--field", "n:=1"]);
    assert_eq!(lost.error(8)["kind"], "ambiguous_write");
    assert_eq!(server.calls(), Vec::<String>::new(), "the fault answered");
    let refused = place.against(&server.base_url, &["api", "POST", "/v2/unforeseen", "--read-only"]);
    assert_eq!(refused.error(9)["kind"], "refused");
    assert_eq!(place.audit().last().unwrap()["operation"], "api POST");
}

#[test]
fn fields_and_input_are_sent_as_they_are() {
    let place = Place::new();
    let planned = |args: &[&str]| place.sandbox(&[args, &["--dry-run"]].concat()).json();
    assert_eq!(
        planned(&["api", "POST", "/v2/unforeseen?x=1&x=2", "--field", "a=1", "--field", "b:=null"])["body"],
        json!({"a": "1", "b": null})
    );
    assert_eq!(planned(&["api", "PATCH", "v2/tasks/x y", "--input", "[1]"])["body"], json!([1]));
    assert_eq!(planned(&["api", "PATCH", "v2/tasks/x y", "--input", "[1]"])["path"], "/v2/tasks/x%20y");
    let from_stdin =
        place.sandbox_with_input(&["api", "POST", "/v2/x", "--input", "-", "--dry-run"], b"{\"a\":1}");
    assert_eq!(from_stdin.json()["body"], json!({"a": 1}));
}

#[test]
fn the_query_reaches_the_server() {
    let (place, server) = (Place::new(), Recorder::new(&[]));
    let notes = place.against(&server.base_url, &["api", "GET", "/v2/notes?limit=2", "--field", "offset:=1"]);
    assert_eq!(server.calls(), ["GET /v2/notes?limit=2&offset=1"]);
    let shown: Value = serde_json::from_str(&notes.stdout).unwrap();
    assert_eq!(shown.as_array().unwrap().len(), 2);
    assert!(notes.stderr.contains(r#""next_offset":3"#), "{notes:?}");
}

#[test]
fn what_is_no_path_of_the_api_is_never_sent() {
    let (place, server) = (Place::new(), Recorder::new(&[]));
    for path in [
        "https://evil.example.com/v2/notes",
        "//evil.example.com/v2/notes",
        "/v2/../v2/notes",
        "/v2/objects/%2e%2e/notes",
        "/v2/notes/",
        "/v2//notes",
        "/v2/notes#x",
        "/v2/notes\\x",
        "/v2/notes\r\nx",
        "/scim/v2/Schemas",
        "",
    ] {
        assert_eq!(
            place.against(&server.base_url, &["api", "GET", path]).error(2)["kind"],
            "usage",
            "{path:?}"
        );
    }
    for args in [
        &["api", "GET", "/v2/notes", "--input", "{}"][..],
        &["api", "GET", "/v2/self", "--all"],
        &["api", "POST", "/v2/notes", "--field", "a=1", "--field", "a=2"],
        &["api", "POST", "/v2/notes", "--field", "a=1", "--input", "{}"],
        &["api", "BREW", "/v2/notes"],
    ] {
        assert_eq!(place.against(&server.base_url, args).code, 2, "{args:?}");
    }
    assert!(server.seen().is_empty());
}

#[test]
fn errors_are_those_of_every_command() {
    let place = Place::new();
    assert_eq!(place.sandbox(&["api", "GET", &format!("/v2/notes/{NOTHING}")]).error(3)["status"], 404);
    assert_eq!(place.run(&["api", "GET", "/v2/notes"]).error(4)["kind"], "auth");
}
