//! Finds the handler of a request and wraps its answer. A new resource is its own file and its rows in [`ROUTES`].

use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderValue, Request, Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::time;
use crate::sandbox::engine::write;
use crate::sandbox::resources::{
    activities, attributes, comments, emails, entries, files, history, lists, meetings, members, merge,
    notes, objects, options, recordings, records, search, sequences, sql, tasks, threads, views, webhooks,
};
use crate::sandbox::store::state::{State, named_id};

type Answer = Result<Value, Problem>;
pub(crate) type Reply = Result<Response<Vec<u8>>, Problem>;

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
    ("PATCH", "/v2/objects/{}", Write(objects::update)),
    ("DELETE", "/v2/objects/{}", Write(objects::delete)),
    ("GET", "/v2/objects/{}/views", Read(views::list)),
    ("GET", "/v2/objects/{}/attributes", Read(attributes::list)),
    ("POST", "/v2/objects/{}/attributes", Write(attributes::create)),
    ("GET", "/v2/objects/{}/attributes/{}", Read(attributes::get)),
    ("PATCH", "/v2/objects/{}/attributes/{}", Write(attributes::update)),
    ("GET", "/v2/objects/{}/attributes/{}/options", Read(options::list_options)),
    ("POST", "/v2/objects/{}/attributes/{}/options", Write(options::create_option)),
    ("PATCH", "/v2/objects/{}/attributes/{}/options/{}", Write(options::update_option)),
    ("GET", "/v2/objects/{}/attributes/{}/statuses", Read(options::list_statuses)),
    ("POST", "/v2/objects/{}/attributes/{}/statuses", Write(options::create_status)),
    ("PATCH", "/v2/objects/{}/attributes/{}/statuses/{}", Write(options::update_status)),
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
    ("GET", "/v2/lists/{}/attributes/{}/options", Read(options::list_options)),
    ("POST", "/v2/lists/{}/attributes/{}/options", Write(options::create_option)),
    ("PATCH", "/v2/lists/{}/attributes/{}/options/{}", Write(options::update_option)),
    ("GET", "/v2/lists/{}/attributes/{}/statuses", Read(options::list_statuses)),
    ("POST", "/v2/lists/{}/attributes/{}/statuses", Write(options::create_status)),
    ("PATCH", "/v2/lists/{}/attributes/{}/statuses/{}", Write(options::update_status)),
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

/// Method and path pattern of everything the sandbox serves; `{}` stands for one segment.
pub fn routes() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROUTES.iter().map(|(method, pattern, _)| (*method, *pattern))
}

/// Answers a request from the state alone: no file, no clock, no network. A refused request leaves the state as it was.
pub fn respond(state: &mut State, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
    match dispatch(state, request, now) {
        Ok(response) => finish(response, request, now),
        Err(problem) => refuse(&problem, request, now),
    }
}

/// Whether a request may change the state, so that it needs the file for itself.
pub(crate) fn writes(request: &Request<Vec<u8>>) -> bool {
    let found = find(request.method().as_str(), request.uri().path());
    matches!(found, Some((Write(_) | Change(_), _)))
}

/// The response that carries a problem.
pub(crate) fn refuse(problem: &Problem, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
    finish(json(problem.status, &problem.to_json()), request, now)
}

/// A response with a JSON body.
pub(crate) fn json(status: StatusCode, body: &Value) -> Response<Vec<u8>> {
    let mut response = Response::new(body.to_string().into_bytes());
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn dispatch(state: &mut State, request: &Request<Vec<u8>>, now: Timestamp) -> Reply {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let signed = path.starts_with(files::SIGNED);
    let key = request.headers().get(header::AUTHORIZATION);
    if key.is_none() && !signed {
        return Err(Problem::unauthorized());
    }
    if key.is_some_and(is_dead) {
        let asked = method == "GET" && path == "/v2/self"; // the one place where a dead key is no error
        let answer = json(StatusCode::OK, &json!({"active": false}));
        return if asked { Ok(answer) } else { Err(Problem::dead_key()) };
    }
    let (handler, params) = find(method, path).ok_or_else(|| Problem::endpoint(method, path))?;
    let call = Call::new(request, params, now);
    match handler {
        Read(run) => run(state, &call).map(|body| json(StatusCode::OK, &body)),
        Write(run) => run(state, &call).map(|body| json(StatusCode::OK, &body)),
        Fetch(run) => run(state, &call),
        Change(run) => run(state, &call),
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

/// A text without its percent signs: titles of options stand in paths, too.
pub(crate) fn decoded(segment: &str) -> String {
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
