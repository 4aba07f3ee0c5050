//! What an operation of the API is: the single description from which everything about a call follows.
//!
//! Retry safety, read-only mode, confirmation, the limiter's budget, the scopes named in an error, the shape
//! of the answer: all of them stand in the row. Nothing here knows a resource, a request or a network.

use super::limit::Lane;
use crate::error::Error;
use serde_json::{Map, Value};

/// The HTTP methods Attio uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or reads with a body (query, search).
    Post,
    /// Replaces or upserts.
    Put,
    /// Updates.
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What an operation does to the workspace. It alone decides what may be repeated and what
/// read-only mode refuses. Ordered from harmless on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Changes nothing, whatever the method.
    Read,
    /// Changes something; a repeat ends in the same state.
    Idempotent,
    /// Adds something; a repeat may add it twice.
    Create,
}

/// What a call answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One thing.
    One,
    /// A list.
    Rows(Paging),
    /// A link to a file instead of JSON.
    File,
    /// Nothing but that it was done.
    Nothing,
}

/// How a list is continued (Attio has several styles; an operation declares its own).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// Not at all: the whole set comes in one answer.
    Whole,
    /// Not at all, although there may be more.
    Capped {
        /// Maximum number of rows.
        max: usize,
    },
    /// `limit` and `offset` in the query string.
    Query {
        /// Rows a page when nobody says how many.
        usual: usize,
        /// Rows a page at the least.
        min: usize,
        /// Rows a page at the most.
        max: usize,
        /// Attio says so; else nobody knows whether it gives so many, and a short page is not the end.
        documented: bool,
    },
    /// `limit` and `offset` in the body.
    Body {
        /// Rows a page at the most, and when nobody says how many. Attio does not say what it gives at
        /// the most, so a short page is not the end.
        max: usize,
        /// Attributes whose order no write disturbs, for reading everything page by page.
        order: &'static [&'static str],
    },
    /// `limit` and `cursor` in the query string, `pagination.next_cursor` in the answer.
    Cursor {
        /// Rows a page at the most.
        max: usize,
    },
}

/// How far Attio stands by an operation, from the firmest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// For good.
    Stable,
    /// It may still change.
    Beta,
    /// It may change or go, and is not open to everybody.
    Alpha,
}

/// A field that names something in one of several ways and becomes what Attio takes.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The field.
    pub field: &'static str,
    /// What it names.
    pub to: To,
}

/// What a [`Reference`] names, and what it becomes.
#[derive(Clone, Copy, Debug)]
pub enum To {
    /// A record of the object named in another field, or a list of them; becomes the ID.
    RecordIn(&'static str),
    /// Any record, or a list of them; becomes `{"object": …, "record_id": …}`.
    Record,
    /// A workspace member by address or name; becomes their ID. In an object, its `workspace_member_id` does.
    Member,
    /// Workspace members whom Attio takes by address, too: a name becomes the ID, an address stays.
    Assignees,
}

/// Where the fields of a body stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Under `data`, as nearly everywhere.
    Data,
    /// Bare (query, search).
    Bare,
    /// As parts of a form, with the file that the field `file` names.
    Form,
}

/// From the fields people give to those Attio takes.
pub type Translate = fn(Map<String, Value>) -> Result<Map<String, Value>, Error>;

/// The column that stands for the first attributes of the list or object itself.
pub const OWN: &str = "*";

/// One operation of Attio's API.
#[derive(Debug)]
pub struct Operation {
    /// Resource and verb, such as `notes list`.
    pub name: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path with `{placeholders}`, each one segment.
    pub path: &'static str,
    /// What it does to the workspace.
    pub effect: Effect,
    /// Whether something is lost for good, so that it asks first.
    pub destroys: bool,
    /// Attio's own cap on this one operation, if it has one.
    pub lane: Option<Lane>,
    /// What comes back.
    pub answer: Answer,
    /// Whether its list begins with the oldest and takes no order.
    pub oldest_first: bool,
    /// Where the fields of the body stand.
    pub body: Body,
    /// Whether its body may change what its path names the thing by, so that a repeat does not find it.
    pub renames: bool,
    /// Fields that stay in the query string beside a body.
    pub query: &'static [&'static str],
    /// Scopes the key needs, by Attio's names.
    pub scopes: &'static [&'static str],
    /// Columns of a table of the answer.
    pub columns: &'static [&'static str],
    /// How far Attio stands by it.
    pub stage: Stage,
    /// Fields that name records and members.
    pub references: &'static [Reference],
    /// The field with values by attribute, which the workspace defines.
    pub values: Option<&'static str>,
    /// Fields of the answer that Attio never shows again.
    pub once: &'static [&'static str],
    /// Commands that show whether it was done, the first whose blanks the fields fill; `|` between them.
    /// None: the one that shows the thing by its ID, or else lists all of them.
    pub check: &'static str,
    /// From the fields people give to those Attio takes, where these differ.
    pub wire: Translate,
    /// What is created inside the new thing afterwards.
    pub inside: Option<Inside>,
    /// Whether its answer says if Attio knows the key.
    pub identifies: bool,
}

/// Things that are created inside a new one, by a call each.
#[derive(Clone, Copy, Debug)]
pub struct Inside {
    /// The field with their titles, which is not sent.
    pub field: &'static str,
    /// What the new thing's slug is called in their paths.
    pub parent: &'static str,
    /// The operation that creates one, by the fields of the call; a usage error where there can be none.
    pub create: fn(&Map<String, Value>) -> Result<&'static Operation, Error>,
}

/// Methods of an [`Operation`] that give a field another value, each by the field's name.
macro_rules! with {
    ($($field:ident: $of:ty,)*) => {$(
        #[doc = concat!("The same with another `", stringify!($field), "`.")]
        pub const fn $field(self, $field: $of) -> Self {
            Self { $field, ..self }
        }
    )*};
}

impl Operation {
    /// An operation with what follows from its method; the exceptions are written over it.
    pub const fn new(name: &'static str, method: Method, path: &'static str) -> Self {
        Self {
            name,
            method,
            path,
            effect: match method {
                Method::Get => Effect::Read,
                Method::Post => Effect::Create,
                Method::Put | Method::Patch | Method::Delete => Effect::Idempotent,
            },
            destroys: matches!(method, Method::Delete),
            lane: None,
            answer: if matches!(method, Method::Delete) { Answer::Nothing } else { Answer::One },
            oldest_first: false,
            body: Body::Data,
            renames: false,
            query: &[],
            scopes: &[],
            columns: &[],
            stage: Stage::Stable,
            references: &[],
            values: None,
            once: &[],
            check: "",
            wire: Ok,
            inside: None,
            identifies: false,
        }
    }

    /// A `GET`.
    pub const fn get(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::Get, path)
    }

    /// A `POST`.
    pub const fn post(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::Post, path)
    }

    /// A `PUT`.
    pub const fn put(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::Put, path)
    }

    /// A `PATCH`.
    pub const fn patch(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::Patch, path)
    }

    /// A `DELETE`.
    pub const fn delete(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::Delete, path)
    }

    with! {
        effect: Effect,
        destroys: bool,
        answer: Answer,
        body: Body,
        query: &'static [&'static str],
        scopes: &'static [&'static str],
        columns: &'static [&'static str],
        references: &'static [Reference],
        once: &'static [&'static str],
        check: &'static str,
        wire: Translate,
    }

    /// The same with rows as its answer.
    pub const fn rows(self, paging: Paging) -> Self {
        self.answer(Answer::Rows(paging))
    }

    /// The same with a cap of Attio's own.
    pub const fn lane(self, lane: Lane) -> Self {
        Self { lane: Some(lane), ..self }
    }

    /// The same with values by attribute in this field.
    pub const fn values(self, field: &'static str) -> Self {
        Self { values: Some(field), ..self }
    }

    /// The same with things that are created inside the new one.
    pub const fn inside(self, inside: Inside) -> Self {
        Self { inside: Some(inside), ..self }
    }

    /// The same with a list that begins with the oldest.
    pub const fn oldest_first(self) -> Self {
        Self { oldest_first: true, ..self }
    }

    /// The same with a body that may rename the thing.
    pub const fn renames(self) -> Self {
        Self { renames: true, ..self }
    }

    /// The same with an answer that says whether Attio knows the key.
    pub const fn identifies(self) -> Self {
        Self { identifies: true, ..self }
    }

    /// The same at Attio's stage beta.
    pub const fn beta(self) -> Self {
        Self { stage: Stage::Beta, ..self }
    }

    /// The same at Attio's stage alpha.
    pub const fn alpha(self) -> Self {
        Self { stage: Stage::Alpha, ..self }
    }

    /// The names of the blanks in the path, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Whether a path of these segments is one of its own.
    pub fn fits(&self, segments: &[&str]) -> bool {
        let parts: Vec<&str> = self.path.trim_start_matches('/').split('/').collect();
        let same = |(part, segment): (&&str, &&str)| part == segment || part.starts_with('{');
        parts.len() == segments.len() && parts.iter().zip(segments).all(same)
    }

    /// Whether it carries a body.
    pub fn has_body(&self) -> bool {
        !matches!(self.method, Method::Get | Method::Delete)
    }

    /// How its list is continued, if one comes that can be.
    pub fn pages(&self) -> Option<Paging> {
        match self.answer {
            Answer::Rows(Paging::Whole | Paging::Capped { .. }) => None,
            Answer::Rows(paging) => Some(paging),
            Answer::One | Answer::File | Answer::Nothing => None,
        }
    }

    /// Whether it deletes what its path names.
    pub fn deletes(&self) -> bool {
        self.method == Method::Delete
    }

    /// What is lost by it, in words.
    pub fn loss(&self) -> &'static str {
        if self.deletes() { "This cannot be undone." } else { "What it replaces is lost." }
    }

    /// Whether it counts as a write, for the limiter and the audit log.
    pub fn writes(&self) -> bool {
        self.effect != Effect::Read
    }
}
