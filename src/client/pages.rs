//! Walking a listing, whatever its style: callers see rows, a page at a time.
//!
//! Attio tells no total and no `has_more`, so one row more than wanted is asked for: it is not shown,
//! but its being there is how a listing knows that it is not complete.

use super::Client;
use super::request::{Paging, Request};
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

/// A listing under way. Its memory is two pages, however long it gets.
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

#[derive(Deserialize)]
struct Wrapped {
    data: Vec<Box<RawValue>>,
}

impl<'c> Pages<'c> {
    /// The listing that `request` asks for.
    pub fn new(client: &'c Client, request: Request, window: Window) -> Self {
        let recent = [HashSet::new(), HashSet::new()];
        Self { client, request, window, pages: 0, fetched: 0, returned: 0, more: false, ended: false, recent }
    }

    /// The next rows, or `None` at the end.
    ///
    /// # Errors
    /// Those of the call; a listing cannot be continued after one.
    pub async fn next(&mut self) -> Result<Option<Vec<Box<RawValue>>>, Error> {
        if self.ended {
            return Ok(None);
        }
        let asked = self.page_size();
        self.ask_for(asked);
        let reply = self.client.call(&self.request).await?;
        let Wrapped { data } = serde_json::from_str(reply.body.get())
            .map_err(|e| Error::failure("Attio's list has a shape of its own").why(e.to_string()))?;
        self.pages += 1;
        self.fetched += data.len();
        self.ended = asked.is_none_or(|asked| data.len() < asked);
        let mut rows = if self.window.limit.is_none() { self.without_repeats(data) } else { data };
        if let Some(limit) = self.window.limit {
            let room = limit - self.returned;
            self.more = rows.len() > room;
            self.ended |= self.more;
            rows.truncate(room);
        }
        if rows.is_empty() && !self.ended {
            return Err(Error::failure("the list does not go on").why("the same rows came twice"));
        }
        self.returned += rows.len();
        Ok(Some(rows))
    }

    /// All rows of the window at once.
    ///
    /// # Errors
    /// Those of the calls.
    pub async fn collect(&mut self) -> Result<Vec<Box<RawValue>>, Error> {
        let mut all = Vec::new();
        while let Some(rows) = self.next().await? {
            all.extend(rows);
        }
        Ok(all)
    }

    /// Rows handed out so far.
    pub fn returned(&self) -> usize {
        self.returned
    }

    /// Where to go on, when the listing stopped before its end.
    pub fn next_offset(&self) -> Option<usize> {
        self.more.then_some(self.window.offset.saturating_add(self.returned))
    }

    /// Rows to ask for, unless everything comes at once.
    fn page_size(&self) -> Option<usize> {
        let (Paging::Query { max } | Paging::Body { max }) = self.request.operation.paging else {
            return None;
        };
        let wanted =
            self.window.limit.map_or(max, |limit| limit.saturating_sub(self.fetched).saturating_add(1));
        Some(wanted.min(max))
    }

    fn ask_for(&mut self, size: Option<usize>) {
        let Some(size) = size else { return };
        let offset = self.window.offset.saturating_add(self.fetched);
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

    fn without_repeats(&mut self, rows: Vec<Box<RawValue>>) -> Vec<Box<RawValue>> {
        let [before, now] = &mut self.recent;
        std::mem::swap(before, now);
        now.clear();
        rows.into_iter()
            .filter(|row| match id(row) {
                Some(id) => !before.contains(&id) && now.insert(id),
                None => true,
            })
            .collect()
    }
}

/// The `id` of a row as text.
fn id(row: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    serde_json::from_str::<Head<'_>>(row.get()).ok().map(|head| head.id.get().to_owned())
}
