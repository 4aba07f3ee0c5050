//! Changes attributes. Type, relationship and whether there may be several values stay as they were defined.

use serde_json::{Value, json};

use super::define::{check_kind, check_slug, configure, slug};
use super::{find, read};
use crate::sandbox::engine::defaults;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::store::state::{Attribute, Place, State, Table};

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

pub(crate) fn update(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let (place, table, attribute) = find(state, call)?;
    if attribute.system {
        return Err(Problem::invalid("system_edit_unauthorized", "Cannot update a System attribute."));
    }
    let before = attribute.slug.clone();
    let after = changed(state, table, attribute, call)?;
    if after.slug != before {
        rename(state, place, &before, &after.slug);
    }
    let stored = state.table_mut(place).and_then(|t| t.attributes.iter_mut().find(|a| a.id == after.id));
    if let Some(stored) = stored {
        stored.clone_from(&after);
    }
    let table = state.table(place).ok_or_else(|| Problem::internal("The table is gone."))?;
    Ok(json!({"data": read(state, table, &after)}))
}

/// The attribute as the request wants it.
fn changed(state: &State, table: &Table, before: &Attribute, call: &Call) -> Result<Attribute, Problem> {
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
        configure(state, &mut after, config)?;
    }
    if after.mirror.is_some() && after.targets != before.targets {
        let message = "The objects of a relationship cannot be changed.";
        return Err(Problem::invalid("validation_type", message));
    }
    if let Some(default) = default {
        after.default = defaults::parse(state, table, &after, default)?;
    }
    check_kind(table, &after)?;
    Ok(after)
}

/// Values, views and the other side of a relationship go by the slug.
fn rename(state: &mut State, place: Place, before: &str, after: &str) {
    let Some(table) = state.table_mut(place) else { return };
    for row in table.rows.values_mut() {
        if let Some(held) = row.values.remove(before) {
            row.values.insert(after.to_owned(), held);
        }
        if let Some(held) = row.past.remove(before) {
            row.past.insert(after.to_owned(), held);
        }
    }
    for filter in table.views.iter_mut().filter_map(|view| view.filter.as_mut()?.as_object_mut()) {
        if let Some(condition) = filter.remove(before) {
            filter.insert(after.to_owned(), condition);
        }
    }
    let Some(owner) = matches!(place, Place::Object(_)).then(|| table.slug.clone()) else { return };
    for mirror in state.objects.iter_mut().flat_map(|t| &mut t.attributes).filter_map(|a| a.mirror.as_mut()) {
        if mirror.object == owner && mirror.attribute == before {
            after.clone_into(&mut mirror.attribute);
        }
    }
}
