//! What a sandbox remembers: plain data, one JSON file.
//!
//! Objects and lists are both a [`Table`] (attributes and rows), so that values, filters and sorts are written once.
//! Only what cannot be derived is stored. How values look on the wire is the business of `values`, how the file is
//! kept that of `file`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::comments::Comment;
use super::defaults::DefaultValue;
use super::files::File;
use super::lists::Access;
use super::meetings::Meeting;
use super::recordings::Recording;
pub(super) use super::row::{Actor, Content, Held, Link, Location, Row};
use super::sequences::Unsubscribed;
use super::views::View;
use super::webhooks::Webhook;

/// Version of the file format. A file of a later version is refused, never guessed at.
pub(super) const VERSION: u32 = 1;

/// All identifiers come from this namespace, so that a fresh sandbox has the same ones on every machine.
const NAMESPACE: Uuid = Uuid::from_u128(0x5a4d_b0c5_7e1f_4c6b_9a53_a771_0c4d_5eed);

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
    #[serde(default)]
    pub(super) comments: Vec<Comment>,
    #[serde(default)]
    pub(super) meetings: Vec<Meeting>,
    #[serde(default)]
    pub(super) recordings: Vec<Recording>,
    #[serde(default)]
    pub(super) files: Vec<File>,
    #[serde(default)]
    pub(super) webhooks: Vec<Webhook>,
    #[serde(default)]
    pub(super) unsubscribed: Vec<Unsubscribed>,
}

/// Where a table stands. A place is good for one request: a deleted object moves those after it.
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
    /// Who may use a list.
    #[serde(default, skip_serializing_if = "Access::is_default")]
    pub access: Access,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<View>,
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
    /// Kept with its values, but neither listed nor written.
    #[serde(default, skip_serializing_if = "is_false")]
    pub archived: bool,
    /// Usable in filters and paths, but not shown among the attributes (`parent_record` of a list).
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
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
    #[serde(default, skip_serializing_if = "is_false")]
    pub archived: bool,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<String>,
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
    /// Part of what the API shows and takes.
    pub(super) fn is_shown(&self) -> bool {
        !self.hidden && !self.archived
    }

    /// Written by Attio itself (enrichment, interactions): such values keep no history.
    pub(super) fn is_enriched(&self) -> bool {
        self.read_only && !self.is_implicit()
    }

    /// Follows from the row itself instead of being stored with it.
    pub(super) fn is_implicit(&self) -> bool {
        matches!(self.slug.as_str(), "record_id" | "entry_id" | "created_at" | "created_by" | "parent_record")
    }
}

/// The identifier of something with a fixed name.
pub(super) fn named_id(name: &str) -> String {
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
pub(super) fn is_false(value: &bool) -> bool {
    !value
}
