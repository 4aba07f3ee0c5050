//! A meeting as it is kept and shown.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::time::MeetingTime;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::Link;
use crate::sandbox::store::schema::is_false;
use crate::sandbox::store::things::Thing;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Meeting {
    pub id: String,
    pub title: String,
    pub description: String,
    pub start: MeetingTime,
    pub end: MeetingTime,
    pub participants: Vec<Participant>,
    pub linked: Vec<Link>,
    /// Came from a calendar, so that it can only be deleted there.
    #[serde(default, skip_serializing_if = "is_false")]
    pub synced: bool,
    pub created_at: String,
}

impl Thing for Meeting {
    const KIND: &'static str = "Meeting";

    fn id(&self) -> &str {
        &self.id
    }

    fn time(&self) -> &str {
        &self.created_at
    }
}

/// Named as in requests and answers. There is an address or a name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Participant {
    pub status: String,
    pub is_organizer: bool,
    pub email_address: Option<String>,
    pub name: Option<String>,
}

/// A meeting as Attio shows it.
pub(super) fn show(store: &Store, meeting: &Meeting) -> Value {
    let linked: Vec<Value> = meeting
        .linked
        .iter()
        .map(|link| {
            let object = store.object(&link.object).map(|table| table.id.clone());
            json!({"object_slug": link.object, "object_id": object, "record_id": link.record})
        })
        .collect();
    json!({
        "id": {"workspace_id": store.workspace().id, "meeting_id": meeting.id},
        "title": meeting.title,
        "description": meeting.description,
        "is_all_day": meeting.start.is_day(),
        "start": meeting.start,
        "end": meeting.end,
        "participants": meeting.participants,
        "linked_records": linked,
        "created_at": meeting.created_at,
        "created_by_actor": store.workspace().token(),
    })
}
