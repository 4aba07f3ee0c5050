//! The flat commands against the sandbox: what they print, and what they send.

use crate::common::{NOTHING, Place, Recorder, Seen, plain_client};
use crate::golden;
use serde_json::{Value, json};
use std::fmt::Write as _;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEYS: [&str; 5] = ["record_id", "object", "web_url", "created_at", "values"];

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn id_of(value: &Value) -> String {
    value["record_id"].as_str().unwrap().to_owned()
}

#[test]
fn a_stranger_finds_acme() {
    let place = Place::new();
    let found = place.sandbox(&["search-companies", "acme"]).json();
    let found = found.as_array().unwrap();
    assert!(found.len() >= 2, "a part of the name is enough");
    assert!(found.iter().all(|company| keys(company) == KEYS && company["object"] == "companies"));
    let ids = place.sandbox(&["search-companies", "ACME", "-o", "ids"]);
    let expected: Vec<String> = found.iter().map(id_of).collect();
    assert_eq!(ids.stdout.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_fuzzy_search_says_when_there_is_more() {
    let place = Place::new();
    let one = place.sandbox(&["search-companies", "acme", "--fuzzy", "--limit", "1"]);
    assert_eq!(one.json().as_array().unwrap().len(), 1);
    let meta = json!({"meta": {"returned": 1, "complete": false, "next_offset": null}});
    assert_eq!(serde_json::from_str::<Value>(one.stderr.lines().last().unwrap()).unwrap(), meta);
    let quiet = place.sandbox(&["search-companies", "acme", "--fuzzy", "--limit", "1", "--quiet"]);
    assert_eq!(quiet.stderr, "");
    let all = place.sandbox(&["search-companies", "acme", "--fuzzy", "--quiet", "-o", "ids"]);
    assert_eq!(all.stderr, "");
    assert_eq!(
        place.sandbox(&["get-company", all.stdout.lines().next().unwrap()]).json()["object"],
        "companies"
    );
}

#[test]
fn one_company_has_many_names() {
    let place = Place::new();
    let acme = place.sandbox(&["get-company", "acme.com"]).json();
    let id = id_of(&acme);
    let url = acme["web_url"].as_str().unwrap();
    for reference in [
        &id.to_uppercase(),
        url,
        &format!("{url}/overview?x=1#y"),
        "https://acme.com/about",
        "https://www.acme.com/",
        "name:Acme",
        "name: acme ",
        "Acme",
        "acme\r\n",
        "ACME.COM",
        "www.acme.com.",
    ] {
        assert_eq!(place.sandbox(&["get-company", reference]).json(), acme, "{reference}");
    }
    assert_eq!(place.sandbox(&["get-company", "nobody.example.com"]).error(3)["kind"], "not_found");
    assert_eq!(place.sandbox(&["get-company", "name:acm"]).error(3)["kind"], "not_found");
    let error = place.sandbox(&["get-company", "A/B Testing"]).error(2);
    assert!(error["hint"].as_str().unwrap().contains("\"name:A/B Testing\""), "{error}");
    let page = "https://www.linkedin.com/in/jane-doe";
    assert_eq!(place.sandbox(&["create-note", page, "Call", "text"]).error(2)["kind"], "usage");
}

#[test]
fn raw_is_attios_own() {
    let place = Place::new();
    let raw = place.sandbox(&["get-company", "acme.com", "--raw"]).json();
    assert_eq!(keys(&raw), ["id", "created_at", "web_url", "values"]);
    assert_eq!(raw["values"]["name"][0]["attribute_type"], "text");
}

#[test]
fn a_listing_says_when_there_is_more() {
    let place = Place::new();
    let run = place.sandbox(&["search-deals", "--limit", "4", "-o", "json"]);
    assert_eq!(run.json().as_array().unwrap().len(), 4);
    let meta = json!({"meta": {"returned": 4, "complete": false, "next_offset": 4}});
    assert_eq!(serde_json::from_str::<Value>(run.stderr.trim()).unwrap(), meta);
    let all = place.sandbox(&["search-deals", "--all", "-o", "ids"]);
    assert_eq!((all.code, all.stderr.as_str()), (0, ""));
    let mut pages = String::new();
    for offset in ["0", "4", "8", "12", "16"] {
        pages += &place.sandbox(&["search-deals", "--limit", "4", "--offset", offset, "-o", "ids"]).stdout;
    }
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&all.stdout), sorted(&pages));
    let exact = place.sandbox(&["search-companies", "--domain", "acme.com", "--limit", "1"]);
    assert_eq!((exact.json().as_array().unwrap().len(), exact.stderr.as_str()), (1, ""));
}

#[test]
fn the_largest_numbers_are_numbers() {
    let (place, largest) = (Place::new(), usize::MAX.to_string());
    assert_eq!(
        place.sandbox(&["search-companies", "acme", "--limit", &largest]).json()[0]["object"],
        "companies"
    );
    for command in ["search-companies", "list-notes"] {
        let none = place.sandbox(&[command, "acme.com", "--offset", &largest, "--limit", &largest]);
        assert_eq!(none.json(), json!([]), "{command}");
    }
    let summary = place.sandbox(&["get-company-summary", "acme.com", "--people-limit", &largest]).json();
    assert_eq!(summary["people"]["complete"], true);
}

#[test]
fn fields_are_selected_and_checked() {
    let place = Place::new();
    let found =
        place.sandbox(&["search-companies", "--domain", "acme.com", "--fields", "name,domains"]).json();
    assert_eq!(found, json!([{"name": "Acme", "domains": ["acme.com"]}]));
    let error = place.sandbox(&["search-companies", "acme", "--fields", "nmae"]).error(2);
    assert!(error["message"].as_str().unwrap().contains("nmae"), "{error}");
}

#[test]
fn an_output_that_cannot_be_does_not_hide_a_write() {
    let place = Place::new();
    #[cfg(target_os = "linux")]
    {
        let args = ["--sandbox", "create-company", "Full", "--domain", "full.example.com"];
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = place.command(&args).stdout(full).output().unwrap();
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        let company = place.sandbox(&["get-company", "full.example.com"]).json();
        assert_eq!(error["error"]["record_id"], company["record_id"], "{error}");
    }
    let note = ["create-note", "acme.com", "T", "plain", "--fields", "title,content_markdown"];
    assert_eq!(place.sandbox(&note).json(), json!({"title": "T", "content_markdown": null}));
    let plan = place.sandbox(&["create-company", "X", "--allow-duplicate", "--dry-run", "-o", "ids"]).json();
    assert_eq!(plan["method"], "POST");
}

#[test]
fn people_and_deals_are_searched() {
    let place = Place::new();
    let people = place.sandbox(&["search-people", "--company", "acme.com"]).json();
    let person = &people[0];
    let email = person["values"]["email_addresses"][0].as_str().unwrap();
    let by = |args: &[&str]| -> Vec<String> {
        place.sandbox(args).json().as_array().unwrap().iter().map(id_of).collect()
    };
    let id = id_of(person);
    assert_eq!(by(&["search-people", "--email", &email.to_uppercase()]), std::slice::from_ref(&id));
    assert!(by(&["search-people", &email[..email.len() - 3], "--all"]).contains(&id));
    let name = person["values"]["name"]["full_name"].as_str().unwrap();
    assert!(by(&["search-people", &name.to_uppercase(), "--all"]).contains(&id));
    assert_eq!(id_of(&place.sandbox(&["get-person", email]).json()), id);
    let deal = place.sandbox(&["get-deal", "name:Globex renewal"]).json();
    assert_eq!(by(&["search-deals", "globex REN"]), [id_of(&deal)]);
    let stage = deal["values"]["stage"].as_str().unwrap();
    assert!(by(&["search-deals", "--stage", stage, "--all"]).contains(&id_of(&deal)));
    assert!(by(&["search-deals", "--company", "globex.com"]).contains(&id_of(&deal)));
    let error = place.sandbox(&["search-deals", "--owner", "nobody@example.com"]).error(2);
    assert!(error["allowed"][0].as_str().unwrap().contains("@example.com"));
}

#[test]
fn an_ambiguous_name_lists_its_candidates() {
    let place = Place::new();
    let all = place.sandbox(&["search-companies", ".", "--all", "--fields", "name"]).json();
    let names: Vec<&str> = all.as_array().unwrap().iter().filter_map(|c| c["name"].as_str()).collect();
    let twice = names.iter().find(|name| names.iter().filter(|other| other == name).count() == 2);
    let reference = format!("name:{}", twice.expect("the seed has two companies of one name"));
    let error = place.sandbox(&["get-company", &reference]).error(7);
    assert_eq!(error["candidates"].as_array().unwrap().len(), 2);
    for candidate in error["candidates"].as_array().unwrap() {
        assert_eq!(place.sandbox(&["get-company", candidate["record_id"].as_str().unwrap()]).code, 0);
    }
}

#[test]
fn a_domain_exists_once() {
    let place = Place::new();
    let zeta = place.sandbox(&["create-company", "Zeta", "--domain", "zeta.example.com"]).json();
    let error = place.sandbox(&["create-company", "Zeta 2", "--domain", "zeta.example.com"]).error(7);
    assert_eq!(error["existing_record_id"], zeta["record_id"]);
    assert!(error["message"].as_str().unwrap().contains(&id_of(&zeta)));
    let again =
        ["create-company", "Zeta 2", "--domain", "zeta.example.com", "--upsert", "--description", "new"];
    let upserted = place.sandbox(&again).json();
    assert_eq!(id_of(&upserted), id_of(&zeta));
    assert_eq!(upserted["values"]["name"], "Zeta 2");
    let person = place.sandbox(&["create-person", "j@zeta.example.com"]).json();
    let error = place.sandbox(&["create-person", "J@zeta.example.com"]).error(7);
    assert_eq!(error["existing_record_id"], person["record_id"]);
}

#[test]
fn without_a_domain_the_name_is_looked_at() {
    let place = Place::new();
    let error = place.sandbox(&["create-company", "Acme"]).error(7);
    assert!(error["existing_record_id"].is_string());
    for same in ["acme", " ACME "] {
        let error = place.sandbox(&["create-company", same]).error(7);
        assert_eq!(error["candidates"][0]["domains"], json!(["acme.com"]));
    }
    place.sandbox(&["create-company", "Ac\u{200b}me"]).error(2);
    assert_eq!(place.sandbox(&["create-company", "Acme Two"]).code, 0, "another name");
    let twin = place.sandbox(&["create-company", "Acme", "--allow-duplicate"]).json();
    assert_eq!(place.sandbox(&["get-company", "name:Acme"]).code, 7);
    assert_eq!(place.sandbox(&["get-company", &id_of(&twin)]).code, 0);
}

#[test]
fn a_person_shows_up_in_the_summary() {
    let place = Place::new();
    place.sandbox(&["create-company", "Zeta", "--domain", "zeta.example.com"]).json();
    let args = [
        "create-person",
        "j@zeta.example.com",
        "--first-name",
        "J",
        "--last-name",
        "Q",
        "--company-id",
        "zeta.example.com",
        "--phone",
        "+4930123456",
        "--job-title",
        "CTO",
    ];
    let person = place.sandbox(&args).json();
    assert_eq!(person["values"]["phone_numbers"], json!(["+4930123456"]));
    let summary = place.sandbox(&["get-company-summary", "zeta.example.com"]).json();
    assert_eq!(summary["people"]["items"][0]["values"]["name"]["full_name"], "J Q");
    for part in ["people", "deals", "notes", "tasks"] {
        assert_eq!(summary[part]["complete"], true, "{part}");
    }
    let acme = place
        .sandbox(&["get-company-summary", "acme.com", "--notes-limit", "1", "--people-limit", "1"])
        .json();
    assert_eq!(acme["notes"]["items"].as_array().unwrap().len(), 1);
    assert_eq!(acme["notes"]["complete"], false);
    assert!(acme["last_interaction"].is_object() && acme["next_interaction"].is_object(), "{acme}");
    assert!(!acme["deals"]["items"].as_array().unwrap().is_empty());
    assert!(!acme["tasks"]["items"].as_array().unwrap().is_empty());
}

#[test]
fn people_read_a_summary_part_by_part() {
    let run = Place::new().sandbox(&["get-company-summary", "acme.com", "-o", "table", "--deals-limit", "1"]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (0, "the summary is cut; to see more, raise --deals-limit\n")
    );
    let parts: Vec<&str> = run.stdout.split("\n\n").collect();
    assert!(
        parts[0].starts_with("incomplete        deals\nlast_interaction  2025-12-18T14:00:00Z meeting\n"),
        "{}",
        parts[0]
    );
    assert!(parts[1].starts_with("company\nname             Acme\n"), "{}", parts[1]);
    let titles: Vec<&str> = parts[2..].iter().map(|part| part.lines().next().unwrap()).collect();
    assert_eq!(titles, ["people (4)", "deals (1, and more)", "notes (5)", "tasks (2)"]);
}

#[test]
fn a_summary_says_first_what_was_cut() {
    let summary =
        |args: &[&str]| Place::new().sandbox(&[&["get-company-summary", "acme.com"], args].concat());
    assert!(summary(&[]).stdout.starts_with(r#"{"incomplete":[],"#));
    let cut = summary(&["--people-limit", "2", "--tasks-limit", "1"]);
    assert!(cut.stdout.starts_with(r#"{"incomplete":["people","tasks"],"#), "{cut:?}");
    assert!(cut.stderr.contains("raise --people-limit, --tasks-limit"), "{cut:?}");
    let table = summary(&["--people-limit", "2", "-o", "table"]);
    assert!(table.stdout.starts_with("incomplete        people\n"), "{table:?}");
    let fields =
        ["--people-limit", "2", "--fields", "incomplete,people.job_title,company.name,people.name.full_name"];
    let expected = json!({"incomplete": ["people"], "people.job_title": ["Chief Test Pilot", "Finance Director"],
        "company.name": "Acme", "people.name.full_name": ["Wile Coyote", "Marta Silva"]});
    assert_eq!(summary(&fields).json(), expected);
    let unset = summary(&["--fields", "people.complete,people.twitter,company.angellist"]).json();
    let nobody = json!([null, null, null, null]);
    assert_eq!(unset, json!({"people.complete": true, "people.twitter": nobody, "company.angellist": null}));
    assert_eq!(summary(&["--fields", "poeple.name"]).error(2)["kind"], "usage");
}

#[test]
fn parts_of_fields_are_shown_in_every_format() {
    let place = Place::new();
    let fields = "name.last_name,phone_numbers,primary_location.locality";
    let person = |format| place.sandbox(&["get-person", "jane@acme.com", "--fields", fields, "-o", format]);
    assert_eq!(person("json").json()["name.last_name"], "Doe");
    assert!(person("csv").stdout.contains("\nDoe,"), "{:?}", person("csv"));
    assert!(person("table").stdout.contains("name.last_name             Doe"), "{:?}", person("table"));
    let value = ["search-deals", "--stage", "Lead", "--sort", "value:desc", "--fields", "value.amount"];
    let deals = place.sandbox(&[&value[..], &["--limit", "1", "-o", "csv"]].concat());
    assert_eq!(deals.stdout, "value.amount\n125000.5\n");
    for wrong in ["name.nickname", "nickname.first", "record_id.x", "name."] {
        place.sandbox(&["get-person", "jane@acme.com", "--fields", wrong]).error(2);
    }
    let unset = ["get-company", "acme.com", "--fields", "primary_location.postcode"];
    assert_eq!(place.sandbox(&unset).json(), json!({"primary_location.postcode": null}));
}

#[test]
fn an_unknown_field_after_a_write_is_a_remark() {
    let place = Place::new();
    for args in [
        &["create-person", "x@y.example.com", "--upsert", "--fields", "record_id,nonsense"][..],
        &["update-company", "acme.com", "--name", "Acme", "--fields", "nonsense"],
        &["create-note", "acme.com", "T", "C", "--fields", "nonsense"],
        &["tasks", "create", "--content", "C", "--fields", "nonsense"],
    ] {
        let run = place.sandbox(args);
        assert!(run.json().as_object().unwrap().len() > 3, "all of it: {run:?}");
        assert!(run.stderr.contains("nonsense"), "{run:?}");
    }
}

#[test]
fn a_summary_without_anything_is_no_summary() {
    let server = Recorder::new(&["*=status:500*"]);
    let id = NOTHING;
    let run = Place::new().against(&server.base_url, &["get-company-summary", id, "--timeout", "2"]);
    run.error(5);
    assert_eq!(run.stdout, "");
}

#[test]
fn a_failing_part_does_not_hide_the_others() {
    let server = Recorder::new(&["GET /v2/notes=status:403*"]);
    let run = Place::new().against(&server.base_url, &["get-company-summary", "acme.com"]);
    assert_eq!(run.code, 6, "{run:?}");
    let summary: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(summary["notes"]["complete"], false);
    assert_eq!(summary["notes"]["error"]["status"], 403);
    assert_eq!(summary["people"]["complete"], true);
    assert_eq!(run.error(6)["kind"], "partial");
    let error = Place::new().sandbox(&["get-company-summary", NOTHING]).error(3);
    assert_eq!(error["status"], 404);
}

#[test]
fn updates_add_unless_they_replace() {
    let place = Place::new();
    let added = place.sandbox(&["update-company", "acme.com", "--domain", "acme.example.com"]).json();
    assert_eq!(added["values"]["domains"], json!(["acme.example.com", "acme.com"]));
    let args = [
        "update-company",
        "acme.com",
        "--domain",
        "acme.com",
        "--replace",
        "--slack-channel",
        "https://slack.example.com/c",
        "--drive-folder",
        "https://drive.example.com/f",
        "--status",
        "Customer",
    ];
    let values = place.sandbox(&args).json()["values"].clone();
    assert_eq!(values["domains"], json!(["acme.com"]));
    assert_eq!(values["prospect_slack_channel"], "https://slack.example.com/c");
    assert_eq!(values["google_drive_folder_url"], "https://drive.example.com/f");
    assert_eq!(values["customer_status"], "Customer");
    let cleared = place.sandbox(&["update-company", "acme.com", "--set-json", "description=null"]).json();
    assert!(cleared["values"].get("description").is_none());
}

#[test]
fn people_are_created_without_an_address() {
    let place = Place::new();
    let create = |args: &[&str]| place.sandbox(&[&["create-person"], args].concat());
    let ann = create(&["--name", "Ann van Lee", "--phone", "+49 30 123456"]).json();
    let name = json!({"first_name": "Ann van", "last_name": "Lee", "full_name": "Ann van Lee"});
    assert_eq!(ann["values"]["name"], name);
    assert_eq!(ann["values"]["phone_numbers"], json!(["+4930123456"]));
    for same in [
        &["--name", "ANN  VAN LEE"][..],
        &["--name", "Lee, Ann van"],
        &["--first-name", "Ann van", "--last-name", "Lee"],
        &["--name", "Somebody Else", "--phone", "+49 (0)30 123456"],
        &["--name", "Somebody Else", "--set", "phone_numbers=+49 30 123456"],
        &["--name", "Somebody Else", "--phone", "+4930123456", "--phone", "+49 30 123456"],
    ] {
        let error = create(same).error(7);
        assert_eq!(error["existing_record_id"], ann["record_id"], "{same:?}");
        assert_eq!(error["candidates"].as_array().unwrap().len(), 1, "{error}");
        assert!(error["hint"].as_str().unwrap().contains("--allow-duplicate"), "{error}");
    }
    create(&["--name", "Ann van Lee", "--allow-duplicate"]).json();
    create(&["ann@zeta.example.com", "--name", "Ann van Lee"]).json();
    create(&["--phone", "+4930123457"]).json();
    for wrong in [
        &[][..],
        &["--job-title", "CTO"],
        &["--name", "Ann", "--upsert"],
        &["--name", "A", "--first-name", "A"],
    ] {
        create(wrong).error(2);
    }
    let people = place.sandbox(&["search-people", "ann van lee", "-o", "ids"]).stdout;
    assert_eq!(people.lines().count(), 3);
}

#[test]
fn a_conflict_shows_what_is_there() {
    let place = Place::new();
    let acme = place.sandbox(&["get-company", "acme.com"]).json();
    let id = acme["record_id"].as_str().unwrap();
    let error = place.sandbox(&["create-company", "Other", "--domain", "www.acme.com"]).error(7);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(id) && message.contains("Acme  acme.com"), "{message}");
    assert_eq!(error["existing_record_id"], *id);
    let error = place.sandbox(&["create-person", "JANE@acme.com"]).error(7);
    assert!(error["message"].as_str().unwrap().contains("Jane Doe  jane@acme.com"), "{error}");
}

#[test]
fn a_name_that_is_a_flag_in_other_words_is_refused() {
    let place = Place::new();
    for args in [&["create-company", "name=Foo"][..], &["create-deal", "--stage", "Lead", "name=Foo"]] {
        let error = place.sandbox(args).error(2);
        assert!(error["hint"].as_str().unwrap().contains("records create"), "{error}");
    }
    let named = ["records", "create", "companies", "--set", "name=name=Foo"];
    assert_eq!(place.sandbox(&named).json()["values"]["name"], "name=Foo");
    assert_eq!(place.sandbox(&["create-company", "E=mc2"]).json()["values"]["name"], "E=mc2");
}

#[test]
fn line_breaks_that_are_none_are_remarked() {
    let place = Place::new();
    for (text, remarked) in
        [("One\\nTwo", true), ("a\\n\\n- b", true), ("C:\\new", false), ("One\nTwo", false), ("a\\n", true)]
    {
        for args in [
            &["create-note", "acme.com", "T", text][..],
            &["tasks", "create", "--content", text],
            &["update-company", "acme.com", "--description", text],
            &["create-company", "N", "--allow-duplicate", "--description", text],
        ] {
            for more in [&[][..], &["--dry-run"]] {
                let run = place.sandbox(&[args, more].concat());
                assert_eq!(run.code, 0, "{run:?}");
                assert_eq!(run.stderr.contains("two characters"), remarked, "{text:?}: {run:?}");
            }
        }
    }
}

#[test]
fn things_with_a_page_of_their_own_are_named_by_its_address() {
    let place = Place::new();
    let note = place.sandbox(&["list-notes", "acme.com", "--limit", "1", "-o", "ids"]).stdout;
    let (id, acme) = (note.trim(), place.sandbox(&["get-company", "acme.com"]).json());
    let record = acme["web_url"].as_str().unwrap();
    let upper = id.to_uppercase();
    for form in [
        &format!("https://app.attio.com/sandbox/notes/notes?modal=note&id={id}") as &str,
        &format!("{id}\r"),
        &format!(" {upper}\n"),
    ] {
        for command in [&["get-note"][..], &["notes", "get"]] {
            let run = place.sandbox(&[command, &[form]].concat());
            assert_eq!(run.json()["note_id"], *id, "{form}");
        }
    }
    let error = place.sandbox(&["get-note", record]).error(2);
    assert!(error["message"].as_str().unwrap().contains("URL of a note"), "{error}");
}

#[test]
fn half_a_name_keeps_the_other_half() {
    let place = Place::new();
    place.sandbox(&["create-person", "a@b.example.com", "--first-name", "Ann", "--last-name", "Lee"]).json();
    let person = place.sandbox(&["update-person", "a@b.example.com", "--last-name", "Moe"]).json();
    let name = json!({"first_name": "Ann", "last_name": "Moe", "full_name": "Ann Moe"});
    assert_eq!(person["values"]["name"], name);
}

#[test]
fn deals_are_created_and_moved() {
    let place = Place::new();
    let args = ["create-deal", "New deal", "--stage", "Lead", "--value", "1200.50", "--company", "acme.com"];
    let deal = place.sandbox(&args).json();
    assert_eq!(deal["values"]["value"], json!({"amount": 1200.5, "currency": "USD"}));
    assert_eq!(deal["values"]["owner"]["type"], "workspace-member");
    let moved = place.sandbox(&["update-deal", "name:New deal", "--stage", "In Progress"]).json();
    assert_eq!(moved["values"]["stage"], "In Progress");
    let error = place.sandbox(&["update-deal", "name:New deal", "--stage", "Wno"]).error(2);
    assert_eq!(error["suggestions"], json!(["Won 🎉"]));
}

#[test]
fn notes_arrive_byte_for_byte_and_come_back_newest_first() {
    let place = Place::new();
    let content = "a\n\n  b\u{e9}\n\ttab \u{1f389} \u{202e}\n";
    let note = place.sandbox_with_input(&["create-note", "acme.com", "T", "-"], content.as_bytes()).json();
    let notes = place.sandbox(&["list-notes", "acme.com"]).json();
    assert_eq!(notes[0]["note_id"], note["note_id"]);
    assert_eq!(notes[0]["content_plaintext"], content);
    let times: Vec<&str> =
        notes.as_array().unwrap().iter().map(|n| n["created_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
    let file = place.path().join("note.md");
    std::fs::write(&file, "# Big\r\n").unwrap();
    let old = [
        "create-note",
        "acme.com",
        "Old",
        &format!("@{}", file.display()),
        "--created-at",
        "2020-01-31T09:00:00Z",
        "--format",
        "markdown",
    ];
    let old = place.sandbox(&old).json();
    let all = place.sandbox(&["list-notes", "acme.com", "--all"]).json();
    assert_eq!(
        all.as_array().unwrap().last().unwrap()["note_id"],
        old["note_id"],
        "backdated, so the oldest"
    );
    let id = note["note_id"].as_str().unwrap();
    assert_eq!(place.sandbox(&["get-note", id, "--no-names"]).json(), note);
    assert_eq!(place.sandbox(&["delete-note", id]).error(9)["kind"], "refused");
    assert_eq!(place.sandbox(&["delete-note", id, "--yes"]).json(), json!({"note_id": id, "deleted": true}));
    assert_eq!(place.sandbox(&["get-note", id]).error(3)["status"], 404);
    let bad = place.sandbox_with_input(&["create-note", "acme.com", "T", "-"], b"\xff").error(2);
    assert!(bad["message"].as_str().unwrap().contains("UTF-8"));
}

#[test]
fn list_notes_reads_all_pages_to_find_the_newest() {
    let server = Recorder::new(&[]);
    let place = Place::new();
    let acme = id_of(&place.against(&server.base_url, &["get-company", "acme.com"]).json());
    let body = |n: usize| {
        json!({"data": {"parent_object": "companies", "parent_record_id": acme, "title": "n",
        "format": "plaintext", "content": n.to_string(), "created_at": format!("2025-06-01T00:{:02}:{:02}Z", n / 60, n % 60)}})
    };
    // Straight to the server, as another client would.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = plain_client();
        for n in 0..120 {
            let sending =
                client.post(format!("{}/v2/notes", server.base_url)).header("authorization", "Bearer x");
            let answer = sending
                .header("content-type", "application/json")
                .body(body(n).to_string())
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 200);
        }
    });
    let before = server.seen().len();
    let notes = place
        .against(&server.base_url, &["list-notes", &acme, "--object", "companies", "--limit", "130"])
        .json();
    let contents: Vec<&str> =
        notes.as_array().unwrap().iter().map(|n| n["content_plaintext"].as_str().unwrap()).collect();
    let at = contents.iter().position(|content| *content == "119").unwrap();
    let expected: Vec<String> = (0..120).rev().map(|n| n.to_string()).collect();
    assert_eq!(contents[at..at + 120], expected);
    let calls = server.calls().split_off(before);
    let path = format!("GET /v2/notes?parent_object=companies&parent_record_id={acme}&limit=50&offset=");
    assert_eq!(calls, ["0", "50", "100"].map(|offset| format!("{path}{offset}")));
}

/// The words of a line, in which `'` holds together.
fn words(line: &str) -> Vec<&str> {
    let parts = line.split('\'').enumerate();
    parts
        .flat_map(|(n, part)| if n % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
        .collect()
}

/// The file has a command after each `$` and below it what is sent, all of it.
#[test]
fn what_is_sent_for_each_command() {
    let (server, place) = (Recorder::new(&[]), Place::new());
    let mut sent = String::new();
    for line in include_str!("golden/sent.txt").lines().filter_map(|line| line.strip_prefix("$ ")) {
        let before = server.seen().len();
        // Names are looked up at the same time, in any order.
        let run = place.against(&server.base_url, &[words(line), vec!["--no-names"]].concat());
        assert_eq!(run.code, 0, "{line}: {run:?}");
        writeln!(sent, "$ {line}").unwrap();
        for Seen { method, path, body, .. } in &server.seen()[before..] {
            let body = if body.is_null() { String::new() } else { format!(" {body}") };
            writeln!(sent, "{method} {path}{body}").unwrap();
        }
    }
    golden::matches("tests/it/golden/sent.txt", &sent);
}

#[test]
fn a_missing_custom_attribute_is_explained() {
    let place = Place::new();
    // People have none of the three.
    let error =
        place.sandbox(&["create-person", "a@x.example.com", "--set-json", "customer_status=1"]).error(1);
    assert!(error["hint"].as_str().unwrap().contains("customer_status"), "{error}");
    assert_eq!(place.sandbox(&["search-people", "--email", "a@x.example.com"]).json(), json!([]));
}

#[test]
fn every_write_leaves_a_line_without_values() {
    let place = Place::new();
    let create = ["--sandbox", "create-company", "Secret Name", "--domain", "zeta.example.com"];
    let company = place.run(&create).json(); // the first use of the sandbox
    place.sandbox(&["create-company", "Secret Name", "--domain", "zeta.example.com"]).error(7);
    place.sandbox(&["get-company", "acme.com"]).json();
    let lines = place.audit();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["command"], "create-company");
    assert_eq!(lines[0]["operation"], "records create");
    assert_eq!(lines[0]["host"], "sandbox");
    assert_eq!(lines[0]["status"], 200);
    assert_eq!(lines[0]["ids"]["record_id"], company["record_id"]);
    assert!(lines[0]["request_id"].is_string());
    assert_eq!(lines[1]["status"], 400);
    let text = format!("{lines:?}");
    assert!(!text.contains("Secret") && !text.contains("zeta"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(place.state()), 0o700);
        assert_eq!(mode(place.state().join("audit.jsonl")), 0o600);
        assert_eq!(mode(place.state().join("sandbox.db")), 0o600);
    }
}

#[test]
fn twenty_at_once_make_twenty() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for n in 0..20 {
            let place = &place;
            scope.spawn(move || {
                let domain = format!("c{n}.example.com");
                place.run(&["--sandbox", "create-company", "Same name", "--domain", &domain]).json();
            });
        }
    });
    let all = place.sandbox(&["search-companies", "same name", "--all"]).json();
    assert_eq!(all.as_array().unwrap().len(), 20);
}

#[test]
fn parse_url_needs_nothing() {
    let place = Place::new();
    let id = "5A6A8A32-0000-4000-8000-00000000000F";
    let parsed =
        place.run(&["parse-url", &format!("https://app.attio.com/ws/companies/view/{id}?x=1")]).json();
    assert_eq!(parsed["workspace_slug"], "ws");
    assert_eq!(parsed["object_type"], "companies");
    assert_eq!(parsed["record_id"], id.to_lowercase());
    for bad in
        ["https://app.attio.com.evil.tld/ws/company/x", "https://app.attio.com@evil.tld/ws", "acme.com", ""]
    {
        assert_eq!(place.run(&["parse-url", bad]).error(2)["kind"], "usage", "{bad}");
    }
    assert!(!place.state().exists(), "no file, no network");
}

#[test]
fn the_sandbox_has_a_file_and_is_reset() {
    let place = Place::new();
    let file = place.run(&["sandbox", "path"]).json()["file"].as_str().unwrap().to_owned();
    assert_eq!(std::path::Path::new(&file), place.state().join("sandbox.db"));
    place.sandbox(&["create-company", "Zeta", "--domain", "zeta.example.com"]).json();
    let before = std::fs::read(&file).unwrap();
    assert_eq!(place.run(&["sandbox", "reset", "--yes"]).json()["reset"], true);
    assert_ne!(std::fs::read(&file).unwrap(), before);
    assert_eq!(place.sandbox(&["get-company", "zeta.example.com"]).code, 3);
    std::fs::write(&file, "garbage").unwrap();
    let error = place.sandbox(&["create-company", "Zeta", "--allow-duplicate"]).error(1);
    assert!(error["message"].as_str().unwrap().contains("sandbox.db: it is damaged"), "{error}");
    assert_eq!(error["hint"], "attio-crm sandbox reset starts it afresh");
    assert_eq!(std::fs::read(&file).unwrap(), b"garbage", "never overwritten silently");
}

#[test]
fn help_before_a_command_is_that_of_all() {
    let whole = Place::new().run(&["--help"]).stdout;
    for args in [&["--help", "get-note"][..], &["-h", "notes"]] {
        let help = Place::new().run(args);
        assert!(help.stdout.contains("get-company") && help.stdout.contains("search-deals"), "{help:?}");
        assert_eq!(help.stdout.lines().next(), whole.lines().next(), "{args:?}");
    }
}

#[test]
fn records_are_counted_and_added_up() {
    let place = Place::new();
    let count = |args: &[&str]| place.sandbox(&[&["count"], args].concat());
    let listed = |object: &str, more: &[&str]| {
        let query = [&["records", "query", object, "--all", "-o", "ids"], more].concat();
        place.sandbox(&query).stdout.lines().count()
    };
    let all = listed("companies", &[]);
    assert_eq!(count(&["companies"]).json(), json!({"object": "companies", "count": all, "complete": true}));
    let without = ["--filter", "!job_title?"];
    assert_eq!(count(&[&["people"], &without[..]].concat()).json()["count"], listed("people", &without));
    let groups = count(&["deals", "--by", "stage", "--sum", "value"]).json();
    let groups = groups.as_array().unwrap();
    let counted: u64 = groups.iter().map(|group| group["count"].as_u64().unwrap()).sum();
    assert_eq!(counted, listed("deals", &[]) as u64);
    let lead = groups.iter().find(|group| group["stage"] == "Lead").unwrap();
    let leads = place.sandbox(&["search-deals", "--stage", "Lead", "--all"]).json();
    let leads = leads.as_array().unwrap();
    let sum: f64 = leads.iter().filter_map(|deal| deal["values"]["value"]["amount"].as_f64()).sum();
    assert_eq!(
        (&lead["count"], &lead["sum"]),
        (&json!(leads.len()), &json!([{"amount": sum, "currency": "USD"}]))
    );
    let whole = count(&["deals", "--sum", "value"]).json();
    assert_eq!(whole["count"], listed("deals", &[]));
    let table = count(&["deals", "--by", "owner", "-o", "table"]).stdout;
    assert!(table.contains("Ben Okoro"), "{table}");
    let sorted = count(&["deals", "--sort", "value"]).error(2);
    assert!(sorted["message"].as_str().unwrap().contains("'--sort'"), "{sorted}");
    for wrong in [&["deals", "--sum", "name"][..], &["deals", "--by", "nonsense"], &["nonsense"]] {
        assert!(matches!(count(wrong).code, 2 | 3), "{wrong:?}");
    }
}

#[tokio::test]
async fn many_records_are_counted_with_few_requests() {
    for total in [0, 1, 499, 500, 501, 999, 1000, 1001, 12_345, 50_000] {
        let server = MockServer::start().await;
        let answer = move |request: &wiremock::Request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let (offset, limit) = (body["offset"].as_u64().unwrap(), body["limit"].as_u64().unwrap());
            let rows = (total as u64).saturating_sub(offset).min(limit);
            ResponseTemplate::new(200).set_body_json(json!({"data": vec![json!({}); rows as usize]}))
        };
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let run = Place::new().against(&server.uri(), &["count", "companies"]);
        assert_eq!(run.json()["count"], total, "{run:?}");
        let requests = server.received_requests().await.unwrap().len();
        assert!(requests <= 16, "{total}: {requests}");
    }
}

#[test]
fn tasks_are_added_to_records_and_done() {
    let place = Place::new();
    let args = [
        "create-task",
        "jane@acme.com",
        "-Send @x",
        "--assignee",
        "Ben",
        "--assignee",
        "me",
        "--due",
        "2030-01-31",
    ];
    let task = place.sandbox(&[&args[..], &["--names"]].concat()).json();
    assert_eq!(task["content_plaintext"], "-Send @x");
    assert_eq!(task["linked_records"][0]["name"], "Jane Doe");
    assert_eq!(task["assignees"][0]["name"], "Ben Okoro");
    assert!(task["deadline_at"].as_str().unwrap().starts_with("2030-0"));
    let done = place.sandbox(&["done", task["task_id"].as_str().unwrap()]).json();
    assert_eq!(done["is_completed"], true);
    assert_eq!(done["deadline_at"], task["deadline_at"], "nothing else changes");
    assert_eq!(place.sandbox(&["done", NOTHING]).code, 3);
}
