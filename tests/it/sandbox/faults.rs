//! What the sandbox says is wrong with a body: words, keys, and the number of the status.

use serde_json::{Value, json};

use super::workspace::Workspace;

const RECORD: &str = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

/// A body with a word of a closed vocabulary, where the word is in it, and the vocabulary.
fn vocabularies(
    workspace: &mut Workspace,
) -> Vec<(&'static str, &'static str, Value, &'static str, Vec<&'static str>)> {
    let ada =
        workspace.data("GET", "/v2/workspace_members", Value::Null)[0]["id"]["workspace_member_id"].clone();
    let access = ["full-access", "read-and-write", "read-only"];
    let list = json!({"data": {"name": "L", "api_slug": "l", "parent_object": "people",
        "workspace_access": "full-access",
        "workspace_member_access": [{"workspace_member_id": ada, "level": "read-only"}]}});
    let attribute = json!({"data": {"title": "T", "description": null, "api_slug": "t", "type": "currency",
        "is_required": false, "is_unique": false, "is_multiselect": false, "config": {}}});
    let note = json!({"data": {"parent_object": "people", "parent_record_id": RECORD, "title": "T",
        "format": "plaintext", "content": "C"}});
    let task = json!({"data": {"content": "C", "format": "plaintext", "deadline_at": null, "is_completed": false,
        "linked_records": [], "assignees": []}});
    let comment = json!({"data": {"format": "plaintext", "content": "C",
        "author": {"type": "workspace-member", "id": ada}, "thread_id": RECORD}});
    let meeting = json!({"data": {"title": "T", "description": "", "is_all_day": true,
        "start": {"date": "2026-01-01"}, "end": {"date": "2026-01-02"},
        "participants": [{"email_address": "a@b.com", "is_organizer": true, "status": "accepted"}]}});
    let webhook = json!({"data": {"target_url": "https://example.com", "subscriptions": [
        {"event_type": "note.created",
            "filter": {"$and": [{"field": "id.list_id", "operator": "equals", "value": RECORD}]}}]}});
    let folder = json!({"file_type": "folder", "object": "people", "record_id": RECORD, "name": "F"});
    vec![
        ("POST", "/v2/lists", list.clone(), "/data/workspace_access", access.into()),
        ("POST", "/v2/lists", list, "/data/workspace_member_access/0/level", access.into()),
        ("POST", "/v2/objects/people/attributes", attribute, "/data/type", vec!["text", "number"]),
        ("POST", "/v2/notes", note, "/data/format", vec!["plaintext", "markdown"]),
        ("POST", "/v2/tasks", task, "/data/format", vec!["plaintext"]),
        ("POST", "/v2/comments", comment.clone(), "/data/format", vec!["plaintext"]),
        ("POST", "/v2/comments", comment, "/data/author/type", vec!["workspace-member"]),
        (
            "POST",
            "/v2/meetings",
            meeting,
            "/data/participants/0/status",
            vec!["accepted", "tentative", "declined", "pending"],
        ),
        ("POST", "/v2/webhooks", webhook.clone(), "/data/subscriptions/0/event_type", vec![]),
        (
            "POST",
            "/v2/webhooks",
            webhook,
            "/data/subscriptions/0/filter/$and/0/operator",
            vec!["equals", "not_equals"],
        ),
        ("POST", "/v2/files", folder, "/file_type", vec!["folder", "connected-file", "connected-folder"]),
    ]
}

#[test]
fn a_word_that_is_none_of_those_allowed_is_answered_with_those() {
    let mut workspace = Workspace::new();
    for (method, path, body, pointer, options) in vocabularies(&mut workspace) {
        let at: Vec<Value> = pointer
            .split('/')
            .skip(1)
            .map(|part| part.parse::<u64>().map_or_else(|_| json!(part), |index| json!(index)))
            .collect();
        let mut fault = |body: &Value| {
            let error = workspace.refused(method, path, body.clone(), 400, "validation_type");
            let faults = error["validation_errors"].as_array().unwrap().clone();
            faults.into_iter().find(|fault| fault["path"] == json!(at)).unwrap_or_else(|| panic!("{error}"))
        };
        let mut wrong = body.clone();
        *wrong.pointer_mut(pointer).unwrap() = json!("Zz");
        let wrong_word = fault(&wrong);
        assert_eq!((&wrong_word["code"], &wrong_word["received"]), (&json!("invalid_option"), &json!("Zz")));
        let allowed = wrong_word["options"].as_array().unwrap_or_else(|| panic!("{wrong_word}"));
        let allowed: Vec<&str> = allowed.iter().map(|word| word.as_str().unwrap()).collect();
        assert!(!allowed.is_empty() && options.iter().all(|option| allowed.contains(option)), "{wrong_word}");
        let expected = allowed.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" | ");

        *wrong.pointer_mut(pointer).unwrap() = json!(5);
        let wrong_type = fault(&wrong);
        let of =
            |fault: &Value| (fault["code"].clone(), fault["expected"].clone(), fault["received"].clone());
        assert_eq!(
            of(&wrong_type),
            (json!("invalid_type"), json!(expected), json!("number")),
            "{wrong_type}"
        );

        let (parent, key) = pointer.rsplit_once('/').unwrap();
        wrong.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        let missing = fault(&wrong);
        assert_eq!(of(&missing), (json!("invalid_type"), json!(expected), json!("undefined")), "{missing}");
        assert_eq!(missing["message"], "Required");
    }
    for (path, name, options) in [
        ("/v2/meetings", "sort", json!(["start_asc", "start_desc"])),
        (
            "/v2/tasks",
            "sort",
            json!(["created_at:asc", "created_at:desc", "completed_at:asc", "completed_at:desc"]),
        ),
        (
            &format!("/v2/files?object=people&record_id={RECORD}"),
            "storage_provider",
            json!(["attio", "dropbox", "box", "google-drive", "microsoft-onedrive"]),
        ),
    ] {
        let and = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{and}{name}=Zz");
        let error = workspace.refused("GET", &path, Value::Null, 400, "validation_type");
        let fault = &error["validation_errors"][0];
        assert_eq!(
            (&fault["path"], &fault["options"], &fault["code"]),
            (&json!([name]), &options, &json!("invalid_option"))
        );
    }
    let nowhere = json!({"line_1": null, "line_2": null, "line_3": null, "line_4": null, "locality": null,
        "region": null, "postcode": null, "country_code": "XX", "latitude": null, "longitude": null});
    let body = json!({"data": {"values": {"primary_location": nowhere}}});
    let error = workspace.refused("POST", "/v2/objects/people/records", body, 400, "validation_type");
    let fault = &error["validation_errors"][0];
    assert_eq!((&fault["path"], &fault["received"]), (&json!(["country_code"]), &json!("XX")));
    assert!(fault["options"].as_array().unwrap().contains(&json!("DE")), "{fault}");
    let currency = json!({"data": {"title": "T", "description": null, "api_slug": "t", "type": "currency",
        "is_required": false, "is_unique": false, "is_multiselect": false,
        "config": {"currency": {"default_currency_code": "ABC", "display_type": "dots"}}}});
    let error = workspace.refused("POST", "/v2/objects/people/attributes", currency, 400, "validation_type");
    for fault in error["validation_errors"].as_array().unwrap() {
        assert_eq!(fault["code"], "invalid_option");
        assert!(fault["options"].as_array().unwrap().len() > 3, "{fault}");
    }
}

#[test]
fn a_bad_comment_or_meeting_has_its_status_under_both_names() {
    let mut workspace = Workspace::new();
    for (path, body) in [
        ("/v2/comments", json!({})),
        (
            "/v2/comments",
            json!({"data": {"format": "plaintext", "content": "C", "thread_id": RECORD,
            "author": {"type": "workspace-member", "id": RECORD}}}),
        ),
        ("/v2/meetings", json!({})),
        (
            "/v2/meetings",
            json!({"data": {"title": "T", "description": "", "is_all_day": true,
            "start": {"date": "2026-01-01"}, "end": {"date": "2026-01-02"}, "participants": []}}),
        ),
    ] {
        let (status, error) = workspace.call("POST", path, body);
        assert_eq!(
            (status, &error["status_code"], &error["statusCode"]),
            (400, &json!(400), &json!(400)),
            "{path}"
        );
    }
    let (_, other) = workspace.call("POST", "/v2/notes", json!({}));
    assert_eq!((&other["status_code"], other.get("statusCode")), (&json!(400), None));
}

/// An accepted request of every route with a body, and whether Attio's document closes its `data`.
fn bodies(workspace: &mut Workspace) -> Vec<(&'static str, String, Value, bool)> {
    let record = |workspace: &mut Workspace, object: &str, filter: Value| {
        workspace.find(object, filter)["id"]["record_id"].as_str().unwrap().to_owned()
    };
    let acme = record(workspace, "companies", json!({"domains": "acme.com"}));
    let jane = record(workspace, "people", json!({"email_addresses": "jane@acme.com"}));
    let first = |workspace: &mut Workspace, path: &str, id: &str| {
        workspace.data("GET", path, Value::Null)[0]["id"][id].as_str().unwrap().to_owned()
    };
    let (ada, task) = (
        first(workspace, "/v2/workspace_members", "workspace_member_id"),
        first(workspace, "/v2/tasks", "task_id"),
    );
    let (note, meeting) =
        (first(workspace, "/v2/notes", "note_id"), first(workspace, "/v2/meetings", "meeting_id"));
    let entry =
        workspace.data("POST", "/v2/lists/partners/entries/query", json!({}))[0]["id"]["entry_id"].clone();
    let entry = format!("/v2/lists/partners/entries/{}", entry.as_str().unwrap());
    let values = json!({"values": {"name": "Acme", "domains": ["acme.com"]}});
    let own = json!({"title": "T", "description": null, "api_slug": "t", "type": "text", "is_required": false,
        "is_unique": false, "is_multiselect": false, "config": {}});
    let entries = "/v2/lists/partners/entries".to_owned();
    let parent = json!({"parent_object": "companies", "parent_record_id": acme, "entry_values": {}});
    let links = json!({"linked_records": [{"object": "companies", "record_id": acme}]});
    let topic = json!({"format": "plaintext", "content": "C", "author": {"type": "workspace-member", "id": ada},
        "record": {"object": "companies", "record_id": acme}});
    let records = "/v2/objects/companies/records".to_owned();
    vec![
        ("POST", records.clone(), json!({"values": {"name": "New"}}), false),
        ("PUT", format!("{records}?matching_attribute=domains"), values.clone(), true),
        ("PATCH", format!("{records}/{acme}"), values.clone(), true),
        ("PUT", format!("{records}/{acme}"), values, true),
        ("POST", entries.clone(), parent.clone(), false),
        ("PUT", entries, parent, false),
        ("PATCH", entry.clone(), json!({"entry_values": {}}), true),
        ("PUT", entry, json!({"entry_values": {}}), true),
        ("POST", "/v2/objects/companies/attributes".into(), own, true),
        ("PATCH", "/v2/objects/companies/attributes/zip".into(), json!({"title": "Code"}), true),
        (
            "POST",
            "/v2/notes".into(),
            json!({"parent_object": "people", "parent_record_id": jane, "title": "T", "format": "plaintext",
                "content": "C"}),
            false,
        ),
        ("PATCH", format!("/v2/notes/{note}"), json!({"title": "T"}), false),
        (
            "POST",
            "/v2/tasks".into(),
            json!({"content": "C", "format": "plaintext", "deadline_at": null, "is_completed": false,
                "linked_records": [], "assignees": []}),
            false,
        ),
        ("PATCH", format!("/v2/tasks/{task}"), json!({"is_completed": true}), true),
        ("POST", "/v2/comments".into(), topic, true),
        ("PATCH", format!("/v2/meetings/{meeting}"), links, false),
        ("PATCH", "/v2/lists/partners".into(), json!({"name": "P"}), false),
        ("PATCH", "/v2/objects/companies".into(), json!({"singular_noun": "Firm"}), false),
    ]
}

#[test]
fn further_keys_are_refused_only_where_attio_closes_an_object() {
    let mut workspace = Workspace::new();
    for (method, path, data, closed) in bodies(&mut workspace) {
        let mut more = data.clone();
        more["further"] = json!(1);
        let more = json!({ "data": more });
        if closed {
            let error = workspace.refused(method, &path, more, 400, "validation_type");
            let fault = &error["validation_errors"][0];
            assert_eq!((&fault["path"], &fault["keys"]), (&json!(["data"]), &json!(["further"])), "{path}");
            workspace.data(method, &path, json!({ "data": data }));
        } else {
            workspace.data(method, &path, more);
        }
    }
}
