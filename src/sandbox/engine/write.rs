//! Writing rows: what a write says is checked completely, then stored with all that follows from it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::defaults;
use super::holders;
use super::problem::Problem;
use super::relations::{self, Shift};
use super::request::body::Fields;
use super::values::parse;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::row::{Content, Held, Link, Row};
use crate::sandbox::store::schema::{Attribute, Table};

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

/// The values of a request body, under the given key of `data`.
pub(crate) fn values<'a>(body: &'a Value, key: &str) -> Result<&'a Map<String, Value>, Problem> {
    read_values(Fields::data(body)?, key)
}

/// The values of a request body that may have nothing beside them.
pub(crate) fn only_values<'a>(body: &'a Value, key: &str) -> Result<&'a Map<String, Value>, Problem> {
    let mut fields = Fields::data(body)?;
    fields.only(&[key]);
    read_values(fields, key)
}

fn read_values<'a>(mut fields: Fields<'a>, key: &str) -> Result<&'a Map<String, Value>, Problem> {
    let values = fields.object(key);
    fields.done()?;
    values.ok_or_else(|| Problem::internal("The values are gone."))
}

/// Checks everything a write says against the schema and the other rows.
pub(crate) fn plan(
    store: &Store,
    table: &Table,
    row: Option<&Row>,
    values: &Map<String, Value>,
    mode: Mode,
) -> Result<Vec<Change>, Problem> {
    let mut changes = Vec::with_capacity(values.len());
    for (name, value) in values {
        let unknown = || Problem::value_not_found(format!("Cannot find attribute with slug/ID \"{name}\"."));
        let attribute = table.attribute(name).filter(|attribute| attribute.is_shown()).ok_or_else(unknown)?;
        if attribute.read_only {
            let message = format!("Cannot write to read-only attribute with slug \"{}\".", attribute.slug);
            return Err(Problem::invalid("system_edit_unauthorized", message));
        }
        let sent = parse::values(store, attribute, value)?;
        check_unique(store, table, row, attribute, &sent)?;
        let held = row.and_then(|row| row.values.get(&attribute.slug)).map_or(&[][..], Vec::as_slice);
        let after = if appends(mode, attribute) { prepend(sent, held) } else { keep_spelling(sent, held) };
        if attribute.required && after.is_empty() {
            return Err(missing(attribute));
        }
        changes.push(Change { slug: attribute.slug.clone(), after });
    }
    if row.is_none() {
        check_complete(table, &changes)?;
    }
    Ok(changes)
}

/// What is required of a new row and has no default must be there.
fn check_complete(table: &Table, changes: &[Change]) -> Result<(), Problem> {
    let sent: BTreeSet<&str> = changes.iter().map(|change| change.slug.as_str()).collect();
    let absent = |attribute: &&Attribute| {
        let expected = attribute.required && attribute.is_shown() && attribute.default.is_none();
        expected && !sent.contains(attribute.slug.as_str())
    };
    table.attributes.iter().find(absent).map_or(Ok(()), |attribute| Err(missing(attribute)))
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
    let new = sent.into_iter().filter(|content| !held.iter().any(|held| held.content.same(content)));
    new.chain(held.iter().map(|held| held.content.clone())).collect()
}

/// A value that only differs from a held one as far as Attio does not distinguish them is the held one.
fn keep_spelling(sent: Vec<Content>, held: &[Held]) -> Vec<Content> {
    let known = |content: &Content| held.iter().find(|held| held.content.same(content));
    sent.into_iter().map(|content| known(&content).map_or(content, |held| held.content.clone())).collect()
}

/// No other row may hold what a unique attribute is to hold.
pub(crate) fn check_unique(
    store: &Store,
    table: &Table,
    row: Option<&Row>,
    attribute: &Attribute,
    sent: &[Content],
) -> Result<(), Problem> {
    if !attribute.unique || sent.is_empty() {
        return Ok(());
    }
    let mut owners = holders::of_any(store, table, attribute, sent)?;
    owners.retain(|owner| row.is_none_or(|row| row.id != *owner));
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

pub(crate) fn missing(attribute: &Attribute) -> Problem {
    let message = format!("Required value for attribute with ID \"{}\" was not provided.", attribute.id);
    Problem::invalid("missing_value", message)
}

/// Stores a new row and returns its identifier.
pub(crate) fn insert(
    store: &mut Store,
    table: &Table,
    parent: Option<Link>,
    mut changes: Vec<Change>,
    now: &str,
) -> Result<String, Failure> {
    add_defaults(store, table, &mut changes, now)?;
    let mut row = Row { id: store.next_id(), created_at: now.into(), parent, ..Row::default() };
    let mut shifts = set(table, &mut row, changes, now);
    if let Some(company) = relations::company_of(store, table, &row, now)? {
        shifts.extend(relations::shift(table, &mut row, ("company", vec![company]), now));
    }
    store.put_row(table, &row)?;
    relations::follow(store, table, &row.id, shifts, now)?;
    Ok(row.id)
}

/// Adds what the attributes hold by default that the writer did not mention.
fn add_defaults(store: &Store, table: &Table, changes: &mut Vec<Change>, now: &str) -> Result<(), Failure> {
    for attribute in &table.attributes {
        let mentioned = changes.iter().any(|change| change.slug == attribute.slug);
        if mentioned || attribute.read_only || !attribute.is_shown() {
            continue;
        }
        let after = defaults::values(store, attribute, now)?;
        if !after.is_empty() {
            changes.push(Change { slug: attribute.slug.clone(), after });
        }
    }
    Ok(())
}

/// Stores planned changes. The other side of a relationship follows.
pub(crate) fn apply(
    store: &mut Store,
    table: &Table,
    mut row: Row,
    changes: Vec<Change>,
    now: &str,
) -> Result<(), Failure> {
    let shifts = set(table, &mut row, changes, now);
    store.put_row(table, &row)?;
    relations::follow(store, table, &row.id, shifts, now)
}

fn set(table: &Table, row: &mut Row, changes: Vec<Change>, now: &str) -> Vec<Shift> {
    let set = |Change { slug, after }| relations::shift(table, row, (&slug, after), now);
    changes.into_iter().filter_map(set).collect()
}
