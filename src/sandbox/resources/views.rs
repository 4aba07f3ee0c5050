//! Saved views of objects and lists. They are made in Attio's app; the API lists them and filters by them.

use serde_json::{Value, json};

use crate::sandbox::engine::find;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::request::cursor;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::schema::{View, named_id};

/// Ordered by identifier.
pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let table = find::table(store, call)?;
    call.flag("show_archived")?; // no view is ever archived here
    let cursor = cursor::page(call, 500, 1000)?;
    let (views, pagination) = cursor.of(table.views.iter(), |view| (String::new(), &view.id), false);
    let whose = if call.is_list() { "list_id" } else { "object_id" };
    let read = |view: &View| {
        json!({
            "id": {"workspace_id": store.workspace().id, whose: table.id, "view_id": view.id},
            "title": view.title,
            "created_at": view.created_at,
        })
    };
    let data: Vec<Value> = views.into_iter().map(read).collect();
    Ok(json!({"data": data, "pagination": pagination}))
}

/// The view that every new table has; `id` is the table's.
pub(crate) fn of_all(id: &str, name: &str, created_at: &str) -> View {
    let id = named_id(&format!("view {id}/all"));
    View { id, title: format!("All {name}"), filter: None, created_at: created_at.into() }
}
