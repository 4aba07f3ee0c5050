//! Meetings. Whoever takes part is linked, and added to the people when nobody has the address yet.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::meeting::{Meeting, Participant, show};
use super::time::MeetingTime;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::request::cursor;
use crate::sandbox::engine::values::{parse, time};
use crate::sandbox::engine::write::{self, Mode};
use crate::sandbox::engine::{find, holders, named_record};
use crate::sandbox::resources::notes::Note;
use crate::sandbox::resources::recordings::Recording;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::{Content, Link};
use crate::sandbox::store::schema::Table;
use crate::sandbox::store::things::{Scope, Thing as _};

/// By start, fifty a page, at most two hundred. The linked record and the participants widen each other.
pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let cursor = cursor::page(call, 50, 200)?;
    let linked = named_record::in_query(store, call, ["linked_object", "linked_record_id"])?;
    let participants = call.query("participants").unwrap_or_default().to_lowercase();
    let participants: Vec<&str> =
        participants.split(',').map(str::trim).filter(|email| !email.is_empty()).collect();
    let descending = match call.query("sort") {
        None | Some("start_asc") => false,
        Some("start_desc") => true,
        Some(other) => return Err(Problem::query_option("sort", &["start_asc", "start_desc"], other)),
    };
    let (from, before) = (bound(call, "ends_from")?, bound(call, "starts_before")?);
    let zone = zone(call)?;
    let wanted = |meeting: &Meeting| {
        let of_record = linked.as_ref().is_some_and(|link| meeting.linked.contains(link));
        let attended = meeting.participants.iter().filter_map(|one| one.email_address.as_deref());
        let of_anyone = linked.is_none() && participants.is_empty();
        (of_record || of_anyone || attended.into_iter().any(|email| participants.contains(&email)))
            && from.as_ref().is_none_or(|from| meeting.end.seen_from(&zone) >= *from)
            && before.as_ref().is_none_or(|before| meeting.start.seen_from(&zone) < *before)
    };
    let mut meetings: Vec<Meeting> = store.all(Scope::All)?;
    meetings.retain(wanted);
    let (page, pagination) =
        cursor.of(meetings.iter(), |meeting| (meeting.start.utc(), &meeting.id), descending);
    let data: Vec<Value> = page.into_iter().map(|meeting| show(store, meeting)).collect();
    Ok(json!({ "data": data, "pagination": pagination }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    Ok(json!({"data": show(store, &find::thing(store, call.param(0))?)}))
}

pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    try_create(store, call).map_err(Problem::in_both_cases)
}

fn try_create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let (title, description) = (fields.string("title").to_owned(), fields.string("description").to_owned());
    let all_day = fields.boolean("is_all_day");
    let (start, end) =
        (MeetingTime::parse(&mut fields, "start", all_day), MeetingTime::parse(&mut fields, "end", all_day));
    let participants = fields.items("participants", participant);
    let linked = fields.optional("linked_records", |fields, key| fields.items(key, named_record::in_body));
    if start.utc() > end.utc() {
        fields.invalid("end", "A meeting cannot end before it starts");
    }
    fields.done()?;
    if participants.is_empty() {
        return Err(Problem::invalid("validation_type", "No participants were provided."));
    }
    check_addresses(store, &participants)?;
    let linked = linked.unwrap_or_default().into_iter().map(|name| named_record::existing(store, name));
    let mut linked = linked.collect::<Result<Vec<Link>, Problem>>()?;
    let created_at = call.stamp();
    for link in attendees(store, &participants, &created_at)? {
        add(&mut linked, link);
    }
    let id = store.next_id();
    let meeting =
        Meeting { id, title, description, start, end, participants, linked, synced: false, created_at };
    let answer = json!({"data": show(store, &meeting)});
    store.put(&meeting)?;
    Ok(answer)
}

/// Links more records.
pub(crate) fn link(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    set_links(store, call, |linked, new| new.into_iter().for_each(|link| add(linked, link)))
}

/// Links these records and no others.
pub(crate) fn relink(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    set_links(store, call, |linked, new| {
        linked.clear();
        new.into_iter().for_each(|link| add(linked, link));
    })
}

/// A meeting takes its recordings with it; notes that were taken in it stay.
pub(crate) fn delete(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let Meeting { id, synced, .. } = find::thing(store, call.param(0))?;
    if synced {
        let message = "Meetings created by calendar sync cannot be deleted.";
        return Err(Problem::invalid("system_edit_unauthorized", message));
    }
    store.remove::<Meeting>(&id)?;
    store.remove_within(&id, Recording::KIND)?;
    for mut note in store.all::<Note>(Scope::In(&id))? {
        note.meeting = None;
        store.put(&note)?;
    }
    Ok(json!({}))
}

fn set_links(
    store: &mut Store,
    call: &Call,
    change: fn(&mut Vec<Link>, Vec<Link>),
) -> Result<Value, Problem> {
    let mut meeting: Meeting = find::thing(store, call.param(0))?;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let named = fields.items("linked_records", named_record::in_body);
    fields.done()?;
    let new =
        named.into_iter().map(|name| named_record::existing(store, name)).collect::<Result<Vec<_>, _>>()?;
    change(&mut meeting.linked, new);
    store.put(&meeting)?;
    Ok(json!({"data": show(store, &meeting)}))
}

fn add(linked: &mut Vec<Link>, link: Link) {
    if !linked.contains(&link) {
        linked.push(link);
    }
}

fn bound(call: &Call, name: &str) -> Result<Option<String>, Problem> {
    let invalid = || Problem::query(name, "Invalid timestamp");
    call.query(name).map(|text| time::timestamp(text).ok_or_else(invalid)).transpose()
}

/// The time zone that says when the days of all-day meetings begin and end.
fn zone(call: &Call) -> Result<TimeZone, Problem> {
    match call.query("timezone") {
        None | Some("UTC") => Ok(TimeZone::UTC),
        Some(name) => TimeZone::get(name).map_err(|_| Problem::query("timezone", "Invalid timezone")),
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

fn check_addresses(store: &Store, participants: &[Participant]) -> Result<(), Problem> {
    let people = store.object("people");
    let Some(attribute) = people.as_ref().and_then(|table| table.attribute("email_addresses")) else {
        return Ok(());
    };
    let mut addresses = participants.iter().filter_map(|one| one.email_address.as_ref());
    addresses.try_for_each(|email| parse::values(store, attribute, &json!([email])).map(|_| ()))
}

/// The people who take part and their companies. Members of the workspace are not people of the CRM.
fn attendees(store: &mut Store, participants: &[Participant], now: &str) -> Result<Vec<Link>, Problem> {
    let mut linked = Vec::new();
    let Some(people) = store.object("people") else { return Ok(linked) };
    for email in participants.iter().filter_map(|one| one.email_address.as_deref()) {
        if store.workspace().member(email).is_some() {
            continue;
        }
        let record = match person(store, &people, email)? {
            Some(record) => record,
            None => new_person(store, &people, email, now)?,
        };
        let row = store.row(&people, &record)?;
        add(&mut linked, Link { object: people.slug.clone(), record });
        let company = row.as_ref().and_then(|row| row.values.get("company")?.first());
        if let Some(Content::Reference(company)) = company.map(|held| &held.content) {
            add(&mut linked, company.clone());
        }
    }
    Ok(linked)
}

fn person(store: &Store, people: &Table, email: &str) -> Result<Option<String>, Problem> {
    let Some(attribute) = people.attribute("email_addresses") else { return Ok(None) };
    let found = holders::of_any(store, people, attribute, &[Content::Email(email.into())])?;
    Ok(found.into_iter().next())
}

fn new_person(store: &mut Store, people: &Table, email: &str, now: &str) -> Result<String, Problem> {
    let values = Map::from_iter([("email_addresses".to_owned(), json!([email]))]);
    let changes = write::plan(store, people, None, &values, Mode::Replace)?;
    Ok(write::insert(store, people, None, changes, now)?)
}
