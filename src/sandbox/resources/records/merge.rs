//! Merging two records of an object into a new one.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::{find, mentions, relations};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::row::{Held, Row};
use crate::sandbox::store::schema::{Attribute, Table};

/// Where both records have a value, the primary's counts; attributes with several values take those of both. What was
/// attached to the two, or refers to them, moves to the new record.
pub(crate) fn merge(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let table = find::object(store, call.param(0))?;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let primary = fields.uuid("primary_record_id").to_lowercase();
    let secondary = fields.uuid("secondary_record_id").to_lowercase();
    fields.done()?;
    for id in [&primary, &secondary] {
        if !store.has_row(&table, id)? {
            let message = format!("Record with ID \"{id}\" not found.");
            return Err(Problem::value_not_found(message).missing_as_404());
        }
    }
    if primary == secondary {
        return Err(Problem::invalid("self_merge", "A record cannot be merged with itself."));
    }
    give_way(store, &table, &primary, &secondary, &call.stamp())?;
    let id = store.next_id();
    join(store, &table, &primary, &secondary, &id)?;
    mentions::redirect(store, &[&primary, &secondary], &id)?;
    Ok(json!({"data": {"new_record_id": id}}))
}

/// Ends the relationships of the secondary record that lose against the primary's, on both of their sides.
fn give_way(
    store: &mut Store,
    table: &Table,
    primary: &str,
    secondary: &str,
    now: &str,
) -> Result<(), Failure> {
    let Some(winner) = store.row(table, primary)? else { return Ok(()) };
    let loses = |a: &&Attribute| a.mirror.is_some() && !a.multi && winner.values.contains_key(&a.slug);
    let Some(mut row) = store.row(table, secondary)? else { return Ok(()) };
    let end = |attribute: &Attribute| relations::shift(table, &mut row, (&attribute.slug, Vec::new()), now);
    let shifts = table.attributes.iter().filter(loses).filter_map(end).collect();
    store.put_row(table, &row)?;
    relations::follow(store, table, secondary, shifts, now)
}

/// Puts the new record in the place of the two.
fn join(store: &mut Store, table: &Table, primary: &str, secondary: &str, id: &str) -> Result<(), Failure> {
    let (Some(mut new), Some(other)) = (store.row(table, primary)?, store.row(table, secondary)?) else {
        return Ok(());
    };
    store.remove_row(table, primary)?;
    store.remove_row(table, secondary)?;
    id.clone_into(&mut new.id);
    add(table, &mut new, other);
    store.put_row(table, &new)
}

fn add(table: &Table, new: &mut Row, other: Row) {
    let Row { created_at, values, past, .. } = other;
    // Values without times of their own are as old as their record.
    let dated = |held: Held| Held { from: held.from.or_else(|| Some(created_at.clone())), ..held };
    for (slug, held) in values {
        let multi = table.attribute(&slug).is_some_and(|attribute| attribute.multi);
        let own = new.values.entry(slug).or_default();
        if own.is_empty() || multi {
            own.extend(held.into_iter().map(dated));
            mentions::once(own, |a, b| a.content.same(&b.content));
        }
    }
    for (slug, held) in past {
        let own = new.past.entry(slug).or_default();
        own.extend(held.into_iter().map(dated));
        own.sort_by(|a, b| a.until.cmp(&b.until));
    }
}
