//! Filters on references: the record alone tells what is meant, wherever a reference stands.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::workspace::{Workspace, id};

/// The identifiers that a query answers with.
fn found(workspace: &mut Workspace, path: &str, filter: &Value) -> BTreeSet<String> {
    let rows = workspace.data("POST", path, json!({ "filter": filter }));
    let ids = rows.as_array().unwrap().iter().map(|row| {
        let id = if path.contains("/lists/") { "entry_id" } else { "record_id" };
        row["id"][id].as_str().unwrap().to_owned()
    });
    ids.collect()
}

/// Every reference of every object: slug of the object, slug of the attribute.
fn references(workspace: &mut Workspace) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for object in ["companies", "people", "deals"] {
        let attributes = workspace.data("GET", &format!("/v2/objects/{object}/attributes"), Value::Null);
        let attributes = attributes.as_array().unwrap();
        let of_records = attributes.iter().filter(|attribute| attribute["type"] == "record-reference");
        all.extend(
            of_records.map(|attribute| (object.into(), attribute["api_slug"].as_str().unwrap().into())),
        );
    }
    all
}

/// The references of a record that an answer shows: slug of the target's object, its identifier.
fn targets(record: &Value, slug: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let values = record["values"][slug].as_array().unwrap();
    values.iter().map(|value| (text(&value["target_object"]), text(&value["target_record_id"]))).collect()
}

#[test]
fn every_reference_is_found_by_the_record_alone_and_with_its_object() {
    let mut workspace = Workspace::new();
    let all = references(&mut workspace);
    assert!(all.len() >= 6, "{all:?}");
    for (object, slug) in all {
        let path = format!("/v2/objects/{object}/records/query");
        let rows = workspace.query(&object, json!({}));
        let named = rows.iter().flat_map(|row| targets(row, &slug)).next();
        let Some(target) = named else { panic!("no {object} of the seed has {slug}") };
        let has = |row: &&Value| targets(row, &slug).contains(&target);
        let expected: BTreeSet<String> = rows.iter().filter(has).map(id).collect();
        let (of, record) = &target;
        let other = "00000000-0000-4000-8000-000000000000";
        for condition in [
            json!({"target_record_id": record}),
            json!({"target_record_id": {"$eq": record}}),
            json!({"target_record_id": {"$eq": record.to_uppercase()}}),
            json!({"target_record_id": {"$in": [other, record]}}),
            json!({"target_object": of, "target_record_id": record}),
            json!({"target_object": {"$eq": of}, "target_record_id": {"$in": [record]}}),
            json!({"target_object": {"$in": [of]}, "target_record_id": {"$eq": record}}),
        ] {
            for filter in [
                json!({ &slug: condition }),
                json!({"$and": [{ &slug: condition }]}),
                json!({"$or": [{ &slug: condition }, {"record_id": other}]}),
                json!({"path": [[object, slug]], "constraints": condition}),
            ] {
                assert_eq!(found(&mut workspace, &path, &filter), expected, "{object}: {filter}");
            }
            let others = found(&mut workspace, &path, &json!({"$not": { &slug: condition }}));
            assert_eq!(others.len() + expected.len(), rows.len(), "{object}: not {slug} {condition}");
        }
        for (elsewhere, condition) in [
            ("another record", json!({"target_record_id": other})),
            ("another object", json!({"target_object": "deals", "target_record_id": record})),
        ] {
            if of != "deals" {
                let none = found(&mut workspace, &path, &json!({ &slug: condition }));
                assert!(none.is_empty(), "{elsewhere}: {slug}");
            }
        }
    }
}

#[test]
fn a_reference_at_the_end_of_a_path_is_found_by_the_record_alone() {
    let mut workspace = Workspace::new();
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let people = workspace.query("people", json!({"filter": {"company": {"target_record_id": acme}}}));
    let deals = json!({
        "path": [["deals", "associated_people"], ["people", "company"]],
        "constraints": {"target_record_id": {"$eq": acme}},
    });
    let deals = workspace.query("deals", json!({ "filter": deals }));
    let of_acme = |deal: &Value| {
        let linked = targets(deal, "associated_people");
        people.iter().any(|person| linked.iter().any(|(_, record)| *record == id(person)))
    };
    assert!(!deals.is_empty() && deals.iter().all(of_acme), "{deals:?}");
    let all = workspace.query("deals", json!({}));
    assert_eq!(all.iter().filter(|deal| of_acme(deal)).count(), deals.len());
}

#[test]
fn the_record_of_an_entry_is_found_by_itself_and_by_what_it_holds() {
    let mut workspace = Workspace::new();
    for list in workspace.data("GET", "/v2/lists", Value::Null).as_array().unwrap() {
        let (slug, object) = (list["api_slug"].as_str().unwrap(), list["parent_object"][0].as_str().unwrap());
        let path = format!("/v2/lists/{slug}/entries/query");
        let entries = workspace.data("POST", &path, json!({}));
        let entries = entries.as_array().unwrap();
        let Some(parent) = entries.first().map(|entry| entry["parent_record_id"].as_str().unwrap()) else {
            continue;
        };
        let own = entries.iter().filter(|entry| entry["parent_record_id"] == parent);
        let expected: BTreeSet<String> =
            own.map(|entry| entry["id"]["entry_id"].as_str().unwrap().to_owned()).collect();
        for filter in [
            json!({"parent_record": {"target_record_id": parent}}),
            json!({"parent_record": {"target_record_id": {"$eq": parent}}}),
            json!({"parent_record": {"target_record_id": {"$in": [parent]}}}),
            json!({"parent_record": {"target_object": object, "target_record_id": parent}}),
            json!({"path": [[slug, "parent_record"]], "constraints": {"target_record_id": parent}}),
            json!({"path": [[slug, "parent_record"], [object, "record_id"]], "constraints": parent}),
        ] {
            assert_eq!(found(&mut workspace, &path, &filter), expected, "{slug}: {filter}");
        }
    }
}
