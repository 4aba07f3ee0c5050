//! One normal form of an identity: whatever way it comes in, what goes out is the same.

use crate::common::Place;
use serde_json::{Value, json};

/// The body of the request that a write would send.
fn planned(place: &Place, args: &[&str]) -> Value {
    place.sandbox(&[args, &["--dry-run", "-o", "json"]].concat()).json()["body"].take()
}

const DOMAINS: [&str; 6] = [
    "zeta.example.com",
    "https://www.zeta.example.com/about?x=1",
    "WWW.Zeta.Example.com",
    "zeta.example.com.",
    "zeta.example.com:443",
    " zeta.example.com ",
];
const PHONES: [&str; 5] = [
    "+4930123456",
    "+49 (0)30 123456",
    "tel:+49-30-123456",
    "+49\u{a0}30\u{202f}123456",
    "+49 (30) 12-34.56",
];
const NAMES: [&str; 4] = ["Zeta Labs", " Zeta  Labs ", "Zeta\u{a0}Labs", "zeta LABS"];

#[test]
fn every_spelling_is_written_the_same() {
    let place = Place::new();
    for domain in DOMAINS {
        let set = format!("domains={domain}");
        for args in [["--domain", domain], ["--set", &set]] {
            let body = planned(&place, &[&["create-company", "Zeta"], &args[..]].concat());
            assert_eq!(
                body["data"]["values"]["domains"],
                json!([{"domain": "zeta.example.com"}]),
                "{args:?}"
            );
        }
    }
    for phone in PHONES {
        let set = format!("phone_numbers={phone}");
        for args in [["--phone", phone], ["--set", &set]] {
            let body = planned(&place, &[&["create-person", "z@example.com"], &args[..]].concat());
            let written = &body["data"]["values"]["phone_numbers"];
            assert_eq!(*written, json!([{"original_phone_number": "+4930123456"}]), "{args:?}");
        }
    }
}

#[test]
fn every_spelling_finds_what_was_written() {
    let place = Place::new();
    let company = ["create-company", "Zeta Labs", "--domain", "www.zeta.example.com", "-o", "ids"];
    let company = place.sandbox(&company).stdout;
    let person = ["create-person", "z@example.com", "--phone", PHONES[1], "-o", "ids"];
    let person = place.sandbox(&person).stdout;
    assert!(!company.is_empty() && !person.is_empty());
    let found = |args: &[&str], id: &str| {
        assert_eq!(place.sandbox(&[args, &["-o", "ids"]].concat()).stdout, id, "{args:?}");
    };
    for domain in DOMAINS {
        found(&["get-company", domain], &company);
        found(&["search-companies", domain], &company);
        found(&["search-companies", "--domain", domain], &company);
        found(&["search-companies", "--filter", &format!("domains={domain}")], &company);
        place.sandbox(&["create-company", "Other", "--domain", domain]).error(7);
    }
    for name in NAMES {
        found(&["get-company", name], &company);
        found(&["get-company", &format!("name:{name}")], &company);
        found(&["search-companies", name], &company);
        found(&["search-companies", "--filter", &format!("name={name}")], &company);
        place.sandbox(&["create-company", name]).error(7);
    }
    found(&["search-companies", "labs zet"], &company);
    for phone in PHONES {
        found(&["search-people", phone], &person);
        found(&["search-people", "--filter", &format!("phone_numbers={phone}")], &person);
    }
    for email in ["Z@Example.com", "mailto:z@example.com", " z@example.com "] {
        found(&["get-person", email], &person);
        found(&["search-people", "--email", email], &person);
        found(&["search-people", "--filter", &format!("email_addresses={email}")], &person);
        place.sandbox(&["create-person", email]).error(7);
    }
}

#[test]
fn what_is_no_identity_is_refused_everywhere() {
    let place = Place::new();
    for domain in ["linkedin.com", "https://linkedin.com/company/x", "gmail.com", "co.uk", "ze\u{200b}ta.com"]
    {
        let set = format!("domains={domain}");
        place.sandbox(&["create-company", "X", "--domain", domain]).error(2);
        place.sandbox(&["create-company", "X", "--set", &set]).error(2);
        place.sandbox(&["update-company", "acme.com", "--domain", domain]).error(2);
    }
    for phone in ["030 123456", "+49 30 123456 ext. 5", "+49 30 1 / +49 30 2"] {
        place.sandbox(&["create-person", "x@example.com", "--phone", phone]).error(2);
        place
            .sandbox(&["update-person", "jane@acme.com", "--set", &format!("phone_numbers={phone}")])
            .error(2);
    }
    for name in ["Samuel Miller, Jr.", "ann@acme.com", "Lee, Ann, PhD"] {
        place.sandbox(&["update-person", "jane@acme.com", "--set", &format!("name={name}")]).error(2);
    }
    for email in
        ["z@acme.com#x", "z@acme.com:25", "z@acme.com/contact", "z@acme.com?subject=Hi", "z\u{200b}@acme.com"]
    {
        place.sandbox(&["create-person", email]).error(2);
    }
    let error = place.sandbox(&["search-deals", "--stage", "Wno"]).error(2);
    assert_eq!(error["suggestions"], json!(["Won 🎉"]));
}

#[test]
fn days_are_the_callers() {
    let place = Place::new();
    let deadline = |zone: &str, text: &str| {
        let mut command = place.command(&["--sandbox", "tasks", "create", "--content", "Call", "--dry-run"]);
        command.args(["--deadline-at", text, "-o", "json"]).env("TZ", zone);
        crate::common::finish(command, b"").json()["body"]["data"]["deadline_at"].take()
    };
    for (zone, text, expected) in [
        ("UTC", "2026-12-01", "2026-12-01T23:59:59Z"),
        ("America/Los_Angeles", "2026-12-01", "2026-12-02T07:59:59Z"),
        ("Pacific/Auckland", "2026-12-01T17:00", "2026-12-01T04:00:00Z"),
        ("Pacific/Auckland", "2026-12-01T17:00:00Z", "2026-12-01T17:00:00Z"),
    ] {
        assert_eq!(deadline(zone, text), expected, "{zone} {text}");
    }
    for text in ["today", "Friday", "+3d", "tomorrow 9:00"] {
        let at: jiff::Timestamp = deadline("America/Los_Angeles", text).as_str().unwrap().parse().unwrap();
        assert!(at > jiff::Timestamp::now(), "{text}: {at}");
    }
}
