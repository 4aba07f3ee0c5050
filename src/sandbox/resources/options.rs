//! Select options and statuses: the closed sets of titles an attribute may hold.

use serde_json::{Value, json};

use crate::sandbox::engine::find;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::{option, parse};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::schema::{Attribute, AttributeOption, AttributeType, Table};

pub(crate) fn list_options(store: &Store, call: &Call) -> Result<Value, Problem> {
    list(store, call, AttributeType::Select)
}

pub(crate) fn list_statuses(store: &Store, call: &Call) -> Result<Value, Problem> {
    list(store, call, AttributeType::Status)
}

pub(crate) fn create_option(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    create(store, call, AttributeType::Select)
}

pub(crate) fn create_status(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    create(store, call, AttributeType::Status)
}

pub(crate) fn update_option(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    update(store, call, AttributeType::Select)
}

pub(crate) fn update_status(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    update(store, call, AttributeType::Status)
}

fn list(store: &Store, call: &Call, kind: AttributeType) -> Result<Value, Problem> {
    let table = find::table(store, call)?;
    let attribute = of_kind(&table, call, kind)?;
    let archived = call.flag("show_archived")? == Some(true);
    let shown = attribute.choices.iter().filter(|choice| archived || !choice.archived);
    let data: Vec<Value> =
        shown.map(|choice| option::read(store.workspace(), &table, attribute, choice)).collect();
    Ok(json!({ "data": data }))
}

fn create(store: &mut Store, call: &Call, kind: AttributeType) -> Result<Value, Problem> {
    let table = find::table(store, call)?;
    let attribute = of_kind(&table, call, kind)?;
    let mut choice = define(attribute, &call.json()?, kind)?;
    if attribute.choices.iter().any(|other| other.id == choice.id) {
        choice.id = store.next_id(); // the title was another's, which is called something else now
    }
    change(store, &table, attribute, |choices| choices.push(choice.clone()));
    Ok(json!({"data": option::read(store.workspace(), &table, attribute, &choice)}))
}

/// Changes the options of an attribute.
fn change(
    store: &mut Store,
    table: &Table,
    attribute: &Attribute,
    change: impl FnOnce(&mut Vec<AttributeOption>),
) {
    store.change_table(&table.id, |table| {
        if let Some(held) = table.attributes.iter_mut().find(|held| held.slug == attribute.slug) {
            change(&mut held.choices);
        }
    });
}

fn define(attribute: &Attribute, body: &Value, kind: AttributeType) -> Result<AttributeOption, Problem> {
    let mut fields = Fields::data(body)?;
    let title = fields.nonempty("title");
    let mut choice = AttributeOption {
        id: option::option_id(attribute, title),
        title: title.into(),
        ..AttributeOption::default()
    };
    status_fields(&mut fields, &mut choice);
    fields.done()?;
    check_title(attribute.choices.iter(), title, kind)?;
    Ok(choice)
}

/// Archived choices keep their titles, too.
fn check_title<'c>(
    mut others: impl Iterator<Item = &'c AttributeOption>,
    title: &str,
    kind: AttributeType,
) -> Result<(), Problem> {
    if !others.any(|other| other.title == title) {
        return Ok(());
    }
    let what = if kind == AttributeType::Status { "status" } else { "select option" };
    Err(Problem::slug_conflict(format!("There is already another {what} with the title \"{title}\".")))
}

/// What only statuses have: a celebration, and how long a record should stay (an ISO 8601 duration).
fn status_fields(fields: &mut Fields, choice: &mut AttributeOption) {
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

fn update(store: &mut Store, call: &Call, kind: AttributeType) -> Result<Value, Problem> {
    let table = find::table(store, call)?;
    let attribute = of_kind(&table, call, kind)?;
    let id = parse::choice(attribute, call.param(2))?;
    let after = changed(attribute, &id, &call.json()?, kind)?;
    change(store, &table, attribute, |choices| {
        if let Some(choice) = choices.iter_mut().find(|choice| choice.id == id) {
            choice.clone_from(&after);
        }
    });
    Ok(json!({"data": option::read(store.workspace(), &table, attribute, &after)}))
}

fn changed(
    attribute: &Attribute,
    id: &str,
    body: &Value,
    kind: AttributeType,
) -> Result<AttributeOption, Problem> {
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

fn of_kind<'t>(table: &'t Table, call: &Call, kind: AttributeType) -> Result<&'t Attribute, Problem> {
    let attribute = table.attribute(call.param(1)).ok_or_else(|| Problem::attribute(call.param(1)))?;
    if attribute.kind != kind {
        let what = if kind == AttributeType::Status { "status" } else { "select" };
        return Err(Problem::invalid(
            "validation_type",
            format!("This attribute is not a {what} attribute."),
        ));
    }
    Ok(attribute)
}
