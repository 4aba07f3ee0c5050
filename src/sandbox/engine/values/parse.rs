//! From what a client writes to what is stored: shorthand, object form, or an array of either.

use serde_json::{Map, Number, Value};

use super::{contact, phone, place, reference, time};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::store::state::{Attribute, Choice, Content, Kind, State};

/// Reads the values written to one attribute.
///
/// # Errors
/// 400 `validation_type` for a bad shape, `value_not_found` for something that does not exist.
pub(crate) fn values(state: &State, attribute: &Attribute, value: &Value) -> Result<Vec<Content>, Problem> {
    let items = match value {
        Value::Null if matches!(attribute.kind, Kind::Checkbox | Kind::Currency) => {
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
        let content = one(state, attribute, item)?;
        if !contents.iter().any(|seen| same(seen, &content)) {
            contents.push(content);
        }
    }
    Ok(contents)
}

/// Whether two values of a multiselect count as one: email addresses differ in more than case.
pub(crate) fn same(a: &Content, b: &Content) -> bool {
    match (a, b) {
        (Content::Email(a), Content::Email(b)) => a.eq_ignore_ascii_case(b),
        (Content::Phone { number: a, .. }, Content::Phone { number: b, .. }) => a == b,
        (a, b) => a == b,
    }
}

/// The refusal of a value; `path` leads into the value.
pub(crate) fn bad(attribute: &Attribute, path: &[&str], message: &str) -> Problem {
    Problem::value(&attribute.slug, path, message)
}

fn one(state: &State, attribute: &Attribute, value: &Value) -> Result<Content, Problem> {
    match attribute.kind {
        Kind::Text => text(attribute, value, "value").map(|text| Content::Text(text.into())),
        Kind::Number => number(attribute, only(attribute, value, "value")?).map(Content::Number),
        Kind::Rating => rating(attribute, value),
        Kind::Currency => currency(attribute, value),
        Kind::Checkbox => checkbox(attribute, value),
        Kind::Date => time::date(text(attribute, value, "value")?)
            .map(Content::Date)
            .ok_or_else(|| bad(attribute, &["value"], "Invalid date")),
        Kind::Timestamp => time::timestamp(text(attribute, value, "value")?)
            .map(Content::Timestamp)
            .ok_or_else(|| bad(attribute, &["value"], "Invalid timestamp")),
        Kind::Select => choice(attribute, text(attribute, value, "option")?).map(Content::Choice),
        Kind::Status => choice(attribute, text(attribute, value, "status")?).map(Content::Choice),
        Kind::Domain => contact::domain(attribute, text(attribute, value, "domain")?),
        Kind::EmailAddress => contact::email(attribute, text(attribute, value, "email_address")?),
        Kind::PhoneNumber => phone::parse(attribute, value),
        Kind::PersonalName => contact::name(attribute, value),
        Kind::Location => place::parse(attribute, value),
        Kind::RecordReference => reference::record(state, attribute, value).map(Content::Reference),
        Kind::ActorReference => reference::actor(state, attribute, value).map(Content::Actor),
        Kind::Interaction => Err(bad(attribute, &[], "Interactions cannot be written")),
    }
}

/// The value itself, or the one member of its object form.
fn only<'v>(attribute: &Attribute, value: &'v Value, key: &str) -> Result<&'v Value, Problem> {
    let Value::Object(map) = value else { return Ok(value) };
    exact(attribute, map, &[key])?;
    map.get(key).ok_or_else(|| bad(attribute, &[key], "Required"))
}

/// Refuses keys that the object form does not have.
pub(crate) fn exact(attribute: &Attribute, map: &Map<String, Value>, keys: &[&str]) -> Result<(), Problem> {
    match map.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(bad(attribute, &[], &format!("Unrecognized key(s) in object: '{key}'"))),
        None => Ok(()),
    }
}

fn text<'v>(attribute: &Attribute, value: &'v Value, key: &str) -> Result<&'v str, Problem> {
    only(attribute, value, key)?.as_str().ok_or_else(|| bad(attribute, &[key], "Expected string"))
}

fn number(attribute: &Attribute, value: &Value) -> Result<Number, Problem> {
    match value {
        Value::Number(number) => Ok(number.clone()),
        _ => Err(bad(attribute, &["value"], "Expected number")),
    }
}

fn rating(attribute: &Attribute, value: &Value) -> Result<Content, Problem> {
    let number = number(attribute, only(attribute, value, "value")?)?;
    match number.as_u64() {
        Some(0..=5) => Ok(Content::Number(number)),
        _ => Err(bad(attribute, &["value"], "Expected a whole number from 0 to 5")),
    }
}

/// Numbers and numeric strings, kept to four decimals. The currency code belongs to the attribute.
fn currency(attribute: &Attribute, value: &Value) -> Result<Content, Problem> {
    let refuse = || bad(attribute, &["currency_value"], "Expected number");
    let number = match only(attribute, value, "currency_value")? {
        Value::Number(number) => number.clone(),
        Value::String(text) => serde_json::from_str(text.trim()).map_err(|_| refuse())?,
        _ => return Err(refuse()),
    };
    if number.is_i64() || number.is_u64() {
        return Ok(Content::Number(number));
    }
    let rounded = number.as_f64().map(|value| (value * 10_000.0).round() / 10_000.0);
    rounded.and_then(Number::from_f64).map(Content::Number).ok_or_else(refuse)
}

fn checkbox(attribute: &Attribute, value: &Value) -> Result<Content, Problem> {
    match only(attribute, value, "value")? {
        Value::Bool(value) => Ok(Content::Checkbox(*value)),
        Value::String(text) if text == "true" => Ok(Content::Checkbox(true)),
        Value::String(text) if text == "false" => Ok(Content::Checkbox(false)),
        _ => Err(bad(attribute, &["value"], "Expected boolean")),
    }
}

/// The identifier of an option or status, named by title or identifier. Nothing is created.
pub(crate) fn choice(attribute: &Attribute, name: &str) -> Result<String, Problem> {
    let named = |choice: &&Choice| choice.title == name || choice.id == name;
    attribute.choices.iter().find(named).map(|choice| choice.id.clone()).ok_or_else(|| {
        Problem::value_not_found(match attribute.kind {
            Kind::Status => format!("Cannot find status attribute with status option title \"{name}\"."),
            _ => format!("Cannot find select attribute with select option title \"{name}\"."),
        })
    })
}
