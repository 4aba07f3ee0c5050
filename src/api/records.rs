//! Records of any object. Their values are JSON, because each workspace defines its own. Fuzzy search
//! is in `search`.

use super::groups::RecordPath;
use super::search::Search;
use super::{Endpoint, Op, Resource};
use crate::client::limit::Lane;
use crate::client::operation::{Body, Effect, Operation, Paging, Reference, To};
use crate::error::Error;
use crate::input;
use crate::text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

const COLUMNS: &[&str] = &["name", "record_id", "web_url"];
/// Columns of the values of one attribute.
pub(super) const VALUES: &[&str] = &["value", "active_from", "active_until"];
const READ: &[&str] = &["record_permission:read", "object_configuration:read"];
const WRITE: &[&str] = &["record_permission:read-write", "object_configuration:read"];

const RECORD: &[Reference] = &[Reference { field: "record_id", to: To::RecordIn("object") }];

/// Values by attribute slug.
pub type Values = Map<String, Value>;

/// List the records that fit a filter
///
/// Sees every write at once, unlike search.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Query {
    /// Object, such as companies
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// Filter in Attio's language; typed ones come from --filter.
    #[arg(skip)]
    pub filter: Option<Value>,
    /// Sorts in Attio's language, as JSON
    #[arg(long = "sorts-json", value_name = "JSON", value_parser = input::json)]
    pub sorts: Option<Value>,
    /// The filter of a saved view instead; views of-object lists them
    #[arg(long, value_name = "ID", value_parser = text::view, conflicts_with_all = ["filter", "filter_json"])]
    pub filter_view_id: Option<String>,
}

impl Endpoint for Query {
    const OPERATION: Operation = Operation::post("records query", "/v2/objects/{object}/records/query")
        .scopes(READ)
        .columns(COLUMNS)
        .effect(Effect::Read)
        .rows(Paging::Body { max: 500, order: &["created_at", "record_id"] })
        .body(Body::Bare);
}

/// Show a record
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: RecordPath,
}

impl Endpoint for Get {
    const OPERATION: Operation = Operation::get("records get", "/v2/objects/{object}/records/{record_id}")
        .scopes(READ)
        .columns(COLUMNS)
        .references(RECORD);
}

/// Create a record
///
/// Refused when a unique value exists already.
#[derive(Debug, clap::Args, Serialize)]
pub struct Create {
    /// Object, such as companies
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = input::object)]
    #[arg(required_unless_present_any = ["data", "set", "set_json"])]
    pub values: Option<Values>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("records create", "/v2/objects/{object}/records")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("records query {object} --sort created_at:desc --limit 5")
        .values("values");
}

/// Update the record with the same value of a unique attribute, or create it
#[derive(Debug, clap::Args, Serialize)]
pub struct Upsert {
    /// Object, such as companies
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// The unique attribute, whose value must be among the values
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    pub matching_attribute: String,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = input::object)]
    #[arg(required_unless_present_any = ["data", "set", "set_json"])]
    pub values: Option<Values>,
}

impl Endpoint for Upsert {
    const OPERATION: Operation = Operation::put("records upsert", "/v2/objects/{object}/records")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("records query {object} --sort created_at:desc --limit 5")
        .query(&["matching_attribute"])
        .values("values");
}

/// Update a record, adding to multiselect attributes
///
/// A repeat changes nothing.
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: RecordPath,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = input::object)]
    #[arg(required_unless_present_any = ["data", "set", "set_json"])]
    pub values: Option<Values>,
}

impl Endpoint for Update {
    const OPERATION: Operation =
        Operation::patch("records update", "/v2/objects/{object}/records/{record_id}")
            .scopes(WRITE)
            .columns(COLUMNS)
            .values("values")
            .references(RECORD);
}

/// Update a record, replacing multiselect attributes
#[derive(Debug, clap::Args, Serialize)]
pub struct Replace {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: RecordPath,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = input::object)]
    #[arg(required_unless_present_any = ["data", "set", "set_json"])]
    pub values: Option<Values>,
}

impl Endpoint for Replace {
    const OPERATION: Operation =
        Operation::put("records replace", "/v2/objects/{object}/records/{record_id}")
            .scopes(WRITE)
            .columns(COLUMNS)
            .values("values")
            .references(RECORD);
}

/// Delete a record and its list entries permanently
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: RecordPath,
}

impl Endpoint for Delete {
    const OPERATION: Operation =
        Operation::delete("records delete", "/v2/objects/{object}/records/{record_id}")
            .scopes(&["object_configuration:read", "record_permission:read-write"])
            .references(RECORD);
}

/// Merge two records into a new one
///
/// Where both have a value the first one's stays. Both lose their IDs; the answer has the new one, which may
/// take a while to be readable.
#[derive(Debug, clap::Args, Serialize)]
pub struct Merge {
    /// Object, such as companies
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// The record whose values count
    #[arg(long, value_name = "REF", required_unless_present = "data")]
    pub primary_record_id: Option<String>,
    /// The record that adds what the first one lacks
    #[arg(long, value_name = "REF", required_unless_present = "data")]
    pub secondary_record_id: Option<String>,
}

impl Endpoint for Merge {
    const OPERATION: Operation = Operation::post("records merge", "/v2/objects/{object}/records/merge")
        .scopes(WRITE)
        .destroys(true)
        .lane(Lane::Merge)
        .beta()
        .references(&[
            Reference { field: "primary_record_id", to: To::RecordIn("object") },
            Reference { field: "secondary_record_id", to: To::RecordIn("object") },
        ]);
}

/// List the values of one attribute, with --show-historic those of the past, too
#[derive(Debug, clap::Args, Serialize)]
pub struct ListValues {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: RecordPath,
    /// Slug or ID of the attribute
    #[arg(value_parser = text::slug)]
    pub attribute: String,
    /// Past ones, too, oldest first; not of attributes that Attio fills by itself
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub show_historic: bool,
}

impl Endpoint for ListValues {
    const OPERATION: Operation = Operation::get(
        "records values",
        "/v2/objects/{object}/records/{record_id}/attributes/{attribute}/values",
    )
    .scopes(READ)
    .columns(VALUES)
    .rows(Paging::Query { usual: 500, min: 1, max: 500, documented: false })
    .references(RECORD);
}

/// Rewrite the history of one attribute
///
/// All its values, present and past, are replaced. No webhook or workflow hears of it.
#[derive(Debug, clap::Args, Serialize)]
pub struct WriteValues {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: RecordPath,
    /// Slug or ID of the attribute
    #[arg(value_parser = text::slug)]
    pub attribute: String,
    /// Up to 400 of {"value", "active_from", "active_until"}, the last null while it is current
    #[arg(long, value_name = "JSON", value_parser = input::json, required_unless_present = "data")]
    pub values: Option<Value>,
}

impl Endpoint for WriteValues {
    const OPERATION: Operation = Operation::put(
        "records write-values",
        "/v2/objects/{object}/records/{record_id}/attributes/{attribute}/values",
    )
    .scopes(WRITE)
    .columns(VALUES)
    .rows(Paging::Whole)
    .destroys(true)
    .beta()
    .references(RECORD)
    .wire(history);
}

/// Attio wants the end of each value named, also of the current one, and to hear that the old values go.
pub(super) fn history(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    if let Some(Value::Array(values)) = fields.get_mut("values") {
        for value in values.iter_mut().filter_map(Value::as_object_mut) {
            value.entry("active_until").or_insert(Value::Null);
        }
    }
    fields.entry("replace_history").or_insert(json!(true));
    Ok(fields)
}

/// List where a record is an entry, over all lists
#[derive(Debug, clap::Args, Serialize)]
pub struct Entries {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: RecordPath,
}

impl Endpoint for Entries {
    const OPERATION: Operation =
        Operation::get("records entries", "/v2/objects/{object}/records/{record_id}/entries")
            .scopes(&["record_permission:read", "object_configuration:read", "list_entry:read"])
            .columns(&["list_api_slug", "created_at", "entry_id"])
            .rows(Paging::Query { usual: 100, min: 1, max: 1000, documented: true })
            .references(RECORD);
}

/// The head of a record.
#[derive(Debug, Deserialize)]
pub struct Head {
    /// IDs.
    pub id: RecordId,
    /// When it was created.
    pub created_at: jiff::Timestamp,
    /// Its page in Attio.
    #[serde(default)]
    pub web_url: Option<String>,
}

/// A record's IDs.
#[derive(Debug, Deserialize)]
pub struct RecordId {
    /// UUID.
    pub record_id: String,
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "records",
    about: "Records of any object",
    ops: &[
        Op::of::<Query>("query", "records query deals --filter 'value>=50000' --sort value:desc"),
        Op::of::<Search>("search", "records search --query acme --object companies --object people"),
        Op::of::<Get>("get", "records get people jane@acme.com"),
        Op::of::<Create>("create", "records create companies --set name=Zeta --set domains=zeta.example.com"),
        Op::of::<Upsert>(
            "upsert",
            "records upsert companies --matching-attribute domains --set domains=acme.com --set name=Acme",
        ),
        Op::of::<Update>("update", "records update companies acme.com --set categories=Retail"),
        Op::of::<Replace>(
            "replace",
            "records replace companies acme.com --set categories=B2B --set categories=Retail",
        ),
        Op::of::<Delete>("delete", "records delete companies globex.com"),
        Op::of::<Merge>(
            "merge",
            "records merge companies --primary-record-id acme.com --secondary-record-id globex.com",
        ),
        Op::of::<ListValues>("values", "records values deals 'name:Globex renewal' stage --show-historic"),
        Op::of::<WriteValues>(
            "write-values",
            "records write-values deals 'name:Globex renewal' value --values @amounts.json",
        ),
        Op::of::<Entries>("entries", "records entries companies acme.com"),
    ],
};
