//! Tasks.

use super::{Endpoint, Op, Resource};
use crate::client::request::{Method, Operation, Paging, Reference, To};
use serde::Serialize;

/// Orders of a task list.
#[derive(Clone, Copy, Debug, Serialize, clap::ValueEnum)]
pub enum Sort {
    /// Oldest first
    #[serde(rename = "created_at:asc")]
    #[value(name = "created_at:asc")]
    CreatedAsc,
    /// Newest first
    #[serde(rename = "created_at:desc")]
    #[value(name = "created_at:desc")]
    CreatedDesc,
    /// First completed first
    #[serde(rename = "completed_at:asc")]
    #[value(name = "completed_at:asc")]
    CompletedAsc,
    /// Last completed first
    #[serde(rename = "completed_at:desc")]
    #[value(name = "completed_at:desc")]
    CompletedDesc,
}

/// List tasks
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct List {
    /// Object of the linked record
    #[arg(long, value_name = "OBJECT", requires = "linked_record_id")]
    pub linked_object: Option<String>,
    /// Only tasks linked to this record
    #[arg(long, value_name = "REF", requires = "linked_object")]
    pub linked_record_id: Option<String>,
    /// Only open (false) or completed (true) ones
    #[arg(long, value_name = "BOOL")]
    pub is_completed: Option<bool>,
    /// Order
    #[arg(long, value_enum)]
    pub sort: Option<Sort>,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation {
        paging: Paging::Query { min: 1, max: 500 },
        scopes: &["task:read", "object_configuration:read", "record_permission:read", "user_management:read"],
        columns: &["content_plaintext", "deadline_at", "is_completed", "task_id"],
        references: &[Reference { field: "linked_record_id", to: To::RecordIn("linked_object") }],
        ..Operation::new("tasks list", Method::Get, "/v2/tasks")
    };
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource { name: "tasks", about: "Tasks", ops: &[Op::of::<List>("list")] };
