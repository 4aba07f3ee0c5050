//! Workspace members: the people who use the workspace.

use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Paging, Reference, To};
use crate::identity::person;
use serde::{Deserialize, Serialize};

const COLUMNS: &[&str] = &["first_name", "last_name", "email_address", "workspace_member_id"];

/// List the workspace's members, suspended ones included
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct List {}

impl Endpoint for List {
    const OPERATION: Operation = Operation::get("members list", "/v2/workspace_members")
        .scopes(&["user_management:read"])
        .columns(COLUMNS)
        .rows(Paging::Whole);
}

/// Show a member
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// The member, by address or ID
    #[arg(value_name = "MEMBER")]
    pub workspace_member_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation = Operation::get("members get", "/v2/workspace_members/{workspace_member_id}")
        .scopes(&["user_management:read"])
        .columns(COLUMNS)
        .references(&[Reference { field: "workspace_member_id", to: To::Member }]);
}

/// A member, as far as this program looks.
#[derive(Debug, Deserialize, Serialize)]
pub struct Member {
    /// IDs.
    pub id: MemberId,
    /// Login address.
    pub email_address: String,
    /// First name; a member who never signed in may have none.
    #[serde(default)]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default)]
    pub last_name: Option<String>,
}

impl Member {
    /// What they are called: their name, or else their address.
    pub fn name(&self) -> String {
        let half = |half: &Option<String>| half.clone().unwrap_or_default();
        let whole = person::whole(half(&self.first_name).trim(), half(&self.last_name).trim());
        if whole.is_empty() { self.email_address.clone() } else { whole }
    }
}

/// A member's ID.
#[derive(Debug, Deserialize, Serialize)]
pub struct MemberId {
    /// UUID.
    pub workspace_member_id: String,
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "members",
    about: "The people who use the workspace",
    ops: &[Op::of::<List>("list", "members list"), Op::of::<Get>("get", "members get ada@example.com")],
};
