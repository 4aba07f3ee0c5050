//! `--filter`, `--filter-json` and `--sort`: the right rows, in the right order, and nothing wrong sent.

use crate::common::{Place, Recorder};
use serde_json::{Value, json};

/// Names of what a search finds.
fn names(args: &[&str]) -> Vec<String> {
    let run = Place::new().sandbox(&[args, &["--all"]].concat());
    let rows = run.json();
    let name = |row: &Value| {
        let name = &row["values"]["name"];
        name["full_name"].as_str().or(name.as_str()).unwrap().to_owned()
    };
    rows.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn conditions_find_what_fits() {
    let deals = |conditions: &[&str]| {
        let filters: Vec<&str> = conditions.iter().flat_map(|text| ["--filter", text]).collect();
        let mut found = names(&[&["search-deals"], filters.as_slice()].concat());
        found.sort();
        found
    };
    assert_eq!(deals(&["name~GLOBEX"]), ["Globex pilot", "Globex renewal"]);
    assert_eq!(deals(&["name^=acme", "value>48000"]), ["Acme rocket sleds"]);
    assert_eq!(deals(&["value>=48000", "value<=54000"]), ["Acme expansion", "Northwind warehouse"]);
    assert_eq!(deals(&["stage=lost"]), ["Initech cover sheets", "Tessera licence"]);
    assert_eq!(
        deals(&["stage!=Lead", "associated_company=acme.com"]),
        ["Acme anvils 2025", "Acme expansion"]
    );
    assert_eq!(deals(&["owner=ben@example.com", "stage=Lead"]), ["Willow Bank assessment"]);
    assert_eq!(deals(&["created_at<2001-01-01"]), [""; 0]);
    let companies = |condition: &str| names(&["search-companies", "--filter", condition]);
    assert_eq!(companies("primary_location.country_code=NO"), ["Contour Mapping"]);
    assert!(companies("domains?").len() > 20);
    assert_eq!(companies("!name?"), [""; 0]);
    assert_eq!(companies("linkedin?"), ["Acme"]);
    assert_eq!(companies("domains$=lumenrail.example.com"), ["Lumen Rail"]);
    assert_eq!(companies("last_interaction.interacted_at>=2025-12-29"), ["Globex"]);
    assert_eq!(names(&["search-companies", "acme", "--filter", "!linkedin?"]), ["Placmetric"]);
    assert_eq!(names(&["search-people", "--filter", "name.first_name=Wile"]), ["Wile Coyote"]);
    assert_eq!(names(&["search-people", "--filter", "phone_numbers=+1 (520) 555-0101"]).len(), 1);
    let json = r#"{"$or":[{"name":"Globex pilot"},{"name":"Tessera licence"}]}"#;
    assert_eq!(
        names(&["search-deals", "--filter-json", json, "--filter", "stage=Lost"]),
        ["Tessera licence"]
    );
}

#[test]
fn sorts_order_the_rows() {
    let acme = ["search-deals", "--company", "acme.com"];
    let sorted = |sort: &[&str]| names(&[&acme as &[&str], sort].concat());
    let by_value = ["Acme rocket sleds", "Acme expansion", "Acme anvils 2025"];
    assert_eq!(sorted(&["--sort", "value:desc"]), by_value);
    assert_eq!(sorted(&["--sort", "name"]), ["Acme anvils 2025", "Acme expansion", "Acme rocket sleds"]);
    let people = names(&["search-people", "--company", "acme.com", "--sort", "name.last_name:desc"]);
    assert_eq!(people, ["Marta Silva", "Omar Haddad", "Jane Doe", "Wile Coyote"]);
}

#[test]
fn what_is_sent() {
    let server = Recorder::new(&[]);
    let place = Place::new();
    let args = ["search-people", "ann", "--filter", "name.last_name!=O'\"{}", "--filter", "company=acme.com"];
    let args = [&args as &[&str], &["--sort", "name", "--sort", "created_at:desc", "--all"]].concat();
    place.against(&server.base_url, &args).json();
    let acme = place.against(&server.base_url, &["get-company", "acme.com"]).json();
    let seen = server.seen();
    let query = seen.iter().find(|seen| seen.path == "/v2/objects/people/records/query").unwrap();
    let conditions = query.body["filter"]["$and"].as_array().unwrap();
    assert_eq!(conditions[1], json!({"$not": {"name": {"last_name": {"$eq": "O'\"{}"}}}}));
    let company =
        json!({"target_object": {"$eq": "companies"}, "target_record_id": {"$eq": acme["record_id"]}});
    assert_eq!(conditions[2], json!({"company": company}));
    assert_eq!(
        query.body["sorts"],
        json!([
            {"direction": "asc", "attribute": "name", "field": "full_name"},
            {"direction": "desc", "attribute": "created_at"},
            {"direction": "asc", "attribute": "record_id"}
        ])
    );
}

#[test]
fn what_cannot_be_is_refused_before_the_query() {
    let server = Recorder::new(&[]);
    let place = Place::new();
    let search =
        |args: &[&str]| place.against(&server.base_url, &[&["search-deals"], args].concat()).error(2);
    let error = search(&["--filter", "stage~Won"]);
    assert_eq!(error["allowed"], json!(["="]));
    assert_eq!(search(&["--filter", "stage=Wno"])["suggestions"], json!(["Won 🎉"]));
    assert_eq!(search(&["--filter", "staeg=Won"])["suggestions"][0], "stage");
    assert_eq!(search(&["--filter", "owner=aba@example.com"])["suggestions"][0], "ada@example.com");
    for args in [
        ["--filter", "value>many"],
        ["--filter", "stage"],
        ["--filter", "name = x"],
        ["--filter-json", "[]"],
        ["--filter", "associated_company=a/b"],
        ["--sort", "owner"],
        ["--sort", "name:down"],
        ["--sort", "nope"],
        ["--filter", "name.first_name=A"],
    ] {
        assert_eq!(search(&args)["kind"], "usage", "{args:?}");
    }
    let queries = server.calls().iter().filter(|call| call.ends_with("/query")).count();
    assert_eq!(queries, 0);
}

#[test]
fn what_has_a_value_and_what_has_none_is_found_for_every_type_that_can_tell() {
    let place = Place::new();
    let mut told = std::collections::BTreeMap::new();
    for object in ["companies", "people", "deals"] {
        let query =
            |more: &[&str]| place.sandbox(&[&["records", "query", object, "--all"][..], more].concat());
        let records = query(&["-o", "json"]).json();
        let records = records.as_array().unwrap();
        for attribute in place.sandbox(&["list-attributes", object]).json().as_array().unwrap() {
            let (slug, kind) = (attribute["slug"].as_str().unwrap(), attribute["type"].as_str().unwrap());
            // Every record has the first two, and they are shown beside the values.
            if matches!(slug, "record_id" | "created_at") || told.get(kind).is_some_and(|times| *times > 1) {
                continue;
            }
            *told.entry(kind.to_owned()).or_insert(0) += 1;
            for (condition, wanted) in [(format!("{slug}?"), true), (format!("!{slug}?"), false)] {
                let run = query(&["--filter", &condition, "-o", "ids"]);
                if matches!(kind, "record-reference" | "actor-reference" | "location" | "interaction") {
                    assert_eq!(run.code, 2, "{condition}");
                    continue;
                }
                let mut found: Vec<&str> = run.stdout.lines().collect();
                let has = |record: &&Value| record["values"].get(slug).is_some() == wanted;
                let id = |record: &Value| record["record_id"].as_str().unwrap().to_owned();
                let mut expected: Vec<String> = records.iter().filter(has).map(id).collect();
                found.sort_unstable();
                expected.sort_unstable();
                assert_eq!(found, expected, "{object} {condition}: {run:?}");
            }
        }
    }
    assert!(told.len() >= 12, "{told:?}");
}
