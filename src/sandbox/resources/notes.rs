//! Notes on records.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::markdown;
use super::meetings::meeting::Meeting;
use crate::sandbox::engine::find;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::Link;
use crate::sandbox::store::schema::is_false;
use crate::sandbox::store::things::{Scope, Thing};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Note {
    pub id: String,
    pub parent: Link,
    pub title: String,
    pub content: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub markdown: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<String>,
    pub created_at: String,
}

impl Thing for Note {
    const KIND: &'static str = "Note";

    fn id(&self) -> &str {
        &self.id
    }

    fn time(&self) -> &str {
        &self.created_at
    }

    fn parent(&self) -> Option<&str> {
        self.meeting.as_deref()
    }
}

/// Oldest first, ten a page, at most fifty.
pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let page = call.page(10, 50)?;
    let object = call.query("parent_object").map(|name| find::object(store, name)).transpose()?;
    let record = call.uuid("parent_record_id")?;
    let wanted = |note: &Note| object.as_ref().is_none_or(|object| note.parent.object == object.slug);
    let wanted: Option<&dyn Fn(&Note) -> bool> = if object.is_some() { Some(&wanted) } else { None };
    let scope = record.as_deref().map_or(Scope::All, Scope::Of);
    let notes = store.part(scope, page.ascending(), wanted)?;
    let data: Vec<Value> = notes.iter().map(|note| show(store, note)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    Ok(json!({"data": show(store, &find::thing(store, call.param(0))?)}))
}

pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let (object, record) = (fields.string("parent_object"), fields.uuid("parent_record_id"));
    let title = fields.string("title").to_owned();
    let markdown = fields.one_of("format", &["plaintext", "markdown"]) == "markdown";
    let content = fields.string("content").to_owned();
    let created_at = fields.created_at(call.now);
    let meeting = fields.optional("meeting_id", Fields::nullable_string).flatten();
    fields.done()?;
    let parent = parent(store, object, record)?;
    let meeting = meeting.map(|id| find::thing::<Meeting>(store, id)).transpose()?.map(|meeting| meeting.id);
    let note = Note { id: store.next_id(), parent, title, content, markdown, meeting, created_at };
    let answer = json!({"data": show(store, &note)});
    store.put(&note)?;
    Ok(answer)
}

/// Changes only what is given; new content takes the place of the old.
pub(crate) fn update(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let mut note: Note = find::thing(store, call.param(0))?;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let given = |key: &str| fields.get(key).is_some();
    let (has_title, has_format, has_content) = (given("title"), given("format"), given("content"));
    let title = has_title.then(|| fields.string("title"));
    let format = has_format.then(|| fields.one_of("format", &["plaintext", "markdown"]));
    let content = has_content.then(|| fields.string("content"));
    fields.done()?;
    if let Some(title) = title {
        note.title = title.into();
    }
    if let Some(content) = content {
        note.content = content.into();
        note.markdown = format == Some("markdown");
    }
    store.put(&note)?;
    Ok(json!({"data": show(store, &note)}))
}

pub(crate) fn delete(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let note: Note = find::thing(store, call.param(0))?;
    store.remove::<Note>(&note.id)?;
    Ok(json!({}))
}

/// Unlike in values, a parent that does not exist is a 404.
fn parent(store: &Store, object: &str, record: &str) -> Result<Link, Problem> {
    let table = find::object(store, object)?;
    let link = Link { object: table.slug.clone(), record: record.to_lowercase() };
    if store.has_row(&table, &link.record)? { Ok(link) } else { Err(Problem::record(record)) }
}

fn show(store: &Store, note: &Note) -> Value {
    let plain = if note.markdown { markdown::to_plain(&note.content) } else { note.content.clone() };
    json!({
        "id": {"workspace_id": store.workspace().id, "note_id": note.id},
        "parent_object": note.parent.object,
        "parent_record_id": note.parent.record,
        "title": note.title,
        "meeting_id": note.meeting,
        "content_plaintext": plain,
        "content_markdown": note.content,
        "tags": [],
        "created_by_actor": store.workspace().token(),
        "created_at": note.created_at,
    })
}
