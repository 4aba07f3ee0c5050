//! The fields of an operation that name records and members, as its row declares them.

use super::reference::{self, RecordRef};
use super::{Resolver, members};
use crate::client::request::{Reference, To};
use crate::error::Error;
use crate::text;
use serde_json::{Map, Value, json};

/// Puts what a field names in the place of the name, or of each name.
///
/// # Errors
/// Usage, not found and conflict by what is named; those of the look-ups.
pub async fn resolve(
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
    fields: &Map<String, Value>,
    to: To,
    named: Value,
) -> Result<Value, Error> {
    Ok(match (to, named) {
        (To::RecordIn(field), Value::String(name)) => {
            let object = fields.get(field).and_then(Value::as_str).unwrap_or_default();
            reference::record_id(resolver, object, &name).await?.into()
        }
        (To::Record, Value::String(name)) => record(resolver, &name).await?,
        (To::Member, Value::String(name)) => member(resolver, &name).await?.into(),
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

/// Any record: by URL, email or domain, or as `OBJECT:REF`; a bare UUID is a company.
async fn record(resolver: &Resolver, name: &str) -> Result<Value, Error> {
    let (object, rest) = match name.split_once(':') {
        Some((object, rest)) if object != "name" && !rest.starts_with("//") && text::slug(object).is_ok() => {
            (Some(object), rest)
        }
        _ => (None, name),
    };
    let RecordRef { object, record_id } = reference::record(resolver, object, "companies", rest).await?;
    Ok(json!({"object": object, "record_id": record_id}))
}
