//! SQL over the workspace's records. It only reads.

use super::{Endpoint, Op, Resource};
use crate::client::limit::Lane;
use crate::client::request::{Body, Effect, Method, Operation, Stage};
use crate::text;
use serde::Serialize;

/// Read records with SQL
///
/// Attio offers it on the Enterprise plan.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Query {
    /// The statement itself, @FILE or - for standard input
    #[arg(long, value_name = "TEXT", value_parser = text::content, required_unless_present = "data")]
    pub sql: Option<String>,
}

impl Endpoint for Query {
    const OPERATION: Operation = Operation {
        stage: Stage::Beta,
        effect: Effect::Read,
        lane: Some(Lane::Sql),
        body: Body::Bare,
        scopes: &["record_permission:read", "object_configuration:read"],
        ..Operation::new("sql query", Method::Post, "/v2/sql")
    };
}

/// The operations of this file.
pub const RESOURCE: Resource =
    Resource { name: "sql", about: "SQL over the workspace's records", ops: &[Op::of::<Query>("query")] };
