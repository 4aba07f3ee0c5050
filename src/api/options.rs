//! Options of select attributes.

use super::attributes::{READ, Target, WRITE};
use super::{Endpoint, Op, Resource};
use crate::client::request::{Answer, Method, Operation, Paging};
use crate::input::Line;
use crate::text;
use serde::{Deserialize, Serialize};

const COLUMNS: &[&str] = &["title", "is_archived", "option_id"];

/// List the options of a select attribute
#[derive(Debug, clap::Args, Serialize)]
pub struct List {
    /// Of an object or of a list
    #[arg(value_enum)]
    pub target: Target,
    /// Slug or ID of the object or list
    #[arg(value_parser = text::slug)]
    pub identifier: String,
    /// Slug or ID of the attribute
    #[arg(value_parser = text::slug)]
    pub attribute: String,
    /// Archived ones, too
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub show_archived: bool,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation {
        answer: Answer::Rows(Paging::Whole),
        scopes: READ,
        columns: COLUMNS,
        ..Operation::new(
            "options list",
            Method::Get,
            "/v2/{target}/{identifier}/attributes/{attribute}/options",
        )
    };
}

/// Add an option to a select attribute
#[derive(Debug, clap::Args, Serialize)]
pub struct Create {
    /// Of an object or of a list
    #[arg(value_enum)]
    pub target: Target,
    /// Slug or ID of the object or list
    #[arg(value_parser = text::slug)]
    pub identifier: String,
    /// Slug or ID of the attribute
    #[arg(value_parser = text::slug)]
    pub attribute: String,
    /// What people call it
    #[arg(long, required_unless_present = "data")]
    pub title: Option<Line>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation {
        scopes: WRITE,
        columns: COLUMNS,
        ..Operation::new(
            "options create",
            Method::Post,
            "/v2/{target}/{identifier}/attributes/{attribute}/options",
        )
    };
}

/// Rename an option, archive it or bring it back
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    /// Of an object or of a list
    #[arg(value_enum)]
    pub target: Target,
    /// Slug or ID of the object or list
    #[arg(value_parser = text::slug)]
    pub identifier: String,
    /// Slug or ID of the attribute
    #[arg(value_parser = text::slug)]
    pub attribute: String,
    /// Title or ID of the option
    pub option: String,
    /// What people call it
    #[arg(long)]
    pub title: Option<Line>,
    /// Archived options cannot be chosen any more
    #[arg(long, value_name = "BOOL")]
    pub is_archived: Option<bool>,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation {
        renames: true,
        scopes: WRITE,
        columns: COLUMNS,
        ..Operation::new(
            "options update",
            Method::Patch,
            "/v2/{target}/{identifier}/attributes/{attribute}/options/{option}",
        )
    };
}

/// An option or a status.
#[derive(Debug, Deserialize)]
pub struct Choice {
    /// IDs.
    pub id: ChoiceId,
    /// What people call it.
    pub title: String,
    /// It was put away.
    #[serde(default)]
    pub is_archived: bool,
}

/// The ID of an option or a status.
#[derive(Debug, Deserialize)]
pub struct ChoiceId {
    /// UUID.
    #[serde(alias = "status_id")]
    pub option_id: String,
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "options",
    about: "What a select attribute allows",
    ops: &[Op::of::<List>("list"), Op::of::<Create>("create"), Op::of::<Update>("update")],
};
