//! Creating records, so that nothing is written twice.

use super::check::{explain_custom, with_check};
use super::update::{Change, compact, complete_names, differences};
use super::{Ctx, Done};
use crate::api::records::{Create, Head, Values};
use crate::api::{self, Endpoint as _};
use crate::client::pause::pause;
use crate::client::request::Request;
use crate::error::{Error, Kind};
use crate::output::{Compact, Item};
use crate::resolve::find::{ambiguous, find, shown, unique_filter};
use crate::values;
use jiff::Timestamp;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::time::Duration;

/// How far the created record's time may lie before the moment we sent it.
const CLOCK_SLACK: Duration = Duration::from_secs(5);

/// A write may take a moment to be seen by a search.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

/// A record to be created.
pub struct New {
    /// API slug of the object.
    pub object: &'static str,
    /// What to write.
    pub values: Values,
    /// The attribute no two records share, and the values given for it.
    pub unique: Option<(&'static str, Vec<String>)>,
    /// Update the record that has that value instead.
    pub upsert: bool,
    /// The command that shows whether it was created.
    pub check: Vec<String>,
}

impl New {
    /// Creates the record, or with `upsert` updates the one that exists.
    ///
    /// # Errors
    /// Conflict, naming the record that exists; ambiguous write when the answer was lost and reading
    /// back did not settle it.
    pub async fn create(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        if !self.upsert {
            return self.create_new(ctx).await;
        }
        if self.unique.is_none() {
            return Err(Error::usage("--upsert needs a value that is unique")
                .hint("give --domain for a company, EMAIL for a person; a deal has nothing unique"));
        }
        // As any update does: what was not given stays, lists are added to. Attio's own upsert would
        // replace lists and half a name.
        match self.holder(ctx).await? {
            Some(record_id) => self.update(ctx, record_id).await,
            None => self.create_new(ctx).await,
        }
    }

    /// Creates a record. Should somebody else have been faster, an upsert updates theirs.
    async fn create_new(mut self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let given = self.values.clone();
        complete_names(&mut self.values, &Compact::new());
        let request = self.request()?;
        ctx.note_literal_breaks(&request);
        if ctx.client.only_plans(request.operation) {
            return Ok(Done::Planned(request));
        }
        let error = match self.send(ctx, &request).await {
            Ok(raw) => return self.told(ctx, raw).await,
            Err(error) => error,
        };
        match error.kind() {
            Kind::Conflict if self.upsert => match self.holder(ctx).await? {
                Some(record_id) => Self { values: given, ..self }.update(ctx, record_id).await,
                None => Err(error),
            },
            Kind::Conflict => Err(self.name_existing(ctx, error).await),
            Kind::AmbiguousWrite => self.resolve(ctx, error).await,
            _ => Err(explain_custom(error)),
        }
    }

    async fn told(&self, ctx: &Ctx, raw: Box<RawValue>) -> Result<Done<'static>, Error> {
        let mut more = Compact::new();
        if self.upsert {
            let changed = differences(&self.values, &Compact::new(), &compact(ctx, &raw).await?);
            more.insert("created".into(), true.into());
            more.insert("changed".into(), changed.into());
        }
        Ok(Done::One(Item::new(raw).with(more)))
    }

    fn request(&self) -> Result<Request, Error> {
        Create { object: self.object.to_owned(), values: Some(self.values.clone()) }.request()
    }

    async fn send(&self, ctx: &Ctx, request: &Request) -> Result<Box<RawValue>, Error> {
        ctx.client.call(request).await?.data()
    }

    async fn update(self, ctx: &Ctx, record_id: String) -> Result<Done<'_>, Error> {
        let change = Change {
            object: self.object,
            record_id,
            values: self.values,
            replace: false,
            expected: Vec::new(),
            removed: Vec::new(),
            upsert: true,
        };
        change.make(ctx).await
    }

    /// The ID of the record that has one of the unique values.
    async fn holder(&self, ctx: &Ctx) -> Result<Option<String>, Error> {
        let (rows, _) = self.holders(ctx).await?;
        let ids = rows.iter().map(|row| Ok(api::read::<Head>(row)?.id.record_id));
        let ids: Vec<String> = ids.collect::<Result<_, Error>>()?;
        match ids.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(only.clone())),
            several => Err(Error::new(Kind::Conflict, "the values belong to different records")
                .why(several.join(", "))
                .hint("merge these records, or give the values of one of them")
                .fact("candidates", several.to_vec())),
        }
    }

    /// Adds to a conflict which record is in the way.
    async fn name_existing(&self, ctx: &Ctx, error: Error) -> Error {
        let said = error.attio().and_then(|reason| reason.message.as_deref()).and_then(conflicting_id);
        let held = self.holders(ctx).await.map(|(rows, _)| rows).unwrap_or_default();
        let is_it = |row: &&RawValue| {
            let id = api::read::<Head>(row).map(|head| head.id.record_id);
            id.is_ok_and(|id| said.as_ref().is_none_or(|said| *said == id))
        };
        match (held.iter().map(|row| &**row).find(is_it), said) {
            (Some(row), _) => self.exists(row, error),
            (None, Some(id)) => self.exists_as(&id, &id, error),
            (None, None) => error,
        }
    }

    fn exists(&self, row: &RawValue, error: Error) -> Error {
        match api::read::<Head>(row) {
            Ok(head) => {
                let id = head.id.record_id;
                self.exists_as(&id, &shown(row).unwrap_or_else(|| id.clone()), error)
            }
            Err(_) => error,
        }
    }

    fn exists_as(&self, id: &str, line: &str, error: Error) -> Error {
        let conflict = Error::new(Kind::Conflict, format!("it exists already: {line}"))
            .hint("update that record, or create with --upsert to update whatever exists")
            .fact("existing_record_id", id);
        match error.attio() {
            Some(reason) => conflict.reason(reason.clone()),
            None => conflict,
        }
    }

    /// Finds out by reading whether a create whose answer was lost was done.
    async fn resolve(&self, ctx: &Ctx, error: Error) -> Result<Done<'static>, Error> {
        let lost = with_check(error, &self.check);
        if self.unique.is_none() {
            return Err(lost);
        }
        let sent_at = lost.get("sent_at").and_then(Value::as_str).and_then(|at| at.parse().ok());
        ctx.client.remark("the answer was lost; looking whether the record was created");
        for read in 0..2 {
            if read > 0 {
                pause(BETWEEN_LOOKS).await;
            }
            let Ok((rows, skew)) = self.holders(ctx).await else { return Err(lost) };
            match rows.as_slice() {
                [] => {}
                [only] => return self.settle(only, sent_at, skew, lost),
                _ => return Err(lost),
            }
        }
        Err(lost)
    }

    /// One record has the unique value. It is ours if it is new, a key made it and it holds what was sent;
    /// Attio makes companies by itself, from the addresses of people.
    fn settle(
        &self,
        row: &RawValue,
        sent_at: Option<Timestamp>,
        skew: jiff::SignedDuration,
        lost: Error,
    ) -> Result<Done<'static>, Error> {
        let (Ok(head), Some(sent_at)) = (api::read::<Head>(row), sent_at) else { return Err(lost) };
        let not_before = sent_at.saturating_add(skew).and_then(|at| at.saturating_sub(CLOCK_SLACK));
        let is_old = not_before.is_ok_and(|earliest| head.created_at < earliest);
        if is_old || !values::made_by_key(row).unwrap_or(false) {
            return Err(self.exists(row, lost));
        }
        let holds = |(slug, value): (&String, &Value)| values::has(row, slug, value).unwrap_or(false);
        if !self.values.iter().all(holds) {
            return Err(lost.fact("existing_record_id", head.id.record_id));
        }
        let mut more = Compact::new();
        if self.upsert {
            more.insert("created".into(), true.into());
        }
        more.insert("resolved_after_ambiguity".into(), true.into());
        Ok(Done::One(Item::new(row.to_owned()).with(more)))
    }

    /// The records that have one of the unique values, and how far Attio's clock is ahead of ours.
    async fn holders(&self, ctx: &Ctx) -> Result<(Vec<Box<RawValue>>, jiff::SignedDuration), Error> {
        let Some((attribute, given)) = &self.unique else {
            return Ok((Vec::new(), jiff::SignedDuration::ZERO));
        };
        let any: Vec<Value> = given.iter().map(|value| unique_filter(attribute, value)).collect();
        let rows = find(&ctx.resolver, self.object, json!({ "$or": any }), Some(2)).await?;
        Ok((rows, ctx.client.clock_skew()))
    }
}

/// The values of `attribute` that will be written, by whatever flag they were given, in their normal form.
/// Attio takes each as a text or under the name of its `part`.
pub fn given(
    values: &Values,
    (attribute, part): (&str, &str),
    normal: fn(&str) -> Result<String, String>,
) -> Vec<String> {
    let given = values.get(attribute).and_then(Value::as_array).into_iter().flatten();
    let texts = given.filter_map(|value| value.get(part).unwrap_or(value).as_str());
    texts.filter_map(|text| normal(text).ok()).collect()
}

/// Refuses a name that is a flag in other words, as `name=Acme`.
///
/// # Errors
/// Wrong usage, with the way to give a record such a name all the same.
pub fn no_assignment(object: &str, name: &str) -> Result<(), Error> {
    let Some((word, rest)) = name.split_once('=') else { return Ok(()) };
    if !["name", "title", "domain", "domains", "company", "deal"]
        .contains(&word.trim_start_matches('-').trim())
    {
        return Ok(());
    }
    Err(Error::usage(format!("the name would be {name:?}")).hint(format!(
        "give the name alone: {:?}. If it is the name: records create {object} --set 'name={name}'",
        rest.trim()
    )))
}

/// Refuses to create what `rows` are already, unless there are none; `unique` gives it a value of its own.
///
/// # Errors
/// Conflict, showing them.
pub fn duplicate(what: &str, rows: &[Box<RawValue>], unique: &str) -> Result<(), Error> {
    let Some(head) = rows.first().and_then(|row| api::read::<Head>(row).ok()) else { return Ok(()) };
    Err(ambiguous(format!("{what} exists already"), rows)
        .hint(format!("update that one, {unique}, or repeat with --allow-duplicate"))
        .fact("existing_record_id", head.id.record_id))
}

/// Attio names the record that has a unique value at the end of its message. Useful, not relied on.
fn conflicting_id(message: &str) -> Option<String> {
    let (_, ids) = message.rsplit_once("Conflicting record IDs:")?;
    let mut ids = ids.split([',', ' ', '.']).filter(|id| !id.is_empty());
    let only = ids.next()?;
    if ids.next().is_some() { None } else { crate::text::uuid(only).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_existing_record_is_read_from_the_message() {
        let id = "5a6a8a32-0000-4000-8000-00000000000f";
        let message = format!("The value conflicts. Conflicting record IDs: {id}");
        assert_eq!(conflicting_id(&message).as_deref(), Some(id));
        assert_eq!(conflicting_id(&format!("{message}, {id}")), None);
        assert_eq!(conflicting_id("conflicts with one already in the system"), None);
    }
}
