//! Lists: records of one object, each with values of the list's own. Their rows are `entries`.

use super::groups::ListPath;
use super::{Endpoint, Op, Resource, slug_from};
use crate::client::operation::{Operation, Paging, Reference, To};
use crate::error::Error;
use crate::input::Line;
use crate::text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

const COLUMNS: &[&str] = &["api_slug", "name", "parent_object", "workspace_access", "list_id"];
const READ: &[&str] = &["list_configuration:read"];
const WRITE: &[&str] = &["list_configuration:read-write"];

/// Members by address in the grants.
const MEMBERS: &[Reference] = &[Reference { field: "workspace_member_access", to: To::Member }];

/// What everybody in the workspace may do with a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Everything
    FullAccess,
    /// Change its entries
    ReadAndWrite,
    /// Look at it
    ReadOnly,
    /// Nothing: it belongs to those it is granted to
    Private,
}

/// What a member may do with a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Everything
    FullAccess,
    /// Change its entries
    ReadAndWrite,
    /// Look at it
    ReadOnly,
}

/// What one member may do with a list.
#[derive(Clone, Debug, Serialize)]
pub struct Grant {
    /// ID or address.
    pub workspace_member_id: String,
    /// How much.
    pub level: Level,
}

/// List the lists that the key may see
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct List {}

impl Endpoint for List {
    const OPERATION: Operation =
        Operation::get("lists list", "/v2/lists").scopes(READ).columns(COLUMNS).rows(Paging::Whole);
}

/// Create a list
///
/// It cannot be deleted through the API. Somebody needs full access to it.
#[derive(Debug, clap::Args, Serialize)]
pub struct Create {
    /// What people call it
    #[arg(long, required_unless_present = "data")]
    pub name: Option<Line>,
    /// Name in calls, in snake case [default: made from the name]
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    pub api_slug: Option<String>,
    /// Object of the records it holds
    #[arg(long, value_name = "OBJECT", value_parser = text::slug, required_unless_present = "data")]
    pub parent_object: Option<String>,
    /// What everybody may do with it
    #[arg(long, value_name = "LEVEL", value_enum, required_unless_present = "data")]
    pub workspace_access: Option<Access>,
    #[command(flatten)]
    #[serde(flatten)]
    pub grants: Grants,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("lists create", "/v2/lists")
        .scopes(WRITE)
        .columns(COLUMNS)
        .references(MEMBERS)
        .wire(complete);
}

/// Show a list
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    #[command(flatten)]
    #[serde(flatten)]
    pub list: ListPath,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("lists get", "/v2/lists/{list}").scopes(READ).columns(COLUMNS);
}

/// Rename a list or change who may do what with it
#[derive(Debug, clap::Args, Serialize)]
pub struct Update {
    #[command(flatten)]
    #[serde(flatten)]
    pub list: ListPath,
    /// What people call it
    #[arg(long)]
    pub name: Option<Line>,
    /// Name in calls, in snake case
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    pub api_slug: Option<String>,
    /// What everybody may do with it
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub workspace_access: Option<Access>,
    #[command(flatten)]
    #[serde(flatten)]
    pub grants: Grants,
}

impl Endpoint for Update {
    const OPERATION: Operation = Operation::patch("lists update", "/v2/lists/{list}")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("lists list")
        .renames()
        .references(MEMBERS)
        .wire(private);
}

// What members may do. No doc comment: it would become the help of each command that has it.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Grants {
    /// What one member may do with it: MEMBER=LEVEL, by address, name or ID (repeatable); an update replaces all grants
    #[arg(long, value_name = "MEMBER=LEVEL", value_parser = grant)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workspace_member_access: Vec<Grant>,
}

fn grant(given: &str) -> Result<Grant, String> {
    let (member, level) = given.rsplit_once('=').ok_or("not MEMBER=LEVEL")?;
    let member = text::member(member);
    let level = <Level as clap::ValueEnum>::from_str(level, true);
    Ok(Grant {
        workspace_member_id: member?,
        level: level.map_err(|_| "not full-access, read-and-write or read-only after '='")?,
    })
}

/// To Attio, a private list is one with no access for the workspace.
fn private(mut fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    if let Some(access) = fields.get_mut("workspace_access").filter(|access| **access == "private") {
        *access = Value::Null;
    }
    Ok(fields)
}

fn complete(fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let mut fields = private(fields)?;
    slug_from(&mut fields, "api_slug", "name")?;
    fields.entry("workspace_member_access").or_insert(json!([]));
    Ok(fields)
}

/// As much of a list as names it.
#[derive(Debug, Deserialize)]
pub struct Named {
    /// Title.
    pub name: String,
    /// API slug.
    pub api_slug: String,
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "lists",
    about: "Lists of records",
    ops: &[
        Op::of::<List>("list", "lists list"),
        Op::of::<Create>(
            "create",
            "lists create --name VIPs --parent-object companies --workspace-access full-access",
        ),
        Op::of::<Get>("get", "lists get sales_pipeline"),
        Op::of::<Update>("update", "lists update partners --name 'Channel partners'"),
    ],
};
