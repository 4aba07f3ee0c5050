//! Default values: what a new record or entry holds in an attribute that its creator did not mention.

use jiff::{Span, Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::values::{self, Column, time};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::row::Content;
use crate::sandbox::store::schema::{Attribute, AttributeType, DefaultValue, Table, Workspace};

/// Reads `default_value` of a definition.
///
/// # Errors
/// 400 for a shape that Attio does not know and for values that could not be written to the attribute.
pub(crate) fn parse(
    store: &Store,
    table: &Table,
    attribute: &Attribute,
    value: &Value,
) -> Result<Option<DefaultValue>, Problem> {
    let refuse = |message: &str| Err(Problem::invalid("validation_type", message));
    if value.is_null() {
        return Ok(None);
    }
    if matches!(table.slug.as_str(), "companies" | "people") && table.parent.is_none() {
        return refuse("Default values are not supported on people or company objects.");
    }
    match (value["type"].as_str(), &value["template"]) {
        (Some("static"), template @ Value::Array(_)) => values::parse::values(store, attribute, template)
            .map(|contents| Some(DefaultValue::Static(contents))),
        (Some("dynamic"), Value::String(template)) if fits(attribute.kind, template) => {
            Ok(Some(DefaultValue::Dynamic(template.clone())))
        }
        (Some("dynamic"), _) => refuse("This dynamic default value does not fit the attribute's type."),
        _ => refuse("A default value is static with an array of values or dynamic with a text as template."),
    }
}

fn fits(kind: AttributeType, template: &str) -> bool {
    match kind {
        AttributeType::ActorReference => template == "current-user",
        AttributeType::Date | AttributeType::Timestamp => template.parse::<Span>().is_ok(),
        _ => false,
    }
}

/// The values a new row gets at the given time, without references to what is gone by then.
pub(crate) fn values(store: &Store, attribute: &Attribute, now: &str) -> Result<Vec<Content>, Failure> {
    let contents = match &attribute.default {
        None => return Ok(Vec::new()),
        Some(DefaultValue::Dynamic(template)) => {
            return Ok(dynamic(store, attribute.kind, template, now).into_iter().collect());
        }
        Some(DefaultValue::Static(contents)) => contents,
    };
    let mut found = Vec::with_capacity(contents.len());
    for content in contents {
        match content {
            Content::Reference(link) if store.follow(link)?.is_none() => {}
            other => found.push(other.clone()),
        }
    }
    Ok(found)
}

fn dynamic(store: &Store, kind: AttributeType, template: &str, now: &str) -> Option<Content> {
    if kind == AttributeType::ActorReference {
        return Some(Content::Actor(store.workspace().token()));
    }
    let now = TimeZone::UTC.to_datetime(now.parse::<Timestamp>().ok()?);
    let then = now.checked_add(template.parse::<Span>().ok()?).ok()?;
    Some(match kind {
        AttributeType::Date => Content::Date(then.date().to_string()),
        _ => Content::Timestamp(time::stamp(TimeZone::UTC.to_timestamp(then).ok()?)),
    })
}

/// The default as Attio shows it: static values as values are read, dynamic ones as they were written.
pub(crate) fn read(workspace: &Workspace, table: &Table, attribute: &Attribute) -> Value {
    let column = Column { workspace, table, attribute };
    match &attribute.default {
        None => Value::Null,
        Some(DefaultValue::Static(contents)) => {
            let template: Vec<Value> = contents.iter().map(|content| column.bare(content)).collect();
            json!({"type": "static", "template": template})
        }
        Some(DefaultValue::Dynamic(template)) => json!({"type": "dynamic", "template": template}),
    }
}
