//! Emails. No mailbox is connected to the sandbox, and Attio opens this operation to workspaces on request only.

use serde_json::Value;

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::request::cursor;
use crate::sandbox::store::database::Store;

/// What a listing needs at least one of.
const SCOPES: [&str; 3] = ["linked_record_ids", "participants", "domain"];

pub(crate) fn list(_: &Store, call: &Call) -> Result<Value, Problem> {
    cursor::page(call, 25, 50)?;
    if SCOPES.iter().all(|name| call.query(name).is_none()) {
        return Err(Problem::query("participants", "Expected linked_record_ids, participants or domain"));
    }
    Err(Problem::plan("the emails of connected mailboxes"))
}
