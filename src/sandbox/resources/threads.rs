//! Threads: comments that belong together. They are not stored; their comments tell of them.

use serde_json::{Value, json};

use crate::sandbox::engine::named_record;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::request::cursor;
use crate::sandbox::engine::values::time;
use crate::sandbox::resources::comments::{self, Comment, Entry};
use crate::sandbox::store::state::State;

/// Replies that a listing shows of each thread.
const REPLIES: usize = 80;

/// Oldest first, ten a page, at most fifty. Threads on entries are not listed with the record.
pub(crate) fn list(state: &State, call: &Call) -> Result<Value, Problem> {
    let page = call.page(10, 50)?;
    let record = named_record::in_query(state, call, ["object", "record_id"])?;
    let entry = entry_in_query(state, call)?;
    let wanted = |first: &&Comment| {
        let on_record = record.as_ref().is_none_or(|record| first.entry.is_none() && first.record == *record);
        on_record && (entry.is_none() || first.entry == entry)
    };
    let opens = |comment: &&Comment| comment.id == comment.thread;
    let mut threads: Vec<&Comment> = state.comments.iter().filter(opens).filter(wanted).collect();
    threads.sort_by_key(|first| (&first.created_at, &first.id));
    let data: Vec<Value> = page
        .of(threads)
        .map(|first| {
            let mut comments = comments_of(state, &first.id);
            let more = comments.len() > REPLIES + 1;
            comments.truncate(REPLIES + 1);
            let mut thread = read(state, first, &comments);
            thread["has_more_comments"] = more.into();
            thread
        })
        .collect();
    Ok(json!({ "data": data }))
}

/// One thread with its comments, oldest first, up to 250 a page.
pub(crate) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    let id = call.param(0);
    let missing = || Problem::not_found(format!("Thread with ID \"{id}\" was not found."));
    let all = comments_of(state, id);
    let first = *all.first().ok_or_else(missing)?;
    let since = call.query("created_after").map(|text| {
        time::full_timestamp(text).ok_or_else(|| Problem::query("created_after", "Invalid timestamp"))
    });
    let since = since.transpose()?;
    let later =
        all.into_iter().filter(|comment| since.as_ref().is_none_or(|since| comment.created_at > *since));
    let (comments, pagination) = cursor::page(call, 250, 250)?.of(later, position, false);
    Ok(json!({"data": read(state, first, &comments), "pagination": pagination}))
}

/// The comments of a thread, the one that opened it first.
fn comments_of<'s>(state: &'s State, thread: &str) -> Vec<&'s Comment> {
    let mut comments: Vec<&Comment> =
        state.comments.iter().filter(|comment| comment.thread == thread).collect();
    comments.sort_by_cached_key(|comment| position(comment).0);
    comments
}

/// A reply may be dated before the comment it answers.
fn position(comment: &Comment) -> (String, &str) {
    let reply = u8::from(comment.id != comment.thread);
    (format!("{reply}{}", comment.created_at), &comment.id)
}

fn entry_in_query(state: &State, call: &Call) -> Result<Option<Entry>, Problem> {
    match (call.query("list"), call.uuid("entry_id")?) {
        (None, None) => Ok(None),
        (Some(name), Some(entry_id)) => {
            let (_, table) = state.list(name).ok_or_else(|| Problem::list(name))?;
            Ok(Some(Entry { entry_id, list_id: table.id.clone() }))
        }
        (None, _) => Err(Problem::query("list", "Required together with entry_id")),
        (_, None) => Err(Problem::query("entry_id", "Required together with list")),
    }
}

fn read(state: &State, first: &Comment, comments: &[&Comment]) -> Value {
    json!({
        "id": {"workspace_id": state.workspace_id, "thread_id": first.thread},
        "comments": comments.iter().map(|comment| comments::read(state, comment)).collect::<Vec<_>>(),
        "created_at": first.created_at,
    })
}
