//! What paths and bodies name, or the refusal that goes with it: 404 for what a path names, 400 for a body.

use std::sync::Arc;

use super::problem::Problem;
use super::request::call::Call;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::Row;
use crate::sandbox::store::schema::{Attribute, Table};
use crate::sandbox::store::things::Thing;

/// The object named in a path or query.
pub(crate) fn object(store: &Store, name: &str) -> Result<Arc<Table>, Problem> {
    store.object(name).ok_or_else(|| Problem::object(name))
}

/// The object named in a body.
pub(crate) fn object_in_body(store: &Store, name: &str) -> Result<Arc<Table>, Problem> {
    let missing = || Problem::value_not_found(format!("Object with slug/ID \"{name}\" not found."));
    store.object(name).ok_or_else(missing)
}

/// The list named in a path or query.
pub(crate) fn list(store: &Store, name: &str) -> Result<Arc<Table>, Problem> {
    store.list(name).ok_or_else(|| Problem::list(name))
}

/// The object or list that a path begins with.
pub(crate) fn table(store: &Store, call: &Call) -> Result<Arc<Table>, Problem> {
    if call.is_list() { list(store, call.param(0)) } else { object(store, call.param(0)) }
}

/// The attribute of a table that is second in a path, archived or not.
pub(crate) fn attribute<'t>(table: &'t Table, call: &Call) -> Result<&'t Attribute, Problem> {
    let name = call.param(1);
    let attribute = table.attribute(name).filter(|attribute| !attribute.hidden);
    attribute.ok_or_else(|| Problem::attribute(name))
}

/// The record or list entry that a path names.
pub(crate) fn row(store: &Store, call: &Call) -> Result<(Arc<Table>, Row), Problem> {
    let (table, id) = (table(store, call)?, call.param(1));
    let missing = || match table.is_list() {
        true => Problem::not_found(format!("List entry with ID \"{id}\" not found.")),
        false => Problem::record(id),
    };
    let row = store.row(&table, id)?.ok_or_else(missing)?;
    Ok((table, row))
}

/// The thing of a kind that has an identifier.
pub(crate) fn thing<T: Thing>(store: &Store, id: &str) -> Result<T, Problem> {
    let missing = || Problem::not_found(format!("{} with ID \"{id}\" was not found.", T::KIND));
    store.get(&id.to_lowercase())?.ok_or_else(missing)
}
