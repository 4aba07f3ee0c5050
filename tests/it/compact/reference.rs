//! Generated records, beside a compact form as one would write it with no thought of speed.

use super::*;
use proptest::prelude::*;
use serde_json::Map;

const SEVERAL: [&str; 6] =
    ["select", "record-reference", "actor-reference", "email-address", "phone-number", "domain"];

fn by_the_book(record: &Value) -> Value {
    let mut values = Map::new();
    for (slug, given) in record["values"].as_object().unwrap() {
        let given = given.as_array().unwrap();
        let plain: Vec<Value> = given.iter().map(plain).collect();
        let several =
            plain.len() > 1 || given.iter().any(|v| SEVERAL.contains(&v["attribute_type"].as_str().unwrap()));
        if !plain.is_empty() && slug != "created_at" && slug != "record_id" {
            let shown = if several { Value::from(plain) } else { plain[0].clone() };
            values.insert(slug.clone(), shown);
        }
    }
    json!({"record_id": record["id"]["record_id"], "object": "companies", "web_url": record["web_url"],
        "created_at": record["created_at"], "values": values})
}

fn plain(value: &Value) -> Value {
    let of = |name: &str| value[name].clone();
    match value["attribute_type"].as_str().unwrap() {
        "text" | "number" | "checkbox" | "date" | "timestamp" | "rating" => of("value"),
        "currency" => json!({"amount": value["currency_value"], "currency": value["currency_code"]}),
        "select" => value["option"]["title"].clone(),
        "status" => value["status"]["title"].clone(),
        "record-reference" => {
            json!({"object": value["target_object"], "record_id": value["target_record_id"]})
        }
        "actor-reference" => {
            json!({"type": value["referenced_actor_type"], "id": value["referenced_actor_id"]})
        }
        "personal-name" => json!({"first_name": value["first_name"], "last_name": value["last_name"],
            "full_name": value["full_name"]}),
        "domain" => of("domain"),
        "email-address" => of("email_address"),
        "phone-number" => match of("phone_number") {
            Value::Null => of("normalized_phone_number"),
            number => number,
        },
        _ => {
            let mut rest = value.as_object().unwrap().clone();
            let envelope = ["active_from", "active_until", "created_by_actor", "attribute_type"];
            rest.retain(|name, value| !envelope.contains(&name.as_str()) && !value.is_null());
            rest.into()
        }
    }
}

/// Any text: escapes, quotes, controls, all scripts.
fn text() -> impl Strategy<Value = Value> {
    prop_oneof![any::<String>(), r#"[\\"{}\[\],:a-z]{0,24}"#, "\\PC{0,40}"].prop_map(Value::from)
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no others", |n| n.is_finite()).prop_map(Value::from)
    ]
}

fn or_null(of: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    prop_oneof![4 => of, 1 => Just(Value::Null)]
}

/// The fields of one value of each type.
fn typed() -> impl Strategy<Value = Value> {
    let one = |kind: &'static str, name: &'static str, of: BoxedStrategy<Value>| {
        of.prop_map(move |value| json!({"attribute_type": kind, name: value})).boxed()
    };
    let two = |kind: &'static str, first: &'static str, second: &'static str| {
        (text(), or_null(text()))
            .prop_map(move |(a, b)| json!({"attribute_type": kind, first: a, second: b}))
            .boxed()
    };
    let titled = |kind: &'static str, name: &'static str| {
        text()
            .prop_map(
                move |title| json!({"attribute_type": kind, name: {"id": {"x": title}, "title": title}}),
            )
            .boxed()
    };
    proptest::strategy::Union::new([
        one("text", "value", text().boxed()),
        one("number", "value", number().boxed()),
        one("rating", "value", or_null(number()).boxed()),
        one("checkbox", "value", any::<bool>().prop_map(Value::from).boxed()),
        one("date", "value", Just(json!("2026-01-31")).boxed()),
        one("timestamp", "value", Just(json!("2026-01-31T01:02:03.000000000Z")).boxed()),
        one("domain", "domain", text().boxed()),
        one("email-address", "email_address", text().boxed()),
        (number(), or_null(text()))
            .prop_map(|(n, c)| json!({"attribute_type": "currency", "currency_value": n, "currency_code": c}))
            .boxed(),
        titled("select", "option"),
        titled("status", "status"),
        two("record-reference", "target_object", "target_record_id"),
        two("actor-reference", "referenced_actor_type", "referenced_actor_id"),
        two("phone-number", "normalized_phone_number", "phone_number"),
        two("location", "locality", "line_1"),
        two("interaction", "interaction_type", "interacted_at"),
        two("hologram", "value", "glow"),
        (text(), text(), text())
            .prop_map(|(a, b, c)| {
                json!({"attribute_type": "personal-name", "first_name": a, "last_name": b, "full_name": c})
            })
            .boxed(),
    ])
}

fn enveloped() -> impl Strategy<Value = Value> {
    (typed(), any::<bool>()).prop_map(|(typed, usual)| {
        let mut value = Map::new();
        if usual {
            value.insert("active_from".into(), json!("2026-01-05T09:00:00.000000000Z"));
            value.insert("active_until".into(), Value::Null);
        }
        value.insert("created_by_actor".into(), json!({"type": "system", "id": null}));
        value.extend(typed.as_object().unwrap().clone());
        value.into()
    })
}

fn records() -> impl Strategy<Value = Value> {
    let slug = prop_oneof!["[a-z_]{1,12}", Just("created_at".to_owned()), any::<String>()];
    let attribute = proptest::collection::vec(enveloped(), 0..3);
    proptest::collection::vec((slug, attribute), 0..8).prop_map(|attributes| {
        let values: Map<String, Value> =
            attributes.into_iter().map(|(slug, given)| (slug, given.into())).collect();
        record(&values.into())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_records_keep_their_meaning(sent in records(), pretty in any::<bool>()) {
        let raw = if pretty { format!("{sent:#}") } else { sent.to_string() };
        let (found, odd) = compact_by(&[], &raw);
        prop_assert_eq!(found, by_the_book(&sent));
        prop_assert_eq!(odd, None);
    }
}
