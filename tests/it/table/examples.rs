//! Arguments for any operation, made from what the parser says of each argument. Nothing here knows an
//! operation.

use attio_crm::api::{Op, RESOURCES};
use attio_crm::client::request::{Method, Paging};
use attio_crm::sandbox::{State, respond};
use clap::{Arg, ArgAction, Command};
use serde_json::{Map, Value};
use std::any::TypeId;

/// Something that is nowhere.
pub const FOREIGN: &str = "5a6a8a32-0000-4000-8000-00000000000f";

/// Arguments that are no field of an operation.
const CONTROLS: &[&str] = &["help", "data", "limit", "offset", "cursor", "all"];

/// A command line for an operation with each of its arguments, but of those that exclude one another
/// only the first.
pub fn command_line(tree: &Command, op: &Op) -> Vec<String> {
    let command =
        op.operation.name.split(' ').try_fold(tree, |tree, word| tree.find_subcommand(word)).unwrap();
    let mut chosen: Vec<&Arg> = Vec::new();
    for arg in command.get_arguments() {
        let excluded = chosen.iter().any(|other| excludes(command, arg, other));
        if !arg.is_global_set() && !CONTROLS.contains(&arg.get_id().as_str()) && !excluded {
            chosen.push(arg);
        }
    }
    let words = op.operation.name.split(' ').map(str::to_owned);
    words.chain(chosen.into_iter().flat_map(given)).collect()
}

fn excludes(command: &Command, one: &Arg, other: &Arg) -> bool {
    let conflicts = |one: &Arg, other: &Arg| {
        command.get_arg_conflicts_with(one).iter().any(|conflict| conflict.get_id() == other.get_id())
    };
    conflicts(one, other) || conflicts(other, one)
}

fn given(arg: &Arg) -> Vec<String> {
    let flag = arg.get_long().map(|long| format!("--{long}"));
    let value = arg.get_action().takes_values().then(|| value(arg));
    flag.into_iter().chain(value).collect()
}

fn value(arg: &Arg) -> String {
    let is = |id: TypeId| arg.get_value_parser().type_id() == id;
    if let Some(possible) = arg.get_possible_values().first() {
        return possible.get_name().to_owned();
    }
    let name = arg.get_id().as_str();
    if matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
        if is(TypeId::of::<bool>()) {
            return "true".to_owned();
        }
        if is(TypeId::of::<usize>()) || is(TypeId::of::<u32>()) || is(TypeId::of::<u64>()) {
            return "5".to_owned();
        }
        if is(TypeId::of::<Value>()) || is(TypeId::of::<Map<String, Value>>()) {
            return json(name).to_owned();
        }
    }
    text(name, arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str()))
}

/// JSON for an argument of this name.
fn json(name: &str) -> &'static str {
    match name {
        "values" => r#"{"name": "Example", "domains": ["zeta.example.com"]}"#,
        "sorts" => "[]",
        _ => "{}",
    }
}

/// Text for an argument of this name and kind.
fn text(name: &str, kind: &str) -> String {
    match (name, kind) {
        ("matching_attribute", _) => "domains".to_owned(),
        ("attribute", _) => "name".to_owned(),
        (_, "OBJECT") => "companies".to_owned(),
        (_, "REF") => "acme.com".to_owned(),
        (_, "TIME") => "2026-01-31T09:00:00Z".to_owned(),
        (_, "EMAIL") => "jane@acme.com".to_owned(),
        (_, "URL") => "https://acme.com/hook".to_owned(),
        _ if name.contains("object") => "companies".to_owned(),
        _ if name.ends_with("_id") || kind == "ID" => seeded(name).unwrap_or_else(|| FOREIGN.to_owned()),
        _ => "example".to_owned(),
    }
}

/// An ID of this name in the sandbox, from the first listing that has one.
fn seeded(name: &str) -> Option<String> {
    let ops = RESOURCES.iter().flat_map(|resource| resource.ops).map(|op| op.operation);
    let listings = ops
        .filter(|op| op.method == Method::Get && op.placeholders().count() == 0 && op.paging != Paging::None);
    listings.map(|op| op.path).find_map(|path| {
        let request = http::Request::get(path).header("authorization", "Bearer x").body(Vec::new()).unwrap();
        let answer = respond(&mut State::seeded(), &request, jiff::Timestamp::now());
        let answer: Value = serde_json::from_slice(answer.body()).ok()?;
        Some(answer["data"][0]["id"][name].as_str()?.to_owned())
    })
}
