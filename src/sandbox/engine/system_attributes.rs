//! The attributes that every object and every list has, and the order in which attributes stand: the identifier, those
//! that Attio gives an object, time and author of the row, and those of the workspace's own.

use crate::sandbox::store::schema::{Attribute, AttributeType, DefaultValue, named_id};

/// The attributes of a list, given its own.
pub(crate) fn of_list(table: &str, parent: &str, created_at: &str, own: Vec<Attribute>) -> Vec<Attribute> {
    let id = identifier(table, "entry_id", "Entry ID", created_at);
    let mut record =
        implicit(table, "parent_record", "Parent record", AttributeType::RecordReference, created_at);
    record.targets = vec![parent.into()];
    record.hidden = true;
    [id, record].into_iter().chain(of_row(table, created_at)).chain(own).collect()
}

/// The attributes of an object, given those that Attio or the workspace added.
pub(crate) fn of_object(table: &str, created_at: &str, added: Vec<Attribute>) -> Vec<Attribute> {
    let id = identifier(table, "record_id", "Record ID", created_at);
    let (standard, own): (Vec<_>, Vec<_>) = added.into_iter().partition(|attribute| attribute.system);
    [id].into_iter().chain(standard).chain(of_row(table, created_at)).chain(own).collect()
}

fn identifier(table: &str, slug: &str, title: &str, created_at: &str) -> Attribute {
    Attribute { unique: true, ..implicit(table, slug, title, AttributeType::Text, created_at) }
}

fn of_row(table: &str, created_at: &str) -> [Attribute; 2] {
    let mut time = implicit(table, "created_at", "Created at", AttributeType::Timestamp, created_at);
    time.default = Some(DefaultValue::Dynamic("PT0S".into()));
    let mut by = implicit(table, "created_by", "Created by", AttributeType::ActorReference, created_at);
    by.default = Some(DefaultValue::Dynamic("current-user".into()));
    [time, by]
}

fn implicit(table: &str, slug: &str, title: &str, kind: AttributeType, created_at: &str) -> Attribute {
    Attribute {
        id: named_id(&format!("{table}/{slug}")),
        slug: slug.into(),
        title: title.into(),
        kind,
        read_only: true,
        system: true,
        created_at: created_at.into(),
        ..Attribute::default()
    }
}
