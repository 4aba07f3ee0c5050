//! Arguments for any operation, made from what the parser says of each argument. Nothing here knows an
//! operation.

use crate::common::NOTHING;
use attio_crm::api::{Op, RESOURCES};
use attio_crm::client::operation::Method;
use attio_crm::sandbox::{Store, respond};
use clap::{Arg, Command};
use serde_json::{Map, Value};
use std::any::TypeId;
use std::sync::{LazyLock, Mutex};

/// Arguments that are no field of an operation, and those that only the workspace makes sense of.
const CONTROLS: &[&str] = &["help", "data", "limit", "offset", "cursor", "all", "set", "set_json", "clear"];

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
    let name = arg.get_id().as_str();
    let possible = arg.get_possible_values();
    // The type of an attribute that can have everything else.
    let fits = possible.iter().find(|value| name == "type" && value.get_name() == "select");
    if let Some(possible) = fits.or(possible.first()) {
        return possible.get_name().to_owned();
    }
    let id = arg.get_value_parser().type_id();
    let is = |types: &[TypeId]| types.iter().any(|one| id == *one);
    if is(&[TypeId::of::<usize>(), TypeId::of::<u32>(), TypeId::of::<u64>()]) {
        "5".to_owned()
    } else if is(&[TypeId::of::<Map<String, Value>>()]) {
        object(name).to_owned()
    } else if is(&[TypeId::of::<Value>()]) {
        json(name).to_owned()
    } else {
        text(name, arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str()))
    }
}

/// A JSON object for an argument of this name.
fn object(name: &str) -> &'static str {
    match name {
        "values" => r#"{"name": "Example", "domains": ["zeta.example.com"]}"#,
        _ => "{}",
    }
}

/// Any JSON for an argument of this name.
fn json(name: &str) -> &'static str {
    match name {
        "default_value" => r#"{"type": "static", "template": [{"value": "example"}]}"#,
        "filter" => r#"{"$and": []}"#,
        "values" => r#"[{"value": "example", "active_from": "2020-01-31T09:00:00Z"}]"#,
        _ => "[]",
    }
}

/// Text for an argument of this name, which the help shows as `kind`.
fn text(name: &str, kind: &str) -> String {
    let fixed = match (name, kind) {
        ("matching_attribute", _) => "domains",
        ("attribute", _) => "name",
        ("default_currency_code", _) => "USD",
        ("identifier", _) | (_, "OBJECT") => "companies",
        (_, "REF") => "acme.com",
        (_, "TIME") => "2020-01-31T09:00:00Z",
        (_, "DURATION") => "P14D",
        (_, "ZONE") => "Europe/Berlin",
        (_, "CONDITION") => "created_at>=2020-01-31T09:00:00Z",
        (_, "SLUG[:desc]") => "created_at:desc",
        (_, "EMAIL") => "jane@acme.com",
        (_, "MEMBER") => "ada@example.com",
        (_, "MEMBER=LEVEL") => "ada@example.com=full-access",
        (_, "WHO") => "workspace",
        (_, "DOMAIN") => "acme.com",
        (_, "URL") => "https://acme.com/hook",
        (_, "FILE") => concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        _ if name.contains("object") => "companies",
        _ if name.ends_with("_id") => return seeded(name).unwrap_or_else(|| NOTHING.to_owned()),
        _ => return slug(name).unwrap_or_else(|| "example".to_owned()),
    };
    fixed.to_owned()
}

/// An ID of this name in the sandbox, from the first listing that has one.
fn seeded(name: &str) -> Option<String> {
    let ops = RESOURCES.iter().flat_map(|resource| resource.ops).map(|op| op.operation);
    let listings = ops.filter(|op| op.method == Method::Get && op.placeholders().count() == 0);
    listings.map(|op| op.path).find_map(|path| text_of(&first(path)?["id"][name]))
}

/// The slug of the first thing of this name in the sandbox.
fn slug(name: &str) -> Option<String> {
    text_of(&first(&format!("/v2/{name}s"))?["api_slug"])
}

fn text_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The first thing of a listing of the sandbox.
fn first(path: &str) -> Option<Value> {
    static SEED: LazyLock<Mutex<Store>> = LazyLock::new(|| Mutex::new(Store::seeded()));
    let request = http::Request::get(path).header("authorization", "Bearer x").body(Vec::new()).unwrap();
    let answer = respond(&mut SEED.lock().unwrap(), &request, jiff::Timestamp::now());
    let answer: Value = serde_json::from_slice(answer.body()).ok()?;
    answer["data"].get(0).cloned()
}
