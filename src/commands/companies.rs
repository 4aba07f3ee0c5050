//! Companies: search, get, create, update.

use super::args::Page;
use super::check::check;
use super::create::{New, duplicate, given, no_assignment};
use super::search::{self, Fuzzy, listing, words};
use super::update::Updating;
use super::{Ctx, Done};
use crate::api::attributes::Target;
use crate::api::records::Values;
use crate::error::Error;
use crate::identity;
use crate::input::{Line, Name, Text};
use crate::resolve::filter::Filter;
use crate::resolve::find::{named, unique_filter};
use crate::resolve::reference;
use crate::resolve::set::{Set, put};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const OBJECT: &str = "companies";
const TARGET: (Target, &str) = (Target::Objects, OBJECT);

/// Where a word that was searched for may be.
const WHERE: [(&str, Option<&str>); 2] = [("name", None), ("domains", Some("domain"))];

/// The conditions of companies that have all words of `text`.
///
/// # Errors
/// As [`words`].
pub fn having(text: &str) -> Result<Vec<Value>, Error> {
    words(text, &WHERE)
}

/// Find companies by parts of their name or domain
///
/// All words must be there, in any order and case; of a website its domain counts. Every write is seen at once. With --fuzzy Attio's own search is asked, which
/// forgives typing errors, but learns of new and changed companies only after a while.
///
/// Example: attio-crm search-companies acme -o ids
#[derive(Debug, clap::Args)]
pub struct Search {
    /// Words of the name, a part of a domain, or a website
    query: Option<Name>,
    /// Exactly this domain, or that of a website
    #[arg(long, value_name = "DOMAIN", value_parser = identity::domain, conflicts_with = "fuzzy")]
    domain: Option<String>,
    #[command(flatten)]
    fuzzy: Fuzzy,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    pub page: Page,
}

impl Search {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        if let Some(query) = self.fuzzy.of(self.query.as_deref()) {
            return search::fuzzy(ctx, &[OBJECT], query, self.page.limit()).await;
        }
        let words = having(self.query.as_deref().unwrap_or_default())?;
        let domain = self.domain.map(|domain| unique_filter("domains", &domain));
        let asked = (words, domain.into_iter().collect(), self.filter);
        listing(ctx, TARGET, asked, &self.page, search::COMPANIES).await
    }
}

/// What can be written of a company.
#[derive(Debug, clap::Args)]
struct Fields {
    /// Domain (repeatable); no two companies share one
    #[arg(long = "domain", value_name = "DOMAIN", value_parser = identity::own_domain)]
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
    async fn into_values(self, ctx: &Ctx, name: Option<Name>) -> Result<Values, Error> {
        let mut values = Values::new();
        values.extend(name.map(|name| ("name".to_owned(), Value::from(name))));
        if !self.domains.is_empty() {
            let domains: BTreeSet<String> = self.domains.into_iter().collect();
            let domains: Value = domains.iter().map(|domain| json!({ "domain": domain })).collect();
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
/// a domain nothing is unique: then a company with the same name is a conflict, unless
/// --allow-duplicate is given.
///
/// Example: attio-crm create-company "Zeta" --domain zeta.example.com
#[derive(Debug, clap::Args)]
pub struct Create {
    /// Name
    name: Name,
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
        let name = self.name.clone();
        no_assignment(OBJECT, &name)?;
        let values = self.fields.into_values(ctx, Some(self.name)).await?;
        let domains = given(&values, ("domains", "domain"), identity::domain);
        if domains.is_empty() && !self.allow_duplicate && !ctx.client.is_dry_run() {
            refuse_same_name(ctx, &name).await?;
        }
        let check = match domains.first() {
            Some(domain) => check(ctx, &["search-companies", "--domain", domain]),
            None => check(ctx, &["search-companies", &name]),
        };
        let unique = (!domains.is_empty()).then_some(("domains", domains));
        New { object: OBJECT, values, unique, upsert: self.upsert, check }.create(ctx).await
    }
}

async fn refuse_same_name(ctx: &Ctx, name: &str) -> Result<(), Error> {
    let rows = named(&ctx.resolver, OBJECT, name).await?;
    duplicate(&format!("a company named {name:?}"), &rows, "give --domain")
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
    name: Option<Name>,
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
        reference::check(OBJECT, &self.reference)?;
        let mut values = self.fields.into_values(ctx, self.name).await?;
        for (slug, url) in
            [("prospect_slack_channel", self.slack_channel), ("google_drive_folder_url", self.drive_folder)]
        {
            url.map_or(Ok(()), |url| put(&mut values, slug, url.into()))?;
        }
        self.updating.update(ctx, (OBJECT, &self.reference), values).await
    }
}
