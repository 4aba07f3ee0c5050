//! Objects: companies, people, deals and those of your own.

use serde_json::{Value, json};

use super::body::Fields;
use super::problem::Problem;
use super::routes::Call;
use super::seed;
use super::state::{State, Table};

pub(super) fn list(state: &State, _: &Call) -> Result<Value, Problem> {
    let objects: Vec<Value> = state.objects.iter().map(|table| read(state, table)).collect();
    Ok(json!({ "data": objects }))
}

pub(super) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    let name = call.param(0);
    let (_, table) = state.object(name).ok_or_else(|| Problem::object(name))?;
    Ok(json!({"data": read(state, table)}))
}

pub(super) fn create(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let slug = fields.string("api_slug");
    let singular = fields.string("singular_noun");
    let plural = fields.string("plural_noun");
    for (key, text) in [("api_slug", slug), ("singular_noun", singular), ("plural_noun", plural)] {
        if text.is_empty() && fields.get(key).is_some_and(Value::is_string) {
            fields.invalid(key, "String must contain at least 1 character(s)");
        }
    }
    fields.done()?;
    let taken = |table: &Table| table.slug == slug || table.name == singular || table.plural == plural;
    if state.objects.iter().any(taken) {
        let message = "Failed to create object. Please ensure your api_slug and names are unique.";
        return Err(Problem::slug_conflict(message));
    }
    let created_at = call.stamp();
    let table = Table {
        id: state.next_id(),
        slug: slug.into(),
        name: singular.into(),
        plural: plural.into(),
        parent: None,
        attributes: seed::implicit_attributes(slug, &created_at),
        created_at,
        rows: Default::default(),
    };
    let answer = json!({"data": read(state, &table)});
    state.objects.push(table);
    Ok(answer)
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
