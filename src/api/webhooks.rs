//! Webhooks: where Attio tells what happens in the workspace.

use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Paging};
use crate::error::Error;
use crate::input;
use crate::text;
use crate::vocabulary::EVENTS;
use serde::Serialize;
use serde_json::{Map, Value, json};

const COLUMNS: &[&str] = &["target_url", "status", "subscriptions", "webhook_id"];
const READ: &[&str] = &["webhook:read"];
const WRITE: &[&str] = &["webhook:read-write"];

/// List the webhooks of this key
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct List {}

impl Endpoint for List {
    const OPERATION: Operation = Operation::get("webhooks list", "/v2/webhooks")
        .scopes(READ)
        .columns(COLUMNS)
        .rows(Paging::Query { usual: 10, min: 10, max: 100, documented: true });
}

/// Create a webhook
///
/// The answer holds the secret that signs each delivery; Attio never shows it again.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Create {
    /// Where the events go, https only
    #[arg(long, value_name = "URL", required_unless_present = "data")]
    pub target_url: Option<String>,
    /// Event to subscribe to (repeatable)
    #[arg(long = "event", value_name = "EVENT", value_parser = EVENTS, required_unless_present = "data")]
    pub events: Option<Vec<String>>,
    /// Which of these events, in Attio's language, as JSON [default: all]
    #[arg(long = "filter-json", value_name = "JSON", value_parser = input::json, requires = "events")]
    pub filter: Option<Value>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("webhooks create", "/v2/webhooks")
        .scopes(WRITE)
        .columns(COLUMNS)
        .once(&["secret"])
        .check("webhooks list --all")
        .wire(subscribed);
}

/// Each event with its filter; null lets all through.
fn subscribed(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let filter = fields.shift_remove("filter").unwrap_or_default();
    if let Some(Value::Array(events)) = fields.shift_remove("events") {
        let subscriptions = events.iter().map(|event| json!({"event_type": event, "filter": filter}));
        fields.insert("subscriptions".to_owned(), subscriptions.collect());
    }
    Ok(fields)
}

/// Show a webhook
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// The webhook
    #[arg(value_parser = text::uuid)]
    pub webhook_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("webhooks get", "/v2/webhooks/{webhook_id}").scopes(READ).columns(COLUMNS);
}

/// Change where a webhook tells its events, or which
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    /// The webhook
    #[arg(value_parser = text::uuid)]
    pub webhook_id: String,
    /// Where the events go, https only
    #[arg(long, value_name = "URL")]
    pub target_url: Option<String>,
    /// Event to subscribe to, in place of all before (repeatable)
    #[arg(long = "event", value_name = "EVENT", value_parser = EVENTS)]
    pub events: Option<Vec<String>>,
    /// Which of these events, in Attio's language, as JSON [default: all]
    #[arg(long = "filter-json", value_name = "JSON", value_parser = input::json, requires = "events")]
    pub filter: Option<Value>,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation::patch("webhooks update", "/v2/webhooks/{webhook_id}")
        .scopes(WRITE)
        .columns(COLUMNS)
        .wire(subscribed);
}

/// Delete a webhook permanently
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    /// The webhook
    #[arg(value_parser = text::uuid)]
    pub webhook_id: String,
}

impl Endpoint for Delete {
    const OPERATION: Operation =
        Operation::delete("webhooks delete", "/v2/webhooks/{webhook_id}").scopes(WRITE);
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "webhooks",
    about: "Webhooks",
    ops: &[
        Op::of::<List>("list", "webhooks list"),
        Op::of::<Create>(
            "create",
            "webhooks create --target-url https://example.com/attio --event record.created",
        ),
        Op::of::<Get>("get", "webhooks get 9fbe49ae-3766-5838-a3bc-e6fc486e3742"),
        Op::of::<Update>(
            "update",
            "webhooks update 9fbe49ae-3766-5838-a3bc-e6fc486e3742 --event note.created",
        ),
        Op::of::<Delete>("delete", "webhooks delete 9fbe49ae-3766-5838-a3bc-e6fc486e3742"),
    ],
};
