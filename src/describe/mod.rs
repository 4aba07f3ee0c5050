//! The command tree as plain data, for programs that choose and call commands.
//!
//! What a command takes is told by the parser's own tree, what it does by the operations it calls.
//! Nothing is described twice, and nothing here parses or prints.

pub mod calls;

use crate::api::{Op, RESOURCES};
use crate::client::operation::{Answer, Effect, Operation, Stage};
use crate::error::{DONE, Error, Kind};
use crate::sandbox;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command};
use serde_json::{Map, Number, Value, json};
use std::any::TypeId;
use std::path::PathBuf;

/// Everything about the commands below `tree` whose names begin with `words`; with no words, about
/// the program as well.
///
/// # Errors
/// A usage error when no command begins so.
pub fn describe(mut tree: Command, words: &[String]) -> Result<Map<String, Value>, Error> {
    tree.build();
    let mut commands = Vec::new();
    collect(&tree, &mut Vec::new(), words, &mut commands);
    if commands.is_empty() {
        return Err(
            Error::usage(format!("there is no command {:?}", words.join(" "))).hint("see attio-crm --help")
        );
    }
    let mut described = Map::new();
    if words.is_empty() {
        let globals = tree.get_arguments().filter(|arg| arg.is_global_set());
        described.insert("name".into(), tree.get_name().into());
        described.insert("version".into(), tree.get_version().into());
        described.insert("exit_codes".into(), all_exit_codes());
        described.insert("global_options".into(), globals.map(|arg| argument(arg, &[])).collect());
    }
    described.insert("commands".into(), commands.into());
    Ok(described)
}

/// The exit codes; the kind is the word in the error, of which a success has none.
fn all_exit_codes() -> Value {
    let failed =
        |kind: Kind| json!({"code": kind.exit_code(), "kind": kind.name(), "meaning": kind.meaning()});
    let done = json!({"code": 0, "meaning": DONE});
    std::iter::once(done).chain(Kind::ALL.map(failed)).collect()
}

/// Adds the commands below `parent`, whose words are `path`, as far as they begin with `words`.
fn collect<'t>(parent: &'t Command, path: &mut Vec<&'t str>, words: &[String], all: &mut Vec<Value>) {
    for child in parent.get_subcommands().filter(|child| child.get_name() != "help") {
        if words.get(path.len()).is_some_and(|word| word != child.get_name()) {
            continue;
        }
        path.push(child.get_name());
        if child.has_subcommands() {
            collect(child, path, words, all);
        } else if path.len() >= words.len() {
            all.push(command(child, path).into());
        }
        path.pop();
    }
}

fn command(command: &Command, path: &[&str]) -> Map<String, Value> {
    let (operations, row) = operations(path);
    let operations = operations.as_slice();
    let missing = missing(command);
    let own = command.get_arguments().filter(|arg| !arg.is_global_set() && arg.get_id() != "help");
    let effect = operations.iter().map(|operation| operation.effect).max();
    let mut shown = Map::new();
    let mut set = |name: &str, value: Value| drop(shown.insert(name.to_owned(), value));
    set("command", path.join(" ").into());
    set("about", command.get_about().map(ToString::to_string).into());
    set("example", example(command, row).into());
    set("arguments", own.map(|arg| argument(arg, &missing)).collect());
    set("effect", effect.map_or("none", word).into());
    if has(command, "upsert") {
        set("effect_with", json!({"--upsert": word(Effect::Idempotent)}));
    }
    set("destroys", operations.iter().any(|operation| operation.destroys).into());
    set("stage", stage(operations).into());
    if let Some(row) = row {
        set("method", row.operation.method.as_str().into());
        set("path", row.operation.path.into());
    }
    set("scopes", scopes(operations).into());
    set("paging", paging(command).into());
    set("exit_codes", exit_codes(path, effect).into());
    set("output", output(path, operations));
    set("sandbox", operations.iter().all(|operation| is_modelled(operation)).into());
    shown
}

/// The operations of a command, and the one whose own command it is.
fn operations(path: &[&str]) -> (Vec<&'static Operation>, Option<&'static Op>) {
    let (&[name] | &[name, ..]) = path else { return (Vec::new(), None) };
    let ops = RESOURCES.iter().filter(|resource| resource.name == name).flat_map(|resource| resource.ops);
    match ops.into_iter().find(|op| path.get(1) == Some(&op.verb)) {
        Some(op) => (vec![op.operation], Some(op)),
        None => (calls::of(name), None),
    }
}

/// How it is used, without the name of the program: what its row says, or the first example in its help.
fn example(command: &Command, row: Option<&Op>) -> Option<String> {
    if let Some(row) = row {
        return Some(row.example.to_owned());
    }
    let help = command.get_long_about()?.to_string();
    help.lines().find_map(|line| line.strip_prefix("Example: attio-crm ")).map(str::to_owned)
}

/// An argument; what is not set is left out.
fn argument(arg: &Arg, missing: &[String]) -> Value {
    let kind = kind(arg);
    let mut shown = Map::new();
    let mut set =
        |name: &str, value: Option<Value>| shown.extend(value.map(|value| (name.to_owned(), value)));
    let takes_value = arg.get_action().takes_values();
    set("name", Some(arg.get_id().as_str().into()));
    set("flag", arg.get_long().map(|long| format!("--{long}").into()));
    set("short", arg.get_short().map(|short| format!("-{short}").into()));
    set("type", Some(kind.into()));
    let value_name = arg.get_value_names().and_then(|names| names.first()).filter(|_| takes_value);
    set("value_name", value_name.map(|name| name.as_str().into()));
    let is_missing = missing.iter().any(|one| *one == arg.to_string());
    set("required", Some(is_missing.into()));
    // Then the parser wants it only where the whole body is not given.
    set("required_unless", (is_missing && !arg.is_required_set()).then(|| "--data".into()));
    set("repeatable", Some(is_repeatable(arg).into()));
    let default = arg.get_default_values().first().filter(|_| takes_value);
    set("default", default.map(|default| typed(&default.to_string_lossy(), kind)));
    let values: Vec<Value> = arg.get_possible_values().iter().map(|value| value.get_name().into()).collect();
    set("values", (takes_value && !values.is_empty()).then(|| values.into()));
    set("help", arg.get_help().map(|help| help.to_string().into()));
    shown.into()
}

/// What stands for the required arguments in the parser's own complaint about a command without any.
/// Some are required only where --data is not given, and only the parser knows which.
pub fn missing(command: &Command) -> Vec<String> {
    let asked = command.clone().try_get_matches_from([command.get_name()]);
    match asked.err().as_ref().and_then(|error| error.get(ContextKind::InvalidArg)) {
        Some(ContextValue::Strings(missing)) => missing.clone(),
        _ => Vec::new(),
    }
}

fn kind(arg: &Arg) -> &'static str {
    let id = arg.get_value_parser().type_id();
    let is = |types: &[TypeId]| types.iter().any(|one| id == *one);
    if !arg.get_action().takes_values() || is(&[TypeId::of::<bool>()]) {
        "boolean"
    } else if is(&[TypeId::of::<usize>(), TypeId::of::<u64>(), TypeId::of::<u32>(), TypeId::of::<u16>()]) {
        "integer"
    } else if is(&[TypeId::of::<f64>(), TypeId::of::<Number>()]) {
        "number"
    } else if is(&[TypeId::of::<Value>(), TypeId::of::<Map<String, Value>>()]) {
        "json"
    } else if is(&[TypeId::of::<PathBuf>()]) {
        "file"
    } else {
        "string"
    }
}

fn typed(text: &str, kind: &str) -> Value {
    match kind {
        "boolean" | "integer" | "number" => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        _ => text.into(),
    }
}

fn is_repeatable(arg: &Arg) -> bool {
    let several = arg.get_num_args().is_some_and(|number| number.max_values() > 1);
    matches!(arg.get_action(), ArgAction::Append | ArgAction::Count) || several
}

fn has(command: &Command, id: &str) -> bool {
    command.get_arguments().any(|arg| arg.get_id() == id)
}

/// The word for an effect.
pub fn word(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Idempotent => "idempotent",
        Effect::Create => "create",
    }
}

/// The word for the least firm of the stages.
pub fn stage(operations: &[&Operation]) -> &'static str {
    match operations.iter().map(|operation| operation.stage).max() {
        None | Some(Stage::Stable) => "stable",
        Some(Stage::Beta) => "beta",
        Some(Stage::Alpha) => "alpha",
    }
}

/// The scopes of all operations; that to write includes that to read.
fn scopes(operations: &[&Operation]) -> Vec<&'static str> {
    let mut all: Vec<&str> = Vec::new();
    for scope in operations.iter().flat_map(|operation| operation.scopes) {
        if !all.contains(scope) {
            all.push(scope);
        }
    }
    let writing = all.clone();
    all.retain(|scope| !writing.iter().any(|other| other.strip_suffix("-write") == Some(scope)));
    all
}

/// By what a listing is continued.
fn paging(command: &Command) -> &'static str {
    match (has(command, "cursor"), has(command, "offset")) {
        (true, _) => "cursor",
        (false, true) => "offset",
        (false, false) => "none",
    }
}

/// The exit codes a command may end with.
fn exit_codes(path: &[&str], effect: Option<Effect>) -> Vec<u8> {
    use Kind::{
        AmbiguousWrite, Auth, Conflict, Failure, Interrupted, NotFound, Partial, Refused, Unavailable, Usage,
    };
    let mut kinds = vec![Failure, Usage, Interrupted];
    if effect.is_some() {
        kinds.extend([NotFound, Auth, Unavailable, Conflict]);
    }
    if effect.is_some_and(|effect| effect != Effect::Read) {
        kinds.extend([AmbiguousWrite, Refused]);
    }
    if matches!(path, ["get-company-summary" | "get-person-summary" | "get-deal-summary"]) {
        kinds.push(Partial);
    }
    let failed = Kind::ALL.into_iter().filter(|kind| kinds.contains(kind)).map(Kind::exit_code);
    std::iter::once(0).chain(failed).collect()
}

/// Whether one thing is shown or a list, and the columns of a table of it.
fn output(path: &[&str], operations: &[&Operation]) -> Value {
    match operations {
        [operation] if operation.answer == Answer::Nothing => json!({"shape": "one"}),
        [operation] => {
            let shape = if matches!(operation.answer, Answer::Rows(_)) { "list" } else { "one" };
            match operation.columns {
                [] => json!({ "shape": shape }),
                columns => json!({"shape": shape, "columns": columns}),
            }
        }
        _ => json!({"shape": if calls::lists(path) { "list" } else { "one" }}),
    }
}

/// Whether the sandbox serves an operation. One without a path is any call, of which its answer tells.
pub fn is_modelled(operation: &Operation) -> bool {
    if operation.path.is_empty() {
        return true;
    }
    sandbox::routes().any(|(method, pattern)| {
        let parts: Vec<&str> = pattern.trim_start_matches('/').split('/').collect();
        method == operation.method.as_str() && operation.fits(&parts)
    })
}
