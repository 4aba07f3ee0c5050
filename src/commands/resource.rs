//! `attio-crm <resource> <verb>`: one command for each operation of the table, none written by hand.
//!
//! A row gives the arguments and the call; here references are looked up, `--data` is put in, and the
//! answer becomes a result.

use super::args::{CursorPage, Page, WholePage};
use super::check::{check, with_check};
use super::context::shown;
use super::download::Target;
use super::inside::Insides;
use super::subject::subject;
use super::update::{complete_names, is_half_a_name};
use super::{Ctx, Done, Listing};
use crate::api::{Op, RESOURCES, Resource, attributes};
use crate::client::answer::Location;
use crate::client::operation::{Answer, Body, Effect, Method, Operation, Paging, Stage, To};
use crate::client::pages::Window;
use crate::client::request::Request;
use crate::error::Error;
use crate::input::{self, with_texts};
use crate::output::{Compact, Item};
use crate::resolve::fields::resolve;
use crate::resolve::filter::{Asked, Filter};
use crate::resolve::reference::RecordRef;
use crate::resolve::set::Set;
use clap::{ArgMatches, Args as _, FromArgMatches as _};
use serde_json::{Map, Value, json};

/// An operation with its arguments.
#[derive(Debug)]
pub struct Call {
    operation: &'static Operation,
    fields: Map<String, Value>,
    window: Option<Window>,
    target: Option<Target>,
    typed: Typed,
}

/// Values and conditions that only the definitions of the attributes make sense of.
#[derive(Debug, Default)]
struct Typed {
    set: Option<Set>,
    filter: Option<Filter>,
}

// No doc comment: it would become the help of each command that has it.
#[derive(Debug, clap::Args)]
struct Data {
    /// The body's fields as a JSON object, @FILE or - for standard input; flags go before it
    #[arg(long, value_name = "JSON", value_parser = input::object)]
    data: Option<Map<String, Value>>,
}

/// The resources as commands. Their operations are described when one of them is meant.
pub fn commands() -> impl Iterator<Item = clap::Command> {
    RESOURCES.iter().map(of)
}

/// Those of them that have one of these names.
pub fn named(names: &[String]) -> impl Iterator<Item = clap::Command> {
    RESOURCES.iter().filter(|resource| names.iter().any(|name| name == resource.name)).map(of)
}

fn of(resource: &Resource) -> clap::Command {
    let command = clap::Command::new(resource.name).about(resource.about);
    command.subcommand_required(true).arg_required_else_help(true).defer(with_operations)
}

fn with_operations(command: clap::Command) -> clap::Command {
    let Some(resource) = RESOURCES.iter().find(|resource| resource.name == command.get_name()) else {
        return command;
    };
    command.subcommands(resource.ops.iter().map(described))
}

fn described(op: &Op) -> clap::Command {
    let mut command = (op.describe)(clap::Command::new(op.verb));
    if op.operation.has_body() {
        command = Data::augment_args(command);
    }
    if op.operation.answer == Answer::File {
        command = Target::augment_args(command);
    }
    if sets(op.operation) {
        command = Set::augment_args(command);
    }
    if filters(op.operation) {
        command = Filter::augment_args(command);
    }
    command = match op.operation.answer {
        Answer::Rows(Paging::Whole) if reads(op.operation) => WholePage::augment_args(command),
        Answer::Rows(Paging::Query { .. } | Paging::Body { .. }) => Page::augment_args(command),
        Answer::Rows(Paging::Cursor { .. }) => CursorPage::augment_args(command),
        _ => command,
    };
    with_texts(command).after_help(footnote(op))
}

/// Whether an operation changes nothing.
fn reads(operation: &Operation) -> bool {
    operation.effect == Effect::Read
}

/// Whether values are written whose attributes have definitions.
fn sets(operation: &Operation) -> bool {
    operation.values.is_some() && defined_by(operation).is_some()
}

/// Whether rows are filtered whose attributes have definitions.
fn filters(operation: &Operation) -> bool {
    matches!(operation.answer, Answer::Rows(Paging::Body { .. })) && defined_by(operation).is_some()
}

/// What defines the attributes of an operation's rows, and the field that names it.
fn defined_by(operation: &Operation) -> Option<(attributes::Target, &'static str)> {
    [(attributes::Target::Objects, "object"), (attributes::Target::Lists, "list")]
        .into_iter()
        .find(|(_, field)| operation.placeholders().next() == Some(field))
}

/// An example, and what the call is at Attio, below the help.
fn footnote(op: &Op) -> String {
    let Op { example, operation, .. } = op;
    let stage = match operation.stage {
        Stage::Stable => "",
        Stage::Beta => " (beta at Attio: it may change)",
        Stage::Alpha => " (alpha at Attio: it may change or be closed to you)",
    };
    let scopes = if operation.scopes.is_empty() { "none".to_owned() } else { operation.scopes.join(", ") };
    let Operation { path, method, .. } = operation;
    format!("Example: attio-crm {example}\nAttio: {} {path}{stage}\nScopes: {scopes}", method.as_str())
}

impl Call {
    /// The call that was typed, if it was one of a resource.
    ///
    /// # Errors
    /// Wrong usage.
    pub fn from_matches(matches: &ArgMatches) -> Option<Result<Self, clap::Error>> {
        let (name, below) = matches.subcommand()?;
        let resource: &Resource = RESOURCES.iter().find(|resource| resource.name == name)?;
        let (verb, given) = below.subcommand()?;
        let op = resource.ops.iter().find(|op| op.verb == verb)?;
        Some(Self::read(op, given))
    }

    fn read(op: &Op, given: &ArgMatches) -> Result<Self, clap::Error> {
        let operation = op.operation;
        let mut fields = Map::new();
        if operation.has_body() {
            let data = Data::from_arg_matches(given)?.data.unwrap_or_default();
            fields.extend(unwrapped(data));
        }
        fields.extend((op.fields)(given)?);
        let window = match operation.answer {
            Answer::Rows(Paging::Whole) if reads(operation) => {
                Some(WholePage::from_arg_matches(given)?.window())
            }
            Answer::Rows(Paging::Query { .. } | Paging::Body { .. }) => {
                Some(Page::from_arg_matches(given)?.window())
            }
            Answer::Rows(Paging::Cursor { .. }) => Some(CursorPage::from_arg_matches(given)?.window()),
            _ => None,
        };
        let target =
            if operation.answer == Answer::File { Some(Target::from_arg_matches(given)?) } else { None };
        let typed = Typed {
            set: sets(operation).then(|| Set::from_arg_matches(given)).transpose()?,
            filter: filters(operation).then(|| Filter::from_arg_matches(given)).transpose()?,
        };
        Ok(Self { operation, fields, window, target, typed })
    }

    /// What is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Whether it may take as long as it takes.
    pub fn is_long(&self) -> bool {
        let file = self.operation.answer == Answer::File || self.operation.body == Body::Form;
        let all = self.window.as_ref().is_some_and(|window| window.limit.is_none());
        file || (all && self.operation.pages().is_some())
    }

    /// Makes the call.
    ///
    /// # Errors
    /// Usage errors before anything is sent; otherwise those of the calls.
    pub async fn run(mut self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        if self.typed.set.as_ref().is_none_or(Set::is_empty) {
            something_to_update(self.operation, &self.fields)?;
        }
        self.target.as_ref().map_or(Ok(()), Target::check)?;
        let about = about(self.operation, &self.fields);
        resolve(&ctx.resolver, &mut self.fields, self.operation.references).await?;
        self.typed.put(ctx, self.operation, &mut self.fields).await?;
        let insides = Insides::take(self.operation, &mut self.fields)?;
        let check = reading(ctx, self.operation, &self.fields);
        let gone = self.operation.deletes().then(|| deleted(self.operation, &self.fields));
        let subject = subject(ctx, self.operation, &self.fields).await;
        let mut request = Request::build(self.operation, self.fields)?;
        request.subject = subject;
        if let Some(window) = self.window {
            let listing = Listing::new(ctx.rows(request, window), self.operation.columns);
            return Ok(Done::Listing(Listing { about, ..listing }));
        }
        if let Some(insides) = &insides {
            request.then = insides.requests(&request)?; // before anything is sent
        }
        ctx.note_literal_breaks(&request);
        if ctx.client.only_plans(self.operation) {
            return Ok(Done::Planned(request));
        }
        let reply = ctx.client.call(&request).await.map_err(|error| with_check(error, &check))?;
        if let Some(insides) = insides {
            return insides.create(ctx, &request, &reply).await;
        }
        if let Some(target) = self.target {
            let Location { location } = reply.data()?;
            return target.put(ctx.client.fetch(&location).await?);
        }
        gone.map_or_else(|| shown(&request, &reply), |gone| Ok(Done::One(Item::own(gone))))
    }
}

/// The command that shows what became of a write: the row's, or else the one thing where its ID is known,
/// or else the list.
fn reading(ctx: &Ctx, operation: &Operation, fields: &Map<String, Value>) -> Vec<String> {
    let told = operation.check.split('|').find_map(|template| filled(template, fields));
    let words = told.or_else(|| usual_check(operation, fields)).unwrap_or_default();
    if words.is_empty() { words } else { check(ctx, &words.iter().map(String::as_str).collect::<Vec<_>>()) }
}

/// The words of a template, if it has any and the fields fill its blanks.
fn filled(template: &str, fields: &Map<String, Value>) -> Option<Vec<String>> {
    let word = |word: &str| match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
        None => Some(word.to_owned()),
        Some(blank) => {
            let (name, part) = blank.split_once('.').unwrap_or((blank, ""));
            let value = fields.get(name)?;
            let value = if part.is_empty() { value } else { value.get(part)? };
            value.as_str().map(str::to_owned)
        }
    };
    let words: Option<Vec<String>> = template.split_whitespace().map(word).collect();
    words.filter(|words| !words.is_empty())
}

fn usual_check(operation: &Operation, fields: &Map<String, Value>) -> Option<Vec<String>> {
    let resource = operation.name.split(' ').next()?;
    let ops = RESOURCES.iter().filter(|known| known.name == resource).flat_map(|known| known.ops);
    let known = |op: &&Op| op.operation.placeholders().all(|name| fields.contains_key(name));
    let ops: Vec<&Op> = ops.filter(known).collect();
    let op = ["get", "query", "list"].iter().find_map(|verb| ops.iter().find(|op| op.verb == *verb))?;
    let ids = op.operation.placeholders().filter_map(|name| fields.get(name)?.as_str());
    let all = op.operation.pages().map(|_| "--all");
    Some([resource, op.verb].into_iter().chain(ids).chain(all).map(str::to_owned).collect())
}

/// The record whose things a list has, if it is taken by object and ID, so that nobody has seen it yet.
fn about(operation: &Operation, fields: &Map<String, Value>) -> Option<RecordRef> {
    operation.references.iter().find_map(|reference| {
        let To::RecordIn(object) = reference.to else { return None };
        let text = |name: &str| fields.get(name)?.as_str().map(str::to_owned);
        let record_id = crate::text::uuid(&text(reference.field)?).ok()?;
        Some(RecordRef { object: text(object)?, record_id })
    })
}

impl Typed {
    /// Adds the values and the filter to the fields.
    async fn put(
        self,
        ctx: &Ctx,
        operation: &Operation,
        fields: &mut Map<String, Value>,
    ) -> Result<(), Error> {
        let Some((target, field)) = defined_by(operation) else { return Ok(()) };
        let name = fields.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        if let (Some(set), Some(field)) = (self.set.filter(|set| !set.is_empty()), operation.values) {
            let mut values = match fields.shift_remove(field) {
                Some(Value::Object(values)) => values,
                _ => Map::new(),
            };
            set.add_to(&ctx.resolver, (target, &name), &mut values).await?;
            whole_names(operation, &mut values)?;
            nothing_emptied_in_vain(operation, &values)?;
            fields.insert(field.to_owned(), values.into());
        }
        if let Some(filter) = self.filter {
            let given = fields.shift_remove("filter").into_iter().collect();
            let Asked { filter, sorts } = filter.and(&ctx.resolver, (target, &name), given).await?;
            fields.extend(filter.map(|filter| ("filter".to_owned(), filter)));
            fields.extend(sorts.map(|sorts| ("sorts".to_owned(), sorts)));
        }
        Ok(())
    }
}

/// A name of one word has no last name on a create; on a write to what exists it would erase one.
fn whole_names(operation: &Operation, values: &mut Map<String, Value>) -> Result<(), Error> {
    if operation.effect == Effect::Create {
        complete_names(values, &Compact::new());
    }
    match values.iter().find(|(_, value)| is_half_a_name(value)) {
        Some((slug, _)) => Err(Error::usage(format!("{slug}: a single word would erase the last name"))
            .hint("give both names, or {\"first_name\":\"…\",\"last_name\":\"\"}; update-person keeps the other half")),
        None => Ok(()),
    }
}

/// An update adds to attributes with several values: none at all would change nothing.
fn nothing_emptied_in_vain(operation: &Operation, values: &Map<String, Value>) -> Result<(), Error> {
    let empty = values.iter().find(|(_, value)| value.as_array().is_some_and(Vec::is_empty));
    match empty {
        Some((slug, _)) if operation.method == Method::Patch => {
            Err(Error::usage(format!("an update adds to {slug}, it cannot empty it"))
                .hint("use the same command with replace in the place of update"))
        }
        _ => Ok(()),
    }
}

/// The fields of a body, whether they stand under `data` as on the wire or not.
fn unwrapped(mut data: Map<String, Value>) -> Map<String, Value> {
    match data.remove("data") {
        Some(Value::Object(inner)) if data.is_empty() => inner,
        Some(other) => {
            data.insert("data".to_owned(), other);
            data
        }
        None => data,
    }
}

/// Refuses an update without any field, before anything is looked up.
fn something_to_update(operation: &Operation, fields: &Map<String, Value>) -> Result<(), Error> {
    let changes = |name: &String| !operation.placeholders().any(|placeholder| placeholder == name);
    if operation.method == Method::Patch && !fields.keys().any(changes) {
        return Err(Error::usage("nothing to update").hint("give at least one field; see --help"));
    }
    Ok(())
}

/// What is said of something that was deleted: its ID, and that it is gone.
fn deleted(operation: &Operation, fields: &Map<String, Value>) -> Map<String, Value> {
    let named = |name: &str| Some((name.to_owned(), fields.get(name)?.clone()));
    let id = operation.placeholders().last().and_then(named);
    id.into_iter().chain([("deleted".to_owned(), json!(true))]).collect()
}
