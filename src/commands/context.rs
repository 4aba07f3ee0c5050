//! What every command works with, and what may come of it.

use crate::client::answer::{Content, Opened, Rest};
use crate::client::newest::Newest;
use crate::client::pages::{Pages, Take, Window, newest_first};
use crate::client::request::Request;
use crate::client::{Client, Reply};
use crate::config::Rate;
use crate::error::Error;
use crate::output::Item;
use crate::resolve::Resolver;
use crate::resolve::reference::RecordRef;
use crate::sandbox::server::Server;
use serde_json::Value;
use serde_json::value::RawValue;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

/// What a command works with.
pub struct Ctx {
    /// Calls operations.
    pub client: Rc<Client>,
    /// Looks up what people name.
    pub resolver: Resolver,
    /// The sandbox's file, for the commands about it.
    pub sandbox_file: PathBuf,
    /// The time that the command may take; none for long ones.
    pub time_limit: Option<Duration>,
    /// `--rate-limit`, for the server of the sandbox.
    pub rate_limit: Option<Rate>,
    /// The IDs of what was written and is not shown yet, by name.
    pub unshown: RefCell<Vec<(String, String)>>,
    /// Whether somebody is in another program of this terminal, whose signals are not for us.
    pub away: Cell<bool>,
    /// A file with a text that somebody wrote and that was not sent yet.
    pub draft: RefCell<Option<PathBuf>>,
    /// Makes the whole command tree, for the command that describes it.
    pub tree: fn() -> clap::Command,
}

/// What came of a command.
pub enum Done<'c> {
    /// One thing.
    One(Item),
    /// The write that a dry run would send.
    Planned(Request),
    /// A listing, fetched while it is shown.
    Listing(Listing<'c>),
    /// The bytes of a file.
    Bytes(Vec<u8>),
    /// One thing that goes on at a cursor.
    Page(Item, String),
    /// One thing with parts missing, and why.
    Partly(Item, Error),
    /// A server to run after its address was shown.
    Serving(Item, Server),
}

/// A listing that has yet to be walked.
pub struct Listing<'c> {
    /// Its rows.
    pub rows: Rows<'c>,
    /// Columns of a table.
    pub columns: &'static [&'static str],
    /// The record whose things these are, if only its ID is known: when there are none, it may be that
    /// there is no such record.
    pub about: Option<RecordRef>,
    /// What is said when there are none.
    pub if_none: Option<&'static str>,
}

impl<'c> Listing<'c> {
    /// A listing of these rows.
    pub fn new(rows: Rows<'c>, columns: &'static [&'static str]) -> Self {
        Self { rows, columns, about: None, if_none: None }
    }
}

/// Where a listing's rows come from.
pub enum Rows<'c> {
    /// From Attio, a page at a time.
    Pages(Box<Pages<'c>>),
    /// From Attio, a page at a time from the end.
    Newest(Box<Newest<'c>>),
    /// Read already, because their order needed all of them.
    Whole {
        /// The rows to show.
        rows: Vec<Box<RawValue>>,
        /// Where the rest begins.
        rest: Rest,
    },
    /// Several lists, one after the other; those of one are of one kind.
    Lists {
        /// The rows of each that is still to be shown.
        lists: VecDeque<Vec<Box<RawValue>>>,
        /// What is missing from any of them.
        rest: Rest,
    },
}

impl Rows<'_> {
    /// The first row to come; none of a list that is read from its end.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn peek(&mut self) -> Result<Option<&str>, Error> {
        match self {
            Self::Whole { rows, .. } => Ok(rows.first().map(|row| row.get())),
            Self::Lists { .. } => Ok(self.kinds().next()),
            Self::Pages(pages) => pages.peek().await,
            Self::Newest(_) => Ok(None),
        }
    }

    /// The first row of each kind to come, where there are several kinds.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        let lists = if let Self::Lists { lists, .. } = self { Some(lists) } else { None };
        lists.into_iter().flatten().filter_map(|rows| rows.first()).map(|row| row.get())
    }

    /// Hands the rows of the next page to `take`; `false` when there are no more.
    ///
    /// # Errors
    /// Those of the calls and of `take`.
    pub async fn next(&mut self, take: Take<'_>) -> Result<bool, Error> {
        match self {
            Self::Whole { rows, .. } => {
                let rows = std::mem::take(rows);
                rows.iter().try_for_each(|row| take(row.get()))?;
                Ok(!rows.is_empty())
            }
            Self::Lists { lists, .. } => {
                let Some(rows) = lists.pop_front() else { return Ok(false) };
                rows.iter().try_for_each(|row| take(row.get()))?;
                Ok(true)
            }
            Self::Pages(pages) => pages.next(take).await,
            Self::Newest(newest) => newest.next(take).await,
        }
    }

    /// How many rows were to be passed over.
    pub fn skipped(&self) -> usize {
        match self {
            Self::Whole { .. } | Self::Lists { .. } => 0,
            Self::Pages(pages) => pages.skipped(),
            Self::Newest(newest) => newest.skipped(),
        }
    }

    /// What is missing, once the listing has ended.
    pub fn rest(&self) -> Rest {
        match self {
            Self::Whole { rest, .. } | Self::Lists { rest, .. } => rest.clone(),
            Self::Pages(pages) => pages.rest(),
            Self::Newest(newest) => newest.rest(),
        }
    }
}

impl Ctx {
    /// The part `window` of a list, newest first unless it has an order of its own.
    pub fn rows(&self, mut request: Request, window: Window) -> Rows<'_> {
        if request.operation.oldest_first {
            return Rows::Newest(Box::new(Newest::new(&self.client, request, window)));
        }
        newest_first(&mut request);
        Rows::Pages(Box::new(Pages::new(&self.client, request, window)))
    }

    /// Says that a text of a write has `\n` as two characters where somebody surely meant line breaks: a shell
    /// leaves them as they are, and so does every text here.
    pub fn note_literal_breaks(&self, request: &Request) {
        if request.operation.writes() && request.body.as_ref().is_some_and(has_literal_breaks) {
            self.client.remark(
                "a text has \\n as two characters and is taken letter by letter; for line breaks use standard input (-) or a file",
            );
        }
    }

    /// Sends a write and makes a result of its answer; in a dry run the request itself is the result.
    ///
    /// # Errors
    /// Those of the call and of `shown`.
    pub async fn write<'c>(
        &'c self,
        request: Request,
        shown: impl FnOnce(Reply) -> Result<Done<'c>, Error>,
    ) -> Result<Done<'c>, Error> {
        self.note_literal_breaks(&request);
        if self.client.only_plans(request.operation) {
            return Ok(Done::Planned(request));
        }
        shown(self.client.call(&request).await?)
    }
}

/// Whether a text has no line breaks, but `\n` where one would be: before another, a blank, a capital or a mark.
fn has_literal_breaks(value: &Value) -> bool {
    let breaks = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_lowercase());
    match value {
        Value::String(text) if text.contains('\n') => false,
        Value::String(text) => text.split("\\n").skip(1).any(breaks),
        Value::Array(items) => items.iter().any(has_literal_breaks),
        Value::Object(fields) => fields.values().any(has_literal_breaks),
        _ => false,
    }
}

/// A reply as it came: rows, with what is known of the rest, or one thing.
///
/// # Errors
/// When it is no JSON.
pub fn shown(request: &Request, reply: &Reply) -> Result<Done<'static>, Error> {
    let Opened { content, next_cursor } = reply.open()?;
    Ok(match (content, next_cursor) {
        (Content::Rows(rows), cursor) => {
            let rest = Rest::after(request, rows.len(), cursor);
            let rows = Rows::Whole { rows: rows.into_iter().map(RawValue::to_owned).collect(), rest };
            Done::Listing(Listing::new(rows, request.operation.columns))
        }
        (Content::One(thing), None) => Done::One(Item::new(thing.to_owned())),
        (Content::One(thing), Some(cursor)) => Done::Page(Item::new(thing.to_owned()), cursor),
    })
}
