//! Objects: companies, people, deals and those of your own. What goes by an object's slug follows when it changes, and
//! goes with the object when it is deleted.

use std::sync::Arc;

use serde_json::{Value, json};

use super::views;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::{find, mentions, system_attributes};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::schema::{Access, Attribute, Table};

/// Attio's own objects: they keep their slugs and cannot be deleted.
const STANDARD: [&str; 5] = ["companies", "people", "deals", "users", "workspaces"];

pub(crate) fn list(store: &Store, _: &Call) -> Result<Value, Problem> {
    let objects: Vec<Value> = store.workspace().objects.iter().map(|table| show(store, table)).collect();
    Ok(json!({ "data": objects }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    let table = find::object(store, call.param(0))?;
    Ok(json!({"data": show(store, &table)}))
}

pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let slug = fields.nonempty("api_slug");
    let singular = fields.nonempty("singular_noun");
    let plural = fields.nonempty("plural_noun");
    fields.done()?;
    let taken = |table: &Table| table.slug == slug || table.name == singular || table.plural == plural;
    if store.workspace().objects.iter().any(|table| taken(table)) {
        let message = "Failed to create object. Please ensure your api_slug and names are unique.";
        return Err(Problem::slug_conflict(message));
    }
    let (created_at, id) = (call.stamp(), store.next_id());
    let table = Table {
        slug: slug.into(),
        name: singular.into(),
        plural: plural.into(),
        parent: None,
        attributes: system_attributes::of_object(&id, &created_at, Vec::new()),
        access: Access::default(),
        views: vec![views::of_all(&id, plural, &created_at)],
        created_at,
        id,
    };
    let answer = json!({"data": show(store, &table)});
    store.workspace_mut().objects.push(Arc::new(table));
    Ok(answer)
}

pub(crate) fn update(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let table = find::object(store, call.param(0))?;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let slug = fields.optional("api_slug", Fields::nonempty);
    let singular = fields.optional("singular_noun", Fields::nonempty);
    let plural = fields.optional("plural_noun", Fields::nonempty);
    fields.done()?;
    if slug.or(singular).or(plural).is_none() {
        let message = "You passed an empty payload. Please ensure you are updating at least one property in your \
                       request.";
        return Err(Problem::invalid("validation_type", message));
    }
    let slug = slug.filter(|slug| *slug != table.slug);
    if slug.is_some_and(|slug| store.object(slug).is_some_and(|other| other.slug == slug)) {
        let message = "Failed to update object. Please ensure api_slug is unique.";
        return Err(Problem::slug_conflict(message));
    }
    if slug.is_some() && STANDARD.contains(&table.slug.as_str()) {
        let message = "The API slug of a standard object cannot be changed.";
        return Err(Problem::invalid("validation_type", message));
    }
    store.change_table(&table.id, |table| {
        singular.into_iter().for_each(|noun| table.name = noun.into());
        plural.into_iter().for_each(|noun| table.plural = noun.into());
    });
    if let Some(slug) = slug {
        rename(store, &table, slug)?;
    }
    let table = find::object(store, &table.id)?;
    Ok(json!({"data": show(store, &table)}))
}

/// Deletes an object of your own with its records, the lists of them, and the attributes that could hold nothing else.
pub(crate) fn delete(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let table = find::object(store, call.param(0))?;
    if STANDARD.contains(&table.slug.as_str()) {
        return Err(Problem::invalid("system_edit_unauthorized", "Cannot delete a System object."));
    }
    for record in store.row_ids(&table)? {
        mentions::remove(store, &table, &record, &call.stamp())?;
    }
    let workspace = store.workspace_mut();
    workspace.objects.retain(|other| other.id != table.id);
    workspace.lists.retain(|list| list.parent.as_ref() != Some(&table.slug));
    let others: Vec<Arc<Table>> = store.workspace().tables().cloned().collect();
    for other in others {
        forget(store, &other, &table.slug)?;
    }
    Ok(json!({}))
}

/// Takes an object out of the attributes of a table; those that could hold nothing else go.
fn forget(store: &mut Store, table: &Table, object: &str) -> Result<(), Failure> {
    let pointless = |attribute: &Attribute| attribute.targets == [object];
    let gone: Vec<&String> =
        table.attributes.iter().filter(|attribute| pointless(attribute)).map(|a| &a.slug).collect();
    store.change_table(&table.id, |table| {
        table.attributes.retain(|attribute| !pointless(attribute));
        table.attributes.iter_mut().for_each(|a| a.targets.retain(|target| target != object));
    });
    if gone.is_empty() {
        return Ok(());
    }
    store.change_rows(table, |row| {
        row.values.retain(|slug, _| !gone.contains(&slug));
        row.past.retain(|slug, _| !gone.contains(&slug));
    })
}

fn rename(store: &mut Store, table: &Table, after: &str) -> Result<(), Failure> {
    let follow = |slug: &mut String| {
        if *slug == table.slug {
            after.clone_into(slug);
        }
    };
    store.change_table(&table.id, |table| after.clone_into(&mut table.slug));
    for other in store.workspace_mut().tables_mut() {
        other.parent.iter_mut().for_each(follow);
        for attribute in &mut other.attributes {
            attribute.targets.iter_mut().for_each(follow);
            attribute.mirror.iter_mut().for_each(|mirror| follow(&mut mirror.object));
        }
    }
    mentions::rename_object(store, &table.slug, after)
}

fn show(store: &Store, table: &Table) -> Value {
    json!({
        "id": {"workspace_id": store.workspace().id, "object_id": table.id},
        "api_slug": table.slug,
        "singular_noun": table.name,
        "plural_noun": table.plural,
        "created_at": table.created_at,
    })
}
