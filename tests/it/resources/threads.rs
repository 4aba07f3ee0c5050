//! Threads and comments.

use super::{field, planned};
use crate::common::{NOTHING, Place, Recorder};
use serde_json::{Value, json};
use wiremock::matchers::{path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

const COMMENT: [&str; 6] = ["comments", "create", "--content", "Hello", "--author", "ada@example.com"];

#[test]
fn a_comment_names_its_author_and_its_topic() {
    let place = Place::new();
    let ada = field(&place, &["members", "get", "ada@example.com"], "workspace_member_id");
    let acme = field(&place, &["get-company", "acme.com"], "record_id");
    let data = |topic: &[&str]| planned(&[&COMMENT[..], topic].concat())["body"]["data"].take();
    assert_eq!(
        data(&["--record", "acme.com", "--created-at", "2026-01-31T10:00:00+01:00"]),
        json!({"content": "Hello", "author": {"type": "workspace-member", "id": ada},
            "record": {"object": "companies", "record_id": acme}, "created_at": "2026-01-31T09:00:00Z",
            "format": "plaintext"})
    );
    assert_eq!(data(&["--thread-id", NOTHING])["thread_id"], NOTHING);
    let entry = data(&["--list", "sales_pipeline", "--entry-id", NOTHING]);
    assert_eq!(entry["entry"], json!({"list": "sales_pipeline", "entry_id": NOTHING}));
    assert!(entry.get("list").is_none() && entry.get("entry_id").is_none());
}

#[test]
fn a_comment_has_one_topic() {
    let place = Place::new();
    let error = place.sandbox(&COMMENT).error(2);
    for way in ["--thread-id", "--record", "--entry-id"] {
        assert!(error["message"].as_str().unwrap().contains(way), "{error}");
    }
    place.sandbox(&[&COMMENT[..], &["--thread-id", NOTHING, "--record", "acme.com"]].concat()).error(2);
    place.sandbox(&[&COMMENT[..], &["--list", "sales_pipeline"]].concat()).error(2);
    let nobody = [&COMMENT[..4], &["--author", "nobody@example.com", "--thread-id", NOTHING]].concat();
    place.sandbox(&nobody).error(2);
}

#[test]
fn a_thread_from_beginning_to_end() {
    let place = Place::new();
    let first = place.sandbox(&[&COMMENT[..], &["--record", "initech.example.com"]].concat()).json();
    let thread = first["thread_id"].as_str().unwrap();
    let answer = place.sandbox(&[&COMMENT[..], &["--thread-id", thread]].concat()).json();
    let listed = ["threads", "list", "--object", "companies", "--record-id", "initech.example.com"];
    assert_eq!(place.sandbox(&listed).json()[0]["thread_id"], thread);
    let comments = field(&place, &["threads", "get", thread], "comments");
    let second = answer["comment_id"].as_str().unwrap();
    assert_eq!((&comments[0]["comment_id"], &comments[1]["comment_id"]), (&json!(thread), &json!(second)));
    assert!(comments[1].get("id").is_none(), "no IDs within IDs: {comments}");
    place.sandbox(&["comments", "delete", second, "--yes"]).json();
    place.sandbox(&["comments", "get", second]).error(3);
}

#[tokio::test]
async fn a_long_thread_says_where_it_goes_on() {
    let server = MockServer::start().await;
    let thread =
        json!({"id": {"workspace_id": NOTHING, "thread_id": NOTHING}, "comments": [], "created_at": "t"});
    for (cursor, next) in [(None, json!("b")), (Some("b"), json!(null))] {
        let answer = json!({"data": thread, "pagination": {"next_cursor": next}});
        let asked = Mock::given(path(format!("/v2/threads/{NOTHING}")));
        let asked = match cursor {
            Some(cursor) => asked.and(query_param("cursor", cursor)),
            None => asked.and(query_param_is_missing("cursor")),
        };
        asked.respond_with(ResponseTemplate::new(200).set_body_json(answer)).mount(&server).await;
    }
    let get = |more: &[&str]| {
        Place::new().against(&server.uri(), &[&["threads", "get", NOTHING, "-o", "json"], more].concat())
    };
    let meta = json!({"meta": {"complete": false, "next_cursor": "b"}});
    assert_eq!(serde_json::from_str::<Value>(&get(&[]).stderr).unwrap(), meta);
    let rest = get(&["--cursor", "b"]);
    assert_eq!((&rest.json()["thread_id"], rest.stderr.as_str()), (&json!(NOTHING), ""));
}

#[test]
fn a_list_of_threads_asks_for_its_record() {
    let (place, server) = (Place::new(), Recorder::new(&[]));
    let list = ["threads", "list", "--object", "companies", "--record-id", NOTHING, "--limit", "3"];
    let error = place.against(&server.base_url, &list).error(3);
    assert!(error["message"].as_str().unwrap().contains(NOTHING), "an empty list of no record: {error}");
    let calls = [
        format!("GET /v2/threads?object=companies&record_id={NOTHING}&limit=4&offset=0"),
        format!("GET /v2/objects/companies/records/{NOTHING}"),
    ];
    assert_eq!(server.calls(), calls);
}
