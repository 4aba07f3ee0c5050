//! From what came of a command to what is shown of it: the shape of values and the names of what they refer
//! to are looked up on the way, since only here it is known what somebody will see.

use super::afterwards;
use crate::client::operation::OWN;
use crate::commands::{Command, Ctx, Done, Listing, Rows};
use crate::error::{Error, Kind};
use crate::output::{self, Item, Output, Receipt};
use crate::resolve::recent::{self, Recent};
use crate::resolve::{definitions, names, reference};
use crate::values::names::Names;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::cell::RefCell;

/// How many of the first attributes of a list or object are columns.
const OWN_COLUMNS: usize = 3;

/// Does what was typed and shows what came of it.
///
/// # Errors
/// Those of the command and of the output.
pub async fn work(command: Command, typed: &Typed, ctx: &Ctx, out: &RefCell<Output>) -> Result<(), Error> {
    match command.run(ctx).await {
        Ok(Done::One(item)) => {
            let lines =
                if out.borrow().is_for_people() { lines_below(ctx, typed, &item) } else { Vec::new() };
            show(ctx, out, item).await?;
            lines.iter().for_each(|line| out.borrow_mut().whisper(line));
            Ok(())
        }
        Ok(Done::Planned(request)) => out.borrow_mut().plan(&Value::Object(request.to_json()).to_string()),
        Ok(Done::Bytes(bytes)) => out.borrow_mut().bytes(&bytes),
        Ok(Done::Page(item, cursor)) => {
            show(ctx, out, item).await?;
            out.borrow_mut().goes_on(&cursor);
            Ok(())
        }
        Ok(Done::Listing(listing)) => {
            let next = list(ctx, listing, &typed.name, out).await?;
            next.iter().for_each(|next| out.borrow_mut().whisper(&typed.again(ctx, next)));
            Ok(())
        }
        Ok(Done::Partly(item, error)) => {
            show(ctx, out, item).await?;
            Err(error)
        }
        Ok(Done::Serving(item, server)) => {
            show(ctx, out, item).await?;
            server.run().await.map_err(|e| Error::failure("the server stopped").why(e.to_string()))
        }
        Err(error) => Err(error),
    }
}

/// What a person is told below a thing that is shown, which is remembered.
fn lines_below(ctx: &Ctx, typed: &Typed, item: &Item) -> Vec<String> {
    recent::remember(&ctx.resolver, afterwards::recent(item).into_iter());
    let done = ctx.client.written().and_then(|written| afterwards::done(&typed.name, written, item));
    let next = afterwards::next(&typed.name, item).map(|next| typed.again(ctx, &next));
    done.into_iter().chain(next).collect()
}

/// What was typed, as far as another command line has to repeat it.
pub struct Typed {
    /// The command.
    pub name: String,
    /// Whether it was for the sandbox.
    pub sandbox: bool,
}

impl Typed {
    /// Another command for the same workspace.
    fn again(&self, ctx: &Ctx, command: &str) -> String {
        let place = ctx.client.place().into_iter().chain(self.sandbox.then(|| "--sandbox".to_owned()));
        let place: String = place.map(|word| format!("{word} ")).collect();
        format!("next: attio-crm {place}{command}")
    }
}

async fn show(ctx: &Ctx, out: &RefCell<Output>, item: Item) -> Result<(), Error> {
    if ctx.client.has_written() {
        let ids = item.ids().map(|(name, id)| (name.into_owned(), id.into_owned()));
        *ctx.unshown.borrow_mut() = ids.collect();
    }
    let item = match definitions::many(&ctx.resolver, item.raw()).await {
        Some(many) => item.by(many),
        None => item,
    };
    let item = with_names(ctx, out, item).await;
    if out.borrow().splits_money(false) {
        let money = definitions::money(&ctx.resolver, item.raw()).await;
        out.borrow_mut().expect_money(money);
    }
    let mut out = out.borrow_mut();
    let mut shown = out.one(&item);
    // What was written is told, also to who asked for a field that it does not have.
    if let Err(error) = &shown
        && error.kind() == Kind::Usage
        && ctx.client.has_written()
    {
        out.note(&format!("{error}; everything is shown"));
        out.show_all_fields();
        shown = out.one(&item);
    }
    match shown.and_then(|()| out.finish()) {
        // Whoever is told only that the output failed may write it again.
        Err(error) if ctx.client.has_written() && !output::is_closed_pipe(&error) => {
            let written = Error::failure("written, but it cannot be shown").why(error.full_message());
            Err(item
                .ids()
                .fold(written, |error, (name, id)| error.fact(&name, &*id))
                .hint("do not repeat it"))
        }
        other => other,
    }
}

/// The same with the names of records and members, where they are wanted.
async fn with_names(ctx: &Ctx, out: &RefCell<Output>, item: Item) -> Item {
    if !out.borrow().wants_names(false, ctx.client.has_written()) {
        return item;
    }
    let mut names = Names::default();
    let shown = out.borrow().part(item.compact(), &[]).into_iter().map(Cow::into_owned).collect::<Vec<_>>();
    names::learn(&ctx.resolver, &mut names, shown.iter().map(String::as_str)).await;
    if names.is_empty() { item } else { item.named(&names) }
}

/// The records among rows.
fn recents(rows: &[String]) -> impl Iterator<Item = Recent> {
    let items = rows.iter().filter_map(|row| RawValue::from_string(row.clone()).ok()).map(Item::new);
    items.filter_map(|item| afterwards::recent(&item))
}

/// Shows rows with the names of what they refer to.
async fn page(ctx: &Ctx, out: &RefCell<Output>, names: &mut Names, rows: &[String]) -> Result<(), Error> {
    let shown: Vec<String> = rows.iter().flat_map(|row| out.borrow_mut().preview(row)).collect();
    names::learn(&ctx.resolver, names, shown.iter().map(String::as_str)).await;
    rows.iter().try_for_each(|row| out.borrow_mut().row(row, names))
}

/// Where there are things of several kinds, the attributes of those that are next.
async fn define(ctx: &Ctx, rows: &Rows<'_>, out: &RefCell<Output>) {
    if let Some(row) = rows.kinds().next() {
        let many = definitions::many(&ctx.resolver, row).await.unwrap_or_default();
        out.borrow_mut().define(many);
    }
}

/// Shows a list; returns what one would do next with its first row, if all rows are there.
async fn list(
    ctx: &Ctx,
    mut listing: Listing<'_>,
    command: &str,
    out: &RefCell<Output>,
) -> Result<Option<String>, Error> {
    let first = listing.rows.peek().await?.map(str::to_owned);
    let first = first.as_deref();
    let many = match first {
        Some(row) => definitions::many(&ctx.resolver, row).await,
        None => None,
    };
    let mut columns = Vec::new();
    for &column in listing.columns {
        match first {
            _ if column != OWN => columns.push(column.to_owned()),
            Some(row) if out.borrow().wants_columns() => {
                columns.extend(definitions::own(&ctx.resolver, row, OWN_COLUMNS).await);
            }
            _ => {}
        }
    }
    let mut money = Vec::new();
    if out.borrow().splits_money(true) {
        for row in first.into_iter().chain(listing.rows.kinds().skip(1)) {
            money.extend(definitions::money(&ctx.resolver, row).await);
        }
    }
    out.borrow_mut().begin(columns, many.unwrap_or_default(), money);
    listing.rows.kinds().for_each(|row| out.borrow_mut().expect(row));
    let (mut names, mut returned, mut top) = (Names::default(), 0, None);
    if out.borrow().wants_names(true, false) {
        loop {
            define(ctx, &listing.rows, out).await;
            let mut rows = Vec::new();
            let mut keep = |row: &str| {
                top.get_or_insert_with(|| row.to_owned());
                rows.push(row.to_owned());
                Ok(())
            };
            if !listing.rows.next(&mut keep).await? {
                break;
            }
            returned += rows.len();
            if out.borrow().is_for_people() {
                recent::remember(&ctx.resolver, recents(&rows));
            }
            page(ctx, out, &mut names, &rows).await?;
        }
    } else {
        let mut show = |row: &str| {
            returned += 1;
            out.borrow_mut().row(row, &names)
        };
        loop {
            define(ctx, &listing.rows, out).await;
            if !listing.rows.next(&mut show).await? {
                break;
            }
        }
    }
    let rest = listing.rows.rest();
    if let (0, Some(record)) = (returned, &listing.about)
        && !reference::exists(&ctx.resolver, record).await?
    {
        return Err(reference::none(record));
    }
    if let (0, Some(remark)) = (returned, listing.if_none) {
        out.borrow_mut().note(remark);
    }
    let (complete, next_offset, before) = (rest.complete(), rest.offset(), listing.rows.skipped());
    let next_cursor = rest.cursor().map(str::to_owned);
    out.borrow_mut().end(&Receipt { before, returned, complete, next_offset, next_cursor })?;
    let top = top.filter(|_| complete == Some(true) && out.borrow().is_for_people());
    let top = top.and_then(|row| RawValue::from_string(row).ok());
    Ok(top.and_then(|row| afterwards::next(command, &Item::new(row))))
}
