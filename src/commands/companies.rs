//! Companies: search, get, create, update.

use super::args::Page;
use super::check::check;
use super::create::New;
use super::search::{self, any, contains, listing};
use super::update::Updating;
use super::{Ctx, Done, Listing, Rows};
use crate::api::attributes::Target;
use crate::api::records::{Head, Values};
use crate::api::search::Search as Fuzzy;
use crate::api::{self, Endpoint as _};
use crate::client::answer::Rest;
use crate::error::{Error, Kind};
use crate::input::{Line, Text};
use crate::resolve::filter::Filter;
use crate::resolve::reference::{find, name_filter, name_of};
use crate::resolve::set::{Set, put};
use crate::text;
use crate::values;
use serde_json::{Value, json};

const OBJECT: &str = "companies";
const TARGET: (Target, &str) = (Target::Objects, OBJECT);

/// Attio's search endpoint gives no more.
const FUZZY_LIMIT: usize = 25;

/// Find companies by a part of their name or domain
///
/// Case does not matter. Every write is seen at once. With --fuzzy Attio's own search is asked, which
/// forgives typing errors, but learns of new and changed companies only after a while.
///
/// Example: attio-crm search-companies acme -o ids
#[derive(Debug, clap::Args)]
pub struct Search {
    /// A part of the name or of a domain
    #[arg(required_unless_present_any = ["domain", "filter", "filter_json"])]
    query: Option<Line>,
    /// Exactly this domain
    #[arg(long, value_name = "DOMAIN", value_parser = text::domain)]
    domain: Option<String>,
    /// Ask Attio's fuzzy search instead (25 hits at most; it lags behind writes)
    #[arg(long, conflicts_with_all = ["domain", "filter", "filter_json", "sort", "all", "offset"])]
    fuzzy: bool,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    pub page: Page,
}

impl Search {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        if let (true, Some(query)) = (self.fuzzy, &self.query) {
            return fuzzy(ctx, query.clone(), self.page.limit().unwrap_or(FUZZY_LIMIT)).await;
        }
        let mut conditions = Vec::new();
        if let Some(part) = &self.query {
            let domains = contains("domains", Some("domain"), part);
            conditions.push(any(vec![contains("name", None, part), domains]));
        }
        conditions.extend(self.domain.map(|domain| json!({"domains": {"domain": {"$eq": domain}}})));
        listing(ctx, TARGET, (conditions, self.filter), &self.page, search::COMPANIES).await
    }
}

async fn fuzzy(ctx: &Ctx, query: Line, limit: usize) -> Result<Done<'_>, Error> {
    if limit > FUZZY_LIMIT {
        return Err(Error::usage("--fuzzy gives 25 hits at most").hint("leave --fuzzy out to get more"));
    }
    let objects = vec![OBJECT.to_owned()];
    // One more than wanted tells whether there are more.
    let ask = FUZZY_LIMIT.min(limit + 1);
    let search = Fuzzy { query: Some(query), objects, limit: Some(ask), request_as: None };
    ctx.client.remark("fuzzy search lags behind writes; without --fuzzy nothing is missed");
    let mut rows: Vec<_> = api::data(&ctx.client.call(&search.request()?).await?)?;
    let rest = if rows.len() < ask { Rest::None } else { Rest::Unreachable };
    rows.truncate(limit);
    let rows = Rows::Whole { rows, rest };
    Ok(Done::Listing(Listing::new(rows, values::flat, Fuzzy::OPERATION.columns)))
}

/// What can be written of a company.
#[derive(Debug, clap::Args)]
struct Fields {
    /// Domain (repeatable); no two companies share one
    #[arg(long = "domain", value_name = "DOMAIN", value_parser = text::domain)]
    domains: Vec<String>,
    /// What the company does
    #[arg(long, value_name = "TEXT")]
    description: Option<Text>,
    /// Customer status (the custom attribute customer_status)
    #[arg(long, value_name = "STATUS")]
    status: Option<Line>,
    #[command(flatten)]
    set: Set,
}

impl Fields {
    async fn into_values(self, ctx: &Ctx, name: Option<Line>) -> Result<Values, Error> {
        let mut values = Values::new();
        values.extend(name.map(|name| ("name".to_owned(), Value::from(name))));
        if !self.domains.is_empty() {
            let domains: Value = self.domains.iter().map(|domain| json!({ "domain": domain })).collect();
            values.insert("domains".into(), domains);
        }
        values.extend(self.description.map(|text| ("description".to_owned(), Value::from(text))));
        self.set.and("customer_status", self.status).add_to(&ctx.resolver, TARGET, &mut values).await?;
        Ok(values)
    }
}

/// Create a company
///
/// A company that has the same domain is never created twice (exit 7 names the existing one). Without
/// a domain nothing is unique: then a company of exactly the same name is in the way, unless
/// --allow-duplicate is given.
///
/// Example: attio-crm create-company "Zeta" --domain zeta.example.com
#[derive(Debug, clap::Args)]
pub struct Create {
    /// Name
    name: Line,
    #[command(flatten)]
    fields: Fields,
    /// If a company has the domain already, update it instead
    #[arg(long, requires = "domains")]
    upsert: bool,
    /// Create it although a company of this name exists
    #[arg(long)]
    allow_duplicate: bool,
}

impl Create {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let domains = self.fields.domains.clone();
        if domains.is_empty() && !self.allow_duplicate && !ctx.client.is_dry_run() {
            refuse_same_name(ctx, &self.name).await?;
        }
        let check = match domains.first() {
            Some(domain) => check(ctx, &["search-companies", "--domain", domain]),
            None => check(ctx, &["search-companies", &self.name]),
        };
        let values = self.fields.into_values(ctx, Some(self.name)).await?;
        let unique = (!domains.is_empty()).then_some(("domains", domains));
        New { object: OBJECT, values, unique, upsert: self.upsert, check }.create(ctx).await
    }
}

async fn refuse_same_name(ctx: &Ctx, name: &str) -> Result<(), Error> {
    let rows = find(&ctx.resolver, OBJECT, name_filter(OBJECT, name)?, 10).await?;
    match rows.iter().find(|row| name_of(row).is_some_and(|found| found == name)) {
        None => Ok(()),
        Some(row) => {
            let id = api::read::<Head>(row)?.id.record_id;
            Err(Error::new(Kind::Conflict, format!("a company named {name:?} exists already: {id}"))
                .hint("update that one, give --domain, or repeat with --allow-duplicate")
                .fact("existing_record_id", id))
        }
    }
}

/// Change a company
///
/// Domains are added to those it has; with --replace they take their place. A repeat changes nothing.
///
/// Example: attio-crm update-company acme.com --description "Makes everything"
#[derive(Debug, clap::Args)]
pub struct Update {
    /// UUID, Attio URL, domain or website, or name:Exact Name
    #[arg(value_name = "REF")]
    reference: String,
    /// New name
    #[arg(long)]
    name: Option<Line>,
    #[command(flatten)]
    fields: Fields,
    /// Slack channel (the custom attribute prospect_slack_channel)
    #[arg(long, value_name = "URL")]
    slack_channel: Option<String>,
    /// Drive folder (the custom attribute google_drive_folder_url)
    #[arg(long, value_name = "URL")]
    drive_folder: Option<String>,
    #[command(flatten)]
    updating: Updating,
}

impl Update {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        Updating::check(OBJECT, &self.reference)?;
        let mut values = self.fields.into_values(ctx, self.name).await?;
        for (slug, url) in
            [("prospect_slack_channel", self.slack_channel), ("google_drive_folder_url", self.drive_folder)]
        {
            url.map_or(Ok(()), |url| put(&mut values, slug, url.into()))?;
        }
        self.updating.update(ctx, (OBJECT, &self.reference), values).await
    }
}
