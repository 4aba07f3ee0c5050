//! Default values: what a new record or entry holds in an attribute that its creator did not mention.

use jiff::{Span, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::values::{self, Column, time};
use crate::sandbox::store::state::{Attribute, Content, Kind, State, Table};

/// What `default_value` of a definition says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", content = "template", rename_all = "lowercase")]
pub(crate) enum DefaultValue {
    Static(Vec<Content>),
    /// `current-user`, or an ISO 8601 duration from the time of creation.
    Dynamic(String),
}

impl DefaultValue {
    pub(crate) fn contents_mut(&mut self) -> &mut [Content] {
        match self {
            Self::Static(contents) => contents,
            Self::Dynamic(_) => &mut [],
        }
    }
}

/// Reads `default_value` of a definition.
///
/// # Errors
/// 400 for a shape that Attio does not know and for values that could not be written to the attribute.
pub(crate) fn parse(
    state: &State,
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
        (Some("static"), template @ Value::Array(_)) => values::parse::values(state, attribute, template)
            .map(|contents| Some(DefaultValue::Static(contents))),
        (Some("dynamic"), Value::String(template)) if fits(attribute.kind, template) => {
            Ok(Some(DefaultValue::Dynamic(template.clone())))
        }
        (Some("dynamic"), _) => refuse("This dynamic default value does not fit the attribute's type."),
        _ => refuse("A default value is static with an array of values or dynamic with a text as template."),
    }
}

fn fits(kind: Kind, template: &str) -> bool {
    match kind {
        Kind::ActorReference => template == "current-user",
        Kind::Date | Kind::Timestamp => template.parse::<Span>().is_ok(),
        _ => false,
    }
}

/// The values a new row gets at the given time, without references to what is gone by then.
pub(crate) fn values(state: &State, attribute: &Attribute, now: &str) -> Vec<Content> {
    let exists = |content: &&Content| match content {
        Content::Reference(link) => state.follow(link).is_some(),
        _ => true,
    };
    match &attribute.default {
        None => Vec::new(),
        Some(DefaultValue::Static(contents)) => contents.iter().filter(exists).cloned().collect(),
        Some(DefaultValue::Dynamic(template)) => {
            dynamic(state, attribute.kind, template, now).into_iter().collect()
        }
    }
}

fn dynamic(state: &State, kind: Kind, template: &str, now: &str) -> Option<Content> {
    if kind == Kind::ActorReference {
        return Some(Content::Actor(state.token()));
    }
    let now = TimeZone::UTC.to_datetime(now.parse::<Timestamp>().ok()?);
    let then = now.checked_add(template.parse::<Span>().ok()?).ok()?;
    Some(match kind {
        Kind::Date => Content::Date(then.date().to_string()),
        _ => Content::Timestamp(time::stamp(TimeZone::UTC.to_timestamp(then).ok()?)),
    })
}

/// The default as Attio shows it: static values as values are read, dynamic ones as they were written.
pub(crate) fn read(state: &State, table: &Table, attribute: &Attribute) -> Value {
    let column = Column { state, table, attribute };
    match &attribute.default {
        None => Value::Null,
        Some(DefaultValue::Static(contents)) => {
            let template: Vec<Value> = contents.iter().map(|content| column.bare(content)).collect();
            json!({"type": "static", "template": template})
        }
        Some(DefaultValue::Dynamic(template)) => json!({"type": "dynamic", "template": template}),
    }
}
