//! The operations of Attio's API, each described once.
//!
//! One file a resource, one struct an operation: its fields are the command's arguments and the wire
//! format, its [`Operation`] says everything else. [`RESOURCES`] lists them all; help, dry run, retry
//! safety, read-only mode and `schema` follow from the row. Nothing here prints, waits or retries.

pub mod activities;
pub mod activity_records;
mod any;
pub mod attributes;
pub mod comments;
pub mod emails;
pub mod entries;
pub mod files;
pub mod groups;
pub mod lists;
pub mod meetings;
pub mod members;
pub mod notes;
pub mod objects;
pub mod options;
pub mod recordings;
pub mod records;
pub mod search;
pub mod sequences;
pub mod sql;
pub mod statuses;
pub mod tasks;
pub mod threads;
pub mod views;
pub mod webhooks;
pub mod workspace;

pub use any::{ANY, row};

use crate::client::Client;
pub use crate::client::answer::parse;
use crate::client::operation::Operation;
use crate::client::request::Request;
use crate::error::Error;
use crate::text;
use clap::{ArgMatches, Command};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// An operation whose fields are those of the implementing struct.
///
/// Fields that stand in the path are positional arguments, the others flags. Its doc comment is the
/// command's help.
pub trait Endpoint: clap::Args + Serialize {
    /// What is called, and how.
    const OPERATION: Operation;

    /// This struct's fields by their names, those that are set.
    ///
    /// # Errors
    /// A defect of the struct.
    fn fields(&self) -> Result<Map<String, Value>, Error> {
        match serde_json::to_value(self) {
            Ok(Value::Object(mut fields)) => {
                fields.retain(|_, value| !value.is_null());
                Ok(fields)
            }
            Ok(_) => Err(Error::failure("an operation without fields")),
            Err(error) => Err(Error::failure("an operation that is no JSON").why(error.to_string())),
        }
    }

    /// The call with this struct's fields filled in.
    ///
    /// # Errors
    /// A usage error when a path field is no single path segment.
    fn request(&self) -> Result<Request, Error> {
        Request::build(&Self::OPERATION, self.fields()?)
    }
}

/// A row of the table: an operation and how its arguments are read.
#[derive(Debug)]
pub struct Op {
    /// What it is called below its resource.
    pub verb: &'static str,
    /// Everyday use: a command line, as a shell takes it, without the name of the program.
    pub example: &'static str,
    /// Everything about the call.
    pub operation: &'static Operation,
    /// Adds the arguments and the help to a command.
    pub describe: fn(Command) -> Command,
    /// The fields that were given.
    pub fields: fn(&ArgMatches) -> Result<Map<String, Value>, clap::Error>,
}

impl Op {
    /// The row of an endpoint.
    pub const fn of<E: Endpoint>(verb: &'static str, example: &'static str) -> Self {
        Self { verb, example, operation: &E::OPERATION, describe: E::augment_args, fields: given::<E> }
    }
}

fn given<E: Endpoint>(matches: &ArgMatches) -> Result<Map<String, Value>, clap::Error> {
    let fields = E::from_arg_matches(matches)?.fields();
    fields.map_err(|error| clap::Error::raw(clap::error::ErrorKind::Format, error.to_string()))
}

/// A resource and its operations.
#[derive(Debug)]
pub struct Resource {
    /// Attio's name of it.
    pub name: &'static str,
    /// One line of help.
    pub about: &'static str,
    /// Its operations.
    pub ops: &'static [Op],
}

/// Fills the field `slug` by that with the title, if it was not given.
fn slug_from(fields: &mut Map<String, Value>, slug: &str, title: &str) -> Result<(), Error> {
    if fields.contains_key(slug) {
        return Ok(());
    }
    let Some(title) = fields.get(title).and_then(Value::as_str) else { return Ok(()) };
    let made = text::slug_of(title).ok_or_else(|| {
        Error::usage(format!("{title:?} makes no API slug"))
            .hint("give one of letters, digits and _ with --api-slug")
    })?;
    fields.insert(slug.to_owned(), made.into());
    Ok(())
}

/// Every operation this program knows.
pub const RESOURCES: &[Resource] = &[
    activities::RESOURCE,
    activity_records::RESOURCE,
    attributes::RESOURCE,
    comments::RESOURCE,
    emails::RESOURCE,
    entries::RESOURCE,
    files::RESOURCE,
    lists::RESOURCE,
    meetings::RESOURCE,
    members::RESOURCE,
    notes::RESOURCE,
    objects::RESOURCE,
    options::RESOURCE,
    recordings::RESOURCE,
    records::RESOURCE,
    sequences::RESOURCE,
    sql::RESOURCE,
    statuses::RESOURCE,
    tasks::RESOURCE,
    threads::RESOURCE,
    views::RESOURCE,
    webhooks::RESOURCE,
    workspace::RESOURCE,
];

/// Moves the field `flag`, if it is given, to `path`: flags are flat where Attio's bodies are not.
///
/// What stands beside it in `--data` stays.
///
/// # Errors
/// A usage error when something on the way is no object.
pub fn nest(fields: &mut Map<String, Value>, flag: &str, path: &[&str]) -> Result<(), Error> {
    let (Some((last, above)), Some(value)) = (path.split_last(), fields.shift_remove(flag)) else {
        return Ok(());
    };
    let mut inner = fields;
    for key in above {
        let next = inner.entry(*key).or_insert_with(|| Value::Object(Map::new()));
        inner = next.as_object_mut().ok_or_else(|| Error::usage(format!("{key} is not a JSON object")))?;
    }
    inner.insert((*last).to_owned(), value);
    Ok(())
}

/// Calls an operation that answers with one thing under `data`, and returns that thing's JSON.
///
/// # Errors
/// Those of the call, and an answer of another shape.
pub async fn one(client: &Client, endpoint: &impl Endpoint) -> Result<Box<RawValue>, Error> {
    client.call(&endpoint.request()?).await?.data()
}

/// A part of an answer as the type that is expected of it.
///
/// # Errors
/// When it has another shape.
pub fn read<T: DeserializeOwned>(raw: &RawValue) -> Result<T, Error> {
    parse(raw.get())
}
