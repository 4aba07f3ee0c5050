//! Records: reading and deleting.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::{find, mentions, query, values};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::Row;
use crate::sandbox::store::schema::Table;

pub(crate) fn query(store: &Store, call: &Call) -> Result<Value, Problem> {
    let missing = || Problem::not_found("The referenced object was not found.");
    let table = store.object(call.param(0)).ok_or_else(missing)?;
    let rows = query::select(store, &table, &call.json()?)?;
    let data: Vec<Value> = rows.iter().map(|row| show(store, &table, row)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    let (table, row) = find::row(store, call)?;
    Ok(json!({"data": show(store, &table, &row)}))
}

pub(crate) fn delete(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let (table, row) = find::row(store, call)?;
    mentions::remove(store, &table, &row.id, &call.stamp())?;
    Ok(json!({}))
}

/// A record as Attio shows it.
pub(super) fn show(store: &Store, table: &Table, row: &Row) -> Value {
    let workspace = store.workspace();
    json!({
        "id": {"workspace_id": workspace.id, "object_id": table.id, "record_id": row.id},
        "created_at": row.created_at,
        "web_url": web_url(&table.slug, &row.id),
        "values": values::read_row(workspace, table, row),
    })
}

fn web_url(object: &str, id: &str) -> String {
    match object {
        "companies" => format!("https://app.attio.com/sandbox/company/{id}"),
        "people" => format!("https://app.attio.com/sandbox/person/{id}"),
        other => format!("https://app.attio.com/sandbox/{other}/record/{id}"),
    }
}
