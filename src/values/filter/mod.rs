//! `--filter` and `--sort`: from an expression to Attio's language, by the attribute's type.
//!
//! Which fields a type has and how each can be compared is the table [`fields`]; what is not in it is
//! refused before it is sent.

mod expression;

pub use self::expression::{Condition, Sort};
use self::expression::{Name, OPS, Op};
use super::definition::{Definition, Kind};
use super::scalar;
use super::write::{Part, choice, refuse};
use crate::error::Error;
use serde_json::{Map, Value, json};

const ALL: &[Op] = &[Op::Eq, Op::Contains, Op::StartsWith, Op::EndsWith, Op::NotEmpty];
const TEXT: &[Op] = &[Op::Eq, Op::Contains, Op::StartsWith, Op::EndsWith];
const RANGE: &[Op] = &[Op::Eq, Op::Less, Op::AtMost, Op::More, Op::AtLeast];
const AGE: &[Op] = &[Op::Less, Op::AtMost, Op::More, Op::AtLeast];
const SAME: &[Op] = &[Op::Eq];
const SAME_OR_NONE: &[Op] = &[Op::Eq, Op::NotEmpty];

type Field = (&'static str, &'static [Op]);

/// The fields of a type, the main one first if there is one (a type without parts has the field `""`),
/// and the comparisons that Attio knows for each.
fn fields(kind: Kind) -> (bool, &'static [Field]) {
    match kind {
        Kind::Text => (true, &[("", ALL)]),
        Kind::Number | Kind::Rating | Kind::Currency | Kind::Date | Kind::Timestamp => (true, &[("", RANGE)]),
        Kind::Checkbox | Kind::Record | Kind::Actor => (true, &[("", SAME)]),
        Kind::Select | Kind::Status => (true, &[("", SAME), ("active_from", AGE)]),
        Kind::Domain => (true, &[("domain", ALL), ("root_domain", ALL)]),
        Kind::Email => (
            true,
            &[
                ("email_address", TEXT),
                ("email_domain", TEXT),
                ("email_root_domain", TEXT),
                ("email_local_specifier", TEXT),
            ],
        ),
        Kind::Phone => (true, &[("phone_number", TEXT), ("country_code", SAME_OR_NONE)]),
        Kind::Name => (true, &[("full_name", ALL), ("first_name", ALL), ("last_name", ALL)]),
        Kind::Location => (
            false,
            &[
                ("line_1", TEXT),
                ("line_2", TEXT),
                ("line_3", TEXT),
                ("line_4", TEXT),
                ("locality", TEXT),
                ("region", TEXT),
                ("postcode", TEXT),
                ("country_code", &[Op::Eq, Op::StartsWith]),
            ],
        ),
        Kind::Interaction => (
            false,
            &[
                ("interacted_at", RANGE),
                ("owner_member_id", SAME_OR_NONE),
                ("interaction_type", SAME_OR_NONE),
            ],
        ),
        Kind::Other => (false, &[]),
    }
}

/// A condition that fits its attribute. What it compares with may have to be looked up.
#[derive(Clone, Debug)]
pub struct Test {
    /// What the attribute is compared with.
    pub part: Part,
    slug: String,
    field: &'static str,
    op: Op,
    negated: bool,
}

impl Condition {
    /// Slug or ID of the attribute.
    pub fn attribute(&self) -> &str {
        &self.name.slug
    }

    /// Checks the condition against the attribute.
    ///
    /// # Errors
    /// Usage errors: a field or comparison that the type does not have, naming those it has; a value
    /// that the type does not take; an unknown option or status.
    pub fn typed(&self, definition: &Definition) -> Result<Test, Error> {
        let (field, known) = field(definition, &self.name)?;
        if !known.contains(&self.op) {
            return Err(unsupported(definition, &self.name, self.op, known));
        }
        let part = operand(definition, field, self.op, &self.text)?;
        let slug = definition.slug.clone();
        Ok(Test { part, slug, field, op: self.op, negated: self.negated })
    }
}

impl Test {
    /// The condition in Attio's language; `value` is what became of [`Test::part`].
    pub fn compared_with(&self, value: Value) -> Value {
        let sign = OPS.iter().find(|(_, op, _)| *op == self.op).map_or("$eq", |(_, _, name)| name);
        let condition = match value {
            // References are compared part by part.
            Value::Object(parts) if self.field == "owner_member_id" => {
                json!({sign: parts.get("referenced_actor_id")})
            }
            Value::Object(parts) => parts
                .into_iter()
                .map(|(name, part)| (name, json!({sign: part})))
                .collect::<Map<_, _>>()
                .into(),
            value => json!({sign: value}),
        };
        let condition = if self.field.is_empty() { condition } else { json!({self.field: condition}) };
        let whole = json!({&self.slug: condition});
        if self.negated { json!({"$not": whole}) } else { whole }
    }
}

impl Sort {
    /// Slug or ID of the attribute.
    pub fn attribute(&self) -> &str {
        &self.name.slug
    }

    /// The sort in Attio's language.
    ///
    /// # Errors
    /// Usage errors: a field that the type does not have, or a type that has no order.
    pub fn typed(&self, definition: &Definition) -> Result<Value, Error> {
        let kind = definition.kind();
        if matches!(kind, Kind::Record | Kind::Actor | Kind::Other) {
            let why = format!("attributes of type {} have no order", definition.r#type);
            return Err(Error::usage(format!("cannot sort by {}", definition.slug)).why(why));
        }
        let field = match (kind, &self.name.field) {
            (Kind::Interaction, None) => "interacted_at",
            _ => field(definition, &self.name)?.0,
        };
        let direction = if self.descending { "desc" } else { "asc" };
        let mut sort = json!({"direction": direction, "attribute": definition.slug});
        if !field.is_empty() {
            sort["field"] = field.into();
        }
        Ok(sort)
    }
}

fn field(definition: &Definition, name: &Name) -> Result<Field, Error> {
    let slug = &definition.slug;
    if definition.archived {
        return Err(Error::usage(format!("{slug} is archived")).hint("restore it in Attio, or use another"));
    }
    let (has_main, fields) = fields(definition.kind());
    let found = match &name.field {
        None => fields.first().filter(|_| has_main),
        Some(field) => fields.iter().find(|(known, _)| known == field),
    };
    found.copied().ok_or_else(|| {
        let names = fields.iter().filter(|(name, _)| !name.is_empty());
        let names: Vec<String> = names.map(|(name, _)| format!("{slug}.{name}")).collect();
        let error = match &name.field {
            None => Error::usage(format!("{slug} is of type {}: say which part of it", definition.r#type)),
            Some(field) => Error::usage(format!("{slug} has no part {field:?}")),
        };
        let error = if names.is_empty() { error } else { error.hint(format!("parts: {}", names.join(", "))) };
        error.fact("allowed", names)
    })
}

fn unsupported(definition: &Definition, name: &Name, op: Op, known: &[Op]) -> Error {
    let sign = |op: Op| OPS.iter().find(|(_, known, _)| *known == op).map_or("", |(sign, _, _)| sign);
    let known: Vec<&str> = known.iter().map(|op| sign(*op)).collect();
    let part = name.field.as_ref().map(|field| format!(".{field}")).unwrap_or_default();
    let message = format!("{}{part} cannot be compared with {}", definition.slug, sign(op));
    Error::usage(message)
        .why(format!("Attio compares a {} with {} only", definition.r#type, known.join(" ")))
        .hint("--filter-json takes anything that Attio takes")
        .fact("allowed", known)
}

fn operand(definition: &Definition, field: &str, op: Op, text: &str) -> Result<Part, Error> {
    let ready = |value: Result<Value, String>| {
        value.map(Part::Ready).map_err(|why| refuse(definition, &text.into(), why))
    };
    if op == Op::NotEmpty {
        return Ok(Part::Ready(true.into()));
    }
    match (definition.kind(), field) {
        (Kind::Timestamp, _) | (_, "active_from" | "interacted_at") => ready(instant(op, text)),
        (Kind::Number | Kind::Rating, _) => ready(scalar::number(text)),
        (Kind::Currency, _) => ready(scalar::amount(text)),
        (Kind::Date, _) => ready(scalar::date(text)),
        (Kind::Checkbox, _) => ready(scalar::checkbox(text)),
        (Kind::Select | Kind::Status, _) => {
            choice(definition, text).map(|choice| Part::Ready(choice.title.as_str().into()))
        }
        (Kind::Record, _) => Ok(Part::Record(text.to_owned())),
        (Kind::Actor, _) | (_, "owner_member_id") => Ok(Part::Member(text.to_owned())),
        (_, "phone_number") => Ok(Part::Ready(digits(text).into())),
        _ => Ok(Part::Ready(text.into())),
    }
}

/// A time to compare with. A day alone is its first moment, so it is clear only as a border of that kind.
fn instant(op: Op, text: &str) -> Result<Value, String> {
    if text.len() == 10 && !matches!(op, Op::AtLeast | Op::Less) {
        return Err("a day alone goes with >= and <; else give the time, too".to_owned());
    }
    scalar::timestamp(text)
}

/// A phone number as Attio keeps it, without what parts the digits for people.
fn digits(text: &str) -> String {
    let number = text.chars().all(|c| c.is_ascii_digit() || "+ -.()/".contains(c));
    text.chars().filter(|c| !number || c.is_ascii_digit() || *c == '+').collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Choice;

    fn definition(kind: &str) -> Definition {
        let choice = Choice { id: "i".into(), title: "Won 🎉".into(), archived: false };
        Definition {
            slug: "it".into(),
            r#type: kind.into(),
            choices: Some(vec![choice]),
            ..Definition::default()
        }
    }

    fn filter(kind: &str, text: &str) -> Result<Value, Error> {
        let test = text.parse::<Condition>().unwrap().typed(&definition(kind))?;
        Ok(match test.part.clone() {
            Part::Ready(value) => test.compared_with(value),
            Part::Record(_) => test.compared_with(json!({"target_object": "o", "target_record_id": "r"})),
            Part::Member(_) => test.compared_with(json!({"referenced_actor_id": "m"})),
        })
    }

    #[test]
    fn conditions_become_attios() {
        for (kind, text, expected) in [
            ("text", "it~a=b", json!({"it": {"$contains": "a=b"}})),
            ("text", "it^= x ", json!({"it": {"$starts_with": " x "}})),
            ("text", "it$=\"\\", json!({"it": {"$ends_with": "\"\\"}})),
            ("text", "!it?", json!({"$not": {"it": {"$not_empty": true}}})),
            ("status", "it!=won 🎉", json!({"$not": {"it": {"$eq": "Won 🎉"}}})),
            ("number", "it>=-1.5", json!({"it": {"$gte": -1.5}})),
            ("currency", "it<1000", json!({"it": {"$lt": 1000}})),
            ("checkbox", "it=true", json!({"it": {"$eq": true}})),
            ("date", "it<=2026-01-31", json!({"it": {"$lte": "2026-01-31"}})),
            ("timestamp", "it>=2026-01-31", json!({"it": {"$gte": "2026-01-31T00:00:00Z"}})),
            ("domain", "it?", json!({"it": {"domain": {"$not_empty": true}}})),
            ("personal-name", "it.first_name=Ann", json!({"it": {"first_name": {"$eq": "Ann"}}})),
            ("phone-number", "it~(30) 12", json!({"it": {"phone_number": {"$contains": "3012"}}})),
            ("location", "it.country_code=DE", json!({"it": {"country_code": {"$eq": "DE"}}})),
            (
                "record-reference",
                "it=acme.com",
                json!({"it": {"target_object": {"$eq": "o"}, "target_record_id": {"$eq": "r"}}}),
            ),
            ("interaction", "it.owner_member_id=a@b.c", json!({"it": {"owner_member_id": {"$eq": "m"}}})),
        ] {
            assert_eq!(filter(kind, text).unwrap(), expected, "{kind} {text}");
        }
    }

    #[test]
    fn what_attio_cannot_compare_is_refused() {
        for (kind, text) in [
            ("status", "it~Won"),
            ("status", "it=Lost"),
            ("select", "it?"),
            ("checkbox", "it>true"),
            ("number", "it=many"),
            ("email-address", "it?"),
            ("location", "it~Berlin"),
            ("location", "it.latitude=1"),
            ("text", "it.first_name=Ann"),
            ("timestamp", "it=2026-01-31"),
            ("timestamp", "it>2026-01-31"),
            ("hologram", "it=1"),
        ] {
            assert_eq!(filter(kind, text).unwrap_err().kind(), crate::error::Kind::Usage, "{kind} {text}");
        }
    }

    #[test]
    fn sorts_name_the_main_field() {
        let sort = |kind: &str, text: &str| text.parse::<Sort>().unwrap().typed(&definition(kind));
        for (kind, text, expected) in [
            ("text", "it", json!({"direction": "asc", "attribute": "it"})),
            ("text", "it:asc", json!({"direction": "asc", "attribute": "it"})),
            (
                "personal-name",
                "it:desc",
                json!({"direction": "desc", "attribute": "it", "field": "full_name"}),
            ),
            (
                "personal-name",
                "it.last_name",
                json!({"direction": "asc", "attribute": "it", "field": "last_name"}),
            ),
            (
                "interaction",
                "it:desc",
                json!({"direction": "desc", "attribute": "it", "field": "interacted_at"}),
            ),
        ] {
            assert_eq!(sort(kind, text).unwrap(), expected);
        }
        assert!(sort("location", "it").is_err() && sort("record-reference", "it").is_err());
    }
}
