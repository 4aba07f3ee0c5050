//! `--filter` and `--sort`: from an expression to Attio's language, by the attribute's type.
//!
//! Which fields a type has and how each can be compared is the table [`fields`]; what is not in it is
//! refused before it is sent.

mod expression;
mod identity;

pub use self::expression::{Condition, Sort};
use self::expression::{Name, OPS, Op};
use super::definition::{Definition, Kind};
use super::scalar;
use super::write::{Part, choice, refuse};
use crate::error::Error;
use crate::identity::time;
use jiff::Timestamp;
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

/// How to ask whether there is a value where Attio has no comparison for that: by a field, and conditions of
/// which any value fulfils one. Attio knows no empty email address, and no select has been set since before 1970.
fn any_value(kind: Kind, field: &'static str) -> Option<(&'static str, Vec<Value>)> {
    let around = |middle: Value| vec![json!({"$gte": middle}), json!({"$lt": middle})];
    Some(match (kind, field) {
        (Kind::Select | Kind::Status, _) => ("active_from", vec![json!({"$gte": LONG_AGO})]),
        (Kind::Number | Kind::Rating | Kind::Currency, _) => (field, around(0.into())),
        (Kind::Date, _) => (field, around("1970-01-01".into())),
        (Kind::Timestamp, _) | (Kind::Interaction, "interacted_at") => (field, around(LONG_AGO.into())),
        (Kind::Checkbox, _) => (field, vec![json!({"$eq": true}), json!({"$eq": false})]),
        (Kind::Email, _) => ("email_address", vec![json!({"$contains": "@"})]),
        (Kind::Phone, "phone_number") => {
            (field, (0..10).map(|digit| json!({"$contains": digit.to_string()})).collect())
        }
        _ => return None,
    })
}

const LONG_AGO: &str = "1970-01-01T00:00:00Z";

/// A condition that fits its attribute. What it compares with may have to be looked up.
#[derive(Clone, Debug)]
pub struct Test {
    /// What the attribute is compared with; an array holds the forms in which one value may be kept.
    pub part: Part,
    /// Where a stretch of time ends that begins with `part`.
    until: Option<Value>,
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
        let (slug, negated) = (definition.slug.clone(), self.negated);
        if !known.contains(&self.op) {
            let any = any_value(definition.kind(), field).filter(|_| self.op == Op::NotEmpty);
            let (field, any) = any.ok_or_else(|| unsupported(definition, &self.name, self.op, known))?;
            return Ok(Test {
                part: Part::Ready(any.into()),
                until: None,
                slug,
                field,
                op: self.op,
                negated,
            });
        }
        let Operand { op, part, until } = operand(definition, field, self.op, &self.text)?;
        Ok(Test { part, until, slug, field, op, negated })
    }
}

impl Test {
    /// The condition in Attio's language; `value` is what became of [`Test::part`].
    pub fn compared_with(&self, value: Value) -> Value {
        match (value, &self.until) {
            (Value::Array(forms), _) => {
                self.joined("$or", forms.into_iter().map(|form| self.compared(self.op, form)).collect())
            }
            (from, Some(until)) => {
                let within = vec![self.compared(self.op, from), self.compared(Op::Less, until.clone())];
                self.joined("$and", within)
            }
            (value, None) => self.joined("$and", vec![self.compared(self.op, value)]),
        }
    }

    /// All or any of `conditions`, or the opposite. Attio takes no `$not` around an `$or`.
    fn joined(&self, word: &str, mut conditions: Vec<Value>) -> Value {
        let word = match (self.negated, word) {
            (true, "$or") => "$and",
            (true, _) => "$or",
            (false, word) => word,
        };
        if self.negated {
            conditions = conditions.into_iter().map(|condition| json!({"$not": condition})).collect();
        }
        if conditions.len() == 1 { conditions.remove(0) } else { json!({word: conditions}) }
    }

    fn compared(&self, op: Op, value: Value) -> Value {
        let sign = OPS.iter().find(|(_, known, _)| *known == op).map_or("$eq", |(_, _, name)| name);
        let condition = match value {
            Value::Object(comparison) if op == Op::NotEmpty => comparison.into(),
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
        json!({&self.slug: condition})
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
        let error = if names.is_empty() {
            error
        } else {
            error.hint(format!("use one of these parts: {}", names.join(", ")))
        };
        error.fact("allowed", names)
    })
}

fn unsupported(definition: &Definition, name: &Name, op: Op, known: &[Op]) -> Error {
    let sign = |op: Op| OPS.iter().find(|(_, known, _)| *known == op).map_or("", |(sign, _, _)| sign);
    let known: Vec<&str> = known.iter().map(|op| sign(*op)).collect();
    let part = name.field.as_ref().map(|field| format!(".{field}")).unwrap_or_default();
    if op == Op::NotEmpty {
        return Error::usage(format!("Attio cannot tell whether {}{part} has a value", definition.slug))
            .why("it can for every type but references, members and locations")
            .hint("list with --all -o json and pick the rows without it: what is not set is left out");
    }
    let message = format!("{}{part} cannot be compared with {}", definition.slug, sign(op));
    Error::usage(message)
        .why(format!("Attio compares a {} with {} only", definition.r#type, known.join(" ")))
        .hint("use --filter-json, which takes anything that Attio takes")
        .fact("allowed", known)
}

/// What a condition compares with, and how.
struct Operand {
    op: Op,
    part: Part,
    until: Option<Value>,
}

fn operand(definition: &Definition, field: &str, op: Op, text: &str) -> Result<Operand, Error> {
    let bad = |why: String| refuse(definition, &text.into(), why);
    if matches!((definition.kind(), field), (Kind::Timestamp, _) | (_, "active_from" | "interacted_at")) {
        return moments(op, text).map_err(bad);
    }
    let ready = |value: Result<Value, String>| value.map(Part::Ready).map_err(bad);
    let part = match (definition.kind(), field) {
        _ if op == Op::NotEmpty => Ok(Part::Ready(true.into())),
        (Kind::Number | Kind::Rating, _) => ready(scalar::number(text)),
        (Kind::Currency, _) => ready(scalar::amount(text)),
        (Kind::Date, _) => ready(scalar::date(text)),
        (Kind::Checkbox, _) => ready(scalar::checkbox(text)),
        (Kind::Select | Kind::Status, _) => {
            choice(definition, text).map(|choice| Part::Ready(choice.title.as_str().into()))
        }
        (Kind::Record, _) => Ok(Part::Record(text.to_owned())),
        (Kind::Actor, _) | (_, "owner_member_id") => Ok(Part::Member(text.to_owned())),
        (kind, field) => ready(identity::operand(kind, field, &definition.slug, op, text)),
    };
    Ok(Operand { op, part: part?, until: None })
}

/// Moments are compared with a moment, or with a whole day: from its first to the next day's.
fn moments(op: Op, text: &str) -> Result<Operand, String> {
    let at = |time: Timestamp| Value::from(time.to_string());
    let (op, part, until) = match time::as_day(text) {
        None => (op, at(time::moment(text)?), None),
        Some(day) => {
            let next = day.tomorrow().map_err(|error| error.to_string())?;
            let (first, next) = (at(time::beginning(day)?), at(time::beginning(next)?));
            match op {
                Op::More => (Op::AtLeast, next, None),
                Op::AtMost => (Op::Less, next, None),
                Op::Eq => (Op::AtLeast, first, Some(next)),
                op => (op, first, None),
            }
        }
    };
    Ok(Operand { op, part: Part::Ready(part), until })
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
            ("select", "it?", json!({"it": {"active_from": {"$gte": "1970-01-01T00:00:00Z"}}})),
            ("email-address", "!it?", json!({"$not": {"it": {"email_address": {"$contains": "@"}}}})),
            ("number", "it?", json!({"$or": [{"it": {"$gte": 0}}, {"it": {"$lt": 0}}]})),
            ("date", "!it?", {
                let not = |sign: &str| json!({"$not": {"it": {sign: "1970-01-01"}}});
                json!({"$and": [not("$gte"), not("$lt")]})
            }),
            ("text", "!it?", json!({"$not": {"it": {"$not_empty": true}}})),
            ("status", "it!=won 🎉", json!({"$not": {"it": {"$eq": "Won 🎉"}}})),
            ("number", "it>=-1.5", json!({"it": {"$gte": -1.5}})),
            ("currency", "it<1000", json!({"it": {"$lt": 1000}})),
            ("checkbox", "it=true", json!({"it": {"$eq": true}})),
            ("date", "it<=2026-01-31", json!({"it": {"$lte": "2026-01-31"}})),
            ("timestamp", "it>=2026-01-31T09:00:00Z", json!({"it": {"$gte": "2026-01-31T09:00:00Z"}})),
            ("domain", "it=www.Acme.com/x", {
                let form = |host: &str| json!({"it": {"domain": {"$eq": host}}});
                json!({"$or": [form("acme.com"), form("www.acme.com")]})
            }),
            ("domain", "it!=acme.com", {
                let form = |host: &str| json!({"$not": {"it": {"domain": {"$eq": host}}}});
                json!({"$and": [form("acme.com"), form("www.acme.com")]})
            }),
            ("domain", "it~https://www.acme.com/", json!({"it": {"domain": {"$contains": "acme.com"}}})),
            ("domain", "it~acme", json!({"it": {"domain": {"$contains": "acme"}}})),
            (
                "email-address",
                "it=mailto:Ann@ACME.com",
                json!({"it": {"email_address": {"$eq": "ann@acme.com"}}}),
            ),
            ("phone-number", "it=+49 (0)30 123456", json!({"it": {"phone_number": {"$eq": "+4930123456"}}})),
            ("phone-number", "it^=+49 30", json!({"it": {"phone_number": {"$starts_with": "+4930"}}})),
            ("personal-name", "it= Ann \u{a0} Lee ", json!({"it": {"full_name": {"$eq": "Ann Lee"}}})),
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
    fn a_day_is_compared_as_a_whole() {
        let day = "2026-01-31".parse::<jiff::civil::Date>().unwrap();
        let first = time::beginning(day).unwrap().to_string();
        let next = time::beginning(day.tomorrow().unwrap()).unwrap().to_string();
        let it = |sign: &str, time: &str| json!({"it": {sign: time}});
        for (text, expected) in [
            ("it>=2026-01-31", it("$gte", &first)),
            ("it<2026-01-31", it("$lt", &first)),
            ("it>2026-01-31", it("$gte", &next)),
            ("it<=2026-01-31", it("$lt", &next)),
            ("it=2026-01-31", json!({"$and": [it("$gte", &first), it("$lt", &next)]})),
            ("it!=2026-01-31", json!({"$or": [{"$not": it("$gte", &first)}, {"$not": it("$lt", &next)}]})),
        ] {
            assert_eq!(filter("timestamp", text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_attio_cannot_compare_is_refused() {
        for (kind, text) in [
            ("status", "it~Won"),
            ("status", "it=Lost"),
            ("record-reference", "it?"),
            ("actor-reference", "!it?"),
            ("location", "it.locality?"),
            ("checkbox", "it>true"),
            ("number", "it=many"),
            ("location", "it~Berlin"),
            ("location", "it.latitude=1"),
            ("text", "it.first_name=Ann"),
            ("timestamp", "it=soon"),
            ("phone-number", "it=030 123456"),
            ("phone-number", "it~call"),
            ("domain", "it=acme"),
            ("email-address", "it=ann"),
            ("currency", "it>2.500"),
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
