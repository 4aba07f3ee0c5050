//! Saved views of objects and lists. They are made in Attio's app; the API lists them and filters by them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::request::cursor;
use crate::sandbox::resources::attributes::place;
use crate::sandbox::store::state::{State, Table, named_id};

/// A saved view. Of what a view of Attio's holds, only the filter matters to anybody but the app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct View {
    #[serde(default)]
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Value>,
    #[serde(default)]
    pub created_at: String,
}

/// Ordered by identifier.
pub(crate) fn list(state: &State, call: &Call) -> Result<Value, Problem> {
    let (_, table) = place(state, call)?;
    call.flag("show_archived")?; // no view is ever archived here
    let cursor = cursor::page(call, 500, 1000)?;
    let (views, pagination) = cursor.of(table.views.iter(), |view| (String::new(), &view.id), false);
    let whose = if call.is_list() { "list_id" } else { "object_id" };
    let read = |view: &View| {
        json!({
            "id": {"workspace_id": state.workspace_id, whose: table.id, "view_id": view.id},
            "title": view.title,
            "created_at": view.created_at,
        })
    };
    let data: Vec<Value> = views.into_iter().map(read).collect();
    Ok(json!({"data": data, "pagination": pagination}))
}

/// The filter of the view that a query names, if it has one.
pub(crate) fn filter<'t>(table: &'t Table, id: &Value) -> Result<Option<&'t Value>, Problem> {
    let view = id.as_str().and_then(|id| table.views.iter().find(|view| view.id.eq_ignore_ascii_case(id)));
    let missing = || Problem::value_not_found(format!("View with ID {id} not found."));
    Ok(view.ok_or_else(missing)?.filter.as_ref())
}

/// The view that every new table has; `id` is the table's.
pub(crate) fn of_all(id: &str, name: &str, created_at: &str) -> View {
    let id = named_id(&format!("view {id}/all"));
    View { id, title: format!("All {name}"), filter: None, created_at: created_at.into() }
}
