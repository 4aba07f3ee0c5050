//! What the search commands share: a filtered listing of records of one object.

use super::args::Page;
use super::{Ctx, Done, Listing, Rows};
use crate::api::attributes::Target;
use crate::api::{Endpoint as _, records};
use crate::client::pages::{Pages, newest_first};
use crate::error::Error;
use crate::resolve::filter::{Asked, Filter};
use crate::resolve::reference::RecordRef;
use crate::values;
use serde_json::{Value, json};

/// Columns of a table of each object.
pub const COMPANIES: &[&str] = &["name", "domains", "record_id"];
pub const PEOPLE: &[&str] = &["name", "email_addresses", "job_title", "record_id"];
pub const DEALS: &[&str] = &["name", "stage", "value", "record_id"];

/// The records of an object that fit all of `conditions` and the filter.
///
/// # Errors
/// Those of the filter.
pub async fn listing<'c>(
    ctx: &'c Ctx,
    target: (Target, &str),
    (conditions, filter): (Vec<Value>, Filter),
    page: &Page,
    columns: &'static [&'static str],
) -> Result<Done<'c>, Error> {
    let Asked { filter, sorts } = filter.and(&ctx.resolver, target, conditions).await?;
    let query = records::Query { object: target.1.to_owned(), filter, sorts, ..records::Query::default() };
    let mut request = query.request()?;
    newest_first(&mut request);
    let pages = Pages::new(&ctx.client, request, page.window());
    Ok(Done::Listing(Listing::new(Rows::Pages(Box::new(pages)), values::compact, columns)))
}

/// A condition for any of several.
pub fn any(conditions: Vec<Value>) -> Value {
    json!({ "$or": conditions })
}

/// A case-insensitive part of one field.
pub fn contains(attribute: &str, field: Option<&str>, text: &str) -> Value {
    let condition = json!({ "$contains": text });
    match field {
        Some(field) => json!({attribute: {field: condition}}),
        None => json!({attribute: condition}),
    }
}

/// The object and ID of a record, as values and filters want them.
pub fn of(object: &str, record_id: String) -> RecordRef {
    RecordRef { object: object.to_owned(), record_id }
}
