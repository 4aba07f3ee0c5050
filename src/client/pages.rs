//! Walking a listing, whatever its style: callers see rows, a page at a time.
//!
//! Attio tells no total and no `has_more`, so one row more than wanted is asked for: it is not shown,
//! but its being there is how a listing knows that it is not complete.

use super::request::{Paging, Request};
use super::{Client, Reply};
use crate::error::Error;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::HashSet;

/// After this many pages a listing is a long job and leaves room for others.
const PACED_AFTER: usize = 20;

/// Which part of a listing is wanted.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Rows to skip.
    pub offset: usize,
    /// Where to begin, in listings that are continued by a cursor.
    pub cursor: Option<String>,
    /// Rows at the most; `None` for all of them.
    pub limit: Option<usize>,
}

/// Where a listing that stopped early goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Nowhere: it is complete.
    None,
    /// There is more, but it cannot be had this way.
    Unreachable,
    /// At this offset.
    Offset(usize),
    /// At this cursor.
    Cursor(String),
}

/// A listing under way. Its memory is a page, however long it gets.
pub struct Pages<'c> {
    client: &'c Client,
    request: Request,
    window: Window,
    pages: usize,
    fetched: usize,
    returned: usize,
    more: bool,
    ended: bool,
    cursor: Option<String>,
    /// IDs of this page and the one before: rows move between pages when others write meanwhile.
    recent: [HashSet<String>; 2],
}

/// What is done with a row.
pub type Take<'t> = &'t mut dyn FnMut(&RawValue) -> Result<(), Error>;

impl<'c> Pages<'c> {
    /// The listing that `request` asks for.
    pub fn new(client: &'c Client, mut request: Request, window: Window) -> Self {
        if window.limit.is_none() {
            order_stably(&mut request);
        }
        Self {
            client,
            request,
            cursor: window.cursor.clone(),
            window,
            pages: 0,
            fetched: 0,
            returned: 0,
            more: false,
            ended: false,
            recent: [HashSet::new(), HashSet::new()],
        }
    }

    /// Hands the rows of the next page to `take`; `false` when there are no more pages. Rows are parts
    /// of the page's text, so that a page is in memory once.
    ///
    /// # Errors
    /// Those of the call and of `take`; a listing cannot be continued after one.
    pub async fn next(&mut self, take: Take<'_>) -> Result<bool, Error> {
        if self.ended {
            return Ok(false);
        }
        let asked = self.page_size();
        self.ask_for(asked);
        let used = self.cursor.take();
        let reply = self.client.call(&self.request).await?;
        let Page { data: mut rows, pagination } = page(&reply)?;
        self.pages += 1;
        self.fetched += rows.len();
        self.cursor = pagination.and_then(|pagination| pagination.next_cursor);
        self.ended = match self.request.operation.paging {
            // A short page is not the end here; a cursor that comes again would be for ever.
            Paging::Cursor { .. } => self.cursor.is_none() || self.cursor == used,
            _ => asked.is_none_or(|asked| rows.len() < asked),
        };
        match self.window.limit {
            None => self.forget_repeats(&mut rows),
            Some(limit) => {
                let room = limit - self.returned;
                let full = rows.len() >= room && self.cursor.is_some();
                self.more = rows.len() > room || full;
                self.ended |= self.more;
                rows.truncate(room);
            }
        }
        let by_cursor = matches!(self.request.operation.paging, Paging::Cursor { .. });
        if rows.is_empty() && !self.ended && !by_cursor {
            return Err(Error::failure("the list does not go on").why("the same rows came twice"));
        }
        self.returned += rows.len();
        rows.into_iter().try_for_each(take)?;
        Ok(true)
    }

    /// All rows of the window at once.
    ///
    /// # Errors
    /// Those of the calls.
    pub async fn collect(&mut self) -> Result<Vec<Box<RawValue>>, Error> {
        let mut all = Vec::new();
        let mut keep = |row: &RawValue| {
            all.push(row.to_owned());
            Ok(())
        };
        while self.next(&mut keep).await? {}
        Ok(all)
    }

    /// Rows handed out so far.
    pub fn returned(&self) -> usize {
        self.returned
    }

    /// Where to go on, when the listing stopped before its end.
    pub fn rest(&self) -> Rest {
        match &self.cursor {
            _ if !self.more => Rest::None,
            Some(cursor) => Rest::Cursor(cursor.clone()),
            None => Rest::Offset(self.window.offset.saturating_add(self.returned)),
        }
    }

    /// Rows to ask for, unless everything comes at once.
    fn page_size(&self) -> Option<usize> {
        let left = self.window.limit.map(|limit| limit.saturating_sub(self.fetched));
        match self.request.operation.paging {
            Paging::None => None,
            Paging::Query { min, max } => {
                Some(left.map_or(max, |left| left.saturating_add(1)).max(min).min(max))
            }
            Paging::Body { max, .. } => Some(left.map_or(max, |left| left.saturating_add(1)).min(max)),
            // The cursor of a page begins after its last row, so none may be asked for too much.
            Paging::Cursor { max } => Some(left.map_or(max, |left| left.max(1)).min(max)),
        }
    }

    fn ask_for(&mut self, size: Option<usize>) {
        let Some(size) = size else { return };
        let offset = self.window.offset.saturating_add(self.fetched);
        self.request.paced = self.pages >= PACED_AFTER;
        match self.request.operation.paging {
            Paging::None => {}
            Paging::Query { .. } => {
                self.request.ask("limit", size.to_string());
                self.request.ask("offset", offset.to_string());
            }
            Paging::Cursor { .. } => {
                self.request.ask("limit", size.to_string());
                if let Some(cursor) = self.cursor.clone() {
                    self.request.ask("cursor", cursor);
                }
            }
            Paging::Body { .. } => {
                if let Some(Value::Object(body)) = &mut self.request.body {
                    body.insert("limit".into(), json!(size));
                    body.insert("offset".into(), json!(offset));
                }
            }
        }
    }

    fn forget_repeats(&mut self, rows: &mut Vec<&RawValue>) {
        let [before, now] = &mut self.recent;
        std::mem::swap(before, now);
        now.clear();
        rows.retain(|row| match id(row) {
            Some(id) => !before.contains(id) && now.insert(id.to_owned()),
            None => true,
        });
    }
}

/// A page of any style.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
    #[serde(default)]
    pagination: Option<Pagination>,
}

/// What stands beside `data` in an answer that may go on.
#[derive(Deserialize, Default)]
pub struct Pagination {
    /// Where, if it does.
    #[serde(default)]
    pub next_cursor: Option<String>,
}

fn page(reply: &Reply) -> Result<Page<'_>, Error> {
    serde_json::from_str(&reply.body)
        .map_err(|e| Error::failure("Attio's list has a shape of its own").why(e.to_string()))
}

/// Without an order of its own, a listing that is read to the end gets one that no write disturbs.
fn order_stably(request: &mut Request) {
    if let (Paging::Body { order, .. }, Some(Value::Object(body))) =
        (request.operation.paging, &mut request.body)
        && !body.contains_key("sorts")
    {
        let sorts = order.iter().map(|attribute| json!({"direction": "asc", "attribute": attribute}));
        body.insert("sorts".into(), sorts.collect());
    }
}

/// The `id` of a row as text. It comes first, and the rest is long and was read before.
fn id(row: &RawValue) -> Option<&str> {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    let first = row.get().strip_prefix(r#"{"id":"#);
    let first = first.and_then(|rest| serde_json::Deserializer::from_str(rest).into_iter().next());
    let id: &RawValue = match first {
        Some(id) => id.ok()?,
        None => serde_json::from_str::<Head<'_>>(row.get()).ok()?.id,
    };
    Some(id.get())
}
