//! A request as a value: what an operation is, and one call of it.
//!
//! An [`Operation`] is the single description from which everything about a call follows: retry
//! safety, read-only mode, confirmation, the limiter's budget, the scopes named in an error. A
//! [`Request`] is an operation with its blanks filled in; dry run prints it, the sandbox answers it,
//! tests compare it. Nothing here knows a resource or a network.

use super::form::Form;
use super::limit::Lane;
use super::path;
use crate::error::Error;
use serde_json::{Map, Value, json};
use url::Url;

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
        /// Rows at the most.
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
    /// A workspace member by address; becomes their ID. In an object, its `workspace_member_id` does.
    Member,
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
        if self.deletes() { "This cannot be undone. Delete?" } else { "What it replaces is lost. Go on?" }
    }

    /// Whether it counts as a write, for the limiter and the audit log.
    pub fn writes(&self) -> bool {
        self.effect != Effect::Read
    }
}

/// One call of an operation.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is called.
    pub operation: &'static Operation,
    /// The path with its placeholders filled, percent-encoded.
    pub path: String,
    /// The query string's pairs, not yet encoded.
    pub query: Vec<(String, String)>,
    /// The JSON body; of a form, what there is to show of it.
    pub body: Option<Value>,
    /// The form that is sent in place of the JSON.
    pub form: Option<Form>,
    /// Part of a long job, which leaves room for a person's command beside it.
    pub paced: bool,
    /// What is lost by it, by its name, for the person who is asked.
    pub subject: Option<String>,
    /// What would be called after it, in a dry run.
    pub then: Vec<Self>,
}

impl Request {
    /// Fills an operation with `fields`: placeholders take the fields of their name, the rest goes to
    /// the query string or the body. A null is a value: it clears.
    ///
    /// # Errors
    /// Usage errors: a placeholder without a value, or with one that is no single path segment; a file
    /// that cannot be read.
    pub fn build(operation: &'static Operation, mut fields: Map<String, Value>) -> Result<Self, Error> {
        let path = path::fill(operation.path, |name| fields.shift_remove(name).map(plain))?;
        Self::new(operation, path, (operation.wire)(fields)?)
    }

    /// A call of `path` with fields as Attio takes them: they go to the query string or the body.
    ///
    /// # Errors
    /// A usage error: a file that cannot be read.
    pub fn new(
        operation: &'static Operation,
        path: String,
        fields: Map<String, Value>,
    ) -> Result<Self, Error> {
        let has_body = operation.has_body();
        let (query, mut rest): (Map<_, _>, Map<_, _>) =
            fields.into_iter().partition(|(name, _)| !has_body || operation.query.contains(&name.as_str()));
        let form = if operation.body == Body::Form { Some(Form::new(&mut rest)?) } else { None };
        let body = has_body.then(|| match operation.body {
            Body::Data => json!({ "data": rest }),
            Body::Bare | Body::Form => Value::Object(rest),
        });
        let query = query.into_iter().map(|(name, value)| (name, in_query(value))).collect();
        Ok(Self { operation, path, query, body, form, paced: false, subject: None, then: Vec::new() })
    }

    /// The full URL under `base`.
    pub fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        url.set_path(&self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }

    /// What is sent, if anything: its content type and its bytes.
    pub fn payload(&self) -> Option<(String, Vec<u8>)> {
        match &self.form {
            Some(form) => Some((form.content_type(), form.bytes().to_vec())),
            None => Some(("application/json".to_owned(), self.body.as_ref()?.to_string().into_bytes())),
        }
    }

    /// Sets a parameter of the query string.
    pub fn ask(&mut self, name: &str, value: String) {
        self.query.retain(|(other, _)| other != name);
        self.query.push((name.to_owned(), value));
    }

    /// A parameter that is a whole number, in the query string or the body.
    pub fn number(&self, name: &str) -> Option<usize> {
        let in_query = self.query.iter().find(|(other, _)| other == name);
        let in_query = in_query.and_then(|(_, value)| value.parse().ok());
        in_query.or_else(|| usize::try_from(self.body.as_ref()?.get(name)?.as_u64()?).ok())
    }

    /// What dry run shows: everything that would be sent, except the key.
    pub fn to_json(&self) -> Map<String, Value> {
        let query: Map<_, _> =
            self.query.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        let mut shown = Map::new();
        shown.insert("method".into(), self.operation.method.as_str().into());
        shown.insert("path".into(), self.path.as_str().into());
        if !query.is_empty() {
            shown.insert("query".into(), query.into());
        }
        shown.extend(self.body.clone().map(|body| ("body".into(), body)));
        let then: Vec<Value> = self.then.iter().map(|request| request.to_json().into()).collect();
        shown.extend((!then.is_empty()).then(|| ("then".into(), then.into())));
        shown
    }
}

/// A value of the query string; Attio takes several separated by commas.
fn in_query(value: Value) -> String {
    match value {
        Value::Array(items) => items.into_iter().map(plain).collect::<Vec<_>>().join(","),
        other => plain(other),
    }
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELETE: Operation = Operation::new("notes delete", Method::Delete, "/v2/notes/{note_id}");
    const UPSERT: Operation = Operation {
        query: &["matching_attribute"],
        ..Operation::new("records upsert", Method::Put, "/v2/objects/{object}/records")
    };

    fn fields(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn fields_go_to_path_query_and_body() {
        let given =
            json!({"object": "people", "matching_attribute": "email_addresses", "values": {"a": null}});
        let request = Request::build(&UPSERT, fields(given)).unwrap();
        assert_eq!(
            Value::from(request.to_json()),
            json!({"method": "PUT", "path": "/v2/objects/people/records",
                   "query": {"matching_attribute": "email_addresses"}, "body": {"data": {"values": {"a": null}}}})
        );
        let base = Url::parse("http://127.0.0.1:9").unwrap();
        assert_eq!(
            request.url(&base).as_str(),
            "http://127.0.0.1:9/v2/objects/people/records?matching_attribute=email_addresses"
        );
    }

    #[test]
    fn a_placeholder_is_one_segment_or_refused() {
        for bad in ["", ".", "..", "../notes", "a/b", "a\\b", "a\r\nb", "a\0", &"x".repeat(257)] {
            assert!(Request::build(&DELETE, fields(json!({"note_id": bad}))).is_err(), "{bad:?}");
        }
        assert!(Request::build(&DELETE, Map::new()).is_err());
        for (odd, encoded) in [("a b", "a%20b"), ("?x=1", "%3Fx=1"), ("#", "%23"), ("%2e%2e", "%252e%252e")] {
            let request = Request::build(&DELETE, fields(json!({"note_id": odd}))).unwrap();
            assert_eq!(request.path, format!("/v2/notes/{encoded}"));
        }
    }

    #[test]
    fn effect_follows_the_method() {
        assert_eq!((DELETE.effect, DELETE.destroys), (Effect::Idempotent, true));
        assert_eq!((UPSERT.effect, UPSERT.destroys), (Effect::Idempotent, false));
    }
}
