//! Lists.

use serde_json::{Value, json};

use super::problem::Problem;
use super::routes::Call;
use super::state::{State, Table};

pub(super) fn list(state: &State, _: &Call) -> Result<Value, Problem> {
    let lists: Vec<Value> = state.lists.iter().map(|table| read(state, table)).collect();
    Ok(json!({ "data": lists }))
}

pub(super) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let (_, table) = state.list(name).ok_or_else(|| Problem::list(name))?;
    Ok(json!({"data": read(state, table)}))
}

fn read(state: &State, table: &Table) -> Value {
    json!({
        "id": {"workspace_id": state.workspace_id, "list_id": table.id},
        "api_slug": table.slug,
        "name": table.name,
        "parent_object": table.parent.iter().collect::<Vec<_>>(),
        "workspace_access": "full-access",
        "workspace_member_access": [],
        "created_by_actor": state.token(),
        "created_at": table.created_at,
    })
}
