//! Records and list entries: the values they hold now and held before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// A record or a list entry.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Row {
    #[serde(default)]
    pub id: String,
    pub created_at: String,
    /// Who made it; `None`: the holder of the API key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// The record an entry stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Link>,
    /// Current values by attribute slug, in their order.
    #[serde(default)]
    pub values: BTreeMap<String, Vec<Held>>,
    /// Values that were replaced, oldest first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub past: BTreeMap<String, Vec<Held>>,
}

/// A value and the time it was held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Held {
    #[serde(rename = "v")]
    pub content: Content,
    /// `None`: since the row was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// `None`: the holder of the API key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
}

/// A value, normalised and without anything that can be derived from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Content {
    Text(String),
    /// number, rating and currency
    Number(Number),
    Checkbox(bool),
    /// `YYYY-MM-DD`
    Date(String),
    /// UTC with nine decimals
    Timestamp(String),
    /// identifier of an option or status
    Choice(String),
    Reference(Link),
    Actor(Actor),
    Location(Box<Location>),
    Domain(String),
    /// as it was written; the lower-case form is derived
    Email(String),
    Phone {
        original: String,
        number: String,
        country: String,
    },
    Name {
        first: String,
        last: String,
        full: String,
    },
    Interaction {
        kind: String,
        at: String,
        owner: Actor,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    pub object: String,
    pub record: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Actor {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Location {
    pub line_1: Option<String>,
    pub line_2: Option<String>,
    pub line_3: Option<String>,
    pub line_4: Option<String>,
    pub locality: Option<String>,
    pub region: Option<String>,
    pub postcode: Option<String>,
    pub country_code: Option<String>,
    pub latitude: Option<String>,
    pub longitude: Option<String>,
}

impl Link {
    /// The record that a JSON value names, if it is a link and nothing else.
    pub(crate) fn in_value(value: &Value) -> Option<&str> {
        let map = value.as_object().filter(|map| map.len() == 2)?;
        match (map.get("object")?, map.get("record")?) {
            (Value::String(_), Value::String(record)) => Some(record),
            _ => None,
        }
    }
}

impl Row {
    /// Replaces the values of an attribute. Values that stay keep their age, values that go are kept as history.
    pub(crate) fn set(&mut self, slug: &str, after: Vec<Content>, now: &str) {
        let mut before = self.values.remove(slug).unwrap_or_default();
        let mut current = Vec::with_capacity(after.len());
        for content in after {
            match before.iter().position(|held| held.content == content) {
                Some(index) => current.push(before.remove(index)),
                None => {
                    let from = (now != self.created_at).then(|| now.to_owned());
                    current.push(Held { content, from, until: None, by: None });
                }
            }
        }
        for mut held in before {
            held.until = Some(now.to_owned());
            self.past.entry(slug.to_owned()).or_default().push(held);
        }
        if !current.is_empty() {
            self.values.insert(slug.to_owned(), current);
        }
    }
}

impl Content {
    /// Whether two values count as one: email addresses differ in more than case, numbers in more than their spelling.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Email(a), Self::Email(b)) => a.eq_ignore_ascii_case(b),
            (Self::Phone { number: a, .. }, Self::Phone { number: b, .. }) => a == b,
            (a, b) => a == b,
        }
    }
}
