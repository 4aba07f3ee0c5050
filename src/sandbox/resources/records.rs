//! Records: reading and deleting. Writing is in `write`.

use serde_json::{Value, json};

use super::views;
use crate::sandbox::engine::filter::{self, Filter};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::relations;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::{Call, Page};
use crate::sandbox::engine::sort::Order;
use crate::sandbox::engine::values::{self, Column};
use crate::sandbox::store::state::{Held, Place, Row, State, Table};

/// Largest page of a query; every known client stays within it.
const MOST: usize = 500;

pub(crate) fn query(state: &State, call: &Call) -> Result<Value, Problem> {
    let missing = || Problem::not_found("The referenced object was not found.");
    let (place, table) = state.object(call.param(0)).ok_or_else(missing)?;
    let rows = select(state, place, table, &call.json()?)?;
    let data: Vec<Value> = rows.into_iter().map(|(id, row)| read(state, table, id, row)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    let (_, table, id, row) = find(state, call)?;
    Ok(json!({"data": read(state, table, id, row)}))
}

pub(crate) fn delete(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let (place, _, id, _) = find(state, call)?;
    let id = id.to_owned();
    relations::remove(state, place, &id, &call.stamp());
    Ok(json!({}))
}

pub(crate) fn values(state: &State, call: &Call) -> Result<Value, Problem> {
    let (_, table, id, row) = find(state, call)?;
    values_of(state, table, id, row, call)
}

/// The rows a query body selects, in order.
pub(crate) fn select<'s>(
    state: &'s State,
    place: Place,
    table: &'s Table,
    body: &Value,
) -> Result<Vec<(&'s str, &'s Row)>, Problem> {
    let mut fields = Fields::bare(body)?;
    let page =
        Page { limit: fields.count("limit", MOST, MOST), offset: fields.count("offset", 0, usize::MAX) };
    for (key, fits) in [("filter", Value::is_object as fn(&Value) -> bool), ("sorts", Value::is_array)] {
        if fields.get(key).is_some_and(|value| !fits(value)) {
            fields.invalid(key, "Invalid input");
        }
    }
    let (filter, sorts) = (fields.get("filter"), fields.get("sorts"));
    let view = fields.get("filter_view_id").filter(|id| !id.is_null());
    if filter.is_some() && view.is_some() {
        fields.invalid("filter_view_id", "A query takes filter or filter_view_id, not both");
    }
    fields.done()?;
    let filter = view.map_or(Ok(filter), |id| views::filter(table, id))?;
    let filter = filter.map(|filter| filter::parse(state, place, filter)).transpose()?;
    let order = Order::parse(state, place, sorts)?;
    let keep = |(id, row): &(&String, &Row)| filter.as_ref().is_none_or(|f: &Filter| f.holds(state, id, row));
    let mut rows: Vec<(&str, &Row)> =
        table.rows.iter().filter(keep).map(|(id, row)| (id.as_str(), row)).collect();
    order.sort(state, &mut rows);
    Ok(page.of(rows).collect())
}

/// The values of one attribute of a row, with `show_historic` all it ever had.
pub(crate) fn values_of(
    state: &State,
    table: &Table,
    id: &str,
    row: &Row,
    call: &Call,
) -> Result<Value, Problem> {
    let name = call.param(2);
    let attribute = table.attribute(name).filter(|attribute| !attribute.hidden);
    let attribute = attribute.ok_or_else(|| Problem::attribute(name))?;
    let page = call.page(usize::MAX, usize::MAX)?;
    let mut all: Vec<Held> = row.held(id, attribute, state).into_owned();
    if call.flag("show_historic")? == Some(true) {
        if attribute.is_enriched() {
            let message = "Cannot set show_historic param to true when querying a COMINT attribute.";
            return Err(Problem::invalid("validation_type", message));
        }
        all.extend(row.past.get(&attribute.slug).into_iter().flatten().cloned());
        all.sort_by_cached_key(|held| held.from.clone().unwrap_or_else(|| row.created_at.clone()));
    }
    let column = Column { state, table, attribute };
    let data: Vec<Value> = page.of(&all).map(|held| column.envelope(row, held)).collect();
    Ok(json!({ "data": data }))
}

/// The record named in the path.
pub(crate) fn find<'s>(
    state: &'s State,
    call: &Call,
) -> Result<(Place, &'s Table, &'s str, &'s Row), Problem> {
    let (object, id) = (call.param(0), call.param(1));
    let (place, table) = state.object(object).ok_or_else(|| Problem::object(object))?;
    let (id, row) = table.rows.get_key_value(id).ok_or_else(|| Problem::record(id))?;
    Ok((place, table, id, row))
}

/// A record as Attio shows it.
pub(crate) fn read(state: &State, table: &Table, id: &str, row: &Row) -> Value {
    json!({
        "id": {"workspace_id": state.workspace_id, "object_id": table.id, "record_id": id},
        "created_at": row.created_at,
        "web_url": web_url(&table.slug, id),
        "values": values::read_row(state, table, id, row),
    })
}

fn web_url(object: &str, id: &str) -> String {
    match object {
        "companies" => format!("https://app.attio.com/sandbox/company/{id}"),
        "people" => format!("https://app.attio.com/sandbox/person/{id}"),
        other => format!("https://app.attio.com/sandbox/{other}/record/{id}"),
    }
}
