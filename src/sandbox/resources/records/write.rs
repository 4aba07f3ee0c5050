//! Records: create, append (PATCH), replace (PUT), upsert.

use serde_json::{Map, Value, json};

use super::read;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::parse;
use crate::sandbox::engine::write::{self, Mode};
use crate::sandbox::engine::{find, holders};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::Content;
use crate::sandbox::store::schema::{Attribute, Table};

pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let table = find::object(store, call.param(0))?;
    let body = call.json()?;
    let changes = write::plan(store, &table, None, write::values(&body, "values")?, Mode::Replace)?;
    let id = write::insert(store, &table, None, changes, &call.stamp())?;
    answer(store, &table, &id)
}

pub(crate) fn upsert(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let table = find::object(store, call.param(0))?;
    let body = call.json()?;
    let values = write::only_values(&body, "values")?;
    let by = matching_attribute(&table, call)?;
    let wanted = matching_values(store, by, values)?;
    let mode = Mode::Upsert(&by.slug);
    let found = holders::of_any(store, &table, by, &wanted)?;
    let id = match found.as_slice() {
        [] => {
            let changes = write::plan(store, &table, None, values, mode)?;
            write::insert(store, &table, None, changes, &call.stamp())?
        }
        [id] => {
            let row = store.row(&table, id)?.ok_or_else(|| Problem::record(id))?;
            let changes = write::plan(store, &table, Some(&row), values, mode)?;
            write::apply(store, &table, row, changes, &call.stamp())?;
            id.clone()
        }
        _ => {
            let message =
                format!("Multiple records match the values given for attribute with slug \"{}\".", by.slug);
            return Err(Problem::invalid("multiple_match_results", message));
        }
    };
    answer(store, &table, &id)
}

pub(crate) fn append(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    update(store, call, Mode::Append)
}

pub(crate) fn replace(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    update(store, call, Mode::Replace)
}

fn update(store: &mut Store, call: &Call, mode: Mode) -> Result<Value, Problem> {
    let (table, row) = find::row(store, call)?;
    let (id, body) = (row.id.clone(), call.json()?);
    let changes = write::plan(store, &table, Some(&row), write::only_values(&body, "values")?, mode)?;
    write::apply(store, &table, row, changes, &call.stamp())?;
    answer(store, &table, &id)
}

fn answer(store: &Store, table: &Table, id: &str) -> Result<Value, Problem> {
    let row = store.row(table, id)?.ok_or_else(|| Problem::record(id))?;
    Ok(json!({"data": read::show(store, table, &row)}))
}

fn matching_attribute<'t>(table: &'t Table, call: &Call) -> Result<&'t Attribute, Problem> {
    let name =
        call.query("matching_attribute").ok_or_else(|| Problem::query("matching_attribute", "Required"))?;
    let attribute = table.attribute(name).ok_or_else(|| {
        Problem::value_not_found(format!("No attribute was found for matching_attribute slug/ID \"{name}\"."))
    })?;
    if attribute.unique {
        return Ok(attribute);
    }
    let message = format!("The matching attribute with slug \"{}\" is not unique.", attribute.slug);
    Err(Problem::invalid("matching_attribute_definition_not_unique", message))
}

fn matching_values(
    store: &Store,
    by: &Attribute,
    values: &Map<String, Value>,
) -> Result<Vec<Content>, Problem> {
    let value = values.get(&by.slug).or_else(|| values.get(&by.id));
    let wanted = value.map(|value| parse::values(store, by, value)).transpose()?.unwrap_or_default();
    if wanted.is_empty() {
        let message =
            format!("A value for the matching attribute with slug \"{}\" must be provided.", by.slug);
        return Err(Problem::invalid("missing_value", message));
    }
    Ok(wanted)
}
