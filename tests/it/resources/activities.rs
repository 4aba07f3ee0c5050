//! Activity types and their records as flags and as data.

use super::{field, planned};
use crate::common::{NOTHING, Place, Recorder};
use serde_json::json;

#[test]
fn an_activity_is_described_by_its_flags() {
    let create = [
        "activities",
        "create",
        "--api-slug",
        "visits",
        "--singular-noun",
        "Visit",
        "--plural-noun",
        "Visits",
        "--extends",
        "interactions",
    ];
    assert_eq!(
        planned(&create),
        json!({"method": "POST", "path": "/v2/activities", "body": {"data": {"api_slug": "visits",
            "singular_noun": "Visit", "plural_noun": "Visits", "extends": "interactions"}}})
    );
    let place = Place::new();
    place.sandbox(&[&create[..9], &["meals"]].concat()).error(2);
    place.sandbox(&["activities", "update", "phone_calls"]).error(2);
    assert_eq!(field(&place, &["activities", "get", "phone_calls"], "is_system_activity"), true);
}

#[test]
fn records_of_activities_are_addressed_by_both() {
    let values = ["--values", r#"{"subject": "Visit"}"#];
    let request = |verb: &[&str]| planned(&[&["activity-records"], verb, &values].concat());
    let body = json!({"data": {"values": {"subject": "Visit"}}});
    assert_eq!(
        request(&["upsert", "visits", "--matching-attribute", "subject"]),
        json!({"method": "PUT", "path": "/v2/activities/visits/records",
            "query": {"matching_attribute": "subject"}, "body": body})
    );
    assert_eq!(
        request(&["replace", "visits", NOTHING]),
        json!({"method": "PUT", "path": format!("/v2/activities/visits/records/{NOTHING}"), "body": body})
    );
}

#[test]
fn a_query_of_activity_records_is_bare() {
    let (place, server) = (Place::new(), Recorder::new(&[]));
    let query = ["activity-records", "query", "phone_calls", "--limit", "4"];
    assert_eq!(place.against(&server.base_url, &query).json(), json!([]));
    let newest = json!([{"direction": "desc", "attribute": "created_at"}, {"direction": "desc", "attribute": "record_id"}]);
    assert_eq!(server.seen()[0].body, json!({"sorts": newest, "limit": 5, "offset": 0}));
}

#[test]
fn emails_are_asked_for_by_somebody() {
    let (place, server) = (Place::new(), Recorder::new(&[]));
    place.against(&server.base_url, &["emails", "list"]).error(2);
    let record = ["emails", "list", "--linked-object", "companies", "--linked-record-id", NOTHING];
    // The sandbox's plan has no emails, as most have none.
    let error = place.against(&server.base_url, &[&record[..], &["--domain", "acme.com"]].concat()).error(1);
    assert_eq!(error["code"], "billing_error");
    let query = format!("linked_record_ids={NOTHING}&linked_object=companies&domain=acme.com&limit=10");
    assert_eq!(server.calls(), [format!("GET /v2/emails?{query}")]);
}

#[tokio::test]
async fn sql_shows_its_rows() {
    let server = wiremock::MockServer::start().await;
    let rows = json!({"data": {"rows": [{"name": "Acme", "n": 2}, {"name": "Globex", "n": null}]}});
    wiremock::Mock::given(wiremock::matchers::path("/v2/sql"))
        .and(wiremock::matchers::body_json(json!({"sql": "select 1"})))
        .respond_with(wiremock::ResponseTemplate::new(200).set_body_json(rows))
        .mount(&server)
        .await;
    let query = ["sql", "query", "--sql", "select 1", "-o", "csv", "--read-only"];
    let run = Place::new().against(&server.uri(), &query);
    assert_eq!((run.code, run.stdout.as_str()), (0, "name,n\nAcme,2\nGlobex,\n"));
}

#[test]
fn addresses_are_unsubscribed_together() {
    let two =
        ["sequences", "unsubscribe", "--email-address", "a@example.com", "--email-address", "c@example.com"];
    assert_eq!(
        planned(&two)["body"],
        json!({"data": {"email_addresses": ["a@example.com", "c@example.com"]}})
    );
    let place = Place::new();
    let first = place.sandbox(&two).json();
    assert_eq!(place.sandbox(&two).json(), first, "a repeat changes nothing");
}
