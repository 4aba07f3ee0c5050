//! People: search, get, create, update.

use super::args::{Page, SetJson};
use super::reference::{self, record_id, refers_to, unique_filter};
use super::search::{self, any, contains, listing, of};
use super::write::{self, New, check};
use super::{Ctx, Done};
use crate::api::records::{Get as GetRecord, Values};
use crate::api::{self};
use crate::error::Error;
use crate::text;
use crate::values;
use serde_json::{Value, json};

const OBJECT: &str = "people";

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
    #[arg(required_unless_present_any = ["email", "company"], value_parser = text::not_empty)]
    query: Option<String>,
    /// Exactly this email address
    #[arg(long, value_name = "EMAIL", value_parser = text::email)]
    email: Option<String>,
    /// Only people of this company
    #[arg(long, value_name = "REF")]
    company: Option<String>,
    #[command(flatten)]
    pub page: Page,
}

impl Search {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let mut conditions = Vec::new();
        conditions.extend(self.query.as_deref().map(matching));
        conditions.extend(self.email.map(|email| unique_filter("email_addresses", &email.to_lowercase())));
        if let Some(company) = &self.company {
            let company = of("companies", record_id(ctx, "companies", company).await?);
            conditions.push(refers_to("company", &company));
        }
        listing(ctx, OBJECT, conditions, &self.page, search::PEOPLE)
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
    set_json: SetJson,
}

impl Fields {
    /// Everything, with null for the name, which needs the other half of it on an update, and for the
    /// company, which is only looked up when everything else is in order.
    fn into_values(self, emails: &[String]) -> Result<Values, Error> {
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
        values.extend(self.company.map(|_| ("company".to_owned(), Value::Null)));
        self.set_json.add_to(&mut values)?;
        Ok(values)
    }

    fn has_name(&self) -> bool {
        self.first_name.is_some() || self.last_name.is_some()
    }
}

async fn link_company(ctx: &Ctx, reference: Option<&str>, values: &mut Values) -> Result<(), Error> {
    if let Some(reference) = reference {
        let company = of("companies", record_id(ctx, "companies", reference).await?);
        values.insert("company".to_owned(), json!([reference::value(&company)]));
    }
    Ok(())
}

/// All three keys, as Attio requires.
fn full_name(first: &str, last: &str) -> Value {
    let full = [first, last].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    json!({"first_name": first, "last_name": last, "full_name": full})
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
        let check = check(&["search-people", "--email", &self.email]);
        let company = self.fields.company.clone();
        let name = self.fields.has_name().then(|| {
            let part = |part: &Option<String>| part.clone().unwrap_or_default();
            full_name(&part(&self.fields.first_name), &part(&self.fields.last_name))
        });
        let mut values = self.fields.into_values(std::slice::from_ref(&self.email))?;
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
}

impl Update {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let (first, last) = (self.fields.first_name.clone(), self.fields.last_name.clone());
        let company = self.fields.company.clone();
        let named = self.fields.has_name();
        let mut values = self.fields.into_values(&self.emails)?;
        write::something_to_update(&values)?;
        company.iter().try_for_each(|company| reference::check("companies", company))?;
        let id = record_id(ctx, OBJECT, &self.reference).await?;
        if named {
            let name = match (first, last) {
                (Some(first), Some(last)) => full_name(&first, &last),
                (first, last) => other_half(ctx, &id, first, last).await?,
            };
            values.insert("name".to_owned(), name);
        }
        link_company(ctx, company.as_deref(), &mut values).await?;
        write::update(ctx, OBJECT, id, values, self.replace).await
    }
}

/// Attio writes names as a whole, so the half that stays is read first.
async fn other_half(
    ctx: &Ctx,
    id: &str,
    first: Option<String>,
    last: Option<String>,
) -> Result<Value, Error> {
    let get = GetRecord { object: OBJECT.to_owned(), record_id: id.to_owned() };
    let raw = api::one(&ctx.client, &get).await?;
    let compact = values::compact(raw.get())
        .map_err(|e| Error::failure("Attio's record has an unexpected shape").why(e.to_string()))?;
    let present = |half: &str| {
        let name = compact.get("values").and_then(|values| values.get("name"));
        name.and_then(|name| name.get(half)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let first = first.unwrap_or_else(|| present("first_name"));
    let last = last.unwrap_or_else(|| present("last_name"));
    Ok(full_name(&first, &last))
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
