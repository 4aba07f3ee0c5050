//! Records that come to an end or get another name: whatever mentions them, wherever it is kept, follows.

use serde_json::Value;

use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::row::{Content, Link, Row};
use crate::sandbox::store::schema::{DefaultValue, Table};
use crate::sandbox::store::things::Mention;

/// Removes a record with all that belongs to it and every mention of it.
pub(crate) fn remove(store: &mut Store, table: &Table, id: &str, now: &str) -> Result<(), Failure> {
    store.remove_row(table, id)?;
    store.remove_belongings(id)?;
    let link = Link { object: table.slug.clone(), record: id.to_owned() };
    for mention in store.mentions(id)? {
        change(
            store,
            &mention,
            |row| forget(row, &Content::Reference(link.clone()), now),
            |json| drop_links(json, id),
        )?;
    }
    Ok(())
}

/// Lets whatever mentions one of some records mention another one, once.
pub(crate) fn redirect(store: &mut Store, from: &[&str], to: &str) -> Result<(), Failure> {
    for record in from {
        for mention in store.mentions(record)? {
            let follow = |link: &mut Link| {
                if link.record == *record {
                    to.clone_into(&mut link.record);
                }
            };
            change(
                store,
                &mention,
                |row| {
                    each_in_row(row, follow);
                    row.values.values_mut().for_each(|held| once(held, |a, b| a.content == b.content));
                },
                |json| {
                    rename_links(json, "record", record, to);
                    drop_repeats(json);
                },
            )?;
        }
        redirect_defaults(store, record, to);
    }
    Ok(())
}

/// Lets whatever mentions records of an object name it by its new slug.
pub(crate) fn rename_object(store: &mut Store, before: &str, after: &str) -> Result<(), Failure> {
    for mention in store.mentions_of_object(before)? {
        let mut json: Value = serde_json::from_str(&mention.json)?;
        rename_links(&mut json, "object", before, after);
        store.amend(&mention, &json)?;
    }
    store.rename_apart(before, after)?;
    each_default(store, |link| {
        if link.object == before {
            after.clone_into(&mut link.object);
        }
    });
    Ok(())
}

/// Keeps the first of what is the same.
pub(crate) fn once<T>(items: &mut Vec<T>, same: impl Fn(&T, &T) -> bool) {
    let mut kept: Vec<T> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        if !kept.iter().any(|known| same(known, &item)) {
            kept.push(item);
        }
    }
    *items = kept;
}

/// Changes a row as a row, and everything else as the JSON it is.
fn change(
    store: &mut Store,
    mention: &Mention,
    row: impl FnOnce(&mut Row),
    thing: impl FnOnce(&mut Value),
) -> Result<(), Failure> {
    if let Some(table) = store.table_of(&mention.kind) {
        let Some(mut changed) = store.row(&table, &mention.id)? else { return Ok(()) };
        row(&mut changed);
        return store.put_row(&table, &changed);
    }
    let mut json = serde_json::from_str(&mention.json)?;
    thing(&mut json);
    store.amend(mention, &json)
}

fn redirect_defaults(store: &mut Store, from: &str, to: &str) {
    each_default(store, |link| {
        if link.record == from {
            to.clone_into(&mut link.record);
        }
    });
}

/// Visits the records that attributes hold by default.
fn each_default(store: &mut Store, mut visit: impl FnMut(&mut Link)) {
    let attributes = store.workspace().tables().flat_map(|table| &table.attributes);
    if !attributes.into_iter().any(|attribute| matches!(attribute.default, Some(DefaultValue::Static(_)))) {
        return;
    }
    let attributes = store.workspace_mut().tables_mut().flat_map(|table| &mut table.attributes);
    for attribute in attributes {
        if let Some(DefaultValue::Static(contents)) = &mut attribute.default {
            contents.iter_mut().filter_map(mentioned).for_each(&mut visit);
        }
    }
}

fn each_in_row(row: &mut Row, visit: impl FnMut(&mut Link)) {
    let held = row.values.values_mut().chain(row.past.values_mut()).flatten();
    held.filter_map(|held| mentioned(&mut held.content)).chain(&mut row.parent).for_each(visit);
}

fn mentioned(content: &mut Content) -> Option<&mut Link> {
    match content {
        Content::Reference(link) => Some(link),
        _ => None,
    }
}

/// What the row held is kept as history.
fn forget(row: &mut Row, reference: &Content, now: &str) {
    let slugs: Vec<String> = row.values.keys().cloned().collect();
    for slug in slugs {
        let held = row.values.get(&slug).map_or(&[][..], Vec::as_slice);
        if held.iter().all(|held| held.content != *reference) {
            continue;
        }
        let kept = held.iter().map(|held| held.content.clone());
        let kept = kept.filter(|content| content != reference).collect();
        row.set(&slug, kept, now);
    }
}

fn drop_links(json: &mut Value, id: &str) {
    each_list(json, &mut |items| items.retain(|item| Link::in_value(item) != Some(id)));
}

fn drop_repeats(json: &mut Value) {
    each_list(json, &mut |items| once(items, |a, b| Link::in_value(a).is_some() && a == b));
}

fn each_list(json: &mut Value, visit: &mut impl FnMut(&mut Vec<Value>)) {
    match json {
        Value::Array(items) => {
            visit(items);
            items.iter_mut().for_each(|item| each_list(item, visit));
        }
        Value::Object(map) => map.values_mut().for_each(|value| each_list(value, visit)),
        _ => {}
    }
}

fn rename_links(json: &mut Value, key: &str, before: &str, after: &str) {
    if Link::in_value(json).is_some() {
        if json[key] == before {
            json[key] = after.into();
        }
        return;
    }
    match json {
        Value::Array(items) => items.iter_mut().for_each(|item| rename_links(item, key, before, after)),
        Value::Object(map) => map.values_mut().for_each(|value| rename_links(value, key, before, after)),
        _ => {}
    }
}
