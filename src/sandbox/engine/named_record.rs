//! Records that comments, tasks, meetings and files name in their queries and bodies.

use super::find;
use super::problem::Problem;
use super::request::body::Fields;
use super::request::call::Call;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::Link;

/// The record that two query parameters name. They come together or not at all; the record need not exist.
pub(crate) fn in_query(
    store: &Store,
    call: &Call,
    [object, record]: [&str; 2],
) -> Result<Option<Link>, Problem> {
    match (call.query(object), call.uuid(record)?) {
        (None, None) => Ok(None),
        (Some(name), Some(record)) => {
            Ok(Some(Link { object: find::object(store, name)?.slug.clone(), record }))
        }
        (None, _) => Err(Problem::query(object, &format!("Required together with {record}"))),
        (_, None) => Err(Problem::query(record, &format!("Required together with {object}"))),
    }
}

/// Reads `object` and `record_id`; [`existing`] checks that they exist.
pub(crate) fn in_body<'a>(fields: &mut Fields<'a>) -> (&'a str, &'a str) {
    (fields.string("object"), fields.uuid("record_id"))
}

/// The record that a body names.
///
/// # Errors
/// 400 `value_not_found`
pub(crate) fn existing(store: &Store, (object, record): (&str, &str)) -> Result<Link, Problem> {
    let table = find::object_in_body(store, object)?;
    let link = Link { object: table.slug.clone(), record: record.to_lowercase() };
    match store.has_row(&table, &link.record)? {
        true => Ok(link),
        false => Err(Problem::value_not_found(format!("Record with ID \"{record}\" not found."))),
    }
}
