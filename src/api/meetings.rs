//! Meetings, those of calendars and those made here.

use super::groups::LinkedTo;
use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Paging, Reference, To};
use crate::error::Error;
use crate::identity;
use crate::input::{Line, Text};
use crate::text;
use clap::ArgGroup;
use serde::Serialize;
use serde_json::{Map, Value, json};

const COLUMNS: &[&str] = &["title", "start", "participants", "meeting_id"];
const READ: &[&str] = &["meeting:read", "record_permission:read"];
const WRITE: &[&str] = &["meeting:read-write", "record_permission:read"];

const LINKED: &[Reference] = &[Reference { field: "linked_records", to: To::Record }];

/// Orders of a list of meetings.
#[derive(Clone, Copy, Debug, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Sort {
    /// First to start first
    StartAsc,
    /// Last to start first
    StartDesc,
}

/// List meetings, first to start first
///
/// A linked record and participants widen each other: meetings with any of them are listed.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct List {
    #[command(flatten)]
    #[serde(flatten)]
    pub linked: LinkedTo,
    /// Meetings with this participant (repeatable)
    #[arg(long = "participant", value_name = "EMAIL", value_parser = identity::email)]
    pub participants: Option<Vec<String>>,
    /// Order
    #[arg(long, value_enum)]
    pub sort: Option<Sort>,
    /// Only meetings that end then or later
    #[arg(long, value_name = "TIME", value_parser = identity::day_or_time, allow_hyphen_values = true)]
    pub ends_from: Option<String>,
    /// Only meetings that start earlier
    #[arg(long, value_name = "TIME", value_parser = identity::day_or_time, allow_hyphen_values = true)]
    pub starts_before: Option<String>,
    /// Time zone of whole days, such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation::get("meetings list", "/v2/meetings")
        .scopes(READ)
        .columns(COLUMNS)
        .beta()
        .rows(Paging::Cursor { max: 200 })
        .references(&[Reference { field: "linked_record_id", to: To::RecordIn("linked_object") }]);
}

/// Create a meeting
///
/// Attio creates people and companies for unknown participants.
#[derive(Debug, Default, clap::Args, Serialize)]
#[command(group(ArgGroup::new("anybody").args(["organizer", "participants", "data"]).required(true).multiple(true)))]
pub struct Create {
    /// Title
    #[arg(long, required_unless_present = "data")]
    pub title: Option<Line>,
    /// What it is about [default: nothing]
    #[arg(long, value_name = "TEXT")]
    pub description: Option<Text>,
    /// When it starts (RFC 3339), or the first day of a meeting of whole days
    #[arg(long, value_name = "TIME", value_parser = identity::day_or_time, allow_hyphen_values = true, required_unless_present = "data")]
    pub start: Option<String>,
    /// When it is over, or the day after the last one
    #[arg(long, value_name = "TIME", value_parser = identity::day_or_time, allow_hyphen_values = true, required_unless_present = "data")]
    pub end: Option<String>,
    /// Time zone to show it in, such as Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// Who organizes it
    #[arg(long, value_name = "EMAIL", value_parser = identity::email)]
    pub organizer: Option<String>,
    /// Who else takes part (repeatable)
    #[arg(long = "participant", value_name = "EMAIL", value_parser = identity::email)]
    pub participants: Option<Vec<String>>,
    /// Record it is about (repeatable; a person, a company, or OBJECT:REF)
    #[arg(long = "record", value_name = "REF")]
    pub linked_records: Option<Vec<String>>,
    /// Your own name for it, which older servers want and by which they know it again
    #[arg(long, value_name = "TEXT")]
    pub external_ref: Option<Line>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("meetings create", "/v2/meetings")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("meetings list --ends-from {start} --limit 20 | meetings list --all")
        .beta()
        .references(LINKED)
        .wire(planned);
}

/// Times and participants as Attio nests them.
fn planned(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let zone = fields.shift_remove("timezone");
    for name in ["start", "end"] {
        if let Some(Value::String(text)) = fields.get(name) {
            let moment = moment(text, zone.as_ref());
            fields.insert(name.to_owned(), moment);
        }
    }
    let day = |name: &str| fields.get(name).is_some_and(|moment| moment.get("date").is_some());
    if day("start") != day("end") {
        return Err(Error::usage("a meeting has either two times or two dates"));
    }
    let all_day = day("start");
    fields.entry("is_all_day").or_insert(all_day.into());
    fields.entry("description").or_insert(json!(""));
    invite(&mut fields);
    Ok(fields)
}

fn moment(text: &str, zone: Option<&Value>) -> Value {
    match zone {
        _ if !text.contains('T') => json!({ "date": text }),
        Some(zone) => json!({"datetime": text, "timezone": zone}),
        None => json!({ "datetime": text }),
    }
}

fn invite(fields: &mut Map<String, Value>) {
    let organizer = fields.shift_remove("organizer");
    let Value::Array(mut participants) = fields.shift_remove("participants").unwrap_or(json!([])) else {
        return;
    };
    participants.retain(|participant| Some(participant) != organizer.as_ref());
    for participant in &mut participants {
        if participant.is_string() {
            let email = participant.take();
            *participant = json!({"email_address": email, "is_organizer": false, "status": "pending"});
        }
    }
    let organizer =
        organizer.map(|email| json!({"email_address": email, "is_organizer": true, "status": "accepted"}));
    fields.insert("participants".to_owned(), organizer.into_iter().chain(participants).collect());
}

/// Show a meeting
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// The meeting
    #[arg(value_parser = text::meeting)]
    pub meeting_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("meetings get", "/v2/meetings/{meeting_id}").scopes(READ).columns(COLUMNS).beta();
}

/// Link records to a meeting
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    /// The meeting
    #[arg(value_parser = text::meeting)]
    pub meeting_id: String,
    /// Record to link beside those that are (repeatable; a person, a company, or OBJECT:REF)
    #[arg(long = "record", value_name = "REF", required_unless_present = "data")]
    pub linked_records: Option<Vec<String>>,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation::patch("meetings update", "/v2/meetings/{meeting_id}")
        .scopes(WRITE)
        .columns(COLUMNS)
        .beta()
        .references(LINKED);
}

/// Link these records to a meeting and no others
#[derive(Debug, clap::Args, Serialize)]
pub struct Replace {
    /// The meeting
    #[arg(value_parser = text::meeting)]
    pub meeting_id: String,
    /// Record to link in place of those that are (repeatable; a person, a company, or OBJECT:REF)
    #[arg(long = "record", value_name = "REF", required_unless_present = "data")]
    pub linked_records: Option<Vec<String>>,
}

impl Endpoint for Replace {
    const OPERATION: Operation = Operation::put("meetings replace", "/v2/meetings/{meeting_id}")
        .scopes(WRITE)
        .columns(COLUMNS)
        .beta()
        .references(LINKED);
}

/// Delete a meeting permanently, unless it is of a calendar
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    /// The meeting
    #[arg(value_parser = text::meeting)]
    pub meeting_id: String,
}

impl Endpoint for Delete {
    const OPERATION: Operation = Operation::delete("meetings delete", "/v2/meetings/{meeting_id}")
        .scopes(&["meeting:read-write"])
        .beta();
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "meetings",
    about: "Meetings and the records they are about",
    ops: &[
        Op::of::<List>("list", "meetings list --participant jane@acme.com --sort start_desc"),
        Op::of::<Create>(
            "create",
            "meetings create --title Visit --start 2026-05-04 --end 2026-05-06 --participant jane@acme.com",
        ),
        Op::of::<Get>("get", "meetings get d9d415ff-6b5c-5e91-b675-fcd065e4f7c5"),
        Op::of::<Update>("update", "meetings update d9d415ff-6b5c-5e91-b675-fcd065e4f7c5 --record acme.com"),
        Op::of::<Replace>(
            "replace",
            "meetings replace d9d415ff-6b5c-5e91-b675-fcd065e4f7c5 --record jane@acme.com",
        ),
        Op::of::<Delete>("delete", "meetings delete d9d415ff-6b5c-5e91-b675-fcd065e4f7c5"),
    ],
};
