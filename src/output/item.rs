//! One thing to show, its fields, and how a field looks as text.
//!
//! Knows compact forms by their shape alone: keys at the top and, for records and entries, attribute
//! values under `values`. They are texts in JSON, and fields are pieces of them. What goes into them is
//! decided where they are made.

use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;

use super::readable::text;
use crate::error::Error;
use crate::values::names::Names;
use crate::values::walk::{self, member, members};
use crate::values::{Compactor, Many, Oddity};

/// The compact form of one thing as a map.
pub type Compact = Map<String, Value>;

/// One thing to show: the JSON Attio sent and its compact form.
#[derive(Clone, Debug)]
pub struct Item {
    raw: Box<str>,
    compact: String,
    more: Compact,
    odd: Option<Oddity>,
    document: bool,
    parts: Parts,
}

/// Fields that people see as a table or sheet of their own, each with its columns.
pub type Parts = &'static [(&'static str, &'static [&'static str])];

impl Item {
    /// `raw`: Attio's JSON of the one thing, untouched.
    pub fn new(raw: Box<RawValue>) -> Self {
        let mut compact = String::new();
        let odd = Compactor::default().add(raw.get(), &mut compact);
        Self { raw: raw.into(), compact, more: Compact::new(), odd, document: false, parts: &[] }
    }

    /// The same with arrays for the attributes that can have several values.
    #[must_use]
    pub fn by(mut self, many: Many) -> Self {
        self.compact.clear();
        self.odd = Compactor::new(many).add(&self.raw, &mut self.compact);
        let more = std::mem::take(&mut self.more);
        self.with(more)
    }

    /// The same with names beside IDs.
    #[must_use]
    pub fn named(mut self, names: &Names) -> Self {
        self.compact = names.put(&self.compact);
        self
    }

    /// A result of our own making (a summary, a parsed link): raw and compact are the same.
    pub fn own(compact: Compact) -> Self {
        let compact = Value::Object(compact).to_string();
        let (raw, more) = (compact.clone().into(), Compact::new());
        Self { raw, compact, more, odd: None, document: false, parts: &[] }
    }

    /// A result for programs alone: JSON in every format.
    pub fn document(compact: Compact) -> Self {
        Self { document: true, ..Self::own(compact) }
    }

    /// The same with fields in its compact form that Attio's JSON does not have.
    #[must_use]
    pub fn with(mut self, more: Compact) -> Self {
        if self.compact.ends_with('}') {
            self.compact.pop();
        }
        for (name, value) in &more {
            let gap = if self.compact.ends_with('{') { "" } else { "," };
            self.compact.push_str(&format!("{gap}{}:{value}", Value::from(name.as_str())));
        }
        self.compact.push('}');
        self.more.extend(more);
        self
    }

    /// Whether it is JSON in every format.
    pub fn is_document(&self) -> bool {
        self.document
    }

    /// The same with fields that are shown to people as parts: a thing by its fields, a list
    /// (`{items, complete}`) as a table.
    #[must_use]
    pub fn with_parts(self, parts: Parts) -> Self {
        Self { parts, ..self }
    }

    /// The fields that are parts.
    pub fn parts(&self) -> Parts {
        self.parts
    }

    /// The compact form, as JSON.
    pub fn compact(&self) -> &str {
        &self.compact
    }

    /// What cannot be understood of it, in words.
    pub fn odd(&self) -> Option<&str> {
        self.odd.as_deref()
    }

    /// Attio's own JSON, as it came.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// A field as people read it, if it is set.
    pub fn text(&self, name: &str) -> Option<String> {
        let field = field(&self.compact, name)?;
        (*field != *"null").then(|| cell(&field).into_owned())
    }

    /// Its IDs, by name.
    pub fn ids(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        let ids = members(&self.compact).filter(|(key, _)| key.ends_with("_id\""));
        ids.map(|(key, value)| (walk::text(key), walk::text(value)))
    }
}

/// A column of records of several objects: what says most about each beside its name.
pub const ABOUT: &str = "about";

/// The attributes that do, in Attio's own objects.
const TELLING: [&str; 4] = ["domains", "email_addresses", "phone_numbers", "stage"];

/// A field: at the top, else among the attribute values; or a part of one, `A.B`, of a list that of each.
pub fn field<'a>(compact: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let whole = member(compact, name).or_else(|| member(member(compact, "values")?, name));
    if whole.is_none() && name == ABOUT {
        let values = member(compact, "values")?;
        return TELLING.into_iter().find_map(|slug| member(values, slug)).map(Cow::Borrowed);
    }
    whole.map(Cow::Borrowed).or_else(|| {
        let (field_name, part) = name.split_once('.')?;
        part_of(&field(compact, field_name)?, part).map(Cow::Owned)
    })
}

/// The field in which a field or a part of it stands; of what belongs to a parent, both halves of its ID.
pub fn holder<'a>(compact: &'a str, name: &str) -> Option<Cow<'a, str>> {
    if name.starts_with("parent_") {
        let half = |name| Some(format!("\"{name}\":{}", field(compact, name)?));
        let halves = [half("parent_object")?, half("parent_record_id")?];
        return Some(format!("{{{}}}", halves.join(",")).into());
    }
    field(compact, name.split('.').next().unwrap_or(name))
}

fn part_of(value: &str, part: &str) -> Option<String> {
    if let Some(own) = member(value, part) {
        return Some(own.to_owned());
    }
    let items = member(value, "items").filter(|items| items.starts_with('[')).unwrap_or(value);
    if !items.starts_with('[') {
        return field(value, part).map(Cow::into_owned);
    }
    let parts: Vec<Option<Cow<'_, str>>> = walk::items(items).map(|item| field(item, part)).collect();
    // Records leave out what is not set, so that none of them may have it.
    let are_records = walk::items(items).any(|item| member(item, "values").is_some());
    if !are_records && !parts.is_empty() && parts.iter().all(Option::is_none) {
        return None;
    }
    let parts: Vec<&str> = parts.iter().map(|part| part.as_deref().unwrap_or("null")).collect();
    Some(format!("[{}]", parts.join(",")))
}

/// All fields in order, attribute values in the place of `values`; those that are at the top as well
/// (Attio has `created_at` as an attribute, too) once. Names have their quotes.
pub fn fields(compact: &str) -> Vec<(&str, &str)> {
    let top: Vec<(&str, &str)> = members(compact).collect();
    let mut fields = Vec::with_capacity(32);
    for &(name, value) in &top {
        if name == r#""values""# && value.starts_with('{') {
            fields.extend(members(value).filter(|(name, _)| !top.iter().any(|(top, _)| top == name)));
        } else {
            fields.push((name, value));
        }
    }
    fields
}

/// The object with exactly the fields `names`, in that order; null where one is not set.
pub fn select(compact: &str, names: &[String]) -> String {
    let mut out = String::from("{");
    for name in names {
        out.push_str(if out.len() == 1 { "" } else { "," });
        out.push_str(&Value::from(name.as_str()).to_string());
        out.push(':');
        out.push_str(field(compact, name).as_deref().unwrap_or("null"));
    }
    out.push('}');
    out
}

/// The ID of the thing itself: the first key that ends in `_id`, if it holds text.
pub fn id(compact: &str) -> Option<Cow<'_, str>> {
    let (_, id) = members(compact).find(|(name, _)| name.ends_with("_id\""))?;
    id.starts_with('"').then(|| walk::text(id))
}

/// Makes sure that a thing has every one of the fields `names`.
///
/// # Errors
/// Wrong usage: the first name it does not have, and those it has.
pub fn check(raw: &str, compact: &str, names: &[String]) -> Result<(), Error> {
    if names.iter().all(|name| field(compact, name).is_some()) {
        return Ok(());
    }
    let known = known(raw, compact);
    let is_known = |name: &String| {
        let unset = |whole: &str| known.iter().any(|known| known == whole) && is_unset(compact, whole);
        // A record inside of something else leaves out what is not set.
        let is_record =
            |whole: &str| field(compact, whole).is_some_and(|value| member(&value, "values").is_some());
        let part =
            |(whole, part): (&str, &str)| unset(whole) || is_record(whole) || is_sent(raw, whole, part);
        known.contains(name) || name.split_once('.').is_some_and(part)
    };
    let missing = |name: &&String| field(compact, name).is_none() && !is_known(name);
    let Some(unknown) = names.iter().find(missing) else { return Ok(()) };
    let hint = match unknown.as_str() {
        "all" => "all stands alone: --fields all".to_owned(),
        _ => format!("use one of {}", known.join(", ")),
    };
    Err(Error::usage(format!("there is no field \"{unknown}\"")).hint(hint))
}

/// Whether a field, of which a part is asked for, is not there to have it.
fn is_unset(compact: &str, name: &str) -> bool {
    field(compact, name).is_none_or(|value| matches!(&*value, "null" | "[]"))
}

/// Whether Attio sent this part of an attribute's value, set or not.
fn is_sent(raw: &str, attribute: &str, part: &str) -> bool {
    let values = ["values", "entry_values"].into_iter().filter_map(|name| member(raw, name));
    let of_one = values.filter_map(|values| member(values, attribute)).flat_map(walk::items);
    of_one.into_iter().any(|value| member(value, part).is_some())
}

/// Every field of a thing, set or not: the compact form leaves out what says nothing.
pub fn known(raw: &str, compact: &str) -> Vec<String> {
    let inner = ["values", "entry_values"].into_iter().filter_map(|name| member(raw, name));
    let inner = inner.flat_map(members).map(|(name, _)| walk::text(name));
    let hidden = ["id", "values", "entry_values"];
    let top = members(raw).map(|(name, _)| walk::text(name)).filter(|name| !hidden.contains(&&**name));
    let shown = fields(compact).into_iter().map(|(name, _)| walk::text(name));
    let mut known: Vec<String> = Vec::new();
    for name in shown.chain(top).chain(inner) {
        if !known.iter().any(|known| *known == name) {
            known.push(name.into_owned());
        }
    }
    known
}

/// A field as a value.
pub fn value(compact: &str, name: &str) -> Value {
    field(compact, name).map(|value| walk::read(&value)).unwrap_or_default()
}

/// A field as the text of a cell.
pub fn cell(field: &str) -> Cow<'_, str> {
    match field.as_bytes() {
        [b'"', ..] => walk::text(field),
        [b'{' | b'[', ..] => text(&walk::read(field)).into(),
        _ if field == "null" => "".into(),
        _ => field.into(),
    }
}
