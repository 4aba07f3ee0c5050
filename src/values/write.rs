//! From what people type to what Attio takes, by the attribute's definition.
//!
//! Text is never trimmed or coerced, but what tells one thing from another (names, domains, addresses)
//! gets its normal form; what does not fit the type is refused, so that no wrong value is written
//! silently. The forms that compact output has are taken back as JSON.

use super::definition::{Choice, Definition, Kind};
use super::{contact, nearest, scalar};
use crate::error::Error;
use crate::identity;
use serde_json::{Map, Value, json};

/// Slug of the attribute that names a record.
pub(super) const NAME: &str = "name";

/// One of the values of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// As Attio takes it.
    Ready(Value),
    /// A record, named in one of the ways of a reference; still to be looked up.
    Record(String),
    /// A workspace member by email address or ID; still to be looked up.
    Member(String),
}

/// The values that `texts` write to an attribute; none to clear it.
///
/// # Errors
/// Usage errors: what [`typed`] refuses, attributes that are archived, read-only, or required and would be
/// cleared, archived options, and domains that are no company's own.
pub fn write(definition: &Definition, texts: &[&str]) -> Result<Vec<Part>, Error> {
    let parts = taken_off(definition, texts)?;
    let slug = &definition.slug;
    if parts.is_empty() && (definition.required || definition.kind() == Kind::Checkbox) {
        let why = if definition.required { "it is required" } else { "a checkbox is true or false" };
        return Err(Error::usage(format!("{slug} cannot be cleared")).why(why));
    }
    for part in &parts {
        let Part::Ready(value) = part else { continue };
        if definition.choices.iter().flatten().any(|choice| choice.archived && *value == *choice.title) {
            return Err(Error::usage(format!("{slug}: {value} is archived")).hint(allowed(definition)));
        }
        if let (Kind::Domain, Some(domain)) = (definition.kind(), value["domain"].as_str()) {
            identity::own_domain(domain).map_err(|why| refuse(definition, value, why))?;
        }
    }
    Ok(parts)
}

/// The values that `texts` take off an attribute.
///
/// # Errors
/// Usage errors: what [`typed`] refuses, and attributes that are archived or read-only.
pub fn taken_off(definition: &Definition, texts: &[&str]) -> Result<Vec<Part>, Error> {
    let slug = &definition.slug;
    if definition.archived {
        return Err(Error::usage(format!("{slug} is archived")).hint("restore it in Attio, or use another"));
    }
    if !definition.writable {
        return Err(Error::usage(format!("{slug} is read-only")).why("Attio fills it in itself"));
    }
    typed(definition, texts)
}

/// The values that `texts` name, whether or not they can be written: one a text, or several as a JSON
/// array where the type can have several; none for one empty text.
///
/// # Errors
/// Usage errors: a text that the type does not take, an unknown option or status, and more values than
/// the attribute has.
pub fn typed(definition: &Definition, texts: &[&str]) -> Result<Vec<Part>, Error> {
    if texts == [""] {
        return Ok(Vec::new());
    }
    let slug = &definition.slug;
    if texts.contains(&"") {
        return Err(Error::usage(format!("{slug} is both cleared and set")));
    }
    let mut parts = Vec::new();
    for text in texts {
        match items(definition, text)? {
            Some(items) => {
                for item in &items {
                    parts.push(one(definition, item)?);
                }
            }
            None => parts.push(one(definition, &Value::from(*text))?),
        }
    }
    if parts.len() > 1 && !definition.multi {
        let message = format!("{slug} has one value; {} are given", parts.len());
        return Err(Error::usage(message).hint("use one --set for it"));
    }
    Ok(parts)
}

/// What is sent for the values of an attribute, which are looked up by now.
pub fn assembled(definition: &Definition, mut values: Vec<Value>) -> Value {
    let kind = definition.kind();
    let list = definition.multi || matches!(kind, Kind::Record | Kind::Actor);
    match values.pop() {
        // Attio describes currencies as not taking null.
        None if definition.multi || kind == Kind::Currency => json!([]),
        None => Value::Null,
        Some(only) if !list => only,
        Some(last) => {
            values.push(last);
            Value::Array(values)
        }
    }
}

/// The option or status with this title: exactly, else ignoring case; or with this ID.
///
/// # Errors
/// A usage error with the nearest titles and all that are allowed.
pub fn choice<'d>(definition: &'d Definition, text: &str) -> Result<&'d Choice, Error> {
    let all = || definition.choices.iter().flatten();
    if let Some(exact) = all().find(|choice| choice.title == text || choice.id == text) {
        return Ok(exact);
    }
    let same: Vec<&Choice> = all().filter(|c| c.title.to_lowercase() == text.to_lowercase()).collect();
    if let [only] = same.as_slice() {
        return Ok(only);
    }
    let what = if definition.kind() == Kind::Status { "status" } else { "option" };
    let titles = definition.titles();
    let near = nearest(text, titles.iter().copied());
    let hint = match near.as_slice() {
        [] => allowed(definition),
        near => format!("did you mean {}? {}", quoted(near, " or "), allowed(definition)),
    };
    Err(Error::usage(format!("{} has no {what} {text:?}", definition.slug))
        .hint(hint)
        .fact("suggestions", near)
        .fact("allowed", titles))
}

fn allowed(definition: &Definition) -> String {
    format!("allowed: {}", quoted(&definition.titles(), ", "))
}

fn quoted(texts: &[&str], between: &str) -> String {
    texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(between)
}

/// A refusal of what an attribute does not take.
pub fn refuse(definition: &Definition, given: &Value, why: impl Into<String>) -> Error {
    Error::usage(format!("{} cannot be {given}", definition.slug)).why(why)
}

/// The items of a JSON array, if `text` is one and the attribute's type has lists.
fn items(definition: &Definition, text: &str) -> Result<Option<Vec<Value>>, Error> {
    let title = || definition.choices.iter().flatten().any(|choice| choice.title == text);
    if !definition.kind().can_be_many() || !text.starts_with('[') || title() {
        return Ok(None);
    }
    let items = serde_json::from_str(text);
    items.map(Some).map_err(|e| refuse(definition, &text.into(), format!("not a JSON array: {e}")))
}

fn one(definition: &Definition, item: &Value) -> Result<Part, Error> {
    let kind = definition.kind();
    let ready = |value: Result<Value, String>| match value {
        Ok(value) => Ok(Part::Ready(value)),
        Err(why) => Err(refuse(definition, item, why)),
    };
    if let Some(object) = object(kind, item).map_err(|why| refuse(definition, item, why))? {
        return match kind {
            Kind::Currency => ready(scalar::money(definition.currency.as_deref(), &object)),
            Kind::Name => ready(contact::name_of_parts(&object)),
            Kind::Location => ready(contact::place(&object)),
            Kind::Record => ready(record(definition, &object)),
            _ => member(&object).map_err(|why| refuse(definition, item, why)),
        };
    }
    let Some(text) = item.as_str() else { return ready(Err("not a text".to_owned())) };
    match kind {
        // A text is kept as it is; a name is what records are found by.
        Kind::Text if definition.slug == NAME => ready(identity::name(text).map(Value::from)),
        Kind::Text => ready(Ok(text.into())),
        Kind::Number => ready(scalar::number(text)),
        Kind::Checkbox => ready(scalar::checkbox(text)),
        Kind::Currency => ready(scalar::amount(text)),
        Kind::Rating => ready(scalar::rating(text)),
        Kind::Date => ready(scalar::date(text)),
        Kind::Timestamp => ready(scalar::timestamp(text)),
        Kind::Select | Kind::Status => choice(definition, text).map(|c| Part::Ready(c.title.clone().into())),
        Kind::Record => Ok(Part::Record(text.to_owned())),
        Kind::Actor => Ok(Part::Member(text.to_owned())),
        Kind::Domain => ready(contact::domain(text)),
        Kind::Email => ready(contact::email(text)),
        Kind::Phone => ready(contact::phone(text)),
        Kind::Name => ready(contact::name(text)),
        Kind::Location => ready(Ok(text.into())),
        Kind::Interaction | Kind::Other => {
            let why = format!("values of type {} have no text form", definition.r#type);
            Err(refuse(definition, item, why).hint("use --set-json"))
        }
    }
}

/// The JSON object that an item is or spells, for the types whose values are shown as objects.
fn object(kind: Kind, item: &Value) -> Result<Option<Map<String, Value>>, String> {
    let has_objects =
        matches!(kind, Kind::Currency | Kind::Name | Kind::Location | Kind::Record | Kind::Actor);
    match item {
        Value::Object(object) if has_objects => Ok(Some(object.clone())),
        Value::String(text) if has_objects && text.starts_with('{') => {
            serde_json::from_str(text).map(Some).map_err(|e| format!("not a JSON object: {e}"))
        }
        _ => Ok(None),
    }
}

/// A record as compact output names it, or as Attio does.
fn record(definition: &Definition, object: &Map<String, Value>) -> Result<Value, String> {
    let part = |names: [&str; 2]| names.into_iter().find_map(|name| object.get(name)?.as_str());
    // Its name is what output adds, and says nothing more.
    let parts = object.len() - usize::from(object.contains_key("name"));
    let (Some(slug), Some(id), 2) =
        (part(["object", "target_object"]), part(["record_id", "target_record_id"]), parts)
    else {
        return Err("a record is {\"object\":…,\"record_id\":…}".to_owned());
    };
    let allowed = definition.objects.as_deref().unwrap_or_default();
    let fits = allowed.is_empty()
        || allowed.iter().any(|object| object == slug)
        || definition.object_ids.iter().any(|id| id == slug);
    if !fits {
        return Err(format!("only records of {}", allowed.join(", ")));
    }
    Ok(json!({"target_object": slug, "target_record_id": crate::text::uuid(id)?}))
}

/// A member as compact output names it, or as Attio does.
fn member(object: &Map<String, Value>) -> Result<Part, String> {
    let part = |names: [&str; 2]| names.into_iter().find_map(|name| object.get(name)?.as_str());
    let kind = part(["type", "referenced_actor_type"]);
    match part(["id", "referenced_actor_id"]) {
        Some(id) if kind == Some("workspace-member") => Ok(Part::Member(id.to_owned())),
        _ => {
            Err("only workspace members can be written: {\"type\":\"workspace-member\",\"id\":…}".to_owned())
        }
    }
}
