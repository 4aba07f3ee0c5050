//! The conditions on a value: which fields an attribute type has, which operators they know, how these compare.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::values::{Column, time};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::{Content, Held, Row};
use crate::sandbox::store::schema::{Attribute, AttributeType};

/// `field operator operand`.
pub(crate) struct Test {
    field: &'static str,
    op: &'static str,
    want: Want,
}

/// What a value is compared with.
enum Want {
    Text(String),
    /// without the leading `+`, so that a phone number is found with and without it
    Phone(String),
    /// dates and timestamps, whose text sorts as they do
    Time(String),
    Number(f64),
    Bool(bool),
    AnyOf(HashSet<String>),
    Something,
}

type Field = (&'static str, &'static [&'static str]);

const TEXT: &[&str] = &["$eq", "$contains", "$starts_with", "$ends_with"];
const TEXT_SET: &[&str] = &["$eq", "$in", "$contains", "$starts_with", "$ends_with", "$not_empty"];
const TEXT_OR_NONE: &[&str] = &["$eq", "$not_empty", "$contains", "$starts_with", "$ends_with"];
const RANGE: &[&str] = &["$eq", "$lt", "$lte", "$gt", "$gte"];
const AGE: &[&str] = &["$lt", "$lte", "$gt", "$gte"];
const EQ: &[&str] = &["$eq"];
const EQ_IN: &[&str] = &["$eq", "$in"];
const EQ_OR_NONE: &[&str] = &["$eq", "$not_empty"];

/// The fields of a type that can be filtered, and the operators each knows. The first is the main one, which a bare
/// literal means, unless the type has none.
fn fields(kind: AttributeType) -> (bool, &'static [Field]) {
    match kind {
        AttributeType::Text => (true, &[("value", TEXT_SET)]),
        AttributeType::Number | AttributeType::Rating | AttributeType::Date | AttributeType::Timestamp => {
            (true, &[("value", RANGE)])
        }
        AttributeType::Currency => (true, &[("value", RANGE), ("currency_value", RANGE)]),
        AttributeType::Checkbox => (true, &[("value", EQ)]),
        AttributeType::Select => (true, &[("option", EQ), ("title", EQ), ("id", EQ), ("active_from", AGE)]),
        AttributeType::Status => (true, &[("status", EQ), ("title", EQ), ("id", EQ), ("active_from", AGE)]),
        AttributeType::Domain => (true, &[("domain", TEXT_OR_NONE), ("root_domain", TEXT_OR_NONE)]),
        AttributeType::EmailAddress => (
            true,
            &[
                ("email_address", TEXT),
                ("email_domain", TEXT),
                ("email_root_domain", TEXT),
                ("email_local_specifier", TEXT),
            ],
        ),
        AttributeType::PhoneNumber => (true, &[("phone_number", TEXT), ("country_code", EQ_OR_NONE)]),
        AttributeType::PersonalName => {
            (true, &[("full_name", TEXT_OR_NONE), ("first_name", TEXT_OR_NONE), ("last_name", TEXT_OR_NONE)])
        }
        AttributeType::Location => (
            false,
            &[
                ("line_1", TEXT),
                ("line_2", TEXT),
                ("line_3", TEXT),
                ("line_4", TEXT),
                ("locality", TEXT),
                ("region", TEXT),
                ("postcode", TEXT),
                ("country_code", &["$eq", "$starts_with"]),
            ],
        ),
        AttributeType::RecordReference => (false, &[("target_object", EQ_IN), ("target_record_id", EQ_IN)]),
        AttributeType::ActorReference => {
            (false, &[("referenced_actor_type", EQ), ("referenced_actor_id", EQ)])
        }
        AttributeType::Interaction => (
            false,
            &[("interacted_at", RANGE), ("owner_member_id", EQ_OR_NONE), ("interaction_type", EQ_OR_NONE)],
        ),
    }
}

/// The field that stands for the whole value, if the type has one.
pub(crate) fn main_field(kind: AttributeType) -> Option<&'static str> {
    let (has_main, fields) = fields(kind);
    fields.first().filter(|_| has_main).map(|field| field.0)
}

/// The name of a field of this type as the tables here know it.
pub(crate) fn known_field(kind: AttributeType, name: &str) -> Option<&'static str> {
    fields(kind).1.iter().map(|field| field.0).find(|known| *known == name)
}

/// Reads the condition on one attribute: a literal, `{operator: …}` or `{field: …}`.
pub(crate) fn parse(
    store: &Store,
    attribute: &Attribute,
    value: &Value,
    at: &[String],
) -> Result<Vec<Test>, Problem> {
    let reader = Reader { store, attribute };
    reader.tests(value).map_err(|problem| problem.with("path", at.to_vec()))
}

struct Reader<'a> {
    store: &'a Store,
    attribute: &'a Attribute,
}

impl Reader<'_> {
    fn tests(&self, value: &Value) -> Result<Vec<Test>, Problem> {
        let (has_main, fields) = fields(self.attribute.kind);
        let main = fields.first().filter(|_| has_main);
        let Value::Object(map) = value else {
            let field = main.ok_or_else(|| Problem::invalid("filter_error", "Filter cannot omit field"))?;
            return Ok(vec![self.test(*field, "$eq", value)?]);
        };
        let (operators, named): (Vec<_>, Vec<_>) = map.iter().partition(|(key, _)| key.starts_with('$'));
        let mut tests = Vec::new();
        for (operator, operand) in operators {
            let field = main.ok_or_else(|| Problem::invalid("filter_error", "Filter cannot omit field"))?;
            tests.push(self.test(*field, operator, operand)?);
        }
        for (name, condition) in named {
            let field =
                fields.iter().find(|field| field.0 == name).ok_or_else(|| self.unknown_field(name))?;
            match condition {
                Value::Object(operators) => {
                    for (operator, operand) in operators {
                        tests.push(self.test(*field, operator, operand)?);
                    }
                }
                literal => tests.push(self.test(*field, "$eq", literal)?),
            }
        }
        self.check_complete(map)?;
        if tests.is_empty() {
            return Err(Problem::invalid("filter_error", "Error in filter. The condition is empty."));
        }
        Ok(tests)
    }

    /// A record is named by its identifier, with its object or without; an actor by type and identifier.
    fn check_complete(&self, map: &Map<String, Value>) -> Result<(), Problem> {
        let needed: &[&str] = match self.attribute.kind {
            AttributeType::RecordReference => &["target_record_id"],
            AttributeType::ActorReference => &["referenced_actor_type", "referenced_actor_id"],
            _ => &[],
        };
        let absent = needed.iter().find(|field| !map.contains_key(**field));
        absent.map_or(Ok(()), |field| {
            let message = format!("Error in filter. Field \"{field}\" is required.");
            Err(Problem::invalid("filter_error", message))
        })
    }

    fn unknown_field(&self, name: &str) -> Problem {
        let kind = serde_json::to_value(self.attribute.kind).unwrap_or_default();
        let message = format!("Invalid field \"{name}\" for attribute of type {kind}.");
        Problem::invalid("invalid_filter_field", message)
    }

    fn test(&self, (field, known): Field, operator: &str, operand: &Value) -> Result<Test, Problem> {
        let Some(op) = known.iter().find(|known| **known == operator) else {
            let allowed: Vec<String> = known.iter().map(|op| format!("\"{op}\"")).collect();
            let allowed = allowed.join(", ");
            let message =
                format!("Invalid operator \"{operator}\" for field \"{field}\", must be one of ({allowed}).");
            return Err(Problem::invalid("invalid_filter_operator", message));
        };
        let want = match *op {
            "$not_empty" if operand == &Value::Bool(true) => Want::Something,
            "$not_empty" => return Err(self.bad(operand)),
            "$in" => {
                let items = operand.as_array().ok_or_else(|| self.bad(operand))?;
                let texts = items.iter().map(|item| self.text(field, item));
                Want::AnyOf(texts.collect::<Result<_, _>>()?)
            }
            _ => self.want(field, operand)?,
        };
        Ok(Test { field, op, want })
    }

    fn want(&self, field: &str, operand: &Value) -> Result<Want, Problem> {
        let bad = || self.bad(operand);
        Ok(match (self.attribute.kind, field) {
            (_, "active_from") => Want::Time(operand.as_str().and_then(time::timestamp).ok_or_else(bad)?),
            (AttributeType::Timestamp, _) | (_, "interacted_at") => {
                Want::Time(operand.as_str().and_then(time::full_timestamp).ok_or_else(bad)?)
            }
            (AttributeType::Date, _) => Want::Time(operand.as_str().and_then(time::date).ok_or_else(bad)?),
            (AttributeType::Number | AttributeType::Rating, _) => {
                Want::Number(operand.as_f64().ok_or_else(bad)?)
            }
            (AttributeType::Currency, _) => {
                let text = operand.as_str().and_then(|text| text.trim().parse().ok());
                Want::Number(operand.as_f64().or(text).ok_or_else(bad)?)
            }
            (AttributeType::Checkbox, _) => Want::Bool(operand.as_bool().ok_or_else(bad)?),
            (AttributeType::Select | AttributeType::Status, _) => {
                Want::Text(self.choice(operand.as_str().ok_or_else(bad)?)?)
            }
            (_, "phone_number") => Want::Phone(self.text(field, operand)?.trim_start_matches('+').to_owned()),
            _ => Want::Text(self.text(field, operand)?),
        })
    }

    /// Text is compared without regard to case; objects are named by slug or identifier.
    fn text(&self, field: &str, operand: &Value) -> Result<String, Problem> {
        let text = operand.as_str().ok_or_else(|| self.bad(operand))?;
        if field != "target_object" {
            return Ok(text.to_lowercase());
        }
        let missing = || Problem::value_not_found(format!("Object with slug/ID \"{text}\" not found."));
        self.store.object(text).map(|table| table.slug.to_lowercase()).ok_or_else(missing)
    }

    fn choice(&self, name: &str) -> Result<String, Problem> {
        let (code, what) = match self.attribute.kind {
            AttributeType::Status => ("unknown_filter_status_slug", "status name for status"),
            _ => ("unknown_filter_select_option_slug", "select option name for option"),
        };
        let unknown = || Problem::invalid(code, format!("Unknown {what} field constraint: {name}"));
        self.attribute.choice(name).map(|choice| choice.id.clone()).ok_or_else(unknown)
    }

    fn bad(&self, operand: &Value) -> Problem {
        let message =
            format!("Error in filter. Invalid value {operand} for attribute \"{}\".", self.attribute.slug);
        Problem::invalid("filter_error", message)
    }
}

/// The value of a field, as filters and sorts see it: choices by identifier, the rest as it is read.
pub(crate) fn lookup(column: &Column, row: &Row, held: &Held, field: &str) -> Value {
    match (field, &held.content) {
        ("active_from", _) => held.from.as_ref().unwrap_or(&row.created_at).as_str().into(),
        (_, Content::Choice(id)) => id.as_str().into(),
        (_, Content::Text(text) | Content::Timestamp(text) | Content::Date(text)) => text.as_str().into(),
        (_, Content::Number(number)) => Value::Number(number.clone()),
        ("owner_member_id", Content::Interaction { owner, .. }) => owner.id.as_deref().into(),
        (_, content) => column.fields(content).remove(field).unwrap_or_default(),
    }
}

impl Test {
    pub(crate) fn passes(&self, lookup: impl Fn(&str) -> Value) -> bool {
        let value = lookup(self.field);
        match (&self.want, &value) {
            (_, Value::Null) => false,
            (Want::Something, _) => true,
            (Want::Number(want), value) => {
                value.as_f64().and_then(|v| v.partial_cmp(want)).is_some_and(|order| self.orders(order))
            }
            (Want::Bool(want), value) => value.as_bool() == Some(*want),
            (Want::Time(want), Value::String(text)) => self.orders(text.as_str().cmp(want)),
            (Want::Phone(want), Value::String(text)) => self.text(text.trim_start_matches('+'), want),
            (Want::Text(want), Value::String(text)) => self.text(&text.to_lowercase(), want),
            (Want::AnyOf(wants), Value::String(text)) => wants.contains(&text.to_lowercase()),
            _ => false,
        }
    }

    /// The field and what it has to be one of, in the form of the index over unique values, if the condition is no other.
    pub(super) fn exact(&self) -> Option<(&'static str, Vec<String>)> {
        let wanted = match (&self.want, self.op) {
            (Want::Text(text) | Want::Phone(text) | Want::Time(text), "$eq") => vec![text.clone()],
            (Want::Number(number), "$eq") => vec![number.to_string()],
            (Want::AnyOf(texts), _) => texts.iter().cloned().collect(),
            _ => return None,
        };
        Some((self.field, wanted))
    }

    fn text(&self, text: &str, want: &str) -> bool {
        match self.op {
            "$contains" => text.contains(want),
            "$starts_with" => text.starts_with(want),
            "$ends_with" => text.ends_with(want),
            _ => text == want,
        }
    }

    fn orders(&self, order: Ordering) -> bool {
        match self.op {
            "$lt" => order.is_lt(),
            "$lte" => order.is_le(),
            "$gt" => order.is_gt(),
            "$gte" => order.is_ge(),
            _ => order.is_eq(),
        }
    }
}
