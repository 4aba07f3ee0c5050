//! Workspace members, and who the key belongs to.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::schema::Member;

/// Everything the sandbox's key may do, in Attio's names.
const SCOPE: &str = "user_management:read-write record_permission:read-write object_configuration:read-write \
                     list_entry:read-write list_configuration:read-write note:read-write task:read-write \
                     comment:read-write meeting:read-write call_recording:read-write file:read-write \
                     webhook:read-write activity_configuration:read-write activity_record:read-write \
                     email:read-write sequence_unsubscribe:read-write";

pub(crate) fn me(store: &Store, _: &Call) -> Result<Value, Problem> {
    let created: Option<jiff::Timestamp> = store.workspace().created_at.parse().ok();
    Ok(json!({
        "active": true,
        "scope": SCOPE,
        "client_id": store.workspace().token_id,
        "token_type": "Bearer",
        "exp": null,
        "iat": created.map_or(0, jiff::Timestamp::as_second),
        "sub": store.workspace().id,
        "aud": store.workspace().token_id,
        "iss": "attio.com",
        "authorized_by_workspace_member_id": store.workspace().members.first().map(|member| &member.id),
        "workspace_id": store.workspace().id,
        "workspace_name": "Sandbox",
        "workspace_slug": "sandbox",
        "workspace_logo_url": null,
        "token_level": "workspace",
    }))
}

pub(crate) fn list(store: &Store, _: &Call) -> Result<Value, Problem> {
    let members: Vec<Value> = store.workspace().members.iter().map(|member| read(store, member)).collect();
    Ok(json!({ "data": members }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    let id = call.param(0);
    let member = store.workspace().members.iter().find(|member| member.id == id);
    let missing = || Problem::not_found(format!("Workspace member with ID \"{id}\" not found."));
    Ok(json!({"data": read(store, member.ok_or_else(missing)?)}))
}

fn read(store: &Store, member: &Member) -> Value {
    json!({
        "id": {"workspace_id": store.workspace().id, "workspace_member_id": member.id},
        "first_name": member.first_name,
        "last_name": member.last_name,
        "avatar_url": null,
        "email_address": member.email_address,
        "created_at": member.created_at,
        "access_level": member.access_level,
    })
}
