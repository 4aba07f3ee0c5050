//! Notes on records.

use super::groups::{Content, Parent};
use super::{Endpoint, Op, Resource};
use crate::client::limit::Lane;
use crate::client::operation::{Operation, Paging, Reference, To};
use crate::identity;
use crate::input::{FileText, Line, Text};
use crate::text;
use clap::ArgGroup;
use serde::Serialize;

const COLUMNS: &[&str] = &["created_at", "title", "parent_name", "content_plaintext", "note_id"];
const READ: &[&str] = &["note:read", "object_configuration:read", "record_permission:read"];

/// How a note's content is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// As it is.
    #[default]
    Plaintext,
    /// Headings, lists, bold, italic, strikethrough, highlight and links.
    Markdown,
}

/// A note's record: its object in one field, the record in another.
const PARENT: &[Reference] = &[Reference { field: "parent_record_id", to: To::RecordIn("parent_object") }];

/// List notes, newest first
///
/// Attio lists the oldest first, so they are read from the end.
#[derive(Debug, clap::Args, Serialize)]
pub struct List {
    #[command(flatten)]
    #[serde(flatten)]
    pub parent: Parent,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation::get("notes list", "/v2/notes")
        .scopes(READ)
        .columns(COLUMNS)
        .lane(Lane::Notes)
        .rows(Paging::Query { usual: 10, min: 1, max: 50, documented: true })
        .references(PARENT)
        .oldest_first();
}

/// Create a note
///
/// Repeating creates another note.
#[derive(Debug, clap::Args, Serialize)]
#[command(group(ArgGroup::new("whose").args(["parent_record_id", "data"]).required(true).multiple(true)))]
pub struct Create {
    #[command(flatten)]
    #[serde(flatten)]
    pub parent: Parent,
    /// Title, plain text
    #[arg(long, required_unless_present = "data")]
    pub title: Option<Line>,
    /// How the content is written
    #[arg(long, value_enum, required_unless_present = "data")]
    pub format: Option<Format>,
    #[command(flatten)]
    #[serde(flatten)]
    pub content: Content,
    /// When it was written, for notes of the past (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = identity::time, allow_hyphen_values = true)]
    pub created_at: Option<String>,
    /// Meeting it belongs to
    #[arg(long, value_name = "ID", value_parser = text::meeting)]
    pub meeting_id: Option<String>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("notes create", "/v2/notes")
        .scopes(&["note:read-write", "object_configuration:read", "record_permission:read"])
        .columns(COLUMNS)
        .check("list-notes {parent_record_id} --object {parent_object} --limit 5")
        .references(PARENT);
}

/// Show a note
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// The note
    #[arg(value_parser = text::note)]
    pub note_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("notes get", "/v2/notes/{note_id}").scopes(READ).columns(COLUMNS);
}

/// Change the title or the content of a note
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    /// The note
    #[arg(value_parser = text::note)]
    pub note_id: String,
    /// Title, plain text
    #[arg(long)]
    pub title: Option<Line>,
    /// How the content is written
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// New text, or - for standard input
    #[arg(long, value_name = "TEXT", requires = "format")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Text>,
    /// File to read the new text from
    #[arg(long, value_name = "FILE", requires = "format", conflicts_with = "content")]
    #[serde(rename = "content", skip_serializing_if = "Option::is_none")]
    pub content_file: Option<FileText>,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation::patch("notes update", "/v2/notes/{note_id}")
        .scopes(&["note:read-write", "object_configuration:read", "record_permission:read"])
        .columns(COLUMNS);
}

/// Delete a note permanently
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    /// The note
    #[arg(value_parser = text::note)]
    pub note_id: String,
}

impl Endpoint for Delete {
    const OPERATION: Operation =
        Operation::delete("notes delete", "/v2/notes/{note_id}").scopes(&["note:read-write"]);
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "notes",
    about: "Notes on records",
    ops: &[
        Op::of::<List>("list", "notes list --record acme.com --limit 3"),
        Op::of::<Create>(
            "create",
            "notes create --record acme.com --title Offer --format plaintext --content Signed",
        ),
        Op::of::<Get>("get", "notes get 7c80c01d-1162-5be8-86bd-ed332749d408"),
        Op::of::<Update>("update", "notes update 7c80c01d-1162-5be8-86bd-ed332749d408 --title 'First call'"),
        Op::of::<Delete>("delete", "notes delete 7c80c01d-1162-5be8-86bd-ed332749d408"),
    ],
};
