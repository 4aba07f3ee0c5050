//! Finding records by what tells them apart, and showing those that were found.

use super::Resolver;
use super::named::RecordRef;
use crate::api::Endpoint as _;
use crate::api::records;
use crate::client::pages::{Pages, Window};
use crate::error::{Error, Kind};
use crate::identity::{domain, email, name};
use crate::values;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// Candidates shown; what is found in their number is found at once.
pub const SHOWN: usize = 10;

/// The records of an object that fit a filter, `limit` at the most.
///
/// # Errors
/// Those of the call.
pub async fn find(
    resolver: &Resolver,
    object: &str,
    filter: Value,
    limit: Option<usize>,
) -> Result<Vec<Box<RawValue>>, Error> {
    let query =
        records::Query { object: object.to_owned(), filter: Some(filter), ..records::Query::default() };
    let window = Window { limit, ..Window::default() };
    Pages::new(&resolver.client, query.request()?, window).collect().await
}

/// All records of an object that fit a filter. Nearly always there are few: only if not is all read.
///
/// # Errors
/// Those of the calls.
pub async fn find_all(resolver: &Resolver, object: &str, filter: Value) -> Result<Vec<Box<RawValue>>, Error> {
    let few = find(resolver, object, filter.clone(), Some(SHOWN)).await?;
    if few.len() < SHOWN { Ok(few) } else { find(resolver, object, filter, None).await }
}

/// The records of an object with a name that a person takes for `wanted`.
///
/// # Errors
/// For objects whose name attribute is not known beforehand; those of the calls.
pub async fn named(resolver: &Resolver, object: &str, wanted: &str) -> Result<Vec<Box<RawValue>>, Error> {
    let mut rows = find_all(resolver, object, name_filter(object, wanted)?).await?;
    rows.retain(|row| name_of(row).is_some_and(|found| name::same(&found, wanted)));
    Ok(rows)
}

/// Matches a value of one of the two unique attributes that Attio's own objects have, however Attio keeps
/// it.
pub fn unique_filter(attribute: &str, value: &str) -> Value {
    if attribute != "domains" {
        return json!({attribute: {"email_address": {"$eq": email::compared(value)}}});
    }
    let mut forms: Vec<Value> =
        domain::spellings(value).iter().map(|form| json!({attribute: {"domain": {"$eq": form}}})).collect();
    if forms.len() == 1 { forms.remove(0) } else { json!({ "$or": forms }) }
}

/// Matches a name (Attio does not mind its case).
fn name_filter(object: &str, name: &str) -> Result<Value, Error> {
    match object {
        "people" => Ok(json!({"name": {"full_name": {"$eq": name}}})),
        "companies" | "deals" => Ok(json!({"name": {"$eq": name}})),
        _ => Err(Error::usage(format!("records of {object} cannot be named by their name"))
            .hint("give a UUID or an Attio URL")),
    }
}

/// A filter for records that refer to `record` by `attribute`.
pub fn refers_to(attribute: &str, record: &RecordRef) -> Value {
    let mut fields = Map::new();
    fields.insert("target_object".into(), json!({"$eq": record.object}));
    fields.insert("target_record_id".into(), json!({"$eq": record.record_id}));
    json!({attribute: fields})
}

/// The name of a record, as its compact form has it.
pub fn name_of(row: &RawValue) -> Option<String> {
    let compact = values::compact(row.get());
    name_in(compact.get("values")?)
}

fn name_in(values: &Value) -> Option<String> {
    let name = values.get("name")?;
    name.as_str().or_else(|| name.get("full_name")?.as_str()).map(str::to_owned)
}

/// The conflict of a reference that fits several records, which are shown.
pub fn ambiguous(message: String, rows: &[Box<RawValue>]) -> Error {
    let shown = rows.iter().take(SHOWN);
    let candidates: Vec<Value> = shown.filter_map(|row| candidate(row)).collect();
    let more = rows.len().saturating_sub(candidates.len());
    let mut lines: Vec<String> = candidates.iter().map(line).collect();
    lines.extend((more > 0).then(|| format!("and {more} more")));
    Error::new(Kind::Conflict, message)
        .items(lines)
        .hint("name one by its UUID")
        .fact("candidates", candidates)
}

/// What tells a record from others, in one line: ID, name, domain or address, day of its creation.
pub fn shown(row: &RawValue) -> Option<String> {
    candidate(row).as_ref().map(line)
}

fn candidate(row: &RawValue) -> Option<Value> {
    let compact = values::compact(row.get());
    let values = compact.get("values").cloned().unwrap_or_default();
    let mut candidate = Map::new();
    candidate.insert("record_id".into(), compact.get("record_id")?.clone());
    candidate.insert("name".into(), json!(name_in(&values)));
    for unique in ["domains", "email_addresses"] {
        candidate.extend(values.get(unique).map(|values| (unique.to_owned(), values.clone())));
    }
    for about in ["created_at", "web_url"] {
        candidate.insert(about.into(), compact.get(about).cloned().unwrap_or_default());
    }
    Some(candidate.into())
}

fn line(candidate: &Value) -> String {
    let text = |name: &str| candidate.get(name).and_then(Value::as_str).unwrap_or_default();
    let addresses = ["domains", "email_addresses"].into_iter().find_map(|name| candidate.get(name));
    let addresses = addresses.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let created = text("created_at").get(..10).map(|day| format!("created {day}")).unwrap_or_default();
    let parts = [
        text("record_id").to_owned(),
        text("name").to_owned(),
        addresses.collect::<Vec<_>>().join(", "),
        created,
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ")
}
