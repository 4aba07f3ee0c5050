//! Meetings. Whoever takes part is linked, and added to the people when nobody has the address yet.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::sandbox::engine::named_record;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::request::cursor;
use crate::sandbox::engine::values::{parse, time};
use crate::sandbox::engine::write::{self, Mode};
use crate::sandbox::resources::meeting_time::Moment;
use crate::sandbox::store::state::{Content, Link, Row, State, is_false};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Meeting {
    pub id: String,
    pub title: String,
    pub description: String,
    pub start: Moment,
    pub end: Moment,
    pub participants: Vec<Participant>,
    pub linked: Vec<Link>,
    /// Came from a calendar, so that it can only be deleted there.
    #[serde(default, skip_serializing_if = "is_false")]
    pub synced: bool,
    pub created_at: String,
}

/// Named as in requests and answers. There is an address or a name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Participant {
    pub status: String,
    pub is_organizer: bool,
    pub email_address: Option<String>,
    pub name: Option<String>,
}

/// By start, fifty a page, at most two hundred. The linked record and the participants widen each other.
pub(crate) fn list(state: &State, call: &Call) -> Result<Value, Problem> {
    let cursor = cursor::page(call, 50, 200)?;
    let linked = named_record::in_query(state, call, ["linked_object", "linked_record_id"])?;
    let participants = call.query("participants").unwrap_or_default().to_lowercase();
    let participants: Vec<&str> =
        participants.split(',').map(str::trim).filter(|email| !email.is_empty()).collect();
    let descending = match call.query("sort") {
        None | Some("start_asc") => false,
        Some("start_desc") => true,
        Some(_) => return Err(Problem::query("sort", "Invalid enum value")),
    };
    let (from, before) = (bound(call, "ends_from")?, bound(call, "starts_before")?);
    let wanted = |meeting: &&Meeting| {
        let of_record = linked.as_ref().is_some_and(|link| meeting.linked.contains(link));
        let attended = meeting.participants.iter().filter_map(|one| one.email_address.as_deref());
        let of_anyone = linked.is_none() && participants.is_empty();
        (of_record || of_anyone || attended.into_iter().any(|email| participants.contains(&email)))
            && from.as_ref().is_none_or(|from| meeting.end.utc() >= *from)
            && before.as_ref().is_none_or(|before| meeting.start.utc() < *before)
    };
    let wanted = state.meetings.iter().filter(wanted);
    let (page, pagination) = cursor.of(wanted, |meeting| (meeting.start.utc(), &meeting.id), descending);
    let data: Vec<Value> = page.into_iter().map(|meeting| read(state, meeting)).collect();
    Ok(json!({ "data": data, "pagination": pagination }))
}

pub(crate) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    Ok(json!({"data": read(state, find(state, call.param(0))?)}))
}

pub(crate) fn create(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let (title, description) = (fields.string("title").to_owned(), fields.string("description").to_owned());
    let all_day = fields.boolean("is_all_day");
    let (start, end) =
        (Moment::parse(&mut fields, "start", all_day), Moment::parse(&mut fields, "end", all_day));
    let participants = fields.items("participants", participant);
    let linked = fields.optional("linked_records", |fields, key| fields.items(key, named_record::in_body));
    if start.utc() > end.utc() {
        fields.invalid("end", "A meeting cannot end before it starts");
    }
    fields.done()?;
    if participants.is_empty() {
        return Err(Problem::invalid("validation_type", "No participants were provided."));
    }
    check_addresses(state, &participants)?;
    let linked = linked.unwrap_or_default().into_iter().map(|name| named_record::find(state, name));
    let mut linked = linked.collect::<Result<Vec<Link>, Problem>>()?;
    let created_at = call.stamp();
    for link in attendees(state, &participants, &created_at) {
        add(&mut linked, link);
    }
    let id = state.next_id();
    let meeting =
        Meeting { id, title, description, start, end, participants, linked, synced: false, created_at };
    let answer = json!({"data": read(state, &meeting)});
    state.meetings.push(meeting);
    Ok(answer)
}

/// Links more records.
pub(crate) fn link(state: &mut State, call: &Call) -> Result<Value, Problem> {
    set_links(state, call, |linked, new| new.into_iter().for_each(|link| add(linked, link)))
}

/// Links these records and no others.
pub(crate) fn relink(state: &mut State, call: &Call) -> Result<Value, Problem> {
    set_links(state, call, |linked, new| {
        linked.clear();
        new.into_iter().for_each(|link| add(linked, link));
    })
}

/// A meeting takes its recordings with it; notes that were taken in it stay.
pub(crate) fn delete(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let Meeting { id, synced, .. } = find(state, call.param(0))?;
    if *synced {
        let message = "Meetings created by calendar sync cannot be deleted.";
        return Err(Problem::invalid("system_edit_unauthorized", message));
    }
    let id = id.clone();
    state.meetings.retain(|meeting| meeting.id != id);
    state.recordings.retain(|recording| recording.meeting != id);
    for note in state.notes.iter_mut().filter(|note| note.meeting.as_ref() == Some(&id)) {
        note.meeting = None;
    }
    Ok(json!({}))
}

/// Finds a meeting by its identifier.
///
/// # Errors
/// 404
pub(crate) fn find<'s>(state: &'s State, id: &str) -> Result<&'s Meeting, Problem> {
    let missing = || Problem::not_found(format!("Meeting with ID \"{id}\" was not found."));
    state.meetings.iter().find(|meeting| meeting.id.eq_ignore_ascii_case(id)).ok_or_else(missing)
}

fn set_links(
    state: &mut State,
    call: &Call,
    change: fn(&mut Vec<Link>, Vec<Link>),
) -> Result<Value, Problem> {
    let id = find(state, call.param(0))?.id.clone();
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let named = fields.items("linked_records", named_record::in_body);
    fields.done()?;
    let new = named.into_iter().map(|name| named_record::find(state, name)).collect::<Result<Vec<_>, _>>()?;
    if let Some(meeting) = state.meetings.iter_mut().find(|meeting| meeting.id == id) {
        change(&mut meeting.linked, new);
    }
    get(state, call)
}

fn add(linked: &mut Vec<Link>, link: Link) {
    if !linked.contains(&link) {
        linked.push(link);
    }
}

/// All-day meetings are seen from a time zone, and the sandbox knows only one.
fn bound(call: &Call, name: &str) -> Result<Option<String>, Problem> {
    let Some(text) = call.query(name) else { return Ok(None) };
    match call.query("timezone") {
        None | Some("UTC") => {
            time::timestamp(text).map(Some).ok_or_else(|| Problem::query(name, "Invalid timestamp"))
        }
        Some(_) => Err(Problem::not_modelled("time zones other than UTC")),
    }
}

fn participant(item: &mut Fields) -> Participant {
    let name = item.optional("name", Fields::nullable_string).flatten().map(str::to_owned);
    let email = match name {
        Some(_) => item.optional("email_address", Fields::nullable_string).flatten(),
        None => Some(item.string("email_address")),
    };
    let is_organizer = match item.get("is_organizer").and_then(Value::as_str) {
        Some(text @ ("true" | "false")) => text == "true",
        _ => item.boolean("is_organizer"),
    };
    let status = item.one_of("status", &["accepted", "tentative", "declined", "pending"]).to_owned();
    Participant { status, is_organizer, email_address: email.map(str::to_lowercase), name }
}

fn check_addresses(state: &State, participants: &[Participant]) -> Result<(), Problem> {
    let Some(attribute) = state.object("people").and_then(|(_, table)| table.attribute("email_addresses"))
    else {
        return Ok(());
    };
    let mut addresses = participants.iter().filter_map(|one| one.email_address.as_ref());
    addresses.try_for_each(|email| parse::values(state, attribute, &json!([email])).map(|_| ()))
}

/// The people who take part and their companies. Members of the workspace are not people of the CRM.
fn attendees(state: &mut State, participants: &[Participant], now: &str) -> Vec<Link> {
    let mut linked = Vec::new();
    for email in participants.iter().filter_map(|one| one.email_address.as_deref()) {
        if state.member(email).is_some() {
            continue;
        }
        let Some(record) = person(state, email).or_else(|| new_person(state, email, now)) else { continue };
        let link = Link { object: "people".into(), record };
        let company = state.follow(&link).and_then(|row| row.values.get("company")?.first());
        let company = company.map(|held| held.content.clone());
        add(&mut linked, link);
        if let Some(Content::Reference(company)) = company {
            add(&mut linked, company);
        }
    }
    linked
}

fn person(state: &State, email: &str) -> Option<String> {
    let wanted = Content::Email(email.into());
    let has = |row: &Row| {
        let held = row.values.get("email_addresses");
        held.is_some_and(|held| held.iter().any(|held| parse::same(&held.content, &wanted)))
    };
    let (_, people) = state.object("people")?;
    people.rows.iter().find(|(_, row)| has(row)).map(|(id, _)| id.clone())
}

fn new_person(state: &mut State, email: &str, now: &str) -> Option<String> {
    let (place, people) = state.object("people")?;
    let values = Map::from_iter([("email_addresses".to_owned(), json!([email]))]);
    let changes = write::plan(state, people, None, &values, Mode::Replace).ok()?;
    Some(write::insert(state, place, Row::default(), changes, now))
}

fn read(state: &State, meeting: &Meeting) -> Value {
    let linked: Vec<Value> = meeting
        .linked
        .iter()
        .map(|link| {
            let object = state.object(&link.object).map(|(_, table)| &table.id);
            json!({"object_slug": link.object, "object_id": object, "record_id": link.record})
        })
        .collect();
    json!({
        "id": {"workspace_id": state.workspace_id, "meeting_id": meeting.id},
        "title": meeting.title,
        "description": meeting.description,
        "is_all_day": meeting.start.is_day(),
        "start": meeting.start,
        "end": meeting.end,
        "participants": meeting.participants,
        "linked_records": linked,
        "created_at": meeting.created_at,
        "created_by_actor": state.token(),
    })
}
