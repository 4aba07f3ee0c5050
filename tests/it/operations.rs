//! The table of operations, its list in references/operations.md and Attio's document tell the same.

use crate::golden;
use crate::openapi::document;
use attio_crm::api::RESOURCES;
use attio_crm::client::request::Operation;
use attio_crm::{cli, describe};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const LIST: &str = "references/operations.md";

/// What Attio's document still describes and Attio no longer has.
const REMOVED: &[(&str, &str)] = &[("GET", "/scim/v2/Schemas")];

/// Our words for what is no word at Attio: null.
const NULL: &[(&str, &str)] =
    &[("lists create workspace_access", "private"), ("lists update workspace_access", "private")];

/// Required fields that are put together from several arguments, or that can have one value only.
const COMPOSED: &[&str] = &[
    "attributes create config",
    "meetings create is_all_day",
    "tasks create format",
    "webhooks create subscriptions",
];

/// Where the choices of an argument stand that is no field of the body by its own name.
const NESTED: &[(&str, &str)] = &[
    ("events", "/subscriptions/items/properties/event_type"),
    ("display_type", "/config/properties/currency/properties/display_type"),
];

fn operations() -> impl Iterator<Item = &'static Operation> {
    RESOURCES.iter().flat_map(|resource| resource.ops).map(|op| op.operation)
}

#[test]
fn the_list_of_operations_is_complete() {
    let text = std::fs::read_to_string(LIST).unwrap().replace("\r\n", "\n");
    let (introduction, _) = text.split_once("\n|").unwrap();
    let mut list =
        format!("{introduction}\n| Command | Call | Effect | Scopes | Stage |\n|---|---|---|---|---|\n");
    for op in operations() {
        let destroys = if op.destroys { ", destroys" } else { "" };
        let scopes = op.scopes.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(", ");
        let scopes = if scopes.is_empty() { "none".to_owned() } else { scopes };
        let call = format!("{} {}", op.method.as_str(), op.path);
        let (effect, stage) = (describe::word(op.effect), describe::stage(&[op]));
        writeln!(list, "| `{}` | `{call}` | {effect}{destroys} | {scopes} | {stage} |", op.name).unwrap();
    }
    golden::matches(LIST, &list);
}

#[test]
fn no_operation_of_the_document_is_missing() {
    let Some(document) = document() else { return };
    let rows: BTreeSet<_> =
        operations().map(|op| (op.method.as_str().to_owned(), op.path.to_owned())).collect();
    let removed = |(method, path): &(String, String)| REMOVED.contains(&(method, path));
    let described = document.operations().into_iter().filter(|operation| !removed(operation));
    let missing: Vec<_> = described.filter(|operation| !rows.contains(operation)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The schema of a field of an operation, in its body or its query string.
fn field<'v>(described: &'v Value, name: &str) -> Option<&'v Value> {
    let body = &described["requestBody"]["content"]["application/json"]["schema"]["properties"];
    let parameters = described["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let parameter = parameters.iter().find(|parameter| parameter["name"] == name);
    let body = body["data"].get("properties").unwrap_or(body);
    let nested = NESTED.iter().find(|(nested, _)| *nested == name).map(|(_, pointer)| *pointer);
    let in_body = || body.get(name).or_else(|| body.pointer(nested?));
    parameter.map(|parameter| &parameter["schema"]).or_else(in_body)
}

/// The values a field may have, or each of several.
fn allowed(schema: &Value) -> Option<Vec<&str>> {
    let values = schema["enum"].as_array().or_else(|| schema["items"]["enum"].as_array());
    Some(values?.iter().filter_map(Value::as_str).collect())
}

#[test]
fn every_choice_is_attios() {
    let Some(document) = document() else { return };
    let mut tree = cli::command();
    tree.build();
    let (mut compared, mut wrong) = (0, Vec::new());
    for op in operations() {
        let Some(described) = document.described(op.method.as_str(), op.path) else { continue };
        let command = op.name.split(' ').try_fold(&tree, |tree, word| tree.find_subcommand(word)).unwrap();
        for arg in command.get_arguments().filter(|arg| !arg.get_possible_values().is_empty()) {
            let Some(attios) = field(described, arg.get_id().as_str()).and_then(allowed) else { continue };
            let what = format!("{} {}", op.name, arg.get_id());
            let null = NULL.iter().filter(|(name, _)| *name == what).map(|(_, word)| *word);
            let expected: BTreeSet<&str> = attios.into_iter().chain(null).collect();
            let values = arg.get_possible_values();
            let ours: BTreeSet<&str> = values.iter().map(|value| value.get_name()).collect();
            compared += 1;
            if ours != expected {
                wrong.push(format!("{what}: {ours:?} instead of {expected:?}"));
            }
        }
    }
    assert!(compared > 1 && wrong.is_empty(), "{compared} compared: {wrong:#?}");
}

#[test]
fn every_field_that_attio_requires_is_an_argument() {
    let Some(document) = document() else { return };
    let mut tree = cli::command();
    tree.build();
    let mut missing = Vec::new();
    for op in operations().filter(|op| op.has_body()) {
        let Some(described) = document.described(op.method.as_str(), op.path) else { continue };
        let body = &described["requestBody"]["content"]["application/json"]["schema"];
        let fields = body["properties"].get("data").unwrap_or(body);
        let command = op.name.split(' ').try_fold(&tree, |tree, word| tree.find_subcommand(word)).unwrap();
        for name in fields["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let what = format!("{} {name}", op.name);
            if !COMPOSED.contains(&what.as_str()) && !command.get_arguments().any(|arg| arg.get_id() == name)
            {
                missing.push(what);
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
