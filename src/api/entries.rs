//! Entries: the rows of a list. Each has a parent, a record of the list's object, and values of the
//! list's own attributes.

use super::groups::{EntryPath, ListPath, Parent};
use super::records::{VALUES, Values, history};
use super::{Endpoint, Op, Resource};
use crate::client::operation::{Body, Effect, OWN, Operation, Paging, Reference, To};
use crate::error::Error;
use crate::input;
use crate::text;
use clap::ArgGroup;
use serde::Serialize;
use serde_json::{Map, Value, json};

const COLUMNS: &[&str] = &["parent_name", OWN, "created_at", "parent_record_id", "entry_id"];
const READ: &[&str] = &["list_entry:read", "list_configuration:read"];
const WRITE: &[&str] = &["list_entry:read-write", "list_configuration:read"];

const PARENT: &[Reference] = &[Reference { field: "parent_record_id", to: To::RecordIn("parent_object") }];

/// List the entries that fit a filter
#[derive(Debug, clap::Args, Serialize)]
pub struct Query {
    #[command(flatten)]
    #[serde(flatten)]
    pub list: ListPath,
    /// Filter in Attio's language; typed ones come from --filter.
    #[arg(skip)]
    pub filter: Option<Value>,
    /// Sorts in Attio's language, as JSON
    #[arg(long = "sorts-json", value_name = "JSON", value_parser = input::json)]
    pub sorts: Option<Value>,
    /// The filter of a saved view instead; views of-list lists them
    #[arg(long, value_name = "ID", value_parser = text::view, conflicts_with_all = ["filter", "filter_json"])]
    pub filter_view_id: Option<String>,
}

impl Endpoint for Query {
    const OPERATION: Operation = Operation::post("entries query", "/v2/lists/{list}/entries/query")
        .scopes(READ)
        .columns(COLUMNS)
        .effect(Effect::Read)
        .rows(Paging::Body { max: 500, order: &["created_at"] })
        .body(Body::Bare);
}

/// Add a record to a list
///
/// Repeating adds it again; upsert does not.
#[derive(Debug, clap::Args, Serialize)]
#[command(group(ArgGroup::new("whose").args(["parent_record_id", "data"]).required(true).multiple(true)))]
pub struct Create {
    #[command(flatten)]
    #[serde(flatten)]
    pub list: ListPath,
    #[command(flatten)]
    #[serde(flatten)]
    pub parent: Parent,
    /// Values by slug, as JSON [default: {}]
    #[arg(long, value_name = "JSON", value_parser = input::object)]
    pub entry_values: Option<Values>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("entries create", "/v2/lists/{list}/entries")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("records entries {parent_object} {parent_record_id} --all")
        .values("entry_values")
        .references(PARENT)
        .wire(with_values);
}

/// Update the entry of a record, or add the record to the list
///
/// Refused when the record is in the list more than once. Multiselect attributes are replaced.
#[derive(Debug, clap::Args, Serialize)]
#[command(group(ArgGroup::new("whose").args(["parent_record_id", "data"]).required(true).multiple(true)))]
pub struct Upsert {
    #[command(flatten)]
    #[serde(flatten)]
    pub list: ListPath,
    #[command(flatten)]
    #[serde(flatten)]
    pub parent: Parent,
    /// Values by slug, as JSON [default: {}]
    #[arg(long, value_name = "JSON", value_parser = input::object)]
    pub entry_values: Option<Values>,
}

impl Endpoint for Upsert {
    const OPERATION: Operation = Operation::put("entries upsert", "/v2/lists/{list}/entries")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("records entries {parent_object} {parent_record_id} --all")
        .values("entry_values")
        .references(PARENT)
        .wire(with_values);
}

/// Attio wants values, be they none.
fn with_values(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    fields.entry("entry_values").or_insert(json!({}));
    Ok(fields)
}

/// Show an entry
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    #[command(flatten)]
    #[serde(flatten)]
    pub entry: EntryPath,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("entries get", "/v2/lists/{list}/entries/{entry_id}").scopes(READ).columns(COLUMNS);
}

/// Update an entry, adding to multiselect attributes
///
/// A repeat changes nothing.
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    #[command(flatten)]
    #[serde(flatten)]
    pub entry: EntryPath,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = input::object)]
    #[arg(required_unless_present_any = ["data", "set", "set_json"])]
    pub entry_values: Option<Values>,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation::patch("entries update", "/v2/lists/{list}/entries/{entry_id}")
        .scopes(WRITE)
        .columns(COLUMNS)
        .values("entry_values");
}

/// Update an entry, replacing multiselect attributes
#[derive(Debug, clap::Args, Serialize)]
pub struct Replace {
    #[command(flatten)]
    #[serde(flatten)]
    pub entry: EntryPath,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = input::object)]
    #[arg(required_unless_present_any = ["data", "set", "set_json"])]
    pub entry_values: Option<Values>,
}

impl Endpoint for Replace {
    const OPERATION: Operation = Operation::put("entries replace", "/v2/lists/{list}/entries/{entry_id}")
        .scopes(WRITE)
        .columns(COLUMNS)
        .values("entry_values");
}

/// Take an entry off its list permanently; the record stays
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    #[command(flatten)]
    #[serde(flatten)]
    pub entry: EntryPath,
}

impl Endpoint for Delete {
    const OPERATION: Operation =
        Operation::delete("entries delete", "/v2/lists/{list}/entries/{entry_id}").scopes(WRITE);
}

/// List the values of one attribute, with --show-historic those of the past, too
#[derive(Debug, clap::Args, Serialize)]
pub struct ListValues {
    #[command(flatten)]
    #[serde(flatten)]
    pub entry: EntryPath,
    /// Slug or ID of the attribute
    #[arg(value_parser = text::slug)]
    pub attribute: String,
    /// Past ones, too, oldest first
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub show_historic: bool,
}

impl Endpoint for ListValues {
    const OPERATION: Operation =
        Operation::get("entries values", "/v2/lists/{list}/entries/{entry_id}/attributes/{attribute}/values")
            .scopes(READ)
            .columns(VALUES)
            .rows(Paging::Query { usual: 500, min: 1, max: 500, documented: false });
}

/// Rewrite the history of one attribute
///
/// All its values, present and past, are replaced. No webhook or workflow hears of it.
#[derive(Debug, clap::Args, Serialize)]
pub struct WriteValues {
    #[command(flatten)]
    #[serde(flatten)]
    pub entry: EntryPath,
    /// Slug or ID of the attribute
    #[arg(value_parser = text::slug)]
    pub attribute: String,
    /// Up to 400 of {"value", "active_from", "active_until"}, the last null while it is current
    #[arg(long, value_name = "JSON", value_parser = input::json, required_unless_present = "data")]
    pub values: Option<Value>,
}

impl Endpoint for WriteValues {
    const OPERATION: Operation = Operation::put(
        "entries write-values",
        "/v2/lists/{list}/entries/{entry_id}/attributes/{attribute}/values",
    )
    .scopes(WRITE)
    .columns(VALUES)
    .rows(Paging::Whole)
    .destroys(true)
    .beta()
    .wire(history);
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "entries",
    about: "The rows of lists",
    ops: &[
        Op::of::<Query>("query", "entries query sales_pipeline --filter 'priority>=4' --sort close_date"),
        Op::of::<Create>(
            "create",
            "entries create sales_pipeline --record initech.example.com --set stage=Contacted",
        ),
        Op::of::<Upsert>("upsert", "entries upsert sales_pipeline --record acme.com --set stage=Signed"),
        Op::of::<Get>("get", "entries get sales_pipeline 94c2ade9-9d45-5bdb-a4b8-4bd83cafb01f"),
        Op::of::<Update>(
            "update",
            "entries update partners fcd2f855-552d-5bd4-ba52-8cb70905afb6 --set region=Americas",
        ),
        Op::of::<Replace>(
            "replace",
            "entries replace partners fcd2f855-552d-5bd4-ba52-8cb70905afb6 --set region=Europe",
        ),
        Op::of::<Delete>("delete", "entries delete sales_pipeline 94c2ade9-9d45-5bdb-a4b8-4bd83cafb01f"),
        Op::of::<ListValues>(
            "values",
            "entries values sales_pipeline 94c2ade9-9d45-5bdb-a4b8-4bd83cafb01f stage",
        ),
        Op::of::<WriteValues>(
            "write-values",
            "entries write-values partners fcd2f855-552d-5bd4-ba52-8cb70905afb6 region --values @regions.json",
        ),
    ],
};
