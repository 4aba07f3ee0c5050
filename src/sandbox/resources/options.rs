//! Select options and statuses: the closed sets of titles an attribute may hold.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::parse;
use crate::sandbox::resources::attributes::place;
use crate::sandbox::store::state::{Attribute, Choice, Kind, Place, State, Table, named_id};

pub(crate) fn list_options(state: &State, call: &Call) -> Result<Value, Problem> {
    list(state, call, Kind::Select)
}

pub(crate) fn list_statuses(state: &State, call: &Call) -> Result<Value, Problem> {
    list(state, call, Kind::Status)
}

pub(crate) fn create_option(state: &mut State, call: &Call) -> Result<Value, Problem> {
    create(state, call, Kind::Select)
}

pub(crate) fn create_status(state: &mut State, call: &Call) -> Result<Value, Problem> {
    create(state, call, Kind::Status)
}

pub(crate) fn update_option(state: &mut State, call: &Call) -> Result<Value, Problem> {
    update(state, call, Kind::Select)
}

pub(crate) fn update_status(state: &mut State, call: &Call) -> Result<Value, Problem> {
    update(state, call, Kind::Status)
}

fn list(state: &State, call: &Call, kind: Kind) -> Result<Value, Problem> {
    let (_, table, attribute) = find(state, call, kind)?;
    let archived = call.flag("show_archived")? == Some(true);
    let shown = attribute.choices.iter().filter(|choice| archived || !choice.archived);
    let data: Vec<Value> = shown.map(|choice| read(state, table, attribute, choice)).collect();
    Ok(json!({ "data": data }))
}

fn create(state: &mut State, call: &Call, kind: Kind) -> Result<Value, Problem> {
    let (place, _, attribute) = find(state, call, kind)?;
    let slug = attribute.slug.clone();
    let body = call.json()?;
    let mut choice = define(attribute, &body, kind)?;
    if attribute.choices.iter().any(|other| other.id == choice.id) {
        choice.id = state.next_id(); // the title was another's, which is called something else now
    }
    let table = state.table_mut(place);
    if let Some(attribute) = table.and_then(|t| t.attributes.iter_mut().find(|a| a.slug == slug)) {
        attribute.choices.push(choice.clone());
    }
    let (_, table, attribute) = find(state, call, kind)?;
    Ok(json!({"data": read(state, table, attribute, &choice)}))
}

fn define(attribute: &Attribute, body: &Value, kind: Kind) -> Result<Choice, Problem> {
    let mut fields = Fields::data(body)?;
    let title = fields.nonempty("title");
    let mut choice = Choice { id: choice_id(attribute, title), title: title.into(), ..Choice::default() };
    status_fields(&mut fields, &mut choice);
    fields.done()?;
    check_title(attribute.choices.iter(), title, kind)?;
    Ok(choice)
}

/// Archived choices keep their titles, too.
fn check_title<'c>(
    mut others: impl Iterator<Item = &'c Choice>,
    title: &str,
    kind: Kind,
) -> Result<(), Problem> {
    if !others.any(|other| other.title == title) {
        return Ok(());
    }
    let what = if kind == Kind::Status { "status" } else { "select option" };
    Err(Problem::slug_conflict(format!("There is already another {what} with the title \"{title}\".")))
}

/// What only statuses have: a celebration, and how long a record should stay (an ISO 8601 duration).
fn status_fields(fields: &mut Fields, choice: &mut Choice) {
    const TIME: &str = "target_time_in_status";
    if let Some(celebrate) = fields.optional("celebration_enabled", Fields::boolean) {
        choice.celebrate = celebrate;
    }
    if let Some(text) = fields.optional(TIME, Fields::nullable_string) {
        if text.is_some_and(|text| !text.is_empty() && text.parse::<jiff::Span>().is_err()) {
            fields.invalid(TIME, "Invalid duration");
        }
        choice.target_time = text.map(str::to_owned);
    }
}

fn update(state: &mut State, call: &Call, kind: Kind) -> Result<Value, Problem> {
    let (place, _, attribute) = find(state, call, kind)?;
    let slug = attribute.slug.clone();
    let id = parse::choice(attribute, call.param(2))?;
    let body = call.json()?;
    let after = changed(attribute, &id, &body, kind)?;
    let table = state.table_mut(place);
    let choices =
        table.and_then(|t| t.attributes.iter_mut().find(|a| a.slug == slug)).map(|a| &mut a.choices);
    if let Some(choice) = choices.and_then(|choices| choices.iter_mut().find(|choice| choice.id == id)) {
        choice.clone_from(&after);
    }
    let (_, table, attribute) = find(state, call, kind)?;
    Ok(json!({"data": read(state, table, attribute, &after)}))
}

fn changed(attribute: &Attribute, id: &str, body: &Value, kind: Kind) -> Result<Choice, Problem> {
    let mut choice = attribute.choices.iter().find(|choice| choice.id == id).cloned().unwrap_or_default();
    let mut fields = Fields::data(body)?;
    if let Some(title) = fields.optional("title", Fields::nonempty) {
        choice.title = title.into();
    }
    if let Some(archived) = fields.optional("is_archived", Fields::boolean) {
        choice.archived = archived;
    }
    status_fields(&mut fields, &mut choice);
    fields.done()?;
    check_title(attribute.choices.iter().filter(|other| other.id != id), &choice.title, kind)?;
    Ok(choice)
}

/// Titles are unique within an attribute, so they make the identifier.
pub(crate) fn choice_id(attribute: &Attribute, title: &str) -> String {
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
pub(crate) fn read(state: &State, table: &Table, attribute: &Attribute, choice: &Choice) -> Value {
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
            "is_archived": choice.archived,
            "celebration_enabled": choice.celebrate,
            "target_time_in_status": choice.target_time,
        })
    } else {
        json!({"id": id("option_id"), "title": choice.title, "is_archived": choice.archived})
    }
}
