//! What an attribute of a record or entry holds and held, and when; and rewriting that.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::{Column, parse, time};
use crate::sandbox::engine::{find, write};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::{Content, Held, Row};
use crate::sandbox::store::schema::{Attribute, Table};

/// Most values of one request.
const MOST: usize = 400;

/// What one attribute of a row holds, with `show_historic` all it ever held.
pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let (table, row) = find::row(store, call)?;
    let name = call.param(2);
    let attribute = table.attribute(name).filter(|attribute| !attribute.hidden);
    let attribute = attribute.ok_or_else(|| Problem::attribute(name))?;
    let page = call.page(usize::MAX, usize::MAX)?;
    let mut all: Vec<Held> = row.held(attribute, store.workspace()).into_owned();
    if call.flag("show_historic")? == Some(true) {
        if attribute.is_enriched() {
            let message = "Cannot set show_historic param to true when querying a COMINT attribute.";
            return Err(Problem::invalid("validation_type", message));
        }
        all.extend(row.past.get(&attribute.slug).into_iter().flatten().cloned());
        all.sort_by_cached_key(|held| held.from.clone().unwrap_or_else(|| row.created_at.clone()));
    }
    let column = Column { workspace: store.workspace(), table: &table, attribute };
    let data: Vec<Value> = page.of(&all).map(|held| column.envelope(&row, held)).collect();
    Ok(json!({ "data": data }))
}

/// Everything the attribute held gives way.
pub(crate) fn replace(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let (table, mut row) = find::row(store, call)?;
    let (attribute, spans) = plan(store, &table, &row, call).map_err(Problem::missing_as_404)?;
    let (past, current): (Vec<Held>, Vec<Held>) =
        spans.iter().cloned().partition(|held| held.until.is_some());
    for (values, held) in [(&mut row.past, past), (&mut row.values, current)] {
        values.remove(&attribute.slug);
        if !held.is_empty() {
            values.insert(attribute.slug.clone(), held);
        }
    }
    store.put_row(&table, &row)?;
    let column = Column { workspace: store.workspace(), table: &table, attribute };
    let data: Vec<Value> = spans.iter().map(|held| column.envelope(&row, held)).collect();
    Ok(json!({ "data": data }))
}

/// The attribute, and the history it is to have, oldest first.
fn plan<'t>(
    store: &Store,
    table: &'t Table,
    row: &Row,
    call: &Call,
) -> Result<(&'t Attribute, Vec<Held>), Problem> {
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
        spans.push(span(store, attribute, item, call.now)?);
    }
    spans.sort_by(|a, b| a.from.cmp(&b.from));
    check_overlaps(attribute, &spans)?;
    let open: Vec<Content> = spans.iter().filter(|h| h.until.is_none()).map(|h| h.content.clone()).collect();
    if attribute.required && open.is_empty() {
        return Err(write::missing(attribute));
    }
    write::check_unique(store, table, Some(row), attribute, &open)?;
    Ok((attribute, spans))
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
fn span(store: &Store, attribute: &Attribute, item: &Value, now: Timestamp) -> Result<Held, Problem> {
    let mut fields = Fields::bare(item)?;
    let (from, until) = (fields.string("active_from"), fields.nullable_string("active_until"));
    let is_past = |text: &String| text.parse::<Timestamp>().is_ok_and(|time| time <= now);
    let instant = |text: &str| time::timestamp(text).filter(is_past);
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
    let mut contents = parse::values(store, attribute, &Value::Array(vec![value.clone()]))?;
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
