//! What the plan of the sandbox's workspace lacks, and what sequences leave out.

use crate::common::NOTHING;
use serde_json::{Value, json};

use super::Walk;

const RECORD: &str = "/v2/activities/{}/records/{}";

/// Routes that this plan never lets succeed.
pub const BEYOND: [&str; 11] = [
    "POST /v2/activities",
    "PATCH /v2/activities/{}",
    "DELETE /v2/activities/{}",
    "POST /v2/activities/{}/records",
    "PUT /v2/activities/{}/records",
    "GET /v2/activities/{}/records/{}",
    "PATCH /v2/activities/{}/records/{}",
    "PUT /v2/activities/{}/records/{}",
    "DELETE /v2/activities/{}/records/{}",
    "GET /v2/emails",
    "POST /v2/sql",
];

pub fn walk(walk: &mut Walk) {
    activities(walk);
    activity_records(walk);
    let emails = "GET /v2/emails";
    walk.refused(emails, &[], Value::Null, 400, "validation_type");
    walk.refused(&format!("{emails}?domain=acme.com"), &[], Value::Null, 403, "billing_error");
    walk.refused("POST /v2/sql", &[], json!({ "sql": "SELECT 1" }), 403, "billing_error");
    walk.refused("POST /v2/sql", &[], json!({ "query": "SELECT 1" }), 400, "validation_type");
    sequences(walk);
}

fn activities(walk: &mut Walk) {
    let (all, one) = ("/v2/activities", "/v2/activities/{}");
    let listed = walk.ok(&format!("GET {all}"), &[], Value::Null);
    assert_eq!(listed[0]["is_system_activity"], true);
    let found = walk.ok(&format!("GET {one}"), &["phone_calls"], Value::Null);
    assert_eq!(found, listed[0]);
    walk.refused(&format!("GET {one}"), &["site_visits"], Value::Null, 404, "not_found");
    let mut visits = json!({ "data": {
        "api_slug": "site_visits", "singular_noun": "Site visit", "plural_noun": "Site visits",
        "extends": "interactions",
    } });
    walk.refused(&format!("POST {all}"), &[], visits.clone(), 403, "billing_error");
    visits["data"]["extends"] = json!("visits");
    walk.refused(&format!("POST {all}"), &[], visits.clone(), 400, "validation_type");
    for method in ["PATCH", "DELETE"] {
        let route = format!("{method} {one}");
        walk.refused(&route, &["phone_calls"], visits.clone(), 400, "system_edit_unauthorized");
        walk.refused(&route, &["site_visits"], visits.clone(), 404, "not_found");
    }
}

fn activity_records(walk: &mut Walk) {
    let records = "/v2/activities/{}/records";
    let query = format!("POST {records}/query");
    assert_eq!(walk.ok(&query, &["phone_calls"], json!({ "limit": 5 })), json!([]));
    walk.refused(&query, &["site_visits"], json!({}), 404, "not_found");
    let call = json!({ "data": { "values": { "direction": "Outbound" } } });
    let create = format!("POST {records}");
    walk.refused(&create, &["phone_calls"], call.clone(), 403, "billing_error");
    let upsert = format!("PUT {records}");
    walk.refused(&upsert, &["phone_calls"], call.clone(), 400, "validation_type");
    let upsert = format!("{upsert}?matching_attribute=direction");
    walk.refused(&upsert, &["phone_calls"], call.clone(), 403, "billing_error");
    for method in ["GET", "PATCH", "PUT", "DELETE"] {
        walk.refused(
            &format!("{method} {RECORD}"),
            &["phone_calls", NOTHING],
            call.clone(),
            404,
            "not_found",
        );
    }
}

fn sequences(walk: &mut Walk) {
    let route = "POST /v2/sequences/unsubscribed_emails";
    let body = |address: &str| json!({ "data": { "email_addresses": [address] } });
    let first = walk.ok(route, &[], body("Stop@example.com"));
    assert_eq!(first[0]["email_address"], "stop@example.com");
    assert_eq!(walk.ok(route, &[], body("stop@example.com")), first);
    walk.refused(route, &[], body("stop"), 400, "validation_type");
}
