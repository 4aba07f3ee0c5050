//! Tasks.

use super::{Endpoint, Resource};
use crate::client::request::{Method, Operation, Paging};
use serde::Serialize;

/// Lists tasks. `linked_object` and `linked_record_id` come together.
#[derive(Debug, Default, Serialize)]
pub struct List {
    /// Slug of the linked record's object.
    pub linked_object: Option<String>,
    /// Linked record.
    pub linked_record_id: Option<String>,
    /// Only open (false) or completed (true) ones.
    pub is_completed: Option<bool>,
    /// Order, such as `created_at:desc`.
    pub sort: Option<&'static str>,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation {
        paging: Paging::Query { max: 500 },
        scopes: &["task:read", "object_configuration:read", "record_permission:read", "user_management:read"],
        columns: &["content_plaintext", "deadline_at", "is_completed", "task_id"],
        ..Operation::new("tasks list", Method::Get, "/v2/tasks")
    };
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource { name: "tasks", operations: &[&List::OPERATION] };
