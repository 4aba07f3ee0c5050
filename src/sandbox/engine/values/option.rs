//! Select options and statuses as Attio shows them.

use serde_json::{Value, json};

use crate::sandbox::store::schema::{Attribute, AttributeOption, AttributeType, Table, Workspace, named_id};

/// Titles are unique within an attribute, so they make the identifier.
pub(crate) fn option_id(attribute: &Attribute, title: &str) -> String {
    named_id(&format!("{}/{title}", attribute.id))
}

/// An option as Attio shows it, alone and inside values.
pub(crate) fn read(
    workspace: &Workspace,
    table: &Table,
    attribute: &Attribute,
    option: &AttributeOption,
) -> Value {
    let id = |key: &str| {
        json!({
            "workspace_id": workspace.id,
            "object_id": table.id,
            "attribute_id": attribute.id,
            key: option.id,
        })
    };
    if attribute.kind == AttributeType::Status {
        json!({
            "id": id("status_id"),
            "title": option.title,
            "is_archived": option.archived,
            "celebration_enabled": option.celebrate,
            "target_time_in_status": option.target_time,
        })
    } else {
        json!({"id": id("option_id"), "title": option.title, "is_archived": option.archived})
    }
}
