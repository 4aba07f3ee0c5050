//! One thing to show, its fields, and how a field looks as text.
//!
//! Knows compact forms by their shape alone: keys at the top and, for records and entries, attribute
//! values under `values`. What goes into them is decided where the items are made.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::Error;

/// The compact form of one thing: plain values by name.
pub type Compact = Map<String, Value>;

const RAW: &str = "--raw shows an answer as it came";

type Shape = fn(&str) -> Result<Compact, serde_json::Error>;

/// One thing to show: the JSON Attio sent and how to make the compact form of it.
#[derive(Clone, Debug)]
pub struct Item {
    raw: Box<str>,
    source: Source,
    parts: Parts,
}

/// Fields that people see as a table or sheet of their own, each with its columns.
pub type Parts = &'static [(&'static str, &'static [&'static str])];

#[derive(Clone, Debug)]
enum Source {
    Attio(Shape),
    Own(Compact),
    Document(Compact),
}

impl Item {
    /// `raw`: Attio's JSON of the one thing, untouched; `shape`: makes the compact form when it is needed.
    pub fn new(raw: Box<RawValue>, shape: Shape) -> Self {
        Self { raw: raw.into(), source: Source::Attio(shape), parts: &[] }
    }

    /// Attio's JSON with a compact form that says more than it.
    pub fn with_more(raw: Box<RawValue>, compact: Compact) -> Self {
        Self { raw: raw.into(), source: Source::Own(compact), parts: &[] }
    }

    /// A result of our own making (a summary, a parsed link): raw and compact are the same.
    pub fn own(compact: Compact) -> Self {
        let raw = Value::Object(compact.clone()).to_string().into();
        Self { raw, source: Source::Own(compact), parts: &[] }
    }

    /// A result for programs alone: JSON in every format.
    pub fn document(compact: Compact) -> Self {
        Self { source: Source::Document(compact.clone()), ..Self::own(compact) }
    }

    /// Whether it is JSON in every format.
    pub fn is_document(&self) -> bool {
        matches!(self.source, Source::Document(_))
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

    /// The compact form.
    ///
    /// # Errors
    /// Attio's JSON is not of the shape its kind has.
    pub fn compact(&self) -> Result<Compact, Error> {
        match &self.source {
            Source::Own(compact) | Source::Document(compact) => Ok(compact.clone()),
            Source::Attio(shape) => shape(&self.raw)
                .map_err(|e| Error::failure("cannot understand Attio's answer").why(e.to_string()).hint(RAW)),
        }
    }

    /// Attio's own JSON, as it came.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// All that Attio tells of this thing, set or not: the compact form leaves out what says nothing.
    fn attributes(&self) -> Vec<String> {
        let raw: BTreeMap<String, &RawValue> = serde_json::from_str(&self.raw).unwrap_or_default();
        let values = ["values", "entry_values"].iter().filter_map(|key| raw.get(*key));
        let inner = values.filter_map(|values| serde_json::from_str(values.get()).ok());
        let inner = inner.flat_map(BTreeMap::<String, IgnoredAny>::into_keys);
        let top = raw.keys().filter(|key| !matches!(key.as_str(), "id" | "values" | "entry_values"));
        top.cloned().chain(inner).collect()
    }
}

/// A field: at the top, else among the attribute values.
pub fn field<'a>(compact: &'a Compact, name: &str) -> Option<&'a Value> {
    compact.get(name).or_else(|| compact.get("values")?.get(name))
}

/// All fields in order, attribute values in the place of `values`; those that are at the top as well
/// (Attio has `created_at` as an attribute, too) once.
pub fn fields(compact: &Compact) -> Vec<(&str, &Value)> {
    let mut fields = Vec::new();
    for (name, value) in compact {
        match value {
            Value::Object(values) if name == "values" => {
                let inner = values.iter().filter(|(name, _)| !compact.contains_key(*name));
                fields.extend(inner.map(|(name, value)| (name.as_str(), value)));
            }
            _ => fields.push((name.as_str(), value)),
        }
    }
    fields
}

/// The object with exactly the fields `names`, in that order; null where one is not set.
pub fn select(compact: &Compact, names: &[String]) -> Compact {
    let value = |name| field(compact, name).cloned().unwrap_or_default();
    names.iter().map(|name| (name.clone(), value(name))).collect()
}

/// The ID of the thing itself: the first key that ends in `_id`, if it holds text.
pub fn id(compact: &Compact) -> Option<&str> {
    compact.iter().find(|(name, _)| name.ends_with("_id"))?.1.as_str()
}

/// Makes sure that `item` has every one of the fields `names`.
///
/// # Errors
/// Wrong usage: the first name it does not have, and those it has.
pub fn check(item: &Item, compact: &Compact, names: &[String]) -> Result<(), Error> {
    let mut missing = names.iter().filter(|name| field(compact, name).is_none()).peekable();
    if missing.peek().is_none() {
        return Ok(());
    }
    let known = known(item, compact);
    let Some(unknown) = missing.find(|name| !known.contains(name)) else { return Ok(()) };
    Err(Error::usage(format!("there is no field \"{unknown}\""))
        .hint(format!("use one of {}", known.join(", "))))
}

/// Every field of `item`, set or not.
pub fn known(item: &Item, compact: &Compact) -> Vec<String> {
    let mut known: Vec<String> = fields(compact).into_iter().map(|(name, _)| name.to_owned()).collect();
    let unset: Vec<String> = item.attributes().into_iter().filter(|name| !known.contains(name)).collect();
    known.extend(unset);
    known
}

/// A value as the text of a cell: lists joined with `; `, an object as what says most about it.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("; "),
        Value::Object(object) => telling(object).unwrap_or_else(|| value.to_string()),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A value as people read it: as [`text`], with times to the second and addresses in a line.
pub fn readable(value: &Value) -> String {
    match value {
        Value::String(text) => to_the_second(text).unwrap_or_else(|| text.clone()),
        Value::Array(items) => items.iter().map(readable).collect::<Vec<_>>().join("; "),
        Value::Object(object) => match (object.get("interacted_at"), object.get("interaction_type")) {
            (Some(at), Some(kind)) => format!("{} {}", readable(at), text(kind)),
            _ => change(object).or_else(|| address(object)).unwrap_or_else(|| text(value)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => text(value),
    }
}

/// Attio's times have nine decimals, of which most are zeros.
fn to_the_second(text: &str) -> Option<String> {
    let (second, rest) = text.split_once('.')?;
    let decimals = rest.strip_suffix('Z')?;
    let is_time = second.len() == 19 && second.as_bytes().get(10) == Some(&b'T');
    (is_time && decimals.bytes().all(|b| b.is_ascii_digit())).then(|| format!("{second}Z"))
}

/// An amount with its currency, a name, or the ID of what is referred to.
fn telling(object: &Compact) -> Option<String> {
    let part = |name| object.get(name).filter(|value| !value.is_null()).map(text);
    match (part("amount"), part("currency")) {
        (Some(amount), Some(currency)) => Some(format!("{amount} {currency}")),
        _ => ["full_name", "record_id", "id"].into_iter().find_map(part),
    }
}

/// What became of an attribute.
fn change(object: &Compact) -> Option<String> {
    let shown = |name| match object.get(name) {
        None => None,
        Some(Value::Null) => Some("nothing".to_owned()),
        Some(value) => Some(readable(value)),
    };
    Some(format!("{}: {} -> {}", object.get("attribute")?.as_str()?, shown("before")?, shown("after")?))
}

/// The lines of a location, without its coordinates.
fn address(object: &Compact) -> Option<String> {
    const LINES: [&str; 8] =
        ["line_1", "line_2", "line_3", "line_4", "postcode", "locality", "region", "country_code"];
    let lines: Vec<&str> = LINES.iter().filter_map(|line| object.get(*line)?.as_str()).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}
