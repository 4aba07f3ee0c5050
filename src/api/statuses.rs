//! Statuses of status attributes.

use super::groups::{AttributePath, READ, WRITE};
use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Paging};
use crate::input::Line;
use crate::text;
use serde::Serialize;

const COLUMNS: &[&str] = &["title", "is_archived", "celebration_enabled", "status_id"];

/// List the statuses of a status attribute
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
        Operation::get("statuses list", "/v2/{target}/{identifier}/attributes/{attribute}/statuses")
            .scopes(READ)
            .columns(COLUMNS)
            .rows(Paging::Whole);
}

/// Add a status to a status attribute
#[derive(Debug, clap::Args, Serialize)]
pub struct Create {
    #[command(flatten)]
    #[serde(flatten)]
    pub of: AttributePath,
    /// What people call it
    #[arg(long, required_unless_present = "data")]
    pub title: Option<Line>,
    #[command(flatten)]
    #[serde(flatten)]
    pub behaviour: Behaviour,
}

impl Endpoint for Create {
    const OPERATION: Operation =
        Operation::post("statuses create", "/v2/{target}/{identifier}/attributes/{attribute}/statuses")
            .scopes(WRITE)
            .columns(COLUMNS)
            .check("statuses list {target} {identifier} {attribute}");
}

// What goes with a status. No doc comment: it would become the help of each command that has it.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Behaviour {
    /// Celebrate when a record reaches this status [default of a new one: false]
    #[arg(long, value_name = "BOOL")]
    pub celebration_enabled: Option<bool>,
    /// Longest time a record should stay there, such as P14D or "2 weeks"
    #[arg(long, value_name = "DURATION", value_parser = text::duration)]
    pub target_time_in_status: Option<String>,
}

/// Change a status, archive it or bring it back
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    #[command(flatten)]
    #[serde(flatten)]
    pub of: AttributePath,
    /// Title or ID of the status
    pub status: String,
    /// What people call it
    #[arg(long)]
    pub title: Option<Line>,
    #[command(flatten)]
    #[serde(flatten)]
    pub behaviour: Behaviour,
    /// Archived statuses cannot be chosen any more
    #[arg(long, value_name = "BOOL")]
    pub is_archived: Option<bool>,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation::patch(
        "statuses update",
        "/v2/{target}/{identifier}/attributes/{attribute}/statuses/{status}",
    )
    .scopes(WRITE)
    .columns(COLUMNS)
    .check("statuses list {target} {identifier} {attribute}")
    .renames();
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "statuses",
    about: "Statuses of status attributes",
    ops: &[
        Op::of::<List>("list", "statuses list objects deals stage"),
        Op::of::<Create>(
            "create",
            "statuses create objects deals stage --title Paused --target-time-in-status P14D",
        ),
        Op::of::<Update>("update", "statuses update lists sales_pipeline stage Contacted --title Reached"),
    ],
};
