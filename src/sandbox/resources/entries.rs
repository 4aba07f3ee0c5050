//! List entries. Their values work as those of records do; only the envelope differs.

use serde_json::{Value, json};

use super::comments::Comment;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::write::{self, Mode};
use crate::sandbox::engine::{find, query, values};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::{Link, Row};
use crate::sandbox::store::schema::Table;
use crate::sandbox::store::things::{Scope, Thing as _};

pub(crate) fn query(store: &Store, call: &Call) -> Result<Value, Problem> {
    let table = find::list(store, call.param(0))?;
    let rows = query::select(store, &table, &call.json()?)?;
    let data: Vec<Value> = rows.iter().map(|row| show(store, &table, row)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    let (table, row) = find::row(store, call)?;
    Ok(json!({"data": show(store, &table, &row)}))
}

/// Always adds: a record may be in a list many times.
pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let missing = || Problem::not_found(format!("Could not find list with slug/ID \"{name}\"."));
    let table = store.list(name).ok_or_else(missing)?;
    let body = call.json()?;
    let parent = parent(store, &table, &body)?;
    let values = write::values(&body, "entry_values")?;
    let changes = write::plan(store, &table, None, values, Mode::Replace)?;
    let id = write::insert(store, &table, Some(parent), changes, &call.stamp())?;
    answer(store, &table, &id)
}

/// Changes the one entry that the record has in the list, or makes it.
pub(crate) fn upsert(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let missing = || Problem::not_found(format!("List with slug/ID \"{name}\" was not found."));
    let table = store.list(name).ok_or_else(missing)?;
    let body = call.json()?;
    let parent = parent(store, &table, &body)?;
    let mut found = of(store, &table, &parent.record)?;
    let row = match (found.pop(), found.pop()) {
        (None, _) => return create(store, call),
        (Some(row), None) => row,
        _ => {
            let message = "Multiple entries were found for the given parent record. Please remove duplicates or use \
                           the update or create entry endpoints instead.";
            return Err(Problem::invalid("multiple_match_results", message));
        }
    };
    change(store, &table, row, (call, &body), Mode::Replace)
}

pub(crate) fn append(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    update(store, call, Mode::Append)
}

pub(crate) fn replace(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    update(store, call, Mode::Replace)
}

pub(crate) fn delete(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let (table, row) = find::row(store, call)?;
    store.remove_row(&table, &row.id)?;
    let record = row.parent.map(|link| link.record).unwrap_or_default();
    for comment in store.all::<Comment>(Scope::Of(&record))? {
        if comment.entry.as_ref().is_some_and(|entry| entry.entry_id == row.id) {
            store.remove::<Comment>(comment.id())?;
        }
    }
    Ok(json!({}))
}

/// The entries a record has, over all lists.
pub(crate) fn of_record(store: &Store, call: &Call) -> Result<Value, Problem> {
    let (_, record) = find::row(store, call)?;
    let page = call.page(100, 1000)?;
    let mut entries = Vec::new();
    for list in &store.workspace().lists {
        entries.extend(of(store, list, &record.id)?.into_iter().map(|row| (list, row)));
    }
    let data = page.of(entries).map(|(list, row)| {
        json!({
            "list_id": list.id,
            "list_api_slug": list.slug,
            "entry_id": row.id,
            "created_at": row.created_at,
        })
    });
    Ok(json!({ "data": data.collect::<Vec<_>>() }))
}

/// The entries of a list that stand for a record.
fn of(store: &Store, list: &Table, record: &str) -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    for id in store.mentioning(list, record)? {
        let row = store.row(list, &id)?;
        rows.extend(row.filter(|row| row.parent.as_ref().is_some_and(|parent| parent.record == record)));
    }
    Ok(rows)
}

fn update(store: &mut Store, call: &Call, mode: Mode) -> Result<Value, Problem> {
    let (table, row) = find::row(store, call)?;
    let body = call.json()?;
    if body.pointer("/data/parent_record_id").is_some() {
        let message = "The parent record for a list entry cannot be updated once created.";
        return Err(Problem::invalid("immutable_value", message));
    }
    write::only_values(&body, "entry_values")?;
    change(store, &table, row, (call, &body), mode)
}

fn change(
    store: &mut Store,
    table: &Table,
    row: Row,
    (call, body): (&Call, &Value),
    mode: Mode,
) -> Result<Value, Problem> {
    let id = row.id.clone();
    let changes = write::plan(store, table, Some(&row), write::values(body, "entry_values")?, mode)?;
    write::apply(store, table, row, changes, &call.stamp())?;
    answer(store, table, &id)
}

fn answer(store: &Store, table: &Table, id: &str) -> Result<Value, Problem> {
    let row = store.row(table, id)?.ok_or_else(|| Problem::internal("The entry is gone."))?;
    Ok(json!({"data": show(store, table, &row)}))
}

/// The record that an entry is to stand for.
fn parent(store: &Store, list: &Table, body: &Value) -> Result<Link, Problem> {
    let mut fields = Fields::data(body)?;
    let (object, record) = (fields.string("parent_object"), fields.uuid("parent_record_id"));
    fields.object("entry_values");
    fields.done()?;
    let table = find::object_in_body(store, object)?;
    if list.parent.as_ref() != Some(&table.slug) {
        let message = format!("The list \"{}\" does not hold records of \"{}\".", list.slug, table.slug);
        return Err(Problem::invalid("validation_type", message));
    }
    let link = Link { object: table.slug.clone(), record: record.to_lowercase() };
    match store.has_row(&table, &link.record)? {
        true => Ok(link),
        false => Err(Problem::value_not_found(format!("Parent record with slug/ID \"{record}\" not found."))),
    }
}

fn show(store: &Store, table: &Table, row: &Row) -> Value {
    let workspace = store.workspace();
    json!({
        "id": {"workspace_id": workspace.id, "list_id": table.id, "entry_id": row.id},
        "parent_record_id": row.parent.as_ref().map(|link| &link.record),
        "parent_object": row.parent.as_ref().map(|link| &link.object),
        "created_at": row.created_at,
        "entry_values": values::read_row(workspace, table, row),
    })
}
