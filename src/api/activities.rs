//! Activities: kinds of events, such as calls, that a workspace logs. Their records are apart.

use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Paging};
use crate::input::Line;
use crate::text;
use serde::Serialize;

const COLUMNS: &[&str] = &["api_slug", "singular_noun", "is_system_activity", "activity_id"];
const READ: &[&str] = &["activity_configuration:read"];
const WRITE: &[&str] = &["activity_configuration:read-write"];

/// What an activity builds on.
#[derive(Clone, Copy, Debug, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Extends {
    /// Nothing but the time
    Activities,
    /// Somebody's contact with somebody
    Interactions,
    /// A call
    Calls,
    /// An email
    Emails,
}

/// List the activities of the workspace
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct List {}

impl Endpoint for List {
    const OPERATION: Operation = Operation::get("activities list", "/v2/activities")
        .scopes(READ)
        .columns(COLUMNS)
        .alpha()
        .rows(Paging::Cursor { max: 1000 });
}

/// Create an activity
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Create {
    /// API slug, such as site_visits
    #[arg(long, value_name = "SLUG", value_parser = text::slug, required_unless_present = "data")]
    pub api_slug: Option<String>,
    /// What one is called
    #[arg(long, value_name = "NOUN", required_unless_present = "data")]
    pub singular_noun: Option<Line>,
    /// What several are called
    #[arg(long, value_name = "NOUN", required_unless_present = "data")]
    pub plural_noun: Option<Line>,
    /// What it builds on; cannot be changed later
    #[arg(long, value_enum, required_unless_present = "data")]
    pub extends: Option<Extends>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("activities create", "/v2/activities")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("activities list --all")
        .alpha();
}

/// Show an activity
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// The activity, by slug or ID
    #[arg(value_parser = text::slug)]
    pub activity: String,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("activities get", "/v2/activities/{activity}").scopes(READ).columns(COLUMNS).alpha();
}

/// Rename an activity
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    /// The activity, by slug or ID
    #[arg(value_parser = text::slug)]
    pub activity: String,
    /// API slug
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    pub api_slug: Option<String>,
    /// What one is called
    #[arg(long, value_name = "NOUN")]
    pub singular_noun: Option<Line>,
    /// What several are called
    #[arg(long, value_name = "NOUN")]
    pub plural_noun: Option<Line>,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation::patch("activities update", "/v2/activities/{activity}")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("activities list --all")
        .renames()
        .alpha();
}

/// Delete an activity and all its records permanently
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    /// The activity, by slug or ID
    #[arg(value_parser = text::slug)]
    pub activity: String,
}

impl Endpoint for Delete {
    const OPERATION: Operation = Operation::delete("activities delete", "/v2/activities/{activity}")
        .scopes(&["activity_configuration:read-write", "activity_record:read-write"])
        .alpha();
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "activities",
    about: "Kinds of events that a workspace logs",
    ops: &[
        Op::of::<List>("list", "activities list"),
        Op::of::<Create>(
            "create",
            "activities create --api-slug demos --singular-noun Demo --plural-noun Demos --extends calls",
        ),
        Op::of::<Get>("get", "activities get phone_calls"),
        Op::of::<Update>("update", "activities update demos --singular-noun 'Product demo'"),
        Op::of::<Delete>("delete", "activities delete demos"),
    ],
};
