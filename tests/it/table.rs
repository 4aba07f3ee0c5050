//! The table of operations: every row makes sense, the sandbox serves it, and Attio describes it so.

use crate::openapi::document;
use attio_crm::api::RESOURCES;
use attio_crm::client::request::{Effect, Method, Operation, Paging};
use attio_crm::sandbox::{State, respond};
use serde_json::Value;
use std::collections::HashSet;

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
        assert!(op.paging == Paging::None || op.effect == Effect::Read, "{}", op.name);
        assert!(!matches!(op.paging, Paging::Query { min, max } if min > max), "{}", op.name);
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
        _ if segment.starts_with('{') => "5a6a8a32-0000-4000-8000-00000000000f".to_owned(),
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
        let answer = respond(&mut State::seeded(), &request, jiff::Timestamp::now());
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        let message = body["message"].as_str().unwrap_or_default();
        assert!(answer.status() != 501 && !message.contains("endpoint"), "{}: {body}", op.name);
    }
}

#[test]
fn attio_describes_every_row_the_same() {
    let Some(document) = document() else { return };
    for (_, op) in operations() {
        // The document is older than some operations, and of attributes it knows the scopes for objects alone.
        let Some(described) = document.scopes(op.method.as_str(), op.path) else { continue };
        let mut scopes = op.scopes.to_vec();
        if op.path.contains("{target}") {
            scopes.retain(|scope| !scope.starts_with("list_") && !described.is_empty());
        }
        assert_eq!(described, scopes, "{}", op.name);
    }
}
