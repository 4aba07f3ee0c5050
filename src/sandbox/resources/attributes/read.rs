//! Attribute definitions of objects and lists as they are found and shown.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::{defaults, find};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::schema::{Attribute, AttributeType, Mirror, Table};

pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let table = find::table(store, call)?;
    let page = call.page(usize::MAX, usize::MAX)?;
    let archived = call.flag("show_archived")? == Some(true);
    let shown = |attribute: &&Attribute| !attribute.hidden && (archived || !attribute.archived);
    let shown = table.attributes.iter().filter(shown);
    let data: Vec<Value> = page.of(shown).map(|attribute| show(store, &table, attribute)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    let table = find::table(store, call)?;
    let attribute = find::attribute(&table, call)?;
    Ok(json!({"data": show(store, &table, attribute)}))
}

pub(super) fn show(store: &Store, table: &Table, attribute: &Attribute) -> Value {
    let currency = attribute.currency.as_ref();
    let targets: Option<Vec<&str>> = (attribute.kind == AttributeType::RecordReference).then(|| {
        attribute
            .targets
            .iter()
            .filter_map(|slug| Some(store.workspace().object(slug)?.id.as_str()))
            .collect()
    });
    json!({
        "id": {"workspace_id": store.workspace().id, "object_id": table.id, "attribute_id": attribute.id},
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
        "default_value": defaults::read(store.workspace(), table, attribute),
        "relationship": attribute.mirror.as_ref().and_then(|mirror| read_mirror(store, mirror)),
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

fn read_mirror(store: &Store, mirror: &Mirror) -> Option<Value> {
    let table = store.workspace().object(&mirror.object)?;
    let attribute = table.attribute(&mirror.attribute)?;
    Some(json!({
        "id": {"workspace_id": store.workspace().id, "object_id": table.id, "attribute_id": attribute.id},
        "object_slug": table.slug,
        "title": attribute.title,
        "api_slug": attribute.slug,
        "is_multiselect": attribute.multi,
    }))
}
