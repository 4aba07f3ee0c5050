//! The values that are offered: objects, lists, attributes, their options, members and records.
//!
//! All of them are remembered from earlier commands. The sandbox is asked itself: it is a file on this machine.

use crate::api::attributes::Target;
use crate::config::{Config, Flags, Sources};
use crate::resolve::{definitions, members, recent};
use crate::sandbox::Sandbox;
use crate::values::Definition;
use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Who presses Tab does not wait for another process.
const PATIENCE: Duration = Duration::from_millis(20);

/// So many records of the sandbox are offered.
const RECORDS: usize = 100;

/// The objects that every workspace may have.
const OBJECTS: [&str; 3] = ["companies", "people", "deals"];

/// Where it is known what a workspace has.
enum Memory {
    /// The cache of a workspace.
    Cache(PathBuf),
    /// The sandbox's file.
    Sandbox(Box<Sandbox>),
    /// Nothing is known.
    None,
}

/// What is typed, and where the values for it come from.
struct Known {
    memory: Memory,
    /// Whether the shell puts in what it is offered without quoting it.
    bare: bool,
    /// What the typed command is about.
    owner: Option<(Target, String)>,
}

/// The tree with offers for the arguments of the command that is typed in `words`.
pub fn offer(mut tree: Command, words: &[OsString], shell: &str) -> Command {
    let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    tree.build();
    let command = words.iter().skip(1).position(|word| tree.find_subcommand(word).is_some());
    let typed = command.map_or(&[][..], |at| &words[at + 1..]);
    let known = Known { memory: memory(&words), bare: shell == "powershell", owner: owner(typed) };
    let known = Arc::new(known);
    extended(tree, &words, &known)
}

/// Offers for a command, and for those below it that were typed; the others are not asked about.
fn extended(command: Command, words: &[String], known: &Arc<Known>) -> Command {
    let below: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let command = command.mut_args(|arg| with_values(arg, known));
    let typed = below.into_iter().filter(|name| words.contains(name));
    typed.fold(command, |command, name| command.mut_subcommand(name, |below| extended(below, words, known)))
}

/// What stands behind an argument is told by its name in the help.
fn with_values(arg: Arg, known: &Arc<Known>) -> Arg {
    let kind = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
    let kind = kind.unwrap_or_default();
    let id = arg.get_id().to_string();
    let values: fn(&Known, &str) -> Vec<CompletionCandidate> = match (id.as_str(), kind.as_str()) {
        ("stage", _) => |known, _| known.choices("stage"),
        ("status", _) => |known, _| known.choices("customer_status"),
        (_, "OBJECT") => |known, _| known.names(Target::Objects),
        (_, "LIST") => |known, _| known.names(Target::Lists),
        (_, "MEMBER") => |known, _| known.members(),
        ("company" | "company_id", "REF") => |known, _| known.records(Some("companies")),
        ("person", "REF") => |known, _| known.records(Some("people")),
        ("reference" | "record_id", "REF") => |known, _| known.records(known.object()),
        (_, "REF") => |known, _| known.records(None),
        (_, "A,B,C") => Known::fields,
        ("set" | "remove", _) => |known, typed| known.assignments(typed, true),
        (_, "SLUG=VALUE" | "CONDITION") => |known, typed| known.assignments(typed, false),
        ("clear", _) => |known, _| known.slugs("", true),
        (_, "SLUG" | "SLUG[:desc]") => |known, _| known.slugs("", false),
        _ => return arg,
    };
    let known = Arc::clone(known);
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        let typed = typed.to_string_lossy();
        let mut offered = values(&known, &typed);
        offered.retain(|candidate| {
            let value = candidate.get_value().to_string_lossy();
            begins(&value, &typed) && !value.contains(char::is_control) && (!known.bare || is_plain(&value))
        });
        offered
    }))
}

/// Whether no shell sees anything but letters in a value.
fn is_plain(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_alphanumeric() || "@._=,:-".contains(c))
}

/// Whether a value begins with what was typed, in any case.
fn begins(value: &str, typed: &str) -> bool {
    value.to_lowercase().starts_with(&typed.to_lowercase())
}

/// The object or the list that a command is about, from its name on.
fn owner(words: &[String]) -> Option<(Target, String)> {
    let mut words = words.iter().filter(|word| !word.starts_with('-'));
    let command = words.next()?;
    let object = |name: &str| Some((Target::Objects, name.to_owned()));
    match command.as_str() {
        "entries" => Some((Target::Lists, words.nth(1)?.clone())),
        "records" => object(words.nth(1)?),
        "count" | "list-attributes" => object(words.next()?),
        name if name.contains("compan") => object("companies"),
        name if name.contains("person") || name.contains("people") => object("people"),
        name if name.contains("deal") => object("deals"),
        _ => None,
    }
}

fn memory(words: &[String]) -> Memory {
    let sandbox = words.iter().any(|word| word == "--sandbox");
    let at = words.iter().position(|word| word.starts_with("--base-url"));
    let base_url = at.and_then(|at| match words[at].split_once('=') {
        Some((_, url)) => Some(url.to_owned()),
        None => words.get(at + 1).cloned(),
    });
    let Ok(config) = Config::new(Flags { sandbox, base_url, ..Flags::default() }, &Sources::read()) else {
        return Memory::None;
    };
    match config.cache() {
        _ if config.sandbox => {
            Memory::Sandbox(Box::new(Sandbox::open(config.sandbox_file()).waiting(PATIENCE)))
        }
        Some(cache) => Memory::Cache(cache),
        None => Memory::None,
    }
}

impl Known {
    fn names(&self, target: Target) -> Vec<CompletionCandidate> {
        let usual: &[&str] = if target == Target::Objects { &OBJECTS } else { &[] };
        let mut names: Vec<String> = usual.iter().map(|&name| name.to_owned()).collect();
        let more = match &self.memory {
            Memory::Cache(cache) => definitions::remembered_names(cache, target),
            Memory::Sandbox(sandbox) => {
                texts(&ask(sandbox, "GET", &format!("/v2/{}", path(target)), ""), "api_slug")
            }
            Memory::None => Vec::new(),
        };
        for name in more {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.into_iter().map(CompletionCandidate::new).collect()
    }

    fn attributes(&self) -> Vec<Definition> {
        let Some((target, name)) = &self.owner else { return Vec::new() };
        let all = match &self.memory {
            Memory::Cache(cache) => definitions::remembered(cache, *target, name),
            Memory::Sandbox(sandbox) => {
                let answer = ask(sandbox, "GET", &format!("/v2/{}/{name}/attributes", path(*target)), "");
                definitions::listed(&answer.to_string())
            }
            Memory::None => Vec::new(),
        };
        all.into_iter().filter(|attribute| !attribute.archived).collect()
    }

    /// The object that the command is about.
    fn object(&self) -> Option<&str> {
        self.owner.as_ref().filter(|(target, _)| *target == Target::Objects).map(|(_, name)| name.as_str())
    }

    /// Attributes, with something behind each; on demand only those that can be written.
    fn slugs(&self, behind: &str, written: bool) -> Vec<CompletionCandidate> {
        let offer = |attribute: Definition| {
            CompletionCandidate::new(format!("{}{behind}", attribute.slug)).help(Some(attribute.title.into()))
        };
        self.attributes().into_iter().filter(|attribute| attribute.writable || !written).map(offer).collect()
    }

    /// An attribute, or one of its values.
    fn assignments(&self, typed: &str, written: bool) -> Vec<CompletionCandidate> {
        let Some((slug, _)) = typed.split_once('=') else { return self.slugs("=", written) };
        let slug = slug.trim_end_matches('!');
        let before = &typed[..=typed.find('=').unwrap_or_default()];
        self.choices(slug).into_iter().map(|choice| choice.add_prefix(before)).collect()
    }

    /// Fields, behind those that were given already.
    fn fields(&self, typed: &str) -> Vec<CompletionCandidate> {
        let before = typed.rfind(',').map_or("", |at| &typed[..=at]);
        let given: Vec<&str> = before.split(',').collect();
        let own = ["record_id", "web_url", "all"].map(CompletionCandidate::new);
        let mut fields: Vec<_> = own.into_iter().chain(self.slugs("", false)).collect();
        fields.retain(|field| {
            let name = field.get_value().to_string_lossy();
            !given.contains(&&*name) && (before.is_empty() || name != "all")
        });
        fields.into_iter().map(|field| field.add_prefix(before)).collect()
    }

    /// Options, stages, members or records: what an attribute may hold.
    fn choices(&self, slug: &str) -> Vec<CompletionCandidate> {
        let Some(attribute) = self.attributes().into_iter().find(|attribute| attribute.slug == slug) else {
            return Vec::new();
        };
        match attribute.r#type.as_str() {
            "actor-reference" => return self.members(),
            "record-reference" => return self.records(None),
            "checkbox" => return ["true", "false"].map(CompletionCandidate::new).into(),
            _ => {}
        }
        let titles = match (&self.memory, &self.owner) {
            (Memory::Sandbox(sandbox), Some((target, name))) => {
                let kind = if attribute.r#type == "status" { "statuses" } else { "options" };
                let path = format!("/v2/{}/{name}/attributes/{slug}/{kind}", path(*target));
                texts(&ask(sandbox, "GET", &path, ""), "title")
            }
            _ => {
                let choices = attribute.choices.unwrap_or_default().into_iter();
                choices.filter(|choice| !choice.archived).map(|choice| choice.title).collect()
            }
        };
        titles.into_iter().map(CompletionCandidate::new).collect()
    }

    fn members(&self) -> Vec<CompletionCandidate> {
        let all = match &self.memory {
            Memory::Cache(cache) => members::remembered(cache),
            Memory::Sandbox(sandbox) => {
                let answer = ask(sandbox, "GET", "/v2/workspace_members", "");
                texts(&answer, "email_address").into_iter().map(|address| (address, String::new())).collect()
            }
            Memory::None => Vec::new(),
        };
        let me = CompletionCandidate::new("me");
        let offer =
            |(address, name): (String, String)| CompletionCandidate::new(address).help(Some(name.into()));
        std::iter::once(me).chain(all.into_iter().map(offer)).collect()
    }

    /// Records that were shown lately, of one object or of any.
    fn records(&self, object: Option<&str>) -> Vec<CompletionCandidate> {
        match &self.memory {
            Memory::Cache(cache) => recent::remembered(cache)
                .into_iter()
                .filter(|record| object.is_none_or(|object| record.object == object))
                .map(|record| CompletionCandidate::new(record.reference).help(Some(record.name.into())))
                .collect(),
            Memory::Sandbox(sandbox) => {
                let path = format!("/v2/objects/{}/records/query", object.unwrap_or("companies"));
                let answer = ask(sandbox, "POST", &path, &format!(r#"{{"limit":{RECORDS}}}"#));
                let handle = |row: &Value| {
                    let values = &row["values"];
                    let domain = values["domains"][0]["domain"].as_str();
                    let address = values["email_addresses"][0]["email_address"].as_str();
                    domain.or(address).or_else(|| values["name"][0]["value"].as_str()).map(str::to_owned)
                };
                let rows = answer["data"].as_array().into_iter().flatten();
                rows.filter_map(handle).map(CompletionCandidate::new).collect()
            }
            Memory::None => Vec::new(),
        }
    }
}

fn path(target: Target) -> &'static str {
    match target {
        Target::Objects => "objects",
        Target::Lists => "lists",
    }
}

/// An answer of the sandbox; null where there is none.
fn ask(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> Value {
    let request = http::Request::builder().method(method).uri(path).header("authorization", "Bearer x");
    let request = request.header("content-type", "application/json").body(body.as_bytes().to_vec());
    let answer = request.ok().and_then(|request| sandbox.try_handle(&request).ok());
    answer.and_then(|answer| serde_json::from_slice(answer.body()).ok()).unwrap_or_default()
}

/// A field of each row of an answer.
fn texts(answer: &Value, field: &str) -> Vec<String> {
    let rows = answer["data"].as_array().into_iter().flatten();
    rows.filter_map(|row| row[field].as_str().map(str::to_owned)).collect()
}
