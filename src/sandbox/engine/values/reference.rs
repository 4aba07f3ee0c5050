//! References to records and to workspace members. What they name must exist already.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::refuse::{bad, exact, texts, unexpected};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::{fault, find};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::{Actor, Link};
use crate::sandbox::store::schema::{Attribute, AttributeType, Member, Table};

/// A record as a reference names it.
pub(crate) enum Named {
    Record(Link),
    /// The one of an object that holds one of these values in an attribute.
    Holder(Arc<Table>, String, Value),
}

/// `{target_object, target_record_id}`, `{target_object, <matching attribute>: […]}`, or a bare string when exactly
/// one standard object is allowed.
pub(super) fn record(store: &Store, attribute: &Attribute, value: &Value) -> Result<Named, Problem> {
    match value {
        Value::Object(map) => from_object(store, attribute, map),
        Value::String(text) => {
            let [target] = attribute.targets.as_slice() else {
                return Err(bad(attribute, &[], "Expected object, received string"));
            };
            let by = match target.as_str() {
                "companies" => "domains",
                "people" => "email_addresses",
                _ => return Err(bad(attribute, &[], "Expected object, received string")),
            };
            let table = target_table(store, attribute, target)?;
            Ok(Named::Holder(table, by.to_owned(), Value::Array(vec![text.as_str().into()])))
        }
        _ => Err(bad(attribute, &[], "Invalid input")),
    }
}

/// The record a task or note names, by the same forms.
pub(crate) fn from_object(
    store: &Store,
    attribute: &Attribute,
    map: &Map<String, Value>,
) -> Result<Named, Problem> {
    let [target] = texts(attribute, map, ["target_object"])?;
    let table = target_table(store, attribute, target)?;
    let mut others = map.iter().filter(|(key, _)| *key != "target_object");
    match (others.next(), others.next()) {
        (Some((key, id)), None) if key == "target_record_id" => {
            let id = id.as_str().unwrap_or_default().to_lowercase();
            match store.has_row(&table, &id)? {
                true => Ok(Named::Record(Link { object: table.slug.clone(), record: id })),
                false => Err(Problem::value_not_found(format!("Record with ID \"{id}\" not found."))),
            }
        }
        (Some((key, value)), None) => Ok(Named::Holder(table, key.clone(), value.clone())),
        _ => Err(unexpected(attribute, &["target_record_id"], "string", None)),
    }
}

fn target_table(store: &Store, attribute: &Attribute, name: &str) -> Result<Arc<Table>, Problem> {
    let table = find::object_in_body(store, name)?;
    if attribute.targets.is_empty() || attribute.targets.contains(&table.slug) {
        Ok(table)
    } else {
        Err(bad(attribute, &["target_object"], "This object is not allowed for this attribute"))
    }
}

/// A workspace member: email address, `{workspace_member_email_address}` or type and identifier.
pub(crate) fn actor(store: &Store, attribute: &Attribute, value: &Value) -> Result<Actor, Problem> {
    let name = match value {
        Value::String(text) => text,
        Value::Object(map) => member_name(attribute, map)?,
        _ => return Err(bad(attribute, &[], "Invalid input")),
    };
    member(store, name).map(|member| Actor { kind: "workspace-member".into(), id: Some(member.id.clone()) })
}

/// The member an assignee of a task names.
pub(crate) fn assignee<'s>(store: &'s Store, map: &Map<String, Value>) -> Result<&'s Member, Problem> {
    let attribute =
        Attribute { slug: "assignees".into(), kind: AttributeType::ActorReference, ..Attribute::default() };
    member(store, member_name(&attribute, map)?)
}

fn member_name<'v>(attribute: &Attribute, map: &'v Map<String, Value>) -> Result<&'v str, Problem> {
    const EMAIL: &str = "workspace_member_email_address";
    const TYPE: &str = "referenced_actor_type";
    const ID: &str = "referenced_actor_id";
    if map.contains_key(EMAIL) {
        exact(attribute, map, &[EMAIL])?;
        return texts(attribute, map, [EMAIL]).map(|[email]| email);
    }
    exact(attribute, map, &[TYPE, ID])?;
    match texts(attribute, map, [TYPE, ID])? {
        ["workspace-member", id] => Ok(id),
        [other, _] => Err(Problem::value(
            &attribute.slug,
            vec![fault::no_option(&[TYPE], &["workspace-member"], other)],
        )),
    }
}

fn member<'s>(store: &'s Store, name: &str) -> Result<&'s Member, Problem> {
    store.workspace().member(name).ok_or_else(|| {
        let how = if name.contains('@') { "email address" } else { "ID" };
        Problem::value_not_found(format!("Workspace member with {how} \"{name}\" not found."))
    })
}
