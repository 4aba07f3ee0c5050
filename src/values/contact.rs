//! Domains, email addresses, phone numbers, names and places in the shape that Attio takes, or why not.

use crate::identity::{self, person};
use crate::vocabulary::PLACE;
use serde_json::{Map, Value, json};

/// A domain; of a website's URL the host.
pub fn domain(text: &str) -> Result<Value, String> {
    Ok(json!({"domain": identity::domain(text)?}))
}

pub fn email(text: &str) -> Result<Value, String> {
    Ok(json!({"email_address": identity::email(text)?}))
}

/// A number with its country code.
pub fn phone(text: &str) -> Result<Value, String> {
    Ok(json!({"original_phone_number": identity::phone(text)?}))
}

/// A name in one text; of a single word the first name alone, so that an update can leave the last name
/// as it is.
pub fn name(text: &str) -> Result<Value, String> {
    let (first, last) = person(text)?;
    Ok(if last.is_empty() { json!({"first_name": first}) } else { full_name(&first, &last) })
}

/// A name with all three keys, as Attio requires.
pub fn full_name(first: &str, last: &str) -> Value {
    json!({"first_name": first, "last_name": last, "full_name": person::whole(first, last)})
}

/// A name as compact output shows it; what is missing is empty, or follows from the rest.
pub fn name_of_parts(object: &Map<String, Value>) -> Result<Value, String> {
    let mut parts = text_parts(object, &["first_name", "last_name", "full_name"])?;
    let text = |name: &str| parts.get(name).and_then(Value::as_str).unwrap_or_default();
    let whole = full_name(text("first_name"), text("last_name"));
    parts.retain(|_, part| !part.is_null());
    match whole {
        Value::Object(mut name) => {
            name.extend(parts);
            Ok(name.into())
        }
        other => Ok(other),
    }
}

/// A location as compact output shows it; Attio wants the missing parts as nulls.
pub fn place(object: &Map<String, Value>) -> Result<Value, String> {
    let parts = text_parts(object, &PLACE)?;
    let part = |name: &&str| ((*name).to_owned(), parts.get(*name).cloned().unwrap_or_default());
    Ok(PLACE.iter().map(part).collect::<Map<_, _>>().into())
}

fn text_parts(object: &Map<String, Value>, known: &[&str]) -> Result<Map<String, Value>, String> {
    let fits = |(name, part): (&String, &Value)| {
        known.contains(&name.as_str()) && (part.is_string() || part.is_null())
    };
    match object.iter().find(|entry| !fits(*entry)) {
        None => Ok(object.clone()),
        Some((name, _)) => Err(format!("{name:?} is no text of {}", known.join(", "))),
    }
}
