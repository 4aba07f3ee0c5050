//! Everyday jobs, each in as few commands as somebody would hope.

use crate::common::Place;
use serde_json::Value;

/// A place that counts what is typed in it.
struct Desk {
    place: Place,
    typed: std::cell::Cell<usize>,
}

impl Desk {
    fn new() -> Self {
        Self { place: Place::new(), typed: std::cell::Cell::new(0) }
    }

    fn run(&self, args: &[&str]) -> Value {
        self.typed.set(self.typed.get() + 1);
        self.place.sandbox(args).json()
    }

    fn used(&self, most: usize) {
        assert!(self.typed.get() <= most, "{} commands", self.typed.get());
    }
}

#[test]
fn the_latest_note_of_a_company_by_a_pasted_url() {
    let desk = Desk::new();
    let url = "https://app.attio.com/sandbox/company/3019a2d1-2570-5534-a9e7-8da4332321bb/overview";
    let notes = desk.run(&["list-notes", url, "--limit", "1"]);
    desk.used(1);
    let all = desk.run(&["list-notes", "acme.com", "--all"]);
    let newest =
        all.as_array().unwrap().iter().max_by_key(|note| note["created_at"].as_str().unwrap().to_owned());
    assert_eq!(&notes[0], newest.unwrap());
}

#[test]
fn deals_over_50_000_in_a_stage_by_owner_with_sums() {
    let desk = Desk::new();
    let filters = ["--filter", "value>50000", "--filter", "stage=In Progress"];
    let counted = desk
        .run(&[&["count", "deals"], &filters[..], &["--by", "owner", "--sum", "value", "--names"]].concat());
    desk.used(1);
    let deals = desk.run(&[&["search-deals"], &filters[..], &["--all"]].concat());
    let total: f64 = deals
        .as_array()
        .unwrap()
        .iter()
        .map(|deal| deal["values"]["value"]["amount"].as_f64().unwrap())
        .sum();
    let text = counted.to_string();
    assert!(text.contains("Ben Okoro") && text.contains("Ada Archer"), "{text}");
    let sums: f64 = sums(&counted).iter().sum();
    assert!((sums - total).abs() < 0.01 && total > 0.0, "{sums} of {total}: {text}");
}

/// Every amount anywhere in a value.
fn sums(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(sums).collect(),
        Value::Object(fields) => match fields.get("amount").and_then(Value::as_f64) {
            Some(amount) => vec![amount],
            None => fields.values().flat_map(sums).collect(),
        },
        _ => Vec::new(),
    }
}

#[test]
fn a_company_with_two_people_a_deal_and_a_note() {
    let desk = Desk::new();
    desk.run(&["create-company", "Zeta", "--domain", "zeta.example.com", "--upsert"]);
    for (address, name) in [("j@zeta.example.com", "J Q"), ("k@zeta.example.com", "K R")] {
        desk.run(&["create-person", address, "--name", name, "--company-id", "zeta.example.com", "--upsert"]);
    }
    desk.run(&[
        "create-deal",
        "Zeta pilot",
        "--stage",
        "Lead",
        "--company",
        "zeta.example.com",
        "--person",
        "j@zeta.example.com",
        "--person",
        "k@zeta.example.com",
    ]);
    desk.run(&["create-note", "zeta.example.com", "First call", "They want a quote."]);
    desk.used(5);
    let all = desk.run(&["get-company-summary", "zeta.example.com"]);
    for (part, count) in [("people", 2), ("deals", 1), ("notes", 1)] {
        assert_eq!(all[part]["items"].as_array().unwrap().len(), count, "{part}: {all}");
    }
}

#[test]
fn one_tag_off_and_another_on() {
    let desk = Desk::new();
    let shown =
        desk.run(&["update-company", "acme.com", "--set", "categories=SaaS", "--remove", "categories=B2B"]);
    desk.used(1);
    let tags = shown["values"]["categories"].as_array().unwrap();
    assert!(
        tags.contains(&"SaaS".into())
            && tags.contains(&"Manufacturing".into())
            && !tags.contains(&"B2B".into())
    );
}

#[test]
fn a_task_for_friday_for_a_colleague() {
    let desk = Desk::new();
    let task = desk.run(&[
        "create-task",
        "acme.com",
        "Send the offer",
        "--due",
        "friday",
        "--assignee",
        "ben",
        "--names",
    ]);
    desk.used(1);
    assert_eq!(task["assignees"][0]["name"], "Ben Okoro");
    assert!(task["deadline_at"].is_string() && task["linked_records"][0].is_object(), "{task}");
}

#[test]
fn who_is_in_a_stage_of_a_list() {
    let desk = Desk::new();
    let rows = desk.run(&[
        "entries",
        "query",
        "sales_pipeline",
        "--filter",
        "stage=Contacted",
        "--fields",
        "parent_name,stage",
    ]);
    desk.used(1);
    let rows = rows.as_array().unwrap();
    assert!(
        !rows.is_empty()
            && rows.iter().all(|row| row["stage"] == "Contacted" && row["parent_name"].is_string())
    );
}

#[test]
fn how_many_people_lack_a_job_title() {
    let desk = Desk::new();
    let counted = desk.run(&["count", "people", "--filter", "!job_title?"]);
    desk.used(1);
    let all = desk.run(&["records", "query", "people", "--all"]);
    let lack = all.as_array().unwrap().iter().filter(|row| row["values"].get("job_title").is_none()).count();
    assert_eq!(counted["count"], lack);
}

#[test]
fn a_reply_in_a_thread() {
    let desk = Desk::new();
    let threads = desk.run(&["threads", "list", "--record", "acme.com"]);
    let thread = threads[0]["thread_id"].as_str().unwrap();
    let said =
        desk.run(&["comments", "create", "--thread-id", thread, "--author", "me", "--content", "I do."]);
    desk.used(2);
    assert_eq!(said["thread_id"], thread);
}
