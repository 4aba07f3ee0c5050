//! The command that a lost write names shows that write, also in a workspace full of older ones.

use crate::common::{Place, Recorder};
use crate::table::{examples, tree};
use attio_crm::api::RESOURCES;
use attio_crm::client::operation::{Body, Effect};
use attio_crm::describe::is_modelled;
use attio_crm::sandbox::server::Options;
use attio_crm::sandbox::{Store, respond};
use serde_json::Value;
use std::collections::HashSet;

/// More than any check command shows by its limit, or Attio by its default.
const OLDER: usize = 60;

/// Creates whose examples the seeded workspace does not take.
const REFUSED: &[&str] = &[
    "activities create",
    "activity-records create",
    "attributes create",
    "files create",
    "options create",
    "recordings create",
    "records merge",
    "statuses create",
];

/// The creates of the table that the sandbox can do, by their examples, and those written by hand.
fn creates() -> Vec<Vec<String>> {
    let tree = tree();
    let ops = RESOURCES.iter().flat_map(|resource| resource.ops);
    let creates = ops.filter(|op| op.operation.effect == Effect::Create && is_modelled(op.operation));
    let creates = creates.filter(|op| op.operation.body != Body::Form);
    let flat: [&[&str]; 7] = [
        &["create-note", "acme.com", "Title", "Text"],
        &["create-deal", "Rocket renewal", "--stage", "Lead", "--value", "5"],
        &["create-company", "Nameless", "--allow-duplicate"],
        &[
            "attributes",
            "create",
            "objects",
            "companies",
            "--title",
            "T",
            "--api-slug",
            "t",
            "--type",
            "text",
        ],
        &["options", "create", "objects", "companies", "categories", "--title", "T"],
        &["statuses", "create", "objects", "deals", "stage", "--title", "T"],
        &["tasks", "create", "--content", "THE NEW ONE", "--record", "acme.com"],
    ];
    let flat = flat.into_iter().map(|words| words.iter().map(|word| (*word).to_owned()).collect());
    creates.map(|op| today(examples::command_line(&tree, op))).chain(flat).collect()
}

/// Without the time of things of the past.
fn today(mut line: Vec<String>) -> Vec<String> {
    if let Some(at) = line.iter().position(|word| word == "--created-at") {
        line.drain(at..at + 2);
    }
    line
}

/// Makes the same thing many times, as far as the workspace takes it again; whether it ever did.
fn fill(state: &mut Store, plan: &Value) -> bool {
    let mut taken = false;
    let now = jiff::Timestamp::now();
    for nth in 0..OLDER {
        let mut body = plan["body"].clone();
        number(&mut body, nth);
        let request = http::Request::builder()
            .method(plan["method"].as_str().unwrap())
            .uri(plan["path"].as_str().unwrap())
            .header("authorization", "Bearer x")
            .header("content-type", "application/json")
            .body(body.to_string().into_bytes())
            .unwrap();
        let age = jiff::SignedDuration::from_mins(i64::try_from(OLDER - nth).unwrap());
        taken |= respond(state, &request, now - age).status().is_success();
    }
    taken
}

/// Makes names, texts and times differ, so that nothing unique is in the way.
fn number(value: &mut Value, nth: usize) {
    const NAMES: [&str; 9] = [
        "title",
        "name",
        "api_slug",
        "content",
        "domain",
        "singular_noun",
        "plural_noun",
        "target_url",
        "external_ref",
    ];
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if NAMES.contains(&name.as_str()) => *text = format!("{text}_{nth}"),
                    Value::String(time) if name == "datetime" => *time = time.replace("T09:", "T08:"),
                    Value::Array(items) if name == "domains" => {
                        *items = vec![format!("n{nth}.example.com").into()]
                    }
                    other => number(other, nth),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| number(item, nth)),
        _ => {}
    }
}

fn rows(place: &Place, server: &Recorder, words: &[String]) -> HashSet<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let shown = place.against(&server.base_url, &words).json();
    let rows = shown.as_array().cloned().unwrap_or_else(|| vec![shown]);
    rows.iter().map(Value::to_string).collect()
}

#[test]
fn every_lost_create_names_a_command_that_shows_it() {
    let (mut wrong, mut refused) = (Vec::new(), Vec::new());
    for line in creates() {
        let words: Vec<&str> = line.iter().map(String::as_str).collect();
        let plan = Place::new().sandbox(&[&words[..], &["--dry-run"]].concat()).json();
        let mut state = Store::seeded();
        if !fill(&mut state, &plan) {
            refused.push(line[..2].join(" "));
            continue;
        }
        let path = plan["path"].as_str().unwrap();
        let faults = [format!("POST {path}/query=pass*"), format!("POST {path}=commit-reset*")];
        let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
        let server = Recorder::of(state, Options { faults, ..Options::default() });
        let place = Place::new();
        let run = place.against(&server.base_url, &words);
        if run.code == 0 || run.code == 7 {
            continue; // found again by what is unique in it
        }
        if run.code != 8 {
            wrong.push(format!("{line:?}: {run:?}"));
            continue;
        }
        assert_eq!(server.count("POST", path), 1, "{line:?} was sent again");
        let error = run.error(8);
        let Some(check) = error["check_command"].as_array() else {
            wrong.push(format!("{line:?} names no check command: {error}"));
            continue;
        };
        let check: Vec<String> = check.iter().skip(1).map(|word| word.as_str().unwrap().to_owned()).collect();
        let after = rows(&place, &server, &check);
        let newest = after.iter().any(|row| is_new(row));
        if !newest {
            wrong.push(format!("{line:?}: {check:?} shows {} rows, none of them new", after.len()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(refused, REFUSED, "the sandbox takes other creates now");
}

/// Whether a thing is younger than those made before.
fn is_new(row: &str) -> bool {
    let now = jiff::Timestamp::now();
    let young = |text: &str| {
        text.parse::<jiff::Timestamp>().is_ok_and(|at| now.duration_since(at).as_secs().abs() < 45)
    };
    row.split('"').any(young) || !row.contains("created_at")
}
