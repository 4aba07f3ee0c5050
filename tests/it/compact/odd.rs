//! One bad row does not take the list with it: it is shown as far as it can be, and named.

use super::*;
use crate::common::{Place, Run};
use wiremock::matchers::{any, body_partial_json};
use wiremock::{Mock, MockServer, ResponseTemplate};

#[test]
fn oddities_do_not_hide_the_rest() {
    let odd = json!({"a": null, "b": [7], "c": value("select", json!({"option": "Lead"})),
        "d": value("status", json!({"status": {}})), "e": value("text", json!({"value": "x"})),
        "f": "bare", "g": value("text", json!({"value": {"deep": 1}})), "h": [null]});
    let (shown, told) = compact_by(&[], &record(&odd).to_string());
    assert_eq!(
        shown["values"],
        json!({"b": 7, "c": [{"option": "Lead"}], "d": {"status": {}}, "e": "x", "f": "bare", "g": {"deep": 1}, "h": null})
    );
    assert!(told.is_some());
}

/// A text in JSON for each thing that cannot be read, and how it looks as text.
fn bad() -> [(String, String); 5] {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    [
        (r#""cut \ud83d""#.to_owned(), "cut \u{fffd}".to_owned()),
        (r#""\udc00 end""#.to_owned(), "\u{fffd} end".to_owned()),
        ("1e400".to_owned(), "1e400".to_owned()),
        ("-1e400".to_owned(), "-1e400".to_owned()),
        (deep.clone(), deep),
    ]
}

/// Three rows, the middle one with `value` in the place of a name.
fn rows(value: &str) -> [String; 3] {
    let row = |n: usize, value: &str| {
        format!(
            r#"{{"id":{{"workspace_id":"w","object_id":"o","record_id":"r{n}"}},"created_at":"t","web_url":null,"values":{{"name":[{{"value":{value},"attribute_type":"text"}}],"size":[{{"value":{n},"attribute_type":"number"}}]}}}}"#
        )
    };
    [row(1, r#""one""#), row(2, value), row(3, r#""three""#)]
}

/// Runs against a server with these rows.
fn run_with(rows: &[String], args: &[&str]) -> Run {
    let first = Mock::given(body_partial_json(json!({"offset": 0})));
    let page = |rows: &str| {
        ResponseTemplate::new(200).set_body_raw(format!(r#"{{"data":[{rows}]}}"#), "application/json")
    };
    run_against(
        vec![first.respond_with(page(&rows.join(","))), Mock::given(any()).respond_with(page(""))],
        args,
    )
}

fn run_against(mocks: Vec<Mock>, args: &[&str]) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        for mock in mocks {
            mock.mount(&server).await;
        }
        server
    });
    Place::new().against(&server.uri(), args)
}

fn remarks(run: &Run) -> Vec<String> {
    let line =
        |line: &str| serde_json::from_str::<Value>(line).unwrap()["remark"].as_str().map(str::to_owned);
    run.stderr.lines().filter_map(line).collect()
}

#[test]
fn what_cannot_be_read_is_passed_on_in_json_and_named() {
    for (value, _) in bad() {
        for format in ["json", "ndjson"] {
            let run = run_with(&rows(&value), &["records", "query", "widgets", "-o", format]);
            assert_eq!(run.code, 0, "{run:?}");
            assert_eq!(run.stdout.matches("\"record_id\"").count(), 3, "{run:?}");
            assert!(run.stdout.contains(&format!("\"name\":{value},\"size\":2")), "{value}: {}", run.stdout);
            let told = remarks(&run);
            assert_eq!(
                told.iter().filter(|told| told.starts_with("row 2 (r2) ") && told.contains("name ")).count(),
                1,
                "{told:?}"
            );
        }
        let field = run_with(
            &rows(&value),
            &["records", "query", "widgets", "--fields", "size,name", "-o", "ndjson"],
        );
        assert!(field.stdout.contains(&format!("{{\"size\":2,\"name\":{value}}}\n")), "{field:?}");
    }
}

#[test]
fn what_cannot_be_read_is_shown_as_text() {
    for (value, text) in bad() {
        let csv = run_with(
            &rows(&value),
            &["records", "query", "widgets", "--fields", "record_id,name", "-o", "csv"],
        );
        assert_eq!(
            (csv.code, csv.stdout.as_str()),
            (0, &*format!("record_id,name\nr1,one\nr2,{text}\nr3,three\n")),
            "{csv:?}"
        );
        assert!(csv.stderr.contains("row 2 (r2) is shown as far as it can be: name "), "{csv:?}");
        let table = run_with(
            &rows(&value),
            &["records", "query", "widgets", "--fields", "record_id,name", "-o", "table"],
        );
        assert!(table.code == 0 && table.stdout.lines().count() == 4, "{table:?}");
        assert!(table.stdout.contains(&text), "{table:?}");
        let ids = run_with(&rows(&value), &["records", "query", "widgets", "-o", "ids"]);
        assert_eq!((ids.code, ids.stdout.as_str()), (0, "r1\nr2\nr3\n"), "{ids:?}");
        let raw = run_with(&rows(&value), &["records", "query", "widgets", "--raw", "-o", "ndjson"]);
        assert_eq!(raw.stdout, rows(&value).map(|row| row + "\n").concat());
    }
}

#[test]
fn one_thing_is_shown_as_far_as_it_can_be() {
    for (value, text) in bad() {
        let [_, row, _] = rows(&value);
        let get = |format: &str| {
            let answer =
                ResponseTemplate::new(200).set_body_raw(format!(r#"{{"data":{row}}}"#), "application/json");
            let id = "5a6a8a32-0000-4000-8000-00000000000f";
            let args = ["records", "get", "widgets", id, "-o", format];
            run_against(vec![Mock::given(any()).respond_with(answer)], &args)
        };
        let json = get("json");
        assert!(json.code == 0 && json.stdout.contains(&format!("\"name\":{value},")), "{json:?}");
        let odd = |remark: &&String| remark.contains("understood");
        assert_eq!(remarks(&json).iter().filter(odd).count(), 1, "{json:?}");
        let table = get("table");
        assert!(table.code == 0 && table.stdout.contains(&text), "{table:?}");
    }
}

#[test]
fn a_value_of_any_unexpected_type_ends_no_list() {
    let [first, _, last] = rows("1");
    let [_, good, _] = rows(r#""two""#);
    let sent: Value = serde_json::from_str(&good).unwrap();
    let mut paths: Vec<String> =
        ["/id", "/id/record_id", "/created_at", "/web_url", "/values"].map(str::to_owned).into();
    paths.extend(
        ["name", "name/0", "name/0/value", "name/0/attribute_type", "size/0/value"]
            .map(|p| format!("/values/{p}")),
    );
    let odd = [
        json!(null),
        json!(7),
        json!(true),
        json!("x"),
        json!([]),
        json!([{}]),
        json!({}),
        json!({"x": [1]}),
    ];
    let altered = paths.iter().flat_map(|path| {
        odd.iter().map(|odd| {
            let mut row = sent.clone();
            *row.pointer_mut(path).unwrap() = odd.clone();
            row.to_string()
        })
    });
    let rows: Vec<String> = [first].into_iter().chain(altered).chain([last]).collect();
    for format in ["json", "ndjson", "csv", "table"] {
        let run = run_with(&rows, &["records", "query", "widgets", "--limit", "200", "-o", format]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.contains("one") && run.stdout.contains("three"), "{run:?}");
        if format == "ndjson" {
            assert_eq!(
                run.stdout.lines().filter(|line| serde_json::from_str::<Value>(line).is_ok()).count(),
                rows.len()
            );
            let told = remarks(&run);
            assert_eq!(told.len(), 6, "five are named, then there is a sum: {told:?}");
            assert!(told[5].ends_with("rows in all are shown as far as they can be"), "{told:?}");
        }
    }
}
