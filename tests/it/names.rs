//! Names of records and members beside their IDs: where people read, and in JSON where one thing is shown.

use crate::common::{Place, Recorder};
use serde_json::{Value, json};

const DEAL: [&str; 2] = ["get-deal", "name:Globex renewal"];

fn get<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&DEAL[..], more].concat()
}

#[test]
fn one_thing_in_json_has_names_beside_its_ids() {
    let server = Recorder::new(&[]);
    let place = Place::new();
    place.against(&server.base_url, &get(&[])).json(); // definitions are remembered from here on
    let calls = |args: &[&str]| {
        let before = server.calls().len();
        let run = place.against(&server.base_url, args);
        (server.calls().len() - before, run)
    };
    let (without, plain) = calls(&get(&["--no-names"]));
    let (with, named) = calls(&get(&[]));
    assert!(with - without <= 3, "{with} {without}");
    let (plain, named) = (plain.json(), named.json());
    assert_eq!(named["values"]["owner"]["name"], "Ben Okoro");
    assert_eq!(named["values"]["associated_company"]["name"], "Globex");
    assert_eq!(named["values"]["associated_people"][0]["name"], "Hank Scorpio");
    assert!(plain["values"]["owner"].get("name").is_none());
    let (fields, run) = calls(&get(&["--fields", "name"]));
    assert_eq!((fields, run.json()), (without, json!({"name": "Globex renewal"})), "nothing to name");
}

#[test]
fn lists_in_json_have_names_when_they_are_asked_for() {
    let place = Place::new();
    let tasks = |more: &[&str]| place.sandbox(&[&["tasks", "list", "--limit", "1"], more].concat());
    let first = |run: crate::common::Run| run.json()[0].clone();
    assert!(first(tasks(&[]))["assignees"][0].get("name").is_none());
    let named = first(tasks(&["--names"]));
    assert_eq!(named["assignees"][0]["name"], "Ada Archer");
    assert_eq!(named["linked_records"][0]["name"], "Acme");
    let entries = ["entries", "query", "sales_pipeline", "--limit", "1", "--names"];
    assert!(place.sandbox(&entries).json()[0]["parent_name"].is_string());
}

#[test]
fn tables_and_csv_show_names_in_the_place_of_ids() {
    let place = Place::new();
    let show = |args: &[&str]| place.sandbox(args).stdout;
    let deals =
        ["search-deals", "Globex renewal", "--fields", "name,owner,associated_company,associated_people"];
    for format in ["csv", "table"] {
        let shown = show(&[&deals[..], &["-o", format]].concat());
        for name in ["Ben Okoro", "Globex", "Hank Scorpio"] {
            assert!(shown.contains(name), "{shown}");
        }
        let ids = show(&[&deals[..], &["-o", format, "--no-names"]].concat());
        assert!(!ids.contains("Ben Okoro"), "{ids}");
    }
}

#[test]
fn a_name_that_cannot_be_had_leaves_the_id() {
    let server = Recorder::new(&[
        "GET /v2/workspace_members=status:403*",
        "POST /v2/objects/people/records/query=status:500*",
    ]);
    let run = Place::new().against(&server.base_url, &[&DEAL[..], &["--timeout", "5"]].concat());
    let deal: Value = run.json();
    assert!(deal["values"]["owner"].get("name").is_none() && deal["values"]["owner"]["id"].is_string());
    assert_eq!(deal["values"]["associated_company"]["name"], "Globex");
}

#[test]
fn members_are_named_by_address_name_or_as_me() {
    let place = Place::new();
    let owner = |named: &str| {
        let deal = place.sandbox(&["update-deal", "name:Globex renewal", "--owner", named, "--names"]);
        deal.json()["values"]["owner"]["name"].clone()
    };
    assert_eq!(owner("ben@example.com"), "Ben Okoro");
    assert_eq!(owner("ADA archer"), "Ada Archer");
    assert_eq!(owner("Ben"), "Ben Okoro");
    let me = owner("me");
    assert!(me.is_string());
    let error = place.sandbox(&["update-deal", "name:Globex renewal", "--owner", "Zoe"]).error(2);
    assert!(error["allowed"].as_array().unwrap().len() > 1, "{error}");
    for args in [
        &["tasks", "create", "--content", "T", "--assignee", "me", "--names"][..],
        &["tasks", "create", "--content", "T", "--assignee", "Ben", "--names"],
    ] {
        let task = place.sandbox(args).json();
        assert!(task["assignees"][0]["name"].is_string(), "{task}");
    }
    assert!(!place.sandbox(&["search-deals", "--owner", "me"]).json().as_array().unwrap().is_empty());
}

#[test]
fn members_are_asked_for_once_an_hour_but_names_are_judged_by_those_who_are_there() {
    let (server, place) = (Recorder::new(&[]), Place::new());
    let asked = |args: &[&str]| {
        let before = server.seen().len();
        assert_eq!(place.against(&server.base_url, args).code, 0, "{args:?}");
        server.seen()[before..].iter().filter(|seen| seen.path.starts_with("/v2/workspace_members")).count()
    };
    assert_eq!(asked(&["search-deals", "--owner", "ben@example.com", "-o", "csv"]), 1);
    assert_eq!(asked(&["search-deals", "--owner", "ben@example.com", "-o", "csv"]), 0, "kept");
    assert_eq!(asked(&["get-deal", "Globex renewal"]), 0, "kept");
    assert_eq!(asked(&["search-deals", "--owner", "Ben"]), 1, "a second Ben may have come");
    assert_eq!(asked(&["search-deals", "--owner", "ben@example.com", "--refresh"]), 1);
}

#[test]
fn a_field_that_asks_for_a_name_gets_it() {
    let place = Place::new();
    let entries = ["entries", "query", "sales_pipeline", "--limit", "2", "--fields", "parent_name"];
    let rows = place.sandbox(&entries).json();
    assert!(rows.as_array().unwrap().iter().all(|row| row["parent_name"].is_string()), "{rows}");
    let rows = place.sandbox(&["search-deals", "--stage", "Lead", "--fields", "name,owner.name"]).json();
    assert!(rows[0]["owner.name"].is_string(), "{rows}");
    assert_eq!(place.sandbox(&[&entries[..], &["--no-names"]].concat()).error(2)["kind"], "usage");
}

#[test]
fn me_and_names_go_wherever_a_member_goes() {
    let (server, place) = (Recorder::new(&[]), Place::new());
    let ben = "31f543b7-c400-5e37-9e87-2218423c812f";
    for (args, arrives) in [
        (&["tasks", "list", "--assignee", "Ben"] as &[&str], format!("assignee={ben}")),
        (&["tasks", "create", "--content", "C", "--assignee", "Ben"], ben.to_owned()),
        (&["create-task", "acme.com", "C", "--assignee", "Ben"], ben.to_owned()),
        (
            &["comments", "create", "--record", "acme.com", "--author", "Ben", "--content", "C"],
            ben.to_owned(),
        ),
        (
            &["records", "search", "--query", "acme", "--object", "companies", "--request-as", "Ben"],
            ben.to_owned(),
        ),
        (&["members", "get", "Ben"], ben.to_owned()),
        (&["search-deals", "--owner", "Ben"], ben.to_owned()),
        (&["search-deals", "--filter", "owner=Ben"], ben.to_owned()),
        (&["update-deal", "Globex renewal", "--set", "owner=Ben"], ben.to_owned()),
        (&["create-deal", "D", "--stage", "Lead", "--owner", "Ben"], ben.to_owned()),
    ] {
        for named in ["Ben", "ben okoro"] {
            let args: Vec<String> = args.iter().map(|arg| arg.replace("Ben", named)).collect();
            let args: Vec<&str> = args.iter().map(String::as_str).chain(["--no-names"]).collect();
            let before = server.seen().len();
            let run = place.against(&server.base_url, &args);
            assert_eq!(run.code, 0, "{args:?}: {run:?}");
            let seen = &server.seen()[before..];
            let told = seen.iter().any(|seen| format!("{} {}", seen.path, seen.body).contains(&arrives));
            assert!(told, "{args:?}: {seen:?}");
        }
        let me: Vec<String> = args.iter().map(|arg| arg.replace("Ben", "me")).collect();
        let me: Vec<&str> = me.iter().map(String::as_str).collect();
        assert_eq!(place.against(&server.base_url, &me).code, 0, "{me:?}");
    }
    let nobody = place.against(&server.base_url, &["tasks", "list", "--assignee", "null"]);
    assert_eq!(nobody.code, 0, "{nobody:?}");
    assert!(server.seen().last().unwrap().path.contains("assignee=null"));
}
