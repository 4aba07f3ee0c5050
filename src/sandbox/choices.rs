//! Select options and statuses: the closed sets of titles an attribute may hold.

use serde_json::{Value, json};

use super::attributes::place;
use super::body::Fields;
use super::problem::Problem;
use super::routes::Call;
use super::state::{Attribute, Choice, Kind, Place, State, Table, named_id};

pub(super) fn list_options(state: &State, call: &Call) -> Result<Value, Problem> {
    list(state, call, Kind::Select)
}

pub(super) fn list_statuses(state: &State, call: &Call) -> Result<Value, Problem> {
    list(state, call, Kind::Status)
}

pub(super) fn create_option(state: &mut State, call: &Call) -> Result<Value, Problem> {
    create(state, call, Kind::Select)
}

pub(super) fn create_status(state: &mut State, call: &Call) -> Result<Value, Problem> {
    create(state, call, Kind::Status)
}

fn list(state: &State, call: &Call, kind: Kind) -> Result<Value, Problem> {
    let (_, table, attribute) = find(state, call, kind)?;
    call.flag("show_archived")?; // nothing is ever archived here
    let data: Vec<Value> =
        attribute.choices.iter().map(|choice| read(state, table, attribute, choice)).collect();
    Ok(json!({ "data": data }))
}

fn create(state: &mut State, call: &Call, kind: Kind) -> Result<Value, Problem> {
    let (place, _, attribute) = find(state, call, kind)?;
    let slug = attribute.slug.clone();
    let body = call.json()?;
    let choice = define(attribute, &body, kind)?;
    let table = state.table_mut(place);
    if let Some(attribute) = table.and_then(|t| t.attributes.iter_mut().find(|a| a.slug == slug)) {
        attribute.choices.push(choice.clone());
    }
    let (_, table, attribute) = find(state, call, kind)?;
    Ok(json!({"data": read(state, table, attribute, &choice)}))
}

fn define(attribute: &Attribute, body: &Value, kind: Kind) -> Result<Choice, Problem> {
    let mut fields = Fields::data(body)?;
    let title = fields.string("title");
    if title.is_empty() && fields.get("title").is_some() {
        fields.invalid("title", "String must contain at least 1 character(s)");
    }
    let celebrate = fields.get("celebration_enabled").is_some() && fields.boolean("celebration_enabled");
    let target_time = target_time(&mut fields);
    fields.done()?;
    if attribute.choices.iter().any(|choice| choice.title == title) {
        let what = if kind == Kind::Status { "status" } else { "select option" };
        return Err(Problem::slug_conflict(format!(
            "There is already another {what} with the title \"{title}\"."
        )));
    }
    Ok(Choice { id: choice_id(attribute, title), title: title.into(), celebrate, target_time })
}

/// How long a record should stay in a status: an ISO 8601 duration.
fn target_time(fields: &mut Fields) -> Option<String> {
    const KEY: &str = "target_time_in_status";
    let text = fields.get(KEY).and_then(|_| fields.nullable_string(KEY))?;
    if fields.get(KEY).is_some_and(Value::is_string) && text.parse::<jiff::Span>().is_err() {
        fields.invalid(KEY, "Invalid duration");
    }
    Some(text.to_owned())
}

/// Titles are unique within an attribute, so they make the identifier.
pub(super) fn choice_id(attribute: &Attribute, title: &str) -> String {
    named_id(&format!("{}/{title}", attribute.id))
}

fn find<'s>(state: &'s State, call: &Call, kind: Kind) -> Result<(Place, &'s Table, &'s Attribute), Problem> {
    let (place, table) = place(state, call)?;
    let attribute = table.attribute(call.param(1)).ok_or_else(|| Problem::attribute(call.param(1)))?;
    if attribute.kind != kind {
        let what = if kind == Kind::Status { "status" } else { "select" };
        return Err(Problem::invalid(
            "validation_type",
            format!("This attribute is not a {what} attribute."),
        ));
    }
    Ok((place, table, attribute))
}

/// A choice as Attio shows it, alone and inside values.
pub(super) fn read(state: &State, table: &Table, attribute: &Attribute, choice: &Choice) -> Value {
    let id = |key: &str| {
        json!({
            "workspace_id": state.workspace_id,
            "object_id": table.id,
            "attribute_id": attribute.id,
            key: choice.id,
        })
    };
    if attribute.kind == Kind::Status {
        json!({
            "id": id("status_id"),
            "title": choice.title,
            "is_archived": false,
            "celebration_enabled": choice.celebrate,
            "target_time_in_status": choice.target_time,
        })
    } else {
        json!({"id": id("option_id"), "title": choice.title, "is_archived": false})
    }
}
