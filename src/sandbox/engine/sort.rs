//! The order of a query's answer.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::{Value, json};

use super::filter::path::{self, Path};
use super::filter::test::{known_field, lookup, main_field};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::row::{Content, Row};
use crate::sandbox::store::schema::{Attribute, AttributeType, Table};

/// Sort keys, the most important first. Without any, rows stay in ascending order of their identifier.
pub(crate) struct Order(Vec<Key>);

struct Key {
    path: Path,
    field: &'static str,
    descending: bool,
}

impl Order {
    /// Reads `[{direction, attribute | path, field?}]`.
    ///
    /// # Errors
    /// 400 `validation_type` for another shape, `value_not_found` for an unknown attribute.
    pub(crate) fn parse(store: &Store, table: &Arc<Table>, sorts: Option<&Value>) -> Result<Self, Problem> {
        let items = sorts.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        items
            .iter()
            .enumerate()
            .map(|(index, item)| Key::parse(store, table, index, item))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether rows stay in the order they have.
    pub(crate) fn is_natural(&self) -> bool {
        self.0.is_empty()
    }

    /// Sorts stably; rows without a value come last in either direction.
    pub(crate) fn sort(&self, store: &Store, rows: Vec<Row>) -> Result<Vec<Row>, Failure> {
        if self.is_natural() {
            return Ok(rows);
        }
        let mut ranked = Vec::with_capacity(rows.len());
        for row in rows {
            let mut ranks = Vec::with_capacity(self.0.len());
            for key in &self.0 {
                ranks.push((key.rank(store, &row)?, key.descending));
            }
            ranked.push((Ranked(ranks), row));
        }
        ranked.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(ranked.into_iter().map(|(_, row)| row).collect())
    }
}

impl Key {
    fn parse(store: &Store, table: &Arc<Table>, index: usize, item: &Value) -> Result<Self, Problem> {
        let invalid = || {
            Problem::body(vec![
                json!({"code": "invalid", "path": ["sorts", index], "message": "Invalid input"}),
            ])
        };
        let descending = match item.get("direction").and_then(Value::as_str) {
            Some("asc") => false,
            Some("desc") => true,
            _ => return Err(invalid()),
        };
        let path = match (item.get("attribute"), item.get("path")) {
            (Some(Value::String(name)), None) => {
                let unknown =
                    || Problem::value_not_found(format!("Cannot find attribute with slug/ID \"{name}\"."));
                Path::of(table, table.attribute(name).ok_or_else(unknown)?)
            }
            (None, Some(path)) => path::parse(store, table, path)?,
            _ => return Err(invalid()),
        };
        let attribute = path.attribute().ok_or_else(invalid)?;
        let field = match item.get("field") {
            None => main_field(attribute.kind).ok_or_else(|| missing_field(attribute))?,
            Some(Value::String(name)) => known_field(attribute.kind, name).ok_or_else(|| {
                let message = format!("Invalid sort field \"{name}\" for attribute \"{}\".", attribute.slug);
                Problem::invalid("invalid_filter_field", message)
            })?,
            Some(_) => return Err(invalid()),
        };
        Ok(Self { path, field, descending })
    }

    /// The first value at the end of the path, if there is one.
    fn rank(&self, store: &Store, row: &Row) -> Result<Option<Rank>, Failure> {
        let mut found = None;
        self.path.any(store, row, &mut |column, row, held| {
            found = match (&held.content, self.field) {
                (Content::Choice(id), field) if field != "active_from" => {
                    position(column.attribute, id).map(Rank::Number)
                }
                _ => match lookup(column, row, held, self.field) {
                    Value::Number(number) => number.as_f64().map(Rank::Number),
                    Value::Bool(value) => Some(Rank::Number(f64::from(u8::from(value)))),
                    Value::String(text) => Some(Rank::Text(text.to_lowercase())),
                    _ => None,
                },
            };
            found.is_some()
        })?;
        Ok(found)
    }
}

/// Options and statuses have an order of their own.
#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 options")]
fn position(attribute: &Attribute, id: &str) -> Option<f64> {
    attribute.choices.iter().position(|choice| choice.id == id).map(|index| index as f64)
}

fn missing_field(attribute: &Attribute) -> Problem {
    let kind = if attribute.kind == AttributeType::Location { "location" } else { "reference" };
    let message = format!("Sorting by the {kind} attribute \"{}\" needs a field.", attribute.slug);
    Problem::invalid("missing_sort_field", message)
}

#[derive(PartialEq)]
enum Rank {
    Number(f64),
    Text(String),
}

struct Ranked(Vec<(Option<Rank>, bool)>);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.0.iter().zip(&other.0);
        pairs
            .map(|((a, descending), (b, _))| compare(a.as_ref(), b.as_ref(), *descending))
            .fold(Ordering::Equal, Ordering::then)
    }
}

fn compare(a: Option<&Rank>, b: Option<&Rank>, descending: bool) -> Ordering {
    let order = match (a, b) {
        (Some(Rank::Number(a)), Some(Rank::Number(b))) => a.total_cmp(b),
        (Some(Rank::Text(a)), Some(Rank::Text(b))) => a.cmp(b),
        (Some(_), None) => return Ordering::Less,
        (None, Some(_)) => return Ordering::Greater,
        _ => Ordering::Equal,
    };
    if descending { order.reverse() } else { order }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}
