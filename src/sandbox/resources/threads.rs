//! Threads: comments that belong together. They are not stored; their comments tell of them.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::request::cursor;
use crate::sandbox::engine::values::time;
use crate::sandbox::engine::{find, named_record};
use crate::sandbox::resources::comments::{self, Comment, Entry};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::things::Scope;

/// Replies that a listing shows of each thread.
const REPLIES: usize = 80;

/// Oldest first, ten a page, at most fifty. Threads on entries are not listed with the record.
pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let page = call.page(10, 50)?;
    let record = named_record::in_query(store, call, ["object", "record_id"])?;
    let entry = entry_in_query(store, call)?;
    let wanted = |first: &Comment| {
        let on_record = record.as_ref().is_none_or(|record| first.entry.is_none() && first.record == *record);
        on_record && (entry.is_none() || first.entry == entry)
    };
    let scope = record.as_ref().map_or(Scope::All, |record| Scope::Of(&record.record));
    let mut threads: Vec<Comment> = store.all(scope)?;
    threads.retain(|comment| comment.id == comment.thread && wanted(comment));
    threads.sort_by(|a, b| a.created_at.cmp(&b.created_at));
    let mut data = Vec::new();
    for first in page.of(threads) {
        let comments = comments_of(store, &first.id)?;
        let shown: Vec<&Comment> = comments.iter().take(REPLIES + 1).collect();
        let mut thread = show(store, &first, &shown);
        thread["has_more_comments"] = (comments.len() > REPLIES + 1).into();
        data.push(thread);
    }
    Ok(json!({ "data": data }))
}

/// One thread with its comments, oldest first, up to 250 a page.
pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    let id = call.param(0);
    let missing = || Problem::not_found(format!("Thread with ID \"{id}\" was not found."));
    let all = comments_of(store, id)?;
    let first = all.first().ok_or_else(missing)?;
    let since = call.query("created_after").map(|text| {
        time::full_timestamp(text).ok_or_else(|| Problem::query("created_after", "Invalid timestamp"))
    });
    let since = since.transpose()?;
    let later = all.iter().filter(|comment| since.as_ref().is_none_or(|since| comment.created_at > *since));
    let (comments, pagination) = cursor::page(call, 250, 250)?.of(later, position, false);
    Ok(json!({"data": show(store, first, &comments), "pagination": pagination}))
}

/// The comments of a thread, the one that opened it first.
fn comments_of(store: &Store, thread: &str) -> Result<Vec<Comment>, Problem> {
    let mut comments: Vec<Comment> = store.all(Scope::In(thread))?;
    comments.sort_by_cached_key(|comment| position(comment).0);
    Ok(comments)
}

/// A reply may be dated before the comment it answers.
fn position(comment: &Comment) -> (String, &str) {
    let reply = u8::from(comment.id != comment.thread);
    (format!("{reply}{}", comment.created_at), &comment.id)
}

fn entry_in_query(store: &Store, call: &Call) -> Result<Option<Entry>, Problem> {
    match (call.query("list"), call.uuid("entry_id")?) {
        (None, None) => Ok(None),
        (Some(name), Some(entry_id)) => {
            Ok(Some(Entry { entry_id, list_id: find::list(store, name)?.id.clone() }))
        }
        (None, _) => Err(Problem::query("list", "Required together with entry_id")),
        (_, None) => Err(Problem::query("entry_id", "Required together with list")),
    }
}

fn show(store: &Store, first: &Comment, comments: &[&Comment]) -> Value {
    json!({
        "id": {"workspace_id": store.workspace().id, "thread_id": first.thread},
        "comments": comments.iter().map(|comment| comments::show(store, comment)).collect::<Vec<_>>(),
        "created_at": first.created_at,
    })
}
