//! Walking a listing, whatever its style: callers see rows, a page at a time.
//!
//! Attio tells no total and no `has_more`, so one row more than wanted is asked for: it is not shown,
//! but its being there is how a listing knows that it is not complete. While a page is handed out the
//! next one is fetched, never more than one ahead.

use super::Client;
use super::answer::{Reply, Rest, parse};
use super::operation::{Answer, Paging};
use super::request::Request;
use crate::error::Error;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Bytes handed out before the next page's fetching gets its turn.
const TURN: usize = 64 << 10;

/// Which part of a listing is wanted.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Rows to skip.
    pub offset: usize,
    /// Where to begin, in listings that are continued by a cursor.
    pub cursor: Option<String>,
    /// Maximum number of rows; `None` for all of them.
    pub limit: Option<usize>,
}

/// A listing under way. Its memory is two pages, however long it gets.
pub struct Pages<'c> {
    client: &'c Client,
    request: Request,
    window: Window,
    /// Where the next page begins.
    offset: usize,
    cursor: Option<String>,
    pages: usize,
    returned: usize,
    /// What is known of the rest, once the listing ended.
    rest: Rest,
    ended: bool,
    /// The next page, fetched while the one before was handed out.
    ahead: Option<Result<Reply, Error>>,
    /// Cursors that were used: one that comes again would be for ever.
    cursors: HashSet<String>,
    /// Rows of a page that was shorter than asked for, but not the last.
    clamp: Option<usize>,
    /// Whether a page came with as many rows as were asked for.
    was_full: bool,
    /// Whether the next page begins with the last row of this one.
    overlaps: bool,
    /// Whether this page was read again from further back.
    stepped_back: bool,
    /// IDs of this page and the one before: rows move between pages when others write meanwhile.
    recent: [HashSet<String>; 2],
}

/// What is done with a row.
pub type Take<'t> = &'t mut dyn FnMut(&str) -> Result<(), Error>;

/// Takes rows into a list.
pub fn keep(all: &mut Vec<Box<RawValue>>) -> impl FnMut(&str) -> Result<(), Error> {
    |row| {
        all.push(parse(row)?);
        Ok(())
    }
}

impl<'c> Pages<'c> {
    /// The listing that `request` asks for.
    pub fn new(client: &'c Client, mut request: Request, window: Window) -> Self {
        if window.limit.is_none() {
            newest_first(&mut request);
        }
        Self {
            client,
            request,
            offset: window.offset,
            cursor: window.cursor.clone(),
            window,
            pages: 0,
            returned: 0,
            rest: Rest::None,
            ended: false,
            ahead: None,
            cursors: HashSet::new(),
            clamp: None,
            was_full: false,
            overlaps: false,
            stepped_back: false,
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
        let reply = match self.ahead.take() {
            Some(reply) => reply?,
            None => {
                self.ask();
                self.client.call(&self.request).await?
            }
        };
        let (mut rows, next_cursor) = reply.outlines()?;
        self.pages += 1;
        self.turn(&mut rows, next_cursor)?;
        self.returned += rows.len();
        if self.ended {
            rows.into_iter().try_for_each(take)?;
            return Ok(true);
        }
        self.ask();
        // Whoever takes no more, as a closed pipe, does not wait for the next page.
        let next = async { Ok(self.client.call(&self.request).await) };
        let (next, ()) = tokio::try_join!(next, hand_out(rows, take))?;
        self.ahead = Some(next);
        Ok(true)
    }

    /// All rows of the window at once.
    ///
    /// # Errors
    /// Those of the calls.
    pub async fn collect(&mut self) -> Result<Vec<Box<RawValue>>, Error> {
        let mut all = Vec::new();
        while self.next(&mut keep(&mut all)).await? {}
        Ok(all)
    }

    /// The first row to come, if the listing has not begun.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn peek(&mut self) -> Result<Option<&str>, Error> {
        if self.ahead.is_none() && self.pages == 0 {
            self.ask();
            self.ahead = Some(Ok(self.client.call(&self.request).await?));
        }
        Ok(self.ahead.as_ref().and_then(|reply| reply.as_ref().ok()?.first_row()))
    }

    /// How many rows were to be passed over.
    pub fn skipped(&self) -> usize {
        self.window.offset
    }

    /// What is missing, once the listing has ended.
    pub fn rest(&self) -> Rest {
        self.rest.clone()
    }

    fn paging(&self) -> Paging {
        if let Answer::Rows(paging) = self.request.operation.answer { paging } else { Paging::Whole }
    }

    /// Learns from a page what is to be shown of it and how to go on.
    fn turn(&mut self, rows: &mut Vec<&str>, next_cursor: Option<String>) -> Result<(), Error> {
        match (self.paging(), self.window.limit) {
            (Paging::Whole, _) => self.turn_whole(rows),
            (Paging::Capped { max }, _) => self.turn_capped(rows, max),
            (Paging::Cursor { .. }, _) => self.turn_cursor(rows, next_cursor),
            (Paging::Query { .. } | Paging::Body { .. }, Some(_)) => self.turn_limited(rows),
            (Paging::Query { .. } | Paging::Body { .. }, None) => return self.turn_unlimited(rows),
        }
        Ok(())
    }

    fn turn_whole(&mut self, rows: &mut Vec<&str>) {
        self.ended = true;
        rows.drain(..self.window.offset.min(rows.len()));
        self.cut(rows);
    }

    fn turn_capped(&mut self, rows: &mut Vec<&str>, max: usize) {
        self.ended = true;
        self.rest = if rows.len() >= max { Rest::Perhaps(None) } else { Rest::None };
        if self.cut(rows) {
            self.rest = Rest::Unreachable;
        }
    }

    /// A short page is not the end here; a cursor that comes again would be for ever.
    fn turn_cursor(&mut self, rows: &mut Vec<&str>, next_cursor: Option<String>) {
        self.cursor = next_cursor.filter(|cursor| self.cursors.insert(cursor.clone()));
        let full = self.room().is_some_and(|room| rows.len() >= room);
        match self.room() {
            None => self.forget_repeats(rows),
            Some(room) => rows.truncate(room),
        }
        self.ended = full || self.cursor.is_none();
        if let (true, Some(cursor)) = (full, &self.cursor) {
            self.rest = Rest::Cursor(cursor.clone());
        }
    }

    fn turn_limited(&mut self, rows: &mut Vec<&str>) {
        let (received, asked) = (rows.len(), self.asked());
        self.offset = self.offset.saturating_add(received);
        self.ended = self.cut(rows) || self.is_last(received, asked);
    }

    /// Reading everything: each page begins with the last row of the one before. If it does not, rows
    /// before it were deleted meanwhile and those that moved up would be missed, so it is read again
    /// from further back.
    fn turn_unlimited(&mut self, rows: &mut Vec<&str>) -> Result<(), Error> {
        let (received, asked) = (rows.len(), self.asked());
        let overlapped =
            std::mem::replace(&mut self.overlaps, rows.last().is_some_and(|row| id(row).is_some()));
        let follows = !overlapped || self.offset == 0 || rows.first().is_some_and(|row| self.is_known(row));
        if !follows && !std::mem::replace(&mut self.stepped_back, true) {
            self.overlaps = true;
            self.offset = self.offset.saturating_sub(asked);
            rows.clear();
            return Ok(());
        }
        if !follows {
            self.client.remark("many rows were deleted while this list was read; it may lack some");
        }
        self.stepped_back = false;
        self.forget_repeats(rows);
        let nothing_new = rows.is_empty();
        if nothing_new && received > 1 && received >= asked && follows {
            return Err(Error::failure("the list does not go on").why("the same rows came twice"));
        }
        self.ended = self.is_last(received, asked) || nothing_new;
        self.offset = self.offset.saturating_add(received - usize::from(self.overlaps && received > 0));
        Ok(())
    }

    /// Whether nothing follows a page of so many rows.
    fn is_last(&mut self, received: usize, asked: usize) -> bool {
        if received >= asked {
            self.was_full = true;
            return false;
        }
        let last = !self.is_clamped(received);
        self.clamp = Some(received);
        last
    }

    /// Takes off what is more than wanted; whether there was any.
    fn cut(&mut self, rows: &mut Vec<&str>) -> bool {
        let Some(room) = self.room().filter(|room| *room < rows.len()) else { return false };
        rows.truncate(room);
        self.rest = Rest::Offset(self.window.offset.saturating_add(self.returned).saturating_add(room));
        true
    }

    /// Rows still wanted; `None` for all.
    fn room(&self) -> Option<usize> {
        self.window.limit.map(|limit| limit.saturating_sub(self.returned))
    }

    /// Whether a page that is shorter than asked for may be so because the server gives no more at a
    /// time. Where Attio does not say what that is, many rows and round numbers look like it, unless it
    /// gave more before.
    fn is_clamped(&self, received: usize) -> bool {
        let round = received.is_multiple_of(10) || received.is_multiple_of(25);
        let like_a_limit = round || received >= 50 || (received >= 16 && received.is_power_of_two());
        let unsure = !self.is_documented() && !self.was_full && received > 0;
        unsure && self.clamp.map_or(like_a_limit, |clamp| received >= clamp)
    }

    fn is_documented(&self) -> bool {
        matches!(self.paging(), Paging::Query { documented: true, .. })
    }

    fn asked(&self) -> usize {
        self.page_size().unwrap_or(usize::MAX)
    }

    /// Rows to ask for, unless everything comes at once.
    fn page_size(&self) -> Option<usize> {
        let one_more = self.room().map(|room| room.saturating_add(1));
        match self.paging() {
            Paging::Whole => None,
            Paging::Query { min, max, .. } => Some(one_more.unwrap_or(max).clamp(min, max)),
            Paging::Body { max, .. } | Paging::Capped { max } => Some(one_more.unwrap_or(max).min(max)),
            // The cursor of a page begins after its last row, so none may be asked for too much.
            Paging::Cursor { max } => Some(self.room().map_or(max, |room| room.clamp(1, max))),
        }
    }

    /// Makes the request that of the next page.
    fn ask(&mut self) {
        // The first page may be all that somebody wants; who reads on leaves room for others.
        self.request.paced = self.pages > 0;
        let Some(size) = self.page_size() else { return };
        let body = match (&mut self.request.body, self.request.operation.answer) {
            (Some(Value::Object(body)), Answer::Rows(Paging::Body { .. } | Paging::Capped { .. })) => body,
            _ => {
                self.request.ask("limit", size.to_string());
                match (self.paging(), self.cursor.clone()) {
                    (Paging::Cursor { .. }, Some(cursor)) => self.request.ask("cursor", cursor),
                    (Paging::Query { .. }, _) => self.request.ask("offset", self.offset.to_string()),
                    _ => {}
                }
                return;
            }
        };
        body.insert("limit".into(), json!(size));
        if matches!(self.request.operation.answer, Answer::Rows(Paging::Body { .. })) {
            body.insert("offset".into(), json!(self.offset));
        }
    }

    fn is_known(&self, row: &str) -> bool {
        id(row).is_none_or(|id| self.recent.iter().any(|ids| ids.contains(id)))
    }

    fn forget_repeats(&mut self, rows: &mut Vec<&str>) {
        let [before, now] = &mut self.recent;
        std::mem::swap(before, now);
        now.clear();
        rows.retain(|row| match id(row) {
            Some(id) => {
                let new = !before.contains(id);
                now.insert(id.to_owned()) && new
            }
            None => true,
        });
    }
}

/// Hands out rows, and lets the fetching of the next page have its turn in between.
async fn hand_out(rows: Vec<&str>, take: Take<'_>) -> Result<(), Error> {
    let mut bytes = 0;
    for row in rows {
        take(row)?;
        bytes += row.len();
        if bytes >= TURN {
            bytes = 0;
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

/// Gives a query without an order of its own the newest first, in an order that no write disturbs; that of
/// Attio looks random.
pub fn newest_first(request: &mut Request) {
    if let (Answer::Rows(Paging::Body { order, .. }), Some(Value::Object(body))) =
        (request.operation.answer, &mut request.body)
        && !body.contains_key("sorts")
    {
        let sorts = order.iter().map(|attribute| json!({"direction": "desc", "attribute": attribute}));
        body.insert("sorts".into(), sorts.collect());
    }
}

/// The `id` of a row as text. It comes first, and the rest is long and was read before.
pub fn id(row: &str) -> Option<&str> {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    let first = row.strip_prefix(r#"{"id":"#);
    let first = first.and_then(|rest| serde_json::Deserializer::from_str(rest).into_iter().next());
    let id: &RawValue = match first {
        Some(id) => id.ok()?,
        None => serde_json::from_str::<Head<'_>>(row).ok()?.id,
    };
    Some(id.get())
}
