//! Attribute values: how they are shown. How they are written is in `parse` and, by family, in the files beside it.

pub(crate) mod contact;
pub(crate) mod option;
pub(crate) mod parse;
mod phone;
mod place;
pub(crate) mod reference;
mod refuse;
pub(crate) mod time;

use serde_json::{Map, Value, json};

use crate::sandbox::store::row::{Content, Held, Row};
use crate::sandbox::store::schema::{Attribute, AttributeType, Table, Workspace};

/// An attribute with its surroundings: what it takes to show a value.
#[derive(Clone, Copy)]
pub(crate) struct Column<'a> {
    pub workspace: &'a Workspace,
    pub table: &'a Table,
    pub attribute: &'a Attribute,
}

/// Every attribute of a row by slug, unset ones as empty arrays.
pub(crate) fn read_row(workspace: &Workspace, table: &Table, row: &Row) -> Value {
    let shown = table.attributes.iter().filter(|attribute| attribute.is_shown());
    let values = shown.map(|attribute| {
        let column = Column { workspace, table, attribute };
        let held = row.held(attribute, workspace);
        let values = held.iter().map(|held| column.envelope(row, held)).collect();
        (attribute.slug.clone(), Value::Array(values))
    });
    Value::Object(values.collect())
}

impl Column<'_> {
    /// A value with its envelope.
    pub(crate) fn envelope(&self, row: &Row, held: &Held) -> Value {
        let actor = held.by.clone().unwrap_or_else(|| self.workspace.token());
        let mut map = Map::new();
        map.insert("active_from".into(), held.from.as_ref().unwrap_or(&row.created_at).as_str().into());
        map.insert("active_until".into(), held.until.as_deref().into());
        map.insert("created_by_actor".into(), json!(actor));
        map.extend(self.fields(&held.content));
        map.insert("attribute_type".into(), json!(self.attribute.kind));
        Value::Object(map)
    }

    /// A value without an envelope: what it is, not who wrote it and when.
    pub(crate) fn bare(&self, content: &Content) -> Value {
        let mut map = self.fields(content);
        map.insert("attribute_type".into(), json!(self.attribute.kind));
        Value::Object(map)
    }

    /// The fields that a value of this type has on the wire.
    pub(crate) fn fields(&self, content: &Content) -> Map<String, Value> {
        let value = match content {
            Content::Text(text) | Content::Date(text) | Content::Timestamp(text) => json!({"value": text}),
            Content::Checkbox(value) => json!({"value": value}),
            Content::Number(number) => self.number(number),
            Content::Choice(id) => self.choice(id),
            Content::Reference(link) => {
                json!({"target_object": link.object, "target_record_id": link.record})
            }
            Content::Actor(actor) => {
                json!({"referenced_actor_type": actor.kind, "referenced_actor_id": actor.id})
            }
            Content::Location(location) => json!(location),
            Content::Domain(domain) => {
                json!({"domain": domain, "root_domain": contact::root_domain(domain)})
            }
            Content::Email(original) => contact::read_email(original),
            Content::Phone { original, number, country } => {
                json!({"original_phone_number": original, "country_code": country, "phone_number": number})
            }
            Content::Name { first, last, full } => {
                json!({"first_name": first, "last_name": last, "full_name": full})
            }
            Content::Interaction { kind, at, owner } => {
                json!({"interaction_type": kind, "interacted_at": at, "owner_actor": owner})
            }
        };
        match value {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    fn number(&self, number: &serde_json::Number) -> Value {
        match &self.attribute.currency {
            Some(currency) => json!({"currency_value": number, "currency_code": currency.code}),
            None => json!({"value": number}),
        }
    }

    fn choice(&self, id: &str) -> Value {
        let key = if self.attribute.kind == AttributeType::Status { "status" } else { "option" };
        let choice = self.attribute.choices.iter().find(|choice| choice.id == id);
        let choice = choice.map(|choice| option::read(self.workspace, self.table, self.attribute, choice));
        json!({key: choice})
    }
}
