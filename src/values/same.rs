//! Whether a record holds the values that somebody named.

use super::definition::Kind;
use crate::identity::{self, phone};
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
        Kind::Domain => alike(found, part("domain"), |text| identity::domain(text).ok()),
        Kind::Email => alike(found, part("email_address"), |text| Some(text.to_lowercase())),
        Kind::Phone => texts(found, part("original_phone_number")).is_some_and(|(a, b)| phone::same(a, b)),
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

/// Whether two texts are equal as they are or in their normal form.
fn alike(a: &Value, b: &Value, normal: impl Fn(&str) -> Option<String>) -> bool {
    texts(a, b).is_some_and(|(a, b)| a == b || normal(a).is_some_and(|form| Some(form) == normal(b)))
}

fn texts<'v>(a: &'v Value, b: &'v Value) -> Option<(&'v str, &'v str)> {
    a.as_str().zip(b.as_str())
}
