//! Attribute values: from what Attio sends to plain JSON.
//!
//! Attio wraps each value in history and type (about a kilobyte for a text); [`compact`] keeps the
//! meaning in a tenth of the bytes. A value keeps one shape whatever it holds: attributes of the types
//! that can be multiselect are always arrays, unset attributes are left out.

use super::definition::Kind;
use crate::link;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// Keys of a value's envelope, in no value's meaning.
const ENVELOPE: [&str; 4] = ["active_from", "active_until", "created_by_actor", "attribute_type"];

#[derive(Deserialize)]
struct Record<'a> {
    id: Id,
    #[serde(borrow, default)]
    web_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    created_at: Cow<'a, str>,
    #[serde(borrow)]
    values: Values<'a>,
}

#[derive(Deserialize)]
struct Id {
    record_id: String,
    object_id: String,
}

#[derive(Deserialize)]
struct Entry<'a> {
    id: EntryId,
    parent_object: String,
    parent_record_id: String,
    #[serde(borrow)]
    created_at: Cow<'a, str>,
    #[serde(borrow)]
    entry_values: Values<'a>,
}

#[derive(Deserialize)]
struct EntryId {
    entry_id: String,
    list_id: String,
}

/// The compact form of a record: `{record_id, object, web_url, created_at, values}`.
///
/// # Errors
/// When `raw` is no record.
pub fn compact(raw: &str) -> Result<Map<String, Value>, serde_json::Error> {
    let record: Record<'_> = serde_json::from_str(raw)?;
    let values = plain(record.values, &["record_id", "created_at"])?;
    let web_url = record.web_url.as_deref();
    // Attio names a record's object by its ID only; the slug stands in the URL.
    let object = web_url.and_then(|url| link::parse(url).ok()).and_then(|link| link.object_type);
    let mut compact = Map::new();
    compact.insert("record_id".into(), record.id.record_id.into());
    compact.insert("object".into(), object.unwrap_or(record.id.object_id).into());
    compact.insert("web_url".into(), json!(web_url));
    compact.insert("created_at".into(), record.created_at.into());
    compact.insert("values".into(), values.into());
    Ok(compact)
}

/// The compact form of a list entry: `{entry_id, list_id, parent_object, parent_record_id, created_at,
/// values}`.
///
/// # Errors
/// When `raw` is no list entry.
pub fn entry(raw: &str) -> Result<Map<String, Value>, serde_json::Error> {
    let entry: Entry<'_> = serde_json::from_str(raw)?;
    let mut compact = Map::new();
    compact.insert("entry_id".into(), entry.id.entry_id.into());
    compact.insert("list_id".into(), entry.id.list_id.into());
    compact.insert("parent_object".into(), entry.parent_object.into());
    compact.insert("parent_record_id".into(), entry.parent_record_id.into());
    compact.insert("created_at".into(), entry.created_at.into());
    compact.insert(
        "values".into(),
        plain(entry.entry_values, &["entry_id", "created_at", "parent_record"])?.into(),
    );
    Ok(compact)
}

/// The compact form of a thing of any kind.
///
/// # Errors
/// When `raw` is no JSON object.
pub fn any(raw: &str) -> Result<Map<String, Value>, serde_json::Error> {
    compact(raw).or_else(|_| entry(raw)).or_else(|_| dated(raw)).or_else(|_| flat(raw))
}

/// The compact form of a value that stands alone: `{value, active_from, active_until, created_by_actor}`.
fn dated(raw: &str) -> Result<Map<String, Value>, serde_json::Error> {
    let typed: Typed<'_> = serde_json::from_str(raw)?;
    let envelope: Map<String, Value> = serde_json::from_str(raw)?;
    if typed.attribute_type.is_empty() {
        return Err(de::Error::missing_field("attribute_type"));
    }
    let kept =
        envelope.into_iter().filter(|(name, _)| name != "attribute_type" && ENVELOPE.contains(&&**name));
    Ok([("value".to_owned(), typed.plain(serde_json::from_str(raw)?)?)].into_iter().chain(kept).collect())
}

/// The values that are set, but for those in `shown`, which stand beside `values` already.
fn plain(given: Values<'_>, shown: &[&str]) -> Result<Map<String, Value>, serde_json::Error> {
    let rest = given.0.into_iter().filter(|(slug, given)| !given.is_empty() && !shown.contains(&&**slug));
    rest.map(|(slug, given)| Ok((slug.into_owned(), attribute(&given)?))).collect()
}

/// The compact form of anything but a record or an entry: its IDs at the top (without the workspace's),
/// its own before those of what it belongs to, the rest as it is. The same goes for things within it,
/// as the comments of a thread.
///
/// # Errors
/// When `raw` is no JSON object.
pub fn flat(raw: &str) -> Result<Map<String, Value>, serde_json::Error> {
    serde_json::from_str(raw).map(flattened)
}

fn flattened(mut given: Map<String, Value>) -> Map<String, Value> {
    let mut flat = Map::new();
    match given.shift_remove("id") {
        // Attio goes from the whole to the part: the thing's own ID comes last.
        Some(Value::Object(ids)) => {
            flat.extend(ids.into_iter().rev().filter(|(name, _)| name != "workspace_id"));
        }
        Some(id) => drop(flat.insert("id".into(), id)),
        // The entries of a record stand without an `id`.
        None => flat.extend(given.shift_remove("entry_id").map(|id| ("entry_id".into(), id))),
    }
    // A note comes in two forms, which are mostly equal.
    if given.get("content_markdown") == given.get("content_plaintext") {
        given.shift_remove("content_markdown");
    }
    for part in given.values_mut().filter_map(Value::as_array_mut).flatten() {
        if part.get("id").is_some_and(Value::is_object) {
            *part = part.as_object_mut().map(std::mem::take).map(flattened).into();
        }
    }
    flat.extend(given);
    flat
}

/// One attribute: an array where its type can have several values, else the value.
fn attribute(given: &[&RawValue]) -> Result<Value, serde_json::Error> {
    let mut many = false;
    let mut plain = Vec::with_capacity(given.len());
    for raw in given {
        // A value that is not as its type says is shown as it is, rather than failing its record.
        let typed: Typed<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        many |= Kind::of(&typed.attribute_type).can_be_many();
        plain.push(typed.plain(raw)?);
    }
    match plain.pop() {
        Some(only) if !many && plain.is_empty() => Ok(only),
        last => {
            plain.extend(last);
            Ok(Value::Array(plain))
        }
    }
}

/// The fields of all types side by side. A tagged enum would buffer each value; this reads it once.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Typed<'a> {
    #[serde(borrow)]
    attribute_type: Cow<'a, str>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    currency_value: Option<&'a RawValue>,
    currency_code: Option<Cow<'a, str>>,
    option: Option<Titled<'a>>,
    status: Option<Titled<'a>>,
    target_object: Option<Cow<'a, str>>,
    target_record_id: Option<Cow<'a, str>>,
    referenced_actor_type: Option<Cow<'a, str>>,
    referenced_actor_id: Option<Cow<'a, str>>,
    first_name: Option<Cow<'a, str>>,
    last_name: Option<Cow<'a, str>>,
    full_name: Option<Cow<'a, str>>,
    domain: Option<Cow<'a, str>>,
    email_address: Option<Cow<'a, str>>,
    phone_number: Option<Cow<'a, str>>,
    normalized_phone_number: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Titled<'a> {
    #[serde(borrow)]
    title: Cow<'a, str>,
}

impl Typed<'_> {
    fn plain(&self, raw: &RawValue) -> Result<Value, serde_json::Error> {
        Ok(match Kind::of(&self.attribute_type) {
            Kind::Text | Kind::Number | Kind::Checkbox | Kind::Date | Kind::Timestamp | Kind::Rating => {
                parse(self.value)?
            }
            Kind::Currency => json!({"amount": parse(self.currency_value)?, "currency": self.currency_code}),
            Kind::Select => json!(self.option.as_ref().map(|option| &option.title)),
            Kind::Status => json!(self.status.as_ref().map(|status| &status.title)),
            Kind::Record => {
                json!({"object": self.target_object, "record_id": self.target_record_id})
            }
            Kind::Actor => {
                json!({"type": self.referenced_actor_type, "id": self.referenced_actor_id})
            }
            Kind::Name => json!({
                "first_name": self.first_name, "last_name": self.last_name, "full_name": self.full_name
            }),
            Kind::Domain => json!(self.domain),
            Kind::Email => json!(self.email_address),
            Kind::Phone => {
                json!(self.phone_number.as_ref().or(self.normalized_phone_number.as_ref()))
            }
            // Locations and interactions are what they are; new types of Attio's are shown whole.
            Kind::Location | Kind::Interaction | Kind::Other => without_envelope(raw)?,
        })
    }
}

fn parse(raw: Option<&RawValue>) -> Result<Value, serde_json::Error> {
    raw.map_or(Ok(Value::Null), |raw| serde_json::from_str(raw.get()))
}

fn without_envelope(raw: &RawValue) -> Result<Value, serde_json::Error> {
    let mut value: Value = serde_json::from_str(raw.get())?;
    if let Value::Object(fields) = &mut value {
        fields.retain(|name, value| !ENVELOPE.contains(&name.as_str()) && !value.is_null());
    }
    Ok(value)
}

/// `values` in the order Attio sent it.
struct Values<'a>(Vec<(Cow<'a, str>, Vec<&'a RawValue>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Values<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Values<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of value arrays")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values<'de>, A::Error> {
                let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(48));
                while let Some(key) = map.next_key::<Key<'de>>()? {
                    entries.push((key.0, map.next_value::<Option<_>>()?.unwrap_or_default()));
                }
                Ok(Values(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// A map key, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a slug")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(values: Value) -> String {
        let id = json!({"workspace_id": "w", "object_id": "o", "record_id": "5a6a8a32-0000-4000-8000-000000000001"});
        let url = "https://app.attio.com/acme/company/5a6a8a32-0000-4000-8000-000000000001";
        json!({"id": id, "created_at": "2026-01-05T09:00:00.000000000Z", "web_url": url, "values": values})
            .to_string()
    }

    fn value(kind: &str, mut fields: Value) -> Value {
        let envelope = json!({"active_from": "2026-01-05T09:00:00.000000000Z", "active_until": null,
            "created_by_actor": {"type": "system", "id": null}, "attribute_type": kind});
        fields.as_object_mut().unwrap().extend(envelope.as_object().unwrap().clone());
        json!([fields])
    }

    #[test]
    fn every_type_keeps_its_meaning() {
        let location = json!({"line_1": null, "locality": "Berlin", "country_code": "DE"});
        let cases = [
            (value("text", json!({"value": "02139"})), json!("02139")),
            (value("number", json!({"value": 1.25})), json!(1.25)),
            (value("checkbox", json!({"value": false})), json!(false)),
            (value("date", json!({"value": "2026-01-05"})), json!("2026-01-05")),
            (value("rating", json!({"value": 3})), json!(3)),
            (
                value("currency", json!({"currency_value": "499.00", "currency_code": "USD"})),
                json!({"amount": "499.00", "currency": "USD"}),
            ),
            (value("select", json!({"option": {"title": "Lead"}})), json!(["Lead"])),
            (value("status", json!({"status": {"title": "Won 🎉"}})), json!("Won 🎉")),
            (
                value("record-reference", json!({"target_object": "people", "target_record_id": "x"})),
                json!([{"object": "people", "record_id": "x"}]),
            ),
            (
                value(
                    "actor-reference",
                    json!({"referenced_actor_type": "system", "referenced_actor_id": null}),
                ),
                json!([{"type": "system", "id": null}]),
            ),
            (value("location", location), json!({"locality": "Berlin", "country_code": "DE"})),
            (
                value("domain", json!({"domain": "a.acme.com", "root_domain": "acme.com"})),
                json!(["a.acme.com"]),
            ),
            (value("email-address", json!({"email_address": "a@acme.com"})), json!(["a@acme.com"])),
            (value("phone-number", json!({"phone_number": "+4930"})), json!(["+4930"])),
            (value("phone-number", json!({"normalized_phone_number": "+4930"})), json!(["+4930"])),
            (
                value("personal-name", json!({"first_name": "A", "last_name": "B", "full_name": "A B"})),
                json!({"first_name": "A", "last_name": "B", "full_name": "A B"}),
            ),
            (
                value("interaction", json!({"interaction_type": "email", "interacted_at": "t"})),
                json!({"interaction_type": "email", "interacted_at": "t"}),
            ),
            (value("hologram", json!({"value": 1, "glow": "x"})), json!({"value": 1, "glow": "x"})),
        ];
        for (sent, expected) in cases {
            let compact = compact(&record(json!({"record_id": [], "unset": [], "a": sent}))).unwrap();
            assert_eq!(compact["values"], json!({"a": expected}));
        }
    }

    #[test]
    fn oddities_do_not_hide_the_rest() {
        let odd = json!({"a": null, "b": [7], "c": value("select", json!({"option": "Lead"})),
            "d": value("status", json!({"status": {}})), "e": value("text", json!({"value": "x"}))});
        assert_eq!(
            compact(&record(odd)).unwrap()["values"],
            json!({"b": 7, "c": {"option": "Lead"}, "d": {"status": {}}, "e": "x"})
        );
    }

    #[test]
    fn a_record_names_itself_and_its_object() {
        let compact = compact(&record(json!({}))).unwrap();
        assert_eq!(
            Value::from(compact),
            json!({"record_id": "5a6a8a32-0000-4000-8000-000000000001", "object": "companies",
                "web_url": "https://app.attio.com/acme/company/5a6a8a32-0000-4000-8000-000000000001",
                "created_at": "2026-01-05T09:00:00.000000000Z", "values": {}})
        );
    }

    #[test]
    fn an_entry_names_itself_and_its_parent() {
        let id = json!({"workspace_id": "w", "list_id": "l", "entry_id": "e"});
        let values = json!({"entry_id": value("text", json!({"value": "e"})), "unset": [],
            "stage": value("status", json!({"status": {"title": "Signed"}}))});
        let sent = json!({"id": id, "parent_record_id": "r", "parent_object": "companies", "created_at": "t",
            "entry_values": values});
        let expected = json!({"entry_id": "e", "list_id": "l", "parent_object": "companies",
            "parent_record_id": "r", "created_at": "t", "values": {"stage": "Signed"}});
        assert_eq!(Value::from(any(&sent.to_string()).unwrap()), expected);
    }

    #[test]
    fn anything_else_has_its_ids_on_top() {
        let hit = json!({"id": {"workspace_id": "w", "object_id": "o", "record_id": "r"}}).to_string();
        assert_eq!(flat(&hit).unwrap().keys().collect::<Vec<_>>(), ["record_id", "object_id"]);
        let note = json!({"id": {"workspace_id": "w", "note_id": "n"}, "title": "T",
            "content_plaintext": "a", "content_markdown": "a"});
        let expected = json!({"note_id": "n", "title": "T", "content_plaintext": "a"});
        assert_eq!(Value::from(flat(&note.to_string()).unwrap()), expected);
    }
}
