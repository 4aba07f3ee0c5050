//! Meetings: who is linked, how they are listed, and what goes with them.
use serde_json::{Value, json};

use super::workspace::{Workspace, id, texts};

fn meeting(start: &str, end: &str, participants: Value) -> Value {
    json!({"data": {"title": "Talk", "description": "", "is_all_day": false, "start": {"datetime": start},
        "end": {"datetime": end}, "participants": participants}})
}

fn guest(email: &str) -> Value {
    json!({"email_address": email, "is_organizer": false, "status": "pending"})
}

fn titles(listed: &Value) -> Vec<&str> {
    listed.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect()
}

#[test]
fn strangers_become_people_with_a_company_and_members_do_not() {
    let mut workspace = Workspace::new();
    let guests = json!([guest("New@Fresh-Company.com"), guest("ada@example.com"), guest("jane@acme.com")]);
    let body = meeting("2026-07-01T10:00:00Z", "2026-07-01T11:00:00Z", guests.clone());
    let made = workspace.data("POST", "/v2/meetings", body.clone());
    assert_eq!(made["participants"][0]["email_address"], "new@fresh-company.com");
    let person = workspace.find("people", json!({"email_addresses": "new@fresh-company.com"}));
    let company = texts(&person, "company", "target_record_id");
    let linked: Vec<&str> = made["linked_records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| link["record_id"].as_str().unwrap())
        .collect();
    assert_eq!(linked[..2], [id(&person), company[0].clone()]);
    assert_eq!(linked.len(), 4, "Jane and Acme");
    assert_eq!(workspace.query("people", json!({"filter": {"email_addresses": "ada@example.com"}})).len(), 0);
    workspace.data("POST", "/v2/meetings", body);
    workspace.find("people", json!({"email_addresses": "new@fresh-company.com"}));

    let bad = meeting(
        "2026-07-01T10:00:00Z",
        "2026-07-01T11:00:00Z",
        json!([guest("a@fresh.com"), guest("nobody")]),
    );
    workspace.refused("POST", "/v2/meetings", bad, 400, "validation_type");
    assert_eq!(workspace.query("people", json!({"filter": {"email_addresses": "a@fresh.com"}})).len(), 0);
    let nobody = meeting("2026-07-01T10:00:00Z", "2026-07-01T11:00:00Z", json!([]));
    let error = workspace.refused("POST", "/v2/meetings", nobody, 400, "validation_type");
    assert_eq!(error["message"], "No participants were provided.");
}

#[test]
fn meetings_are_listed_by_start_within_bounds_that_include_the_first_only() {
    let mut workspace = Workspace::new();
    workspace.data(
        "POST",
        "/v2/meetings",
        meeting("2026-07-01T10:00:00Z", "2026-07-01T11:00:00Z", json!([guest("jane@acme.com")])),
    );
    let all = workspace.data("GET", "/v2/meetings", Value::Null);
    assert_eq!(titles(&all), ["Acme renewal call", "Talk", "Globex quarterly review"]);
    let back = workspace.data("GET", "/v2/meetings?sort=start_desc&limit=1", Value::Null);
    assert_eq!(titles(&back), ["Globex quarterly review"]);
    for (query, expected) in [
        ("ends_from=2026-07-01T11:00:00Z&starts_before=2026-07-01T12:00:00Z", vec!["Talk"]),
        ("ends_from=2026-07-01T11:00:00.001Z", vec!["Globex quarterly review"]),
        ("starts_before=2026-07-01T10:00:00Z", vec!["Acme renewal call"]),
        ("starts_before=2026-07-01T12:00:00%2B02:00", vec!["Acme renewal call"]),
        ("participants=nobody@x.com,HANK@globex.com", vec!["Globex quarterly review"]),
    ] {
        let found = workspace.data("GET", &format!("/v2/meetings?{query}"), Value::Null);
        assert_eq!(titles(&found), expected, "{query}");
    }
}

#[test]
fn days_begin_and_end_in_the_time_zone_that_is_asked_for_and_hours_where_they_are() {
    let mut workspace = Workspace::new();
    let mut fair = meeting("", "", json!([guest("jane@acme.com")]));
    fair["data"]["title"] = json!("Fair");
    fair["data"]["is_all_day"] = json!(true);
    fair["data"]["start"] = json!({"date": "2026-07-10"});
    fair["data"]["end"] = json!({"date": "2026-07-11"});
    workspace.data("POST", "/v2/meetings", fair);
    let talk = meeting("2026-07-10T00:00:00Z", "2026-07-11T00:00:00Z", json!([guest("jane@acme.com")]));
    workspace.data("POST", "/v2/meetings", talk);
    for (zone, starts, ends) in [
        ("", "2026-07-10T00:00:00Z", "2026-07-11T00:00:00Z"),
        ("UTC", "2026-07-10T00:00:00Z", "2026-07-11T00:00:00Z"),
        ("Europe/Berlin", "2026-07-09T22:00:00Z", "2026-07-10T22:00:00Z"),
        ("Asia/Tokyo", "2026-07-09T15:00:00Z", "2026-07-10T15:00:00Z"),
        ("Asia/Kolkata", "2026-07-09T18:30:00Z", "2026-07-10T18:30:00Z"),
        ("America/New_York", "2026-07-10T04:00:00Z", "2026-07-11T04:00:00Z"),
    ] {
        let zone = if zone.is_empty() { String::new() } else { format!("&timezone={zone}") };
        let mut has = |bound: &str, at: &str, after: &str, title: &str| {
            let at: jiff::Timestamp = at.parse().unwrap();
            let at = at + after.parse::<jiff::SignedDuration>().unwrap();
            let list = workspace.data("GET", &format!("/v2/meetings?{bound}={at}{zone}"), Value::Null);
            titles(&list).contains(&title)
        };
        assert!(!has("starts_before", starts, "PT0S", "Fair"), "{zone}: starts, which does not count");
        assert!(has("starts_before", starts, "PT1S", "Fair"), "{zone}: has started");
        assert!(has("ends_from", ends, "PT0S", "Fair"), "{zone}: ends, which counts");
        assert!(!has("ends_from", ends, "PT1S", "Fair"), "{zone}: has ended");
        assert!(!has("starts_before", "2026-07-10T00:00:00Z", "PT0S", "Talk"), "{zone}");
        assert!(has("ends_from", "2026-07-11T00:00:00Z", "PT0S", "Talk"), "{zone}");
        assert!(!has("ends_from", "2026-07-11T00:00:00Z", "PT1S", "Talk"), "{zone}");
    }
    for zone in ["Mars/Olympus", "Berlin", "+02:00", ""] {
        let zone = format!("/v2/meetings?timezone={}", zone.replace('+', "%2B"));
        workspace.refused("GET", &zone, Value::Null, 400, "validation_type");
    }
}

#[test]
fn a_cursor_holds_while_meetings_come_and_go() {
    let mut workspace = Workspace::new();
    let mut made = Vec::new();
    for hour in 10..16 {
        let body = meeting(
            &format!("2026-07-01T{hour}:00:00Z"),
            &format!("2026-07-01T{hour}:30:00Z"),
            json!([guest("jane@acme.com")]),
        );
        made.push(
            workspace.data("POST", "/v2/meetings", body)["id"]["meeting_id"].as_str().unwrap().to_owned(),
        );
    }
    let first = "/v2/meetings?limit=3&ends_from=2026-07-01T00:00:00Z&starts_before=2026-07-02T00:00:00Z";
    let (_, page) = workspace.call("GET", first, Value::Null);
    let cursor = page["pagination"]["next_cursor"].as_str().unwrap().replace('+', "%2B");
    workspace.data("DELETE", &format!("/v2/meetings/{}", made[2]), Value::Null);
    let (_, page) = workspace.call("GET", &format!("{first}&cursor={cursor}"), Value::Null);
    let rest: Vec<&str> = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"]["meeting_id"].as_str().unwrap())
        .collect();
    assert_eq!(rest, made[3..]);
}

#[test]
fn links_are_added_replaced_and_lost_with_their_records() {
    let mut workspace = Workspace::new();
    let body = meeting(
        "2026-07-01T10:00:00Z",
        "2026-07-01T11:00:00Z",
        json!([{"name": "By phone", "is_organizer": true, "status": "accepted"}]),
    );
    let made = workspace.data("POST", "/v2/meetings", body);
    assert_eq!(
        (&made["linked_records"], &made["participants"][0]["email_address"]),
        (&json!([]), &Value::Null)
    );
    let path = format!("/v2/meetings/{}", made["id"]["meeting_id"].as_str().unwrap());
    let (one, two) = (workspace.create("companies", json!({})), workspace.create("companies", json!({})));
    let link = |id: &str| json!({"data": {"linked_records": [{"object": "companies", "record_id": id}]}});
    workspace.data("PATCH", &path, link(&one));
    workspace.data("PATCH", &path, link(&two));
    let both = workspace.data("PATCH", &path, link(&one));
    assert_eq!(both["linked_records"].as_array().unwrap().len(), 2);
    workspace.data("DELETE", &format!("/v2/objects/companies/records/{one}"), Value::Null);
    let left = workspace.data("GET", &path, Value::Null);
    assert_eq!(left["linked_records"][0]["record_id"], two.as_str());
    let none = workspace.data("PUT", &path, json!({"data": {"linked_records": []}}));
    assert_eq!(none["linked_records"], json!([]));
}

#[test]
fn a_meeting_from_a_calendar_cannot_be_deleted_and_others_take_their_recordings_along() {
    let mut workspace = Workspace::new();
    let seeded = workspace.data("GET", "/v2/meetings", Value::Null);
    let path = |one: &Value| format!("/v2/meetings/{}", one["id"]["meeting_id"].as_str().unwrap());
    workspace.refused("DELETE", &path(&seeded[1]), Value::Null, 400, "system_edit_unauthorized");
    let recordings = format!("{}/call_recordings", path(&seeded[0]));
    let recording = workspace.data("GET", &recordings, Value::Null)[0].clone();
    let one = format!("{recordings}/{}", recording["id"]["call_recording_id"].as_str().unwrap());
    let raw = workspace.data("GET", &one, Value::Null)["transcript"]["raw_transcript"].clone();
    assert!(raw.as_str().unwrap().starts_with("[00:00] Ada Archer: Thanks"), "{raw}");

    let jane = id(&workspace.find("people", json!({"email_addresses": "jane@acme.com"})));
    let note = json!({"data": {"parent_object": "people", "parent_record_id": jane, "title": "T", "format": "plaintext",
        "content": "x", "meeting_id": seeded[0]["id"]["meeting_id"]}});
    let note = workspace.data("POST", "/v2/notes", note);
    assert_eq!(note["meeting_id"], seeded[0]["id"]["meeting_id"]);
    workspace.data("DELETE", &path(&seeded[0]), Value::Null);
    workspace.refused("GET", &one, Value::Null, 404, "not_found");
    let note = format!("/v2/notes/{}", note["id"]["note_id"].as_str().unwrap());
    assert_eq!(workspace.data("GET", &note, Value::Null)["meeting_id"], Value::Null);
}
