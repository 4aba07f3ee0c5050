//! Attio app URLs: every shape that is known, and what only looks like one.

use attio_crm::error::Kind;
use attio_crm::link;
use serde_json::{Value, json};

const A: &str = "b8cbfa4c-7ae4-4f2a-a9a1-5b8a5c1f0d11";
const B: &str = "0e64bd5b-9f5a-4f6e-8c5c-2b1f6b7f9e22";

fn parsed(url: &str) -> Value {
    serde_json::to_value(link::parse(url).unwrap()).unwrap()
}

/// What every link prints, with `more` on top.
fn link(kind: &str, object: Option<&str>, record: Option<&str>, more: Value) -> Value {
    let mut link =
        json!({ "kind": kind, "workspace_slug": "acme", "object_type": object, "record_id": record });
    for (name, value) in more.as_object().unwrap() {
        link[name] = value.clone();
    }
    link
}

#[test]
fn every_known_shape_is_taken_apart() {
    let record = |object: &str| link("record", Some(object), Some(A), json!({}));
    let on_record = |object: &str| link("note", Some(object), Some(A), json!({ "note_id": B }));
    let index = |object: &str| link("object", Some(object), None, json!({}));
    let page = |kind: &str, more: Value| link(kind, None, None, more);
    let cases = [
        (format!("/person/{A}"), record("people")),
        (format!("/company/{A}"), record("companies")),
        (format!("/company/{A}/"), record("companies")),
        (format!("/company/{A}/overview"), record("companies")),
        (format!("/company/{A}/notes/all?tab=1&x=%2F..#top"), record("companies")),
        (format!("/company/{}", A.to_uppercase()), record("companies")),
        (format!("/deals/record/{A}"), record("deals")),
        (format!("/deals/{A}/overview"), record("deals")),
        (format!("/my_object-2/record/{A}/activity"), record("my_object-2")),
        (format!("/custom/my_object/record/{A}"), record("my_object")),
        (format!("/companies/{A}"), record("companies")),
        (format!("/deals/view/{A}"), link("record", Some("deals"), Some(A), json!({ "view_id": A }))),
        (format!("/person/{A}/notes?modal=note&id={B}"), on_record("people")),
        (format!("/company/{A}/notes?id={}&modal=note", B.to_uppercase()), on_record("companies")),
        (format!("/deals/record/{A}/notes?modal=note&id={B}"), on_record("deals")),
        (format!("/company/{A}?modal=note"), record("companies")),
        (format!("/company/{A}?modal=email&id={B}"), record("companies")),
        (format!("/notes/notes?modal=note&id={B}"), page("note", json!({ "note_id": B }))),
        ("/notes/notes".into(), page("notes", json!({}))),
        (format!("/tasks?id={B}&command-menu-page=task"), page("task", json!({ "task_id": B }))),
        (
            format!("/company/{A}/tasks?modal=task&id={B}"),
            link("task", Some("companies"), Some(A), json!({ "task_id": B })),
        ),
        ("/tasks".into(), page("tasks", json!({}))),
        (format!("/collection/{}", A.to_uppercase()), page("list", json!({ "list": A }))),
        ("/collection/sales_pipeline".into(), page("list", json!({ "list": "sales_pipeline" }))),
        (format!("/collection/sales/view/{B}"), page("list_view", json!({ "list": "sales", "view_id": B }))),
        (format!("/calls/{A}/{B}"), page("recording", json!({ "meeting_id": A, "call_recording_id": B }))),
        (
            format!("/calls/{A}/{B}/transcript"),
            page("recording", json!({ "meeting_id": A, "call_recording_id": B })),
        ),
        ("/settings".into(), page("settings", json!({}))),
        ("/settings/data/objects".into(), page("settings", json!({}))),
        ("/company".into(), index("companies")),
        ("/custom/my_object".into(), index("my_object")),
        (String::new(), page("workspace", json!({}))),
    ];
    for (path, expected) in cases {
        assert_eq!(parsed(&format!("https://app.attio.com/acme{path}")), expected, "{path}");
        assert_eq!(parsed(&format!("app.attio.com/acme{path}")), expected, "{path}");
        assert_eq!(parsed(&format!("  HTTPS://App.Attio.COM/acme{path}\n")), expected, "{path}");
    }
}

#[test]
fn the_current_workspace_is_a_workspace() {
    let link = link::parse(&format!("https://app.attio.com/_/company/{A}")).unwrap();
    assert_eq!((link.workspace_slug.as_str(), link.record_id.as_deref()), ("_", Some(A)));
}

#[test]
fn what_only_looks_like_attio_is_refused() {
    let path = format!("/acme/company/{A}");
    let starts = [
        "https://app.attio.com.evil.tld",
        "https://app.attio.com@evil.tld",
        "https://evil.tld@app.attio.com",
        "https://@app.attio.com",
        "https://user:pass@app.attio.com",
        "https://app.attio.com:443",
        "https://app.attio.com:8443",
        "https://app.attio.com.",
        "https://xapp.attio.com",
        "https://attio.com",
        "https://api.attio.com",
        "http://app.attio.com",
        "ftp://app.attio.com",
        "javascript:app.attio.com",
        "//app.attio.com",
        "https:app.attio.com",
        "https:/app.attio.com",
        "https:///app.attio.com",
        "https:\\\\app.attio.com",
        "https://app.attio.com\\@evil.tld",
        "https://evil.tld/app.attio.com",
        "https://evil.tld?app.attio.com",
        "https://evil.tld#https://app.attio.com",
        "https://app%2eattio.com",
        "https://app.attio.com%2f",
        "https://app.attio.com%00",
        "https://app.att\u{131}o.com",
        "https://app.attio\u{3002}com",
        "https://app.at\ttio.com",
        "https://\u{200b}app.attio.com",
        "",
        "acme",
    ];
    for start in starts {
        let error = link::parse(&format!("{start}{path}")).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage, "{start}");
    }
}

#[test]
fn paths_that_are_not_attios_are_refused() {
    let long = "x".repeat(65);
    let paths = [
        "".into(),
        "/".into(),
        format!("//company/{A}"),
        format!("/acme//company/{A}"),
        format!("/../company/{A}"),
        format!("/acme/../{A}"),
        format!("/acme/%2e%2e/{A}"),
        format!("/acme/company%2f..%2fnotes/{A}"),
        format!("/acme/com\\pany/{A}"),
        format!("/acme/com pany/{A}"),
        format!("/acme/com\npany/{A}"),
        format!("/acme/c\u{f6}mpany/{A}"),
        format!("/{long}/company/{A}"),
        format!("/acme/{long}/{A}"),
        format!("/acme/company/{A}/.."),
        format!("/acme/company/{A};x=1"),
        format!("/acme/company/{{{A}}}"),
        format!("/acme/company/{}", A.replace('-', "")),
        format!("/acme/company/{A}0"),
        "/acme/company/not-an-id".into(),
        format!("/acme/workflows/{A}"),
        format!("/acme/reports/{A}/edit"),
        format!("/acme/sequences/record/{A}"),
        format!("/acme/my_object/{A}"),
        format!("/acme/emails/view/{A}"),
        "/acme/dashboards".into(),
        "/acme/deals/record".into(),
        "/acme/deals/record/x".into(),
        "/acme/deals/view/x".into(),
        format!("/acme/record/{A}"),
        format!("/acme/view/{A}"),
        format!("/acme/{A}"),
        format!("/acme/{A}/{B}"),
        "/acme/calls".into(),
        format!("/acme/calls/{A}"),
        "/acme/collection".into(),
        "/acme/collection/x/view/y".into(),
        format!("/acme/tasks/{A}"),
        format!("/acme/notes/{A}"),
        "/acme/custom".into(),
        format!("/workspaces/acme/records/{A}"),
        "/authorize".into(),
        "/oauth/token".into(),
        "/welcome/sign-in".into(),
        "/acme/tasks?id=..".into(),
        format!("/acme/company/{A}?modal=note&id=x"),
        format!("/acme/notes/notes?modal=note&id={A}%2F.."),
    ];
    for path in paths {
        let error = link::parse(&format!("https://app.attio.com{path}")).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage, "{path}");
    }
}

#[test]
fn an_unknown_shape_says_what_was_understood() {
    let error = link::parse("https://app.attio.com/acme/deals/board/7").unwrap_err();
    let lines = error.to_lines().join("\n");
    assert!(lines.contains("unknown shape") && lines.contains("/deals/board/7"), "{lines}");
    assert!(lines.contains("\"acme\""), "{lines}");
}

#[test]
fn no_text_makes_the_parser_stumble() {
    let parts = [
        "https://",
        "app.attio.com",
        "/",
        "acme",
        "company",
        A,
        "?",
        "#",
        "modal=note",
        "&id=",
        "%",
        "..",
        "\u{202e}",
        "é",
        "\\",
        "@",
        ":",
        "view",
        "record",
        "custom",
        "collection",
        "\0",
        " ",
    ];
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20_000 {
        let url: String = (0..random.usize(0..12)).filter_map(|_| random.choice(parts)).collect();
        if let Ok(link) = link::parse(&url) {
            let slug = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
            assert!(slug(&link.workspace_slug) && link.object_type.as_deref().is_none_or(slug), "{url}");
            assert!(link.record_id.as_deref().is_none_or(|id| id == A), "{url}");
        }
    }
}
