//! List entries. Their values work as those of records do; only the envelope differs.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values;
use crate::sandbox::engine::write::{self, Mode};
use crate::sandbox::resources::records;
use crate::sandbox::store::state::{Link, Place, Row, State, Table};

pub(crate) fn query(state: &State, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let (place, table) = state.list(name).ok_or_else(|| Problem::list(name))?;
    let rows = records::select(state, place, table, &call.json()?)?;
    let data: Vec<Value> = rows.into_iter().map(|(id, row)| read(state, table, id, row)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    let (_, table, id, row) = find(state, call)?;
    Ok(json!({"data": read(state, table, id, row)}))
}

/// Always adds: a record may be in a list many times.
pub(crate) fn create(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let missing = || Problem::not_found(format!("Could not find list with slug/ID \"{name}\"."));
    let (place, table) = state.list(name).ok_or_else(missing)?;
    let body = call.json()?;
    let parent = parent(state, table, &body)?;
    let changes = write::plan(state, table, None, write::values(&body, "entry_values")?, Mode::Replace)?;
    let row = Row { parent: Some(parent), ..Row::default() };
    let id = write::insert(state, place, row, changes, &call.stamp());
    answer(state, place, &id)
}

/// Changes the one entry that the record has in the list, or makes it.
pub(crate) fn upsert(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let missing = || Problem::not_found(format!("List with slug/ID \"{name}\" was not found."));
    let (place, table) = state.list(name).ok_or_else(missing)?;
    let body = call.json()?;
    let parent = parent(state, table, &body)?;
    let mut found = table.rows.iter().filter(|(_, row)| row.parent.as_ref() == Some(&parent));
    let id = match (found.next(), found.next()) {
        (None, _) => return create(state, call),
        (Some((id, _)), None) => id.clone(),
        _ => {
            let message = "Multiple entries were found for the given parent record. Please remove duplicates or use \
                           the update or create entry endpoints instead.";
            return Err(Problem::invalid("multiple_match_results", message));
        }
    };
    let values = write::values(&body, "entry_values")?;
    let changes = write::plan(state, table, Some(&id), values, Mode::Replace)?;
    write::apply(state, place, &id, changes, &call.stamp());
    answer(state, place, &id)
}

pub(crate) fn append(state: &mut State, call: &Call) -> Result<Value, Problem> {
    update(state, call, Mode::Append)
}

pub(crate) fn replace(state: &mut State, call: &Call) -> Result<Value, Problem> {
    update(state, call, Mode::Replace)
}

pub(crate) fn delete(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let (place, _, id, _) = find(state, call)?;
    let id = id.to_owned();
    if let Some(table) = state.table_mut(place) {
        table.rows.remove(&id);
    }
    state.comments.retain(|comment| comment.entry.as_ref().is_none_or(|entry| entry.entry_id != id));
    Ok(json!({}))
}

pub(crate) fn values(state: &State, call: &Call) -> Result<Value, Problem> {
    let (_, table, id, row) = find(state, call)?;
    records::values_of(state, table, id, row, call)
}

/// The entries a record has, over all lists.
pub(crate) fn of_record(state: &State, call: &Call) -> Result<Value, Problem> {
    let (_, table, id, _) = records::find(state, call)?;
    let link = Link { object: table.slug.clone(), record: id.to_owned() };
    let page = call.page(100, 1000)?;
    let entries = state.lists.iter().flat_map(|list| list.rows.iter().map(move |(id, row)| (list, id, row)));
    let own = entries.filter(|(_, _, row)| row.parent.as_ref() == Some(&link));
    let data: Vec<Value> = page
        .of(own)
        .map(|(list, id, row)| {
            json!({
                "list_id": list.id,
                "list_api_slug": list.slug,
                "entry_id": id,
                "created_at": row.created_at,
            })
        })
        .collect();
    Ok(json!({ "data": data }))
}

fn update(state: &mut State, call: &Call, mode: Mode) -> Result<Value, Problem> {
    let (place, table, id, _) = find(state, call)?;
    let (id, body) = (id.to_owned(), call.json()?);
    if body.pointer("/data/parent_record_id").is_some() {
        let message = "The parent record for a list entry cannot be updated once created.";
        return Err(Problem::invalid("immutable_value", message));
    }
    let changes = write::plan(state, table, Some(&id), write::values(&body, "entry_values")?, mode)?;
    write::apply(state, place, &id, changes, &call.stamp());
    answer(state, place, &id)
}

fn answer(state: &State, place: Place, id: &str) -> Result<Value, Problem> {
    let table = state.table(place).ok_or_else(|| Problem::internal("The list is gone."))?;
    let row = table.rows.get(id).ok_or_else(|| missing_entry(id))?;
    Ok(json!({"data": read(state, table, id, row)}))
}

/// The record that an entry is to stand for.
fn parent(state: &State, list: &Table, body: &Value) -> Result<Link, Problem> {
    let mut fields = Fields::data(body)?;
    let (object, record) = (fields.string("parent_object"), fields.uuid("parent_record_id"));
    fields.object("entry_values");
    fields.done()?;
    let missing = || Problem::value_not_found(format!("Object with slug/ID \"{object}\" not found."));
    let (_, table) = state.object(object).ok_or_else(missing)?;
    if list.parent.as_ref() != Some(&table.slug) {
        let message = format!("The list \"{}\" does not hold records of \"{}\".", list.slug, table.slug);
        return Err(Problem::invalid("validation_type", message));
    }
    let link = Link { object: table.slug.clone(), record: record.to_lowercase() };
    match state.follow(&link) {
        Some(_) => Ok(link),
        None => Err(Problem::value_not_found(format!("Parent record with slug/ID \"{record}\" not found."))),
    }
}

/// The entry named in the path.
pub(crate) fn find<'s>(
    state: &'s State,
    call: &Call,
) -> Result<(Place, &'s Table, &'s str, &'s Row), Problem> {
    let (list, id) = (call.param(0), call.param(1));
    let (place, table) = state.list(list).ok_or_else(|| Problem::list(list))?;
    let (id, row) = table.rows.get_key_value(id).ok_or_else(|| missing_entry(id))?;
    Ok((place, table, id, row))
}

fn missing_entry(id: &str) -> Problem {
    Problem::not_found(format!("List entry with ID \"{id}\" not found."))
}

fn read(state: &State, table: &Table, id: &str, row: &Row) -> Value {
    json!({
        "id": {"workspace_id": state.workspace_id, "list_id": table.id, "entry_id": id},
        "parent_record_id": row.parent.as_ref().map(|link| &link.record),
        "parent_object": row.parent.as_ref().map(|link| &link.object),
        "created_at": row.created_at,
        "entry_values": values::read_row(state, table, id, row),
    })
}
