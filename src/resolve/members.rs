//! Workspace members, named by their email address or ID.

use super::Resolver;
use crate::api::Endpoint as _;
use crate::api::members::{List, Member};
use crate::error::{Error, Kind};
use crate::identity;
use crate::values::nearest;
use serde_json::{Value, json};

/// The ID of the member that `named` names.
///
/// # Errors
/// A usage error with the nearest addresses when there is none; those of the call.
pub async fn id(resolver: &Resolver, named: &str) -> Result<String, Error> {
    let all = all(resolver).await?;
    let is = |member: &&Member| {
        member.email_address.eq_ignore_ascii_case(named)
            || member.id.workspace_member_id.eq_ignore_ascii_case(named)
    };
    if let Some(member) = all.iter().find(is) {
        return Ok(member.id.workspace_member_id.clone());
    }
    let known: Vec<&str> = all.iter().map(|member| member.email_address.as_str()).collect();
    Err(Error::usage(format!("no workspace member has the address {named:?}"))
        .hint(format!("members: {}", known.join(", ")))
        .fact("suggestions", nearest(named, known.iter().copied()))
        .fact("allowed", known))
}

/// The members of the workspace, asked for once in a run.
async fn all(resolver: &Resolver) -> Result<&[Member], Error> {
    let read = async || resolver.client.call(&List {}.request()?).await?.data();
    resolver.members.get_or_try_init(read).await.map(Vec::as_slice)
}

/// The value of an attribute that refers to the member.
///
/// # Errors
/// As [`id`]; but a key that may not list the members leaves it to Attio to find the address.
pub async fn value(resolver: &Resolver, named: &str) -> Result<Value, Error> {
    match id(resolver, named).await {
        Ok(id) => Ok(reference(&id)),
        Err(error) if lacks_scope(&error) && identity::email(named).is_ok() => {
            Ok(json!({"workspace_member_email_address": named}))
        }
        Err(error) => Err(error),
    }
}

/// A reference to the member with this ID.
pub fn reference(id: &str) -> Value {
    json!({"referenced_actor_type": "workspace-member", "referenced_actor_id": id})
}

fn lacks_scope(error: &Error) -> bool {
    error.kind() == Kind::Auth && error.attio().is_some_and(|reason| reason.status == 403)
}
