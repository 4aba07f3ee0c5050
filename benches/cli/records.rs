//! Canned companies in the shape and size that Attio sends them: about 5.1 KB each.
//!
//! All are the same but for their IDs, which have a fixed width. So a page is made by writing new
//! digits into a buffer that stays, and the server costs next to nothing beside the client.

use serde_json::{Value, json};

/// The most that Attio sends in a page.
pub const PAGE: usize = 500;

const HEAD: &str = r#"{"data":["#;
/// Stands for the last twelve digits of a record's ID.
const DIGITS: &str = "987654321012";
const ACTOR: &str = "0b6e4c5a-3f0d-4a57-9d0b-7c1f5a2e8d43";

/// A page of records that can be numbered anew.
pub struct Page {
    bytes: Vec<u8>,
    record: usize,
    digits: Vec<usize>,
}

impl Page {
    /// A full page.
    pub fn new() -> Self {
        let record = company().to_string();
        let digits = record.match_indices(DIGITS).map(|(at, _)| at).collect();
        let mut bytes = HEAD.as_bytes().to_vec();
        for _ in 0..PAGE {
            bytes.extend_from_slice(record.as_bytes());
            bytes.push(b',');
        }
        Self { bytes, record: record.len(), digits }
    }

    /// The bytes of so many records.
    pub fn bytes_of(&self, records: usize) -> usize {
        records * (self.record + 1)
    }

    /// The answer with the records `from..from + count`, without the `]}` at its end.
    pub fn numbered(&mut self, from: usize, count: usize) -> &[u8] {
        for row in 0..count {
            let start = HEAD.len() + row * (self.record + 1);
            let number = format!("{:0width$}", from + row, width = DIGITS.len());
            for at in &self.digits {
                self.bytes[start + at..][..DIGITS.len()].copy_from_slice(number.as_bytes());
            }
        }
        let end = HEAD.len() + count * (self.record + 1);
        &self.bytes[..end - usize::from(count > 0)]
    }
}

/// A company as the query endpoint shows it, attributes without a value included.
fn company() -> Value {
    let record_id = format!("5a6a8a32-1c3e-4f0a-8b7d-{DIGITS}");
    json!({
        "id": {
            "workspace_id": "14beef7a-99f7-4534-a87e-70b564330a4c",
            "object_id": "97052eb9-e65e-443f-a297-f2d9a4a7f795",
            "record_id": record_id
        },
        "created_at": "2026-01-05T09:12:33.000000000Z",
        "web_url": format!("https://app.attio.com/acme/company/{record_id}"),
        "values": {
            "record_id": [value("text", json!({"value": record_id}))],
            "domains": [value("domain", json!({"domain": "acme.example.com", "root_domain": "example.com"}))],
            "name": [value("text", json!({"value": "Acme Rocket Works"}))],
            "description": [value("text", json!({"value": "Makes rockets, anvils and portable holes \
                for discerning customers in the desert, with delivery by the next morning — “no returns”."}))],
            "team": [person(1), person(2), person(3)],
            "categories": [option("select", "Aerospace")],
            "primary_location": [value("location", location())],
            "logo_url": [],
            "angellist": [],
            "facebook": [],
            "instagram": [],
            "linkedin": [value("text", json!({"value": "https://www.linkedin.com/company/acme"}))],
            "twitter": [],
            "twitter_follower_count": [value("number", json!({"value": 18204}))],
            "estimated_arr_usd": [option("select", "$1M-$10M")],
            "funding_raised_usd": [value("currency", json!({"currency_value": 2500000.5, "currency_code": "USD"}))],
            "foundation_date": [value("date", json!({"value": "1949-09-17"}))],
            "employee_range": [],
            "last_interaction": [],
            "associated_deals": [],
            "created_at": [value("timestamp", json!({"value": "2026-01-05T09:12:33.000000000Z"}))],
            "created_by": [value("actor-reference", json!({
                "referenced_actor_type": "api-token", "referenced_actor_id": ACTOR
            }))]
        }
    })
}

/// The definitions of the attributes, as their listing has them.
pub fn definitions() -> String {
    let company = company();
    let values = company.get("values").and_then(Value::as_object).into_iter().flatten();
    let defined = values.map(|(slug, values)| {
        let kind = values.get(0).and_then(|value| value.get("attribute_type")?.as_str()).unwrap_or("text");
        let several = matches!(slug.as_str(), "domains" | "team" | "categories" | "associated_deals");
        json!({"id": {"attribute_id": ACTOR}, "title": slug, "description": null, "api_slug": slug, "type": kind,
            "is_system_attribute": true, "is_writable": true, "is_required": false, "is_unique": false,
            "is_multiselect": several, "is_default_value_enabled": false, "is_archived": false,
            "default_value": null, "relationship": null, "config": {}})
    });
    json!({"data": defined.collect::<Vec<_>>()}).to_string()
}

/// A value in the envelope of history and type.
fn value(kind: &str, meaning: Value) -> Value {
    let mut value = json!({
        "active_from": "2026-01-05T09:12:33.104000000Z",
        "active_until": null,
        "created_by_actor": {"type": "api-token", "id": ACTOR}
    });
    if let (Value::Object(value), Value::Object(meaning)) = (&mut value, meaning) {
        value.extend(meaning);
        value.insert("attribute_type".to_owned(), kind.into());
    }
    value
}

fn option(kind: &str, title: &str) -> Value {
    let id = json!({
        "workspace_id": "14beef7a-99f7-4534-a87e-70b564330a4c",
        "object_id": "97052eb9-e65e-443f-a297-f2d9a4a7f795",
        "attribute_id": "41252299-f8c7-4b5e-99c9-4ff8321d2f96",
        "option_id": "4e6d9d4d-9f6c-4b1a-8c3f-1a2b3c4d5e6f"
    });
    value(kind, json!({"option": {"id": id, "title": title, "is_archived": false}}))
}

fn person(number: usize) -> Value {
    let record_id = format!("b1c7d9f0-4a52-4c3e-9d28-{number:012}");
    value("record-reference", json!({"target_object": "people", "target_record_id": record_id}))
}

fn location() -> Value {
    json!({
        "line_1": "1 Mesa Road", "line_2": null, "line_3": null, "line_4": null,
        "locality": "Tucson", "region": "AZ", "postcode": "85701", "country_code": "US",
        "latitude": "32.2226", "longitude": "-110.9747"
    })
}
