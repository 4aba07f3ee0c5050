//! Notes on records.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::resources::markdown;
use crate::sandbox::resources::meetings;
use crate::sandbox::store::state::{Link, Note, State};

/// Oldest first, ten a page, at most fifty.
pub(crate) fn list(state: &State, call: &Call) -> Result<Value, Problem> {
    let page = call.page(10, 50)?;
    let object = call.query("parent_object").map(|name| {
        state.object(name).map(|(_, table)| table.slug.as_str()).ok_or_else(|| Problem::object(name))
    });
    let object = object.transpose()?;
    let record = call.uuid("parent_record_id")?;
    let wanted = |note: &&Note| {
        object.is_none_or(|object| note.parent.object == object)
            && record.as_ref().is_none_or(|record| note.parent.record == *record)
    };
    let mut notes: Vec<&Note> = state.notes.iter().filter(wanted).collect();
    notes.sort_by(|a, b| a.created_at.cmp(&b.created_at));
    let data: Vec<Value> = page.of(notes).map(|note| read(state, note)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    Ok(json!({"data": read(state, find(state, call)?)}))
}

pub(crate) fn create(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let (object, record) = (fields.string("parent_object"), fields.uuid("parent_record_id"));
    let title = fields.string("title").to_owned();
    let markdown = fields.one_of("format", &["plaintext", "markdown"]) == "markdown";
    let content = fields.string("content").to_owned();
    let created_at = fields.created_at(call.now);
    let meeting = fields.optional("meeting_id", Fields::nullable_string).flatten();
    fields.done()?;
    let parent = parent(state, object, record)?;
    let meeting = meeting.map(|id| meetings::find(state, id)).transpose()?.map(|meeting| meeting.id.clone());
    let note = Note { id: state.next_id(), parent, title, content, markdown, meeting, created_at };
    let answer = json!({"data": read(state, &note)});
    state.notes.push(note);
    Ok(answer)
}

/// Changes only what is given; new content takes the place of the old.
pub(crate) fn update(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let id = find(state, call)?.id.clone();
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let given = |key: &str| fields.get(key).is_some();
    let (has_title, has_format, has_content) = (given("title"), given("format"), given("content"));
    let title = has_title.then(|| fields.string("title"));
    let format = has_format.then(|| fields.one_of("format", &["plaintext", "markdown"]));
    let content = has_content.then(|| fields.string("content"));
    fields.done()?;
    let Some(note) = state.notes.iter_mut().find(|note| note.id == id) else { return get(state, call) };
    if let Some(title) = title {
        note.title = title.into();
    }
    if let Some(content) = content {
        note.content = content.into();
        note.markdown = format == Some("markdown");
    }
    get(state, call)
}

pub(crate) fn delete(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let id = find(state, call)?.id.clone();
    state.notes.retain(|note| note.id != id);
    Ok(json!({}))
}

/// Unlike in values, a parent that does not exist is a 404.
fn parent(state: &State, object: &str, record: &str) -> Result<Link, Problem> {
    let (_, table) = state.object(object).ok_or_else(|| Problem::object(object))?;
    let link = Link { object: table.slug.clone(), record: record.to_lowercase() };
    if table.rows.contains_key(&link.record) { Ok(link) } else { Err(Problem::record(record)) }
}

fn find<'s>(state: &'s State, call: &Call) -> Result<&'s Note, Problem> {
    let id = call.param(0);
    let missing = || Problem::not_found(format!("Note with ID \"{id}\" was not found."));
    state.notes.iter().find(|note| note.id == id).ok_or_else(missing)
}

fn read(state: &State, note: &Note) -> Value {
    let plain = if note.markdown { markdown::to_plain(&note.content) } else { note.content.clone() };
    json!({
        "id": {"workspace_id": state.workspace_id, "note_id": note.id},
        "parent_object": note.parent.object,
        "parent_record_id": note.parent.record,
        "title": note.title,
        "meeting_id": note.meeting,
        "content_plaintext": plain,
        "content_markdown": note.content,
        "tags": [],
        "created_by_actor": state.token(),
        "created_at": note.created_at,
    })
}
