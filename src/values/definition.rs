//! What an attribute may hold, as far as this program looks.

use serde::{Deserialize, Serialize};

/// An attribute of an object or a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// API slug.
    pub slug: String,
    /// UUID.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Attio's name of the type, an open set; see [`Definition::kind`].
    pub r#type: String,
    /// No record is without a value.
    pub required: bool,
    /// No two records share a value.
    pub unique: bool,
    /// It may have several values.
    pub multi: bool,
    /// Values can be written.
    pub writable: bool,
    /// It was put away; values can be neither written nor filtered.
    pub archived: bool,
    /// Code of a currency attribute.
    pub currency: Option<String>,
    /// UUIDs of the objects a reference may point to; none for any object.
    pub object_ids: Vec<String>,
    /// Slugs of these objects, once they are known.
    pub objects: Option<Vec<String>>,
    /// Options of a select or statuses of a status attribute, once they are known.
    pub choices: Option<Vec<Choice>>,
}

/// An option or a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// UUID.
    pub id: String,
    /// What people call it, unique within the attribute.
    pub title: String,
    /// It was put away; it cannot be chosen any more.
    pub archived: bool,
}

/// The types of attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `text`
    Text,
    /// `number`
    Number,
    /// `checkbox`
    Checkbox,
    /// `currency`
    Currency,
    /// `date`
    Date,
    /// `timestamp`
    Timestamp,
    /// `rating`
    Rating,
    /// `status`
    Status,
    /// `select`
    Select,
    /// `record-reference`
    Record,
    /// `actor-reference`
    Actor,
    /// `location`
    Location,
    /// `domain`
    Domain,
    /// `email-address`
    Email,
    /// `phone-number`
    Phone,
    /// `interaction`
    Interaction,
    /// `personal-name`
    Name,
    /// A type this program does not know.
    Other,
}

impl Definition {
    /// The type.
    pub fn kind(&self) -> Kind {
        Kind::of(&self.r#type)
    }

    /// Whether this is its slug or UUID.
    pub fn is(&self, name: &str) -> bool {
        self.slug == name || self.id == name
    }

    /// Titles of the options or statuses that can be chosen.
    pub fn titles(&self) -> Vec<&str> {
        let choices = self.choices.iter().flatten();
        choices.filter(|choice| !choice.archived).map(|choice| choice.title.as_str()).collect()
    }
}

impl Kind {
    /// The type with Attio's name for it.
    pub fn of(name: &str) -> Self {
        match name {
            "text" => Self::Text,
            "number" => Self::Number,
            "checkbox" => Self::Checkbox,
            "currency" => Self::Currency,
            "date" => Self::Date,
            "timestamp" => Self::Timestamp,
            "rating" => Self::Rating,
            "status" => Self::Status,
            "select" => Self::Select,
            "record-reference" => Self::Record,
            "actor-reference" => Self::Actor,
            "location" => Self::Location,
            "domain" => Self::Domain,
            "email-address" => Self::Email,
            "phone-number" => Self::Phone,
            "interaction" => Self::Interaction,
            "personal-name" => Self::Name,
            _ => Self::Other,
        }
    }

    /// Whether attributes of this type can be multiselect, so that their values are always shown as arrays.
    pub fn can_be_many(self) -> bool {
        matches!(self, Self::Select | Self::Record | Self::Actor | Self::Email | Self::Phone | Self::Domain)
    }
}
