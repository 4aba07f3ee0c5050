//! Objects: companies, people, deals and those of your own. What goes by an object's slug follows when it changes, and
//! goes with the object when it is deleted.

use serde_json::{Value, json};

use super::views;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::{relations, system_attributes};
use crate::sandbox::resources::lists::Access;
use crate::sandbox::store::state::{Place, State, Table};

/// Attio's own objects: they keep their slugs and cannot be deleted.
const STANDARD: [&str; 5] = ["companies", "people", "deals", "users", "workspaces"];

pub(crate) fn list(state: &State, _: &Call) -> Result<Value, Problem> {
    let objects: Vec<Value> = state.objects.iter().map(|table| read(state, table)).collect();
    Ok(json!({ "data": objects }))
}

pub(crate) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let (_, table) = state.object(name).ok_or_else(|| Problem::object(name))?;
    Ok(json!({"data": read(state, table)}))
}

pub(crate) fn create(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let slug = fields.nonempty("api_slug");
    let singular = fields.nonempty("singular_noun");
    let plural = fields.nonempty("plural_noun");
    fields.done()?;
    let taken = |table: &Table| table.slug == slug || table.name == singular || table.plural == plural;
    if state.objects.iter().any(taken) {
        let message = "Failed to create object. Please ensure your api_slug and names are unique.";
        return Err(Problem::slug_conflict(message));
    }
    let (created_at, id) = (call.stamp(), state.next_id());
    let table = Table {
        slug: slug.into(),
        name: singular.into(),
        plural: plural.into(),
        parent: None,
        attributes: system_attributes::of_object(&id, &created_at),
        access: Access::default(),
        views: vec![views::of_all(&id, plural, &created_at)],
        rows: Default::default(),
        created_at,
        id,
    };
    let answer = json!({"data": read(state, &table)});
    state.objects.push(table);
    Ok(answer)
}

pub(crate) fn update(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let (place, table) = state.object(name).ok_or_else(|| Problem::object(name))?;
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
    if slug.is_some_and(|slug| state.objects.iter().any(|other| other.slug == slug)) {
        let message = "Failed to update object. Please ensure api_slug is unique.";
        return Err(Problem::slug_conflict(message));
    }
    if slug.is_some() && STANDARD.contains(&table.slug.as_str()) {
        let message = "The API slug of a standard object cannot be changed.";
        return Err(Problem::invalid("validation_type", message));
    }
    if let Some(slug) = slug {
        rename(state, place, slug);
    }
    let table = state.table_mut(place).ok_or_else(|| Problem::internal("The object is gone."))?;
    singular.into_iter().for_each(|noun| table.name = noun.into());
    plural.into_iter().for_each(|noun| table.plural = noun.into());
    let table = state.table(place).ok_or_else(|| Problem::internal("The object is gone."))?;
    Ok(json!({"data": read(state, table)}))
}

/// Deletes an object of your own with its records, the lists of them, and the attributes that could hold nothing else.
pub(crate) fn delete(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let (place, table) = state.object(name).ok_or_else(|| Problem::object(name))?;
    let slug = table.slug.clone();
    if STANDARD.contains(&slug.as_str()) {
        return Err(Problem::invalid("system_edit_unauthorized", "Cannot delete a System object."));
    }
    let records: Vec<String> = table.rows.keys().cloned().collect();
    for record in records {
        relations::remove(state, place, &record, &call.stamp());
    }
    state.objects.retain(|table| table.slug != slug);
    state.lists.retain(|list| list.parent.as_ref() != Some(&slug));
    for table in state.objects.iter_mut().chain(&mut state.lists) {
        forget(table, &slug);
    }
    Ok(json!({}))
}

/// Takes an object out of the attributes of a table.
fn forget(table: &mut Table, object: &str) {
    let rows = &mut table.rows;
    table.attributes.retain_mut(|attribute| {
        let pointless = attribute.targets == [object];
        attribute.targets.retain(|target| target != object);
        for row in rows.values_mut().filter(|_| pointless) {
            row.values.remove(&attribute.slug);
            row.past.remove(&attribute.slug);
        }
        !pointless
    });
}

fn rename(state: &mut State, place: Place, after: &str) {
    let Some(table) = state.table_mut(place) else { return };
    let before = std::mem::replace(&mut table.slug, after.to_owned());
    let follow = |slug: &mut String| {
        if *slug == before {
            after.clone_into(slug);
        }
    };
    relations::each(state, |link| follow(&mut link.object));
    state.lists.iter_mut().filter_map(|list| list.parent.as_mut()).for_each(follow);
    for attribute in state.objects.iter_mut().chain(&mut state.lists).flat_map(|table| &mut table.attributes)
    {
        attribute.targets.iter_mut().for_each(follow);
        attribute.mirror.iter_mut().for_each(|mirror| follow(&mut mirror.object));
    }
}

fn read(state: &State, table: &Table) -> Value {
    json!({
        "id": {"workspace_id": state.workspace_id, "object_id": table.id},
        "api_slug": table.slug,
        "singular_noun": table.name,
        "plural_noun": table.plural,
        "created_at": table.created_at,
    })
}
