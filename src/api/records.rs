//! Records of any object. Their values are JSON, because each workspace defines its own.

use super::{Endpoint, Op, Resource};
use crate::client::request::{Body, Effect, Method, Operation, Paging, Reference, To};
use crate::text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

const COLUMNS: &[&str] = &["name", "record_id", "web_url"];
const READ: &[&str] = &["record_permission:read", "object_configuration:read"];
const WRITE: &[&str] = &["record_permission:read-write", "object_configuration:read"];

const RECORD: &[Reference] = &[Reference { field: "record_id", to: To::RecordIn("object") }];

/// Values by attribute slug.
pub type Values = Map<String, Value>;

/// List the records that fit a filter
///
/// Sees every write at once, unlike search.
#[derive(Debug, clap::Args, Serialize)]
pub struct Query {
    /// Object, such as companies
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// Filter in Attio's language, as JSON
    #[arg(long = "filter-json", value_name = "JSON", value_parser = text::json)]
    pub filter: Option<Value>,
    /// Sorts in Attio's language, as JSON
    #[arg(long = "sorts-json", value_name = "JSON", value_parser = text::json)]
    pub sorts: Option<Value>,
}

impl Endpoint for Query {
    const OPERATION: Operation = Operation {
        effect: Effect::Read,
        paging: Paging::Body { max: 500, order: &["created_at", "record_id"] },
        body: Body::Bare,
        scopes: READ,
        columns: COLUMNS,
        ..Operation::new("records query", Method::Post, "/v2/objects/{object}/records/query")
    };
}

/// Find records by name, domain, email or phone, fuzzily
///
/// Lags behind writes, and gives 25 hits at most. query misses nothing.
#[derive(Debug, clap::Args, Serialize)]
pub struct Search {
    /// Up to 256 characters; none for Attio's own choice
    #[arg(long, default_value = "")]
    pub query: String,
    /// Object to search (repeatable)
    #[arg(long = "object", value_name = "OBJECT", value_parser = text::slug, required = true)]
    pub objects: Vec<String>,
    /// Whose permissions apply
    #[arg(skip)]
    pub request_as: RequestAs,
    /// Hits at the most, 1 to 25
    #[arg(long, default_value_t = 25)]
    pub limit: usize,
}

/// Whose permissions a search has.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum RequestAs {
    /// The whole workspace's.
    #[default]
    Workspace,
}

impl Endpoint for Search {
    const OPERATION: Operation = Operation {
        effect: Effect::Read,
        body: Body::Bare,
        scopes: READ,
        columns: &["record_text", "object_slug", "record_id"],
        ..Operation::new("records search", Method::Post, "/v2/objects/records/search")
    };
}

/// Show a record
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// Object, such as companies
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// The record (UUID, Attio URL, email, domain or name:Exact Name)
    #[arg(value_name = "REF")]
    pub record_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation = Operation {
        scopes: READ,
        columns: COLUMNS,
        references: RECORD,
        ..Operation::new("records get", Method::Get, "/v2/objects/{object}/records/{record_id}")
    };
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
    #[arg(long, value_name = "JSON", value_parser = text::object, required_unless_present = "data")]
    pub values: Option<Values>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation {
        scopes: WRITE,
        columns: COLUMNS,
        ..Operation::new("records create", Method::Post, "/v2/objects/{object}/records")
    };
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
    #[arg(long, value_name = "JSON", value_parser = text::object, required_unless_present = "data")]
    pub values: Option<Values>,
}

impl Endpoint for Upsert {
    const OPERATION: Operation = Operation {
        query: &["matching_attribute"],
        scopes: WRITE,
        columns: COLUMNS,
        ..Operation::new("records upsert", Method::Put, "/v2/objects/{object}/records")
    };
}

/// Update a record, adding to multiselect attributes
///
/// A repeat changes nothing.
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    /// Object, such as companies
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// The record (UUID, Attio URL, email, domain or name:Exact Name)
    #[arg(value_name = "REF")]
    pub record_id: String,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = text::object, required_unless_present = "data")]
    pub values: Option<Values>,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation {
        scopes: WRITE,
        columns: COLUMNS,
        references: RECORD,
        ..Operation::new("records update", Method::Patch, "/v2/objects/{object}/records/{record_id}")
    };
}

/// Update a record, replacing multiselect attributes
#[derive(Debug, clap::Args, Serialize)]
pub struct Replace {
    /// Object, such as companies
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// The record (UUID, Attio URL, email, domain or name:Exact Name)
    #[arg(value_name = "REF")]
    pub record_id: String,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = text::object, required_unless_present = "data")]
    pub values: Option<Values>,
}

impl Endpoint for Replace {
    const OPERATION: Operation = Operation {
        scopes: WRITE,
        columns: COLUMNS,
        references: RECORD,
        ..Operation::new("records replace", Method::Put, "/v2/objects/{object}/records/{record_id}")
    };
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
        Op::of::<Query>("query"),
        Op::of::<Search>("search"),
        Op::of::<Get>("get"),
        Op::of::<Create>("create"),
        Op::of::<Upsert>("upsert"),
        Op::of::<Update>("update"),
        Op::of::<Replace>("replace"),
    ],
};
