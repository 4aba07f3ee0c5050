//! References to records and to workspace members. What they name must exist already.

use serde_json::{Map, Value};

use super::parse::{self, bad, exact};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::store::state::{Actor, Attribute, Kind, Link, Member, Row, State, Table};

/// `{target_object, target_record_id}`, `{target_object, <matching attribute>: […]}`, or a bare string when exactly
/// one standard object is allowed.
pub(crate) fn record(state: &State, attribute: &Attribute, value: &Value) -> Result<Link, Problem> {
    match value {
        Value::Object(map) => from_object(state, attribute, map),
        Value::String(text) => {
            let [target] = attribute.targets.as_slice() else {
                return Err(bad(attribute, &[], "Expected object, received string"));
            };
            let by = match target.as_str() {
                "companies" => "domains",
                "people" => "email_addresses",
                _ => return Err(bad(attribute, &[], "Expected object, received string")),
            };
            let table = target_table(state, attribute, target)?;
            matching(state, table, by, &Value::Array(vec![text.as_str().into()]))
        }
        _ => Err(bad(attribute, &[], "Invalid input")),
    }
}

/// The record a task or note names, by the same forms.
pub(crate) fn from_object(
    state: &State,
    attribute: &Attribute,
    map: &Map<String, Value>,
) -> Result<Link, Problem> {
    let target = map.get("target_object").and_then(Value::as_str);
    let target = target.ok_or_else(|| bad(attribute, &["target_object"], "Required"))?;
    let table = target_table(state, attribute, target)?;
    let mut others = map.iter().filter(|(key, _)| *key != "target_object");
    match (others.next(), others.next()) {
        (Some((key, id)), None) if key == "target_record_id" => {
            let id = id.as_str().unwrap_or_default().to_lowercase();
            let link = Link { object: table.slug.clone(), record: id };
            match state.follow(&link) {
                Some(_) => Ok(link),
                None => {
                    Err(Problem::value_not_found(format!("Record with ID \"{}\" not found.", link.record)))
                }
            }
        }
        (Some((key, value)), None) => matching(state, table, key, value),
        _ => Err(bad(attribute, &["target_record_id"], "Required")),
    }
}

fn target_table<'s>(state: &'s State, attribute: &Attribute, name: &str) -> Result<&'s Table, Problem> {
    let missing = || Problem::value_not_found(format!("Object with slug/ID \"{name}\" not found."));
    let (_, table) = state.object(name).ok_or_else(missing)?;
    if attribute.targets.is_empty() || attribute.targets.contains(&table.slug) {
        Ok(table)
    } else {
        Err(bad(attribute, &["target_object"], "This object is not allowed for this attribute"))
    }
}

/// The record that holds one of the given values in a unique attribute.
fn matching(state: &State, table: &Table, name: &str, value: &Value) -> Result<Link, Problem> {
    let unknown = || Problem::value_not_found(format!("Cannot find attribute with slug/ID \"{name}\"."));
    let by = table.attribute(name).ok_or_else(unknown)?;
    let wanted = parse::values(state, by, value)?;
    let holds = |row: &&Row| {
        let held = row.values.get(&by.slug);
        held.is_some_and(|held| held.iter().any(|held| wanted.iter().any(|w| parse::same(w, &held.content))))
    };
    table.rows.iter().find(|(_, row)| holds(row)).map_or_else(
        || {
            Err(Problem::value_not_found(format!(
                "No record of \"{}\" was found with {name} {value}.",
                table.slug
            )))
        },
        |(id, _)| Ok(Link { object: table.slug.clone(), record: id.clone() }),
    )
}

/// A workspace member: email address, `{workspace_member_email_address}` or type and identifier.
pub(crate) fn actor(state: &State, attribute: &Attribute, value: &Value) -> Result<Actor, Problem> {
    let name = match value {
        Value::String(text) => text,
        Value::Object(map) => member_name(attribute, map)?,
        _ => return Err(bad(attribute, &[], "Invalid input")),
    };
    member(state, name).map(|member| Actor { kind: "workspace-member".into(), id: Some(member.id.clone()) })
}

/// The member an assignee of a task names.
pub(crate) fn assignee<'s>(state: &'s State, map: &Map<String, Value>) -> Result<&'s Member, Problem> {
    let attribute =
        Attribute { slug: "assignees".into(), kind: Kind::ActorReference, ..Attribute::default() };
    member(state, member_name(&attribute, map)?)
}

fn member_name<'v>(attribute: &Attribute, map: &'v Map<String, Value>) -> Result<&'v str, Problem> {
    let key = if map.contains_key("workspace_member_email_address") {
        exact(attribute, map, &["workspace_member_email_address"])?;
        "workspace_member_email_address"
    } else {
        exact(attribute, map, &["referenced_actor_type", "referenced_actor_id"])?;
        if map.get("referenced_actor_type").and_then(Value::as_str) != Some("workspace-member") {
            return Err(bad(
                attribute,
                &["referenced_actor_type"],
                "Invalid literal value, expected \"workspace-member\"",
            ));
        }
        "referenced_actor_id"
    };
    map.get(key).and_then(Value::as_str).ok_or_else(|| bad(attribute, &[key], "Required"))
}

fn member<'s>(state: &'s State, name: &str) -> Result<&'s Member, Problem> {
    state.member(name).ok_or_else(|| {
        let how = if name.contains('@') { "email address" } else { "ID" };
        Problem::value_not_found(format!("Workspace member with {how} \"{name}\" not found."))
    })
}
