//! What is wrong with a request, one thing at a time: the items of `validation_errors`.

use serde_json::{Value, json};

/// A value that is missing or of another type. `path` leads to it.
pub(crate) fn unexpected(path: &[impl Into<Value> + Clone], expected: &str, found: Option<&Value>) -> Value {
    let received = match found {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    };
    let message = match found {
        None => "Required".to_owned(),
        Some(_) => format!("Expected {expected}, received {received}"),
    };
    json!({
        "code": "invalid_type",
        "path": json_path(path),
        "message": message,
        "expected": expected,
        "received": received,
    })
}

/// A word that is none of those allowed.
pub(crate) fn no_option(path: &[impl Into<Value> + Clone], allowed: &[&str], received: &str) -> Value {
    let message = format!("Invalid enum value. Expected {}, received '{received}'", any_of(allowed));
    json!({
        "code": "invalid_option",
        "path": json_path(path),
        "message": message,
        "options": allowed,
        "received": received,
    })
}

/// A key that an object may not have.
pub(crate) fn surplus(path: &[impl Into<Value> + Clone], key: &str) -> Value {
    let message = format!("Unrecognized key(s) in object: '{key}'");
    json!({"code": "unrecognized_keys", "path": json_path(path), "message": message, "keys": [key]})
}

/// Whatever has no code of its own.
pub(crate) fn invalid(path: &[impl Into<Value> + Clone], message: &str) -> Value {
    json!({"code": "invalid", "path": json_path(path), "message": message})
}

/// How faults name the words of which a value has to be one.
pub(crate) fn any_of(words: &[&str]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" | ")
}

fn json_path(path: &[impl Into<Value> + Clone]) -> Value {
    path.iter().cloned().map(Into::into).collect::<Vec<Value>>().into()
}
