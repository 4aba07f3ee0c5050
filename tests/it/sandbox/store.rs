//! The file of the sandbox: what it keeps, who may use it at once, and what happens when something else lies there.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use attio_crm::sandbox::{Failure, Sandbox};
use serde_json::{Value, json};

use super::workspace::request;

const RECORDS: &str = "/v2/objects/companies/records";

fn count(sandbox: &Sandbox) -> usize {
    let response = sandbox.handle(&request("POST", &format!("{RECORDS}/query"), &json!({})));
    serde_json::from_slice::<Value>(response.body()).unwrap()["data"].as_array().unwrap().len()
}

fn create(sandbox: &Sandbox, values: &Value) -> u16 {
    sandbox.handle(&request("POST", RECORDS, &json!({"data": {"values": values}}))).status().as_u16()
}

fn refusal(sandbox: &Sandbox) -> Failure {
    sandbox.try_handle(&request("GET", "/v2/objects", &Value::Null)).unwrap_err()
}

#[test]
fn several_threads_on_one_file_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/state");
    let shared = Arc::new(Sandbox::open(&file));
    std::thread::scope(|scope| {
        for n in 0..20 {
            let (shared, file) = (Arc::clone(&shared), file.clone());
            // Half of them share a store, half come with their own, as processes do.
            scope.spawn(move || {
                let own = Sandbox::open(file);
                let sandbox = if n % 2 == 0 { &*shared } else { &own };
                assert_eq!(create(sandbox, &json!({"name": format!("Parallel {n}")})), 200);
            });
        }
    });
    assert_eq!(count(&shared), 46);
}

#[test]
fn a_long_lived_store_sees_what_others_write_and_that_they_reset_or_remove_it() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (Sandbox::open(folder.path().join("s")), Sandbox::open(folder.path().join("s")));
    assert_eq!(count(&one), 26);
    assert_eq!(create(&two, &json!({})), 200);
    assert_eq!(count(&one), 27);
    let option = json!({"data": {"title": "Wood"}});
    let path = "/v2/objects/companies/attributes/categories/options";
    assert_eq!(two.handle(&request("POST", path, &option)).status(), 200);
    assert_eq!(create(&one, &json!({"categories": ["Wood"]})), 200, "the schema is seen, too");
    two.reset().unwrap();
    assert_eq!(count(&one), 26);
    assert_eq!(create(&one, &json!({"categories": ["Wood"]})), 400);
    assert_eq!(create(&two, &json!({})), 200);
    for beside in ["s", "s-wal", "s-shm"] {
        std::fs::remove_file(folder.path().join(beside)).unwrap();
    }
    assert_eq!(count(&one), 26);
}

#[test]
fn a_refused_write_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(folder.path().join("s"));
    let meeting = |participants: &[&str]| {
        let participants: Vec<Value> = participants
            .iter()
            .map(|email| json!({"email_address": email, "is_organizer": false, "status": "accepted"}))
            .collect();
        json!({"data": {"title": "T", "description": "D", "is_all_day": false, "participants": participants,
            "start": {"datetime": "2026-03-01T10:00:00Z"}, "end": {"datetime": "2026-03-01T11:00:00Z"},
            "linked_records": [], "external_ref": "x"}})
    };
    let people = |sandbox: &Sandbox| {
        let body = json!({"filter": {"email_addresses": {"$ends_with": "@meeting.example.com"}}});
        let response = sandbox.handle(&request("POST", "/v2/objects/people/records/query", &body));
        serde_json::from_slice::<Value>(response.body()).unwrap()["data"].as_array().unwrap().len()
    };
    let good = meeting(&["one@meeting.example.com"]);
    assert_eq!(sandbox.handle(&request("POST", "/v2/meetings", &good)).status(), 200);
    assert_eq!((people(&sandbox), count(&sandbox)), (1, 27), "a person and a company follow from it");
    let bad = meeting(&["two@meeting.example.com", "no address"]);
    assert_eq!(sandbox.handle(&request("POST", "/v2/meetings", &bad)).status(), 400);
    assert_eq!((people(&sandbox), count(&sandbox)), (1, 27));
    assert_eq!(create(&sandbox, &json!({"domains": ["acme.com"]})), 400);
    assert_eq!(create(&sandbox, &json!({"domains": ["fresh.example.com"]})), 200);
    assert_eq!(count(&sandbox), 28);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_file_or_what_lies_beside_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(folder.path().join("private/s"));
    create(&sandbox, &json!({}));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("private")), 0o700);
    for name in ["s", "s-wal", "s-shm"] {
        assert_eq!(mode(&folder.path().join("private").join(name)), 0o600, "{name}");
    }
}

#[test]
fn one_file_is_left_when_everybody_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(folder.path().join("s"));
    create(&sandbox, &json!({}));
    drop(sandbox);
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["s"]);
}

#[test]
fn what_is_damaged_is_named_not_overwritten_and_mended_by_a_reset() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(folder.path().join("s"));
    sandbox.reset().unwrap();
    let whole = std::fs::read(sandbox.file()).unwrap();
    let mut overwritten = whole.clone();
    overwritten[100..4096].fill(b'x');
    let mut later = whole.clone();
    later[63] = 3; // PRAGMA user_version
    for content in [b"garbage".to_vec(), overwritten, whole[..8192].to_vec(), later] {
        drop(sandbox.try_handle(&request("GET", "/v2/nothing", &Value::Null)));
        std::fs::remove_file(sandbox.file()).unwrap();
        std::fs::write(sandbox.file(), &content).unwrap();
        let failure = refusal(&sandbox);
        assert!(failure.why.starts_with(&format!("{}: it ", sandbox.file().display())), "{failure}");
        assert_eq!(failure.hint, "attio-crm sandbox reset starts it afresh");
        let answer = sandbox.handle(&request("GET", "/v2/objects", &Value::Null));
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!((answer.status().as_u16(), &body["message"]), (500, &json!(format!("{failure}."))));
        assert_eq!(std::fs::read(sandbox.file()).unwrap(), content);
        sandbox.reset().unwrap();
        assert_eq!(count(&sandbox), 26);
    }
}

#[test]
fn what_lies_beside_the_file_may_be_damaged_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s");
    for beside in ["s-wal", "s-shm"] {
        let beside = folder.path().join(beside);
        Sandbox::open(&file).reset().unwrap();
        std::fs::write(&beside, "garbage").unwrap();
        assert_eq!(count(&Sandbox::open(&file)), 26, "garbage is no transaction");
        std::fs::create_dir(&beside).unwrap();
        assert_eq!(refusal(&Sandbox::open(&file)).hint, "attio-crm sandbox reset starts it afresh");
        Sandbox::open(&file).reset().unwrap();
        assert_eq!(count(&Sandbox::open(&file)), 26);
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_of_ours_is_left_alone_by_everything() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s");
    let (target, stranger) = (folder.path().join("target"), folder.path().join("stranger"));
    std::fs::write(&target, "").unwrap();
    // A database of another program.
    drop(Sandbox::open(&stranger).reset());
    let mut bytes = std::fs::read(&stranger).unwrap();
    bytes[68..72].fill(0); // PRAGMA application_id
    for what in ["pipe", "folder", "link", "stranger"] {
        match what {
            "pipe" => assert!(Command::new("mkfifo").arg(&file).status().unwrap().success()),
            "folder" => std::fs::create_dir(&file).unwrap(),
            "link" => std::os::unix::fs::symlink(&target, &file).unwrap(),
            _ => std::fs::write(&file, &bytes).unwrap(),
        }
        let sandbox = Sandbox::open(&file);
        for failure in [refusal(&sandbox), sandbox.reset().unwrap_err()] {
            let hint = "move it out of the way, or name another folder with ATTIO_STATE_DIR";
            assert_eq!(failure.hint, hint, "{what}");
        }
        drop(std::fs::remove_dir(&file).or_else(|_| std::fs::remove_file(&file)));
    }
    assert_eq!(std::fs::read(&target).unwrap(), b"");
}

#[test]
fn a_folder_that_cannot_be_made_is_said_and_where_else_to_go() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let sandbox = Sandbox::open(folder.path().join("file/s"));
    for failure in [refusal(&sandbox), sandbox.reset().unwrap_err()] {
        assert_eq!(failure.hint, "name a folder that can be written with ATTIO_STATE_DIR", "{failure}");
    }
}

#[test]
fn another_process_that_never_ends_its_write_is_not_waited_for_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(folder.path().join("s")).waiting(Duration::from_millis(50));
    assert_eq!(count(&sandbox), 26);
    let other = rusqlite::Connection::open(sandbox.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(count(&sandbox), 26, "readers wait for nobody");
    let failure =
        sandbox.try_handle(&request("POST", RECORDS, &json!({"data": {"values": {}}}))).unwrap_err();
    assert!(failure.why.ends_with("s: it is locked by another process"), "{failure}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(create(&sandbox, &json!({})), 200);
}
