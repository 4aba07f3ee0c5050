//! A company, a person or a deal at a glance, with what belongs to it.
//!
//! What that is stands in [`kinds`]; here it is read, all of it at the same time, and put together.

mod args;
mod kinds;

pub use args::Summary;
pub use kinds::{Company, Deal, Person};

use super::notes::of_record;
use super::search::{is_off, pass_over};
use super::{Ctx, Done};
use crate::api::groups::{LinkedTo, RecordPath};
use crate::api::records::{self, Get as GetRecord};
use crate::api::{self, Endpoint as _, tasks};
use crate::client::answer::Rest;
use crate::client::pages::{Pages, Window};
use crate::client::request::Request;
use crate::error::{Error, Kind as ErrorKind};
use crate::output::Item;
use crate::resolve::definitions::compact;
use crate::resolve::find::refers_to;
use crate::resolve::reference::{RecordRef, record_id};
use kinds::{Kind, Of, Part, Source};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// Rows, and whether these are all.
type Rows = (Vec<Value>, bool);

/// What came of a part.
type Read = (&'static Part, Result<Rows, Error>);

impl<O: Of> Summary<O> {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        of(ctx, O::KIND, &self.reference, self.wanted).await
    }
}

/// The summary of a record, as it was typed, with the parts that are wanted.
async fn of<'c>(
    ctx: &'c Ctx,
    kind: &'static Kind,
    named: &str,
    wanted: Vec<(&'static Part, usize)>,
) -> Result<Done<'c>, Error> {
    let record_id = record_id(&ctx.resolver, kind.object, named).await?;
    let record = RecordRef { object: kind.object.to_owned(), record_id };
    let mut wanted = wanted.into_iter();
    let mut next = || read(ctx, &record, wanted.next());
    let (head, one, two, three, four) = tokio::join!(read_head(ctx, &record), next(), next(), next(), next());
    let parts = [one, two, three, four].into_iter().flatten().collect();
    put_together(ctx, kind, head, parts)
}

fn put_together<'c>(
    ctx: &'c Ctx,
    kind: &'static Kind,
    head: Result<Map<String, Value>, Error>,
    parts: Vec<Read>,
) -> Result<Done<'c>, Error> {
    let names = |is: &dyn Fn(&Result<Rows, Error>) -> bool| -> Vec<&'static Part> {
        parts.iter().filter(|(_, read)| is(read)).map(|(part, _)| *part).collect()
    };
    let cut = names(&|read| matches!(read, Ok((_, false))));
    let mut failed: Vec<&str> = names(&Result::is_err).into_iter().map(|part| part.name).collect();
    let incomplete = names(&|read| !matches!(read, Ok((_, true)))).into_iter().map(|part| part.name);
    if !cut.is_empty() {
        let flags: Vec<String> = cut.into_iter().map(|part| format!("--{}", part.flag())).collect();
        ctx.client.remark(&format!("the summary is cut; to see more, raise {}", flags.join(", ")));
    }
    let mut summary = Map::new();
    summary.insert("incomplete".into(), incomplete.collect());
    match head {
        Ok(head) => {
            let of = |slug: &str| head.get("values").and_then(|values| values.get(slug)).cloned();
            let beside = kind.beside.iter().map(|slug| ((*slug).to_owned(), json!(of(slug))));
            let beside: Vec<_> = beside.collect();
            summary.insert(kind.head.into(), head.into());
            summary.extend(beside);
        }
        // Without the record itself there is nothing to summarise.
        Err(error)
            if failed.len() == parts.len()
                || matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Auth) =>
        {
            return Err(error);
        }
        Err(error) => {
            summary.insert(kind.head.into(), error.to_json());
            failed.insert(0, kind.head);
        }
    }
    summary.extend(parts.into_iter().map(|(part, read)| (part.name.to_owned(), section(part, read))));
    let item = Item::own(summary).with_parts(kind.shown);
    if failed.is_empty() {
        return Ok(Done::One(item));
    }
    let message = format!("parts of the summary could not be read: {}", failed.join(", "));
    Ok(Done::Partly(item, Error::new(ErrorKind::Partial, message).hint("try again; the parts say why")))
}

/// A part as it is shown: rows as a list, what there is one of as it is.
fn section(part: &Part, read: Result<Rows, Error>) -> Value {
    match (part.usual, read) {
        (Some(_), Ok((items, complete))) => json!({"items": items, "complete": complete}),
        (None, Ok((items, _))) => items.into_iter().next().into(),
        (Some(_), Err(error)) => {
            let mut shown = error.to_json();
            shown["items"] = json!([]);
            shown["complete"] = json!(false);
            shown
        }
        (None, Err(error)) => error.to_json(),
    }
}

async fn read_head(ctx: &Ctx, record: &RecordRef) -> Result<Map<String, Value>, Error> {
    let get = GetRecord { record: RecordPath::new(&record.object, &record.record_id) };
    let raw = api::one(&ctx.client, &get).await?;
    Ok(compact(&ctx.resolver, &raw).await)
}

async fn read(ctx: &Ctx, record: &RecordRef, wanted: Option<(&'static Part, usize)>) -> Option<Read> {
    let (part, limit) = wanted?;
    let rows = async {
        match part.from {
            Source::Records(object, by) => {
                let rows = page(ctx, related(object, by, record)?, limit).await;
                match rows {
                    Err(error) if object == "deals" && is_off(&error) => {
                        pass_over(ctx, object);
                        Ok((Vec::new(), true))
                    }
                    rows => rows,
                }
            }
            Source::Tasks => page(ctx, open_tasks(record)?, limit).await,
            Source::Notes => read_notes(ctx, record, limit).await,
        }
    };
    Some((part, rows.await))
}

fn related(object: &str, by: &str, record: &RecordRef) -> Result<Request, Error> {
    let filter = Some(refers_to(by, record));
    records::Query { object: object.to_owned(), filter, ..records::Query::default() }.request()
}

fn open_tasks(record: &RecordRef) -> Result<Request, Error> {
    let linked = LinkedTo::new(&record.object, &record.record_id);
    tasks::List { linked, is_completed: Some(false), ..tasks::List::default() }.request()
}

async fn read_notes(ctx: &Ctx, record: &RecordRef, limit: usize) -> Result<Rows, Error> {
    let mut notes = of_record(ctx, record, Window { limit: Some(limit), ..Window::default() })?;
    let rows = notes.collect().await?;
    Ok((all_compact(ctx, &rows).await, notes.rest() == Rest::None))
}

async fn page(ctx: &Ctx, request: Request, limit: usize) -> Result<Rows, Error> {
    let mut pages = Pages::new(&ctx.client, request, Window { limit: Some(limit), ..Window::default() });
    let rows = pages.collect().await?;
    Ok((all_compact(ctx, &rows).await, pages.rest() == Rest::None))
}

async fn all_compact(ctx: &Ctx, rows: &[Box<RawValue>]) -> Vec<Value> {
    let mut all = Vec::new();
    for row in rows {
        all.push(compact(&ctx.resolver, row).await.into());
    }
    all
}
