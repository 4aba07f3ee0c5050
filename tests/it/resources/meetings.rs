//! Meetings, participants and recordings.

use super::{field, planned};
use crate::common::{NOTHING, Place, Recorder};
use serde_json::json;

const LUNCH: [&str; 8] = [
    "meetings",
    "create",
    "--title",
    "Lunch",
    "--start",
    "2027-01-31T12:00:00+01:00",
    "--end",
    "2027-01-31T12:00:00Z",
];

#[test]
fn a_meeting_is_nested_as_attio_has_it() {
    let acme = field(&Place::new(), &["get-company", "acme.com"], "record_id");
    let guests = [
        "--organizer",
        "ada@example.com",
        "--participant",
        "ada@example.com",
        "--participant",
        "jane@acme.com",
    ];
    let more = [
        "--timezone",
        "Europe/Berlin",
        "--record",
        "acme.com",
        "--description",
        "Noodles",
        "--external-ref",
        "lunch-1",
    ];
    assert_eq!(
        planned(&[&LUNCH[..], &guests, &more].concat())["body"],
        json!({"data": {"title": "Lunch", "description": "Noodles", "is_all_day": false,
            "start": {"datetime": "2027-01-31T11:00:00Z", "timezone": "Europe/Berlin"},
            "end": {"datetime": "2027-01-31T12:00:00Z", "timezone": "Europe/Berlin"},
            "participants": [
                {"email_address": "ada@example.com", "is_organizer": true, "status": "accepted"},
                {"email_address": "jane@acme.com", "is_organizer": false, "status": "pending"}],
            "linked_records": [{"object": "companies", "record_id": acme}], "external_ref": "lunch-1"}})
    );
}

#[test]
fn days_make_a_meeting_of_whole_days() {
    let days = ["meetings", "create", "--title", "Fair", "--start", "2027-02-01", "--end", "2027-02-03"];
    let data = planned(&[&days[..], &["--participant", "jane@acme.com"]].concat())["body"]["data"].take();
    assert_eq!((&data["start"], &data["is_all_day"]), (&json!({"date": "2027-02-01"}), &json!(true)));
    assert_eq!(data["description"], "");
    let place = Place::new();
    let mixed = [&days[..7], &["2027-02-03T10:00:00Z", "--participant", "jane@acme.com"]].concat();
    place.sandbox(&mixed).error(2);
    let error = place.sandbox(&days).error(2);
    assert!(error["message"].as_str().unwrap().contains("--participant"), "{error}");
}

#[test]
fn a_meeting_from_beginning_to_end() {
    let place = Place::new();
    let id = place.sandbox(&[&LUNCH[..], &["--participant", "jane@acme.com", "-o", "ids"]].concat()).stdout;
    let id = id.trim();
    let objects = |args: &[&str]| -> Vec<String> {
        let linked = field(&place, &[&["meetings"], args].concat(), "linked_records");
        linked
            .as_array()
            .unwrap()
            .iter()
            .map(|link| link["object_slug"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(objects(&["get", id]), ["people", "companies"], "hers comes with her");
    let deal = "deals:name:Globex renewal";
    assert_eq!(objects(&["update", id, "--record", deal]), ["people", "companies", "deals"]);
    assert_eq!(objects(&["replace", id, "--record", deal]), ["deals"]);
    place.sandbox(&["meetings", "update", id]).error(2);
    let found =
        ["meetings", "list", "--participant", "jane@acme.com", "--ends-from", "2027-01-01", "-o", "ids"];
    assert_eq!(place.sandbox(&found).stdout.trim(), id);
    assert_eq!(
        place.sandbox(&["meetings", "delete", id, "--yes"]).json(),
        json!({"meeting_id": id, "deleted": true})
    );
}

#[test]
fn a_list_of_meetings_takes_several_participants() {
    let (place, server) = (Place::new(), Recorder::new(&[]));
    let list = [
        "meetings",
        "list",
        "--participant",
        "a@b.example",
        "--participant",
        "c@d.example",
        "--sort",
        "start_desc",
        "--starts-before",
        "2027-01-31",
        "--limit",
        "5",
    ];
    place.against(&server.base_url, &list).json();
    let query = "participants=a%40b.example%2Cc%40d.example&sort=start_desc&starts_before=2027-01-31&limit=5";
    assert_eq!(server.calls(), [format!("GET /v2/meetings?{query}")]);
}

#[test]
fn a_recording_from_beginning_to_end() {
    let place = Place::new();
    let meeting =
        place.sandbox(&[&LUNCH[..], &["--participant", "jane@acme.com", "-o", "ids"]].concat()).stdout;
    let meeting = meeting.trim();
    let said = r#"[{"speech": "Soup?", "start_time": 0, "end_time": 1.5, "speaker": {"name": "Ada"}}]"#;
    place.sandbox(&["recordings", "create", meeting]).error(2);
    let id = place.sandbox(&["recordings", "create", meeting, "--transcript", said, "-o", "ids"]).stdout;
    let id = id.trim();
    assert_eq!(place.sandbox(&["recordings", "list", meeting, "-o", "ids"]).stdout.trim(), id);
    for (verb, path) in [("get", "/segments/0/speech"), ("transcript", "/0/speech")] {
        let transcript = field(&place, &["recordings", verb, meeting, id], "transcript");
        assert_eq!(transcript.pointer(path), Some(&json!("Soup?")), "{verb}");
    }
    assert_eq!(
        place.sandbox(&["recordings", "delete", meeting, id, "--yes"]).json(),
        json!({"call_recording_id": id, "deleted": true})
    );
    place.sandbox(&["recordings", "get", meeting, id]).error(3);
    let video = ["recordings", "create", NOTHING, "--video-url", "https://example.com/a.mp4"];
    assert_eq!(planned(&video)["body"], json!({"data": {"video_url": "https://example.com/a.mp4"}}));
}
