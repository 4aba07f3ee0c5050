//! Records of any object. Their values are JSON, because each workspace defines its own.

use super::{Endpoint, Resource};
use crate::client::request::{Body, Effect, Method, Operation, Paging};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

const COLUMNS: &[&str] = &["name", "record_id", "web_url"];
const READ: &[&str] = &["record_permission:read", "object_configuration:read"];
const WRITE: &[&str] = &["record_permission:read-write", "object_configuration:read"];

/// Values by attribute slug.
pub type Values = Map<String, Value>;

/// Lists the records that fit a filter. Sees every write at once, unlike [`Search`].
#[derive(Debug, Serialize)]
pub struct Query {
    /// Slug or ID of the object.
    pub object: String,
    /// Attio's filter language; all records if unset.
    pub filter: Option<Value>,
    /// Attio's sorts; ascending record ID if unset.
    pub sorts: Option<Value>,
}

impl Query {
    /// An order that no write disturbs, for reading everything page by page.
    pub fn stable_order() -> Value {
        json!([
            {"direction": "asc", "attribute": "created_at"},
            {"direction": "asc", "attribute": "record_id"}
        ])
    }
}

impl Endpoint for Query {
    const OPERATION: Operation = Operation {
        effect: Effect::Read,
        paging: Paging::Body { max: 500 },
        body: Body::Bare,
        scopes: READ,
        columns: COLUMNS,
        ..Operation::new("records query", Method::Post, "/v2/objects/{object}/records/query")
    };
}

/// Finds records by name, domain, email or phone, fuzzily. Lags behind writes; at most 25 hits.
#[derive(Debug, Serialize)]
pub struct Search {
    /// Up to 256 characters.
    pub query: String,
    /// Slugs or IDs of objects, at least one.
    pub objects: Vec<String>,
    /// Whose permissions apply; Attio requires it.
    pub request_as: RequestAs,
    /// 1 to 25.
    pub limit: usize,
}

/// Whose permissions a search has.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum RequestAs {
    /// The whole workspace's.
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

/// Gets a record.
#[derive(Debug, Serialize)]
pub struct Get {
    /// Slug or ID of the object.
    pub object: String,
    /// The record.
    pub record_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation = Operation {
        scopes: READ,
        columns: COLUMNS,
        ..Operation::new("records get", Method::Get, "/v2/objects/{object}/records/{record_id}")
    };
}

/// Creates a record. Refused when a unique value exists already.
#[derive(Debug, Serialize)]
pub struct Create {
    /// Slug or ID of the object.
    pub object: String,
    /// What to write.
    pub values: Values,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation {
        scopes: WRITE,
        columns: COLUMNS,
        ..Operation::new("records create", Method::Post, "/v2/objects/{object}/records")
    };
}

/// Updates the record with the same value of a unique attribute, or creates it.
#[derive(Debug, Serialize)]
pub struct Upsert {
    /// Slug or ID of the object.
    pub object: String,
    /// Slug or ID of the unique attribute, whose value must be among `values`.
    pub matching_attribute: String,
    /// What to write.
    pub values: Values,
}

impl Endpoint for Upsert {
    const OPERATION: Operation = Operation {
        query: &["matching_attribute"],
        scopes: WRITE,
        columns: COLUMNS,
        ..Operation::new("records upsert", Method::Put, "/v2/objects/{object}/records")
    };
}

/// Updates a record; values of multiselect attributes are added in front. A repeat changes nothing.
#[derive(Debug, Serialize)]
pub struct Update {
    /// Slug or ID of the object.
    pub object: String,
    /// The record.
    pub record_id: String,
    /// What to write.
    pub values: Values,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation {
        scopes: WRITE,
        columns: COLUMNS,
        ..Operation::new("records update", Method::Patch, "/v2/objects/{object}/records/{record_id}")
    };
}

/// Updates a record; values of multiselect attributes replace the old ones.
#[derive(Debug, Serialize)]
pub struct Replace {
    /// Slug or ID of the object.
    pub object: String,
    /// The record.
    pub record_id: String,
    /// What to write.
    pub values: Values,
}

impl Endpoint for Replace {
    const OPERATION: Operation = Operation {
        scopes: WRITE,
        columns: COLUMNS,
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
    operations: &[
        &Query::OPERATION,
        &Search::OPERATION,
        &Get::OPERATION,
        &Create::OPERATION,
        &Upsert::OPERATION,
        &Update::OPERATION,
        &Replace::OPERATION,
    ],
};
