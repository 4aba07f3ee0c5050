//! Records of activities: what was logged. Their values are JSON, because each activity defines its own.

use super::groups::ActivityRecordPath;
use super::records::Values;
use super::{Endpoint, Op, Resource};
use crate::client::operation::{Body, Effect, Operation, Paging};
use crate::input;
use crate::text;
use serde::Serialize;
use serde_json::Value;

const COLUMNS: &[&str] = &["created_at", "record_id"];
const READ: &[&str] = &[
    "activity_record:read",
    "activity_configuration:read",
    "object_configuration:read",
    "record_permission:read",
];
const WRITE: &[&str] = &[
    "activity_record:read-write",
    "activity_configuration:read",
    "object_configuration:read",
    "record_permission:read",
];

/// List the records of an activity that fit a filter
#[derive(Debug, clap::Args, Serialize)]
pub struct Query {
    /// The activity, by slug or ID
    #[arg(value_parser = text::slug)]
    pub activity: String,
    /// Filter in Attio's language, as JSON
    #[arg(long = "filter-json", value_name = "JSON", value_parser = input::json)]
    pub filter: Option<Value>,
    /// Sorts in Attio's language, as JSON
    #[arg(long = "sorts-json", value_name = "JSON", value_parser = input::json)]
    pub sorts: Option<Value>,
}

impl Endpoint for Query {
    const OPERATION: Operation =
        Operation::post("activity-records query", "/v2/activities/{activity}/records/query")
            .scopes(READ)
            .columns(COLUMNS)
            .alpha()
            .effect(Effect::Read)
            .rows(Paging::Body { max: 500, order: &["created_at", "record_id"] })
            .body(Body::Bare);
}

/// Log a record of an activity
///
/// Repeating logs another one.
#[derive(Debug, clap::Args, Serialize)]
pub struct Create {
    /// The activity, by slug or ID
    #[arg(value_parser = text::slug)]
    pub activity: String,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = input::object, required_unless_present = "data")]
    pub values: Option<Values>,
}

impl Endpoint for Create {
    const OPERATION: Operation =
        Operation::post("activity-records create", "/v2/activities/{activity}/records")
            .scopes(WRITE)
            .columns(COLUMNS)
            .alpha();
}

/// Update the record with the same value of a unique attribute, or log it
#[derive(Debug, clap::Args, Serialize)]
pub struct Upsert {
    /// The activity, by slug or ID
    #[arg(value_parser = text::slug)]
    pub activity: String,
    /// The unique attribute, whose value must be among the values
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    pub matching_attribute: String,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = input::object, required_unless_present = "data")]
    pub values: Option<Values>,
}

impl Endpoint for Upsert {
    const OPERATION: Operation =
        Operation::put("activity-records upsert", "/v2/activities/{activity}/records")
            .scopes(WRITE)
            .columns(COLUMNS)
            .alpha()
            .query(&["matching_attribute"]);
}

/// Show a record of an activity
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: ActivityRecordPath,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("activity-records get", "/v2/activities/{activity}/records/{record_id}")
            .scopes(READ)
            .columns(COLUMNS)
            .alpha();
}

/// Update a record of an activity, adding to multiselect attributes
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: ActivityRecordPath,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = input::object, required_unless_present = "data")]
    pub values: Option<Values>,
}

impl Endpoint for Update {
    const OPERATION: Operation =
        Operation::patch("activity-records update", "/v2/activities/{activity}/records/{record_id}")
            .scopes(WRITE)
            .columns(COLUMNS)
            .alpha();
}

/// Update a record of an activity, replacing multiselect attributes
#[derive(Debug, clap::Args, Serialize)]
pub struct Replace {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: ActivityRecordPath,
    /// Values by slug, as JSON
    #[arg(long, value_name = "JSON", value_parser = input::object, required_unless_present = "data")]
    pub values: Option<Values>,
}

impl Endpoint for Replace {
    const OPERATION: Operation =
        Operation::put("activity-records replace", "/v2/activities/{activity}/records/{record_id}")
            .scopes(WRITE)
            .columns(COLUMNS)
            .alpha();
}

/// Delete a record of an activity permanently
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: ActivityRecordPath,
}

impl Endpoint for Delete {
    const OPERATION: Operation =
        Operation::delete("activity-records delete", "/v2/activities/{activity}/records/{record_id}")
            .scopes(WRITE)
            .alpha();
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "activity-records",
    about: "What was logged of an activity",
    ops: &[
        Op::of::<Query>("query", "activity-records query phone_calls --limit 5"),
        Op::of::<Create>(
            "create",
            r#"activity-records create demos --values '{"outcome": "They want a trial"}'"#,
        ),
        Op::of::<Upsert>(
            "upsert",
            r#"activity-records upsert demos --matching-attribute ref --values '{"ref": "D-17"}'"#,
        ),
        Op::of::<Get>("get", "activity-records get demos 5a6a8a32-0000-4000-8000-000000000001"),
        Op::of::<Update>(
            "update",
            "activity-records update demos 5a6a8a32-0000-4000-8000-000000000001 \
                 --values '{\"outcome\": \"Trial\"}'",
        ),
        Op::of::<Replace>(
            "replace",
            "activity-records replace demos 5a6a8a32-0000-4000-8000-000000000001 \
                 --values '{\"outcome\": \"Trial\"}'",
        ),
        Op::of::<Delete>("delete", "activity-records delete demos 5a6a8a32-0000-4000-8000-000000000001"),
    ],
};
