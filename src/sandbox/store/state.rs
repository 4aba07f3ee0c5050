//! What a sandbox remembers: plain data, one JSON file.
//!
//! Objects and lists are both a [`Table`] (attributes and rows), so that values, filters and sorts are written once.
//! Only what cannot be derived is stored. How values look on the wire is the business of `values`, how the file is
//! kept that of `file`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::sandbox::engine::defaults::DefaultValue;
use crate::sandbox::resources::comments::Comment;
use crate::sandbox::resources::files::File;
use crate::sandbox::resources::lists::Access;
use crate::sandbox::resources::meetings::Meeting;
use crate::sandbox::resources::recordings::Recording;
use crate::sandbox::resources::sequences::Unsubscribed;
use crate::sandbox::resources::views::View;
use crate::sandbox::resources::webhooks::Webhook;
pub(crate) use crate::sandbox::store::row::{Actor, Content, Held, Link, Location, Row};

/// Version of the file format. A file of a later version is refused, never guessed at.
pub(crate) const VERSION: u32 = 1;

/// All identifiers come from this namespace, so that a fresh sandbox has the same ones on every machine.
const NAMESPACE: Uuid = Uuid::from_u128(0x5a4d_b0c5_7e1f_4c6b_9a53_a771_0c4d_5eed);

/// A workspace: its schema, its records and everything attached to them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    pub(crate) version: u32,
    /// How many identifiers were handed out.
    pub(crate) made: u64,
    pub(crate) workspace_id: String,
    pub(crate) token_id: String,
    pub(crate) created_at: String,
    pub(crate) members: Vec<Member>,
    pub(crate) objects: Vec<Table>,
    pub(crate) lists: Vec<Table>,
    pub(crate) notes: Vec<Note>,
    pub(crate) tasks: Vec<Task>,
    #[serde(default)]
    pub(crate) comments: Vec<Comment>,
    #[serde(default)]
    pub(crate) meetings: Vec<Meeting>,
    #[serde(default)]
    pub(crate) recordings: Vec<Recording>,
    #[serde(default)]
    pub(crate) files: Vec<File>,
    #[serde(default)]
    pub(crate) webhooks: Vec<Webhook>,
    #[serde(default)]
    pub(crate) unsubscribed: Vec<Unsubscribed>,
}

/// Where a table stands. A place is good for one request: a deleted object moves those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Object(usize),
    List(usize),
}

/// An object (companies, people, …) or a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Table {
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
pub(crate) struct Attribute {
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
pub(crate) struct Mirror {
    pub object: String,
    pub attribute: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Currency {
    pub code: String,
    pub display: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Choice {
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
pub(crate) enum Kind {
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
pub(crate) struct Member {
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
pub(crate) struct Note {
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
pub(crate) struct Task {
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
    pub(crate) fn next_id(&mut self) -> String {
        self.made += 1;
        named_id(&self.made.to_string())
    }

    pub(crate) fn table(&self, place: Place) -> Option<&Table> {
        match place {
            Place::Object(index) => self.objects.get(index),
            Place::List(index) => self.lists.get(index),
        }
    }

    pub(crate) fn table_mut(&mut self, place: Place) -> Option<&mut Table> {
        match place {
            Place::Object(index) => self.objects.get_mut(index),
            Place::List(index) => self.lists.get_mut(index),
        }
    }

    /// Finds an object by slug or identifier.
    pub(crate) fn object(&self, name: &str) -> Option<(Place, &Table)> {
        position(&self.objects, name).map(|(index, table)| (Place::Object(index), table))
    }

    /// Finds a list by slug or identifier.
    pub(crate) fn list(&self, name: &str) -> Option<(Place, &Table)> {
        position(&self.lists, name).map(|(index, table)| (Place::List(index), table))
    }

    /// The row a link leads to.
    pub(crate) fn follow(&self, link: &Link) -> Option<&Row> {
        self.object(&link.object)?.1.rows.get(&link.record)
    }

    /// Finds a workspace member by identifier or email address.
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|m| m.id == name || m.email_address.eq_ignore_ascii_case(name))
    }

    /// The holder of the API key, who makes everything that nobody else makes.
    pub(crate) fn token(&self) -> Actor {
        Actor { kind: "api-token".into(), id: Some(self.token_id.clone()) }
    }
}

fn position<'a>(tables: &'a [Table], name: &str) -> Option<(usize, &'a Table)> {
    tables.iter().enumerate().find(|(_, table)| table.slug == name || table.id == name)
}

impl Table {
    /// Finds an attribute by slug or identifier.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.slug == name || a.id == name)
    }
}

impl Attribute {
    /// Part of what the API shows and takes.
    pub(crate) fn is_shown(&self) -> bool {
        !self.hidden && !self.archived
    }

    /// Written by Attio itself (enrichment, interactions): such values keep no history.
    pub(crate) fn is_enriched(&self) -> bool {
        self.read_only && !self.is_implicit()
    }

    /// Follows from the row itself instead of being stored with it.
    pub(crate) fn is_implicit(&self) -> bool {
        matches!(self.slug.as_str(), "record_id" | "entry_id" | "created_at" | "created_by" | "parent_record")
    }
}

/// The identifier of something with a fixed name.
pub(crate) fn named_id(name: &str) -> String {
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
pub(crate) fn is_false(value: &bool) -> bool {
    !value
}
