//! Call recordings of meetings, and what was said in them.

use super::{Endpoint, Op, Resource};
use crate::client::limit::Lane;
use crate::client::operation::{Operation, Paging};
use crate::input;
use crate::text;
use clap::ArgGroup;
use serde::Serialize;
use serde_json::Value;

const COLUMNS: &[&str] = &["created_at", "status", "web_url", "call_recording_id"];
const READ: &[&str] = &["meeting:read", "call_recording:read"];
const WRITE: &[&str] = &["meeting:read", "call_recording:read-write"];

/// List the recordings of a meeting
#[derive(Debug, clap::Args, Serialize)]
pub struct List {
    /// The meeting
    #[arg(value_parser = text::meeting)]
    pub meeting_id: String,
}

impl Endpoint for List {
    const OPERATION: Operation =
        Operation::get("recordings list", "/v2/meetings/{meeting_id}/call_recordings")
            .scopes(READ)
            .columns(COLUMNS)
            .beta()
            .rows(Paging::Cursor { max: 200 });
}

/// Add a recording to a meeting: a video, a transcript, or both
///
/// Repeating adds another one.
#[derive(Debug, clap::Args, Serialize)]
#[command(group(ArgGroup::new("content").args(["video_url", "transcript", "data"]).required(true).multiple(true)))]
pub struct Create {
    /// The meeting
    #[arg(value_parser = text::meeting)]
    pub meeting_id: String,
    /// Where Attio finds the video: https, .mp4, up to 1 GB
    #[arg(long, value_name = "URL")]
    pub video_url: Option<String>,
    /// What was said, as a JSON array of {speech, start_time, end_time, speaker: {name}}, in seconds
    #[arg(long, value_name = "JSON", value_parser = input::json)]
    pub transcript: Option<Value>,
}

impl Endpoint for Create {
    const OPERATION: Operation =
        Operation::post("recordings create", "/v2/meetings/{meeting_id}/call_recordings")
            .scopes(WRITE)
            .columns(COLUMNS)
            .beta()
            .lane(Lane::Recordings);
}

/// Show a recording with its transcript
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// The meeting
    #[arg(value_parser = text::meeting)]
    pub meeting_id: String,
    /// The recording
    #[arg(value_parser = text::recording)]
    pub call_recording_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("recordings get", "/v2/meetings/{meeting_id}/call_recordings/{call_recording_id}")
            .scopes(READ)
            .columns(COLUMNS)
            .beta();
}

/// Delete a recording permanently
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    /// The meeting
    #[arg(value_parser = text::meeting)]
    pub meeting_id: String,
    /// The recording
    #[arg(value_parser = text::recording)]
    pub call_recording_id: String,
}

impl Endpoint for Delete {
    const OPERATION: Operation = Operation::delete(
        "recordings delete",
        "/v2/meetings/{meeting_id}/call_recordings/{call_recording_id}",
    )
    .scopes(WRITE)
    .beta();
}

/// Show the transcript of a recording, a part at a time
///
/// Deprecated by Attio: `recordings get` shows the transcript as well.
#[derive(Debug, clap::Args, Serialize)]
pub struct Transcript {
    /// The meeting
    #[arg(value_parser = text::meeting)]
    pub meeting_id: String,
    /// The recording
    #[arg(value_parser = text::recording)]
    pub call_recording_id: String,
    /// Where to go on, as the answer before said
    #[arg(long)]
    pub cursor: Option<String>,
}

impl Endpoint for Transcript {
    const OPERATION: Operation = Operation::get(
        "recordings transcript",
        "/v2/meetings/{meeting_id}/call_recordings/{call_recording_id}/transcript",
    )
    .scopes(READ)
    .beta();
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "recordings",
    about: "Call recordings of meetings",
    ops: &[
        Op::of::<List>("list", "recordings list d9d415ff-6b5c-5e91-b675-fcd065e4f7c5"),
        Op::of::<Create>(
            "create",
            "recordings create d9d415ff-6b5c-5e91-b675-fcd065e4f7c5 --video-url https://example.com/call.mp4",
        ),
        Op::of::<Get>(
            "get",
            "recordings get d9d415ff-6b5c-5e91-b675-fcd065e4f7c5 e3fbc383-6adc-567a-a8c1-43e087a6ef85",
        ),
        Op::of::<Delete>(
            "delete",
            "recordings delete d9d415ff-6b5c-5e91-b675-fcd065e4f7c5 e3fbc383-6adc-567a-a8c1-43e087a6ef85",
        ),
        Op::of::<Transcript>(
            "transcript",
            "recordings transcript d9d415ff-6b5c-5e91-b675-fcd065e4f7c5 e3fbc383-6adc-567a-a8c1-43e087a6ef85",
        ),
    ],
};
