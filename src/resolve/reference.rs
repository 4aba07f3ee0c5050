//! References: the ways to name a record, and how one becomes its ID.
//!
//! A UUID, an Attio URL, an email address (people), a domain or website (companies), or a name, with or
//! without `name:` before it. One match is used, none is exit 3, several are exit 7 with the candidates.
//! Never the first of several. What a text is at all is told in [`super::named`].

use super::Resolver;
use super::find::{ambiguous, find_all, name_of, named, unique_filter};
pub use super::named::RecordRef;
use super::named::{Reference, Said, parse, understand};
use crate::api::Endpoint as _;
use crate::api::groups::RecordPath;
use crate::api::{self, records};
use crate::error::{Error, Kind};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// Attio's own objects, of which nearly every record is.
const STANDARD: [&str; 3] = ["companies", "people", "deals"];

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
        .hint("give --object for a record of another object, or its Attio URL"))
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
    if matches!(reference, Reference::Id(_) | Reference::Name(..)) {
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

async fn look_up(
    resolver: &Resolver,
    wanted: Option<&str>,
    fallback: &str,
    text: &str,
) -> Result<RecordRef, Error> {
    let (reference, object) = understand(wanted, fallback, text)?;
    let rows = match &reference {
        Reference::Id(id) => return Ok(RecordRef { object, record_id: id.clone() }),
        Reference::Link(link) => return Ok(link.clone()),
        Reference::Email(email) => {
            find_all(resolver, &object, unique_filter("email_addresses", email)).await?
        }
        Reference::Domain(domain) => find_all(resolver, &object, unique_filter("domains", domain)).await?,
        Reference::Name(name, said) => written_so(named(resolver, &object, name).await?, name, *said),
    };
    pick(&rows, &object, text)
}

/// Of records with the same name but for its case the one that is written as it was given, if it was given
/// as a name.
fn written_so(mut rows: Vec<Box<RawValue>>, name: &str, said: Said) -> Vec<Box<RawValue>> {
    let is = |row: &RawValue| name_of(row).is_some_and(|found| found == name);
    if said == Said::Name && rows.iter().any(|row| is(row)) {
        rows.retain(|row| is(row));
    }
    rows
}

fn pick(rows: &[Box<RawValue>], object: &str, text: &str) -> Result<RecordRef, Error> {
    match rows {
        [] => Err(Error::new(Kind::NotFound, format!("no record of {object} is {text:?}"))
            .hint(how_to_look(object, text))),
        [one] => {
            let head: records::Head = api::read(one)?;
            Ok(RecordRef { object: object.to_owned(), record_id: head.id.record_id })
        }
        several => Err(ambiguous(format!("{} records of {object} are {text:?}", several.len()), several)),
    }
}

fn how_to_look(object: &str, text: &str) -> String {
    let words = text.trim();
    let words = words.strip_prefix("name:").unwrap_or(words).trim();
    match object {
        "companies" | "people" | "deals" => format!("look for it: attio-crm search-{object} {words:?}"),
        _ => format!("look for it: attio-crm records query {object}"),
    }
}

/// The value of a reference attribute.
pub fn value(record: &RecordRef) -> Value {
    json!({"target_object": record.object, "target_record_id": record.record_id})
}
