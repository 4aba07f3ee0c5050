//! Records that comments, tasks, meetings and files name in their queries and bodies.

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::store::state::{Link, State};

/// The record that two query parameters name. They come together or not at all; the record need not exist.
pub(crate) fn in_query(
    state: &State,
    call: &Call,
    [object, record]: [&str; 2],
) -> Result<Option<Link>, Problem> {
    match (call.query(object), call.uuid(record)?) {
        (None, None) => Ok(None),
        (Some(name), Some(record)) => {
            let (_, table) = state.object(name).ok_or_else(|| Problem::object(name))?;
            Ok(Some(Link { object: table.slug.clone(), record }))
        }
        (None, _) => Err(Problem::query(object, &format!("Required together with {record}"))),
        (_, None) => Err(Problem::query(record, &format!("Required together with {object}"))),
    }
}

/// Reads `object` and `record_id`; [`find`] checks that they exist.
pub(crate) fn in_body<'a>(fields: &mut Fields<'a>) -> (&'a str, &'a str) {
    (fields.string("object"), fields.uuid("record_id"))
}

/// The record that a body names.
///
/// # Errors
/// 400 `value_not_found`
pub(crate) fn find(state: &State, (object, record): (&str, &str)) -> Result<Link, Problem> {
    let missing = |what: &str, name| Problem::value_not_found(format!("{what} \"{name}\" not found."));
    let (_, table) = state.object(object).ok_or_else(|| missing("Object with slug/ID", object))?;
    let link = Link { object: table.slug.clone(), record: record.to_lowercase() };
    if table.rows.contains_key(&link.record) { Ok(link) } else { Err(missing("Record with ID", record)) }
}
