//! The attributes that every object and every list has.

use crate::sandbox::store::schema::{Attribute, AttributeType, DefaultValue, named_id};

/// The attributes that every list has.
pub(crate) fn of_list(table: &str, parent: &str, created_at: &str) -> Vec<Attribute> {
    let mut attributes = of_object(table, created_at);
    attributes.extend(entry_attributes(table, parent, created_at));
    attributes.retain(|attribute| attribute.slug != "record_id");
    attributes
}

/// The attributes that every object has.
pub(crate) fn of_object(table: &str, created_at: &str) -> Vec<Attribute> {
    let mut id = implicit(table, "record_id", "Record ID", AttributeType::Text, created_at);
    id.unique = true;
    let mut time = implicit(table, "created_at", "Created at", AttributeType::Timestamp, created_at);
    time.default = Some(DefaultValue::Dynamic("PT0S".into()));
    let mut by = implicit(table, "created_by", "Created by", AttributeType::ActorReference, created_at);
    by.default = Some(DefaultValue::Dynamic("current-user".into()));
    vec![id, time, by]
}

fn entry_attributes(table: &str, parent: &str, created_at: &str) -> [Attribute; 2] {
    let mut id = implicit(table, "entry_id", "Entry ID", AttributeType::Text, created_at);
    id.unique = true;
    let mut record =
        implicit(table, "parent_record", "Parent record", AttributeType::RecordReference, created_at);
    record.targets = vec![parent.into()];
    record.hidden = true;
    [id, record]
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
