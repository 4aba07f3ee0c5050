//! Refusals of values that have the wrong shape.

use serde_json::{Map, Value};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::store::schema::Attribute;

/// The refusal of a value; `path` leads into the value.
pub(crate) fn bad(attribute: &Attribute, path: &[&str], message: &str) -> Problem {
    Problem::value(&attribute.slug, path, message)
}

/// Refuses keys that the object form does not have.
pub(crate) fn exact(attribute: &Attribute, map: &Map<String, Value>, keys: &[&str]) -> Result<(), Problem> {
    match map.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(bad(attribute, &[], &format!("Unrecognized key(s) in object: '{key}'"))),
        None => Ok(()),
    }
}
