//! One call of an operation: its blanks filled in.
//!
//! Dry run prints it, the sandbox answers it, tests compare it. Nothing here knows a resource or a network.

use super::form::Form;
use super::operation::{Body, Operation};
use super::path;
use crate::error::Error;
use serde_json::{Map, Value, json};
use url::Url;

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
    use crate::client::operation::{Effect, Method};

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
