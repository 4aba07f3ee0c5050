//! Notes on records.

use super::{Endpoint, Resource};
use crate::client::limit::Lane;
use crate::client::request::{Method, Operation, Paging};
use serde::Serialize;

const COLUMNS: &[&str] = &["created_at", "title", "content_plaintext", "note_id"];
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

/// Lists the notes of a record, oldest first: there is no sort.
#[derive(Debug, Serialize)]
pub struct List {
    /// Slug or ID of the record's object.
    pub parent_object: String,
    /// The record.
    pub parent_record_id: String,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation {
        lane: Some(Lane::Notes),
        paging: Paging::Query { max: 50 },
        scopes: READ,
        columns: COLUMNS,
        ..Operation::new("notes list", Method::Get, "/v2/notes")
    };
}

/// Creates a note. A repeat makes a second one.
#[derive(Debug, Serialize)]
pub struct Create {
    /// Slug or ID of the record's object.
    pub parent_object: String,
    /// The record.
    pub parent_record_id: String,
    /// Plain text.
    pub title: String,
    /// How `content` is written.
    pub format: Format,
    /// The text, byte for byte.
    pub content: String,
    /// RFC 3339, from 1970 to now; now if unset.
    pub created_at: Option<String>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation {
        scopes: &["note:read-write", "object_configuration:read", "record_permission:read"],
        columns: COLUMNS,
        ..Operation::new("notes create", Method::Post, "/v2/notes")
    };
}

/// Gets a note.
#[derive(Debug, Serialize)]
pub struct Get {
    /// The note.
    pub note_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation = Operation {
        scopes: READ,
        columns: COLUMNS,
        ..Operation::new("notes get", Method::Get, "/v2/notes/{note_id}")
    };
}

/// Deletes a note for good.
#[derive(Debug, Serialize)]
pub struct Delete {
    /// The note.
    pub note_id: String,
}

impl Endpoint for Delete {
    const OPERATION: Operation = Operation {
        scopes: &["note:read-write"],
        ..Operation::new("notes delete", Method::Delete, "/v2/notes/{note_id}")
    };
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "notes",
    operations: &[&List::OPERATION, &Create::OPERATION, &Get::OPERATION, &Delete::OPERATION],
};
