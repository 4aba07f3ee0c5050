//! Arguments that several operations share: what a path is made of, and the record something belongs to.

use crate::input::{FileText, Line, Text};
use crate::text;
use serde::Serialize;

/// Scopes for reading definitions: the first for objects, the second for lists.
pub(super) const READ: &[&str] = &["object_configuration:read", "list_configuration:read"];
/// Scopes for writing definitions: the first for objects, the second for lists.
pub(super) const WRITE: &[&str] = &["object_configuration:read-write", "list_configuration:read-write"];

/// What has attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// An object; the values are those of its records
    Objects,
    /// A list; the values are those of its entries
    Lists,
}

// None of these has a doc comment: it would become the help of each command that has them.

#[derive(Clone, Debug, clap::Args, Serialize)]
pub struct RecordPath {
    /// Object, such as companies
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// Record: UUID, Attio URL, email, domain or name:Exact Name
    #[arg(value_name = "REF")]
    pub record_id: String,
}

impl RecordPath {
    /// The record of `object` with this ID.
    pub fn new(object: &str, record_id: &str) -> Self {
        Self { object: object.to_owned(), record_id: record_id.to_owned() }
    }
}

#[derive(Clone, Debug, clap::Args, Serialize)]
pub struct ListPath {
    /// List: slug, title, ID or Attio URL
    pub list: Line,
}

#[derive(Clone, Debug, clap::Args, Serialize)]
pub struct EntryPath {
    /// List: slug, title, ID or Attio URL
    pub list: Line,
    /// Entry
    #[arg(value_parser = text::uuid)]
    pub entry_id: String,
}

#[derive(Clone, Debug, clap::Args, Serialize)]
pub struct TargetPath {
    /// Of an object or of a list
    #[arg(value_enum)]
    pub target: Target,
    /// Slug or ID of the object or list
    #[arg(value_parser = text::slug)]
    pub identifier: String,
}

#[derive(Clone, Debug, clap::Args, Serialize)]
pub struct AttributePath {
    /// Of an object or of a list
    #[arg(value_enum)]
    pub target: Target,
    /// Slug or ID of the object or list
    #[arg(value_parser = text::slug)]
    pub identifier: String,
    /// Slug or ID of the attribute
    #[arg(value_parser = text::slug)]
    pub attribute: String,
}

#[derive(Clone, Debug, clap::Args, Serialize)]
pub struct ActivityRecordPath {
    /// Activity, by slug or ID
    #[arg(value_parser = text::slug)]
    pub activity: String,
    /// Record of the activity
    #[arg(value_parser = text::uuid)]
    pub record_id: String,
}

/// Three ways in which Attio names the record that something belongs to. People name it in one; Attio's
/// words are taken, too.
macro_rules! of_record {
    ($name:ident { $object:ident = $object_alias:literal, $record:ident = $record_alias:literal }) => {
        #[derive(Clone, Debug, Default, clap::Args, Serialize)]
        pub struct $name {
            /// Object of the record, where REF does not tell
            #[arg(long = "object", alias = $object_alias, value_name = "OBJECT", value_parser = text::slug)]
            #[arg(requires = stringify!($record))]
            pub $object: Option<String>,
            /// Record: UUID, Attio URL, email, domain or name:Exact Name
            #[arg(long = "record", alias = $record_alias, value_name = "REF")]
            pub $record: Option<String>,
        }

        impl $name {
            /// The record of `object` with this ID.
            pub fn new(object: &str, record_id: &str) -> Self {
                Self { $object: Some(object.to_owned()), $record: Some(record_id.to_owned()) }
            }
        }
    };
}

of_record!(OfRecord { object = "parent-object", record_id = "record-id" });
of_record!(LinkedTo { linked_object = "linked-object", linked_record_id = "linked-record-id" });
of_record!(Parent { parent_object = "parent-object", parent_record_id = "parent-record-id" });

#[derive(Clone, Debug, Default, clap::Args, Serialize)]
pub struct Content {
    /// Text, or - for standard input
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["data", "content_file"])]
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Text>,
    /// File to read the text from
    #[arg(long, value_name = "FILE", conflicts_with = "content")]
    #[serde(rename = "content", skip_serializing_if = "Option::is_none")]
    content_file: Option<FileText>,
}

impl From<Option<Text>> for Content {
    fn from(content: Option<Text>) -> Self {
        Self { content, content_file: None }
    }
}
