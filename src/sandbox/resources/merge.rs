//! Merging two records of an object into a new one.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::relations;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::parse;
use crate::sandbox::store::state::{Attribute, Held, Link, Place, Row, State, Table};

/// Where both records have a value, the primary's counts; attributes with several values take those of both. What was
/// attached to the two, or refers to them, moves to the new record.
pub(crate) fn merge(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let (place, table) = state.object(name).ok_or_else(|| Problem::object(name))?;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let primary = fields.uuid("primary_record_id").to_lowercase();
    let secondary = fields.uuid("secondary_record_id").to_lowercase();
    fields.done()?;
    for id in [&primary, &secondary] {
        let missing = || Problem::value_not_found(format!("Record with ID \"{id}\" not found."));
        table.rows.get(id).ok_or_else(missing).map_err(Problem::missing_as_404)?;
    }
    if primary == secondary {
        return Err(Problem::invalid("self_merge", "A record cannot be merged with itself."));
    }
    let object = table.slug.clone();
    give_way(state, place, &primary, &secondary, &call.stamp());
    let id = state.next_id();
    join(state, place, &primary, &secondary, &id);
    relations::each(state, |link: &mut Link| {
        if link.object == object && (link.record == primary || link.record == secondary) {
            link.record.clone_from(&id);
        }
    });
    drop_repeats(state);
    Ok(json!({"data": {"new_record_id": id}}))
}

/// Ends the relationships of the secondary record that lose against the primary's, on both of their sides.
fn give_way(state: &mut State, place: Place, primary: &str, secondary: &str, now: &str) {
    let Some(table) = state.table(place) else { return };
    let Some(winner) = table.rows.get(primary) else { return };
    let loses = |a: &&Attribute| a.mirror.is_some() && !a.multi && winner.values.contains_key(&a.slug);
    let slugs: Vec<String> = table.attributes.iter().filter(loses).map(|a| a.slug.clone()).collect();
    for slug in slugs {
        relations::set(state, place, secondary, &slug, Vec::new(), now);
    }
}

/// Puts the new record in the place of the two.
fn join(state: &mut State, place: Place, primary: &str, secondary: &str, id: &str) {
    let Some(Table { rows, attributes, .. }) = state.table_mut(place) else { return };
    let (Some(mut new), Some(other)) = (rows.remove(primary), rows.remove(secondary)) else { return };
    let Row { created_at, values, past, .. } = other;
    // Values without times of their own are as old as their record.
    let dated = |held: Held| Held { from: held.from.or_else(|| Some(created_at.clone())), ..held };
    for (slug, held) in values {
        let multi = attributes.iter().any(|attribute| attribute.slug == slug && attribute.multi);
        let own = new.values.entry(slug).or_default();
        if own.is_empty() || multi {
            own.extend(held.into_iter().map(dated));
            once(own, |a, b| parse::same(&a.content, &b.content));
        }
    }
    for (slug, held) in past {
        let own = new.past.entry(slug).or_default();
        own.extend(held.into_iter().map(dated));
        own.sort_by(|a, b| a.until.cmp(&b.until));
    }
    rows.insert(id.to_owned(), new);
}

/// What referred to both records refers to the new one once.
fn drop_repeats(state: &mut State) {
    let rows = state.objects.iter_mut().chain(&mut state.lists).flat_map(|table| table.rows.values_mut());
    rows.flat_map(|row| row.values.values_mut()).for_each(|held| once(held, |a, b| a.content == b.content));
    state.tasks.iter_mut().for_each(|task| once(&mut task.linked, Link::eq));
    state.meetings.iter_mut().for_each(|meeting| once(&mut meeting.linked, Link::eq));
}

/// Keeps the first of what is the same.
fn once<T>(items: &mut Vec<T>, same: impl Fn(&T, &T) -> bool) {
    let mut kept: Vec<T> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        if !kept.iter().any(|known| same(known, &item)) {
            kept.push(item);
        }
    }
    *items = kept;
}
