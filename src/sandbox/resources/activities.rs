//! Activities as a workspace has them whose plan lacks custom ones: Attio's own can be seen, nothing can be logged.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::request::cursor;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::schema::named_id;

/// The one activity that comes with every workspace.
const SYSTEM: &str = "phone_calls";

/// What a custom activity can extend.
const SCHEMAS: [&str; 4] = ["activities", "interactions", "calls", "emails"];

pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let cursor = cursor::page(call, 100, 1000)?;
    let all = [id()];
    let (page, pagination) = cursor.of(all.iter(), |id| (String::new(), id), false);
    let data: Vec<Value> = page.iter().map(|_| read(store)).collect();
    Ok(json!({"data": data, "pagination": pagination}))
}

pub(crate) fn create(_: &Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    for key in ["api_slug", "singular_noun", "plural_noun"] {
        fields.nonempty(key);
    }
    fields.one_of("extends", &SCHEMAS);
    fields.done()?;
    Err(Problem::plan("custom activities"))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    find(call)?;
    Ok(json!({"data": read(store)}))
}

/// Changes and deletions: there are only system activities, which allow neither.
pub(crate) fn edit(_: &Store, call: &Call) -> Result<Value, Problem> {
    find(call)?;
    Err(Problem::invalid("system_edit_unauthorized", "Cannot update or delete a System activity."))
}

pub(crate) fn query(_: &Store, call: &Call) -> Result<Value, Problem> {
    find(call)?;
    let body = call.json()?;
    let mut fields = Fields::bare(&body)?;
    fields.count("limit", 500, 500);
    fields.count("offset", 0, usize::MAX);
    fields.done()?;
    Ok(json!({"data": []}))
}

pub(crate) fn create_record(_: &Store, call: &Call) -> Result<Value, Problem> {
    find(call)?;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    fields.object("values");
    fields.done()?;
    Err(Problem::plan("activity records"))
}

pub(crate) fn upsert_record(store: &Store, call: &Call) -> Result<Value, Problem> {
    find(call)?;
    call.query("matching_attribute").ok_or_else(|| Problem::query("matching_attribute", "Required"))?;
    create_record(store, call)
}

/// Whatever is wanted of a record: there is none.
pub(crate) fn record(_: &Store, call: &Call) -> Result<Value, Problem> {
    find(call)?;
    Err(Problem::record(call.param(1)))
}

fn find(call: &Call) -> Result<(), Problem> {
    let name = call.param(0);
    if name == SYSTEM || name == id() {
        return Ok(());
    }
    Err(Problem::not_found(format!("Activity with slug/ID \"{name}\" not found.")))
}

fn id() -> String {
    named_id("activity phone_calls")
}

fn read(store: &Store) -> Value {
    json!({
        "id": {"workspace_id": store.workspace().id, "activity_id": id()},
        "api_slug": SYSTEM,
        "singular_noun": "Phone call",
        "plural_noun": "Phone calls",
        "extends": [{"schema_id": named_id("schema calls"), "schema_slug": "calls"}],
        "is_system_activity": true,
        "created_at": store.workspace().created_at,
    })
}
