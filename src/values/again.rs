//! A record beside what is written: its values as Attio would take them again, and whether they are those
//! that were sent.

use super::definition::Kind;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Whether a record has the value that was sent for an attribute, and it alone.
///
/// # Errors
/// When `raw` is no record.
pub fn has(raw: &RawValue, slug: &str, sent: &Value) -> Result<bool, serde_json::Error> {
    let record: Record = serde_json::from_str(raw.get())?;
    let held = record.values.get(slug).map(Vec::as_slice).unwrap_or_default();
    let sent = match sent {
        Value::Null => &[],
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let Some(r#type) = held.first().and_then(|value| value.get("attribute_type")?.as_str()) else {
        return Ok(sent.is_empty());
    };
    let compact = super::compact(raw.get());
    let found = compact.get("values").and_then(|values| values.get(slug)).unwrap_or(&Value::Null);
    Ok(super::holds(Kind::of(r#type), found, sent))
}

/// Whether an API key made a record, and not a person, Attio itself or a workflow.
///
/// # Errors
/// When `raw` is no record.
pub fn made_by_key(raw: &RawValue) -> Result<bool, serde_json::Error> {
    let record: Record = serde_json::from_str(raw.get())?;
    let by = record.values.get("created_by").and_then(|values| values.first()?.get("referenced_actor_type"));
    Ok(by.is_none_or(|by| by == "api-token"))
}

#[derive(Deserialize)]
struct Record {
    values: HashMap<String, Vec<Map<String, Value>>>,
}

/// The values of the attribute `slug` of a record, in the form and the order in which a write takes
/// them; none when it is unset, or of a type that has one value only.
///
/// # Errors
/// When `raw` is no record.
pub fn again(raw: &RawValue, slug: &str) -> Result<Vec<Value>, serde_json::Error> {
    let mut record: Record = serde_json::from_str(raw.get())?;
    let values = record.values.remove(slug).unwrap_or_default();
    Ok(values.iter().filter_map(one).collect())
}

fn one(value: &Map<String, Value>) -> Option<Value> {
    let part = |name: &str| value.get(name).cloned().unwrap_or_default();
    Some(match value.get("attribute_type")?.as_str()? {
        "domain" => json!({"domain": part("domain")}),
        "email-address" => json!({"email_address": part("email_address")}),
        "phone-number" => {
            let number = match part("phone_number") {
                Value::Null => part("normalized_phone_number"),
                number => number,
            };
            json!({"original_phone_number": number})
        }
        "select" => part("option").get("title")?.clone(),
        "record-reference" => {
            json!({"target_object": part("target_object"), "target_record_id": part("target_record_id")})
        }
        "actor-reference" => json!({
            "referenced_actor_type": part("referenced_actor_type"),
            "referenced_actor_id": part("referenced_actor_id"),
        }),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_written_back_as_they_were_read() -> Result<(), serde_json::Error> {
        let raw = json!({"values": {
            "domains": [{"domain": "a.com", "root_domain": "a.com", "attribute_type": "domain"}],
            "phone_numbers": [{"phone_number": "+4930", "country_code": "DE", "attribute_type": "phone-number"}],
            "tags": [{"option": {"title": "B2B", "id": {}}, "attribute_type": "select"}],
            "team": [{"target_object": "people", "target_record_id": "x", "attribute_type": "record-reference"}],
            "name": [{"value": "A", "attribute_type": "text"}],
        }});
        let raw: Box<RawValue> = serde_json::value::to_raw_value(&raw)?;
        for (slug, expected) in [
            ("domains", json!([{"domain": "a.com"}])),
            ("phone_numbers", json!([{"original_phone_number": "+4930"}])),
            ("tags", json!(["B2B"])),
            ("team", json!([{"target_object": "people", "target_record_id": "x"}])),
            ("name", json!([])),
            ("unset", json!([])),
        ] {
            assert_eq!(Value::from(again(&raw, slug)?), expected, "{slug}");
        }
        Ok(())
    }
}
