//! The summaries: a record, and what belongs to it.

use crate::common::{NOTHING, Place, Recorder, Run};
use serde_json::{Value, json};

fn keys(summary: &Value) -> Vec<&str> {
    summary.as_object().unwrap().keys().map(String::as_str).collect()
}

fn id_of(record: &Value) -> String {
    record["record_id"].as_str().unwrap().to_owned()
}

fn names(part: &Value) -> Vec<&str> {
    part["items"].as_array().unwrap().iter().filter_map(name_of).collect()
}

fn name_of(record: &Value) -> Option<&str> {
    let name = &record["values"]["name"];
    name.as_str().or_else(|| name["full_name"].as_str())
}

/// Everything but the definitions, in the order of paths: the calls go out at the same time.
fn sent(server: &Recorder) -> Vec<String> {
    let calls = server.seen().into_iter().filter(|seen| !seen.path.contains("/attributes"));
    let shown = calls.map(|seen| match seen.body {
        Value::Null => format!("{} {}", seen.method, seen.path),
        body => format!("{} {} {body}", seen.method, seen.path),
    });
    let mut sent: Vec<String> = shown.collect();
    sent.sort();
    sent
}

#[test]
fn a_person_has_a_company_deals_notes_and_tasks() {
    let place = Place::new();
    let summary = place.sandbox(&["get-person-summary", "jane@acme.com"]).json();
    let parts = [
        "incomplete",
        "person",
        "last_interaction",
        "next_interaction",
        "company",
        "deals",
        "notes",
        "tasks",
    ];
    assert_eq!(keys(&summary), parts);
    assert_eq!(summary["incomplete"], json!([]));
    assert_eq!(summary["person"]["values"]["name"]["full_name"], "Jane Doe");
    assert_eq!(summary["last_interaction"], summary["person"]["values"]["last_interaction"]);
    assert_eq!(
        summary["company"]["record_id"],
        place.sandbox(&["get-company", "acme.com"]).json()["record_id"]
    );
    assert_eq!(names(&summary["deals"]), ["Acme expansion", "Acme anvils 2025"]);
    let notes = place.sandbox(&["list-notes", "jane@acme.com", "--limit", "5", "--names"]).json();
    assert_eq!(summary["notes"]["items"], notes);
    place.sandbox(&["create-task", "jane@acme.com", "Call Jane"]).json();
    place.sandbox(&["create-person", "--name", "Nobody Atall"]).json();
    let jane = place.sandbox(&["get-person-summary", "jane@acme.com", "--fields", "tasks.content_plaintext"]);
    assert!(
        jane.json()["tasks.content_plaintext"].as_array().unwrap().contains(&json!("Call Jane")),
        "{jane:?}"
    );
    let alone = place.sandbox(&["get-person-summary", "name:Nobody Atall"]).json();
    assert_eq!((&alone["company"], names(&alone["deals"])), (&Value::Null, Vec::new()));
    assert_eq!(place.sandbox(&["get-person-summary", NOTHING]).error(3)["status"], 404);
}

#[test]
fn a_deal_has_a_company_people_notes_and_tasks() {
    let place = Place::new();
    let deal = ["get-deal-summary", "name:Globex renewal"];
    let summary = place.sandbox(&deal).json();
    assert_eq!(keys(&summary), ["incomplete", "deal", "company", "people", "notes", "tasks"]);
    assert_eq!(summary["deal"]["values"]["name"], "Globex renewal");
    assert_eq!(summary["company"]["values"]["name"], "Globex");
    let associated = summary["deal"]["values"]["associated_people"].as_array().unwrap();
    assert!(!associated.is_empty());
    let mut associated: Vec<String> = associated.iter().map(id_of).collect();
    let mut people: Vec<String> = summary["people"]["items"].as_array().unwrap().iter().map(id_of).collect();
    associated.sort();
    people.sort();
    assert_eq!(people, associated);
    let run = place.sandbox(&[&deal[..], &["-o", "table"]].concat());
    let titles: Vec<&str> = run.stdout.split("\n\n").map(|part| part.lines().next().unwrap()).collect();
    let people = format!("people ({})", people.len());
    assert_eq!(titles[..3], ["deal", "company", &people], "{}", run.stdout);
}

#[test]
fn all_parts_are_asked_for_at_once_and_only_those_that_are_wanted() {
    let place = Place::new();
    let jane = id_of(&place.sandbox(&["get-person", "jane@acme.com"]).json());
    let calls = |more: &[&str]| {
        let server = Recorder::new(&[]);
        let args = ["get-person-summary", jane.as_str(), "--no-names"];
        place.against(&server.base_url, &[&args[..], more].concat()).json();
        sent(&server)
    };
    let get = format!("GET /v2/objects/people/records/{jane}");
    let tasks = format!(
        "GET /v2/tasks?linked_object=people&linked_record_id={jane}&is_completed=false&limit=51&offset=0"
    );
    let notes = format!("GET /v2/notes?parent_object=people&parent_record_id={jane}&limit=50&offset=0");
    let query = |object: &str, by: &str, limit: usize| {
        let filter = json!({by: {"target_object": {"$eq": "people"}, "target_record_id": {"$eq": jane}}});
        let body = json!({"filter": filter, "limit": limit, "offset": 0});
        format!("POST /v2/objects/{object}/records/query {body}")
    };
    let (company, deals) = (query("companies", "team", 2), query("deals", "associated_people", 11));
    assert_eq!(calls(&[]), [notes.clone(), get.clone(), tasks.clone(), company.clone(), deals]);
    assert_eq!(calls(&["--only", "company"]), [get.clone(), company]);
    let deals = query("deals", "associated_people", 3);
    assert_eq!(calls(&["--only", "DEALS", "--limit", "2"]), [get, deals]);
}

#[test]
fn one_limit_cuts_every_part_but_those_that_have_their_own() {
    let place = Place::new();
    let summary = |args: &[&str]| place.sandbox(&[&["get-company-summary", "acme.com"], args].concat());
    let count = |run: &Run| {
        let summary = run.json();
        ["people", "deals", "notes", "tasks"].map(|part| summary[part]["items"].as_array().unwrap().len())
    };
    let one = summary(&["--limit", "1"]);
    assert_eq!(count(&one), [1, 1, 1, 1]);
    assert_eq!(one.json()["incomplete"], json!(["people", "deals", "notes", "tasks"]));
    let remark =
        "the summary is cut; to see more, raise --people-limit, --deals-limit, --notes-limit, --tasks-limit";
    assert_eq!(one.stderr, format!("{}\n", json!({ "remark": remark })));
    assert_eq!(count(&summary(&["--limit", "1", "--people-limit", "3", "--notes-limit", "2"])), [3, 1, 2, 1]);
    let person = place.sandbox(&["get-person-summary", "jane@acme.com", "--limit", "1"]).json();
    assert_eq!(person["company"]["values"]["name"], "Acme", "the one there is");
}

#[test]
fn only_some_parts_are_shown() {
    let place = Place::new();
    let only = |parts: &str, more: &[&str]| {
        place.sandbox(&[&["get-company-summary", "acme.com", "--only", parts], more].concat())
    };
    let run = only("tasks,people", &["--limit", "1"]);
    let head = ["incomplete", "company", "last_interaction", "next_interaction"];
    assert_eq!(keys(&run.json()), [&head[..], &["people", "tasks"]].concat());
    assert_eq!(run.json()["incomplete"], json!(["people", "tasks"]));
    let table = only("people", &["-o", "table"]).stdout;
    assert!(table.contains("\npeople (4)\n") && !table.contains("deals"), "{table}");
    let unknown = only("poeple", &[]).error(2);
    let told = format!("{} {}", unknown["message"], unknown["hint"]);
    assert!(told.contains("people") && told.contains("poeple"), "{unknown}");
    let useless = only("people", &["--deals-limit", "3"]).error(2);
    assert_eq!(useless["message"], "--deals-limit has no effect: --only excludes deals");
    assert_eq!(place.sandbox(&["get-deal-summary", "x", "--only", "deals"]).error(2)["kind"], "usage");
}

#[test]
fn a_part_that_fails_does_not_hide_the_others() {
    let server = Recorder::new(&["POST /v2/objects/companies=status:403*"]);
    let run = Place::new().against(&server.base_url, &["get-deal-summary", "name:Globex renewal"]);
    let error = run.error(6);
    assert_eq!(error["message"], "parts of the summary could not be read: company");
    let summary: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (&summary["incomplete"], &summary["company"]["error"]["status"]),
        (&json!(["company"]), &json!(403))
    );
    assert!(!names(&summary["people"]).is_empty(), "{summary}");
    for command in ["get-company-summary", "get-person-summary", "get-deal-summary"] {
        let schema = Place::new().run(&["schema", command]).json();
        assert!(schema["commands"][0]["exit_codes"].as_array().unwrap().contains(&json!(6)), "{command}");
    }
}

#[test]
fn deals_that_are_switched_off_are_no_part_that_failed() {
    let server = Recorder::new(&["POST /v2/objects/deals=status:404*"]);
    for (command, named) in [("get-company-summary", "acme.com"), ("get-person-summary", "jane@acme.com")] {
        let run = Place::new().against(&server.base_url, &[command, named, "--no-names"]);
        let summary = run.json();
        assert_eq!(summary["deals"], json!({"items": [], "complete": true}), "{command}");
        assert_eq!(run.stderr, "{\"remark\":\"deals are not enabled in this workspace; skipped\"}\n");
    }
}
