//! The fields of an operation that name records and members, as its row declares them.

use super::reference::{self, RecordRef};
use super::{Resolver, lists, members};
use crate::api::tasks;
use crate::client::operation::{Reference, To};
use crate::error::Error;
use crate::identity;
use crate::text;
use serde_json::{Map, Value, json};

/// Puts what the fields of an operation name in the place of the names: the list, then whatever the row
/// declares.
///
/// # Errors
/// Usage, not found and conflict by what is named; those of the look-ups.
pub async fn resolve(
    resolver: &Resolver,
    fields: &mut Map<String, Value>,
    references: &[Reference],
) -> Result<(), Error> {
    if let Some(Value::String(named)) = fields.get("list") {
        let list = lists::list(resolver, named).await?;
        fields.insert("list".to_owned(), list.into());
    }
    for reference in references {
        resolve_one(resolver, fields, reference).await?;
    }
    Ok(())
}

async fn resolve_one(
    resolver: &Resolver,
    fields: &mut Map<String, Value>,
    reference: &Reference,
) -> Result<(), Error> {
    let Some(named) = fields.get(reference.field).cloned() else { return Ok(()) };
    let found = match named {
        Value::Array(names) => {
            let mut all = Vec::with_capacity(names.len());
            for name in names {
                all.push(look_up(resolver, fields, reference.to, name).await?);
            }
            all.into()
        }
        one => look_up(resolver, fields, reference.to, one).await?,
    };
    fields.insert(reference.field.to_owned(), found);
    Ok(())
}

/// What a text names, or the member of a grant; what is neither names nothing.
async fn look_up(
    resolver: &Resolver,
    fields: &mut Map<String, Value>,
    to: To,
    named: Value,
) -> Result<Value, Error> {
    Ok(match (to, named) {
        (To::RecordIn(field), Value::String(name)) => {
            let object = fields.get(field).and_then(Value::as_str).map(str::to_owned);
            let RecordRef { object, record_id } = any_record(resolver, object.as_deref(), &name).await?;
            fields.insert(field.to_owned(), object.into());
            record_id.into()
        }
        (To::Record, Value::String(name)) => record(resolver, &name).await?,
        (To::Member, Value::String(name)) => member(resolver, &name).await?.into(),
        (To::Assignees, Value::String(name)) if name == tasks::NOBODY || identity::email(&name).is_ok() => {
            name.into()
        }
        (To::Assignees, Value::String(name)) => member(resolver, &name).await?.into(),
        (To::Member, Value::Object(mut grant)) => {
            if let Some(Value::String(name)) = grant.get("workspace_member_id") {
                let id = member(resolver, name).await?;
                grant.insert("workspace_member_id".to_owned(), id.into());
            }
            grant.into()
        }
        (_, other) => other,
    })
}

/// The ID of the member of that address or ID.
async fn member(resolver: &Resolver, name: &str) -> Result<String, Error> {
    match text::uuid(name) {
        Ok(id) => Ok(id),
        Err(_) => members::id(resolver, name).await,
    }
}

/// Any record, as Attio takes it in the bodies of tasks, comments and meetings.
async fn record(resolver: &Resolver, name: &str) -> Result<Value, Error> {
    let RecordRef { object, record_id } = any_record(resolver, None, name).await?;
    Ok(json!({"object": object, "record_id": record_id}))
}

/// The record of `object`, or of whatever object the name tells: a URL, an email, a domain, a UUID, or
/// any of these after `OBJECT:`.
async fn any_record(resolver: &Resolver, object: Option<&str>, name: &str) -> Result<RecordRef, Error> {
    match name.split_once(':') {
        Some((object, rest)) if object != "name" && !rest.starts_with("//") && text::slug(object).is_ok() => {
            reference::record(resolver, Some(object), rest).await
        }
        _ => reference::record(resolver, object, name).await,
    }
}
