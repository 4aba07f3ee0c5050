//! What an answer means, said in one place.
//!
//! From a request and what became of an attempt to a [`Meaning`]; from a reply to the thing or the rows
//! in it, and to whether the list is whole, goes on, or cannot tell. Everything follows from the
//! operation's row and the answer itself; nobody else interprets either.

use super::http::{Answer as Http, Outcome};
use super::operation::{Answer, Body, Effect, Paging};
use super::refusal::{self, Attempts};
use super::request::Request;
use super::retry::{Seen, Verdict, classify};
use crate::error::{Error, Kind};
use crate::values::walk::Walk;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::RawValue;

/// What an attempt means for its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// It worked.
    Done,
    /// A delete found nothing, because an earlier attempt of ours arrived.
    Gone,
    /// Repeat it.
    Again,
    /// It failed, and a repeat would fail too.
    Stop,
    /// It may have been done, and no repeat would tell.
    Unknown,
}

/// What an attempt means, with those before it in mind.
///
/// A refusal says that nothing was done by *this* attempt. After one whose outcome is unknown it may be
/// the echo of our own success: of a rename the old name is gone, of a create the value is taken.
pub fn judge(request: &Request, outcome: &Outcome, before: &Attempts) -> (Seen, Meaning) {
    let seen = seen(request, outcome);
    let echo = before.unknown && request.operation.writes();
    let meaning = match classify(request.operation.effect, seen) {
        Verdict::Done => Meaning::Done,
        Verdict::Again => Meaning::Again,
        Verdict::Ambiguous => Meaning::Unknown,
        Verdict::Stop if echo && request.operation.deletes() && seen == Seen::Status(404) => Meaning::Gone,
        Verdict::Stop if echo => Meaning::Unknown,
        Verdict::Stop => Meaning::Stop,
    };
    (seen, meaning)
}

fn seen(request: &Request, outcome: &Outcome) -> Seen {
    match outcome {
        Outcome::Broken { seen, .. } => *seen,
        Outcome::Answer(answer) if refusal::is_concurrent_write(answer) => Seen::ConcurrentWrite,
        Outcome::Answer(answer) if (200..300).contains(&answer.status) && !is_usable(request, answer) => {
            Seen::Unreadable(answer.status)
        }
        Outcome::Answer(answer) => Seen::Status(answer.status),
    }
}

/// Whether a success is JSON, and that of a create tells what was created (where its body is bare, the
/// answer may be of any shape, too).
fn is_usable(request: &Request, answer: &Http) -> bool {
    #[derive(Deserialize)]
    struct Created<'a> {
        #[serde(borrow, rename = "data")]
        _data: &'a RawValue,
    }
    match (request.operation.effect, answer.body.trim_ascii()) {
        (Effect::Create, body) if request.operation.body == Body::Data => {
            serde_json::from_slice::<Created<'_>>(body).is_ok()
        }
        // A read may be megabytes and nothing hangs on it, so only what comes instead of JSON is told
        // from it: a login page, plain words, nothing. The rest shows where it is parsed.
        (Effect::Read, [b'{', .., b'}']) => true,
        (Effect::Read, []) => false,
        (_, []) => true,
        (_, body) => serde_json::from_slice::<&RawValue>(body).is_ok(),
    }
}

/// What a redirect to a file becomes, so that its way is that of every answer.
#[derive(Deserialize)]
pub struct Location {
    /// Where the file is.
    pub location: String,
}

/// Turns the redirect of an operation that answers with a file into an answer in JSON.
pub fn without_redirect(request: &Request, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Answer(Http { status: 302 | 303 | 307, headers, .. })
            if request.operation.answer == Answer::File =>
        {
            let location = headers.get("location").and_then(|value| value.to_str().ok());
            let body = json!({"data": {"location": location.unwrap_or_default()}}).to_string().into_bytes();
            Outcome::Answer(Http { status: 200, headers, body })
        }
        other => other,
    }
}

/// A successful answer.
#[derive(Debug)]
pub struct Reply {
    /// The JSON body (`null` when it was empty). That of a read may still turn out to be none.
    pub body: String,
}

/// What stands in a reply.
#[derive(Debug)]
pub enum Content<'a> {
    /// One thing.
    One(&'a RawValue),
    /// The rows of a list.
    Rows(Vec<&'a RawValue>),
}

/// A reply taken out of its envelope.
#[derive(Debug)]
pub struct Opened<'a> {
    /// What it holds.
    pub content: Content<'a>,
    /// Where it goes on, as it says.
    pub next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    pagination: Option<Pagination>,
}

/// The envelope of a list.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
struct Pagination {
    next_cursor: Option<String>,
}

/// A result that is nothing but rows, as that of SQL.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnlyRows<'a> {
    #[serde(borrow)]
    rows: Vec<&'a RawValue>,
}

impl Reply {
    /// Takes it out of its envelope. What has none is one thing.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn open(&self) -> Result<Opened<'_>, Error> {
        // Nearly all that is long is a list: one pass for the envelope and its rows.
        if let Ok(Page { data, pagination }) = serde_json::from_str(&self.body) {
            let next_cursor = pagination.and_then(|pagination: Pagination| pagination.next_cursor);
            return Ok(Opened { content: Content::Rows(data), next_cursor });
        }
        let (data, next_cursor) = match serde_json::from_str(&self.body) {
            Ok(Envelope { data: Some(data), pagination }) => {
                (data, pagination.and_then(|pagination| pagination.next_cursor))
            }
            Ok(Envelope { data: None, .. }) | Err(_) => (parse(&self.body)?, None),
        };
        let content = if data.get().starts_with('[') {
            Content::Rows(parse(data.get())?)
        } else {
            match serde_json::from_str(data.get()) {
                Ok(OnlyRows { rows }) => Content::Rows(rows),
                Err(_) => Content::One(data),
            }
        };
        Ok(Opened { content, next_cursor })
    }

    /// The rows of a list, and where it goes on, as it says.
    ///
    /// # Errors
    /// When it is no list.
    pub fn rows(&self) -> Result<(Vec<&RawValue>, Option<String>), Error> {
        match self.open()? {
            Opened { content: Content::Rows(rows), next_cursor } => Ok((rows, next_cursor)),
            Opened { content: Content::One(_), .. } => Err(unexpected("it is not a list")),
        }
    }

    /// As [`Reply::rows`], for lists that are handed on: of a row only the outline is read, so that it costs
    /// a third, and what is odd inside of it is left to whoever looks there. A text that is cut off, or no
    /// list, is refused all the same.
    ///
    /// # Errors
    /// When it is no list.
    pub fn outlines(&self) -> Result<(Vec<&str>, Option<String>), Error> {
        if let Some((rows, pagination)) = self.outline() {
            let pagination: Option<Pagination> = pagination.map(parse).transpose()?.flatten();
            return Ok((rows, pagination.and_then(|pagination| pagination.next_cursor)));
        }
        let (rows, next_cursor) = self.rows()?;
        Ok((rows.into_iter().map(RawValue::get).collect(), next_cursor))
    }

    /// The rows under `data` and what stands under `pagination`, if all brackets around them are in order.
    fn outline(&self) -> Option<(Vec<&str>, Option<&str>)> {
        let mut walk = Walk::new(&self.body);
        let (mut rows, mut pagination) = (None, None);
        while let Some(key) = walk.key() {
            if key == r#""data""# && walk.first() == b'[' {
                let mut all = Vec::new();
                while walk.item() {
                    all.push(walk.value());
                }
                rows = Some(all).filter(|_| walk.is_behind(b']'));
            } else {
                let value = walk.value();
                pagination = (key == r#""pagination""#).then_some(value).or(pagination);
            }
        }
        (walk.is_behind(b'}') && walk.first() == 0).then_some((rows?, pagination))
    }

    /// The first row of a list, without reading the others.
    pub fn first_row(&self) -> Option<&str> {
        let mut walk = Walk::new(&self.body);
        while walk.key()? != r#""data""# {
            walk.value();
        }
        walk.item().then(|| walk.value())
    }

    /// What stands under `data`, as the type that is expected of it.
    ///
    /// # Errors
    /// When the answer has another shape.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, Error> {
        #[derive(Deserialize)]
        struct Wrapped<T> {
            data: T,
        }
        parse(&self.body).map(|wrapped: Wrapped<T>| wrapped.data)
    }
}

/// Refuses what Attio says of a key that it does not know: it answers `{"active": false}`, with 200.
///
/// # Errors
/// `Auth` then.
pub fn refuse_inactive(reply: Reply) -> Result<Reply, Error> {
    #[derive(Deserialize)]
    struct Identity {
        active: bool,
    }
    match serde_json::from_str(&reply.body) {
        Ok(Identity { active: false }) => {
            Err(Error::new(Kind::Auth, "Attio does not know this API key").hint(
                "check ATTIO_API_KEY: it may be mistyped, or was deleted; keys are made in Attio under Settings, Developers",
            ))
        }
        _ => Ok(reply),
    }
}

/// A JSON text of Attio's as the type that is expected of it.
///
/// # Errors
/// When it has another shape.
pub fn parse<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|e| unexpected(e.to_string()))
}

fn unexpected(why: impl Into<String>) -> Error {
    Error::failure("Attio's answer has an unexpected shape").why(why)
}

/// What is missing from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Nothing: it is whole.
    None,
    /// Something that cannot be had this way.
    Unreachable,
    /// What begins at this offset.
    Offset(usize),
    /// What begins at this cursor.
    Cursor(String),
    /// Nobody can tell: as many rows came as may come. If there is more, it begins at this offset.
    Perhaps(Option<usize>),
}

impl Rest {
    /// Whether the list is whole; `None` where nobody can tell.
    pub fn complete(&self) -> Option<bool> {
        match self {
            Self::None => Some(true),
            Self::Unreachable | Self::Offset(_) | Self::Cursor(_) => Some(false),
            Self::Perhaps(_) => None,
        }
    }

    /// Where the rest begins, in listings that are continued by an offset.
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::Offset(offset) => Some(*offset),
            Self::Perhaps(offset) => *offset,
            Self::None | Self::Unreachable | Self::Cursor(_) => None,
        }
    }

    /// Where the rest begins, in listings that are continued by a cursor.
    pub fn cursor(&self) -> Option<&str> {
        if let Self::Cursor(cursor) = self { Some(cursor) } else { None }
    }

    /// What is missing after one answer to `request` with so many rows. Attio tells no total, so a list
    /// that came with as many rows as it may have cannot tell.
    pub fn after(request: &Request, returned: usize, next_cursor: Option<String>) -> Self {
        if let Some(cursor) = next_cursor {
            return Self::Cursor(cursor);
        }
        let (usual, max, by_offset) = match request.operation.answer {
            Answer::Rows(Paging::Whole | Paging::Cursor { .. }) => return Self::None,
            Answer::Rows(Paging::Capped { max }) => (max, max, false),
            Answer::Rows(Paging::Query { usual, max, .. }) => (usual, max, true),
            Answer::Rows(Paging::Body { max, .. }) => (max, max, true),
            // No row says that a list comes.
            Answer::One | Answer::File | Answer::Nothing => return Self::Perhaps(None),
        };
        if returned < request.number("limit").unwrap_or(usual).min(max) {
            return Self::None;
        }
        let offset = request.number("offset").unwrap_or(0).saturating_add(returned);
        Self::Perhaps(by_offset.then_some(offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    proptest! {
        /// Rows by their outline are the rows that a parser finds; a text that is cut off has none.
        #[test]
        fn outlines_are_the_rows(
            texts in prop::collection::vec("[{}\\[\\]\",:\\\\ a]{0,9}|\\PC{0,5}", 0..6),
            cursor in prop::option::of("[a-z]{1,5}"), pretty in any::<bool>(), cut in any::<prop::sample::Index>(),
        ) {
            let rows: Vec<_> = texts.iter().map(|text| json!({"id": text, "values": {text: [text, {}, [[]]]}})).collect();
            let whole = json!({"a": [1], "data": rows, "pagination": {"next_cursor": cursor}, "b": {"data": [[]]}});
            let body = if pretty { format!("{whole:#}\n") } else { whole.to_string() };
            let reply = Reply { body: body.clone() };
            prop_assert_eq!(reply.outlines().unwrap(), {
                let (rows, cursor) = reply.rows().unwrap();
                (rows.into_iter().map(RawValue::get).collect(), cursor)
            });
            let at = cut.index(body.trim_end().len());
            if let Some(cut) = body.get(..at) {
                prop_assert!(Reply { body: cut.to_owned() }.outlines().is_err(), "{cut}");
            }
        }

        #[test]
        fn any_text_has_the_rows_that_a_parser_finds_or_none(text in "([\\[\\]{}\",: ]|\"data\":|\"a\"|1){0,20}") {
            let reply = Reply { body: text };
            if let Ok((rows, _)) = reply.rows() {
                let expected: Vec<&str> = rows.into_iter().map(RawValue::get).collect();
                prop_assert_eq!(reply.outlines().unwrap().0, expected);
            }
        }
    }
}
