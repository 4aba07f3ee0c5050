//! Refusals of values that have the wrong shape.

use serde_json::{Map, Value};

use crate::sandbox::engine::fault;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::store::schema::Attribute;

/// The refusal of a value; `path` leads into the value.
pub(crate) fn bad(attribute: &Attribute, path: &[&str], message: &str) -> Problem {
    Problem::value(&attribute.slug, vec![fault::invalid(path, message)])
}

/// The refusal of a value that is missing or of another type.
pub(super) fn unexpected(
    attribute: &Attribute,
    path: &[&str],
    expected: &str,
    found: Option<&Value>,
) -> Problem {
    Problem::value(&attribute.slug, vec![fault::unexpected(path, expected, found)])
}

/// Refuses keys that the object form does not have.
pub(super) fn exact(attribute: &Attribute, map: &Map<String, Value>, keys: &[&str]) -> Result<(), Problem> {
    match map.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(Problem::value(&attribute.slug, vec![fault::surplus(&[""; 0], key)])),
        None => Ok(()),
    }
}

/// The texts under some keys of an object form. All that are missing are reported at once.
pub(super) fn texts<'m, const N: usize>(
    attribute: &Attribute,
    map: &'m Map<String, Value>,
    keys: [&str; N],
) -> Result<[&'m str; N], Problem> {
    let found = keys.map(|key| map.get(key).and_then(Value::as_str));
    let absent = keys.iter().zip(found).filter(|(_, text)| text.is_none());
    let faults: Vec<Value> =
        absent.map(|(key, _)| fault::unexpected(&[*key], "string", map.get(*key))).collect();
    match faults.is_empty() {
        true => Ok(found.map(Option::unwrap_or_default)),
        false => Err(Problem::value(&attribute.slug, faults)),
    }
}
