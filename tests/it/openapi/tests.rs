//! The judge judged: what is wrong must not pass, by the facts alone and with the document; with the
//! document, what it gives as examples must.

use serde_json::{Map, Value, json};

use super::facts::facts;
use super::{Document, check_exchange, check_problem, document};

const COMPANY: &str = "/v2/objects/companies/records/891dcbfc-9141-415d-9b2a-2238a6cc012d";

/// An instance of a schema, made of the examples in it; of a union, `choice` picks the alternative.
fn example(document: &Document, schema: &Value, choice: usize) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.root.pointer(reference.trim_start_matches('#')).expect(reference);
        return example(document, target, choice);
    }
    if let Some(Value::Object(properties)) = schema.get("properties") {
        let pairs = properties.iter().map(|(key, one)| (key.clone(), example(document, one, choice)));
        return Value::Object(pairs.collect::<Map<_, _>>());
    }
    if let Some(ready) = schema.get("example") {
        return ready.clone();
    }
    if let Some(alternatives) = ["oneOf", "anyOf"].iter().find_map(|key| schema[key].as_array()) {
        return example(document, &alternatives[choice % alternatives.len()], choice);
    }
    if let Some(member) = schema["enum"].get(choice % schema["enum"].as_array().map_or(1, Vec::len)) {
        return member.clone();
    }
    if schema["additionalProperties"].is_object() {
        return json!({ "some_slug": example(document, &schema["additionalProperties"], choice) });
    }
    match (schema["type"].as_str().or(schema["type"][0].as_str()), schema["format"].as_str()) {
        (Some("array"), _) => json!([example(document, &schema["items"], choice)]),
        (Some("string"), Some("uuid")) => json!("891dcbfc-9141-415d-9b2a-2238a6cc012d"),
        (Some("string"), Some("uri")) => json!("https://app.attio.com/sandbox"),
        (Some("string"), Some("date-time")) => json!("2023-01-01T15:00:00.000000000Z"),
        (Some("string"), _) => json!("text"),
        (Some("number" | "integer"), _) => json!(1),
        (Some("boolean"), _) => json!(true),
        (Some("null"), _) => Value::Null,
        _ => json!({}),
    }
}

/// Each operation with a path that fits it and what it declares.
fn operations(document: &Document) -> Vec<(String, String, &Value)> {
    let of = |(method, template): (String, String)| {
        let item = &document.root["paths"][&template][method.to_lowercase()];
        let path = template.replace("{target}", "objects").replace(['{', '}'], "");
        (method, path, item)
    };
    document.operations().into_iter().map(of).collect()
}

#[test]
fn every_example_of_an_answer_passes() {
    let Some(document) = document() else { return };
    let mut checked = 0;
    for (method, path, item) in operations(document) {
        for (status, answer) in item["responses"].as_object().unwrap() {
            let status: u16 = status.parse().unwrap();
            let schema = &answer["content"]["application/json"]["schema"];
            for choice in 0..20 {
                let mut body = example(document, schema, choice);
                if status == 204 {
                    body = Value::Null;
                } else if status >= 400 {
                    body["status_code"] = json!(status); // two are declared as `statusCode`
                }
                let verdict = document.check_response(&method, &path, status, &body);
                assert_eq!(verdict, Ok(()), "{method} {path} {status}: {body:#}");
                checked += 1;
            }
        }
    }
    assert!(checked > 2_000, "{checked}");
}

#[test]
fn every_example_of_a_request_passes() {
    let Some(document) = document() else { return };
    for (method, path, item) in operations(document) {
        let query: Vec<(String, String)> = item["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|one| one["in"] == "query")
            .map(|one| (one["name"].clone(), example(document, &one["schema"], 0)))
            .map(|(name, value)| (text(&name), text(&value)))
            .collect();
        let schema = &item["requestBody"]["content"]["application/json"]["schema"];
        for choice in 0..20 {
            let body = schema.is_object().then(|| example(document, schema, choice));
            let verdict = document.check_request(&method, &path, &query, body.as_ref());
            assert_eq!(verdict, Ok(()), "{method} {path}: {body:#?}");
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn an_answer_without_a_required_key_fails() {
    let Some(document) = document() else { return };
    let mut removed = 0;
    for (method, path, item) in operations(document) {
        let schema = &item["responses"]["200"]["content"]["application/json"]["schema"];
        let body = example(document, schema, 0);
        for layer in ["", "/data", "/data/0"] {
            for key in required(document, schema, layer) {
                let mut lacking = body.clone();
                lacking.pointer_mut(layer).unwrap().as_object_mut().unwrap().remove(&key);
                let error = document.check_response(&method, &path, 200, &lacking).unwrap_err();
                assert!(error.contains(&format!("{key:?} is a required property")), "{error}");
                removed += 1;
            }
        }
    }
    assert!(removed > 300, "{removed}");
}

/// The keys that a schema requires in the object at `layer`, a pointer into the instance.
fn required(document: &Document, schema: &Value, layer: &str) -> Vec<String> {
    let mut schema = schema;
    for step in layer.split('/').skip(1) {
        schema = if step == "0" { &schema["items"] } else { &schema["properties"][step] };
        if let Some(reference) = schema["$ref"].as_str() {
            schema = document.root.pointer(reference.trim_start_matches('#')).unwrap();
        }
    }
    schema["required"].as_array().into_iter().flatten().map(text).collect()
}

/// A company with a value of each kind under the kind's name.
fn company(document: &Document) -> Value {
    let schema = "/paths/~1v2~1objects~1{object}~1records~1{record_id}/get/responses/200/content/application~1json/schema";
    let schema = document.root.pointer(schema).unwrap();
    let mut company = example(document, schema, 0);
    let values = (0..17).map(|kind| example(document, schema, kind)["data"]["values"]["some_slug"].clone());
    let named = values.map(|value| (text(&value[0]["attribute_type"]), value));
    company["data"]["values"] = Value::Object(named.collect());
    company
}

/// `company` with one place changed.
fn changed(company: &Value, place: &str, value: Value) -> Value {
    let mut company = company.clone();
    let (parent, key) = place.rsplit_once('/').unwrap();
    company.pointer_mut(parent).expect(place)[key] = value;
    company
}

#[test]
fn what_the_document_gets_wrong_passes() {
    let Some(document) = document() else { return };
    let company = company(document);
    let right = [
        ("/data/values/text/0/created_by_actor", json!({ "id": null, "type": "system" })),
        ("/data/values/interaction/0/owner_actor", json!({ "id": null, "type": null })),
        ("/data/values/currency/0/currency_code", json!("EGP")),
        ("/data/values/currency/0/currency_code", Value::Null),
        ("/data/values/interaction/0/interaction_type", json!("activity")),
        ("/data/values/location/0/country_code", Value::Null),
        ("/data/values/date/0/value", json!("2023-01-01")),
        ("/data/values/timestamp/0/value", json!("2023-01-01T15:00:00.000000000Z")),
        ("/data/values/text", json!([])),
    ];
    for (place, value) in right {
        let body = changed(&company, place, value);
        assert_eq!(document.check_response("GET", COMPANY, 200, &body), Ok(()), "{place}");
    }
}

#[test]
fn a_wrong_value_fails_and_is_located() {
    let Some(document) = document() else { return };
    let company = company(document);
    let wrong = [
        ("/data/id/record_id", json!("not-a-uuid")),
        ("/data/web_url", json!("no url")),
        ("/data/values/text", json!("bare")),
        ("/data/values/text/0/value", json!(1)),
        ("/data/values/text/0/attribute_type", json!("prose")),
        ("/data/values/text/0/active_from", json!("yesterday")),
        ("/data/values/text/0/created_by_actor", Value::Null),
        ("/data/values/select/0/option/id/option_id", json!("Lead")),
        ("/data/values/location/0/country_code", json!("XX")),
        ("/data/values/number/0/value", json!("12")),
        ("/data/values/date/0/value", json!("2023")),
        ("/data/values/timestamp/0/value", json!("2023-01-01")),
    ];
    for (place, value) in wrong {
        let body = changed(&company, place, value);
        let error = document.check_response("GET", COMPANY, 200, &body).expect_err(place);
        assert!(error.contains(&format!(" {place} ")), "{place}: {error}");
    }
    let extra = changed(&company, "/data/values/text/0/surplus", json!(1));
    let error = document.check_response("GET", COMPANY, 200, &extra).unwrap_err();
    assert!(error.contains("/data/values/text/0 ") && error.contains("surplus"), "{error}");
}

#[test]
fn errors_have_attios_form_and_the_status_they_came_with() {
    let check = |status: u16, kind: &str, code: &str| {
        let body = json!({ "status_code": status, "type": kind, "code": code, "message": "why" });
        check_problem(status, &body)
    };
    assert_eq!(check(404, "invalid_request_error", "not_found"), Ok(()));
    assert_eq!(check(401, "auth_error", "unauthorized"), Ok(()));
    assert_eq!(check(429, "rate_limit_error", "rate_limit_exceeded"), Ok(()));
    assert!(check(404, "auth_error", "not_found").is_err());
    assert!(check(400, "invalid_request_error", "uniqness_conflict").is_err());
    let other =
        json!({ "status_code": 400, "type": "invalid_request_error", "code": "not_found", "message": "m" });
    assert!(check_problem(404, &other).unwrap_err().contains("/status_code"));
    let silent = json!({ "status_code": 404, "type": "invalid_request_error", "code": "not_found" });
    assert!(check_problem(404, &silent).unwrap_err().contains("message"));
}

/// What is wrong with a request, by whoever can judge it.
fn sent(method: &str, path: &str, body: Option<Value>) -> String {
    let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    let request = http::Request::builder().method(method).uri(path).body(body).unwrap();
    let verdict = facts().check(&request).err();
    if let Some(document) = document() {
        assert_eq!(document.check_sent(&request).is_err(), verdict.is_some(), "{method} {path}: {verdict:?}");
    }
    verdict.unwrap_or_default()
}

#[test]
fn requests_are_checked_for_slips() {
    let (records, query) = ("/v2/objects/companies/records", "/v2/objects/companies/records/query");
    let values = || Some(json!({ "data": { "values": { "name": "Acme", "domains": ["acme.com"] } } }));
    let id = "891dcbfc-9141-415d-9b2a-2238a6cc012d";
    let note = |format: &str| {
        let note = json!({ "parent_object": "companies", "parent_record_id": id, "title": "T",
            "format": format, "content": "x" });
        Some(json!({ "data": note }))
    };

    assert_eq!(sent("POST", records, values()), "");
    assert_eq!(sent("PUT", &format!("{records}?matching_attribute=domains"), values()), "");
    assert_eq!(sent("POST", query, Some(json!({ "limit": 1, "filter_view_id": "x" }))), "");
    assert_eq!(sent("GET", "/v2/notes?limit=50", None), "");
    assert_eq!(sent("POST", "/v2/notes", note("markdown")), "");

    assert!(sent("PUT", records, values()).contains("matching_attribute"));
    assert!(sent("POST", records, None).contains("needs a body"));
    assert!(sent("POST", records, Some(json!({ "values": {} }))).contains("values"));
    assert!(sent("POST", records, Some(json!({ "data": {} }))).contains("needs data.values"));
    assert!(sent("POST", records, Some(json!({ "data": { "vlaues": {} } }))).contains("vlaues"));
    assert!(sent("POST", query, Some(json!({ "data": {} }))).contains("data"));
    assert!(sent("GET", "/v2/notes?limt=50", None).contains("limt"));
    assert!(sent("GET", "/v2/notes", Some(json!({}))).contains("takes no body"));
    assert!(sent("POST", "/v2/notes", note("html")).contains("may not be \"html\""));
    let sorted = |way: &str| Some(json!({ "sorts": [{ "attribute": "name", "direction": way }] }));
    assert_eq!(sent("POST", query, sorted("asc")), "");
    assert!(sent("POST", query, sorted("up")).contains("sorts[].direction"));
}

#[test]
fn the_document_checks_types_too() {
    let Some(document) = document() else { return };
    let check = |method: &str, path: &str, body: &str| {
        let request = http::Request::builder().method(method).uri(path);
        document.check_sent(&request.body(body.as_bytes().to_vec()).unwrap()).err().unwrap_or_default()
    };
    assert!(check("POST", "/v2/objects/companies/records/query", r#"{"limit":"ten"}"#).contains("/limit"));
    assert!(check("GET", "/v2/notes?limit=many", "").contains("?limit"));
    assert!(check("GET", "/v2/notes//", "").contains("the document has no"));
}

#[test]
fn an_exchange_is_judged_as_it_was_sent() {
    let check = |method: &str, path: &str, status: u16, body: &str| {
        let request = http::Request::builder().method(method).uri(path).body(Vec::new()).unwrap();
        let response = http::Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap();
        check_exchange(&request, &response).err().unwrap_or_default()
    };
    assert_eq!(check("DELETE", COMPANY, 200, "{}"), "");
    assert_eq!(check("GET", "/v2/newer?limit=1", 200, "no JSON"), "");
    assert!(check("GET", "/v2/notes?limit=1", 200, "no JSON").contains("expected"));
    assert!(check("GET", "/v2/notes?limt=1", 200, "{}").contains("limt"));
    assert!(check("GET", "/v2/notes?limit=1", 404, "{}").contains("status_code"));
    if document().is_some() {
        assert!(check("GET", "/v2/notes?limit=1", 200, "").contains("null"));
        assert!(check("GET", "/v2/notes?limit=1", 200, r#"{"data":[{}]}"#).contains("/data/0"));
        assert!(check("GET", COMPANY, 201, "{}").contains("not declared"));
    }
}

#[test]
fn the_most_literal_path_template_is_used() {
    let path = |method, path| facts().of(method, path).map(|operation| operation.path.as_str());
    assert_eq!(path("POST", "/v2/objects/records/search"), Some("/v2/objects/records/search"));
    assert_eq!(path("GET", "/v2/lists/sales?x=1"), Some("/v2/lists/{list}"));
    assert_eq!(path("GET", "/v2/objects/deals/attributes"), Some("/v2/{target}/{identifier}/attributes"));
    assert_eq!(path("GET", "/v2/objects/companies/records"), None);
    assert_eq!(path("GET", "/v2/objects//records/query"), None);
    assert_eq!(facts().operations().count(), 67);
}
