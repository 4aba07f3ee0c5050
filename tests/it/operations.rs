//! The table of operations, its list in references/operations.md and Attio's document tell the same.

use crate::golden;
use crate::openapi::facts::{Field, Operation as Described, facts};
use attio_crm::api::RESOURCES;
use attio_crm::client::operation::Operation;
use attio_crm::{cli, describe};
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
    "comments create format",
    "meetings create is_all_day",
    "tasks create format",
    "webhooks create subscriptions",
];

/// Where the choices of an argument stand that is no field of the body by its own name.
const NESTED: &[(&str, &str)] =
    &[("events", "data.subscriptions[].event_type"), ("display_type", "data.config.currency.display_type")];

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
    let rows: BTreeSet<_> = operations().map(|op| (op.method.as_str(), op.path)).collect();
    let described = facts().operations().map(|known| (known.method.as_str(), known.path.as_str()));
    let missing: Vec<_> =
        described.filter(|known| !REMOVED.contains(known) && !rows.contains(known)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// A field of an operation, in its query string or its body.
fn field<'f>(described: &'f Described, name: &str) -> Option<&'f Field> {
    let nested = NESTED.iter().find(|(nested, _)| *nested == name).map(|(_, place)| *place);
    let places = [format!("data.{name}"), name.to_owned(), nested.unwrap_or_default().to_owned()];
    let mut fields = described.query.iter().chain(&described.body);
    fields.find(|field| places.contains(&field.place) && !field.allowed.is_empty())
}

#[test]
fn every_choice_is_attios() {
    let mut tree = cli::command();
    tree.build();
    let (mut compared, mut wrong) = (0, Vec::new());
    for op in operations() {
        let Some(described) = facts().get(op.method.as_str(), op.path) else { continue };
        let command = op.name.split(' ').try_fold(&tree, |tree, word| tree.find_subcommand(word)).unwrap();
        for arg in command.get_arguments().filter(|arg| !arg.get_possible_values().is_empty()) {
            let Some(field) = field(described, arg.get_id().as_str()) else { continue };
            let what = format!("{} {}", op.name, arg.get_id());
            let null = NULL.iter().filter(|(name, _)| *name == what).map(|(_, word)| *word);
            let attios = field.allowed.iter().map(String::as_str).filter(|value| *value != "null");
            let expected: BTreeSet<&str> = attios.chain(null).collect();
            let values = arg.get_possible_values();
            let ours: BTreeSet<&str> = values.iter().map(|value| value.get_name()).collect();
            compared += 1;
            if ours != expected {
                wrong.push(format!("{what}: {ours:?} instead of {expected:?}"));
            }
        }
    }
    assert!(compared > 9 && wrong.is_empty(), "{compared} compared: {wrong:#?}");
}

#[test]
fn every_field_that_attio_requires_is_an_argument() {
    let mut tree = cli::command();
    tree.build();
    let (mut compared, mut missing) = (0, Vec::new());
    for op in operations().filter(|op| op.has_body()) {
        let Some(described) = facts().get(op.method.as_str(), op.path) else { continue };
        let command = op.name.split(' ').try_fold(&tree, |tree, word| tree.find_subcommand(word)).unwrap();
        for field in described.body.iter().filter(|field| field.required && field.place != "data") {
            let name = field.place.trim_start_matches("data.");
            let what = format!("{} {name}", op.name);
            compared += 1;
            if !name.contains('.')
                && !COMPOSED.contains(&what.as_str())
                && !command.get_arguments().any(|arg| arg.get_id() == name)
            {
                missing.push(what);
            }
        }
    }
    assert!(compared > 30 && missing.is_empty(), "{compared} compared: {missing:#?}");
}
