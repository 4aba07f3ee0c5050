//! What the attributes of a workspace may hold: shown, remembered, and read anew when it matters.

use crate::common::{KEY, Place, Recorder, Run};
use serde_json::{Value, json};
use std::path::PathBuf;

fn named<'v>(rows: &'v Value, slug: &str) -> &'v Value {
    rows.as_array()
        .unwrap()
        .iter()
        .find(|row| row["slug"] == slug)
        .unwrap_or_else(|| panic!("{slug}: {rows}"))
}

#[test]
fn attributes_of_objects_and_lists_are_listed() {
    let place = Place::new();
    let deals = place.sandbox(&["list-attributes", "deals"]).json();
    assert_eq!(
        named(&deals, "stage"),
        &json!({"slug": "stage", "title": "Deal stage", "type": "status", "required": true, "unique": false,
            "multi": false, "writable": true, "currency": null, "objects": null,
            "options": ["Lead", "In Progress", "Won 🎉", "Lost"]})
    );
    assert_eq!(named(&deals, "value")["currency"], "USD");
    assert_eq!(named(&deals, "associated_people")["objects"], json!(["people"]));
    assert_eq!(named(&deals, "created_at")["writable"], false);
    let list = place.sandbox(&["list-attributes", "partners"]).json();
    assert_eq!(named(&list, "region")["options"], json!(["Americas", "Europe", "Asia Pacific"]));
    let error = place.sandbox(&["list-attributes", "nonsense"]).error(3);
    assert!(error["message"].as_str().unwrap().contains("nonsense"), "{error}");
    assert_eq!(place.sandbox(&["list-attributes", "../deals"]).code, 2);
}

/// A workspace over HTTP, whose definitions one place keeps.
struct Kept {
    server: Recorder,
    place: Place,
}

impl Kept {
    fn new() -> Self {
        Self { server: Recorder::new(&[]), place: Place::new() }
    }

    fn run(&self, args: &[&str]) -> Run {
        self.place.against(&self.server.base_url, args)
    }

    /// How often the attributes of deals were fetched.
    fn fetched(&self) -> usize {
        let lists = |call: &&String| call.starts_with("GET /v2/objects/deals/attributes?");
        self.server.calls().iter().filter(lists).count()
    }

    fn file(&self) -> PathBuf {
        let folders = std::fs::read_dir(self.place.state().join("cache")).unwrap();
        let folders: Vec<PathBuf> = folders.map(|folder| folder.unwrap().path()).collect();
        assert_eq!(folders.len(), 1);
        folders[0].join("objects-deals.json")
    }
}

#[test]
fn definitions_are_kept_for_an_hour() {
    let kept = Kept::new();
    let first = kept.run(&["list-attributes", "deals"]).json();
    let calls = kept.server.calls().len();
    assert_eq!(kept.run(&["list-attributes", "deals"]).json(), first);
    assert_eq!(kept.server.calls().len(), calls, "{:?}", kept.server.calls());
    kept.run(&["list-attributes", "deals", "--refresh"]).json();
    assert_eq!(kept.fetched(), 2);
    let text = std::fs::read_to_string(kept.file()).unwrap();
    let mut old: Value = serde_json::from_str(&text).unwrap();
    assert!(!text.contains(KEY));
    old["fetched_at"] = json!((jiff::Timestamp::now() - jiff::SignedDuration::from_mins(61)).to_string());
    std::fs::write(kept.file(), old.to_string()).unwrap();
    kept.run(&["list-attributes", "deals"]).json();
    assert_eq!(kept.fetched(), 3);
    for broken in ["", "{", "{\"fetched_at\":1}", "[]"] {
        std::fs::write(kept.file(), broken).unwrap();
        assert_eq!(kept.run(&["list-attributes", "deals"]).json(), first, "{broken}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&kept.file()), mode(kept.file().parent().unwrap())), (0o600, 0o700));
    }
}

#[test]
fn another_key_has_definitions_of_its_own() {
    let kept = Kept::new();
    kept.run(&["list-attributes", "deals"]).json();
    let mut command = kept.place.command(&["list-attributes", "deals"]);
    command.env("ATTIO_API_KEY", "another").env("ATTIO_BASE_URL", &kept.server.base_url);
    crate::common::finish(command, b"").json();
    assert_eq!(kept.fetched(), 2);
}
