//! Tasks.

use super::groups::{Content, LinkedTo};
use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Paging, Reference, To};
use crate::error::Error;
use crate::identity;
use crate::text;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// In the place of a member: those that are nobody's.
pub const NOBODY: &str = "null";

const COLUMNS: &[&str] =
    &["content_plaintext", "linked_records", "assignees", "deadline_at", "is_completed", "task_id"];
const READ: &[&str] =
    &["task:read", "object_configuration:read", "record_permission:read", "user_management:read"];
const WRITE: &[&str] =
    &["task:read-write", "object_configuration:read", "record_permission:read", "user_management:read"];

const LINKED: &[Reference] = &[
    Reference { field: "linked_records", to: To::Record },
    Reference { field: "assignees", to: To::Assignees },
];

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
    #[command(flatten)]
    #[serde(flatten)]
    pub linked: LinkedTo,
    /// Only tasks of this member (address, name or me), or null for those of nobody
    #[arg(long, value_name = "MEMBER", value_parser = text::member)]
    pub assignee: Option<String>,
    /// Only open (false) or completed (true) ones
    #[arg(long, value_name = "BOOL")]
    pub is_completed: Option<bool>,
    /// Order
    #[arg(long, value_enum)]
    pub sort: Option<Sort>,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation::get("tasks list", "/v2/tasks")
        .scopes(READ)
        .columns(COLUMNS)
        .rows(Paging::Query { usual: 500, min: 1, max: 500, documented: false })
        .references(&[
            Reference { field: "linked_record_id", to: To::RecordIn("linked_object") },
            Reference { field: "assignee", to: To::Assignees },
        ]);
}

// Where a task stands. No doc comment: it would become the help of each command that has it.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct State {
    /// When it is due: a time or a date, or such as +3d, +2h, tomorrow, friday; a date means the end of that day
    #[arg(long, value_name = "TIME", value_parser = identity::deadline, allow_hyphen_values = true)]
    pub deadline_at: Option<String>,
    /// Whether it is done [default of a new one: false]
    #[arg(long, value_name = "BOOL")]
    pub is_completed: Option<bool>,
}

/// Create a task
///
/// Repeating creates another task.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Create {
    #[command(flatten)]
    #[serde(flatten)]
    pub content: Content,
    #[command(flatten)]
    #[serde(flatten)]
    pub state: State,
    /// Record it is about (repeatable; a person, a company, or OBJECT:REF)
    #[arg(long = "record", value_name = "REF")]
    pub linked_records: Option<Vec<String>>,
    /// Member who is to do it (repeatable; address, name or me)
    #[arg(long = "assignee", value_name = "MEMBER", value_parser = text::member)]
    pub assignees: Option<Vec<String>>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("tasks create", "/v2/tasks")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("tasks list --sort created_at:desc --limit 5")
        .references(LINKED)
        .wire(complete);
}

/// Show a task
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// The task
    #[arg(value_parser = text::task)]
    pub task_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("tasks get", "/v2/tasks/{task_id}").scopes(READ).columns(COLUMNS);
}

/// Change a task
///
/// --data '{"deadline_at": null}' takes the deadline away.
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    /// The task
    #[arg(value_parser = text::task)]
    pub task_id: String,
    #[command(flatten)]
    #[serde(flatten)]
    pub state: State,
    /// Record it is about, in place of all before (repeatable)
    #[arg(long = "record", value_name = "REF")]
    pub linked_records: Option<Vec<String>>,
    /// Member who is to do it, in place of all before (repeatable; address, name or me)
    #[arg(long = "assignee", value_name = "MEMBER", value_parser = text::member)]
    pub assignees: Option<Vec<String>>,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation::patch("tasks update", "/v2/tasks/{task_id}")
        .scopes(WRITE)
        .columns(COLUMNS)
        .references(LINKED)
        .wire(named);
}

/// Delete a task permanently
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    /// The task
    #[arg(value_parser = text::task)]
    pub task_id: String,
}

impl Endpoint for Delete {
    const OPERATION: Operation =
        Operation::delete("tasks delete", "/v2/tasks/{task_id}").scopes(&["task:read-write"]);
}

/// Attio wants all six fields, even those with nothing in them.
fn complete(fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let mut fields = named(fields)?;
    for (name, value) in [
        ("format", json!("plaintext")),
        ("deadline_at", Value::Null),
        ("is_completed", json!(false)),
        ("linked_records", json!([])),
        ("assignees", json!([])),
    ] {
        fields.entry(name).or_insert(value);
    }
    Ok(fields)
}

/// Records and members under the names they have in tasks.
fn named(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    for record in items(&mut fields, "linked_records") {
        if let (Some(object), Some(id)) = (record.get("object"), record.get("record_id")) {
            *record = json!({"target_object": object, "target_record_id": id});
        }
    }
    for member in items(&mut fields, "assignees") {
        let Value::String(name) = &member else { continue };
        *member = match text::uuid(name) {
            Ok(id) => json!({"referenced_actor_type": "workspace-member", "referenced_actor_id": id}),
            Err(_) => json!({"workspace_member_email_address": name}),
        };
    }
    Ok(fields)
}

fn items<'f>(fields: &'f mut Map<String, Value>, name: &str) -> impl Iterator<Item = &'f mut Value> {
    fields.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "tasks",
    about: "Tasks",
    ops: &[
        Op::of::<List>("list", "tasks list --assignee ada@example.com --is-completed false"),
        Op::of::<Create>(
            "create",
            "tasks create --content 'Send the offer' --deadline-at friday --record acme.com",
        ),
        Op::of::<Get>("get", "tasks get 985c6de5-1dae-58d0-a235-558a8feed345"),
        Op::of::<Update>("update", "tasks update 985c6de5-1dae-58d0-a235-558a8feed345 --is-completed true"),
        Op::of::<Delete>("delete", "tasks delete 985c6de5-1dae-58d0-a235-558a8feed345"),
    ],
};
