//! SQL over the workspace's records. It only reads.

use super::{Endpoint, Op, Resource};
use crate::client::limit::Lane;
use crate::client::operation::{Body, Effect, Operation, Paging};
use crate::input::{FileText, Text};
use serde::Serialize;

/// Read records with SQL
///
/// Attio offers it on the Enterprise plan.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Query {
    /// Statement, or - for standard input
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["data", "sql_file"])]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<Text>,
    /// File to read the statement from
    #[arg(long, value_name = "FILE", conflicts_with = "sql")]
    #[serde(rename = "sql", skip_serializing_if = "Option::is_none")]
    pub sql_file: Option<FileText>,
}

impl Endpoint for Query {
    const OPERATION: Operation = Operation::post("sql query", "/v2/sql")
        .scopes(&["record_permission:read", "object_configuration:read"])
        .rows(Paging::Whole)
        .beta()
        .effect(Effect::Read)
        .lane(Lane::Sql)
        .body(Body::Bare);
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "sql",
    about: "SQL over the workspace's records",
    ops: &[Op::of::<Query>("query", "sql query --sql 'SELECT * FROM companies LIMIT 5'")],
};
