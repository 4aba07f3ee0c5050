//! Finds the handler of a request and wraps its answer. A new resource is its own file and its rows in [`ROUTES`].

use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderValue, Request, Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::problem::Problem;
use super::state::{State, named_id};
use super::values::time;
use super::{
    activities, attributes, choices, emails, entries, history, lists, members, merge, notes, objects,
    records, search, sequences, sql, tasks, views, write,
};

type Answer = Result<Value, Problem>;

/// What answers a request. The type says whether it may change the state.
#[derive(Clone, Copy)]
enum Handler {
    Read(fn(&State, &Call) -> Answer),
    Write(fn(&mut State, &Call) -> Answer),
}
use Handler::{Read, Write};

/// Method, path pattern, handler. `{}` stands for one segment, handed over in order.
const ROUTES: &[(&str, &str, Handler)] = &[
    ("GET", "/v2/self", Read(members::me)),
    ("GET", "/v2/workspace_members", Read(members::list)),
    ("GET", "/v2/workspace_members/{}", Read(members::get)),
    ("GET", "/v2/objects", Read(objects::list)),
    ("POST", "/v2/objects", Write(objects::create)),
    ("GET", "/v2/objects/{}", Read(objects::get)),
    ("PATCH", "/v2/objects/{}", Write(objects::update)),
    ("DELETE", "/v2/objects/{}", Write(objects::delete)),
    ("GET", "/v2/objects/{}/views", Read(views::list)),
    ("GET", "/v2/objects/{}/attributes", Read(attributes::list)),
    ("POST", "/v2/objects/{}/attributes", Write(attributes::create)),
    ("GET", "/v2/objects/{}/attributes/{}", Read(attributes::get)),
    ("PATCH", "/v2/objects/{}/attributes/{}", Write(attributes::update)),
    ("GET", "/v2/objects/{}/attributes/{}/options", Read(choices::list_options)),
    ("POST", "/v2/objects/{}/attributes/{}/options", Write(choices::create_option)),
    ("PATCH", "/v2/objects/{}/attributes/{}/options/{}", Write(choices::update_option)),
    ("GET", "/v2/objects/{}/attributes/{}/statuses", Read(choices::list_statuses)),
    ("POST", "/v2/objects/{}/attributes/{}/statuses", Write(choices::create_status)),
    ("PATCH", "/v2/objects/{}/attributes/{}/statuses/{}", Write(choices::update_status)),
    ("POST", "/v2/objects/records/search", Read(search::search)),
    ("POST", "/v2/objects/{}/records/query", Read(records::query)),
    ("POST", "/v2/objects/{}/records", Write(write::create)),
    ("PUT", "/v2/objects/{}/records", Write(write::upsert)),
    ("POST", "/v2/objects/{}/records/merge", Write(merge::merge)),
    ("GET", "/v2/objects/{}/records/{}", Read(records::get)),
    ("PATCH", "/v2/objects/{}/records/{}", Write(write::append)),
    ("PUT", "/v2/objects/{}/records/{}", Write(write::replace)),
    ("DELETE", "/v2/objects/{}/records/{}", Write(records::delete)),
    ("GET", "/v2/objects/{}/records/{}/attributes/{}/values", Read(records::values)),
    ("PUT", "/v2/objects/{}/records/{}/attributes/{}/values", Write(history::of_record)),
    ("GET", "/v2/objects/{}/records/{}/entries", Read(entries::of_record)),
    ("GET", "/v2/lists", Read(lists::list)),
    ("POST", "/v2/lists", Write(lists::create)),
    ("GET", "/v2/lists/{}", Read(lists::get)),
    ("PATCH", "/v2/lists/{}", Write(lists::update)),
    ("GET", "/v2/lists/{}/views", Read(views::list)),
    ("GET", "/v2/lists/{}/attributes", Read(attributes::list)),
    ("POST", "/v2/lists/{}/attributes", Write(attributes::create)),
    ("GET", "/v2/lists/{}/attributes/{}", Read(attributes::get)),
    ("PATCH", "/v2/lists/{}/attributes/{}", Write(attributes::update)),
    ("GET", "/v2/lists/{}/attributes/{}/options", Read(choices::list_options)),
    ("POST", "/v2/lists/{}/attributes/{}/options", Write(choices::create_option)),
    ("PATCH", "/v2/lists/{}/attributes/{}/options/{}", Write(choices::update_option)),
    ("GET", "/v2/lists/{}/attributes/{}/statuses", Read(choices::list_statuses)),
    ("POST", "/v2/lists/{}/attributes/{}/statuses", Write(choices::create_status)),
    ("PATCH", "/v2/lists/{}/attributes/{}/statuses/{}", Write(choices::update_status)),
    ("POST", "/v2/lists/{}/entries/query", Read(entries::query)),
    ("POST", "/v2/lists/{}/entries", Write(entries::create)),
    ("PUT", "/v2/lists/{}/entries", Write(entries::upsert)),
    ("GET", "/v2/lists/{}/entries/{}", Read(entries::get)),
    ("PATCH", "/v2/lists/{}/entries/{}", Write(entries::append)),
    ("PUT", "/v2/lists/{}/entries/{}", Write(entries::replace)),
    ("DELETE", "/v2/lists/{}/entries/{}", Write(entries::delete)),
    ("GET", "/v2/lists/{}/entries/{}/attributes/{}/values", Read(entries::values)),
    ("PUT", "/v2/lists/{}/entries/{}/attributes/{}/values", Write(history::of_entry)),
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
    ("GET", "/v2/activities", Read(activities::list)),
    ("POST", "/v2/activities", Read(activities::create)),
    ("GET", "/v2/activities/{}", Read(activities::get)),
    ("PATCH", "/v2/activities/{}", Read(activities::edit)),
    ("DELETE", "/v2/activities/{}", Read(activities::edit)),
    ("POST", "/v2/activities/{}/records/query", Read(activities::query)),
    ("POST", "/v2/activities/{}/records", Read(activities::create_record)),
    ("PUT", "/v2/activities/{}/records", Read(activities::upsert_record)),
    ("GET", "/v2/activities/{}/records/{}", Read(activities::record)),
    ("PATCH", "/v2/activities/{}/records/{}", Read(activities::record)),
    ("PUT", "/v2/activities/{}/records/{}", Read(activities::record)),
    ("DELETE", "/v2/activities/{}/records/{}", Read(activities::record)),
    ("GET", "/v2/emails", Read(emails::list)),
    ("POST", "/v2/sql", Read(sql::run)),
    ("POST", "/v2/sequences/unsubscribed_emails", Write(sequences::unsubscribe)),
];

/// What Attio has and the sandbox has not: refused as such instead of as an unknown path. `{…}` takes any number of
/// further segments, also none.
const NOT_MODELLED: &[(&str, &str)] = &[
    ("", "/v2/threads/{…}"),
    ("", "/v2/comments/{…}"),
    ("", "/v2/meetings/{…}"),
    ("", "/v2/webhooks/{…}"),
    ("", "/v2/files/{…}"),
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
    body: &'a [u8],
}

/// A part of a listing.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub limit: usize,
    pub offset: usize,
}

impl Call<'_> {
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

    /// `limit`, from 1 up, and `cursor` of the query string.
    pub(super) fn cursor_page(&self, default: usize, most: usize) -> Result<Page, Problem> {
        let Page { limit, .. } = self.page(default, most)?;
        if limit == 0 {
            return Err(Problem::query("limit", "Number must be greater than or equal to 1"));
        }
        let bad = |_| Problem::query("cursor", "Invalid cursor");
        let offset =
            self.query("cursor").map(|text| usize::from_str_radix(text, 16).map_err(bad)).transpose()?;
        Ok(Page { limit, offset: offset.unwrap_or(0) })
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

    /// The time of the request as Attio writes it.
    pub(super) fn stamp(&self) -> String {
        time::stamp(self.now)
    }
}

impl Page {
    pub(super) fn of<T>(self, items: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        items.into_iter().skip(self.offset).take(self.limit)
    }

    /// A listing by cursor. The cursor is opaque to clients; here it is where the next page begins.
    pub(super) fn answer(self, items: Vec<Value>) -> Value {
        let next = self.offset.saturating_add(self.limit);
        let next = (next < items.len()).then(|| format!("{next:x}"));
        json!({"data": self.of(items).collect::<Vec<_>>(), "pagination": {"next_cursor": next}})
    }
}

/// Answers a request from the state alone: no file, no clock, no network. A refused request leaves the state as it was.
pub fn respond(state: &mut State, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
    match dispatch(state, request, now) {
        Ok(body) => response(StatusCode::OK, &body, request, now),
        Err(problem) => refuse(&problem, request, now),
    }
}

/// Whether a request may change the state, so that it needs the file for itself.
pub(super) fn writes(request: &Request<Vec<u8>>) -> bool {
    matches!(find(request.method().as_str(), request.uri().path()), Some((Write(_), _)))
}

/// The response that carries a problem.
pub(super) fn refuse(problem: &Problem, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
    response(problem.status, &problem.to_json(), request, now)
}

fn dispatch(state: &mut State, request: &Request<Vec<u8>>, now: Timestamp) -> Answer {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let key = request.headers().get(header::AUTHORIZATION).ok_or_else(Problem::unauthorized)?;
    if is_dead(key) {
        let asked = method == "GET" && path == "/v2/self"; // the one place where a dead key is no error
        return if asked { Ok(json!({"active": false})) } else { Err(Problem::dead_key()) };
    }
    let Some((handler, params)) = find(method, path) else {
        let known =
            |row: &&(&str, &str)| (row.0.is_empty() || row.0 == method) && capture(row.1, path).is_some();
        return Err(match NOT_MODELLED.iter().find(known) {
            Some(_) => Problem::not_modelled(&format!("\"{method} {path}\"")),
            None => Problem::endpoint(method, path),
        });
    };
    let query = request.uri().query().unwrap_or_default();
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let call = Call { now, path, params, query, body: request.body() };
    match handler {
        Read(run) => run(state, &call),
        Write(run) => run(state, &call),
    }
}

/// Any key will do, save one with `dead` in it: it behaves as a revoked key does at Attio.
fn is_dead(key: &HeaderValue) -> bool {
    key.as_bytes().windows(4).any(|part| part == b"dead")
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
                params.push(uuid.map_or_else(|| decoded(segment), |id| id.to_string()));
            }
            (part, Some(segment)) if part == segment => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(params)
}

/// A segment without percent signs: titles of options stand in paths, too.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = after.get(byte.map_or(0, |_| 2)..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn response(
    status: StatusCode,
    body: &Value,
    request: &Request<Vec<u8>>,
    now: Timestamp,
) -> Response<Vec<u8>> {
    static ANSWERED: AtomicU64 = AtomicU64::new(0);
    let nth = ANSWERED.fetch_add(1, Ordering::Relaxed);
    let execution = named_id(&format!("execution {} {nth} {now}", std::process::id()));
    let mut response = Response::new(body.to_string().into_bytes());
    *response.status_mut() = status;
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set("content-type", "application/json; charset=utf-8");
    set("x-attio-execution-id", &execution);
    if status.is_success() && !writes(request) {
        set("x-accurate-at", &time::stamp(now));
    }
    if request.uri().path().ends_with("/query") {
        set("x-attio-record-query-score", "0");
    }
    response
}
