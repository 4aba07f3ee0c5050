//! Attribute definitions of objects and lists, with the options and statuses they allow.

use super::{Endpoint, Op, Resource};
use crate::client::request::{Method, Operation, Paging};
use crate::text;
use serde::{Deserialize, Serialize};

const READ: &[&str] = &["object_configuration:read"];

/// What has attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// An object; the values are those of its records.
    Objects,
    /// A list; the values are those of its entries.
    Lists,
}

/// List the attributes of an object or a list, in the order that Attio shows them
#[derive(Debug, clap::Args, Serialize)]
pub struct List {
    /// What has the attribute
    pub target: Target,
    /// Its slug or ID
    #[arg(value_parser = text::slug)]
    pub identifier: String,
    /// Archived ones, too
    #[arg(long)]
    pub show_archived: bool,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation {
        paging: Paging::Query { max: 500 },
        scopes: READ,
        columns: &["api_slug", "type", "title", "attribute_id"],
        ..Operation::new("attributes list", Method::Get, "/v2/{target}/{identifier}/attributes")
    };
}

/// List the options of a select attribute
#[derive(Debug, clap::Args, Serialize)]
pub struct Options {
    /// What has the attribute
    pub target: Target,
    /// Its slug or ID
    #[arg(value_parser = text::slug)]
    pub identifier: String,
    /// Slug or ID of the attribute
    #[arg(value_parser = text::slug)]
    pub attribute: String,
    /// Archived ones, too
    #[arg(long)]
    pub show_archived: bool,
}

impl Endpoint for Options {
    const OPERATION: Operation = Operation {
        scopes: READ,
        columns: &["title", "is_archived", "option_id"],
        ..Operation::new(
            "options list",
            Method::Get,
            "/v2/{target}/{identifier}/attributes/{attribute}/options",
        )
    };
}

/// List the statuses of a status attribute
#[derive(Debug, clap::Args, Serialize)]
pub struct Statuses {
    /// What has the attribute
    pub target: Target,
    /// Its slug or ID
    #[arg(value_parser = text::slug)]
    pub identifier: String,
    /// Slug or ID of the attribute
    #[arg(value_parser = text::slug)]
    pub attribute: String,
    /// Archived ones, too
    #[arg(long)]
    pub show_archived: bool,
}

impl Endpoint for Statuses {
    const OPERATION: Operation = Operation {
        scopes: READ,
        columns: &["title", "is_archived", "celebration_enabled", "status_id"],
        ..Operation::new(
            "statuses list",
            Method::Get,
            "/v2/{target}/{identifier}/attributes/{attribute}/statuses",
        )
    };
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

/// An option or a status.
#[derive(Debug, Deserialize)]
pub struct Choice {
    /// IDs.
    pub id: ChoiceId,
    /// What people call it.
    pub title: String,
    /// It was put away.
    #[serde(default)]
    pub is_archived: bool,
}

/// The ID of an option or a status.
#[derive(Debug, Deserialize)]
pub struct ChoiceId {
    /// UUID.
    #[serde(alias = "status_id")]
    pub option_id: String,
}

/// The operations on attributes.
pub const RESOURCE: Resource = Resource {
    name: "attributes",
    about: "What records and entries can hold",
    ops: &[Op::of::<List>("list")],
};

/// The operations on options.
pub const OPTIONS: Resource = Resource {
    name: "options",
    about: "What can be chosen in select attributes",
    ops: &[Op::of::<Options>("list")],
};

/// The operations on statuses.
pub const STATUSES: Resource = Resource {
    name: "statuses",
    about: "What can be chosen in status attributes",
    ops: &[Op::of::<Statuses>("list")],
};
