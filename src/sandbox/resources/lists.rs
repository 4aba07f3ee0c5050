//! Lists and who may use them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::views;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::{find, system_attributes};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::schema::{Access, Grant, Table};

const LEVELS: [&str; 3] = ["full-access", "read-and-write", "read-only"];

pub(crate) fn list(store: &Store, _: &Call) -> Result<Value, Problem> {
    let lists: Vec<Value> = store.workspace().lists.iter().map(|table| show(store, table)).collect();
    Ok(json!({ "data": lists }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    let table = find::list(store, call.param(0))?;
    Ok(json!({"data": show(store, &table)}))
}

pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let name = fields.string("name");
    let slug = fields.nonempty("api_slug");
    let object = fields.string("parent_object");
    let access = Access { workspace: workspace_access(&mut fields, ""), members: grants(&mut fields, "") };
    fields.done()?;
    let missing = || Problem::not_found(format!("Parent object with slug/ID \"{object}\" not found."));
    let parent = store.object(object).ok_or_else(missing)?.slug.clone();
    check_slug(store, slug)?;
    check_access(store, &access)?;
    let (created_at, id) = (call.stamp(), store.next_id());
    let table = Table {
        slug: slug.into(),
        name: name.into(),
        plural: String::new(),
        attributes: system_attributes::of_list(&id, &parent, &created_at, Vec::new()),
        parent: Some(parent),
        access,
        views: vec![views::of_all(&id, name, &created_at)],
        created_at,
        id,
    };
    let answer = json!({"data": show(store, &table)});
    store.workspace_mut().lists.push(Arc::new(table));
    Ok(answer)
}

/// Changes only what is given. The parent object stays.
pub(crate) fn update(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let table = find::list(store, call.param(0))?;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let name = fields.optional("name", Fields::string);
    let slug = fields.optional("api_slug", Fields::nonempty);
    let workspace = fields.optional("workspace_access", workspace_access);
    let members = fields.optional("workspace_member_access", grants);
    fields.done()?;
    let access = Access {
        workspace: workspace.unwrap_or_else(|| table.access.workspace.clone()),
        members: members.unwrap_or_else(|| table.access.members.clone()),
    };
    let slug = slug.filter(|slug| *slug != table.slug);
    slug.map_or(Ok(()), |slug| check_slug(store, slug))?;
    check_access(store, &access)?;
    store.change_table(&table.id, |table| {
        table.access = access;
        name.into_iter().for_each(|name| table.name = name.into());
        slug.into_iter().for_each(|slug| table.slug = slug.into());
    });
    let table = find::list(store, &table.id)?;
    Ok(json!({"data": show(store, &table)}))
}

/// What everybody may do; the key has to be there, also when it is null.
fn workspace_access(fields: &mut Fields, _: &str) -> Option<String> {
    const KEY: &str = "workspace_access";
    let private = fields.get(KEY).is_some_and(Value::is_null);
    (!private).then(|| fields.one_of(KEY, &LEVELS).to_owned())
}

fn grants(fields: &mut Fields, _: &str) -> Vec<Grant> {
    const KEY: &str = "workspace_member_access";
    fields.items(KEY, |grant| Grant {
        member: grant.uuid("workspace_member_id").to_lowercase(),
        level: grant.one_of("level", &LEVELS).to_owned(),
    })
}

fn check_slug(store: &Store, slug: &str) -> Result<(), Problem> {
    if store.workspace().lists.iter().all(|list| list.slug != slug) {
        return Ok(());
    }
    Err(Problem::slug_conflict(format!("A list with api_slug \"{slug}\" already exists.")))
}

/// Somebody must have full access, and members must exist.
fn check_access(store: &Store, access: &Access) -> Result<(), Problem> {
    let known = |id: &str| store.workspace().members.iter().any(|member| member.id == id);
    if let Some(grant) = access.members.iter().find(|grant| !known(&grant.member)) {
        let message = format!("Workspace member with ID \"{}\" not found.", grant.member);
        return Err(Problem::value_not_found(message));
    }
    let mut levels = access.workspace.iter().chain(access.members.iter().map(|grant| &grant.level));
    if levels.any(|level| level == "full-access") {
        return Ok(());
    }
    let message = "A list needs full access for the workspace or for at least one workspace member.";
    Err(Problem::invalid("validation_type", message))
}

fn show(store: &Store, table: &Table) -> Value {
    let grant = |grant: &Grant| json!({"workspace_member_id": grant.member, "level": grant.level});
    json!({
        "id": {"workspace_id": store.workspace().id, "list_id": table.id},
        "api_slug": table.slug,
        "name": table.name,
        "parent_object": table.parent.iter().collect::<Vec<_>>(),
        "workspace_access": table.access.workspace,
        "workspace_member_access": table.access.members.iter().map(grant).collect::<Vec<_>>(),
        "created_by_actor": store.workspace().token(),
        "created_at": table.created_at,
    })
}
