//! Saved views of objects and lists. Attio shows their titles; `records query` and `entries query`
//! can use the filter of one.

use super::groups::ListPath;
use super::{Endpoint, Op, Resource};
use crate::client::request::{Answer, Method, Operation, Paging};
use crate::text;
use serde::Serialize;

const COLUMNS: &[&str] = &["title", "created_at", "view_id"];
const PAGING: Paging = Paging::Cursor { max: 1000 };

/// List the views of an object
#[derive(Debug, clap::Args, Serialize)]
pub struct OfObject {
    /// Slug or ID of the object
    #[arg(value_parser = text::slug)]
    pub object: String,
    /// Archived ones, too
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub show_archived: bool,
}

impl Endpoint for OfObject {
    const OPERATION: Operation = Operation {
        answer: Answer::Rows(PAGING),
        scopes: &["object_configuration:read"],
        columns: COLUMNS,
        ..Operation::new("views of-object", Method::Get, "/v2/objects/{object}/views")
    };
}

/// List the views of a list
#[derive(Debug, clap::Args, Serialize)]
pub struct OfList {
    #[command(flatten)]
    #[serde(flatten)]
    pub list: ListPath,
    /// Archived ones, too
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub show_archived: bool,
}

impl Endpoint for OfList {
    const OPERATION: Operation = Operation {
        answer: Answer::Rows(PAGING),
        scopes: &["list_configuration:read"],
        columns: COLUMNS,
        ..Operation::new("views of-list", Method::Get, "/v2/lists/{list}/views")
    };
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "views",
    about: "Saved views of objects and lists",
    ops: &[Op::of::<OfObject>("of-object"), Op::of::<OfList>("of-list")],
};
