//! Objects: the kinds of records a workspace has.

use super::{Endpoint, Op, Resource, slug_from};
use crate::client::operation::{Operation, Paging};
use crate::error::Error;
use crate::input::Line;
use crate::text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

const COLUMNS: &[&str] = &["api_slug", "singular_noun", "plural_noun", "object_id"];
const READ: &[&str] = &["object_configuration:read"];
const WRITE: &[&str] = &["object_configuration:read-write"];

/// List the objects that are switched on
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct List {}

impl Endpoint for List {
    const OPERATION: Operation =
        Operation::get("objects list", "/v2/objects").scopes(READ).columns(COLUMNS).rows(Paging::Whole);
}

/// Create an object
#[derive(Debug, clap::Args, Serialize)]
pub struct Create {
    /// Name in URLs and calls, in snake case [default: made from the plural noun]
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    pub api_slug: Option<String>,
    /// What one of its records is called
    #[arg(long, value_name = "NOUN", required_unless_present = "data")]
    pub singular_noun: Option<Line>,
    /// What several of its records are called
    #[arg(long, value_name = "NOUN", required_unless_present = "data")]
    pub plural_noun: Option<Line>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("objects create", "/v2/objects")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("objects list")
        .wire(with_slug);
}

fn with_slug(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    slug_from(&mut fields, "api_slug", "plural_noun")?;
    Ok(fields)
}

/// Show an object
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// Slug or ID of the object
    #[arg(value_parser = text::slug)]
    pub object: String,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("objects get", "/v2/objects/{object}").scopes(READ).columns(COLUMNS);
}

/// Rename an object
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    /// Slug or ID of the object
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// Name in URLs and calls, in snake case
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    pub api_slug: Option<String>,
    /// What one of its records is called
    #[arg(long, value_name = "NOUN")]
    pub singular_noun: Option<Line>,
    /// What several of its records are called
    #[arg(long, value_name = "NOUN")]
    pub plural_noun: Option<Line>,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation::patch("objects update", "/v2/objects/{object}")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("objects list")
        .renames();
}

/// Delete an object of your own with all its records permanently
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    /// Slug or ID of the object
    #[arg(value_parser = text::slug)]
    pub object: String,
}

impl Endpoint for Delete {
    const OPERATION: Operation = Operation::delete("objects delete", "/v2/objects/{object}")
        .scopes(&["object_configuration:read-write", "record_permission:read-write"]);
}

/// An object, as far as this program looks.
#[derive(Debug, Deserialize)]
pub struct Object {
    /// IDs.
    pub id: ObjectId,
    /// API slug; Attio allows none.
    pub api_slug: Option<String>,
}

/// An object's ID.
#[derive(Debug, Deserialize)]
pub struct ObjectId {
    /// UUID.
    pub object_id: String,
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "objects",
    about: "The kinds of records: companies, people, deals and your own",
    ops: &[
        Op::of::<List>("list", "objects list"),
        Op::of::<Create>("create", "objects create --singular-noun Project --plural-noun Projects"),
        Op::of::<Get>("get", "objects get deals"),
        Op::of::<Update>(
            "update",
            "objects update deals --singular-noun Opportunity --plural-noun Opportunities",
        ),
        Op::of::<Delete>("delete", "objects delete projects"),
    ],
};
