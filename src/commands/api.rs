//! `attio-crm api METHOD PATH`: any call, for what has no command of its own.
//!
//! A call that is in the table is treated as its row says. For any other the method decides, and an
//! unknown POST counts as a create. What is sent and what came back are Attio's: no reference is
//! looked up here and no field renamed.

use super::context::shown;
use super::{Ctx, Done, Listing, Rows};
use crate::api;
use crate::client::operation::Method;
use crate::client::pages::{Pages, Window};
use crate::client::path;
use crate::client::request::Request;
use crate::error::Error;
use crate::input;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Map, Value};

/// Call any path of Attio's API
///
/// For what has no command of its own, with the same rate limit, retries and safety: a call that is
/// also a command is treated as that command (its fields go under "data" where it has them there);
/// of any other, GET reads, PUT, PATCH and DELETE may be repeated, and POST counts as a create.
///
/// Example: attio-crm api GET "/v2/notes?limit=5"
///
/// Example: attio-crm api PATCH /v2/lists/sales_pipeline/attributes/stage --field is_required:=true
#[derive(Debug, clap::Args)]
pub struct Call {
    /// HTTP method
    #[arg(ignore_case = true, value_parser = method())]
    method: Method,
    /// Path under /v2, with its query string; percent-encode only the query
    path: String,
    /// A field of the body, or of the query with GET and DELETE (repeatable); := for other JSON than text
    #[arg(long, value_name = "NAME=TEXT|NAME:=JSON", value_parser = field)]
    field: Vec<(String, Value)>,
    /// The whole body as it is: JSON, @FILE or - for standard input
    #[arg(long, value_name = "JSON", value_parser = input::json, conflicts_with = "field")]
    input: Option<Value>,
    /// All rows, page by page, where the table knows how the listing is continued
    #[arg(long)]
    pub all: bool,
}

fn method() -> impl TypedValueParser<Value = Method> {
    const METHODS: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];
    PossibleValuesParser::new(METHODS.map(Method::as_str)).try_map(|given| {
        let named = |method: &Method| method.as_str().eq_ignore_ascii_case(&given);
        METHODS.into_iter().find(named).ok_or("no method of Attio's")
    })
}

fn field(given: &str) -> Result<(String, Value), String> {
    let (name, value) = given.split_once('=').ok_or("not NAME=TEXT or NAME:=JSON")?;
    match name.strip_suffix(':') {
        _ if name.trim_end_matches(':').is_empty() => Err("a field without a name".to_owned()),
        None => Ok((name.to_owned(), value.into())),
        Some(name) => {
            let value = input::exact_json(value).map_err(|e| format!("after ':=': {e}"))?;
            Ok((name.to_owned(), value))
        }
    }
}

impl Call {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let all = self.all;
        let request = self.request()?;
        if !all {
            let asked = request.clone();
            return ctx.write(request, move |reply| shown(&asked, &reply)).await;
        }
        let columns = request.operation.columns;
        if request.operation.pages().is_none() {
            return Err(Error::usage(format!("--all: {} has no pages that are known", request.path))
                .hint("leave it out, and ask for further pages with limit and offset, or with cursor"));
        }
        let pages = Pages::new(&ctx.client, request, Window::default());
        Ok(Done::Listing(Listing::new(Rows::Pages(Box::new(pages)), columns)))
    }

    fn request(self) -> Result<Request, Error> {
        let (given, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let segments = segments(given)?;
        let operation = api::row(self.method, &segments);
        let path = path::join(segments.iter().map(|segment| ("part of the path", *segment)))?;
        let mut request = Request::new(operation, path, fields(self.field)?)?;
        let asked = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        request.query.splice(0..0, asked);
        if let Some(input) = self.input {
            if !operation.has_body() {
                return Err(Error::usage(format!("--input: {} has no body", operation.method.as_str()))
                    .hint("put it into the query with --field"));
            }
            request.body = Some(input);
        }
        Ok(request)
    }
}

fn fields(given: Vec<(String, Value)>) -> Result<Map<String, Value>, Error> {
    let mut fields = Map::new();
    for (name, value) in given {
        if fields.contains_key(&name) {
            return Err(Error::usage(format!("--field: {name} is given twice"))
                .hint(format!("give several values as one list: {name}:='[…]'")));
        }
        fields.insert(name, value);
    }
    Ok(fields)
}

/// The parts of a path. Only this API's paths are taken, and every part as the text it stands for, so
/// that no encoding can lead elsewhere.
fn segments(path: &str) -> Result<Vec<&str>, Error> {
    let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    let odd = |c: char| matches!(c, '%' | '#' | '{' | '}');
    if segments.len() > 1 && segments.first() == Some(&"v2") && !path.contains(odd) {
        return Ok(segments);
    }
    Err(Error::usage(format!("not a path of Attio's API: {path:?}"))
        .hint("give /v2/ and what follows, without a host; its parts are encoded for you"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_api_are_taken() {
        for good in ["/v2/notes", "v2/notes", "/v2/objects/x/attributes/stage/statuses/In Progress"] {
            assert!(segments(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/",
            "/v2",
            "//evil.tld/v2/notes",
            "https://evil.tld/v2/notes",
            "/v3/notes",
            "/v2/a%2fb",
            "/v2/a#b",
        ] {
            assert!(segments(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn fields_are_text_unless_they_say_json() {
        assert_eq!(field("a=1"), Ok(("a".to_owned(), "1".into())));
        assert_eq!(field("a:=1"), Ok(("a".to_owned(), 1.into())));
        assert_eq!(field("a=b=c"), Ok(("a".to_owned(), "b=c".into())));
        for bad in ["a", "=1", ":=1", "a:=x"] {
            assert!(field(bad).is_err(), "{bad}");
        }
    }
}
