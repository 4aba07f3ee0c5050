//! One search in companies, people and deals at once.

use super::search::{self, NONE, is_off, pass_over};
use super::{Ctx, Done, Listing, Rows, companies, deals, people};
use crate::api::attributes::Target;
use crate::client::answer::Rest;
use crate::client::pages::{Pages, Window, newest_first};
use crate::error::Error;
use crate::input::Name;
use crate::output::ABOUT;
use crate::resolve::filter::Filter;
use clap::value_parser;
use serde_json::Value;
use serde_json::value::RawValue;

/// In the order in which they are shown.
const OBJECTS: [&str; 3] = ["companies", "people", "deals"];

const COLUMNS: &[&str] = &["name", "object", ABOUT, "record_id"];

/// Find companies, people and deals by words
///
/// All words must be there, in any order and case: in the name, a domain, an email address or a phone number.
/// search-companies, search-people and search-deals go on where --limit ends, and filter.
///
/// Example: attio-crm search acme
#[derive(Debug, clap::Args)]
pub struct Search {
    /// Words, a part of a domain, email address or phone number, or a website
    #[arg(value_name = "TEXT")]
    text: Name,
    /// Maximum number of rows of each object; with --fuzzy of all
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = value_parser!(u32).range(1..))]
    limit: u32,
    /// Ask Attio's fuzzy search instead (25 hits at most; it lags behind writes)
    #[arg(long)]
    fuzzy: bool,
}

/// What an object has, and whether that is all.
type Found = (Vec<Box<RawValue>>, bool);

impl Search {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        if self.fuzzy {
            return self.fuzzily(ctx).await;
        }
        let conditions = [companies::having, people::having, deals::having].map(|having| having(&self.text));
        let [companies, people, deals] = conditions;
        let (companies, people, deals) = tokio::join!(
            self.find(ctx, "companies", companies?),
            self.find(ctx, "people", people?),
            self.find(ctx, "deals", deals?),
        );
        let found = [companies, people, deals];
        // Without any of them there is nothing to search.
        let all_off = found.iter().all(|found| found.as_ref().is_err_and(is_off));
        let (mut lists, mut more) = (Vec::new(), Vec::new());
        for (object, found) in OBJECTS.into_iter().zip(found) {
            match found {
                Ok((rows, complete)) => {
                    more.extend((!complete).then(|| format!("search-{object}")));
                    lists.push(rows);
                }
                Err(error) if is_off(&error) && !all_off => pass_over(ctx, object),
                Err(error) => return Err(error),
            }
        }
        if !more.is_empty() {
            ctx.client
                .remark(&format!("the list is cut; raise --limit, or see all with {}", more.join(", ")));
        }
        lists.retain(|rows| !rows.is_empty());
        let rest = if more.is_empty() { Rest::None } else { Rest::Unreachable };
        let listing = Listing::new(Rows::Lists { lists: lists.into(), rest }, COLUMNS);
        Ok(Done::Listing(Listing { if_none: Some(NONE), ..listing }))
    }

    fn limit(&self) -> usize {
        usize::try_from(self.limit).unwrap_or(usize::MAX)
    }

    async fn find(&self, ctx: &Ctx, object: &str, words: Vec<Value>) -> Result<Found, Error> {
        let asked = Filter::default().and(&ctx.resolver, (Target::Objects, object), words).await?;
        let mut request = search::query(object, asked)?;
        newest_first(&mut request);
        let window = Window { limit: Some(self.limit()), ..Window::default() };
        let mut pages = Pages::new(&ctx.client, request, window);
        let rows = pages.collect().await?;
        Ok((rows, pages.rest() == Rest::None))
    }

    /// Attio's search refuses to look anywhere if one of the objects is not there, and only deals may be missing.
    async fn fuzzily<'c>(&self, ctx: &'c Ctx) -> Result<Done<'c>, Error> {
        let limit = Some(self.limit());
        let error = match search::fuzzy(ctx, &OBJECTS, &self.text, limit).await {
            Err(error) if is_unknown(&error) => error,
            done => return done,
        };
        let done =
            search::fuzzy(ctx, &["companies", "people"], &self.text, limit).await.map_err(|_| error)?;
        pass_over(ctx, "deals");
        Ok(done)
    }
}

/// Whether a search names an object that is not there.
fn is_unknown(error: &Error) -> bool {
    error.attio().and_then(|reason| reason.code.as_deref()) == Some("value_not_found")
}
