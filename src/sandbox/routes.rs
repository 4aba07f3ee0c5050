//! Finds the handler of a request and wraps its answer. A new resource is its own file and its rows in [`ROUTES`].

use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderValue, Request, Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::Value;

use super::problem::Problem;
use super::state::{State, named_id};
use super::values::time;
use super::{attributes, choices, entries, lists, members, notes, objects, records, search, tasks, write};
use super::{comments, files, meetings, recordings, threads, webhooks};

type Answer = Result<Value, Problem>;
pub(super) type Reply = Result<Response<Vec<u8>>, Problem>;

/// What answers a request. The type says whether it may change the state.
#[derive(Clone, Copy)]
enum Handler {
    Read(fn(&State, &Call) -> Answer),
    Write(fn(&mut State, &Call) -> Answer),
    /// Reads; the answer is not a 200 with JSON.
    Fetch(fn(&State, &Call) -> Reply),
    /// Writes; the answer is not a 200 with JSON.
    Change(fn(&mut State, &Call) -> Reply),
}
use Handler::{Change, Fetch, Read, Write};

/// Method, path pattern, handler. `{}` stands for one segment, handed over in order.
const ROUTES: &[(&str, &str, Handler)] = &[
    ("GET", "/v2/self", Read(members::me)),
    ("GET", "/v2/workspace_members", Read(members::list)),
    ("GET", "/v2/workspace_members/{}", Read(members::get)),
    ("GET", "/v2/objects", Read(objects::list)),
    ("POST", "/v2/objects", Write(objects::create)),
    ("GET", "/v2/objects/{}", Read(objects::get)),
    ("GET", "/v2/objects/{}/attributes", Read(attributes::list)),
    ("POST", "/v2/objects/{}/attributes", Write(attributes::create)),
    ("GET", "/v2/objects/{}/attributes/{}", Read(attributes::get)),
    ("GET", "/v2/objects/{}/attributes/{}/options", Read(choices::list_options)),
    ("POST", "/v2/objects/{}/attributes/{}/options", Write(choices::create_option)),
    ("GET", "/v2/objects/{}/attributes/{}/statuses", Read(choices::list_statuses)),
    ("POST", "/v2/objects/{}/attributes/{}/statuses", Write(choices::create_status)),
    ("POST", "/v2/objects/records/search", Read(search::search)),
    ("POST", "/v2/objects/{}/records/query", Read(records::query)),
    ("POST", "/v2/objects/{}/records", Write(write::create)),
    ("PUT", "/v2/objects/{}/records", Write(write::upsert)),
    ("GET", "/v2/objects/{}/records/{}", Read(records::get)),
    ("PATCH", "/v2/objects/{}/records/{}", Write(write::append)),
    ("PUT", "/v2/objects/{}/records/{}", Write(write::replace)),
    ("DELETE", "/v2/objects/{}/records/{}", Write(records::delete)),
    ("GET", "/v2/objects/{}/records/{}/attributes/{}/values", Read(records::values)),
    ("GET", "/v2/objects/{}/records/{}/entries", Read(entries::of_record)),
    ("GET", "/v2/lists", Read(lists::list)),
    ("GET", "/v2/lists/{}", Read(lists::get)),
    ("GET", "/v2/lists/{}/attributes", Read(attributes::list)),
    ("POST", "/v2/lists/{}/attributes", Write(attributes::create)),
    ("GET", "/v2/lists/{}/attributes/{}", Read(attributes::get)),
    ("GET", "/v2/lists/{}/attributes/{}/options", Read(choices::list_options)),
    ("POST", "/v2/lists/{}/attributes/{}/options", Write(choices::create_option)),
    ("GET", "/v2/lists/{}/attributes/{}/statuses", Read(choices::list_statuses)),
    ("POST", "/v2/lists/{}/attributes/{}/statuses", Write(choices::create_status)),
    ("POST", "/v2/lists/{}/entries/query", Read(entries::query)),
    ("POST", "/v2/lists/{}/entries", Write(entries::create)),
    ("GET", "/v2/lists/{}/entries/{}", Read(entries::get)),
    ("PATCH", "/v2/lists/{}/entries/{}", Write(entries::append)),
    ("PUT", "/v2/lists/{}/entries/{}", Write(entries::replace)),
    ("DELETE", "/v2/lists/{}/entries/{}", Write(entries::delete)),
    ("GET", "/v2/lists/{}/entries/{}/attributes/{}/values", Read(entries::values)),
    ("GET", "/v2/notes", Read(notes::list)),
    ("POST", "/v2/notes", Write(notes::create)),
    ("GET", "/v2/notes/{}", Read(notes::get)),
    ("PATCH", "/v2/notes/{}", Write(notes::update)),
    ("DELETE", "/v2/notes/{}", Write(notes::delete)),
    ("GET", "/v2/tasks", Read(tasks::list)),
    ("POST", "/v2/tasks", Write(tasks::create)),
    ("GET", "/v2/tasks/{}", Read(tasks::get)),
    ("PATCH", "/v2/tasks/{}", Write(tasks::update)),
    ("DELETE", "/v2/tasks/{}", Write(tasks::delete)),
    ("GET", "/v2/threads", Read(threads::list)),
    ("GET", "/v2/threads/{}", Read(threads::get)),
    ("POST", "/v2/comments", Write(comments::create)),
    ("GET", "/v2/comments/{}", Read(comments::get)),
    ("DELETE", "/v2/comments/{}", Write(comments::delete)),
    ("GET", "/v2/meetings", Read(meetings::list)),
    ("POST", "/v2/meetings", Write(meetings::create)),
    ("GET", "/v2/meetings/{}", Read(meetings::get)),
    ("PATCH", "/v2/meetings/{}", Write(meetings::link)),
    ("PUT", "/v2/meetings/{}", Write(meetings::relink)),
    ("DELETE", "/v2/meetings/{}", Write(meetings::delete)),
    ("GET", "/v2/meetings/{}/call_recordings", Read(recordings::list)),
    ("POST", "/v2/meetings/{}/call_recordings", Write(recordings::create)),
    ("GET", "/v2/meetings/{}/call_recordings/{}", Read(recordings::get)),
    ("DELETE", "/v2/meetings/{}/call_recordings/{}", Change(recordings::delete)),
    ("GET", "/v2/meetings/{}/call_recordings/{}/transcript", Read(recordings::transcript)),
    ("GET", "/v2/files", Read(files::list)),
    ("POST", "/v2/files", Write(files::create)),
    ("POST", "/v2/files/upload", Change(files::upload)),
    ("GET", "/v2/files/{}", Read(files::get)),
    ("DELETE", "/v2/files/{}", Write(files::delete)),
    ("GET", "/v2/files/{}/download", Fetch(files::download)),
    ("GET", "/files/{}", Fetch(files::content)),
    ("GET", "/v2/webhooks", Read(webhooks::list)),
    ("POST", "/v2/webhooks", Write(webhooks::create)),
    ("GET", "/v2/webhooks/{}", Read(webhooks::get)),
    ("PATCH", "/v2/webhooks/{}", Write(webhooks::update)),
    ("DELETE", "/v2/webhooks/{}", Write(webhooks::delete)),
];

/// What Attio has and the sandbox has not: refused as such instead of as an unknown path. `{…}` takes any number of
/// further segments, also none.
const NOT_MODELLED: &[(&str, &str)] = &[
    ("PATCH", "/v2/objects/{}"),
    ("DELETE", "/v2/objects/{}"),
    ("GET", "/v2/objects/{}/views"),
    ("PATCH", "/v2/objects/{}/attributes/{…}"),
    ("POST", "/v2/objects/{}/records/merge"),
    ("PUT", "/v2/objects/{}/records/{}/attributes/{}/values"),
    ("POST", "/v2/lists"),
    ("PATCH", "/v2/lists/{}"),
    ("GET", "/v2/lists/{}/views"),
    ("PATCH", "/v2/lists/{}/attributes/{…}"),
    ("PUT", "/v2/lists/{}/entries"),
    ("PUT", "/v2/lists/{}/entries/{}/attributes/{}/values"),
    ("", "/v2/emails/{…}"),
    ("", "/v2/sql/{…}"),
    ("", "/v2/sequences/{…}"),
    ("", "/v2/activities/{…}"),
];

/// Method and path pattern of everything the sandbox serves; `{}` stands for one segment.
pub fn routes() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROUTES.iter().map(|(method, pattern, _)| (*method, *pattern))
}

/// A request, taken apart for a handler.
pub(super) struct Call<'a> {
    pub now: Timestamp,
    path: &'a str,
    params: Vec<String>,
    query: Vec<(String, String)>,
    content_type: &'a str,
    body: &'a [u8],
}

/// A part of a listing.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub limit: usize,
    pub offset: usize,
}

impl<'a> Call<'a> {
    /// The n-th `{}` of the path pattern.
    pub(super) fn param(&self, index: usize) -> &str {
        self.params.get(index).map_or("", String::as_str)
    }

    /// Whether the path leads to a list rather than to an object.
    pub(super) fn is_list(&self) -> bool {
        self.path.starts_with("/v2/lists/")
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A query parameter that is `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.query(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Problem::query(name, "Expected boolean, received string")),
        }
    }

    /// A query parameter that is the identifier of a record.
    pub(super) fn uuid(&self, name: &str) -> Result<Option<String>, Problem> {
        let bad = |_| Problem::query(name, "Invalid uuid");
        let id = self.query(name).map(uuid::Uuid::try_parse).transpose().map_err(bad)?;
        Ok(id.map(|id| id.to_string()))
    }

    /// `limit` and `offset` of the query string.
    pub(super) fn page(&self, default: usize, most: usize) -> Result<Page, Problem> {
        let limit = self.number("limit")?.unwrap_or(default);
        if limit > most {
            return Err(Problem::query("limit", &format!("Number must be less than or equal to {most}")));
        }
        Ok(Page { limit, offset: self.number("offset")?.unwrap_or(0) })
    }

    fn number(&self, name: &str) -> Result<Option<usize>, Problem> {
        let bad = |_| Problem::query(name, "Expected a whole number that is not negative");
        self.query(name).map(|text| text.parse().map_err(bad)).transpose()
    }

    /// The body as JSON; no body counts as an empty object.
    pub(super) fn json(&self) -> Answer {
        if self.body.is_empty() {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        serde_json::from_slice(self.body).map_err(|_| {
            Problem::invalid("validation_type", "Body payload validation error. The body is not valid JSON.")
        })
    }

    /// The body as it came, with its content type.
    pub(super) fn body(&self) -> (&'a str, &'a [u8]) {
        (self.content_type, self.body)
    }

    /// The time of the request as Attio writes it.
    pub(super) fn stamp(&self) -> String {
        time::stamp(self.now)
    }
}

impl Page {
    pub(super) fn of<T>(self, items: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        items.into_iter().skip(self.offset).take(self.limit)
    }
}

/// Answers a request from the state alone: no file, no clock, no network. A refused request leaves the state as it was.
pub fn respond(state: &mut State, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
    match dispatch(state, request, now) {
        Ok(response) => finish(response, request, now),
        Err(problem) => refuse(&problem, request, now),
    }
}

/// Whether a request may change the state, so that it needs the file for itself.
pub(super) fn writes(request: &Request<Vec<u8>>) -> bool {
    let found = find(request.method().as_str(), request.uri().path());
    matches!(found, Some((Write(_) | Change(_), _)))
}

/// The response that carries a problem.
pub(super) fn refuse(problem: &Problem, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
    finish(json(problem.status, &problem.to_json()), request, now)
}

/// A response with a JSON body.
pub(super) fn json(status: StatusCode, body: &Value) -> Response<Vec<u8>> {
    let mut response = Response::new(body.to_string().into_bytes());
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn dispatch(state: &mut State, request: &Request<Vec<u8>>, now: Timestamp) -> Reply {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let signed = path.starts_with(files::SIGNED);
    if !signed && !request.headers().contains_key(header::AUTHORIZATION) {
        return Err(Problem::unauthorized());
    }
    let Some((handler, params)) = find(method, path) else {
        return Err(unserved(method, path));
    };
    let query = request.uri().query().unwrap_or_default();
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default();
    let call = Call { now, path, params, query, content_type, body: request.body() };
    match handler {
        Read(run) => run(state, &call).map(|body| json(StatusCode::OK, &body)),
        Write(run) => run(state, &call).map(|body| json(StatusCode::OK, &body)),
        Fetch(run) => run(state, &call),
        Change(run) => run(state, &call),
    }
}

fn unserved(method: &str, path: &str) -> Problem {
    let known = |row: &&(&str, &str)| (row.0.is_empty() || row.0 == method) && capture(row.1, path).is_some();
    match NOT_MODELLED.iter().find(known) {
        Some(_) => Problem::not_modelled(&format!("\"{method} {path}\"")),
        None => Problem::endpoint(method, path),
    }
}

fn find(method: &str, path: &str) -> Option<(Handler, Vec<String>)> {
    ROUTES
        .iter()
        .filter(|route| route.0 == method)
        .find_map(|(_, pattern, handler)| capture(pattern, path).map(|params| (*handler, params)))
}

/// The segments that stand for `{}`, or `None` when the path does not fit. UUIDs are taken in any case.
fn capture(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut segments = path.split('/');
    let mut params = Vec::new();
    for part in pattern.split('/') {
        match (part, segments.next()) {
            ("{…}", _) => return Some(params),
            ("{}", Some(segment)) if !segment.is_empty() => {
                let uuid = uuid::Uuid::try_parse(segment).ok().filter(|_| segment.len() == 36);
                params.push(uuid.map_or_else(|| segment.to_owned(), |id| id.to_string()));
            }
            (part, Some(segment)) if part == segment => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(params)
}

/// Adds the headers that every response of Attio has.
fn finish(mut response: Response<Vec<u8>>, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
    static ANSWERED: AtomicU64 = AtomicU64::new(0);
    let nth = ANSWERED.fetch_add(1, Ordering::Relaxed);
    let execution = named_id(&format!("execution {} {nth} {now}", std::process::id()));
    let fresh = response.status().is_success() && !writes(request);
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set("x-attio-execution-id", &execution);
    if fresh {
        set("x-accurate-at", &time::stamp(now));
    }
    if request.uri().path().ends_with("/query") {
        set("x-attio-record-query-score", "0");
    }
    response
}
