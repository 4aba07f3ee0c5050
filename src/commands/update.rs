//! Updating a record: what is expected of it first, what changed afterwards.

use super::check::{check, with_check};
use super::create::explain_custom;
use super::{Ctx, Done};
use crate::api::records::{Get, Replace, Update, Values};
use crate::api::{self, Endpoint as _};
use crate::client::request::Request;
use crate::error::{Error, Kind};
use crate::output::{Compact, Item};
use crate::resolve::set::Expected;
use crate::values;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A record to be updated.
pub struct Change {
    /// API slug of the object.
    pub object: &'static str,
    /// The record.
    pub record_id: String,
    /// What to write.
    pub values: Values,
    /// Whether lists of values are replaced; else they are added to.
    pub replace: bool,
    /// What must be there now.
    pub expected: Vec<Expected>,
    /// The record as it is, if it has been read already.
    pub before: Option<Compact>,
}

impl Change {
    /// Updates the record, if it is as expected, and tells what changed.
    ///
    /// # Errors
    /// Usage when a list is to be emptied and another added to; conflict when something is not as
    /// expected; otherwise those of the calls.
    pub async fn make(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let request = self.request()?;
        let only_plans = ctx.client.only_plans(request.operation);
        if only_plans && self.expected.is_empty() {
            return Ok(Done::Planned(request)); // nothing to read for
        }
        let before = match self.before {
            Some(before) => before,
            None => present(ctx, self.object, &self.record_id).await?,
        };
        for (definition, wanted) in &self.expected {
            let found = value(&before, &definition.slug);
            if !values::holds(definition.kind(), &found, wanted) {
                return Err(surprise(&definition.slug, found, wanted));
            }
        }
        if only_plans {
            return Ok(Done::Planned(request));
        }
        let get = match self.object {
            "people" => "get-person",
            "deals" => "get-deal",
            _ => "get-company",
        };
        let check = check(ctx, &[get, &self.record_id]);
        let lost = |error| with_check(explain_custom(error), &check);
        let raw: Box<RawValue> = api::data(&ctx.client.call(&request).await.map_err(lost)?)?;
        let mut after = compact(&raw)?;
        let slugs = self.values.keys();
        let changed: Value = slugs.filter_map(|slug| difference(slug, &before, &after)).collect();
        after.insert("changed".into(), changed);
        Ok(Done::One(Item::with_more(raw, after)))
    }

    /// Attio empties a list only where lists are replaced.
    fn request(&self) -> Result<Request, Error> {
        let lists = |empty: bool| {
            self.values.iter().find(move |(_, v)| v.as_array().is_some_and(|v| v.is_empty() == empty))
        };
        let empties = lists(true).is_some();
        if let (false, Some((emptied, _)), Some((added, _))) = (self.replace, lists(true), lists(false)) {
            return Err(Error::usage(format!("{emptied} is emptied, but {added} is added to"))
                .why("Attio does one or the other in a request")
                .hint("use two commands, or --replace to overwrite both"));
        }
        let (object, record_id, values) =
            (self.object.to_owned(), self.record_id.clone(), self.values.clone());
        if self.replace || empties {
            Replace { object, record_id, values: Some(values) }.request()
        } else {
            Update { object, record_id, values: Some(values) }.request()
        }
    }
}

/// Refuses an update without any value, before anything is looked up.
///
/// # Errors
/// A usage error then.
pub fn something_to_update(values: &Values) -> Result<(), Error> {
    if values.is_empty() {
        return Err(Error::usage("nothing to update").hint("give at least one value; see --help"));
    }
    Ok(())
}

/// The compact form of a record as it is now.
///
/// # Errors
/// Those of the call.
pub async fn present(ctx: &Ctx, object: &str, record_id: &str) -> Result<Compact, Error> {
    let get = Get { object: object.to_owned(), record_id: record_id.to_owned() };
    compact(&api::one(&ctx.client, &get).await?)
}

fn compact(raw: &RawValue) -> Result<Compact, Error> {
    values::compact(raw.get())
        .map_err(|e| Error::failure("Attio's record has an unexpected shape").why(e.to_string()))
}

/// A value of a compact record; null when it is not set.
fn value(record: &Compact, slug: &str) -> Value {
    record.get("values").and_then(|values| values.get(slug)).cloned().unwrap_or_default()
}

fn difference(slug: &str, before: &Compact, after: &Compact) -> Option<Value> {
    let (before, after) = (value(before, slug), value(after, slug));
    (before != after).then(|| json!({"attribute": slug, "before": before, "after": after}))
}

fn surprise(slug: &str, found: Value, wanted: &[Value]) -> Error {
    let shown = |value: &Value| if value.is_null() { "not set".to_owned() } else { format!("{value}") };
    let expected: Vec<String> = wanted.iter().map(shown).collect();
    let expected = if expected.is_empty() { "not set".to_owned() } else { expected.join(", ") };
    Error::new(Kind::Conflict, format!("{slug} is {}, expected {expected}", shown(&found)))
        .hint("nothing was written; decide again by what is there now")
        .fact("attribute", slug)
        .fact("present", found)
}
