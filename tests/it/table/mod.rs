//! The table of operations: every row makes sense, the sandbox serves it, and Attio describes it so.

use crate::common::{NOTHING, Place, Recorder, seeded};
use crate::openapi::facts::facts;
use crate::openapi::{check_exchange, check_sent};
use attio_crm::api::RESOURCES;
use attio_crm::cli;
use attio_crm::client::operation::{Answer, Body, Effect, Method, Operation, Paging};
use attio_crm::describe::{self, is_modelled};
use attio_crm::sandbox::respond;
use serde_json::{Map, Value};
use std::collections::HashSet;

pub mod examples;

fn operations() -> impl Iterator<Item = (&'static str, &'static Operation)> {
    RESOURCES.iter().flat_map(|resource| resource.ops.iter().map(|op| (resource.name, op.operation)))
}

#[test]
fn every_row_is_consistent() {
    let mut names = HashSet::new();
    for (resource, op) in operations() {
        assert!(names.insert(op.name), "{} twice", op.name);
        assert!(op.name.starts_with(resource), "{} is not of {resource}", op.name);
        assert!(op.path.starts_with("/v2/"), "{}", op.name);
        let may_read = matches!(op.method, Method::Get | Method::Post);
        assert!(op.effect != Effect::Read || may_read, "{}: {:?}", op.name, op.method);
        assert!(op.destroys || !op.deletes(), "{}", op.name);
        assert!(op.pages().is_none() || op.effect == Effect::Read, "{}", op.name);
        assert!(
            !matches!(op.pages(), Some(Paging::Query { min, usual, max, .. }) if min > usual || usual > max),
            "{}",
            op.name
        );
        assert!(resource == "self" || !op.scopes.is_empty(), "{} needs no scope?", op.name);
        let writes = op.scopes.iter().any(|scope| scope.ends_with(":read-write"));
        assert_eq!(writes, op.writes(), "{}: scopes and effect disagree", op.name);
    }
}

/// A path with UUIDs in its blanks, so that it reaches its route.
fn example(op: &Operation) -> String {
    let blank = |segment: &str| match segment {
        "{target}" => "objects".to_owned(),
        "{object}" | "{identifier}" => "companies".to_owned(),
        _ if segment.starts_with('{') => NOTHING.to_owned(),
        _ => segment.to_owned(),
    };
    op.path.split('/').map(blank).collect::<Vec<_>>().join("/")
}

#[test]
fn the_sandbox_serves_every_row() {
    for (_, op) in operations() {
        let request = http::Request::builder()
            .method(op.method.as_str())
            .uri(example(op))
            .header("authorization", "Bearer x")
            .body(b"{}".to_vec())
            .unwrap();
        let answer = respond(&mut seeded(), &request, jiff::Timestamp::now());
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        let message = body["message"].as_str().unwrap_or_default();
        assert_eq!(answer.status() != 501, is_modelled(op), "{}", op.name);
        assert!(!message.contains("endpoint"), "{}: {body}", op.name);
    }
}

#[test]
fn attio_describes_every_row_the_same() {
    let mut compared = 0;
    for (_, op) in operations() {
        // The document is older than some operations, and of attributes it knows the scopes for objects alone.
        let Some(described) = facts().get(op.method.as_str(), op.path) else { continue };
        let mut scopes = op.scopes.to_vec();
        if op.path.contains("{target}") {
            scopes.retain(|scope| !scope.starts_with("list_") && !described.scopes.is_empty());
        }
        assert_eq!(described.scopes, scopes, "{}", op.name);
        compared += 1;
    }
    assert!(compared > 60, "{compared} compared");
}

/// The whole command tree, deferred parts and all.
pub fn tree() -> clap::Command {
    let mut tree = cli::command();
    tree.build();
    tree
}

#[test]
fn an_example_of_every_write_is_what_attio_wants() {
    let (tree, place) = (tree(), Place::new());
    let schema = describe::describe(cli::command(), &[]).unwrap();
    let ops = RESOURCES.iter().flat_map(|resource| resource.ops).filter(|op| op.operation.writes());
    let mut wrong = Vec::new();
    for op in ops {
        let line = examples::command_line(&tree, op);
        let line: Vec<&str> = line.iter().map(String::as_str).chain(["--dry-run"]).collect();
        let run = place.sandbox(&line);
        match serde_json::from_str(&run.stdout) {
            Ok(plan) if run.code == 0 => {
                wrong.extend(judged(op.operation, &plan, &schema).err().map(|e| format!("{line:?}: {e}")))
            }
            _ => wrong.push(format!("{line:?}: {run:?}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Checks what a dry run shows against Attio's document, and what the sandbox answers to it.
fn judged(op: &Operation, plan: &Value, schema: &Map<String, Value>) -> Result<(), String> {
    let path = plan["path"].as_str().unwrap();
    assert!(is_of(op, plan["method"].as_str().unwrap(), path), "{}: {plan}", op.name);
    if op.body == Body::Form {
        return Ok(()); // a file is shown by its size alone
    }
    let mut uri = url::form_urlencoded::Serializer::new(format!("{path}?"));
    for (name, value) in plan["query"].as_object().into_iter().flatten() {
        uri.append_pair(name, value.as_str().unwrap());
    }
    let body = plan.get("body").map(Value::to_string).unwrap_or_default();
    let request = http::Request::builder().method(op.method.as_str()).uri(uri.finish());
    let request = request.header("authorization", "Bearer x").header("content-type", "application/json");
    let request = request.body(body.into_bytes()).unwrap();
    let answer = respond(&mut seeded(), &request, jiff::Timestamp::now());
    let status = answer.status().as_u16();
    let said: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    if !is_answer(status, &said) {
        return Err(format!("{status}: {said}"));
    }
    if status < 300 && said["data"].is_array() != is_list(schema, op) {
        return Err("the schema tells otherwise of its answer".to_owned());
    }
    check_sent(&request)?;
    if status == 501 { Ok(()) } else { check_exchange(&request, &answer) }
}

/// Whether a request was one of `op`.
fn is_of(op: &Operation, method: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    method == op.method.as_str() && op.fits(&segments)
}

/// Whether the schema says that the answer of `op` is a list.
fn is_list(schema: &Map<String, Value>, op: &Operation) -> bool {
    let mut commands = schema["commands"].as_array().unwrap().iter();
    commands.find(|command| command["command"] == op.name).unwrap()["output"]["shape"] == "list"
}

/// Whether a request was understood. It may still be refused for what is in the workspace, or for its plan.
fn is_answer(status: u16, said: &Value) -> bool {
    (status < 500 || status == 501) && said["validation_errors"].is_null()
}

#[test]
fn an_example_of_every_read_is_what_attio_wants() {
    let (tree, place) = (tree(), Place::new());
    let schema = describe::describe(cli::command(), &[]).unwrap();
    let server = Recorder::new(&[]); // which judges what it is asked and what it answers
    let ops = RESOURCES.iter().flat_map(|resource| resource.ops).filter(|op| !op.operation.writes());
    let mut wrong = Vec::new();
    for op in ops {
        let line = examples::command_line(&tree, op);
        let line: Vec<&str> = line.iter().map(String::as_str).chain(["--dry-run", "--no-names"]).collect();
        let run = place.against(&server.base_url, &line);
        let sent = server.seen().last().is_some_and(|seen| is_of(op.operation, &seen.method, &seen.path));
        if run.code == 0 && op.operation.answer != Answer::File {
            let shown: Value = serde_json::from_str(&run.stdout).unwrap();
            assert_eq!(
                shown.is_array(),
                is_list(&schema, op.operation),
                "{line:?}: the schema tells otherwise"
            );
        }
        let answered = run.code == 0 || {
            let error = run.error(run.code);
            error["status"].as_u64().is_some_and(|status| is_answer(status as u16, &error))
        };
        if !sent || !answered {
            wrong.push(format!("{line:?}: {run:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_command_has_help_that_fits() {
    fn check(command: &clap::Command, path: &[&str]) {
        for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
            let path = [path, &[child.get_name()]].concat();
            let about = child.get_about().map(ToString::to_string).unwrap_or_default();
            let fits = (1..=90).contains(&about.len()) && !about.ends_with('.') && !about.contains('\n');
            assert!(fits, "{path:?}: {about:?}");
            for arg in child.get_arguments() {
                assert!(arg.get_help().is_some(), "{path:?}: {} has no help", arg.get_id());
            }
            check(child, &path);
        }
    }
    check(&tree(), &[]);
}
