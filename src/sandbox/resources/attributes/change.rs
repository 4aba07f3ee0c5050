//! Changes attributes. Type, relationship and whether there may be several values stay as they were defined.

use serde_json::{Value, json};

use super::define::{check_kind, check_slug, configure, slug};
use super::read::show;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::{defaults, find};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::schema::{Attribute, Table};

/// What can be changed.
const KEYS: [&str; 8] = [
    "title",
    "description",
    "api_slug",
    "is_required",
    "is_unique",
    "is_archived",
    "default_value",
    "config",
];

pub(crate) fn update(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let table = find::table(store, call)?;
    let before = find::attribute(&table, call)?;
    if before.system {
        return Err(Problem::invalid("system_edit_unauthorized", "Cannot update a System attribute."));
    }
    let after = changed(store, &table, before, call)?;
    store.change_table(&table.id, |table| {
        if let Some(stored) = table.attributes.iter_mut().find(|stored| stored.id == after.id) {
            stored.clone_from(&after);
        }
    });
    let renamed = after.slug != before.slug;
    if renamed {
        rename(store, &table, &before.slug, &after.slug);
    }
    if renamed || (after.unique && !before.unique) {
        rewrite(store, &table.id, &before.slug, &after.slug)?;
    }
    Ok(json!({"data": show(store, &table, &after)}))
}

/// Values go by the slug, and the index over unique values by what is unique.
fn rewrite(store: &mut Store, table: &str, before: &str, after: &str) -> Result<(), Failure> {
    let Some(table) = store.table_of(table) else { return Ok(()) };
    store.change_rows(&table, |row| {
        for values in [&mut row.values, &mut row.past] {
            if let Some(held) = values.remove(before) {
                values.insert(after.to_owned(), held);
            }
        }
    })
}

/// The attribute as the request wants it.
fn changed(store: &Store, table: &Table, before: &Attribute, call: &Call) -> Result<Attribute, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    fields.only(&KEYS);
    let mut after = before.clone();
    if let Some(title) = fields.optional("title", Fields::string) {
        after.title = title.into();
    }
    if let Some(description) = fields.optional("description", Fields::nullable_string) {
        after.description = description.map(str::to_owned);
    }
    if let Some(slug) = fields.optional("api_slug", slug) {
        after.slug = slug.into();
    }
    after.required = fields.optional("is_required", Fields::boolean).unwrap_or(before.required);
    after.unique = fields.optional("is_unique", Fields::boolean).unwrap_or(before.unique);
    after.archived = fields.optional("is_archived", Fields::boolean).unwrap_or(before.archived);
    let config = fields.optional("config", Fields::object).flatten();
    let default = fields.get("default_value");
    fields.done()?;
    if after.slug != before.slug {
        check_slug(table, &after.slug, call.is_list())?;
    }
    if let Some(config) = config {
        configure(store, &mut after, config)?;
    }
    if after.mirror.is_some() && after.targets != before.targets {
        let message = "The objects of a relationship cannot be changed.";
        return Err(Problem::invalid("validation_type", message));
    }
    if let Some(default) = default {
        after.default = defaults::parse(store, table, &after, default)?;
    }
    check_kind(table, &after)?;
    Ok(after)
}

/// Views and the other side of a relationship go by the slug.
fn rename(store: &mut Store, table: &Table, before: &str, after: &str) {
    store.change_table(&table.id, |table| {
        for filter in table.views.iter_mut().filter_map(|view| view.filter.as_mut()?.as_object_mut()) {
            if let Some(condition) = filter.remove(before) {
                filter.insert(after.to_owned(), condition);
            }
        }
    });
    if table.is_list() {
        return;
    }
    let attributes = store.workspace_mut().tables_mut().flat_map(|table| &mut table.attributes);
    for mirror in attributes.filter_map(|attribute| attribute.mirror.as_mut()) {
        if mirror.object == table.slug && mirror.attribute == before {
            after.clone_into(&mut mirror.attribute);
        }
    }
}
