//! People: search, get, create, update.

use super::args::Page;
use super::check::check;
use super::create::{New, duplicate, given};
use super::search::{self, Fuzzy, listing, of, phone_or_words};
use super::update::Updating;
use super::{Ctx, Done};
use crate::api::attributes::Target;
use crate::api::records::Values;
use crate::error::Error;
use crate::identity;
use crate::identity::person;
use crate::input::{Line, Name, Text};
use crate::resolve::filter::Filter;
use crate::resolve::find::{SHOWN, find, named, refers_to, unique_filter};
use crate::resolve::reference::{self, record_id};
use crate::resolve::set::Set;
use crate::values;
use clap::ArgGroup;
use serde_json::{Map, Value, json};

const OBJECT: &str = "people";
const TARGET: (Target, &str) = (Target::Objects, OBJECT);

/// Where a word that was searched for may be.
const WHERE: [(&str, Option<&str>); 2] =
    [("name", Some("full_name")), ("email_addresses", Some("email_address"))];

/// The conditions of people who have all words of `text`, or that phone number.
///
/// # Errors
/// As [`phone_or_words`].
pub fn having(text: &str) -> Result<Vec<Value>, Error> {
    phone_or_words(text, &WHERE)
}

/// Find people by parts of their name, email address or phone number
///
/// All words must be there, in any order and case; of a phone number the digits count.
///
/// Example: attio-crm search-people --company acme.com
#[derive(Debug, clap::Args)]
pub struct Search {
    /// Words of the name, a part of an email address, or of a phone number
    query: Option<Name>,
    /// Exactly this email address
    #[arg(long, value_name = "EMAIL", value_parser = identity::email, conflicts_with = "fuzzy")]
    email: Option<String>,
    /// Only people of this company
    #[arg(long, value_name = "REF", conflicts_with = "fuzzy")]
    company: Option<String>,
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
        let mut conditions = Vec::new();
        conditions.extend(self.email.map(|email| unique_filter("email_addresses", &email)));
        if let Some(company) = &self.company {
            let company = of("companies", record_id(&ctx.resolver, "companies", company).await?);
            conditions.push(refers_to("company", &company));
        }
        listing(ctx, TARGET, (words, conditions, self.filter), &self.page, search::PEOPLE).await
    }
}

/// What may say who a person is.
const WHO: [&str; 5] = ["email", "name", "first_name", "last_name", "phones"];

/// What can be written of a person, besides name and email.
#[derive(Debug, clap::Args)]
struct Fields {
    /// Full name: First Last, or Last, First
    #[arg(long, conflicts_with_all = ["first_name", "last_name"])]
    name: Option<Name>,
    /// First name
    #[arg(long, value_name = "NAME")]
    first_name: Option<Name>,
    /// Last name
    #[arg(long, value_name = "NAME")]
    last_name: Option<Name>,
    /// Company (UUID, Attio URL, domain, or name:Exact Name)
    #[arg(long = "company-id", visible_alias = "company", value_name = "REF")]
    company: Option<String>,
    /// Phone number with its country code, such as +4930123456 (repeatable)
    #[arg(long = "phone", value_name = "NUMBER", value_parser = identity::phone)]
    phones: Vec<String>,
    /// LinkedIn URL
    #[arg(long, value_name = "URL")]
    linkedin: Option<String>,
    /// Job title
    #[arg(long, value_name = "TEXT")]
    job_title: Option<Line>,
    /// Who this is
    #[arg(long, value_name = "TEXT")]
    description: Option<Text>,
    #[command(flatten)]
    set: Set,
}

impl Fields {
    /// Everything that was given: of the name perhaps one half. The company is only looked up when
    /// everything else is in order.
    async fn into_values(self, ctx: &Ctx, emails: &[String]) -> Result<Values, Error> {
        let mut values = Values::new();
        let list = |field: &str, items: &[String]| -> Value {
            items.iter().map(|item| json!({ field: item })).collect()
        };
        if !emails.is_empty() {
            values.insert("email_addresses".into(), list("email_address", emails));
        }
        if !self.phones.is_empty() {
            values.insert("phone_numbers".into(), list("original_phone_number", &self.phones));
        }
        let texts = [
            ("linkedin", self.linkedin.map(Value::from)),
            ("job_title", self.job_title.map(Value::from)),
            ("description", self.description.map(Value::from)),
        ];
        values.extend(texts.into_iter().filter_map(|(slug, text)| Some((slug.to_owned(), text?))));
        let mut name = Map::new();
        for (half, text) in [("first_name", self.first_name), ("last_name", self.last_name)] {
            let Some(text) = text else { continue };
            let text = person::half(&text)
                .map_err(|why| Error::usage(format!("not a name: {:?}", &*text)).why(why))?;
            name.insert(half.to_owned(), text.into());
        }
        values.extend((!name.is_empty()).then(|| ("name".to_owned(), name.into())));
        if let Some(text) = self.name {
            let parts = values::person_name(&text)
                .map_err(|why| Error::usage(format!("not a name: {:?}", &*text)).why(why))?;
            values.insert("name".to_owned(), parts);
        }
        if let Some(company) = &self.company {
            reference::check("companies", company)?;
            values.insert("company".to_owned(), Value::Null);
        }
        self.set.add_to(&ctx.resolver, TARGET, &mut values).await?;
        if let Some(company) = &self.company {
            let company = of("companies", record_id(&ctx.resolver, "companies", company).await?);
            values.insert("company".to_owned(), json!([reference::value(&company)]));
        }
        Ok(values)
    }
}

/// Create a person
///
/// No two people share an email address: if one has it, exit 7 names that person; with --upsert they
/// are updated. Without an address nothing is unique: then exit 7 names who has the same phone number or
/// name, unless --allow-duplicate says that this is somebody else. Attio links the person to the company
/// of the address's domain, unless --company-id says which.
///
/// Example: attio-crm create-person ann@acme.com --name "Ann Lee"
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("who").args(WHO).required(true).multiple(true)))]
pub struct Create {
    /// Email address; not needed with --name or --phone
    #[arg(value_parser = identity::email)]
    email: Option<String>,
    #[command(flatten)]
    fields: Fields,
    /// If a person has the address already, update them instead
    #[arg(long)]
    upsert: bool,
    /// Create them although a person of this name or phone number exists
    #[arg(long)]
    allow_duplicate: bool,
}

impl Create {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let values = self.fields.into_values(ctx, self.email.as_slice()).await?;
        let emails = given(&values, ("email_addresses", "email_address"), identity::email);
        let phones = given(&values, ("phone_numbers", "original_phone_number"), identity::phone);
        let name = values.get("name").and_then(full_name);
        let check = match (emails.first(), &name, phones.first()) {
            (Some(email), ..) => check(ctx, &["search-people", "--email", email]),
            (None, Some(name), _) => check(ctx, &["search-people", name]),
            (None, None, Some(phone)) => check(ctx, &["search-people", phone]),
            (None, None, None) => {
                return Err(Error::usage("nothing says who this is").hint("give EMAIL, --name or --phone"));
            }
        };
        if emails.is_empty() && !self.allow_duplicate && !ctx.client.is_dry_run() {
            refuse_same(ctx, name.as_deref(), &phones).await?;
        }
        let unique = (!emails.is_empty()).then_some(("email_addresses", emails));
        New { object: OBJECT, values, unique, upsert: self.upsert, check }.create(ctx).await
    }
}

/// All of a name that will be written.
fn full_name(name: &Value) -> Option<String> {
    let part = |part: &str| name.get(part).and_then(Value::as_str).unwrap_or_default();
    let whole = person::whole(part("first_name"), part("last_name"));
    [whole.as_str(), part("full_name")].into_iter().find(|name| !name.is_empty()).map(str::to_owned)
}

/// Refuses to create somebody who is there already, as far as phone numbers and names tell.
async fn refuse_same(ctx: &Ctx, name: Option<&str>, phones: &[String]) -> Result<(), Error> {
    let same = |phone: &String| json!({"phone_numbers": {"phone_number": {"$eq": phone}}});
    let any: Vec<Value> = phones.iter().map(same).collect();
    let mut rows = match any.is_empty() {
        true => Vec::new(),
        false => find(&ctx.resolver, OBJECT, json!({ "$or": any }), Some(SHOWN)).await?,
    };
    if let (true, Some(name)) = (rows.is_empty(), name) {
        rows = named(&ctx.resolver, OBJECT, name).await?;
    }
    duplicate("a person with this name or phone number", &rows, "give EMAIL")
}

/// Change a person
///
/// Email addresses and phone numbers are added to those they have; with --replace they take their
/// place. A repeat changes nothing.
///
/// Example: attio-crm update-person jane@acme.com --job-title CTO
#[derive(Debug, clap::Args)]
pub struct Update {
    /// UUID, Attio URL, email address, or name:Exact Name
    #[arg(value_name = "REF")]
    reference: String,
    /// Email address (repeatable)
    #[arg(long = "email", value_name = "EMAIL", value_parser = identity::email)]
    emails: Vec<String>,
    #[command(flatten)]
    fields: Fields,
    #[command(flatten)]
    updating: Updating,
}

impl Update {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        reference::check(OBJECT, &self.reference)?;
        let values = self.fields.into_values(ctx, &self.emails).await?;
        self.updating.update(ctx, (OBJECT, &self.reference), values).await
    }
}
