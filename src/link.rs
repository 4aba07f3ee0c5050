//! Attio app URLs: what one points at. Pure; no key, no network.
//!
//! A URL comes from a chat, a mail or an agent, and what it yields goes on into API paths. So its
//! text is compared part by part with what Attio writes: nothing is decoded, normalized or guessed.
//! (The parser of the `url` crate repairs what it reads: it drops tabs, turns `\` into `/` and
//! resolves `..`. Here all of these are refused.)

use serde::Serialize;

use crate::error::Error;

/// The one host of the Attio app.
const HOST: &str = "app.attio.com";

/// First segments that are pages of their own and never a workspace.
const NOT_A_WORKSPACE: [&str; 3] = ["authorize", "oauth", "welcome"];

/// Second segments that are never an object: other pages of the app.
const NOT_AN_OBJECT: [&str; 22] = [
    "apps",
    "automations",
    "calls",
    "chat",
    "collection",
    "custom",
    "dashboards",
    "emails",
    "home",
    "inbox",
    "meetings",
    "notes",
    "notifications",
    "record",
    "reports",
    "search",
    "sequences",
    "settings",
    "tasks",
    "view",
    "views",
    "workflows",
];

/// Objects whose records stand right behind them in a URL; those of all others only behind `record`.
const WITH_RECORDS: [&str; 7] = ["companies", "company", "deals", "people", "person", "users", "workspaces"];

/// What a URL points at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A record of an object.
    Record,
    /// A note, on its record or on the page of all notes.
    Note,
    /// The page of all notes.
    Notes,
    /// A task.
    Task,
    /// The page of all tasks.
    Tasks,
    /// A list.
    List,
    /// A saved view of a list.
    ListView,
    /// A call recording.
    Recording,
    /// All records of an object.
    Object,
    /// A page of the settings.
    Settings,
    /// The workspace itself.
    #[default]
    Workspace,
}

/// The parts of an Attio app URL. UUIDs are in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it points at.
    pub kind: Kind,
    /// The workspace; `_` stands for the one a browser is signed in to.
    pub workspace_slug: String,
    /// The object by its API slug, as `companies`.
    pub object_type: Option<String>,
    /// The record; for a note or task, the one it was opened on.
    pub record_id: Option<String>,
    /// The note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note_id: Option<String>,
    /// The task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// The list, by ID or slug.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The view of a list. Beside a record: the same ID, as `/{object}/view/{id}` may mean either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view_id: Option<String>,
    /// The meeting of a recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_id: Option<String>,
    /// The call recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_recording_id: Option<String>,
}

/// Takes an Attio app URL apart. `https://` may be missing; another scheme, a port, a user name or a
/// host that only looks like Attio's is refused.
///
/// # Errors
/// Wrong usage: no Attio URL, or one of an unknown shape.
pub fn parse(url: &str) -> Result<Link, Error> {
    let (path, query) = split(url.trim()).ok_or_else(|| not_attio(url))?;
    let segments: Vec<&str> = path.split('/').collect();
    let (workspace, rest) = match segments.as_slice() {
        [workspace, rest @ ..] if segments.iter().all(|segment| is_slug(segment)) => (*workspace, rest),
        _ => return Err(not_attio(url).why("its path has a part that no Attio URL has")),
    };
    if NOT_A_WORKSPACE.contains(&workspace) {
        return Err(not_attio(url).why("it is a sign-in page, not a page of a workspace"));
    }
    let page = page(rest).ok_or_else(|| unknown(workspace, rest))?;
    open_modal(Link { workspace_slug: workspace.to_owned(), ..page }, query)
}

/// The path without its outer slashes, and the query, if the text before them is Attio's.
fn split(url: &str) -> Option<(&str, &str)> {
    let rest = strip_prefix_any_case(url, "https://").unwrap_or(url);
    let rest = strip_prefix_any_case(rest, HOST)?.strip_prefix('/')?;
    let (rest, _fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    Some((path.strip_suffix('/').unwrap_or(path), query))
}

/// What the segments after the workspace say, with the most particular shapes first.
fn page(segments: &[&str]) -> Option<Link> {
    let page = |kind| Some(Link { kind, ..Link::default() });
    match segments {
        [] => page(Kind::Workspace),
        ["settings", ..] => page(Kind::Settings),
        ["tasks"] => page(Kind::Tasks),
        ["notes"] | ["notes", "notes"] => page(Kind::Notes),
        ["collection", list] => Some(list_page(list, None)),
        ["collection", list, "view", view, ..] => Some(list_page(list, Some(uuid(view)?))),
        ["calls", meeting, recording, ..] => Some(Link {
            kind: Kind::Recording,
            meeting_id: Some(uuid(meeting)?),
            call_recording_id: Some(uuid(recording)?),
            ..Link::default()
        }),
        ["custom", rest @ ..] => object_page(rest),
        rest => object_page(rest),
    }
}

/// The page of an object or of one of its records, on whatever tab.
fn object_page(segments: &[&str]) -> Option<Link> {
    let (object, rest) = segments.split_first()?;
    if NOT_AN_OBJECT.contains(object) || uuid(object).is_some() {
        return None;
    }
    let (record, view) = match rest {
        [] => (None, None),
        ["record", id, ..] => (Some(uuid(id)?), None),
        ["view", id, ..] => (Some(uuid(id)?), Some(uuid(id)?)),
        [id, ..] if WITH_RECORDS.contains(object) => (Some(uuid(id)?), None),
        _ => return None,
    };
    Some(Link {
        kind: if record.is_some() { Kind::Record } else { Kind::Object },
        object_type: Some(api_slug(object)),
        record_id: record,
        view_id: view,
        ..Link::default()
    })
}

fn list_page(list: &str, view: Option<String>) -> Link {
    Link {
        kind: if view.is_some() { Kind::ListView } else { Kind::List },
        list: Some(uuid(list).unwrap_or_else(|| list.to_owned())),
        view_id: view,
        ..Link::default()
    }
}

/// A note or task opened over a page is what the URL is about.
fn open_modal(link: Link, query: &str) -> Result<Link, Error> {
    let value =
        |name| url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, v)| v);
    let modal = value("modal");
    let is_task = modal.as_deref() == Some("task") || (modal.is_none() && link.kind == Kind::Tasks);
    let Some(id) = value("id").filter(|_| is_task || modal.as_deref() == Some("note")) else {
        return Ok(link);
    };
    let id = uuid(&id)
        .ok_or_else(|| Error::usage("the id in the URL is not a UUID").why(format!("it is \"{id}\"")))?;
    Ok(if is_task {
        Link { kind: Kind::Task, task_id: Some(id), ..link }
    } else {
        Link { kind: Kind::Note, note_id: Some(id), ..link }
    })
}

/// The API's name of an object that has another one in URLs.
fn api_slug(object: &str) -> String {
    match object {
        "person" => "people",
        "company" => "companies",
        other => other,
    }
    .to_owned()
}

fn is_slug(segment: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=64).contains(&segment.len()) && segment.bytes().all(allowed)
}

/// A UUID in its usual form of 36 characters, in lower case.
fn uuid(segment: &str) -> Option<String> {
    let id = uuid::Uuid::try_parse(segment).ok()?;
    (segment.len() == uuid::fmt::Hyphenated::LENGTH).then(|| id.to_string())
}

fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn not_attio(url: &str) -> Error {
    Error::usage(format!("not an Attio URL: {}", url.trim()))
        .hint(format!("copy it from the browser; it begins with https://{HOST}/ and the workspace"))
}

fn unknown(workspace: &str, rest: &[&str]) -> Error {
    Error::usage(format!("unknown shape of an Attio URL: /{}", rest.join("/")))
        .why(format!(
            "the workspace is \"{workspace}\", the rest names no record, note, task, list or recording"
        ))
        .hint("open the record itself and copy its URL")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_id(id: Option<&String>) -> bool {
        id.is_none_or(|id| uuid(id).as_ref() == Some(id))
    }

    proptest! {
        /// What goes into paths is a slug or a UUID, whatever the address was.
        #[test]
        fn any_text_is_a_link_or_refused(
            text in "(https://)?(app\\.attio\\.com)?(/|\\?|#|&|=|%2f|\\.\\.|[a-z]{1,8}|company|note|modal|id|\\PC){0,12}",
        ) {
            if let Ok(link) = parse(&text) {
                prop_assert!(is_slug(&link.workspace_slug));
                prop_assert!(link.object_type.as_deref().is_none_or(is_slug));
                prop_assert!(link.list.as_deref().is_none_or(is_slug));
                for id in [&link.record_id, &link.note_id, &link.task_id, &link.view_id, &link.meeting_id] {
                    prop_assert!(is_id(id.as_ref()), "{link:?}");
                }
            }
        }

        #[test]
        fn a_record_is_found_in_its_url(
            workspace in "[a-z0-9][a-z0-9-]{0,20}", object in prop::sample::select(&WITH_RECORDS[..]), id in any::<u128>(),
            tab in prop::sample::select(&["", "/", "/activity", "?x=%2F", "#top"][..]), upper in any::<bool>(),
        ) {
            prop_assume!(!NOT_A_WORKSPACE.contains(&workspace.as_str()));
            let id = uuid::Uuid::from_u128(id).to_string();
            let shown = if upper { id.to_uppercase() } else { id.clone() };
            let link = parse(&format!(" https://app.attio.com/{workspace}/{object}/{shown}{tab}\n")).unwrap();
            prop_assert_eq!((link.record_id, link.object_type), (Some(id), Some(api_slug(object))));
        }
    }
}
