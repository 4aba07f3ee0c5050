//! `schema` tells what the commands really take and do.

use crate::common::{Place, Recorder};
use crate::golden;
use attio_crm::api::RESOURCES;
use attio_crm::describe::calls;
use serde_json::Value;

/// One run of each command written by hand that calls Attio.
const RUNS: &[&[&str]] = &[
    &["search", "acme"],
    &["search", "acme", "--fuzzy"],
    &["search-companies", "acme"],
    &["search-companies", "acme", "--fuzzy"],
    &["search-companies", "--filter", "name~acme", "--sort", "name"],
    &["get-company", "acme.com"],
    &["create-company", "Zeta", "--domain", "zeta.example.com"],
    &["create-company", "Zeta", "--domain", "zeta.example.com", "--upsert"],
    &["update-company", "acme.com", "--description", "Anvils"],
    &["update-company", "acme.com", "--domain", "acme.com", "--replace"],
    &["update-company", "acme.com", "--set", "description=Anvils"],
    &["search-people", "coyote", "--company", "acme.com"],
    &["get-person", "jane@acme.com"],
    &["create-person", "z@zeta.example.com", "--company-id", "acme.com"],
    &["create-person", "z@zeta.example.com", "--upsert"],
    &["update-person", "jane@acme.com", "--first-name", "Jane"],
    &["search-deals", "--owner", "ada@example.com"],
    &["get-deal", "name:Globex renewal"],
    &["create-deal", "Zeta", "--stage", "Lead"],
    &["update-deal", "name:Globex renewal", "--value", "5"],
    &["create-note", "acme.com", "Title", "Text"],
    &["list-notes", "acme.com"],
    &["create-task", "acme.com", "Send the quote", "--assignee", "me"],
    &["done", "985c6de5-1dae-58d0-a235-558a8feed345"],
    &["open", "acme.com"],
    &["count", "companies"],
    &["count", "deals", "--by", "stage", "--sum", "value"],
    &["get-note", "7c80c01d-1162-5be8-86bd-ed332749d408"],
    &["delete-note", "7c80c01d-1162-5be8-86bd-ed332749d408", "--yes"],
    &["get-company-summary", "acme.com"],
    &["get-person-summary", "jane@acme.com"],
    &["get-deal-summary", "name:Globex renewal", "--only", "notes"],
    &["list-attributes", "companies"],
    &["api", "GET", "/v2/objects"],
    &["api", "POST", "/v2/unforeseen"],
];

fn commands() -> Vec<Value> {
    Place::new().run(&["schema"]).json()["commands"].as_array().unwrap().clone()
}

fn named<'v>(commands: &'v [Value], name: &str) -> &'v Value {
    commands.iter().find(|command| command["command"] == name).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn the_schema_is_as_it_was() {
    let mut schema = Place::new().run(&["schema"]).json();
    assert_eq!(schema["version"], env!("CARGO_PKG_VERSION"));
    schema["version"] = "…".into(); // a release is no change of the schema
    let lines = serde_json::to_string_pretty(&schema).unwrap() + "\n"; // a key a line, to be reviewed
    golden::matches("tests/it/golden/schema.json", &lines);
}

#[test]
fn it_is_json_in_every_format_and_of_the_commands_that_were_named() {
    let place = Place::new();
    let count = |args: &[&str]| place.run(args).json()["commands"].as_array().unwrap().len();
    assert_eq!(count(&["schema", "notes", "create", "-o", "table"]), 1);
    let notes = RESOURCES.iter().find(|resource| resource.name == "notes").unwrap();
    assert_eq!(count(&["schema", "notes", "-o", "csv"]), notes.ops.len());
    assert_eq!(count(&["schema", "sandbox"]), 3);
    for unknown in [&["schema", "note"][..], &["schema", "notes", "create", "x"]] {
        assert_eq!(place.run(unknown).error(2)["kind"], "usage");
    }
}

#[test]
fn every_operation_of_the_table_is_in_it() {
    let commands = commands();
    for op in RESOURCES.iter().flat_map(|resource| resource.ops) {
        let described = named(&commands, op.operation.name);
        assert_eq!(described["path"], op.operation.path);
        assert_eq!(described["method"], op.operation.method.as_str());
        assert!(described["effect"] != "none" && described["scopes"].is_array());
    }
    let rows = RESOURCES.iter().map(|resource| resource.ops.len()).sum::<usize>();
    assert_eq!(commands.iter().filter(|command| command.get("path").is_some()).count(), rows);
}

#[test]
fn what_is_required_is_what_the_parser_misses() {
    let commands = commands();
    let argument = |command: &str, name: &str| {
        let arguments = named(&commands, command)["arguments"].as_array().unwrap();
        arguments.iter().find(|argument| argument["name"] == name).unwrap().clone()
    };
    let title = argument("notes create", "title");
    assert_eq!((&title["required"], &title["required_unless"]), (&true.into(), &"--data".into()));
    assert_eq!(argument("notes get", "note_id").get("required_unless"), None);
    assert_eq!(argument("notes create", "created_at")["required"], false);
    assert_eq!(argument("notes create", "format")["values"][1], "markdown");
    let limit = argument("notes list", "limit");
    assert_eq!((&limit["type"], &limit["default"]), (&"integer".into(), &10.into()));
}

#[test]
fn a_command_is_refused_in_read_only_mode_if_it_says_that_it_writes() {
    for command in commands().iter().filter(|command| command.get("path").is_none()) {
        let name = command["command"].as_str().unwrap();
        let runs: Vec<_> = RUNS.iter().filter(|run| run[0] == name).collect();
        if command["effect"] == "none" {
            assert!(runs.is_empty(), "{name} calls nothing?");
            continue;
        }
        let server = Recorder::new(&[]);
        let refused = |run: &&&[&str]| {
            Place::new().against(&server.base_url, &[run, &["--read-only"][..]].concat()).code == 9
        };
        assert!(!runs.is_empty(), "no run of {name}");
        assert_eq!(runs.iter().any(refused), command["effect"] != "read", "{name}");
    }
}

#[test]
fn a_command_calls_nothing_but_what_it_says() {
    for run in RUNS.iter().filter(|run| run[0] != "api") {
        let server = Recorder::new(&[]);
        let ran = Place::new().against(&server.base_url, run);
        assert_eq!(ran.code, 0, "{run:?}: {ran:?}");
        for call in server.seen() {
            let path = call.path.split('?').next().unwrap().trim_start_matches('/');
            let segments: Vec<&str> = path.split('/').collect();
            let says = |op: &&attio_crm::client::operation::Operation| {
                op.method.as_str() == call.method && op.fits(&segments)
            };
            let kind = says(&calls::SHAPE) || calls::NAMES.iter().any(says);
            assert!(
                kind || calls::of(run[0]).iter().any(says),
                "{run:?} calls {} {}",
                call.method,
                call.path
            );
        }
    }
}
