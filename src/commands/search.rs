//! What the search commands share: words to look for, and a filtered listing of records of one object.

use super::args::Page;
use super::{Ctx, Done, Listing, Rows};
use crate::api::attributes::Target;
use crate::api::search::Search as FuzzySearch;
use crate::api::{Endpoint as _, records};
use crate::client::answer::Rest;
use crate::client::request::Request;
use crate::error::{Error, Kind};
use crate::identity::{domain, email, phone};
use crate::resolve::filter::{Asked, Filter};
use crate::resolve::reference::RecordRef;
use serde_json::{Value, json};

/// Attio's search endpoint gives no more.
const FUZZY_LIMIT: usize = 25;

/// Fewer digits are no phone number to look for.
const PHONE_DIGITS: usize = 4;

/// Said when nothing was found.
pub const NONE: &str = "no record matches all words; --fuzzy tolerates typos";

/// Columns of a table of each object.
pub const COMPANIES: &[&str] = &["name", "domains", "record_id"];
pub const PEOPLE: &[&str] = &["name", "email_addresses", "job_title", "company", "record_id"];
pub const DEALS: &[&str] = &["name", "stage", "value", "associated_company", "owner", "record_id"];

/// The records of an object that have all of `words` and fit all of `conditions` and the filter.
///
/// # Errors
/// Those of the filter.
pub async fn listing<'c>(
    ctx: &'c Ctx,
    target: (Target, &str),
    (words, conditions, filter): (Vec<Value>, Vec<Value>, Filter),
    page: &Page,
    columns: &'static [&'static str],
) -> Result<Done<'c>, Error> {
    let if_none = (!words.is_empty() && page.offset == 0).then_some(NONE);
    let asked = filter.and(&ctx.resolver, target, [words, conditions].concat()).await?;
    let listing = Listing::new(ctx.rows(query(target.1, asked)?, page.window()), columns);
    Ok(Done::Listing(Listing { if_none, ..listing }))
}

/// The query of an object's records.
///
/// # Errors
/// When the object cannot stand in a path.
pub fn query(object: &str, Asked { filter, sorts }: Asked) -> Result<Request, Error> {
    records::Query { object: object.to_owned(), filter, sorts, ..records::Query::default() }.request()
}

/// `--fuzzy` of the searches.
#[derive(Debug, clap::Args)]
pub struct Fuzzy {
    /// Ask Attio's fuzzy search instead (25 hits at most; it lags behind writes)
    #[arg(long, requires = "query", conflicts_with_all = ["filter", "filter_json", "sort", "all", "offset"])]
    fuzzy: bool,
}

impl Fuzzy {
    /// What Attio's fuzzy search is to be asked for, if it is.
    pub fn of<'q>(&self, query: Option<&'q str>) -> Option<&'q str> {
        query.filter(|_| self.fuzzy)
    }
}

/// The hits of Attio's own search in one or several objects.
///
/// # Errors
/// Usage when more are wanted than it gives; those of the call.
pub async fn fuzzy<'c>(
    ctx: &'c Ctx,
    objects: &[&str],
    query: &str,
    limit: Option<usize>,
) -> Result<Done<'c>, Error> {
    let limit = limit.unwrap_or(FUZZY_LIMIT);
    if limit > FUZZY_LIMIT {
        return Err(Error::usage("--fuzzy gives 25 hits at most").hint("leave --fuzzy out to get more"));
    }
    // One more than wanted tells whether there are more.
    let ask = FUZZY_LIMIT.min(limit + 1);
    let query = Some(query.parse().map_err(Error::usage)?);
    let objects = objects.iter().map(|&object| object.to_owned()).collect();
    let search = FuzzySearch { query, objects, limit: Some(ask), request_as: None };
    let mut rows: Vec<_> = ctx.client.call(&search.request()?).await?.data()?;
    ctx.client.remark("fuzzy search lags behind writes; without --fuzzy nothing is missed");
    let rest = if rows.len() < ask { Rest::None } else { Rest::Unreachable };
    rows.truncate(limit);
    let rows = Rows::Whole { rows, rest };
    Ok(Done::Listing(Listing::new(rows, FuzzySearch::OPERATION.columns)))
}

/// For each word of `text` the condition that one of `fields` has it. Of a website its domain counts, of
/// an address all of it.
///
/// # Errors
/// Usage for a page where many have theirs: its domain would find another company.
pub fn words(text: &str, fields: &[(&str, Option<&str>)]) -> Result<Vec<Value>, Error> {
    // A sign alone, as in "Copper & Kiln", is no word: such a text is looked for as a whole.
    if text.split_whitespace().any(|word| !word.contains(char::is_alphanumeric)) {
        return Ok(vec![in_any_of(&[text.to_owned()], fields)]);
    }
    text.split_whitespace().map(|word| Ok(in_any_of(&forms(word)?, fields))).collect()
}

/// As [`words`]; a text that may be a phone number is looked for there, too, by its digits.
///
/// # Errors
/// As [`words`].
pub fn phone_or_words(text: &str, fields: &[(&str, Option<&str>)]) -> Result<Vec<Value>, Error> {
    match phone::part(text).filter(|digits| digits.len() >= PHONE_DIGITS) {
        Some(digits) => {
            let mut ways: Vec<Value> =
                fields.iter().map(|(slug, field)| contains(slug, *field, text)).collect();
            ways.push(contains("phone_numbers", Some("phone_number"), &digits));
            Ok(vec![any(ways)])
        }
        None => words(text, fields),
    }
}

/// Any of `forms` in any of `fields`.
fn in_any_of(forms: &[String], fields: &[(&str, Option<&str>)]) -> Value {
    let ways = fields.iter().flat_map(|(slug, field)| forms.iter().map(|form| contains(slug, *field, form)));
    any(ways.collect())
}

/// How a word may be kept.
fn forms(word: &str) -> Result<Vec<String>, Error> {
    if let Ok(address) = email(word) {
        return Ok(vec![email::compared(&address)]);
    }
    let Ok(host) = domain(word) else { return Ok(vec![word.to_owned()]) };
    domain::website(word).map_err(|why| {
        Error::usage(format!("{word:?} cannot be searched for"))
            .why(why)
            .hint("search for the name, or for the page where it is kept, such as --filter linkedin~PART")
    })?;
    let is_url = word.contains('/') || word.to_lowercase().starts_with("www.");
    let mut forms = domain::spellings(&host);
    forms.retain(|form| !form.starts_with("www."));
    if !is_url && !forms.iter().any(|form| form.eq_ignore_ascii_case(word)) {
        forms.push(word.to_owned());
    }
    Ok(forms)
}

/// A condition for any of several.
fn any(mut conditions: Vec<Value>) -> Value {
    if conditions.len() == 1 { conditions.remove(0) } else { json!({ "$or": conditions }) }
}

/// A case-insensitive part of one field.
fn contains(attribute: &str, field: Option<&str>, text: &str) -> Value {
    let condition = json!({ "$contains": text });
    match field {
        Some(field) => json!({attribute: {field: condition}}),
        None => json!({attribute: condition}),
    }
}

/// Whether an object is not there: a workspace may have deals switched off.
pub fn is_off(error: &Error) -> bool {
    error.kind() == Kind::NotFound
}

/// Says that an object is not there.
pub fn pass_over(ctx: &Ctx, object: &str) {
    ctx.client.remark(&format!("{object} are not enabled in this workspace; skipped"));
}

/// The object and ID of a record, as values and filters want them.
pub fn of(object: &str, record_id: String) -> RecordRef {
    RecordRef { object: object.to_owned(), record_id }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: [(&str, Option<&str>); 1] = [("name", None)];

    #[test]
    fn phone_numbers_are_searched_by_their_digits() {
        let with = |part: &str| {
            let found = phone_or_words(part, &NAME).unwrap();
            found[0]["$or"][1]["phone_numbers"]["phone_number"]["$contains"].clone()
        };
        assert_eq!(with("+49 (30) 1234"), json!("49301234"));
        assert_eq!(with("+49 (0)30 1234"), json!("49301234"));
        assert_eq!(with("tel:+49-30-1234"), json!("49301234"));
        assert_eq!(with("030/1234"), json!("301234"));
        assert_eq!(with("123"), Value::Null);
        assert_eq!(with("ann1234"), Value::Null);
    }

    #[test]
    fn each_word_is_looked_for() {
        let found = |text: &str| words(text, &NAME).unwrap();
        let contains = |text: &str| json!({"name": {"$contains": text}});
        assert_eq!(found(" Inc  acme"), [contains("Inc"), contains("acme")]);
        assert_eq!(found("https://www.acme.com/about"), [contains("acme.com")]);
        assert_eq!(found("WWW.acme.com"), [contains("acme.com")]);
        assert_eq!(found("acme.com"), [contains("acme.com")]);
        assert_eq!(found("mailto:Ann@ACME.com"), [contains("ann@acme.com")]);
        assert_eq!(found("A/B"), [contains("A/B")]);
        assert_eq!(found("Copper & Kiln"), [contains("Copper & Kiln")]);
        assert_eq!(found(""), [Value::Null; 0]);
        let idn = json!({ "$or": [contains("xn--zrich-kva.ch"), contains("zürich.ch")] });
        assert_eq!(found("zürich.ch"), [idn]);
        assert!(words("https://linkedin.com/company/acme", &NAME).is_err());
    }
}
