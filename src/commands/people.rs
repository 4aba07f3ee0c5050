//! People: search, get, create, update.

use super::args::Page;
use super::check::check;
use super::create::New;
use super::search::{self, any, contains, listing, of};
use super::update::{self, Change, present};
use super::{Ctx, Done};
use crate::api::attributes::Target;
use crate::api::records::Values;
use crate::error::Error;
use crate::output::Compact;
use crate::resolve::filter::Filter;
use crate::resolve::reference::{self, record_id, refers_to, unique_filter};
use crate::resolve::set::{Expect, Set};
use crate::text;
use crate::values::full_name;
use serde_json::{Value, json};

const OBJECT: &str = "people";
const TARGET: (Target, &str) = (Target::Objects, OBJECT);

/// Fewer digits are no phone number to look for.
const PHONE_DIGITS: usize = 4;

/// Find people by a part of their name, email address or phone number
///
/// Case does not matter; of a phone number the digits count.
///
/// Example: attio-crm search-people --company acme.com
#[derive(Debug, clap::Args)]
pub struct Search {
    /// A part of the name, email address or phone number
    #[arg(required_unless_present_any = ["email", "company", "filter", "filter_json"], value_parser = text::not_empty)]
    query: Option<String>,
    /// Exactly this email address
    #[arg(long, value_name = "EMAIL", value_parser = text::email)]
    email: Option<String>,
    /// Only people of this company
    #[arg(long, value_name = "REF")]
    company: Option<String>,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    pub page: Page,
}

impl Search {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let mut conditions = Vec::new();
        conditions.extend(self.query.as_deref().map(matching));
        conditions.extend(self.email.map(|email| unique_filter("email_addresses", &email.to_lowercase())));
        if let Some(company) = &self.company {
            let company = of("companies", record_id(&ctx.resolver, "companies", company).await?);
            conditions.push(refers_to("company", &company));
        }
        listing(ctx, TARGET, (conditions, self.filter), &self.page, search::PEOPLE).await
    }
}

fn matching(part: &str) -> Value {
    let mut ways = vec![
        contains("name", Some("full_name"), part),
        contains("email_addresses", Some("email_address"), part),
    ];
    let number = part.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c));
    // Attio stores +49…; a number as dialled at home begins with zeros instead.
    let digits: String = part.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    if number && digits.len() >= PHONE_DIGITS {
        ways.push(contains("phone_numbers", Some("phone_number"), digits));
    }
    any(ways)
}

/// What can be written of a person, besides name and email.
#[derive(Debug, clap::Args)]
struct Fields {
    /// First name
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,
    /// Last name
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,
    /// Company (UUID, Attio URL, domain, or name:Exact Name)
    #[arg(long = "company-id", visible_alias = "company", value_name = "REF")]
    company: Option<String>,
    /// Phone number with its country code, such as +4930123456 (repeatable)
    #[arg(long = "phone", value_name = "NUMBER")]
    phones: Vec<String>,
    /// LinkedIn URL
    #[arg(long, value_name = "URL")]
    linkedin: Option<String>,
    /// Job title
    #[arg(long, value_name = "TEXT")]
    job_title: Option<String>,
    /// Who this is
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    #[command(flatten)]
    set: Set,
}

impl Fields {
    /// Everything, with null for the name, which needs the other half of it on an update, and for the
    /// company, which is only looked up when everything else is in order.
    async fn into_values(self, ctx: &Ctx, emails: &[String]) -> Result<Values, Error> {
        let named = self.has_name();
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
        let texts =
            [("linkedin", self.linkedin), ("job_title", self.job_title), ("description", self.description)];
        values.extend(texts.into_iter().filter_map(|(slug, text)| Some((slug.to_owned(), text?.into()))));
        values.extend(named.then(|| ("name".to_owned(), Value::Null)));
        if let Some(company) = &self.company {
            reference::check("companies", company)?;
            values.insert("company".to_owned(), Value::Null);
        }
        self.set.add_to(&ctx.resolver, TARGET, &mut values).await?;
        Ok(values)
    }

    fn has_name(&self) -> bool {
        self.first_name.is_some() || self.last_name.is_some()
    }
}

async fn link_company(ctx: &Ctx, reference: Option<&str>, values: &mut Values) -> Result<(), Error> {
    if let Some(reference) = reference {
        let company = of("companies", record_id(&ctx.resolver, "companies", reference).await?);
        values.insert("company".to_owned(), json!([reference::value(&company)]));
    }
    Ok(())
}

/// Create a person
///
/// No two people share an email address: if one has it, exit 7 names that person; with --upsert they
/// are updated. Attio links the person to the company of the address's domain, unless --company-id says
/// which.
///
/// Example: attio-crm create-person ann@acme.com --first-name Ann --last-name Lee
#[derive(Debug, clap::Args)]
pub struct Create {
    /// Email address
    #[arg(value_parser = text::email)]
    email: String,
    #[command(flatten)]
    fields: Fields,
    /// If a person has the address already, update them instead
    #[arg(long)]
    upsert: bool,
}

impl Create {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let check = check(ctx, &["search-people", "--email", &self.email]);
        let company = self.fields.company.clone();
        let name = self.fields.has_name().then(|| {
            let part = |part: &Option<String>| part.clone().unwrap_or_default();
            full_name(&part(&self.fields.first_name), &part(&self.fields.last_name))
        });
        let mut values = self.fields.into_values(ctx, std::slice::from_ref(&self.email)).await?;
        if let Some(name) = name {
            values.insert("name".to_owned(), name);
        }
        link_company(ctx, company.as_deref(), &mut values).await?;
        let unique = Some(("email_addresses", vec![self.email.to_lowercase()]));
        New { object: OBJECT, values, unique, upsert: self.upsert, check }.create(ctx).await
    }
}

/// Change a person
///
/// Email addresses and phone numbers are added to those they have; with --replace they take their
/// place. A repeat changes nothing.
///
/// Example: attio-crm update-person ann@acme.com --job-title CTO
#[derive(Debug, clap::Args)]
pub struct Update {
    /// UUID, Attio URL, email address, or name:Exact Name
    #[arg(value_name = "REF")]
    reference: String,
    /// Email address (repeatable)
    #[arg(long = "email", value_name = "EMAIL", value_parser = text::email)]
    emails: Vec<String>,
    #[command(flatten)]
    fields: Fields,
    /// Replace all values of multiselect attributes instead of adding to them
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    expect: Expect,
}

impl Update {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let (first, last) = (self.fields.first_name.clone(), self.fields.last_name.clone());
        let company = self.fields.company.clone();
        let named = self.fields.has_name();
        let mut values = self.fields.into_values(ctx, &self.emails).await?;
        update::something_to_update(&values)?;
        let expected = self.expect.typed(&ctx.resolver, TARGET).await?;
        let id = record_id(&ctx.resolver, OBJECT, &self.reference).await?;
        let mut before = None;
        if named {
            let name = match (first, last) {
                (Some(first), Some(last)) => full_name(&first, &last),
                // Attio writes names as a whole, so the half that stays is read first.
                (first, last) => other_half(before.insert(present(ctx, OBJECT, &id).await?), first, last),
            };
            values.insert("name".to_owned(), name);
        }
        link_company(ctx, company.as_deref(), &mut values).await?;
        Change { object: OBJECT, record_id: id, values, replace: self.replace, expected, before }
            .make(ctx)
            .await
    }
}

fn other_half(person: &Compact, first: Option<String>, last: Option<String>) -> Value {
    let present = |half: &str| {
        let name = person.get("values").and_then(|values| values.get("name"));
        name.and_then(|name| name.get(half)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let first = first.unwrap_or_else(|| present("first_name"));
    full_name(&first, &last.unwrap_or_else(|| present("last_name")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_are_searched_by_their_digits() {
        let with =
            |part: &str| matching(part)["$or"][2]["phone_numbers"]["phone_number"]["$contains"].clone();
        assert_eq!(with("+49 (30) 1234"), json!("49301234"));
        assert_eq!(with("030/1234"), json!("301234"));
        assert_eq!(with("123"), Value::Null);
        assert_eq!(with("ann1234"), Value::Null);
    }

    #[test]
    fn a_name_has_all_three_parts() {
        assert_eq!(full_name("Ann", ""), json!({"first_name": "Ann", "last_name": "", "full_name": "Ann"}));
    }
}
