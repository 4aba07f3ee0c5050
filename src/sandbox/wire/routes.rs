//! Which handler answers a request. A new resource is its own file and its rows in [`ROUTES`].

use http::Response;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::resources::{
    activities, attributes, comments, emails, entries, files, history, lists, meetings, members, notes,
    objects, options, recordings, records, search, sequences, sql, tasks, threads, views, webhooks,
};
use crate::sandbox::store::database::Store;

type Json = Result<Value, Problem>;
type Bytes = Result<Response<Vec<u8>>, Problem>;

/// What answers a request. The type says whether it may change the store.
#[derive(Clone, Copy)]
pub(super) enum Handler {
    Read(fn(&Store, &Call) -> Json),
    Write(fn(&mut Store, &Call) -> Json),
    /// Reads; the answer is not a 200 with JSON.
    Fetch(fn(&Store, &Call) -> Bytes),
    /// Writes; the answer is not a 200 with JSON.
    Change(fn(&mut Store, &Call) -> Bytes),
}
use Handler::{Change, Fetch, Read, Write};

/// A handler and what stood for the `{}` of its pattern.
pub(super) struct Route {
    pub handler: Handler,
    pub params: Vec<String>,
}

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
    ("GET", "/v2/objects/{}/attributes", Read(attributes::read::list)),
    ("POST", "/v2/objects/{}/attributes", Write(attributes::define::create)),
    ("GET", "/v2/objects/{}/attributes/{}", Read(attributes::read::get)),
    ("PATCH", "/v2/objects/{}/attributes/{}", Write(attributes::change::update)),
    ("GET", "/v2/objects/{}/attributes/{}/options", Read(options::list_options)),
    ("POST", "/v2/objects/{}/attributes/{}/options", Write(options::create_option)),
    ("PATCH", "/v2/objects/{}/attributes/{}/options/{}", Write(options::update_option)),
    ("GET", "/v2/objects/{}/attributes/{}/statuses", Read(options::list_statuses)),
    ("POST", "/v2/objects/{}/attributes/{}/statuses", Write(options::create_status)),
    ("PATCH", "/v2/objects/{}/attributes/{}/statuses/{}", Write(options::update_status)),
    ("POST", "/v2/objects/records/search", Read(search::search)),
    ("POST", "/v2/objects/{}/records/query", Read(records::read::query)),
    ("POST", "/v2/objects/{}/records", Write(records::write::create)),
    ("PUT", "/v2/objects/{}/records", Write(records::write::upsert)),
    ("POST", "/v2/objects/{}/records/merge", Write(records::merge::merge)),
    ("GET", "/v2/objects/{}/records/{}", Read(records::read::get)),
    ("PATCH", "/v2/objects/{}/records/{}", Write(records::write::append)),
    ("PUT", "/v2/objects/{}/records/{}", Write(records::write::replace)),
    ("DELETE", "/v2/objects/{}/records/{}", Write(records::read::delete)),
    ("GET", "/v2/objects/{}/records/{}/attributes/{}/values", Read(history::list)),
    ("PUT", "/v2/objects/{}/records/{}/attributes/{}/values", Write(history::replace)),
    ("GET", "/v2/objects/{}/records/{}/entries", Read(entries::of_record)),
    ("GET", "/v2/lists", Read(lists::list)),
    ("POST", "/v2/lists", Write(lists::create)),
    ("GET", "/v2/lists/{}", Read(lists::get)),
    ("PATCH", "/v2/lists/{}", Write(lists::update)),
    ("GET", "/v2/lists/{}/views", Read(views::list)),
    ("GET", "/v2/lists/{}/attributes", Read(attributes::read::list)),
    ("POST", "/v2/lists/{}/attributes", Write(attributes::define::create)),
    ("GET", "/v2/lists/{}/attributes/{}", Read(attributes::read::get)),
    ("PATCH", "/v2/lists/{}/attributes/{}", Write(attributes::change::update)),
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
    ("GET", "/v2/lists/{}/entries/{}/attributes/{}/values", Read(history::list)),
    ("PUT", "/v2/lists/{}/entries/{}/attributes/{}/values", Write(history::replace)),
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
    ("GET", "/v2/meetings", Read(meetings::requests::list)),
    ("POST", "/v2/meetings", Write(meetings::requests::create)),
    ("GET", "/v2/meetings/{}", Read(meetings::requests::get)),
    ("PATCH", "/v2/meetings/{}", Write(meetings::requests::link)),
    ("PUT", "/v2/meetings/{}", Write(meetings::requests::relink)),
    ("DELETE", "/v2/meetings/{}", Write(meetings::requests::delete)),
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

pub(super) fn find(method: &str, path: &str) -> Option<Route> {
    ROUTES.iter().filter(|route| route.0 == method).find_map(|(_, pattern, handler)| {
        capture(pattern, path).map(|params| Route { handler: *handler, params })
    })
}

/// The segments that stand for `{}`, or `None` when the path does not fit. UUIDs are taken in any case.
fn capture(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut segments = path.split('/');
    let mut params = Vec::new();
    for part in pattern.split('/') {
        match (part, segments.next()) {
            ("{}", Some(segment)) if !segment.is_empty() => {
                let uuid = uuid::Uuid::try_parse(segment).ok().filter(|_| segment.len() == 36);
                // Titles of options stand in paths, too.
                let text = || percent_decode_str(segment).decode_utf8_lossy().into_owned();
                params.push(uuid.map_or_else(text, |id| id.to_string()));
            }
            (part, Some(segment)) if part == segment => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(params)
}
