//! Updating a record: what is expected of it first, what is taken off its lists, what changed afterwards.

use super::check::{check, explain_custom, with_check};
use super::{Ctx, Done};
use crate::api::attributes::Target;
use crate::api::groups::RecordPath;
use crate::api::records::{Get, Replace, Update, Values};
use crate::api::{self, Endpoint as _};
use crate::client::request::Request;
use crate::error::{Error, Kind};
use crate::output::{Compact, Item};
use crate::resolve::definitions::{self, judged};
use crate::resolve::reference::record_id;
use crate::resolve::set::{Expect, Remove, Typed};
use crate::values::{self, Definition};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// What is said of an update without an effect.
const NOTHING: &str = "nothing to change: the record has these values already";

// What every update takes besides values. No doc comment: it would become the help of each command.
#[derive(Debug, clap::Args)]
pub struct Updating {
    #[command(flatten)]
    remove: Remove,
    /// Replace lists of values instead of adding to them
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    expect: Expect,
}

impl Updating {
    /// Updates the record of `object` that `reference` names.
    ///
    /// # Errors
    /// Usage when there is nothing to update; otherwise as [`Change::make`].
    pub async fn update<'c>(
        self,
        ctx: &'c Ctx,
        (object, reference): (&'static str, &str),
        values: Values,
    ) -> Result<Done<'c>, Error> {
        if values.is_empty() && self.remove.is_empty() {
            return Err(Error::usage("nothing to update").hint("give at least one value; see --help"));
        }
        let target = (Target::Objects, object);
        let removed = self.remove.typed(&ctx.resolver, target).await?;
        let expected = self.expect.typed(&ctx.resolver, target).await?;
        let record_id = record_id(&ctx.resolver, object, reference).await?;
        Change { object, record_id, values, replace: self.replace, expected, removed, upsert: false }
            .make(ctx)
            .await
    }
}

/// A record to be updated.
pub struct Change {
    /// API slug of the object.
    pub object: &'static str,
    /// The record.
    pub record_id: String,
    /// What to write. A person's name may have one half only; the other stays.
    pub values: Values,
    /// Whether lists of values are replaced; else they are added to.
    pub replace: bool,
    /// What must be there now.
    pub expected: Vec<Typed>,
    /// What is taken off.
    pub removed: Vec<Typed>,
    /// Whether it would have been created if it had not been there.
    pub upsert: bool,
}

/// A record as it is: Attio's JSON and the compact form of it.
struct Present {
    raw: Box<RawValue>,
    compact: Compact,
}

impl Change {
    /// Updates the record, if it is as expected, and tells what changed.
    ///
    /// # Errors
    /// Conflict when something is not as expected; otherwise those of the calls.
    pub async fn make(mut self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let only_plans = ctx.client.only_plans(&Update::OPERATION);
        if only_plans && !self.depends_on_present() {
            complete_names(&mut self.values, &Compact::new());
            let request = self.request(self.replace)?;
            ctx.note_literal_breaks(&request);
            return Ok(Done::Planned(request));
        }
        let before = present(ctx, self.object, &self.record_id).await?;
        self.check_expected(&before.compact)?;
        complete_names(&mut self.values, &before.compact);
        let whole = self.merge_lists(ctx, &before).await?;
        if self.values.is_empty() {
            ctx.client.remark(NOTHING);
            return Ok(self.told(before.raw, Vec::new()));
        }
        let request = self.request(whole)?;
        ctx.note_literal_breaks(&request);
        if only_plans {
            return Ok(Done::Planned(request));
        }
        let check = check(ctx, &[get_command(self.object), &self.record_id]);
        let lost = |error| with_check(explain_custom(error), &check);
        let raw: Box<RawValue> = ctx.client.call(&request).await.map_err(lost)?.data()?;
        let after = compact(ctx, &raw).await?;
        let changed = differences(&self.values, &before.compact, &after);
        if changed.is_empty() {
            ctx.client.remark(NOTHING);
        }
        Ok(self.told(raw, changed))
    }

    fn told(&self, raw: Box<RawValue>, changed: Vec<Value>) -> Done<'static> {
        let mut more = Compact::new();
        if self.upsert {
            more.insert("created".into(), false.into());
        }
        more.insert("changed".into(), changed.into());
        Done::One(Item::new(raw).with(more))
    }

    fn depends_on_present(&self) -> bool {
        let half_a_name = self.values.values().any(is_half_a_name);
        let mixed = self.lists(true).next().is_some() && self.lists(false).next().is_some();
        !self.expected.is_empty() || !self.removed.is_empty() || half_a_name || (mixed && !self.replace)
    }

    fn check_expected(&self, before: &Compact) -> Result<(), Error> {
        for (definition, wanted) in &self.expected {
            let found = value(before, &definition.slug);
            if !values::holds(definition.kind(), &found, wanted) {
                return Err(surprise(&definition.slug, found, wanted));
            }
        }
        Ok(())
    }

    /// Attributes that are written as lists, empty or not.
    fn lists(&self, empty: bool) -> impl Iterator<Item = &String> {
        let is = move |value: &Value| value.as_array().is_some_and(|items| items.is_empty() == empty);
        self.values.iter().filter(move |(_, value)| is(value)).map(|(slug, _)| slug)
    }

    /// Attio adds to all lists of a request (PATCH) or replaces them all (PUT). So where one list loses
    /// values, the others are sent with what they hold. Returns whether lists are sent whole.
    async fn merge_lists(&mut self, ctx: &Ctx, before: &Present) -> Result<bool, Error> {
        let loses = self.lists(true).next().is_some() || !self.removed.is_empty();
        if !loses || (self.replace && self.removed.is_empty()) {
            return Ok(self.replace);
        }
        if !self.replace {
            let added: Vec<String> = self.lists(false).cloned().collect();
            for slug in many_valued(ctx, self.object, added).await? {
                self.add(&slug, again(before, &slug)?);
            }
        }
        for (definition, unwanted) in std::mem::take(&mut self.removed) {
            let slug = &definition.slug;
            let held = value(&before.compact, slug);
            let held = held.as_array().cloned().unwrap_or_else(|| vec![held]);
            let unwanted = |shown: &Value| unwanted.iter().any(|w| values::same(definition.kind(), shown, w));
            if !held.iter().any(unwanted) {
                continue;
            }
            if !definition.multi {
                self.values.insert(slug.clone(), values::assembled(&definition, Vec::new()));
                continue;
            }
            let present = again(before, slug)?;
            if let Value::Array(list) = self.values.entry(slug.clone()).or_insert_with(|| json!([])) {
                list.retain(|value| !present.contains(value));
            }
            let kept = present.into_iter().zip(&held).filter(|(_, shown)| !unwanted(shown));
            self.add(slug, kept.map(|(value, _)| value).collect());
        }
        Ok(true)
    }

    /// Puts values before those of a list, each once.
    fn add(&mut self, slug: &str, held: Vec<Value>) {
        if let Some(Value::Array(list)) = self.values.get_mut(slug) {
            let new: Vec<Value> = std::mem::take(list);
            *list = held;
            list.extend(new.into_iter().filter(|value| !list.contains(value)).collect::<Vec<_>>());
        }
    }

    fn request(&self, whole: bool) -> Result<Request, Error> {
        let (record, values) = (RecordPath::new(self.object, &self.record_id), Some(self.values.clone()));
        if whole || self.lists(true).next().is_some() {
            Replace { record, values }.request()
        } else {
            Update { record, values }.request()
        }
    }
}

/// Which of `slugs` may have several values.
async fn many_valued(ctx: &Ctx, object: &str, slugs: Vec<String>) -> Result<Vec<String>, Error> {
    if slugs.is_empty() {
        return Ok(slugs);
    }
    let no_options = |_: &Definition| false;
    judged(&ctx.resolver, (Target::Objects, object), no_options, |schema| {
        let many = |slug: &&String| schema.attribute(slug).is_ok_and(|definition| definition.multi);
        Ok(slugs.iter().filter(many).cloned().collect())
    })
    .await
}

/// The values of a list as a write takes them. One that could not be written back would be lost by it.
fn again(before: &Present, slug: &str) -> Result<Vec<Value>, Error> {
    let again = values::again(&before.raw, slug).map_err(unexpected)?;
    match value(&before.compact, slug) {
        Value::Array(held) if held.len() != again.len() => {
            Err(unexpected(format!("a value of {slug} cannot be written back")))
        }
        _ => Ok(again),
    }
}

/// The command that shows a record of `object`.
fn get_command(object: &str) -> &'static str {
    match object {
        "people" => "get-person",
        "deals" => "get-deal",
        _ => "get-company",
    }
}

async fn present(ctx: &Ctx, object: &str, record_id: &str) -> Result<Present, Error> {
    let get = Get { record: RecordPath::new(object, record_id) };
    let raw = api::one(&ctx.client, &get).await?;
    Ok(Present { compact: compact(ctx, &raw).await?, raw })
}

pub async fn compact(ctx: &Ctx, raw: &RawValue) -> Result<Compact, Error> {
    let compact = definitions::compact(&ctx.resolver, raw).await;
    if compact.contains_key("values") { Ok(compact) } else { Err(unexpected("it has no values")) }
}

fn unexpected(error: impl std::fmt::Display) -> Error {
    Error::failure("Attio's record has an unexpected shape").why(error.to_string())
}

/// Makes names whole that have only what was given: Attio writes a name with all its parts. A half that
/// was not given stays as it is in `before`.
pub fn complete_names(values: &mut Values, before: &Compact) {
    for (slug, given) in values.iter_mut().filter(|(_, given)| is_part_of_a_name(given)) {
        let held = value(before, slug);
        let half = |name: &str| {
            let half = given.get(name).or_else(|| held.get(name));
            half.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        *given = values::full_name(&half("first_name"), &half("last_name"));
    }
}

fn is_part_of_a_name(value: &Value) -> bool {
    let has = |part: &str| value.get(part).is_some();
    (has("first_name") || has("last_name")) && !has("full_name")
}

/// Whether a name lacks a half that an update has to read first.
pub fn is_half_a_name(value: &Value) -> bool {
    is_part_of_a_name(value) && (value.get("first_name").is_none() || value.get("last_name").is_none())
}

/// A value of a compact record; null when it is not set.
fn value(record: &Compact, slug: &str) -> Value {
    record.get("values").and_then(|values| values.get(slug)).cloned().unwrap_or_default()
}

/// What became of the attributes that were written.
pub fn differences(written: &Values, before: &Compact, after: &Compact) -> Vec<Value> {
    let difference = |slug: &String| {
        let (before, after) = (value(before, slug), value(after, slug));
        (before != after).then(|| json!({"attribute": slug, "before": before, "after": after}))
    };
    written.keys().filter_map(difference).collect()
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
