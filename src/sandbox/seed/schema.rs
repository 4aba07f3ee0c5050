//! The objects and lists of the seed, from `seed.json` to tables.

use serde::Deserialize;

use crate::sandbox::engine::system_attributes;
use crate::sandbox::engine::values::option::option_id;
use crate::sandbox::store::schema::{Access, Attribute, AttributeOption, Table, View, named_id};

#[derive(Deserialize)]
pub(crate) struct Schema {
    slug: String,
    name: String,
    #[serde(default)]
    plural: String,
    parent: Option<String>,
    attributes: Vec<Definition>,
    #[serde(default)]
    views: Vec<View>,
}

#[derive(Deserialize)]
struct Definition {
    #[serde(flatten)]
    attribute: Attribute,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    custom: bool,
}

/// `sort` is `object` or `list`.
pub(crate) fn table(sort: &str, schema: Schema, created_at: &str) -> Table {
    let mut attributes = Vec::with_capacity(schema.attributes.len());
    for definition in schema.attributes {
        let mut attribute = definition.attribute;
        attribute.id = named_id(&format!("{sort} {}/{}", schema.slug, attribute.slug));
        attribute.created_at = created_at.into();
        attribute.system = schema.parent.is_none() && !definition.custom;
        attribute.choices = definition.options.iter().map(|title| choice(&attribute, title)).collect();
        attributes.push(attribute);
    }
    let attributes = match &schema.parent {
        Some(parent) => system_attributes::of_list(&schema.slug, parent, created_at, attributes),
        None => system_attributes::of_object(&schema.slug, created_at, attributes),
    };
    let id = named_id(&format!("{sort} {}", schema.slug));
    let view = |view: View| View {
        id: named_id(&format!("view {id}/{}", view.title)),
        created_at: created_at.into(),
        ..view
    };
    Table {
        views: schema.views.into_iter().map(view).collect(),
        access: Access::default(),
        id,
        slug: schema.slug,
        name: schema.name,
        plural: schema.plural,
        parent: schema.parent,
        created_at: created_at.into(),
        attributes,
    }
}

fn choice(attribute: &Attribute, title: &str) -> AttributeOption {
    AttributeOption {
        id: option_id(attribute, title),
        title: title.into(),
        celebrate: title.starts_with("Won"),
        ..AttributeOption::default()
    }
}
