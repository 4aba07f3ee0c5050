//! Comments on records and list entries. The first of a thread gives the thread its identifier.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::{find, named_record};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::Link;
use crate::sandbox::store::things::{Scope, Thing};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Comment {
    pub id: String,
    /// Identifier of the comment that opened the thread; its own for that one.
    pub thread: String,
    pub content: String,
    /// The record, or that of the entry.
    pub record: Link,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// Identifier of a workspace member.
    pub author: String,
    pub created_at: String,
}

impl Thing for Comment {
    const KIND: &'static str = "Comment";

    fn id(&self) -> &str {
        &self.id
    }

    fn time(&self) -> &str {
        &self.created_at
    }

    fn parent(&self) -> Option<&str> {
        Some(&self.thread)
    }
}

/// A list entry, named as in answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub entry_id: String,
    pub list_id: String,
}

/// What a new comment is about.
struct Topic {
    /// `None` opens a thread.
    thread: Option<String>,
    record: Link,
    entry: Option<Entry>,
}

pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    try_create(store, call).map_err(Problem::in_both_cases)
}

fn try_create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    fields.only(&["format", "content", "author", "created_at", "thread_id", "record", "entry"]);
    fields.one_of("format", &["plaintext"]);
    let content = fields.string("content").to_owned();
    let author = fields.nested("author", |author| {
        author.one_of("type", &["workspace-member"]);
        author.uuid("id")
    });
    let created_at = fields.created_at(call.now);
    let thread = fields.optional("thread_id", Fields::uuid);
    let record = fields.optional("record", |fields, key| fields.nested(key, named_record::in_body)).flatten();
    let entry = |entry: &mut Fields| (entry.string("list").to_owned(), entry.uuid("entry_id").to_owned());
    let entry = fields.optional("entry", |fields, key| fields.nested(key, entry)).flatten();
    fields.done()?;
    let topic = match (thread, record, entry) {
        (Some(id), None, None) => in_thread(store, id)?,
        (None, Some(name), None) => {
            Topic { thread: None, record: named_record::existing(store, name)?, entry: None }
        }
        (None, None, Some((list, entry))) => on_entry(store, &list, &entry)?,
        _ => {
            return Err(Problem::body(vec![
                json!({"code": "invalid", "path": ["data"], "message": "Invalid input"}),
            ]));
        }
    };
    let author = member(store, author.unwrap_or_default())?;
    let id = store.next_id();
    let Topic { thread, record, entry } = topic;
    let comment = Comment {
        thread: thread.unwrap_or_else(|| id.clone()),
        id,
        content,
        record,
        entry,
        author,
        created_at,
    };
    let answer = json!({"data": show(store, &comment)});
    store.put(&comment)?;
    Ok(answer)
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    Ok(json!({"data": show(store, &find::thing(store, call.param(0))?)}))
}

/// The comment that opened a thread takes the whole thread with it.
pub(crate) fn delete(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let id = call.param(0);
    let missing = || Problem::not_found(format!("Could not find Comment with ID \"{id}\"."));
    store.get::<Comment>(id)?.ok_or_else(missing)?;
    store.remove::<Comment>(id)?;
    for reply in store.all::<Comment>(Scope::In(id))? {
        store.remove::<Comment>(&reply.id)?;
    }
    Ok(json!({}))
}

fn in_thread(store: &Store, id: &str) -> Result<Topic, Problem> {
    let id = id.to_lowercase();
    let missing =
        || Problem::value_not_found("The referenced Thread could not be found, it might have been deleted.");
    let first: Comment = store.get(&id)?.ok_or_else(missing)?;
    Ok(Topic { thread: Some(id), record: first.record, entry: first.entry })
}

fn on_entry(store: &Store, list: &str, entry: &str) -> Result<Topic, Problem> {
    let missing = |what: &str, name: &str| Problem::value_not_found(format!("{what} \"{name}\" not found."));
    let table = store.list(list).ok_or_else(|| missing("List with slug/ID", list))?;
    let id = entry.to_lowercase();
    let record = store.row(&table, &id)?.and_then(|row| row.parent);
    let record = record.ok_or_else(|| missing("List entry with ID", entry))?;
    Ok(Topic { thread: None, record, entry: Some(Entry { entry_id: id, list_id: table.id.clone() }) })
}

fn member(store: &Store, id: &str) -> Result<String, Problem> {
    let found = store.workspace().members.iter().find(|member| member.id.eq_ignore_ascii_case(id));
    let missing = || Problem::value_not_found(format!("Workspace member with ID \"{id}\" not found."));
    Ok(found.ok_or_else(missing)?.id.clone())
}

pub(super) fn show(store: &Store, comment: &Comment) -> Value {
    let object = store.object(&comment.record.object).map(|table| table.id.clone());
    json!({
        "id": {"workspace_id": store.workspace().id, "comment_id": comment.id},
        "thread_id": comment.thread,
        "content_plaintext": comment.content,
        "entry": comment.entry,
        "record": {"record_id": comment.record.record, "object_id": object},
        "resolved_at": null,
        "resolved_by": null,
        "created_at": comment.created_at,
        "author": {"type": "workspace-member", "id": comment.author},
    })
}
