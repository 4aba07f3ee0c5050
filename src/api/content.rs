//! The text of a note, a task or a comment, as its flags give it.

use crate::input::{FileText, Text};
use serde::Serialize;

// No doc comment: it would become the help of each command that has it.
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
