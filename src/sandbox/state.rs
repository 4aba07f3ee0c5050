//! What a sandbox remembers: plain data, one JSON file.
//!
//! Objects and lists are both a [`Table`] (attributes and rows), so that values, filters and sorts are written once.
//! Only what cannot be derived is stored. How values look on the wire is the business of `values`, how the file is
//! kept that of `file`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use uuid::Uuid;

/// Version of the file format. A file of a later version is refused, never guessed at.
pub(super) const VERSION: u32 = 1;

/// All identifiers come from this namespace, so that a fresh sandbox has the same ones on every machine.
const NAMESPACE: Uuid = Uuid::from_u128(0x5a4d_b0c5_7e1f_4c6b_9a53_a7710c4d5eed);

/// A workspace: its schema, its records and everything attached to them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    pub(super) version: u32,
    /// How many identifiers were handed out.
    pub(super) made: u64,
    pub(super) workspace_id: String,
    pub(super) token_id: String,
    pub(super) created_at: String,
    pub(super) members: Vec<Member>,
    pub(super) objects: Vec<Table>,
    pub(super) lists: Vec<Table>,
    pub(super) notes: Vec<Note>,
    pub(super) tasks: Vec<Task>,
}

/// Where a table stands. Tables are never removed, so a place stays good for as long as the state lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Object(usize),
    List(usize),
}

/// An object (companies, people, …) or a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Table {
    pub id: String,
    pub slug: String,
    /// Singular noun of an object, name of a list.
    pub name: String,
    /// Plural noun of an object; lists have none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub plural: String,
    /// Slug of the object whose records a list holds; objects have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    pub created_at: String,
    pub attributes: Vec<Attribute>,
    /// Rows by identifier; the order of the keys is the default order of a query.
    pub rows: BTreeMap<String, Row>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Attribute {
    #[serde(default)]
    pub id: String,
    pub slug: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub kind: Kind,
    #[serde(default, skip_serializing_if = "is_false")]
    pub multi: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub read_only: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub system: bool,
    /// Usable in filters and paths, but not shown among the attributes (`parent_record` of a list).
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Objects a reference may point to, by slug; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// The attribute on the other side, which follows every change of this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirror: Option<Mirror>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Options of a select, statuses of a status attribute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    #[serde(default)]
    pub created_at: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Mirror {
    pub object: String,
    pub attribute: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Currency {
    pub code: String,
    pub display: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Choice {
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub celebrate: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_time: Option<String>,
}

/// The 17 attribute types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    #[default]
    Text,
    Number,
    Checkbox,
    Currency,
    Date,
    Timestamp,
    Rating,
    Status,
    Select,
    RecordReference,
    ActorReference,
    Location,
    Domain,
    EmailAddress,
    PhoneNumber,
    Interaction,
    PersonalName,
}

/// A record or a list entry.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Row {
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
pub(super) struct Held {
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
pub(super) enum Content {
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
pub(super) struct Link {
    pub object: String,
    pub record: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Actor {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Location {
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

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Member {
    #[serde(default)]
    pub id: String,
    pub first_name: String,
    pub last_name: String,
    pub email_address: String,
    pub access_level: String,
    #[serde(default)]
    pub created_at: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Note {
    pub id: String,
    pub parent: Link,
    pub title: String,
    pub content: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub markdown: bool,
    pub created_at: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Task {
    pub id: String,
    pub content: String,
    pub deadline_at: Option<String>,
    pub completed_at: Option<String>,
    pub linked: Vec<Link>,
    /// Identifiers of workspace members.
    pub assignees: Vec<String>,
    pub created_at: String,
}

impl State {
    /// The next identifier: a UUID v5 of a counter.
    pub(super) fn next_id(&mut self) -> String {
        self.made += 1;
        named_id(&self.made.to_string())
    }

    pub(super) fn table(&self, place: Place) -> Option<&Table> {
        match place {
            Place::Object(index) => self.objects.get(index),
            Place::List(index) => self.lists.get(index),
        }
    }

    pub(super) fn table_mut(&mut self, place: Place) -> Option<&mut Table> {
        match place {
            Place::Object(index) => self.objects.get_mut(index),
            Place::List(index) => self.lists.get_mut(index),
        }
    }

    /// Finds an object by slug or identifier.
    pub(super) fn object(&self, name: &str) -> Option<(Place, &Table)> {
        position(&self.objects, name).map(|(index, table)| (Place::Object(index), table))
    }

    /// Finds a list by slug or identifier.
    pub(super) fn list(&self, name: &str) -> Option<(Place, &Table)> {
        position(&self.lists, name).map(|(index, table)| (Place::List(index), table))
    }

    /// The row a link leads to.
    pub(super) fn follow(&self, link: &Link) -> Option<&Row> {
        self.object(&link.object)?.1.rows.get(&link.record)
    }

    /// Finds a workspace member by identifier or email address.
    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|m| m.id == name || m.email_address.eq_ignore_ascii_case(name))
    }

    /// The holder of the API key, who makes everything that nobody else makes.
    pub(super) fn token(&self) -> Actor {
        Actor { kind: "api-token".into(), id: Some(self.token_id.clone()) }
    }
}

fn position<'a>(tables: &'a [Table], name: &str) -> Option<(usize, &'a Table)> {
    tables.iter().enumerate().find(|(_, table)| table.slug == name || table.id == name)
}

impl Table {
    /// Finds an attribute by slug or identifier.
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.slug == name || a.id == name)
    }
}

impl Attribute {
    /// Written by Attio itself (enrichment, interactions): such values keep no history.
    pub(super) fn is_enriched(&self) -> bool {
        self.read_only && !self.is_implicit()
    }

    /// Follows from the row itself instead of being stored with it.
    pub(super) fn is_implicit(&self) -> bool {
        matches!(self.slug.as_str(), "record_id" | "entry_id" | "created_at" | "created_by" | "parent_record")
    }
}

impl Row {
    /// The current values of an attribute. Those that follow from the row itself are made on the spot.
    pub(super) fn held<'a>(&'a self, id: &str, attribute: &Attribute, state: &State) -> Cow<'a, [Held]> {
        let implicit = match attribute.slug.as_str() {
            "record_id" | "entry_id" => Content::Text(id.into()),
            "created_at" => Content::Timestamp(self.created_at.clone()),
            "created_by" => Content::Actor(self.by.clone().unwrap_or_else(|| state.token())),
            "parent_record" => match &self.parent {
                Some(link) => Content::Reference(link.clone()),
                None => return Cow::Borrowed(&[]),
            },
            slug => return Cow::Borrowed(self.values.get(slug).map_or(&[], Vec::as_slice)),
        };
        Cow::Owned(vec![Held { content: implicit, from: None, until: None, by: self.by.clone() }])
    }

    /// Replaces the values of an attribute. Values that stay keep their age, values that go are kept as history.
    pub(super) fn set(&mut self, slug: &str, after: Vec<Content>, now: &str) {
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

/// The identifier of something with a fixed name.
pub(super) fn named_id(name: &str) -> String {
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}
