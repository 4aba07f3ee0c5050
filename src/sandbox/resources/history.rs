//! Rewriting what an attribute of a record or entry held, and when.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{entries, records};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::{Column, parse, time};
use crate::sandbox::engine::write;
use crate::sandbox::store::state::{Attribute, Content, Held, Place, State, Table};

/// Most values of one request.
const MOST: usize = 400;

pub(crate) fn of_record(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let (place, table, id, _) = records::find(state, call)?;
    let (id, spans) = (id.to_owned(), plan(state, table, id, call).map_err(Problem::missing_as_404)?);
    store(state, place, &id, spans)
}

pub(crate) fn of_entry(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let (place, table, id, _) = entries::find(state, call)?;
    let (id, spans) = (id.to_owned(), plan(state, table, id, call).map_err(Problem::missing_as_404)?);
    store(state, place, &id, spans)
}

/// The history an attribute is to have, oldest first.
struct Plan {
    slug: String,
    spans: Vec<Held>,
}

fn plan(state: &State, table: &Table, id: &str, call: &Call) -> Result<Plan, Problem> {
    let name = call.param(2);
    let attribute = table.attribute(name).ok_or_else(|| Problem::attribute(name))?;
    check_writable(attribute)?;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let items = fields.array("values");
    if !fields.boolean("replace_history") {
        fields.invalid("replace_history", "Invalid literal value, expected true");
    }
    if items.is_empty() || items.len() > MOST {
        fields.invalid("values", &format!("Array must contain 1 to {MOST} element(s)"));
    }
    fields.done()?;
    let mut spans = Vec::with_capacity(items.len());
    for item in items {
        spans.push(span(state, attribute, item, call.now)?);
    }
    spans.sort_by(|a, b| a.from.cmp(&b.from));
    check_overlaps(attribute, &spans)?;
    let open: Vec<Content> = spans.iter().filter(|h| h.until.is_none()).map(|h| h.content.clone()).collect();
    if attribute.required && open.is_empty() {
        return Err(write::missing(attribute));
    }
    write::check_unique(table, Some(id), attribute, &open)?;
    Ok(Plan { slug: attribute.slug.clone(), spans })
}

fn check_writable(attribute: &Attribute) -> Result<(), Problem> {
    if attribute.read_only || attribute.hidden {
        let message = format!("The history of system attribute \"{}\" cannot be written.", attribute.slug);
        return Err(Problem::invalid("system_edit_unauthorized", message));
    }
    if attribute.mirror.is_some() {
        let message = format!("The history of relationship \"{}\" cannot be written.", attribute.slug);
        return Err(Problem::invalid("validation_type", message));
    }
    Ok(())
}

/// A value and when it was held: neither end in the future, and the end after the beginning.
fn span(state: &State, attribute: &Attribute, item: &Value, now: Timestamp) -> Result<Held, Problem> {
    let mut fields = Fields::bare(item)?;
    let (from, until) = (fields.string("active_from"), fields.nullable_string("active_until"));
    let instant = |text: &str| time::timestamp(text).filter(|time| *time <= time::stamp(now));
    let (from, until) = (instant(from), until.map(instant));
    if from.is_none() {
        fields.invalid("active_from", "Expected a time that is not in the future");
    }
    if until.as_ref().is_some_and(|until| *until <= from) {
        fields.invalid("active_until", "Expected a time after active_from that is not in the future");
    }
    let value = fields.get("value").unwrap_or(&Value::Null);
    if value.is_null() || value.is_array() {
        fields.invalid("value", "Expected one value");
    }
    fields.done()?;
    let mut contents = parse::values(state, attribute, &Value::Array(vec![value.clone()]))?;
    let content = contents.pop().ok_or_else(|| Problem::internal("The value is gone."))?;
    Ok(Held { content, from, until: until.flatten(), by: None })
}

/// One value at a time, or one of a kind where there may be several.
fn check_overlaps(attribute: &Attribute, spans: &[Held]) -> Result<(), Problem> {
    let (code, message) = if attribute.multi {
        ("duplicate_values", "The same value is given more than once for the same time.")
    } else {
        ("multiple_values_for_single_value_attribute", "Only one value may be active at a time.")
    };
    let mut ends: BTreeMap<String, Option<&String>> = BTreeMap::new();
    for held in spans {
        let key = if attribute.multi { json!(held.content).to_string() } else { String::new() };
        let before = ends.insert(key, held.until.as_ref());
        if before.is_some_and(|end| end.is_none_or(|end| Some(end) > held.from.as_ref())) {
            return Err(Problem::invalid(code, message));
        }
    }
    Ok(())
}

/// Everything the attribute held gives way.
fn store(state: &mut State, place: Place, id: &str, plan: Plan) -> Result<Value, Problem> {
    let Plan { slug, spans } = plan;
    let (past, current): (Vec<Held>, Vec<Held>) =
        spans.iter().cloned().partition(|held| held.until.is_some());
    let gone = || Problem::internal("The row is gone.");
    let row = state.table_mut(place).and_then(|table| table.rows.get_mut(id)).ok_or_else(gone)?;
    for (values, held) in [(&mut row.past, past), (&mut row.values, current)] {
        values.remove(&slug);
        if !held.is_empty() {
            values.insert(slug.clone(), held);
        }
    }
    let table = state.table(place).ok_or_else(gone)?;
    let (row, attribute) = (table.rows.get(id).ok_or_else(gone)?, table.attribute(&slug).ok_or_else(gone)?);
    let column = Column { state, table, attribute };
    let data: Vec<Value> = spans.iter().map(|held| column.envelope(row, held)).collect();
    Ok(json!({ "data": data }))
}
