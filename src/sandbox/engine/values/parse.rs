//! From what a client writes to what is stored: shorthand, object form, or an array of either.

use serde_json::{Number, Value};

use super::reference::{self, Named};
use super::refuse::{bad, exact, texts, unexpected};
use super::{contact, phone, place, time};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::{holders, number};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::{Content, Link};
use crate::sandbox::store::schema::{Attribute, AttributeType};

/// Reads the values written to one attribute.
///
/// # Errors
/// 400 `validation_type` for a bad shape, `value_not_found` for something that does not exist.
pub(crate) fn values(store: &Store, attribute: &Attribute, value: &Value) -> Result<Vec<Content>, Problem> {
    let items = match value {
        Value::Null if matches!(attribute.kind, AttributeType::Checkbox | AttributeType::Currency) => {
            return Err(bad(attribute, &[], "Expected a value, received null"));
        }
        Value::Null => &[],
        Value::Array(items) => items.as_slice(),
        _ if attribute.multi => return Err(bad(attribute, &[], "Expected array")),
        bare => std::slice::from_ref(bare),
    };
    if items.len() > 1 && !attribute.multi {
        return Err(bad(attribute, &[], "Array must contain at most 1 element(s)"));
    }
    let mut contents: Vec<Content> = Vec::with_capacity(items.len());
    for item in items {
        let content = one(store, attribute, item)?;
        if !contents.iter().any(|seen| seen.same(&content)) {
            contents.push(content);
        }
    }
    Ok(contents)
}

fn one(store: &Store, attribute: &Attribute, value: &Value) -> Result<Content, Problem> {
    match attribute.kind {
        AttributeType::Text => text(attribute, value, "value").map(|text| Content::Text(text.into())),
        AttributeType::Number => number(attribute, value).map(Content::Number),
        AttributeType::Rating => rating(attribute, value),
        AttributeType::Currency => currency(attribute, value),
        AttributeType::Checkbox => checkbox(attribute, value),
        AttributeType::Date => time::date(text(attribute, value, "value")?)
            .map(Content::Date)
            .ok_or_else(|| bad(attribute, &["value"], "Invalid date")),
        AttributeType::Timestamp => time::timestamp(text(attribute, value, "value")?)
            .map(Content::Timestamp)
            .ok_or_else(|| bad(attribute, &["value"], "Invalid timestamp")),
        AttributeType::Select => choice(attribute, text(attribute, value, "option")?).map(Content::Choice),
        AttributeType::Status => choice(attribute, text(attribute, value, "status")?).map(Content::Choice),
        AttributeType::Domain => contact::domain(attribute, open_text(attribute, value, "domain")?),
        AttributeType::EmailAddress => {
            contact::email(attribute, open_text(attribute, value, "email_address")?)
        }
        AttributeType::PhoneNumber => phone::parse(attribute, value),
        AttributeType::PersonalName => contact::name(attribute, value),
        AttributeType::Location => place::parse(attribute, value),
        AttributeType::RecordReference => {
            record(store, reference::record(store, attribute, value)?).map(Content::Reference)
        }
        AttributeType::ActorReference => reference::actor(store, attribute, value).map(Content::Actor),
        AttributeType::Interaction => Err(bad(attribute, &[], "Interactions cannot be written")),
    }
}

/// The record that a reference names. It must exist already.
pub(crate) fn record(store: &Store, named: Named) -> Result<Link, Problem> {
    let (table, name, value) = match named {
        Named::Record(link) => return Ok(link),
        Named::Holder(table, name, value) => (table, name, value),
    };
    let unknown = || Problem::value_not_found(format!("Cannot find attribute with slug/ID \"{name}\"."));
    let by = table.attribute(&name).ok_or_else(unknown)?;
    let wanted = values(store, by, &value)?;
    let Some(record) = holders::of_any(store, &table, by, &wanted)?.into_iter().next() else {
        let slug = &table.slug;
        return Err(Problem::value_not_found(format!(
            "No record of \"{slug}\" was found with {name} {value}."
        )));
    };
    Ok(Link { object: table.slug.clone(), record })
}

/// The value itself, or the one member of its object form, which has no other.
fn only<'v>(attribute: &Attribute, value: &'v Value, key: &str) -> Result<&'v Value, Problem> {
    let Value::Object(map) = value else { return Ok(value) };
    exact(attribute, map, &[key])?;
    map.get(key).ok_or_else(|| unexpected(attribute, &[key], expected(attribute), None))
}

fn text<'v>(attribute: &Attribute, value: &'v Value, key: &str) -> Result<&'v str, Problem> {
    let value = only(attribute, value, key)?;
    value.as_str().ok_or_else(|| unexpected(attribute, &[key], "string", Some(value)))
}

/// The text itself, or a member of its object form, which may have others.
fn open_text<'v>(attribute: &Attribute, value: &'v Value, key: &str) -> Result<&'v str, Problem> {
    match value {
        Value::Object(map) => texts(attribute, map, [key]).map(|[text]| text),
        value => text(attribute, value, key),
    }
}

fn number(attribute: &Attribute, value: &Value) -> Result<Number, Problem> {
    match only(attribute, value, "value")? {
        Value::Number(number) => Ok(number::plain(number)),
        other => Err(unexpected(attribute, &["value"], "number", Some(other))),
    }
}

fn rating(attribute: &Attribute, value: &Value) -> Result<Content, Problem> {
    let number = number(attribute, value)?;
    match number.as_u64() {
        Some(0..=5) => Ok(Content::Number(number)),
        _ => Err(bad(attribute, &["value"], "Expected a whole number from 0 to 5")),
    }
}

/// Numbers and numeric strings, kept to four decimals. The currency code belongs to the attribute.
fn currency(attribute: &Attribute, value: &Value) -> Result<Content, Problem> {
    let value = only(attribute, value, "currency_value")?;
    let refuse = || unexpected(attribute, &["currency_value"], "number", Some(value));
    let number = match value {
        Value::Number(number) => number.clone(),
        Value::String(text) => serde_json::from_str(text.trim()).map_err(|_| refuse())?,
        _ => return Err(refuse()),
    };
    if number.is_i64() || number.is_u64() {
        return Ok(Content::Number(number));
    }
    let rounded = number.as_f64().map(|value| (value * 10_000.0).round() / 10_000.0);
    let rounded = rounded.and_then(Number::from_f64).ok_or_else(refuse)?;
    Ok(Content::Number(number::plain(&rounded)))
}

fn checkbox(attribute: &Attribute, value: &Value) -> Result<Content, Problem> {
    let value = only(attribute, value, "value")?;
    match value {
        Value::Bool(value) => Ok(Content::Checkbox(*value)),
        Value::String(text) if text == "true" => Ok(Content::Checkbox(true)),
        Value::String(text) if text == "false" => Ok(Content::Checkbox(false)),
        _ => Err(unexpected(attribute, &["value"], "boolean", Some(value))),
    }
}

/// What the object form of a type holds.
fn expected(attribute: &Attribute) -> &'static str {
    match attribute.kind {
        AttributeType::Number | AttributeType::Rating | AttributeType::Currency => "number",
        AttributeType::Checkbox => "boolean",
        _ => "string",
    }
}

/// The identifier of an option or status, named by title or identifier. Nothing is created.
pub(crate) fn choice(attribute: &Attribute, name: &str) -> Result<String, Problem> {
    attribute.choice(name).map(|choice| choice.id.clone()).ok_or_else(|| {
        Problem::value_not_found(match attribute.kind {
            AttributeType::Status => {
                format!("Cannot find status attribute with status option title \"{name}\".")
            }
            _ => format!("Cannot find select attribute with select option title \"{name}\"."),
        })
    })
}
