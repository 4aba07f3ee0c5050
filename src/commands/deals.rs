//! Deals: search, get, create, update. A deal has nothing unique, so none is ever upserted.

use super::args::Page;
use super::check::check;
use super::create::{New, no_assignment};
use super::search::{self, Fuzzy, listing, of, words};
use super::update::Updating;
use super::{Ctx, Done};
use crate::api::attributes::Target;
use crate::api::records::Values;
use crate::error::Error;
use crate::identity;
use crate::input::{Line, Name};
use crate::resolve::filter::Filter;
use crate::resolve::find::refers_to;
use crate::resolve::members;
use crate::resolve::reference::{self, record_id};
use crate::resolve::set::Set;
use crate::text;
use serde_json::{Number, Value, json};

const OBJECT: &str = "deals";
const TARGET: (Target, &str) = (Target::Objects, OBJECT);

/// The conditions of deals that have all words of `text`.
///
/// # Errors
/// As [`words`].
pub fn having(text: &str) -> Result<Vec<Value>, Error> {
    words(text, &[("name", None)])
}

/// Find deals by words of their name, by stage, company or owner
///
/// All words must be there, in any order and case. Without arguments it lists all deals.
///
/// Example: attio-crm search-deals --stage Lead --company acme.com
#[derive(Debug, clap::Args)]
pub struct Search {
    /// Words of the name
    query: Option<Name>,
    /// Only deals in this stage
    #[arg(long, conflicts_with = "fuzzy")]
    stage: Option<Line>,
    /// Only deals of this company
    #[arg(long, value_name = "REF", conflicts_with = "fuzzy")]
    company: Option<String>,
    /// Only deals of this workspace member
    #[arg(long, value_name = "MEMBER", value_parser = text::member, conflicts_with = "fuzzy")]
    owner: Option<String>,
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
        let filter = self.filter.equal("stage", self.stage);
        let mut conditions = Vec::new();
        if let Some(company) = &self.company {
            let company = of("companies", record_id(&ctx.resolver, "companies", company).await?);
            conditions.push(refers_to("associated_company", &company));
        }
        if let Some(owner) = &self.owner {
            conditions.push(json!({"owner": {
                "referenced_actor_type": {"$eq": "workspace-member"},
                "referenced_actor_id": {"$eq": members::id(&ctx.resolver, owner).await?},
            }}));
        }
        listing(ctx, TARGET, (words, conditions, filter), &self.page, search::DEALS).await
    }
}

/// What can be written of a deal, besides name and stage.
#[derive(Debug, clap::Args)]
struct Fields {
    /// Value in the currency of the attribute
    #[arg(long, value_name = "AMOUNT", value_parser = identity::amount, allow_hyphen_values = true)]
    value: Option<Number>,
    /// Workspace member who owns it
    #[arg(long, value_name = "MEMBER", value_parser = text::member)]
    owner: Option<String>,
    /// Company (UUID, Attio URL, domain, or name:Exact Name)
    #[arg(long, value_name = "REF")]
    company: Option<String>,
    /// Person (UUID, Attio URL, email, or name:Exact Name; repeatable)
    #[arg(long = "person", value_name = "REF")]
    people: Vec<String>,
    #[command(flatten)]
    set: Set,
}

impl Fields {
    async fn into_values(self, ctx: &Ctx, name: Option<Name>, stage: Option<Line>) -> Result<Values, Error> {
        let mut values = Values::new();
        values.extend(name.map(|name| ("name".to_owned(), Value::from(name))));
        values.extend(self.value.map(|value| ("value".to_owned(), Value::from(value))));
        // Only looked up when everything else is in order.
        if self.company.is_some() {
            values.insert("associated_company".into(), Value::Null);
        }
        if !self.people.is_empty() {
            values.insert("associated_people".into(), Value::Null);
        }
        self.company.iter().try_for_each(|company| reference::check("companies", company))?;
        self.people.iter().try_for_each(|person| reference::check("people", person))?;
        self.set
            .and("stage", stage)
            .and("owner", self.owner)
            .add_to(&ctx.resolver, TARGET, &mut values)
            .await?;
        if let Some(company) = &self.company {
            let company = of("companies", record_id(&ctx.resolver, "companies", company).await?);
            values.insert("associated_company".into(), json!([reference::value(&company)]));
        }
        let mut people = Vec::new();
        for person in &self.people {
            people.push(reference::value(&of("people", record_id(&ctx.resolver, "people", person).await?)));
        }
        if !people.is_empty() {
            values.insert("associated_people".into(), people.into());
        }
        Ok(values)
    }
}

/// Create a deal
///
/// Attio requires an owner: without --owner it is the member who made the key. Nothing in a deal is
/// unique, so repeating makes another deal.
///
/// Example: attio-crm create-deal "Acme renewal" --stage Lead --value 12000 --company acme.com
#[derive(Debug, clap::Args)]
pub struct Create {
    /// Name
    name: Name,
    /// Stage (its exact title)
    #[arg(long)]
    stage: Line,
    #[command(flatten)]
    fields: Fields,
}

impl Create {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        no_assignment(OBJECT, &self.name)?;
        let check = check(ctx, &["search-deals", &self.name]);
        let mut values = self.fields.into_values(ctx, Some(self.name), Some(self.stage)).await?;
        if !values.contains_key("owner") {
            // If Attio does not tell who made the key, it will say that an owner is missing.
            let maker = members::key_maker(&ctx.resolver).await?;
            values.extend(maker.map(|id| ("owner".to_owned(), json!([members::reference(&id)]))));
        }
        New { object: OBJECT, values, unique: None, upsert: false, check }.create(ctx).await
    }
}

/// Change a deal
///
/// People are added to those it has; with --replace they take their place.
///
/// Example: attio-crm update-deal "name:Globex renewal" --stage "In Progress"
#[derive(Debug, clap::Args)]
pub struct Update {
    /// UUID, Attio URL, or name:Exact Name
    #[arg(value_name = "REF")]
    reference: String,
    /// New name
    #[arg(long)]
    name: Option<Name>,
    /// New stage (its exact title)
    #[arg(long)]
    stage: Option<Line>,
    #[command(flatten)]
    fields: Fields,
    #[command(flatten)]
    updating: Updating,
}

impl Update {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        reference::check(OBJECT, &self.reference)?;
        let values = self.fields.into_values(ctx, self.name, self.stage).await?;
        self.updating.update(ctx, (OBJECT, &self.reference), values).await
    }
}
