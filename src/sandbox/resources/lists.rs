//! Lists and who may use them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::views;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::system_attributes;
use crate::sandbox::store::state::{State, Table};

const LEVELS: [&str; 3] = ["full-access", "read-and-write", "read-only"];

/// Levels of access to a list, as Attio names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Access {
    /// What every member may do; `None`: the list is private.
    pub workspace: Option<String>,
    #[serde(default)]
    pub members: Vec<Grant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    /// Identifier of a workspace member.
    pub member: String,
    pub level: String,
}

impl Default for Access {
    fn default() -> Self {
        Self { workspace: Some("full-access".into()), members: Vec::new() }
    }
}

impl Access {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

pub(crate) fn list(state: &State, _: &Call) -> Result<Value, Problem> {
    let lists: Vec<Value> = state.lists.iter().map(|table| read(state, table)).collect();
    Ok(json!({ "data": lists }))
}

pub(crate) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let (_, table) = state.list(name).ok_or_else(|| Problem::list(name))?;
    Ok(json!({"data": read(state, table)}))
}

pub(crate) fn create(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let name = fields.string("name");
    let slug = fields.nonempty("api_slug");
    let object = fields.string("parent_object");
    let access = Access { workspace: workspace_access(&mut fields, ""), members: grants(&mut fields, "") };
    fields.done()?;
    let missing = || Problem::not_found(format!("Parent object with slug/ID \"{object}\" not found."));
    let parent = state.object(object).ok_or_else(missing)?.1.slug.clone();
    check_slug(state, slug)?;
    check_access(state, &access)?;
    let (created_at, id) = (call.stamp(), state.next_id());
    let table = Table {
        slug: slug.into(),
        name: name.into(),
        plural: String::new(),
        attributes: system_attributes::of_list(&id, &parent, &created_at),
        parent: Some(parent),
        access,
        views: vec![views::of_all(&id, name, &created_at)],
        rows: Default::default(),
        created_at,
        id,
    };
    let answer = json!({"data": read(state, &table)});
    state.lists.push(table);
    Ok(answer)
}

/// Changes only what is given. The parent object stays.
pub(crate) fn update(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let given = call.param(0);
    let (place, table) = state.list(given).ok_or_else(|| Problem::list(given))?;
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
    slug.map_or(Ok(()), |slug| check_slug(state, slug))?;
    check_access(state, &access)?;
    let table = state.table_mut(place).ok_or_else(|| Problem::internal("The list is gone."))?;
    table.access = access;
    name.into_iter().for_each(|name| table.name = name.into());
    slug.into_iter().for_each(|slug| table.slug = slug.into());
    let table = state.table(place).ok_or_else(|| Problem::internal("The list is gone."))?;
    Ok(json!({"data": read(state, table)}))
}

/// What everybody may do; the key has to be there, also when it is null.
fn workspace_access(fields: &mut Fields, _: &str) -> Option<String> {
    const KEY: &str = "workspace_access";
    let private = fields.get(KEY).is_some_and(Value::is_null);
    (!private).then(|| fields.one_of(KEY, &LEVELS).to_owned())
}

fn grants(fields: &mut Fields, _: &str) -> Vec<Grant> {
    const KEY: &str = "workspace_member_access";
    let read = |grant: &Value| {
        let text = |key: &str| grant.get(key).and_then(Value::as_str);
        let level = text("level").filter(|level| LEVELS.contains(level))?;
        let member = uuid::Uuid::try_parse(text("workspace_member_id")?).ok()?;
        Some(Grant { member: member.to_string(), level: level.to_owned() })
    };
    let grants: Option<Vec<Grant>> = fields.array(KEY).iter().map(read).collect();
    if grants.is_none() {
        fields.invalid(KEY, "Expected objects with workspace_member_id and level");
    }
    grants.unwrap_or_default()
}

fn check_slug(state: &State, slug: &str) -> Result<(), Problem> {
    if state.lists.iter().all(|list| list.slug != slug) {
        return Ok(());
    }
    Err(Problem::slug_conflict(format!("A list with api_slug \"{slug}\" already exists.")))
}

/// Somebody must have full access, and members must exist.
fn check_access(state: &State, access: &Access) -> Result<(), Problem> {
    let known = |id: &str| state.members.iter().any(|member| member.id == id);
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

fn read(state: &State, table: &Table) -> Value {
    let grant = |grant: &Grant| json!({"workspace_member_id": grant.member, "level": grant.level});
    json!({
        "id": {"workspace_id": state.workspace_id, "list_id": table.id},
        "api_slug": table.slug,
        "name": table.name,
        "parent_object": table.parent.iter().collect::<Vec<_>>(),
        "workspace_access": table.access.workspace,
        "workspace_member_access": table.access.members.iter().map(grant).collect::<Vec<_>>(),
        "created_by_actor": state.token(),
        "created_at": table.created_at,
    })
}
