//! Objects: the kinds of records a workspace has.

use super::{Endpoint, Op, Resource};
use crate::client::request::{Method, Operation};
use serde::{Deserialize, Serialize};

/// List the objects that are switched on
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct List {}

impl Endpoint for List {
    const OPERATION: Operation = Operation {
        scopes: &["object_configuration:read"],
        columns: &["api_slug", "singular_noun", "plural_noun", "object_id"],
        ..Operation::new("objects list", Method::Get, "/v2/objects")
    };
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
pub const RESOURCE: Resource =
    Resource { name: "objects", about: "The kinds of records", ops: &[Op::of::<List>("list")] };
