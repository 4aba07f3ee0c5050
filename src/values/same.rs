//! Whether a record holds the values that somebody named.

use super::definition::Kind;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Whether the compact value `found` (null when unset) is exactly the values `wanted`, which are in the
/// form that Attio takes. The order of a list does not count.
pub fn holds(kind: Kind, found: &Value, wanted: &[Value]) -> bool {
    let found = match found {
        Value::Null => &[],
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let is = |wanted: &Value| found.iter().any(|found| same(kind, found, wanted));
    let was_wanted = |found: &Value| wanted.iter().any(|wanted| same(kind, found, wanted));
    wanted.iter().all(is) && found.iter().all(was_wanted)
}

/// Whether the compact value `found` is the value `wanted` in the form that Attio takes.
pub fn same(kind: Kind, found: &Value, wanted: &Value) -> bool {
    let part = |name: &str| wanted.get(name).unwrap_or(&Value::Null);
    match kind {
        Kind::Number | Kind::Rating => found.as_f64() == wanted.as_f64(),
        Kind::Currency => found.get("amount").and_then(amount) == amount(wanted),
        Kind::Timestamp => time(found).is_some_and(|found| Some(found) == time(wanted)),
        Kind::Record => {
            *found == json!({"object": part("target_object"), "record_id": part("target_record_id")})
        }
        Kind::Actor => found.get("id") == Some(part("referenced_actor_id")),
        Kind::Domain => ignoring_case(found, part("domain")),
        Kind::Email => ignoring_case(found, part("email_address")),
        Kind::Phone => digits(found) == digits(part("original_phone_number")),
        Kind::Location => wanted.as_object().is_some_and(|wanted| {
            wanted.iter().all(|(name, part)| found.get(name).unwrap_or(&Value::Null) == part)
        }),
        Kind::Name => ["first_name", "last_name"].iter().all(|half| {
            let text = |name: &Value| name.get(half).and_then(Value::as_str).unwrap_or_default().to_owned();
            text(found) == text(wanted)
        }),
        _ => found == wanted,
    }
}

fn amount(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

fn ignoring_case(a: &Value, b: &Value) -> bool {
    let lower = |value: &Value| value.as_str().map(str::to_lowercase);
    lower(a).is_some() && lower(a) == lower(b)
}

fn digits(value: &Value) -> Option<String> {
    value.as_str().map(|text| text.chars().filter(char::is_ascii_digit).collect())
}
