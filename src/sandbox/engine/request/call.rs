//! A request as handlers see it: what the path and the query name, and the body.

use http::{Request, header};
use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::engine::number;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::values::time;
use crate::sandbox::store::things::Part;

/// A request, taken apart for a handler.
pub(crate) struct Call<'a> {
    pub now: Timestamp,
    path: &'a str,
    params: Vec<String>,
    query: Vec<(String, String)>,
    content_type: &'a str,
    body: &'a [u8],
}

/// A part of a listing.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub limit: usize,
    pub offset: usize,
}

impl<'a> Call<'a> {
    /// `params` stand for the `{}` of the path pattern.
    pub(crate) fn new(request: &'a Request<Vec<u8>>, params: Vec<String>, now: Timestamp) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Self {
            now,
            path: request.uri().path(),
            params,
            query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            content_type: content_type.unwrap_or_default(),
            body: request.body(),
        }
    }

    /// The n-th `{}` of the path pattern.
    pub(crate) fn param(&self, index: usize) -> &str {
        self.params.get(index).map_or("", String::as_str)
    }

    /// Whether the path leads to a list rather than to an object.
    pub(crate) fn is_list(&self) -> bool {
        self.path.starts_with("/v2/lists/")
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A query parameter that is `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.query(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Problem::query(name, "Expected boolean, received string")),
        }
    }

    /// A query parameter that is the identifier of a record.
    pub(crate) fn uuid(&self, name: &str) -> Result<Option<String>, Problem> {
        let bad = |_| Problem::query(name, "Invalid uuid");
        let id = self.query(name).map(uuid::Uuid::try_parse).transpose().map_err(bad)?;
        Ok(id.map(|id| id.to_string()))
    }

    /// `limit` and `offset` of the query string.
    pub(crate) fn page(&self, default: usize, most: usize) -> Result<Page, Problem> {
        let limit = self.number("limit")?.unwrap_or(default);
        if limit > most {
            return Err(Problem::query("limit", &format!("Number must be less than or equal to {most}")));
        }
        Ok(Page { limit, offset: self.number("offset")?.unwrap_or(0) })
    }

    fn number(&self, name: &str) -> Result<Option<usize>, Problem> {
        let bad = || Problem::query(name, "Expected a whole number that is not negative");
        self.query(name).map(|text| text.parse().or_else(|_| decimal(text).ok_or_else(bad))).transpose()
    }

    /// The body as JSON; no body counts as an empty object.
    pub(crate) fn json(&self) -> Result<Value, Problem> {
        if self.body.is_empty() {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        serde_json::from_slice(self.body).map_err(|_| {
            Problem::invalid("validation_type", "Body payload validation error. The body is not valid JSON.")
        })
    }

    /// The body as it came, with its content type.
    pub(crate) fn body(&self) -> (&'a str, &'a [u8]) {
        (self.content_type, self.body)
    }

    /// The time of the request as Attio writes it.
    pub(crate) fn stamp(&self) -> String {
        time::stamp(self.now)
    }
}

/// A whole number that somebody wrote with decimals, as in `2.0`.
fn decimal(text: &str) -> Option<usize> {
    let whole = number::whole(&serde_json::from_str(text).ok()?)?;
    usize::try_from(whole).ok()
}

impl Page {
    /// This part of the things of a kind, oldest first.
    pub(crate) fn ascending(self) -> Part {
        Part { descending: false, offset: self.offset, limit: self.limit }
    }

    /// This part of the things of a kind, newest first.
    pub(crate) fn descending(self) -> Part {
        Part { descending: true, ..self.ascending() }
    }

    pub(crate) fn of<T>(self, items: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        items.into_iter().skip(self.offset).take(self.limit)
    }
}
