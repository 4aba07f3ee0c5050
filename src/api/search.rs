//! `records search`: the one fuzzy operation.

use super::Endpoint;
use crate::client::operation::{Body, Effect, Operation, Paging, Reference, To};
use crate::error::Error;
use crate::identity;
use crate::input::Line;
use crate::text;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Find records by name, domain, email or phone, fuzzily
///
/// Lags behind writes, and gives 25 hits at most. query misses nothing.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Search {
    /// Up to 256 characters; none for Attio's own choice
    #[arg(long)]
    pub query: Option<Line>,
    /// Object to search (repeatable)
    #[arg(long = "object", value_name = "OBJECT", value_parser = text::slug, required_unless_present = "data")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
    /// Whose permissions apply: workspace, or a member (address, name or me) [default: workspace]
    #[arg(long, value_name = "WHO", value_parser = request_as)]
    pub request_as: Option<RequestAs>,
    /// Maximum number of hits, 1 to 25 [default: 25]
    #[arg(long, value_name = "N", value_parser = hits)]
    pub limit: Option<usize>,
}

/// Whose permissions a search has.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum RequestAs {
    /// The whole workspace's.
    Workspace,
    /// A member's.
    #[serde(rename = "workspace-member")]
    Member {
        /// UUID.
        workspace_member_id: String,
    },
    /// A member's, by address.
    #[serde(rename = "workspace-member")]
    Address {
        /// Login address.
        email_address: String,
    },
}

impl Endpoint for Search {
    const OPERATION: Operation = Operation::post("records search", "/v2/objects/records/search")
        .scopes(&["record_permission:read", "object_configuration:read"])
        .columns(&["record_text", "object_slug", "record_id"])
        .rows(Paging::Capped { max: 25 })
        .effect(Effect::Read)
        .body(Body::Bare)
        .beta()
        .references(&[Reference { field: "request_as", to: To::Member }])
        .wire(asked);
}

fn request_as(who: &str) -> Result<RequestAs, String> {
    if who == "workspace" {
        return Ok(RequestAs::Workspace);
    }
    if let Ok(email_address) = identity::email(who) {
        return Ok(RequestAs::Address { email_address });
    }
    text::member(who).map(|workspace_member_id| RequestAs::Member { workspace_member_id })
}

fn hits(number: &str) -> Result<usize, String> {
    let number = number.parse().ok().filter(|number| (1..=25).contains(number));
    number.ok_or_else(|| "not a number from 1 to 25".to_owned())
}

/// Attio wants to be asked something, and for whom.
fn asked(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    fields.entry("query").or_insert_with(|| "".into());
    fields.entry("request_as").or_insert_with(|| json!({"type": "workspace"}));
    Ok(fields)
}
