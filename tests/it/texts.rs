//! A text is taken letter by letter, and what was not given is not written.

use crate::common::Place;
use serde_json::{Value, json};

fn note(place: &Place, args: &[&str], input: &[u8]) -> Value {
    let args = [&["create-note", "acme.com"], args, &["--fields", "title,content_plaintext"]].concat();
    let run = place.sandbox_with_input(&args, input);
    assert_eq!(run.code, 0, "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn whatever_a_text_begins_with_it_is_no_file_and_no_flag() {
    let place = Place::new();
    std::fs::write(place.path().join("secret"), "canary").unwrap();
    for text in
        ["@secret", "@jane call", "- one", "-had a demo", "-x", "--all of it", "-1", "-ojson is a flag"]
    {
        let note = note(&place, &[text, text], b"");
        assert_eq!((&note["title"], &note["content_plaintext"]), (&json!(text), &json!(text)));
    }
    assert_eq!(note(&place, &["T", "- one\n- two\n"], b"")["content_plaintext"], "- one\n- two\n");
    let company =
        ["update-company", "acme.com", "--description", "- makes anvils", "--fields", "description"];
    assert_eq!(place.sandbox(&company).json()["description"], "- makes anvils");
}

#[test]
fn flags_are_flags_wherever_they_stand() {
    let place = Place::new();
    let run = place.sandbox(&[
        "create-note",
        "-ojson",
        "acme.com",
        "-q",
        "T",
        "--format",
        "markdown",
        "x",
        "-o",
        "ids",
    ]);
    assert_eq!(run.code, 2, "two formats: {run:?}");
    let run = place.sandbox(&["create-note", "acme.com", "-ocsv", "T", "x", "--fields", "title"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "title\nT\n"), "{run:?}");
}

#[test]
fn a_hyphen_is_standard_input_and_a_file_has_a_flag_of_its_own() {
    let place = Place::new();
    assert_eq!(note(&place, &["T", "-"], b"\xef\xbb\xbfpiped\n")["content_plaintext"], "piped\n");
    std::fs::write(place.path().join("m.md"), "\u{feff}# Minutes\n").unwrap();
    assert_eq!(note(&place, &["M", "--content-file", "m.md"], b"")["content_plaintext"], "# Minutes\n");
    assert_eq!(note(&place, &["-", "x"], b"From a pipe\n")["title"], "From a pipe");
    for args in [
        &["update-company", "acme.com", "--description", "-", "--fields", "description"] as &[&str],
        &["update-company", "acme.com", "--set", "description=-", "--fields", "description"],
    ] {
        let run = place.sandbox_with_input(args, b"A long text");
        assert_eq!(serde_json::from_str::<Value>(&run.stdout).unwrap()["description"], "A long text");
    }
}

#[test]
fn input_that_is_empty_or_no_file_writes_nothing() {
    let place = Place::new();
    std::fs::write(place.path().join("secret"), "canary").unwrap();
    for (args, input, told) in [
        (&["create-note", "acme.com", "T", "-"] as &[&str], b"" as &[u8], "standard input was empty"),
        (&["create-note", "acme.com", "T", "-"], b" \n", "standard input was empty"),
        (&["create-note", "acme.com", "T", "-"], b"\xff", "not UTF-8"),
        (&["create-note", "acme.com", "-", "-"], b"x", "only once"),
        (&["create-note", "acme.com", "T", "--content-file", "none.md"], b"", "cannot read none.md"),
        (&["create-note", "acme.com", "T", "--content-file", "/dev/zero"], b"", "neither a file nor a pipe"),
        (&["create-note", "acme.com", "T", "--content-file", "/"], b"", "it is a folder"),
        (&["create-note", "acme.com", "T", "x", "--content-file", "secret"], b"", "cannot be used with"),
        (&["create-note", "acme.com", "T"], b"", "required"),
        (&["create-company", "a\nb"], b"", "control characters"),
        (&["search-companies", "-"], b"", "standard input was empty"),
    ] {
        let run = place.sandbox_with_input(args, input);
        let message = run.error(2)["message"].to_string();
        assert!(message.contains(told), "{args:?}: {message}");
    }
    assert!(place.audit().is_empty());
}

#[test]
fn an_upsert_leaves_what_was_not_given() {
    let place = Place::new();
    let upsert = |args: &[&str]| {
        let all = [&["create-person", "jane@acme.com", "--upsert"], args].concat();
        place.sandbox(&all).json()
    };
    let half = upsert(&["--last-name", "Smith"]);
    assert_eq!(half["values"]["name"]["full_name"], "Jane Smith");
    assert_eq!(upsert(&["--set", "name=Janet"])["values"]["name"]["full_name"], "Janet Smith");
    let before = half["values"]["phone_numbers"].as_array().unwrap().len();
    let more = upsert(&["--phone", "+1 520 555 0202"]);
    assert_eq!(more["values"]["phone_numbers"].as_array().unwrap().len(), before + 1);
    assert_eq!(
        (&more["created"], &more["changed"][0]["attribute"]),
        (&json!(false), &json!("phone_numbers"))
    );
    let tags = ["create-company", "Globex", "--domain", "globex.com", "--set", "categories=SaaS", "--upsert"];
    let tags = place.sandbox(&tags).json()["values"]["categories"].clone();
    assert!(
        tags.as_array().unwrap().len() > 1 && tags.as_array().unwrap().contains(&json!("SaaS")),
        "{tags}"
    );
}

#[test]
fn one_value_is_taken_off_a_list() {
    let place = Place::new();
    let update = |args: &[&str]| {
        let all = [&["update-company", "acme.com"], args].concat();
        place.sandbox(&all).json()
    };
    assert_eq!(update(&["--remove", "categories=b2b"])["values"]["categories"], json!(["Manufacturing"]));
    assert_eq!(update(&["--remove", "categories=SaaS"])["changed"], json!([]), "it was not there");
    let swapped = update(&[
        "--remove",
        "categories=Manufacturing",
        "--set",
        "categories=SaaS",
        "--domain",
        "acme.example.com",
    ]);
    assert_eq!(swapped["values"]["categories"], json!(["SaaS"]));
    assert_eq!(swapped["values"]["domains"].as_array().unwrap().len(), 2, "other lists stay: {swapped}");
    let last = update(&["--remove", "domains=acme.example.com", "--remove", "employee_range=11-50"]);
    assert_eq!(last["values"]["domains"], json!(["acme.com"]));
}

#[test]
fn a_word_is_no_whole_name_where_the_rest_would_be_lost() {
    let place = Place::new();
    let error =
        place.sandbox(&["records", "update", "people", "jane@acme.com", "--set", "name=Janet"]).error(2);
    assert!(error["hint"].as_str().unwrap().contains("update-person"), "{error}");
    let created = place.sandbox(&["records", "create", "people", "--set", "name=Cher"]).json();
    assert_eq!(created["values"]["name"]["full_name"], "Cher");
}

#[test]
fn a_wrong_guess_leads_on() {
    let place = Place::new();
    for (args, way) in [
        (&["deals"] as &[&str], "search-deals"),
        (&["contacts"], "search-people"),
        (&["login"], "self get"),
        (&["search-deals", "--json"], "-o json"),
        (&["search-deals", "--format=csv"], "-o csv"),
        (&["create-note", "--title", "T", "--content", "C", "acme.com"], "<REF> <TITLE>"),
        (&["get-compnay", "x"], "get-company"),
        (&["get-company", "acme.com", "--filds", "x"], "--fields"),
    ] {
        let error = place.sandbox(args).error(2);
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains(way) && !hint.contains("-- --"), "{args:?}: {hint}");
    }
}

#[test]
fn a_text_that_is_the_flag_for_help_is_no_success() {
    let place = Place::new();
    let run = place.sandbox(&["create-note", "acme.com", "Call", "-h"]);
    assert_eq!((run.code, run.stdout.starts_with("Add a note")), (2, true), "{run:?}");
    assert_eq!(place.sandbox(&["create-note", "-h"]).code, 0);
    assert_eq!(place.sandbox(&["tasks", "create", "-h"]).code, 0);
}

#[test]
fn what_is_shown_once_is_not_left_out() {
    let place = Place::new();
    let create = ["webhooks", "create", "--target-url", "https://x.example.com", "--event", "task.created"];
    for more in [&["--fields", "webhook_id"] as &[&str], &["-o", "ids"]] {
        let run = place.sandbox(&[&create, more].concat());
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("secret would not be shown"), "{run:?}");
    }
    assert_eq!(place.sandbox(&["webhooks", "list"]).json().as_array().unwrap().len(), 1, "that of the seed");
    let shown = place.sandbox(&[&create as &[&str], &["--fields", "webhook_id,secret"]].concat()).json();
    assert!(shown["secret"].is_string(), "{shown}");
}

#[test]
fn a_reset_asks_like_every_loss() {
    let place = Place::new();
    assert_eq!(place.run(&["sandbox", "reset"]).error(9)["kind"], "refused");
    let mut terminal = place.terminal(80, &["sandbox", "reset"]);
    terminal.wait_for("[y/N]");
    terminal.type_in("n\r");
    assert_eq!(terminal.finish().code, 9);
    assert_eq!(place.run(&["sandbox", "reset", "--yes"]).json()["reset"], true);
}

#[test]
fn a_search_without_a_query_lists_all() {
    let place = Place::new();
    for object in ["search-companies", "search-people", "search-deals"] {
        assert_eq!(place.sandbox(&[object, "--limit", "3"]).json().as_array().unwrap().len(), 3, "{object}");
    }
}
