//! Workspace members: who is named, and what they are called.

use super::{Resolver, kept};
use crate::api::members::{List, Member};
use crate::api::workspace::{Current, Identity};
use crate::api::{self, Endpoint as _};
use crate::error::{Error, Kind};
use crate::identity::{self, name};
use crate::values::nearest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;
use std::rc::Rc;

/// The member who made the key, as a name.
const ME: &str = "me";

/// The ID of the member that `named` names: by address or ID, by their whole name or a first name that
/// nobody else has, in any case, or as `me`.
///
/// # Errors
/// A usage error with the nearest addresses when there is none, with all candidates when there are
/// several; those of the call.
pub async fn id(resolver: &Resolver, named: &str) -> Result<String, Error> {
    if named.eq_ignore_ascii_case(ME) {
        return me(resolver).await;
    }
    let is_exact = |member: &Member| {
        member.email_address.eq_ignore_ascii_case(named)
            || member.id.workspace_member_id.eq_ignore_ascii_case(named)
    };
    if let Some(member) = all(resolver).await?.iter().find(|member| is_exact(member)) {
        return Ok(member.id.workspace_member_id.clone());
    }
    // Somebody of the same name may have come since: only who is there now tells whether a name is one's alone.
    let all = fresh(resolver).await?;
    let ways: [&dyn Fn(&Member) -> bool; 3] =
        [&is_exact, &|member| name::same(&member.name(), named), &|member| {
            member.first_name.as_deref().is_some_and(|first| name::same(first, named))
        }];
    let fitting = ways.iter().map(|is| all.iter().filter(|member| is(member)).collect::<Vec<_>>());
    match fitting.into_iter().find(|fitting| !fitting.is_empty()).as_deref() {
        Some([only]) => Ok(only.id.workspace_member_id.clone()),
        Some(several) => Err(Error::usage(format!("{named:?} fits several members"))
            .items(several.iter().map(|member| line(member)).collect())
            .hint("name one by the address")
            .fact(
                "candidates",
                several.iter().map(|member| member.email_address.as_str()).collect::<Vec<_>>(),
            )),
        None => {
            let known: Vec<&str> = all.iter().map(|member| member.email_address.as_str()).collect();
            Err(Error::usage(format!("no workspace member is called {named:?}"))
                .items(all.iter().map(line).collect())
                .hint("give an address, a name, or me")
                .fact("suggestions", nearest(named, known.iter().copied()))
                .fact("allowed", known))
        }
    }
}

fn line(member: &Member) -> String {
    format!("{}  {}", member.name(), member.email_address)
}

async fn me(resolver: &Resolver) -> Result<String, Error> {
    key_maker(resolver).await?.ok_or_else(|| {
        Error::usage("Attio does not tell who made this key, so nobody is \"me\"").hint("give the address")
    })
}

/// The ID of the member who made the key, if Attio tells.
///
/// # Errors
/// Those of the call.
pub async fn key_maker(resolver: &Resolver) -> Result<Option<String>, Error> {
    let reply = resolver.client.call(&Current {}.request()?).await?;
    let key: Identity = api::parse(&reply.body)?;
    Ok(key.authorized_by_workspace_member_id)
}

/// IDs and names of all members; none where they cannot be read. Those whose IDs are `wanted` are among them if
/// Attio knows them.
pub async fn names(resolver: &Resolver, wanted: &[String]) -> Vec<(String, String)> {
    let is_known =
        |all: &[Member], id: &String| all.iter().any(|member| member.id.workspace_member_id == *id);
    let all = match all(resolver).await {
        Ok(all) if wanted.iter().all(|id| is_known(&all, id)) => all,
        Ok(known) => fresh(resolver).await.unwrap_or(known),
        Err(_) => return Vec::new(),
    };
    all.iter().map(|member| (member.id.workspace_member_id.clone(), member.name())).collect()
}

/// The members, as they were at some time of the last hour.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Known {
    fetched_at: Timestamp,
    members: Rc<Vec<Member>>,
}

/// Where they are kept.
const FILE: &str = "members";

/// Addresses and names of the members that are kept in the `cache`, however old.
pub fn remembered(cache: &Path) -> Vec<(String, String)> {
    let kept = kept::read::<Known>(&kept::file_in(cache, FILE));
    let members = kept.map(|known| known.members).unwrap_or_default();
    members.iter().map(|member| (member.email_address.clone(), member.name())).collect()
}

/// The members of the workspace, as they are known.
async fn all(resolver: &Resolver) -> Result<Rc<Vec<Member>>, Error> {
    if let Some(known) = &*resolver.members.borrow() {
        return Ok(Rc::clone(&known.members));
    }
    let kept = kept::file(resolver, FILE).and_then(|file| kept::read::<Known>(&file));
    match kept.filter(|known| kept::is_young(resolver, known.fetched_at)) {
        Some(known) => {
            let members = Rc::clone(&known.members);
            *resolver.members.borrow_mut() = Some(known);
            Ok(members)
        }
        None => fresh(resolver).await,
    }
}

/// The members of the workspace, asked for in this run.
async fn fresh(resolver: &Resolver) -> Result<Rc<Vec<Member>>, Error> {
    if let Some(known) = resolver.members.borrow().as_ref().filter(|known| known.fetched_at >= resolver.begun)
    {
        return Ok(Rc::clone(&known.members));
    }
    let members: Rc<Vec<Member>> = Rc::new(resolver.client.call(&List {}.request()?).await?.data()?);
    let known = Known { fetched_at: Timestamp::now(), members: Rc::clone(&members) };
    if let Some(file) = kept::file(resolver, FILE) {
        kept::write(&file, &known);
    }
    *resolver.members.borrow_mut() = Some(known);
    Ok(members)
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
