//! Domains, email addresses, phone numbers, names and places: from a text to what Attio takes, or why not.

use crate::text;
use crate::vocabulary::PLACE;
use serde_json::{Map, Value, json};

/// A domain; of a website's URL the host.
pub fn domain(text: &str) -> Result<Value, String> {
    let host = text::domain(text)?;
    // Letters beyond ASCII are written as Attio shows them, not as their encoding for name servers.
    let plain = !text.contains(['/', ':', '?', '#', '@']) && !text.contains(char::is_whitespace);
    Ok(json!({"domain": if plain { text } else { host.as_str() }}))
}

pub fn email(text: &str) -> Result<Value, String> {
    Ok(json!({"email_address": text::email(text)?}))
}

/// A number with its country code: a national number would depend on where Attio thinks it is from.
pub fn phone(text: &str) -> Result<Value, String> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = text.chars().all(|c| c.is_ascii_digit() || "+ -.()/".contains(c));
    if text.starts_with('+') && plain && (7..=15).contains(&digits) {
        Ok(json!({"original_phone_number": text}))
    } else {
        Err("not a phone number with its country code, such as +4930123456".to_owned())
    }
}

/// `First Last`, parted at the last blank, or `Last, First`; of a single word the first name alone, so that
/// an update can leave the last name as it is.
pub fn name(text: &str) -> Result<Value, String> {
    let (first, last) = match text.split_once(',') {
        Some((last, first)) => (first.trim(), last.trim()),
        None => text.trim().rsplit_once(char::is_whitespace).unwrap_or((text.trim(), "")),
    };
    if first.is_empty() && last.is_empty() {
        return Err("not a name such as Ann Lee, or Lee, Ann".to_owned());
    }
    if last.is_empty() {
        return Ok(json!({"first_name": first}));
    }
    Ok(full_name(first, last))
}

/// A name with all three keys, as Attio requires.
pub fn full_name(first: &str, last: &str) -> Value {
    let full = [first, last].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    json!({"first_name": first, "last_name": last, "full_name": full})
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
