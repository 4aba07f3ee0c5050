//! Saved views of objects and lists. Attio shows their titles; `records query` and `entries query`
//! can use the filter of one.

use super::groups::ListPath;
use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Paging};
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
    const OPERATION: Operation = Operation::get("views of-object", "/v2/objects/{object}/views")
        .scopes(&["object_configuration:read"])
        .columns(COLUMNS)
        .rows(PAGING);
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
    const OPERATION: Operation = Operation::get("views of-list", "/v2/lists/{list}/views")
        .scopes(&["list_configuration:read"])
        .columns(COLUMNS)
        .rows(PAGING);
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "views",
    about: "Saved views of objects and lists",
    ops: &[
        Op::of::<OfObject>("of-object", "views of-object companies"),
        Op::of::<OfList>("of-list", "views of-list sales_pipeline"),
    ],
};
