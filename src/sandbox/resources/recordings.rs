//! Call recordings of meetings. A video is never fetched: its address is checked and forgotten.

use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, json};

use super::meetings::meeting::Meeting;
use crate::sandbox::engine::find;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::request::cursor;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::things::{Scope, Thing};

/// Segments a page of the transcript has.
const SEGMENTS: usize = 100;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Recording {
    pub id: String,
    /// Identifier of the meeting.
    pub meeting: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Vec<Segment>>,
    pub created_at: String,
}

impl Thing for Recording {
    const KIND: &'static str = "Call recording";

    fn id(&self) -> &str {
        &self.id
    }

    fn time(&self) -> &str {
        &self.created_at
    }

    fn parent(&self) -> Option<&str> {
        Some(&self.meeting)
    }
}

/// Named as in requests and answers; times are in seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Segment {
    speech: String,
    start_time: Number,
    end_time: Number,
    speaker: Speaker,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Speaker {
    name: String,
}

pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let cursor = cursor::page(call, 50, 200)?;
    let meeting: Meeting = find::thing(store, call.param(0))?;
    let own: Vec<Recording> = store.all(Scope::In(&meeting.id))?;
    let (page, pagination) =
        cursor.of(own.iter(), |recording| (recording.created_at.clone(), &recording.id), false);
    let data: Vec<Value> = page.into_iter().map(|recording| show(store, recording)).collect();
    Ok(json!({ "data": data, "pagination": pagination }))
}

/// The answer says `processing`, as Attio's does; whoever asks again finds the recording completed.
pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let missing = |_| Problem::not_found("The referenced meeting was not found.");
    let meeting = find::thing::<Meeting>(store, call.param(0)).map_err(missing)?.id;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let video = fields.optional("video_url", Fields::string);
    let transcript = fields.optional("transcript", |fields, key| fields.items(key, segment));
    if video.is_none() && transcript.is_none() {
        fields.array("transcript");
    }
    fields.done()?;
    video.map_or(Ok(()), check_video)?;
    let recording = Recording { id: store.next_id(), meeting, transcript, created_at: call.stamp() };
    let mut data = show(store, &recording);
    data["status"] = "processing".into();
    store.put(&recording)?;
    Ok(json!({ "data": data }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    let recording = find(store, call)?;
    let mut data = show(store, &recording);
    data["video_url"] = Value::Null;
    data["transcript"] = recording
        .transcript
        .as_ref()
        .map_or(Value::Null, |segments| json!({ "segments": segments, "raw_transcript": raw(segments) }));
    Ok(json!({ "data": data }))
}

pub(crate) fn delete(store: &mut Store, call: &Call) -> Result<Response<Vec<u8>>, Problem> {
    let missing = |_| Problem::not_found("The referenced call recording was not found.");
    let id = find(store, call).map_err(missing)?.id;
    store.remove::<Recording>(&id)?;
    let mut empty = Response::new(Vec::new());
    *empty.status_mut() = StatusCode::NO_CONTENT;
    Ok(empty)
}

pub(crate) fn transcript(store: &Store, call: &Call) -> Result<Value, Problem> {
    let cursor = cursor::page(call, SEGMENTS, SEGMENTS)?;
    let recording = find(store, call)?;
    let segments = recording.transcript.as_deref();
    let segments = segments.ok_or_else(|| Problem::not_found("The call recording has no transcript."))?;
    let numbered: Vec<(usize, &Segment)> = segments.iter().enumerate().collect();
    let (page, pagination) =
        cursor.of(numbered.iter(), |(number, _)| (format!("{number:08}"), &recording.id), false);
    let page: Vec<&Segment> = page.into_iter().map(|(_, segment)| *segment).collect();
    let mut data = show(store, &recording);
    data["transcript"] = json!(page);
    data["raw_transcript"] = raw(segments).into();
    Ok(json!({ "data": data, "pagination": pagination }))
}

fn segment(item: &mut Fields) -> Segment {
    let mut seconds = |key: &str| match item.get(key) {
        Some(Value::Number(number)) => number.clone(),
        _ => {
            item.invalid(key, "Expected number");
            Number::from(0)
        }
    };
    let (start_time, end_time) = (seconds("start_time"), seconds("end_time"));
    let speech = item.string("speech").to_owned();
    let name = item.nested("speaker", |speaker| speaker.string("name").to_owned());
    Segment { speech, start_time, end_time, speaker: Speaker { name: name.unwrap_or_default() } }
}

fn check_video(text: &str) -> Result<(), Problem> {
    let refused = |message: &str| Err(Problem::invalid("validation_type", message));
    match url::Url::parse(text) {
        Err(_) => refused("Invalid video URL"),
        Ok(url) if url.scheme() != "https" => refused("Invalid video URL protocol. Only https is supported"),
        Ok(url) if !url.path().ends_with(".mp4") => {
            refused("Invalid video URL. Only .mp4 files are supported")
        }
        Ok(_) => Ok(()),
    }
}

/// A line for each segment: `[minutes:seconds] Speaker: What they said`.
fn raw(segments: &[Segment]) -> String {
    let line = |Segment { speech, start_time, speaker, .. }: &Segment| {
        let at = std::time::Duration::try_from_secs_f64(start_time.as_f64().unwrap_or_default());
        let seconds = at.unwrap_or_default().as_secs();
        format!("[{:02}:{:02}] {}: {speech}", seconds / 60, seconds % 60, speaker.name)
    };
    segments.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn find(store: &Store, call: &Call) -> Result<Recording, Problem> {
    let meeting: Meeting = find::thing(store, call.param(0))?;
    let id = call.param(1);
    let missing = || Problem::not_found(format!("Call recording with ID \"{id}\" was not found."));
    let recording: Option<Recording> = store.get(id)?;
    recording.filter(|recording| recording.meeting == meeting.id).ok_or_else(missing)
}

fn show(store: &Store, recording: &Recording) -> Value {
    let Recording { id, meeting, .. } = recording;
    json!({
        "id": {"workspace_id": store.workspace().id, "meeting_id": meeting, "call_recording_id": id},
        "status": "completed",
        "web_url": format!("https://app.attio.com/sandbox/calls/{meeting}/{id}"),
        "created_by_actor": store.workspace().token(),
        "created_at": recording.created_at,
    })
}
