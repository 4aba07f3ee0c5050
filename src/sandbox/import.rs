//! Files of version 1, one JSON text each: they are taken over once and kept beside the new one.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::resources::comments::Comment;
use super::resources::files::File;
use super::resources::meetings::meeting::Meeting;
use super::resources::notes::Note;
use super::resources::recordings::Recording;
use super::resources::sequences::Unsubscribed;
use super::resources::tasks::Task;
use super::resources::webhooks::Webhook;
use super::store::database::Store;
use super::store::failure::{Failure, RESET};
use super::store::file::{self, Found};
use super::store::row::Row;
use super::store::schema::{Member, Table, Workspace};
use super::store::things::Thing;

/// The whole of an older file.
#[derive(Deserialize)]
struct Version1 {
    made: i64,
    workspace_id: String,
    token_id: String,
    created_at: String,
    members: Vec<Member>,
    objects: Vec<Rows>,
    lists: Vec<Rows>,
    notes: Vec<Note>,
    tasks: Vec<Task>,
    #[serde(default)]
    comments: Vec<Comment>,
    #[serde(default)]
    meetings: Vec<Meeting>,
    #[serde(default)]
    recordings: Vec<Recording>,
    #[serde(default)]
    files: Vec<Map<String, Value>>,
    #[serde(default)]
    webhooks: Vec<Webhook>,
    #[serde(default)]
    unsubscribed: Vec<Unsubscribed>,
}

#[derive(Deserialize)]
struct Rows {
    #[serde(flatten)]
    table: Table,
    rows: BTreeMap<String, Row>,
}

/// All that is read of a file of unknown version.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Takes over an older file in the place of `file`, or one that stands beside it under the name it had: `sandbox.json`
/// for `sandbox.db`.
///
/// # Errors
/// It is damaged, of a later version, or cannot be replaced.
pub(super) fn older_file(file: &Path, patience: Duration) -> Result<(), Failure> {
    match file::look(file)? {
        Found::Database => Ok(()),
        Found::Json => file::take_over(file, file, patience, fill),
        Found::Nothing => {
            let old = file.with_extension("json");
            match file::look(&old) {
                Ok(Found::Json) => {
                    file::take_over(&old, file, patience, fill).map_err(|failure| failure.of(&old))
                }
                _ => Ok(()),
            }
        }
    }
}

fn fill(store: &mut Store, json: &[u8]) -> Result<(), Failure> {
    let Version { version } = serde_json::from_slice(json)?;
    if version != 1 {
        let why = format!("it was written by a later version of attio-crm (format {version})");
        return Err(Failure::new(why, RESET));
    }
    let old: Version1 = serde_json::from_slice(json)?;
    store.go_on_from(old.made);
    let mut rows = Vec::new();
    let mut tables = |all: Vec<Rows>| {
        let table = |one: Rows| {
            let table = Arc::new(one.table);
            rows.push((Arc::clone(&table), one.rows));
            table
        };
        all.into_iter().map(table).collect()
    };
    *store.workspace_mut() = Workspace {
        id: old.workspace_id,
        token_id: old.token_id,
        created_at: old.created_at,
        members: old.members,
        objects: tables(old.objects),
        lists: tables(old.lists),
    };
    for (table, rows) in rows {
        for (id, row) in rows {
            store.put_row(&table, &Row { id, ..row })?;
        }
    }
    put(store, &old.notes)?;
    put(store, &old.tasks)?;
    put(store, &old.comments)?;
    put(store, &old.meetings)?;
    put(store, &old.recordings)?;
    put(store, &old.webhooks)?;
    put(store, &old.unsubscribed)?;
    old.files.into_iter().try_for_each(|old| put_file(store, old))
}

fn put<T: Thing + DeserializeOwned>(store: &mut Store, things: &[T]) -> Result<(), Failure> {
    things.iter().try_for_each(|thing| store.put(thing))
}

/// The bytes stood in the text, one character each.
fn put_file(store: &mut Store, mut old: Map<String, Value>) -> Result<(), Failure> {
    let content = old.remove("content");
    let bytes: Option<Vec<u8>> = content
        .as_ref()
        .and_then(Value::as_str)
        .map(|text| text.chars().filter_map(|char| u8::try_from(char).ok()).collect());
    if let Some(bytes) = &bytes {
        old.insert("content_size".to_owned(), bytes.len().into());
    }
    let file: File = serde_json::from_value(Value::Object(old))?;
    store.put(&file)?;
    bytes.map_or(Ok(()), |bytes| store.put_bytes(File::KIND, file.id(), &bytes))
}
