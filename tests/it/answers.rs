//! What an answer means: done, unknown, whole or not. Never more than was seen.

use crate::common::{NOTHING, Place, Recorder};
use attio_crm::api::RESOURCES;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// One call of each operation whose body may change what its path names the thing by.
const RENAMES: &[&[&str]] = &[
    &["objects", "update", "companies", "--api-slug", "firms"],
    &["lists", "update", "sales_pipeline", "--api-slug", "pipeline2"],
    &["attributes", "update", "objects", "companies", "categories", "--api-slug", "tags"],
    &["options", "update", "objects", "companies", "categories", "SaaS", "--title", "Software"],
    &["statuses", "update", "objects", "deals", "stage", "Lead", "--title", "Prospect"],
    &["activities", "update", "site_visits", "--api-slug", "visits"],
];

#[test]
fn a_rename_whose_first_answer_was_lost_is_not_called_failed() {
    let rows = RESOURCES.iter().flat_map(|resource| resource.ops).filter(|op| op.operation.renames);
    let names: Vec<String> = rows.map(|op| op.operation.name.to_owned()).collect();
    let tested: Vec<String> = RENAMES.iter().map(|args| args[..2].join(" ")).collect();
    for name in &names {
        assert!(tested.contains(name), "{name} is not tested");
    }
    for args in RENAMES {
        let plan = Place::new().sandbox(&[args as &[&str], &["--dry-run"]].concat()).json();
        let fault =
            format!("{} {}=commit-reset*1", plan["method"].as_str().unwrap(), plan["path"].as_str().unwrap());
        let server = Recorder::new(&[&fault]);
        let error = Place::new().against(&server.base_url, args).error(8);
        assert_eq!((&error["retry_safe"], &error["attempts"]), (&json!(false), &json!(2)), "{args:?}");
        assert!(error["check_command"].is_array(), "{args:?}: {error}");
    }
}

/// A server with so many notes, that gives no more than `most` rows an answer.
async fn rows(total: usize, most: usize) -> MockServer {
    let server = MockServer::start().await;
    let answer = move |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let number = |name: &str, usual: usize| {
            let query =
                request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.to_string());
            let body = body[name].as_u64().map(|number| number.to_string());
            query.or(body).map_or(usual, |number| number.parse().unwrap())
        };
        let (offset, limit) = (number("offset", 0), number("limit", 10).min(most));
        let rows: Vec<Value> = (offset..total.min(offset + limit)).map(row).collect();
        ResponseTemplate::new(200).set_body_json(json!({ "data": rows }))
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn row(at: usize) -> Value {
    let id = format!("5a6a8a32-0000-4000-8000-{at:012}");
    let created_at = format!("2026-01-01T00:00:00.{at:09}Z");
    json!({"id": {"workspace_id": "w", "note_id": id, "object_id": "o", "record_id": id}, "created_at": created_at,
        "web_url": "https://app.attio.com/x",
        "values": {"title": [{"value": at.to_string(), "attribute_type": "text"}]}})
}

fn ids(stdout: &str) -> Vec<&str> {
    stdout.lines().collect()
}

#[tokio::test]
async fn a_server_that_gives_less_than_asked_for_ends_no_list() {
    for most in [10, 25, 64, 99, 100, 250, 499] {
        let server = rows(1000, most).await;
        let run = Place::new()
            .against(&server.uri(), &["search-companies", "x", "--all", "-o", "ids", "--rate-limit", "off"]);
        assert_eq!((run.code, ids(&run.stdout).len()), (0, 1000), "at most {most} a page");
        let run = Place::new().against(
            &server.uri(),
            &["search-companies", "x", "--limit", "300", "-o", "ids", "--rate-limit", "off"],
        );
        assert_eq!(ids(&run.stdout).len(), 300, "at most {most} a page");
        assert!(run.stderr.contains("--offset 300"), "{most}: {}", run.stderr);
    }
}

#[tokio::test]
async fn a_raw_list_says_whether_it_is_whole() {
    let server = rows(22, 50).await;
    let meta = |args: &[&str]| {
        let run = Place::new().against(&server.uri(), args);
        assert_eq!(run.code, 0, "{run:?}");
        let last = run.stderr.lines().last().unwrap_or_default();
        serde_json::from_str::<Value>(last).unwrap_or_default()["meta"].clone()
    };
    let perhaps =
        |returned: usize, next: Value| json!({"returned": returned, "complete": null, "next_offset": next});
    assert_eq!(meta(&["api", "GET", "/v2/notes"]), perhaps(10, json!(10)));
    assert_eq!(meta(&["api", "GET", "/v2/notes?limit=22"]), perhaps(22, json!(22)));
    assert_eq!(meta(&["api", "GET", "/v2/notes?limit=5&offset=5"]), perhaps(5, json!(10)));
    assert_eq!(meta(&["api", "GET", "/v2/notes?limit=50"]), Value::Null, "whole");
    assert_eq!(meta(&["api", "GET", "/v2/unforeseen?limit=50"]), perhaps(22, Value::Null), "no row tells");
    let search = ["records", "search", "--query", "x", "--object", "companies", "--limit", "2"];
    assert_eq!(meta(&search), perhaps(2, Value::Null));
    assert_eq!(meta(&["notes", "list", "--limit", "22"]), Value::Null, "one more was asked for");
    let more = json!({"returned": 21, "complete": false, "next_offset": 21});
    assert_eq!(meta(&["notes", "list", "--limit", "21"]), more);
}

#[tokio::test]
async fn the_newest_of_many_notes_are_found_without_reading_the_others() {
    let record = NOTHING;
    for (total, most) in [(0, 2), (3, 1), (50, 3), (51, 3), (120, 5), (5000, 17), (50_000, 23)] {
        let server = rows(total, 50).await;
        let args = [
            "list-notes",
            "--object",
            "companies",
            record,
            "--limit",
            "3",
            "-o",
            "csv",
            "--fields",
            "title",
            "--rate-limit",
            "off",
        ];
        let run = Place::new().against(&server.uri(), &args);
        let newest: Vec<String> = (0..total).rev().take(3).map(|at| at.to_string()).collect();
        assert_eq!(ids(&run.stdout)[1..], newest, "of {total}: {run:?}");
        let requests = server.received_requests().await.unwrap().len();
        assert!(requests <= most, "{requests} requests for {total}");
        if total > 5 {
            let args = [&args as &[&str], &["--offset", "2"]].concat();
            let run = Place::new().against(&server.uri(), &args);
            let next: Vec<String> = (0..total).rev().skip(2).take(3).map(|at| at.to_string()).collect();
            assert_eq!(ids(&run.stdout)[1..], next);
        }
    }
}

#[tokio::test]
async fn a_list_from_which_rows_vanish_while_it_is_read_lacks_none_that_stayed() {
    let server = MockServer::start().await;
    let pages = std::sync::atomic::AtomicUsize::new(0);
    let answer = move |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let number = |name: &str| usize::try_from(body[name].as_u64().unwrap()).unwrap();
        // Forty of the oldest go before each page.
        let gone = 40 * pages.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let stayed = (gone..1800).skip(number("offset")).take(number("limit"));
        ResponseTemplate::new(200).set_body_json(json!({"data": stayed.map(row).collect::<Vec<_>>()}))
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let run = Place::new()
        .against(&server.uri(), &["search-companies", "x", "--all", "-o", "ids", "--rate-limit", "off"]);
    let seen = ids(&run.stdout);
    assert_eq!(seen.len(), 1800, "each once: {}", run.stderr);
}

#[test]
fn notes_are_listed_newest_first_by_every_command() {
    let place = Place::new();
    let list = |args: &[&str]| place.sandbox(&[args, &["-o", "ids"]].concat()).stdout;
    let all = list(&["notes", "list", "--all"]);
    let raw = place.sandbox(&["api", "GET", "/v2/notes?limit=50", "-o", "ids"]).stdout;
    assert!(all.lines().eq(raw.lines().rev()), "{all}\n{raw}");
    assert!(all.starts_with(&list(&["notes", "list", "--limit", "3"])));
    let next = list(&["notes", "list", "--limit", "2", "--offset", "1"]);
    assert!(next.lines().eq(all.lines().skip(1).take(2)), "{next}");
    let of_acme = list(&["notes", "list", "--record", "acme.com"]);
    assert_eq!(of_acme, list(&["list-notes", "acme.com"]));
}
