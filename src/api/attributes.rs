//! Attribute definitions of objects and lists. What a select or status attribute allows is in
//! `options` and `statuses`.

pub use super::groups::Target;
use super::groups::{AttributePath, READ, TargetPath, WRITE};
use super::{Endpoint, Op, Resource, nest, options, slug_from, statuses};
use crate::client::operation::{Inside, Operation, Paging};
use crate::error::Error;
use crate::identity;
use crate::input::{self, Line, Text};
use crate::text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

const COLUMNS: &[&str] = &["api_slug", "type", "title", "attribute_id"];

/// The types an attribute can be created with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// Text of any length
    Text,
    /// A number
    Number,
    /// Yes or no
    Checkbox,
    /// An amount of money
    Currency,
    /// A day
    Date,
    /// A point in time
    Timestamp,
    /// Zero to five stars
    Rating,
    /// One of several statuses; not on companies and people
    Status,
    /// One or several of a set of options
    Select,
    /// Other records
    RecordReference,
    /// Workspace members
    ActorReference,
    /// A place
    Location,
    /// Internet domains
    Domain,
    /// Email addresses
    EmailAddress,
    /// Phone numbers
    PhoneNumber,
}

/// How an amount is shown in the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "camelCase")]
pub enum DisplayType {
    /// USD
    Code,
    /// US dollars
    Name,
    /// $
    #[value(name = "narrowSymbol")]
    NarrowSymbol,
    /// US$
    Symbol,
}

/// List attributes, in the order that Attio shows them
#[derive(Debug, clap::Args, Serialize)]
pub struct List {
    #[command(flatten)]
    #[serde(flatten)]
    pub of: TargetPath,
    /// Archived ones, too
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub show_archived: bool,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation::get("attributes list", "/v2/{target}/{identifier}/attributes")
        .scopes(READ)
        .columns(COLUMNS)
        .rows(Paging::Query { usual: 500, min: 1, max: 500, documented: false });
}

/// Create an attribute
///
/// It cannot be deleted, only archived. Type and --is-multiselect cannot be changed later.
#[derive(Debug, clap::Args, Serialize)]
pub struct Create {
    #[command(flatten)]
    #[serde(flatten)]
    pub of: TargetPath,
    /// What people call it
    #[arg(long, required_unless_present = "data")]
    pub title: Option<Line>,
    /// Name in calls, in snake case [default: made from the title]
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    pub api_slug: Option<String>,
    /// What its values are
    #[arg(long, value_name = "TYPE", value_enum, required_unless_present = "data")]
    pub r#type: Option<Type>,
    /// What it is for [default: null]
    #[arg(long, value_name = "TEXT")]
    pub description: Option<Text>,
    /// New records need a value [default: false]
    #[arg(long, value_name = "BOOL")]
    pub is_required: Option<bool>,
    /// No two new records may share a value [default: false]
    #[arg(long, value_name = "BOOL")]
    pub is_unique: Option<bool>,
    /// Several values at a time [default: false]
    #[arg(long, value_name = "BOOL")]
    pub is_multiselect: Option<bool>,
    /// Title of an option or status to create with it (repeatable)
    #[arg(long = "option", value_name = "TITLE")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Line>,
    #[command(flatten)]
    #[serde(flatten)]
    pub more: Settings,
    /// The object that gets the other side of a reference, as an attribute of its own
    #[arg(long, value_name = "OBJECT", value_parser = text::slug)]
    #[arg(requires = "relationship_title")]
    pub relationship_object: Option<String>,
    /// What people call the other side
    #[arg(long, value_name = "TITLE", requires = "relationship_object")]
    pub relationship_title: Option<Line>,
    /// Name of the other side in calls [default: made from its title]
    #[arg(long, value_name = "SLUG", value_parser = text::slug, requires = "relationship_object")]
    pub relationship_api_slug: Option<String>,
    /// Several values on the other side [default: false]
    #[arg(long, value_name = "BOOL", requires = "relationship_object")]
    pub relationship_is_multiselect: Option<bool>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("attributes create", "/v2/{target}/{identifier}/attributes")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("attributes list {target} {identifier} --all")
        .inside(Inside { field: "options", parent: "attribute", create: choices })
        .wire(complete);
}

// What depends on the type. No doc comment: it would become the help of each command that has it.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Settings {
    /// What new records get: {"type": "static", "template": [VALUE]} or {"type": "dynamic", ...}
    #[arg(long, value_name = "JSON", value_parser = input::json)]
    pub default_value: Option<Value>,
    /// Currency of amounts, such as EUR
    #[arg(long, value_name = "CODE", value_parser = identity::currency)]
    pub default_currency_code: Option<String>,
    /// How amounts are shown; those of a new attribute by symbol unless told
    #[arg(long, value_name = "HOW", value_enum, requires = "default_currency_code")]
    pub display_type: Option<DisplayType>,
    /// Object that may be referred to (repeatable)
    #[arg(long = "allowed-object", value_name = "OBJECT", value_parser = text::slug)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_objects: Vec<String>,
}

/// Show an attribute
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    #[command(flatten)]
    #[serde(flatten)]
    pub of: AttributePath,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("attributes get", "/v2/{target}/{identifier}/attributes/{attribute}")
            .scopes(READ)
            .columns(COLUMNS);
}

/// Change an attribute, archive it or bring it back
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    #[command(flatten)]
    #[serde(flatten)]
    pub of: AttributePath,
    /// What people call it
    #[arg(long)]
    pub title: Option<Line>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    pub description: Option<Text>,
    /// Name in calls, in snake case
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    pub api_slug: Option<String>,
    /// New records need a value
    #[arg(long, value_name = "BOOL")]
    pub is_required: Option<bool>,
    /// No two new records may share a value
    #[arg(long, value_name = "BOOL")]
    pub is_unique: Option<bool>,
    /// Archived attributes are hidden, their values kept
    #[arg(long, value_name = "BOOL")]
    pub is_archived: Option<bool>,
    #[command(flatten)]
    #[serde(flatten)]
    pub more: Settings,
}

impl Endpoint for Update {
    const OPERATION: Operation =
        Operation::patch("attributes update", "/v2/{target}/{identifier}/attributes/{attribute}")
            .scopes(WRITE)
            .columns(COLUMNS)
            .check("attributes list {target} {identifier} --all")
            .renames()
            .wire(nested);
}

/// The flags of the settings in the places where Attio has them.
fn nested(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    for name in ["default_currency_code", "display_type"] {
        nest(&mut fields, name, &["config", "currency", name])?;
    }
    nest(&mut fields, "allowed_objects", &["config", "record_reference", "allowed_objects"])?;
    Ok(fields)
}

/// As [`nested`], with everything that Attio wants to be told of a new attribute.
fn complete(fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let mut fields = nested(fields)?;
    let currency = fields.get_mut("config").and_then(|config| config.get_mut("currency")?.as_object_mut());
    if let Some(currency) = currency {
        currency.entry("display_type").or_insert_with(|| "symbol".into());
    }
    if fields.contains_key("relationship_object") {
        slug_from(&mut fields, "relationship_api_slug", "relationship_title")?;
        fields.entry("relationship_is_multiselect").or_insert(json!(false));
    }
    for (flag, name) in [
        ("relationship_object", "object"),
        ("relationship_title", "title"),
        ("relationship_api_slug", "api_slug"),
        ("relationship_is_multiselect", "is_multiselect"),
    ] {
        nest(&mut fields, flag, &["relationship", name])?;
    }
    slug_from(&mut fields, "api_slug", "title")?;
    fields.entry("description").or_insert(Value::Null);
    for name in ["is_required", "is_unique", "is_multiselect"] {
        fields.entry(name).or_insert(json!(false));
    }
    fields.entry("config").or_insert(json!({}));
    Ok(fields)
}

/// What creates the options that an attribute of these fields can have.
fn choices(fields: &Map<String, Value>) -> Result<&'static Operation, Error> {
    match fields.get("type").and_then(Value::as_str) {
        Some("select") => Ok(&options::Create::OPERATION),
        Some("status") => Ok(&statuses::Create::OPERATION),
        _ => Err(Error::usage("--option is for --type select and --type status")),
    }
}

/// An attribute, as far as this program looks.
#[derive(Debug, Deserialize)]
pub struct Attribute {
    /// IDs.
    pub id: AttributeId,
    /// What people call it.
    pub title: String,
    /// Its name in `values`.
    pub api_slug: String,
    /// Attio's name of the type, an open set.
    pub r#type: String,
    /// Values can be written.
    pub is_writable: bool,
    /// No record is without a value.
    pub is_required: bool,
    /// No two records share a value.
    pub is_unique: bool,
    /// It may have several values.
    pub is_multiselect: bool,
    /// It was put away.
    pub is_archived: bool,
    /// The other side of a reference, if it has one.
    #[serde(default)]
    pub relationship: Option<Relationship>,
    /// What only some types have.
    #[serde(default)]
    pub config: Config,
}

/// An attribute's ID.
#[derive(Debug, Deserialize)]
pub struct AttributeId {
    /// UUID.
    pub attribute_id: String,
}

/// The other side of a reference.
#[derive(Debug, Deserialize)]
pub struct Relationship {
    /// Slug of the object it belongs to.
    #[serde(default)]
    pub object_slug: Option<String>,
}

/// What only some types have; nulls inside where it does not apply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Of currencies.
    pub currency: Option<Currency>,
    /// Of references to records.
    pub record_reference: Option<RecordReference>,
}

/// The configuration of a currency attribute.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Currency {
    /// ISO 4217 code.
    pub default_currency_code: Option<String>,
}

/// The configuration of a reference attribute.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RecordReference {
    /// UUIDs of the objects it may point to; none or an empty list for any.
    pub allowed_object_ids: Option<Vec<String>>,
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "attributes",
    about: "What records and entries can hold",
    ops: &[
        Op::of::<List>("list", "attributes list objects companies"),
        Op::of::<Create>("create", "attributes create objects deals --title Renewal --type date"),
        Op::of::<Get>("get", "attributes get objects deals stage"),
        Op::of::<Update>("update", "attributes update lists sales_pipeline next_step --title 'Next action'"),
    ],
};
