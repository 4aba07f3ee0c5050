//! Comments on records and list entries. What belongs together is a thread.

use super::groups::Content;
use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Reference, To};
use crate::error::Error;
use crate::identity;
use crate::text;
use clap::ArgGroup;
use serde::Serialize;
use serde_json::{Map, Value, json};

const COLUMNS: &[&str] = &["created_at", "content_plaintext", "author", "comment_id"];

/// Comment on a record or a list entry, or answer in a thread
///
/// A second run comments a second time. For a record the key needs record_permission:read and
/// object_configuration:read as well, for an entry list_entry:read and list_configuration:read.
#[derive(Debug, Default, clap::Args, Serialize)]
#[command(group(ArgGroup::new("topic").args(["thread_id", "record", "entry_id", "data"]).required(true).multiple(true)))]
pub struct Create {
    #[command(flatten)]
    #[serde(flatten)]
    pub content: Content,
    /// Member who says it (address, name or me): a key has no voice of its own
    #[arg(long, value_name = "MEMBER", value_parser = text::member, required_unless_present = "data")]
    pub author: Option<String>,
    /// Thread to answer in
    #[arg(long, value_name = "ID", value_parser = text::uuid)]
    pub thread_id: Option<String>,
    /// Record to comment on (a person, a company, or OBJECT:REF)
    #[arg(long, value_name = "REF", conflicts_with = "thread_id")]
    pub record: Option<String>,
    /// List of the entry, by slug or ID
    #[arg(long, requires = "entry_id", conflicts_with_all = ["thread_id", "record"], value_parser = text::slug)]
    pub list: Option<String>,
    /// List entry to comment on
    #[arg(long, value_name = "ID", value_parser = text::uuid, requires = "list",
          conflicts_with_all = ["thread_id", "record"])]
    pub entry_id: Option<String>,
    /// When it was said, for comments of the past (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = identity::time, allow_hyphen_values = true)]
    pub created_at: Option<String>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("comments create", "/v2/comments")
        .scopes(&["comment:read-write"])
        .columns(COLUMNS)
        .check(
            "threads get {thread_id} \
             | threads list --record {record.record_id} --object {record.object} --all \
             | threads list --list {list} --entry-id {entry_id} --all",
        )
        .references(&[
            Reference { field: "record", to: To::Record },
            Reference { field: "author", to: To::Member },
        ])
        .wire(nested);
}

/// Author and entry as Attio nests them.
fn nested(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    fields.entry("format").or_insert(json!("plaintext"));
    if let Some(author @ Value::String(_)) = fields.get_mut("author") {
        *author = json!({"type": "workspace-member", "id": author.take()});
    }
    if let (Some(list), Some(id)) = (fields.shift_remove("list"), fields.shift_remove("entry_id")) {
        fields.insert("entry".to_owned(), json!({"list": list, "entry_id": id}));
    }
    Ok(fields)
}

/// Show a comment
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// The comment
    #[arg(value_parser = text::uuid)]
    pub comment_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation = Operation::get("comments get", "/v2/comments/{comment_id}")
        .scopes(&["comment:read"])
        .columns(COLUMNS);
}

/// Delete a comment permanently, and with the first one its whole thread
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    /// The comment
    #[arg(value_parser = text::uuid)]
    pub comment_id: String,
}

impl Endpoint for Delete {
    const OPERATION: Operation =
        Operation::delete("comments delete", "/v2/comments/{comment_id}").scopes(&["comment:read-write"]);
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "comments",
    about: "Comments on records and list entries",
    ops: &[
        Op::of::<Create>(
            "create",
            "comments create --record acme.com --author ada@example.com --content 'Who calls?'",
        ),
        Op::of::<Get>("get", "comments get b0de93ff-cb89-5ce4-9f66-2e97db4901f8"),
        Op::of::<Delete>("delete", "comments delete 4f68bb76-17cf-5bf8-abe0-4d2d1bd4911d"),
    ],
};
