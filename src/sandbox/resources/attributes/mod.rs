//! Attribute definitions of objects and lists: how they are found and shown. `define` makes them, `change` changes
//! them.

mod change;
mod define;

use serde_json::{Value, json};

pub(crate) use self::change::update;
pub(crate) use self::define::create;
use crate::sandbox::engine::defaults;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::store::state::{Attribute, Kind, Mirror, Place, State, Table};

/// The object or list named in the path.
pub(crate) fn place<'s>(state: &'s State, call: &Call) -> Result<(Place, &'s Table), Problem> {
    let name = call.param(0);
    if call.is_list() {
        state.list(name).ok_or_else(|| Problem::list(name))
    } else {
        state.object(name).ok_or_else(|| Problem::object(name))
    }
}

pub(crate) fn list(state: &State, call: &Call) -> Result<Value, Problem> {
    let (_, table) = place(state, call)?;
    let page = call.page(usize::MAX, usize::MAX)?;
    let archived = call.flag("show_archived")? == Some(true);
    let shown = |attribute: &&Attribute| !attribute.hidden && (archived || !attribute.archived);
    let shown = table.attributes.iter().filter(shown);
    let data: Vec<Value> = page.of(shown).map(|attribute| read(state, table, attribute)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    let (_, table, attribute) = find(state, call)?;
    Ok(json!({"data": read(state, table, attribute)}))
}

/// The attribute named in the path, archived or not.
pub(crate) fn find<'s>(state: &'s State, call: &Call) -> Result<(Place, &'s Table, &'s Attribute), Problem> {
    let (place, table) = place(state, call)?;
    let name = call.param(1);
    let attribute = table.attribute(name).filter(|attribute| !attribute.hidden);
    Ok((place, table, attribute.ok_or_else(|| Problem::attribute(name))?))
}

fn read(state: &State, table: &Table, attribute: &Attribute) -> Value {
    let currency = attribute.currency.as_ref();
    let targets: Option<Vec<&str>> = (attribute.kind == Kind::RecordReference).then(|| {
        attribute.targets.iter().filter_map(|slug| Some(state.object(slug)?.1.id.as_str())).collect()
    });
    json!({
        "id": {"workspace_id": state.workspace_id, "object_id": table.id, "attribute_id": attribute.id},
        "title": attribute.title,
        "description": attribute.description,
        "api_slug": attribute.slug,
        "type": attribute.kind,
        "is_system_attribute": attribute.system,
        "is_writable": !attribute.read_only,
        "is_required": attribute.required,
        "is_unique": attribute.unique,
        "is_multiselect": attribute.multi,
        "is_default_value_enabled": attribute.default.is_some(),
        "is_archived": attribute.archived,
        "default_value": defaults::read(state, table, attribute),
        "relationship": attribute.mirror.as_ref().and_then(|mirror| read_mirror(state, mirror)),
        "created_at": attribute.created_at,
        "config": {
            "currency": {
                "default_currency_code": currency.map(|c| &c.code),
                "display_type": currency.map(|c| &c.display),
            },
            "record_reference": {"allowed_object_ids": targets},
        },
    })
}

fn read_mirror(state: &State, mirror: &Mirror) -> Option<Value> {
    let (_, table) = state.object(&mirror.object)?;
    let attribute = table.attribute(&mirror.attribute)?;
    Some(json!({
        "id": {"workspace_id": state.workspace_id, "object_id": table.id, "attribute_id": attribute.id},
        "object_slug": table.slug,
        "title": attribute.title,
        "api_slug": attribute.slug,
        "is_multiselect": attribute.multi,
    }))
}
