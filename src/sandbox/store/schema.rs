//! The schema of a workspace: members, objects, lists, their attributes. It is small, and read as a whole.
//!
//! Objects and lists are both a [`Table`], so that values, filters and sorts are written once. Their rows are kept
//! apart, see `rows`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::row::{Actor, Content};

/// All identifiers come from this namespace, so that a fresh sandbox has the same ones on every machine.
const NAMESPACE: Uuid = Uuid::from_u128(0x5a4d_b0c5_7e1f_4c6b_9a53_a771_0c4d_5eed);

/// What every request needs to know of the workspace.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Workspace {
    pub id: String,
    pub token_id: String,
    pub created_at: String,
    pub members: Vec<Member>,
    pub objects: Vec<Arc<Table>>,
    pub lists: Vec<Arc<Table>>,
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
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Attribute {
    #[serde(default)]
    pub id: String,
    pub slug: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub kind: AttributeType,
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
    pub choices: Vec<AttributeOption>,
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
pub(crate) struct AttributeOption {
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
pub(crate) enum AttributeType {
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

/// Levels of access to a list, as Attio names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Access {
    /// What every member may do; `None`: the list is private.
    pub workspace: Option<String>,
    #[serde(default)]
    pub members: Vec<Grant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    /// Identifier of a workspace member.
    pub member: String,
    pub level: String,
}

/// A saved view. Of what a view of Attio's holds, only the filter matters to anybody but the app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct View {
    #[serde(default)]
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Value>,
    #[serde(default)]
    pub created_at: String,
}

/// What `default_value` of a definition says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", content = "template", rename_all = "lowercase")]
pub(crate) enum DefaultValue {
    Static(Vec<Content>),
    /// `current-user`, or an ISO 8601 duration from the time of creation.
    Dynamic(String),
}

impl Workspace {
    /// Finds an object by slug or identifier.
    pub(crate) fn object(&self, name: &str) -> Option<&Arc<Table>> {
        named(&self.objects, name)
    }

    /// Finds a list by slug or identifier.
    pub(crate) fn list(&self, name: &str) -> Option<&Arc<Table>> {
        named(&self.lists, name)
    }

    pub(crate) fn tables(&self) -> impl Iterator<Item = &Arc<Table>> {
        self.objects.iter().chain(&self.lists)
    }

    pub(crate) fn tables_mut(&mut self) -> impl Iterator<Item = &mut Table> {
        self.objects.iter_mut().chain(&mut self.lists).map(Arc::make_mut)
    }

    /// Finds a workspace member by identifier or email address.
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        let named = |member: &&Member| {
            member.id.eq_ignore_ascii_case(name) || member.email_address.eq_ignore_ascii_case(name)
        };
        self.members.iter().find(named)
    }

    /// The holder of the API key, who makes everything that nobody else makes.
    pub(crate) fn token(&self) -> Actor {
        Actor { kind: "api-token".into(), id: Some(self.token_id.clone()) }
    }
}

fn named<'a>(tables: &'a [Arc<Table>], name: &str) -> Option<&'a Arc<Table>> {
    tables.iter().find(|table| table.slug == name || table.id == name)
}

impl Default for Access {
    fn default() -> Self {
        Self { workspace: Some("full-access".into()), members: Vec::new() }
    }
}

impl Access {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Table {
    /// Finds an attribute by slug or identifier.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.slug == name || a.id == name)
    }

    pub(crate) fn is_list(&self) -> bool {
        self.parent.is_some()
    }
}

impl Attribute {
    /// Part of what the API shows and takes.
    pub(crate) fn is_shown(&self) -> bool {
        !self.hidden && !self.archived
    }

    /// Finds an option or status by title or identifier.
    pub(crate) fn choice(&self, name: &str) -> Option<&AttributeOption> {
        self.choices.iter().find(|choice| choice.title == name || choice.id == name)
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
