//! The workspace and the key itself.

use super::{Endpoint, Op, Resource};
use crate::client::operation::Operation;
use serde::{Deserialize, Serialize};

/// Show the API key's workspace and scopes
///
/// A key that Attio does not know ends with exit code 4.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Current {}

impl Endpoint for Current {
    const OPERATION: Operation = Operation::get("self get", "/v2/self").identifies();
}

/// What the key is, as far as this program looks. This answer is not wrapped in `data`.
#[derive(Debug, Deserialize)]
pub struct Identity {
    /// The member who made the key, if Attio tells.
    #[serde(default)]
    pub authorized_by_workspace_member_id: Option<String>,
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "self",
    about: "The key and its workspace",
    ops: &[Op::of::<Current>("get", "self get")],
};
