//! References: the ways to name a record, and how one becomes its ID.
//!
//! A UUID, an Attio URL, an email address (people), a domain or website (companies), or `name:` and
//! the exact name. One match is used, none is exit 3, several are exit 7 with the candidates. Never
//! the first of several.

use super::Resolver;
use crate::api::Endpoint as _;
use crate::api::groups::RecordPath;
use crate::api::{self, records};
use crate::client::pages::{Pages, Window};
use crate::error::{Error, Kind};
use crate::{link, text as texts, values};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// Attio's own objects, of which nearly every record is.
const STANDARD: [&str; 3] = ["companies", "people", "deals"];

/// Candidates shown for an ambiguous reference.
const CANDIDATES: usize = 10;

/// A record, its object known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRef {
    /// API slug of the object.
    pub object: String,
    /// UUID.
    pub record_id: String,
}

/// A reference as understood, not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reference {
    Id(String),
    Link(RecordRef),
    Email(String),
    Domain(String),
    Name(String),
}

/// The ID of the record of `object` that `text` names.
///
/// # Errors
/// Usage (nothing sent) when it is no reference or names another object; not found; conflict when
/// several records fit.
pub async fn record_id(resolver: &Resolver, object: &str, text: &str) -> Result<String, Error> {
    let found = look_up(resolver, Some(object), object, text).await?;
    Ok(found.record_id)
}

/// The record that `text` names, of the object `wanted` or else of whatever object it is: an email is a
/// person, a domain a company, a URL tells, a UUID is looked for, and a name is a company's.
///
/// # Errors
/// As [`record_id`].
pub async fn record(resolver: &Resolver, wanted: Option<&str>, text: &str) -> Result<RecordRef, Error> {
    if let (None, Ok(Reference::Id(record_id))) = (wanted, parse(text)) {
        let object = object_of(resolver, &record_id).await?;
        return Ok(RecordRef { object, record_id });
    }
    look_up(resolver, wanted, wanted.unwrap_or("companies"), text).await
}

/// The object of the record with this ID, which no ID tells: each of Attio's own is asked for it.
async fn object_of(resolver: &Resolver, record_id: &str) -> Result<String, Error> {
    if let Some(known) = resolver.objects.borrow().get(record_id) {
        return Ok(known.clone());
    }
    for object in STANDARD {
        if exists(resolver, &RecordRef { object: object.to_owned(), record_id: record_id.to_owned() }).await?
        {
            resolver.objects.borrow_mut().insert(record_id.to_owned(), object.to_owned());
            return Ok(object.to_owned());
        }
    }
    let message = format!("no company, person or deal has the ID {record_id}");
    Err(Error::new(Kind::NotFound, message)
        .hint("a record of another object needs --object, or its Attio URL"))
}

/// The error for an ID that no record of the object has.
pub fn none(record: &RecordRef) -> Error {
    Error::new(Kind::NotFound, format!("no record of {} has the ID {}", record.object, record.record_id))
        .hint("leave --object out to look for it among companies, people and deals")
}

/// Whether there is such a record.
///
/// # Errors
/// Those of the call, but for "not found".
pub async fn exists(resolver: &Resolver, record: &RecordRef) -> Result<bool, Error> {
    let get = records::Get { record: RecordPath::new(&record.object, &record.record_id) };
    match resolver.client.call(&get.request()?).await {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == Kind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The record that `text` names, of one of `objects` (any if there are none).
///
/// # Errors
/// As [`record_id`]; a usage error when the text does not tell which object is meant.
pub async fn record_of(resolver: &Resolver, objects: &[String], text: &str) -> Result<RecordRef, Error> {
    let (wanted, fallback) = check_of(objects, text)?;
    look_up(resolver, wanted, fallback, text).await
}

/// Whether `text` can name a record of one of `objects`; the object wanted, and the one of a text that
/// does not tell.
///
/// # Errors
/// Usage, when it cannot.
pub fn check_of<'o>(objects: &'o [String], text: &str) -> Result<(Option<&'o str>, &'o str), Error> {
    if let [only] = objects {
        return check(only, text).map(|()| (Some(only.as_str()), only.as_str()));
    }
    let (reference, object) = understand(None, "", text)?;
    if matches!(reference, Reference::Id(_) | Reference::Name(_)) {
        return Err(Error::usage(format!("{text:?} may be a record of several objects"))
            .hint("give an Attio URL, or {\"object\":…,\"record_id\":…}"));
    }
    if objects.is_empty() || objects.contains(&object) {
        return Ok((None, ""));
    }
    Err(Error::usage(format!("{text:?} names one of {object}, not of {}", objects.join(" or "))))
}

/// Whether `text` can name a record of `object`, for commands that look up several.
///
/// # Errors
/// Usage, when it cannot.
pub fn check(object: &str, text: &str) -> Result<(), Error> {
    understand(Some(object), object, text).map(drop)
}

/// A reference and the object it belongs to; nothing is sent.
fn understand(wanted: Option<&str>, fallback: &str, text: &str) -> Result<(Reference, String), Error> {
    let reference = parse(text)?;
    let object = match &reference {
        Reference::Id(_) | Reference::Name(_) => fallback,
        Reference::Link(link) => &link.object,
        Reference::Email(_) => "people",
        Reference::Domain(_) => "companies",
    }
    .to_owned();
    if let Some(wanted) = wanted.filter(|wanted| *wanted != object) {
        return Err(Error::usage(format!("{text:?} names one of {object}, not of {wanted}"))
            .hint("give a UUID, an Attio URL or name:Exact Name"));
    }
    Ok((reference, object))
}

async fn look_up(
    resolver: &Resolver,
    wanted: Option<&str>,
    fallback: &str,
    text: &str,
) -> Result<RecordRef, Error> {
    let (reference, object) = understand(wanted, fallback, text)?;
    let filter = match &reference {
        Reference::Id(id) => return Ok(RecordRef { object, record_id: id.clone() }),
        Reference::Link(link) => return Ok(link.clone()),
        Reference::Email(email) => unique_filter("email_addresses", email),
        Reference::Domain(domain) => domain_filter(domain),
        Reference::Name(name) => name_filter(&object, name)?,
    };
    let mut rows = find(resolver, &object, filter, CANDIDATES + 1).await?;
    if let Reference::Name(name) = &reference {
        // Attio's equality ignores case; a reference does not.
        rows.retain(|row| name_of(row).is_some_and(|found| found == *name));
    }
    pick(&rows, &object, text)
}

fn pick(rows: &[Box<RawValue>], object: &str, text: &str) -> Result<RecordRef, Error> {
    match rows {
        [] => Err(Error::new(Kind::NotFound, format!("no record of {object} is {text:?}"))
            .hint("look for it with a search command")),
        [one] => {
            let head: records::Head = api::read(one)?;
            Ok(RecordRef { object: object.to_owned(), record_id: head.id.record_id })
        }
        several => {
            let candidates: Vec<Value> = several.iter().filter_map(|row| candidate(row)).collect();
            let shown: Vec<String> = candidates.iter().map(|c| c["record_id"].to_string()).collect();
            Err(Error::new(Kind::Conflict, format!("{} records of {object} are {text:?}", several.len()))
                .why(format!("candidates: {}", shown.join(", ").replace('"', "")))
                .hint("name one by its UUID")
                .fact("candidates", candidates))
        }
    }
}

fn candidate(row: &RawValue) -> Option<Value> {
    let head: records::Head = api::read(row).ok()?;
    Some(json!({"record_id": head.id.record_id, "name": name_of(row), "web_url": head.web_url}))
}

/// The records of an object that fit a filter, `limit` at the most.
///
/// # Errors
/// Those of the call.
pub async fn find(
    resolver: &Resolver,
    object: &str,
    filter: Value,
    limit: usize,
) -> Result<Vec<Box<RawValue>>, Error> {
    let query =
        records::Query { object: object.to_owned(), filter: Some(filter), ..records::Query::default() };
    let window = Window { limit: Some(limit), ..Window::default() };
    Pages::new(&resolver.client, query.request()?, window).collect().await
}

/// Matches a value of one of the two unique attributes that Attio's own objects have.
pub fn unique_filter(attribute: &str, value: &str) -> Value {
    let field = if attribute == "domains" { "domain" } else { "email_address" };
    json!({attribute: {field: {"$eq": value}}})
}

/// Matches a domain; of a website at `www.` its domain without that, too.
fn domain_filter(domain: &str) -> Value {
    match domain.strip_prefix("www.") {
        Some(bare) => json!({ "$or": [unique_filter("domains", domain), unique_filter("domains", bare)] }),
        None => unique_filter("domains", domain),
    }
}

/// Matches a name exactly (but for case).
///
/// # Errors
/// For objects whose name attribute is not known beforehand.
pub fn name_filter(object: &str, name: &str) -> Result<Value, Error> {
    match object {
        "people" => Ok(json!({"name": {"full_name": {"$eq": name}}})),
        "companies" | "deals" => Ok(json!({"name": {"$eq": name}})),
        _ => Err(Error::usage(format!("records of {object} cannot be named by name:"))
            .hint("give a UUID or an Attio URL")),
    }
}

/// The name of a record, as its compact form has it.
pub fn name_of(row: &RawValue) -> Option<String> {
    let compact = values::compact(row.get()).ok()?;
    let name = compact.get("values")?.get("name")?;
    name.as_str().or_else(|| name.get("full_name")?.as_str()).map(str::to_owned)
}

fn parse(text: &str) -> Result<Reference, Error> {
    let text = text.trim();
    if let Some(name) = text.strip_prefix("name:") {
        let name = name.trim();
        return if name.is_empty() { Err(unknown(text)) } else { Ok(Reference::Name(name.to_owned())) };
    }
    if let Ok(id) = texts::uuid(text) {
        return Ok(Reference::Id(id));
    }
    if is_attio(text) {
        let link = link::parse(text)?;
        return match (link.object_type, link.record_id) {
            (Some(object), Some(record_id)) => Ok(Reference::Link(RecordRef { object, record_id })),
            _ => Err(Error::usage("this Attio URL names no record").hint("see what it names with parse-url")),
        };
    }
    if let Ok(email) = texts::email(text) {
        return Ok(Reference::Email(email.to_lowercase()));
    }
    texts::domain(text).map(Reference::Domain).map_err(|_| unknown(text))
}

fn is_attio(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let host = rest.split(['/', '?', '#', ':', '@']).next().unwrap_or_default();
    host.eq_ignore_ascii_case("app.attio.com")
}

fn unknown(text: &str) -> Error {
    Error::usage(format!("not a reference to a record: {text:?}"))
        .hint("give a UUID, an Attio URL, an email (person), a domain (company) or name:Exact Name")
}

/// The value of a reference attribute.
pub fn value(record: &RecordRef) -> Value {
    json!({"target_object": record.object, "target_record_id": record.record_id})
}

/// A filter for records that refer to `record` by `attribute`.
pub fn refers_to(attribute: &str, record: &RecordRef) -> Value {
    let mut fields = Map::new();
    fields.insert("target_object".into(), json!({"$eq": record.object}));
    fields.insert("target_record_id".into(), json!({"$eq": record.record_id}));
    json!({attribute: fields})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_record() {
        let id = "5a6a8a32-0000-4000-8000-00000000000f";
        let link = RecordRef { object: "companies".into(), record_id: id.into() };
        for (text, expected) in [
            (id.to_uppercase(), Reference::Id(id.into())),
            (format!("https://app.attio.com/ws/company/{id}/overview"), Reference::Link(link)),
            ("Ann@Acme.com".into(), Reference::Email("ann@acme.com".into())),
            ("acme.com".into(), Reference::Domain("acme.com".into())),
            ("https://www.acme.com/about".into(), Reference::Domain("www.acme.com".into())),
            ("name:Acme & Sons".into(), Reference::Name("Acme & Sons".into())),
        ] {
            assert_eq!(parse(&text).unwrap(), expected, "{text}");
        }
        for bad in ["", "../../notes", "acme", "name:", "https://app.attio.com/ws/settings", "a b", "\0"] {
            assert_eq!(parse(bad).unwrap_err().kind(), Kind::Usage, "{bad}");
        }
    }
}
