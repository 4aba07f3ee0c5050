//! Meetings and their call recordings.

use crate::common::NOTHING;
use serde_json::{Value, json};

use super::{Walk, id};

pub fn walk(walk: &mut Walk) {
    let acme = walk.company("acme.com");
    let meeting = create(walk, &acme);
    list(walk, &acme);
    links(walk, &meeting, &acme);
    recordings(walk, &meeting);
    walk.ok("GET /v2/meetings/{}", &[&meeting], Value::Null);
    walk.ok("DELETE /v2/meetings/{}", &[&meeting], Value::Null);
    for route in ["GET /v2/meetings/{}", "DELETE /v2/meetings/{}", "GET /v2/meetings/{}/call_recordings"] {
        walk.refused(route, &[&meeting], Value::Null, 404, "not_found");
    }
}

fn create(walk: &mut Walk, acme: &str) -> String {
    let create = "POST /v2/meetings";
    let mut meeting = json!({ "data": {
        "title": "Kick-off", "description": "Who does what", "is_all_day": false,
        "start": { "datetime": "2026-07-01T14:00:00-04:00", "timezone": "America/New_York" },
        "end": { "datetime": "2026-07-01T15:00:00-04:00", "timezone": "America/New_York" },
        "participants": [{ "email_address": "new@acme.com", "is_organizer": "true", "status": "pending" }],
        "linked_records": [{ "object": "companies", "record_id": acme }],
    } });
    let made = walk.ok(create, &[], meeting.clone());
    assert_eq!(made["start"]["datetime"], "2026-07-01T14:00:00.000-04:00");
    for (key, bad, code) in [
        ("participants", json!([]), "validation_type"),
        (
            "participants",
            json!([{ "email_address": "nobody", "is_organizer": true, "status": "pending" }]),
            "validation_type",
        ),
        ("start", json!({ "datetime": "2026-07-01T14:00:00" }), "validation_type"),
        ("end", json!({ "datetime": "2026-07-01T13:00:00-04:00" }), "validation_type"),
        ("is_all_day", json!(true), "validation_type"),
        ("linked_records", json!([{ "object": "companies", "record_id": NOTHING }]), "value_not_found"),
    ] {
        let good = std::mem::replace(&mut meeting["data"][key], bad);
        walk.refused(create, &[], meeting.clone(), 400, code);
        meeting["data"][key] = good;
    }
    meeting["data"]["is_all_day"] = json!(true);
    meeting["data"]["start"] = json!({ "date": "2026-07-02" });
    meeting["data"]["end"] = json!({ "date": "2026-07-03" });
    walk.ok(create, &[], meeting);
    id(&made, "meeting_id")
}

fn list(walk: &mut Walk, acme: &str) {
    assert_eq!(walk.ok("GET /v2/meetings", &[], Value::Null).as_array().unwrap().len(), 4);
    let query = format!(
        "linked_object=companies&linked_record_id={acme}&participants=hank@globex.com&sort=start_desc"
    );
    let some = walk.ok(&format!("GET /v2/meetings?{query}"), &[], Value::Null);
    assert_eq!(some.as_array().unwrap().len(), 4, "the two filters widen each other");
    let times = "ends_from=2026-07-01T19:00:00Z&starts_before=2026-07-02T00:00:00Z&timezone=UTC";
    assert_eq!(walk.ok(&format!("GET /v2/meetings?{times}"), &[], Value::Null).as_array().unwrap().len(), 1);
    let (_, page) = walk.call("GET /v2/meetings?limit=1", &[], &Value::Null);
    let cursor = page["pagination"]["next_cursor"].as_str().unwrap().replace('+', "%2B");
    walk.ok(&format!("GET /v2/meetings?limit=200&cursor={cursor}"), &[], Value::Null);
    for bad in ["limit=0", "limit=201", "sort=name", "ends_from=noon", "linked_object=companies"] {
        walk.refused(&format!("GET /v2/meetings?{bad}"), &[], Value::Null, 400, "validation_type");
    }
}

fn links(walk: &mut Walk, meeting: &str, acme: &str) {
    let globex = walk.company("globex.com");
    let body =
        |id: &str| json!({ "data": { "linked_records": [{ "object": "companies", "record_id": id }] } });
    for (route, left) in [("PATCH /v2/meetings/{}", 3), ("PUT /v2/meetings/{}", 1)] {
        let after = walk.ok(route, &[meeting], body(&globex));
        assert_eq!(after["linked_records"].as_array().unwrap().len(), left, "{after}");
        walk.refused(route, &[meeting], body(NOTHING), 400, "value_not_found");
        walk.refused(route, &[meeting], json!({ "data": {} }), 400, "validation_type");
        walk.refused(route, &[NOTHING], body(acme), 404, "not_found");
    }
}

fn recordings(walk: &mut Walk, meeting: &str) {
    let (all, one) = ("/v2/meetings/{}/call_recordings", "/v2/meetings/{}/call_recordings/{}");
    let create = format!("POST {all}");
    let video = |url: &str| json!({ "data": { "video_url": url } });
    let made = walk.ok(&create, &[meeting], video("https://example.com/call.mp4"));
    assert_eq!(made["status"], "processing");
    for bad in ["http://example.com/call.mp4", "https://example.com/call.mov", "call"] {
        walk.refused(&create, &[meeting], video(bad), 400, "validation_type");
    }
    walk.refused(&create, &[NOTHING], video("https://example.com/call.mp4"), 404, "not_found");
    let segment =
        json!({ "speech": "Hello", "start_time": 65.5, "end_time": 67, "speaker": { "name": "Ada" } });
    walk.refused(&create, &[meeting], json!({ "data": { "transcript": [{}] } }), 400, "validation_type");
    let spoken = walk.ok(&create, &[meeting], json!({ "data": { "transcript": [segment] } }));
    let spoken = id(&spoken, "call_recording_id");

    assert_eq!(walk.ok(&format!("GET {all}?limit=50"), &[meeting], Value::Null).as_array().unwrap().len(), 2);
    let got = walk.ok(&format!("GET {one}"), &[meeting, &spoken], Value::Null);
    assert_eq!((&got["status"], &got["transcript"]["segments"]), (&json!("completed"), &json!([segment])));
    let transcript = format!("GET {one}/transcript");
    let text = walk.ok(&transcript, &[meeting, &spoken], Value::Null);
    assert_eq!(text["raw_transcript"], "[01:05] Ada: Hello");
    let silent = id(&made, "call_recording_id");
    walk.refused(&transcript, &[meeting, &silent], Value::Null, 404, "not_found");

    let delete = format!("DELETE {one}");
    assert_eq!(walk.call(&delete, &[meeting, &silent], &Value::Null), (204, Value::Null));
    walk.refused(&delete, &[meeting, &silent], Value::Null, 404, "not_found");
    walk.refused(&format!("GET {one}"), &[meeting, &silent], Value::Null, 404, "not_found");
}
