//! Writing records: create, append (PATCH), replace (PUT), upsert.
//!
//! A write is planned completely before anything is stored, so a refused one leaves no trace.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::sandbox::engine::defaults;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::relations;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::parse;
use crate::sandbox::resources::records;
use crate::sandbox::store::state::{Attribute, Content, Held, Place, Row, State, Table};

/// What happens to the values a multiselect has already.
#[derive(Clone, Copy)]
pub(crate) enum Mode<'a> {
    /// They stay, new ones go to the front.
    Append,
    /// They give way to the ones sent.
    Replace,
    /// They stay in the attribute that found the record and give way in all others.
    Upsert(&'a str),
}

/// The values an attribute is to have.
pub(crate) struct Change {
    slug: String,
    after: Vec<Content>,
}

pub(crate) fn create(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let (place, table) = state.object(call.param(0)).ok_or_else(|| Problem::object(call.param(0)))?;
    let body = call.json()?;
    let changes = plan(state, table, None, values(&body, "values")?, Mode::Replace)?;
    let id = insert(state, place, Row::default(), changes, &call.stamp());
    answer(state, place, &id)
}

pub(crate) fn upsert(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let (place, table) = state.object(call.param(0)).ok_or_else(|| Problem::object(call.param(0)))?;
    let body = call.json()?;
    let values = values(&body, "values")?;
    let by = matching_attribute(table, call)?;
    let wanted = matching_values(state, by, values)?;
    let mode = Mode::Upsert(&by.slug);
    let mut found =
        table.rows.iter().filter(|(_, row)| holds_any(row, by, &wanted)).map(|(id, _)| id.clone());
    let id = match (found.next(), found.next()) {
        (None, _) => {
            let changes = plan(state, table, None, values, mode)?;
            insert(state, place, Row::default(), changes, &call.stamp())
        }
        (Some(id), None) => {
            let changes = plan(state, table, Some(&id), values, mode)?;
            apply(state, place, &id, changes, &call.stamp());
            id
        }
        _ => {
            let message =
                format!("Multiple records match the values given for attribute with slug \"{}\".", by.slug);
            return Err(Problem::invalid("multiple_match_results", message));
        }
    };
    answer(state, place, &id)
}

pub(crate) fn append(state: &mut State, call: &Call) -> Result<Value, Problem> {
    update(state, call, Mode::Append)
}

pub(crate) fn replace(state: &mut State, call: &Call) -> Result<Value, Problem> {
    update(state, call, Mode::Replace)
}

fn update(state: &mut State, call: &Call, mode: Mode) -> Result<Value, Problem> {
    let (place, table, id, _) = records::find(state, call)?;
    let (id, body) = (id.to_owned(), call.json()?);
    let changes = plan(state, table, Some(&id), values(&body, "values")?, mode)?;
    apply(state, place, &id, changes, &call.stamp());
    answer(state, place, &id)
}

fn answer(state: &State, place: Place, id: &str) -> Result<Value, Problem> {
    let table = state.table(place).ok_or_else(|| Problem::internal("The object is gone."))?;
    let row = table.rows.get(id).ok_or_else(|| Problem::record(id))?;
    Ok(json!({"data": records::read(state, table, id, row)}))
}

/// The values of a request body, under the given key of `data`.
pub(crate) fn values<'a>(body: &'a Value, key: &str) -> Result<&'a Map<String, Value>, Problem> {
    let mut fields = Fields::data(body)?;
    let values = fields.object(key);
    fields.done()?;
    values.ok_or_else(|| Problem::internal("The values are gone."))
}

/// Checks everything a write says against the schema and the other rows.
pub(crate) fn plan(
    state: &State,
    table: &Table,
    id: Option<&str>,
    values: &Map<String, Value>,
    mode: Mode,
) -> Result<Vec<Change>, Problem> {
    let row = id.and_then(|id| table.rows.get(id));
    let mut changes = Vec::with_capacity(values.len());
    for (name, value) in values {
        let unknown = || Problem::value_not_found(format!("Cannot find attribute with slug/ID \"{name}\"."));
        let attribute = table.attribute(name).filter(|attribute| attribute.is_shown()).ok_or_else(unknown)?;
        if attribute.read_only {
            let message = format!("Cannot write to read-only attribute with slug \"{}\".", attribute.slug);
            return Err(Problem::invalid("system_edit_unauthorized", message));
        }
        let sent = parse::values(state, attribute, value)?;
        check_unique(table, id, attribute, &sent)?;
        let held = row.and_then(|row| row.values.get(&attribute.slug)).map_or(&[][..], Vec::as_slice);
        let after = if appends(mode, attribute) { prepend(sent, held) } else { keep_spelling(sent, held) };
        if attribute.required && after.is_empty() {
            return Err(missing(attribute));
        }
        changes.push(Change { slug: attribute.slug.clone(), after });
    }
    if row.is_none() {
        let sent: BTreeSet<&str> = changes.iter().map(|change| change.slug.as_str()).collect();
        let absent = |attribute: &&Attribute| {
            let expected = attribute.required && attribute.is_shown() && attribute.default.is_none();
            expected && !sent.contains(attribute.slug.as_str())
        };
        table.attributes.iter().find(absent).map_or(Ok(()), |attribute| Err(missing(attribute)))?;
    }
    Ok(changes)
}

fn appends(mode: Mode, attribute: &Attribute) -> bool {
    attribute.multi
        && match mode {
            Mode::Append => true,
            Mode::Replace => false,
            Mode::Upsert(by) => by == attribute.slug,
        }
}

/// New values in front; those held already neither move nor change.
fn prepend(sent: Vec<Content>, held: &[Held]) -> Vec<Content> {
    let new = sent.into_iter().filter(|content| !held.iter().any(|held| parse::same(&held.content, content)));
    new.chain(held.iter().map(|held| held.content.clone())).collect()
}

/// A value that only differs from a held one as far as Attio does not distinguish them is the held one.
fn keep_spelling(sent: Vec<Content>, held: &[Held]) -> Vec<Content> {
    let known = |content: &Content| held.iter().find(|held| parse::same(&held.content, content));
    sent.into_iter().map(|content| known(&content).map_or(content, |held| held.content.clone())).collect()
}

pub(crate) fn check_unique(
    table: &Table,
    id: Option<&str>,
    attribute: &Attribute,
    sent: &[Content],
) -> Result<(), Problem> {
    if !attribute.unique || sent.is_empty() {
        return Ok(());
    }
    let others = table.rows.iter().filter(|(other, _)| Some(other.as_str()) != id);
    let owners: Vec<&str> =
        others.filter(|(_, row)| holds_any(row, attribute, sent)).map(|(id, _)| id.as_str()).collect();
    if owners.is_empty() {
        return Ok(());
    }
    let message = format!(
        "The value provided for attribute with slug \"{}\" conflicts with one already in the system. The attribute is \
         unique, so no two records can hold the same value. Conflicting record IDs: {}",
        attribute.slug,
        owners.join(", ")
    );
    Err(Problem::invalid("uniqueness_conflict", message))
}

fn holds_any(row: &Row, attribute: &Attribute, wanted: &[Content]) -> bool {
    let held = row.values.get(&attribute.slug);
    held.is_some_and(|held| held.iter().any(|held| wanted.iter().any(|w| parse::same(w, &held.content))))
}

pub(crate) fn missing(attribute: &Attribute) -> Problem {
    let message = format!("Required value for attribute with ID \"{}\" was not provided.", attribute.id);
    Problem::invalid("missing_value", message)
}

fn matching_attribute<'t>(table: &'t Table, call: &Call) -> Result<&'t Attribute, Problem> {
    let name =
        call.query("matching_attribute").ok_or_else(|| Problem::query("matching_attribute", "Required"))?;
    let attribute = table.attribute(name).ok_or_else(|| {
        Problem::value_not_found(format!("No attribute was found for matching_attribute slug/ID \"{name}\"."))
    })?;
    if attribute.unique {
        return Ok(attribute);
    }
    let message = format!("The matching attribute with slug \"{}\" is not unique.", attribute.slug);
    Err(Problem::invalid("matching_attribute_definition_not_unique", message))
}

fn matching_values(
    state: &State,
    by: &Attribute,
    values: &Map<String, Value>,
) -> Result<Vec<Content>, Problem> {
    let value = values.get(&by.slug).or_else(|| values.get(&by.id));
    let wanted = value.map(|value| parse::values(state, by, value)).transpose()?.unwrap_or_default();
    if wanted.is_empty() {
        let message =
            format!("A value for the matching attribute with slug \"{}\" must be provided.", by.slug);
        return Err(Problem::invalid("missing_value", message));
    }
    Ok(wanted)
}

/// Stores a new row and returns its identifier.
pub(crate) fn insert(state: &mut State, place: Place, row: Row, changes: Vec<Change>, now: &str) -> String {
    let id = state.next_id();
    let changes = with_defaults(state, place, changes, now);
    if let Some(table) = state.table_mut(place) {
        table.rows.insert(id.clone(), Row { created_at: now.into(), ..row });
    }
    apply(state, place, &id, changes, now);
    relations::match_company(state, place, &id, now);
    id
}

/// Adds what the attributes hold by default that the writer did not mention.
fn with_defaults(state: &State, place: Place, mut changes: Vec<Change>, now: &str) -> Vec<Change> {
    for attribute in state.table(place).into_iter().flat_map(|table| &table.attributes) {
        let mentioned = changes.iter().any(|change| change.slug == attribute.slug);
        if mentioned || attribute.read_only || !attribute.is_shown() {
            continue;
        }
        let after = defaults::values(state, attribute, now);
        if !after.is_empty() {
            changes.push(Change { slug: attribute.slug.clone(), after });
        }
    }
    changes
}

/// Stores planned changes. The other side of a relationship follows.
pub(crate) fn apply(state: &mut State, place: Place, id: &str, changes: Vec<Change>, now: &str) {
    for Change { slug, after } in changes {
        relations::set(state, place, id, &slug, after, now);
    }
}
