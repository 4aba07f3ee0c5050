//! Options of select attributes.

use super::groups::{AttributePath, READ, WRITE};
use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Paging};
use crate::input::Line;
use serde::{Deserialize, Serialize};

const COLUMNS: &[&str] = &["title", "is_archived", "option_id"];

/// List the options of a select attribute
#[derive(Debug, clap::Args, Serialize)]
pub struct List {
    #[command(flatten)]
    #[serde(flatten)]
    pub of: AttributePath,
    /// Archived ones, too
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub show_archived: bool,
}

impl Endpoint for List {
    const OPERATION: Operation =
        Operation::get("options list", "/v2/{target}/{identifier}/attributes/{attribute}/options")
            .scopes(READ)
            .columns(COLUMNS)
            .rows(Paging::Whole);
}

/// Add an option to a select attribute
#[derive(Debug, clap::Args, Serialize)]
pub struct Create {
    #[command(flatten)]
    #[serde(flatten)]
    pub of: AttributePath,
    /// What people call it
    #[arg(long, required_unless_present = "data")]
    pub title: Option<Line>,
}

impl Endpoint for Create {
    const OPERATION: Operation =
        Operation::post("options create", "/v2/{target}/{identifier}/attributes/{attribute}/options")
            .scopes(WRITE)
            .columns(COLUMNS)
            .check("options list {target} {identifier} {attribute}");
}

/// Rename an option, archive it or bring it back
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    #[command(flatten)]
    #[serde(flatten)]
    pub of: AttributePath,
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
    const OPERATION: Operation = Operation::patch(
        "options update",
        "/v2/{target}/{identifier}/attributes/{attribute}/options/{option}",
    )
    .scopes(WRITE)
    .columns(COLUMNS)
    .check("options list {target} {identifier} {attribute}")
    .renames();
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
    about: "Options of select attributes",
    ops: &[
        Op::of::<List>("list", "options list objects companies categories"),
        Op::of::<Create>("create", "options create objects companies categories --title Robotics"),
        Op::of::<Update>(
            "update",
            "options update objects companies categories Media --title 'Media & Press'",
        ),
    ],
};
