//! Threads: the comments on a record or a list entry that belong together.

use super::groups::OfRecord;
use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Paging, Reference, To};
use crate::identity;
use crate::text;
use serde::Serialize;

const COLUMNS: &[&str] = &["created_at", "comments", "thread_id"];

/// List the threads on a record or a list entry
///
/// For a record the key needs record_permission:read and object_configuration:read as well, for an
/// entry list_entry:read and list_configuration:read.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct List {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: OfRecord,
    /// List of the entry, by slug or ID
    #[arg(long, requires = "entry_id", conflicts_with = "object", value_parser = text::slug)]
    pub list: Option<String>,
    /// Only threads on this entry
    #[arg(long, value_name = "ID", requires = "list", conflicts_with = "record_id", value_parser = text::uuid)]
    pub entry_id: Option<String>,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation::get("threads list", "/v2/threads")
        .scopes(&["comment:read"])
        .columns(COLUMNS)
        .rows(Paging::Query { usual: 10, min: 1, max: 50, documented: true })
        .references(&[Reference { field: "record_id", to: To::RecordIn("object") }]);
}

/// Show a thread with its comments, oldest first, up to 250
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// The thread
    #[arg(value_parser = text::uuid)]
    pub thread_id: String,
    /// Only comments after this time (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = identity::time, allow_hyphen_values = true)]
    pub created_after: Option<String>,
    /// Where to go on in a long thread, as the answer before said
    #[arg(long)]
    pub cursor: Option<String>,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("threads get", "/v2/threads/{thread_id}").scopes(&["comment:read"]).columns(COLUMNS);
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "threads",
    about: "Threads of comments on records and list entries",
    ops: &[
        Op::of::<List>("list", "threads list --record acme.com"),
        Op::of::<Get>("get", "threads get b0de93ff-cb89-5ce4-9f66-2e97db4901f8"),
    ],
};
