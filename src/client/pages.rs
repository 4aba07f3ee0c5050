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
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Rows to skip.
    pub offset: usize,
    /// Rows at the most; `None` for all of them.
    pub limit: Option<usize>,
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
    /// IDs of this page and the one before: rows move between pages when others write meanwhile.
    recent: [HashSet<String>; 2],
}

/// What is done with a row.
pub type Take<'t> = &'t mut dyn FnMut(&RawValue) -> Result<(), Error>;

impl<'c> Pages<'c> {
    /// The listing that `request` asks for.
    pub fn new(client: &'c Client, request: Request, window: Window) -> Self {
        let recent = [HashSet::new(), HashSet::new()];
        Self { client, request, window, pages: 0, fetched: 0, returned: 0, more: false, ended: false, recent }
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
        let reply = self.client.call(&self.request).await?;
        let mut rows = rows(&reply)?;
        self.pages += 1;
        self.fetched += rows.len();
        self.ended = asked.is_none_or(|asked| rows.len() < asked);
        match self.window.limit {
            None => self.forget_repeats(&mut rows),
            Some(limit) => {
                let room = limit - self.returned;
                self.more = rows.len() > room;
                self.ended |= self.more;
                rows.truncate(room);
            }
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
    pub fn next_offset(&self) -> Option<usize> {
        self.more.then_some(self.window.offset + self.returned)
    }

    /// Rows to ask for, unless everything comes at once.
    fn page_size(&self) -> Option<usize> {
        let (Paging::Query { max } | Paging::Body { max }) = self.request.operation.paging else {
            return None;
        };
        let wanted = self.window.limit.map_or(max, |limit| limit.saturating_sub(self.fetched) + 1);
        Some(wanted.min(max))
    }

    fn ask_for(&mut self, size: Option<usize>) {
        let Some(size) = size else { return };
        let offset = self.window.offset + self.fetched;
        self.request.paced = self.pages >= PACED_AFTER;
        match self.request.operation.paging {
            Paging::None => {}
            Paging::Query { .. } => {
                let query = &mut self.request.query;
                query.retain(|(name, _)| name != "limit" && name != "offset");
                query.push(("limit".into(), size.to_string()));
                query.push(("offset".into(), offset.to_string()));
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

fn rows(reply: &Reply) -> Result<Vec<&RawValue>, Error> {
    #[derive(Deserialize)]
    struct Wrapped<'a> {
        #[serde(borrow)]
        data: Vec<&'a RawValue>,
    }
    let wrapped: Wrapped<'_> = serde_json::from_str(&reply.body)
        .map_err(|e| Error::failure("Attio's list has a shape of its own").why(e.to_string()))?;
    Ok(wrapped.data)
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
