//! Rules that hold for every command and every argument there is. What there is comes from the parser's
//! own tree, so that nothing new can be forgotten here; each file walks one rule.

mod empty;
mod lists;
mod read_only;
mod texts;
mod unknown;

use crate::common::NOTHING;
use attio_crm::{api::RESOURCES, cli, describe::calls};
use clap::Arg;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::net::TcpListener;

/// A command that does one thing.
#[derive(Clone)]
pub struct Known {
    /// Its words, such as `notes create`.
    pub words: Vec<String>,
    pub writes: bool,
    /// The parser of its arguments.
    parser: clap::Command,
}

/// Every command, with its subcommands walked down to where the arguments are.
pub fn commands() -> Vec<Known> {
    let mut tree = cli::command();
    tree.build();
    let mut all = Vec::new();
    collect(&tree, &[], &mut all);
    let writes = all.iter().filter(|command| command.writes).count();
    assert!(all.len() > 100 && writes > 50, "only {}, of which {writes} write", all.len());
    all
}

fn collect(parent: &clap::Command, above: &[String], all: &mut Vec<Known>) {
    for child in parent.get_subcommands().filter(|child| child.get_name() != "help") {
        let words = [above, &[child.get_name().to_owned()]].concat();
        if child.has_subcommands() {
            collect(child, &words, all);
        } else {
            let writes = writes(&words);
            all.push(Known { words, writes, parser: child.clone() });
        }
    }
}

fn writes(words: &[String]) -> bool {
    let name = words.join(" ");
    let rows = RESOURCES.iter().flat_map(|resource| resource.ops).map(|op| op.operation);
    let own: Vec<_> = rows.filter(|operation| operation.name == name).collect();
    let called = if own.is_empty() { calls::of(&name) } else { own };
    name == "sandbox reset" || called.iter().any(|operation| operation.writes())
}

impl Known {
    pub fn name(&self) -> String {
        self.words.join(" ")
    }

    /// The arguments of its own that take a value.
    pub fn arguments(&self) -> Vec<Arg> {
        let own = self.parser.get_arguments().filter(|arg| !arg.is_global_set());
        own.filter(|arg| arg.get_action().takes_values()).cloned().collect()
    }

    /// The shortest line that the parser takes, with this argument, if any, set to `value`.
    pub fn line(&self, set: Option<(&Arg, &str)>) -> Vec<String> {
        let mut given: Vec<(Arg, String)> = Vec::new();
        if let Some((arg, _)) = set {
            let before = |other: &&Arg| arg.get_index().is_some_and(|index| other.get_index() < Some(index));
            let before = self.parser.get_positionals().filter(before);
            given.extend([arg].into_iter().chain(before).map(|arg| (arg.clone(), self.sample(arg))));
        }
        while let Some(missing) = self.missing(&given).unwrap_or_else(|error| panic!("{error}")) {
            let more = missing.into_iter().map(|arg| (arg.clone(), self.sample(&arg)));
            let more = more.map(|one| [&given[..], &[one]].concat());
            given = more.into_iter().find(|given| self.missing(given).is_ok()).unwrap();
        }
        if let (Some((_, value)), Some(first)) = (set, given.first_mut()) {
            first.1 = value.to_owned();
        }
        self.words.iter().cloned().chain(words(&given)).collect()
    }

    /// The arguments that would be next, alternatives among them; none when the line is whole.
    fn missing(&self, given: &[(Arg, String)]) -> Result<Option<Vec<Arg>>, String> {
        let parser = self.parser.clone().no_binary_name(true);
        let Err(error) = parser.try_get_matches_from(words(given)) else {
            let changes =
                !self.name().contains("update") || given.iter().any(|(arg, _)| !arg.is_positional());
            let flags = || self.arguments().into_iter().filter(|arg| !arg.is_positional()).collect();
            return Ok((!changes).then(flags));
        };
        let (ErrorKind::MissingRequiredArgument, Some(ContextValue::Strings(missing))) =
            (error.kind(), error.get(ContextKind::InvalidArg))
        else {
            return Err(format!("{} {:?}: {error}", self.name(), words(given)));
        };
        let named = |arg: &Arg| {
            let shown = arg.to_string().replace('[', "<").replace(']', ">");
            missing.iter().any(|one| one.contains(&shown))
                && given.iter().all(|(has, _)| has.get_id() != arg.get_id())
        };
        Ok(Some(self.arguments().into_iter().filter(named).collect()))
    }

    /// A value of the argument that means something in the embedded workspace.
    fn sample(&self, arg: &Arg) -> String {
        let possible = arg.get_possible_values();
        // Of the types of attributes, the one that can have everything else.
        let fits = possible.iter().find(|value| value.get_name() == "select");
        if let Some(value) = fits.or(possible.first()) {
            return if self.words == ["api"] { "POST".to_owned() } else { value.get_name().to_owned() };
        }
        let name = arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str());
        let value = match (arg.get_id().as_str(), name) {
            ("reference", _) if self.name().contains("-person") => "jane@acme.com",
            ("reference", _) if self.name().contains("-deal") => "name:Globex renewal",
            ("people", _) => "jane@acme.com",
            ("transcript", _) => r#"[{"speech":"x","start_time":0,"end_time":1,"speaker":{"name":"y"}}]"#,
            ("path", _) => "/v2/notes",
            ("words", _) => "notes",
            ("file", _) => concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"),
            ("target_time_in_status", _) => "P1D",
            ("record_id" | "linked_record_ids", "REF") | (_, "REF") => "acme.com",
            (_, "OBJECT" | "IDENTIFIER" | "OBJECT|LIST") => "companies",
            (_, "ATTRIBUTE") => "categories",
            (_, "OPTION" | "STATUS") => "B2B",
            (_, "ACTIVITY") => "phone_calls",
            (_, "LIST") => "partners",
            (_, "STAGE") => "Lead",
            (_, "MEMBER" | "EMAIL") => "ada@example.com",
            (_, "MEMBER=LEVEL") => "ada@example.com=full-access",
            (_, "TIME") => "2026-01-31T09:00:00Z",
            (_, "ZONE") => "Europe/London",
            (_, "DOMAIN") => "zeta.example.com",
            (_, "URL") => "https://zeta.example.com/x",
            (_, "NUMBER") => "+15205550100",
            (_, "CODE") => "EUR",
            (_, "FILE") => concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE-MIT"),
            (_, "JSON") => r#"{"name":"x"}"#,
            (_, "SLUG=JSON") => r#"name="x""#,
            (_, "SLUG=VALUE" | "CONDITION" | "NAME=TEXT|NAME:=JSON") => "name=x",
            (_, "SLUG" | "SLUG[:desc]") => "name",
            (_, "N" | "MS" | "AMOUNT") => "1",
            (_, "WHO") => "workspace",
            (_, "SPEC") => "/v2/notes=reset",
            (_, "ID" | "TASK") => NOTHING,
            (_, name) if name.ends_with("_ID") => NOTHING,
            _ => "x",
        };
        value.to_owned()
    }
}

/// As typed: positional arguments in their order, then flags with their values.
fn words(given: &[(Arg, String)]) -> Vec<String> {
    let mut positional: Vec<_> = given.iter().filter(|(arg, _)| arg.is_positional()).collect();
    positional.sort_by_key(|(arg, _)| arg.get_index());
    let flags =
        given.iter().filter_map(|(arg, value)| Some([format!("--{}", arg.get_long()?), value.clone()]));
    positional.into_iter().map(|(_, value)| value.clone()).chain(flags.flatten()).collect()
}

/// A server that nobody may call.
pub struct Closed(TcpListener);

impl Closed {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }

    /// Whether somebody tried, since it was asked last.
    pub fn was_called(&self) -> bool {
        self.0.accept().is_ok()
    }
}

/// The words as the helpers of `common` take them.
pub fn borrowed(line: &[String]) -> Vec<&str> {
    line.iter().map(String::as_str).collect()
}

#[test]
fn every_argument_of_every_command_has_a_line_that_the_parser_takes() {
    for command in commands() {
        command.line(None);
        for arg in command.arguments() {
            let value = command.sample(&arg);
            assert!(command.line(Some((&arg, &value))).contains(&value), "{} {arg}", command.name());
        }
    }
}
