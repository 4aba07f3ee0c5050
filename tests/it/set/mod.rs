//! `--set` and `--expect`: values typed by the attributes of the workspace, and nothing wrong written.

use crate::common::{Place, Recorder, Run, plain_client};
use serde_json::{Value, json};

mod back;
mod shape;

/// A workspace over HTTP, for attributes that no command makes.
pub struct Workspace {
    pub server: Recorder,
    pub place: Place,
}

impl Workspace {
    pub fn new() -> Self {
        Self { server: Recorder::new(&[]), place: Place::new() }
    }

    pub fn run(&self, args: &[&str]) -> Run {
        self.place.against(&self.server.base_url, args)
    }

    /// A request of another client; its `data`.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, body: Value) -> Value {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = plain_client()
            .request(method, format!("{}{path}", self.server.base_url))
            .header("authorization", "Bearer x")
            .header("content-type", "application/json")
            .body(body.to_string());
        let text = runtime.block_on(async { request.send().await.unwrap().text().await.unwrap() });
        let mut answer: Value = serde_json::from_str(&text).unwrap();
        assert!(answer.get("data").is_some(), "{path} {body}: {answer}");
        answer["data"].take()
    }

    pub fn define(&self, slug: &str, kind: &str, multi: bool, config: Value) {
        let attribute = json!({"data": {"title": slug, "description": null, "api_slug": slug, "type": kind,
            "is_required": false, "is_unique": false, "is_multiselect": multi, "config": config}});
        self.send("POST", "/v2/objects/deals/attributes", attribute);
    }

    pub fn choose(&self, slug: &str, what: &str, titles: &[&str]) {
        for title in titles {
            let path = format!("/v2/objects/deals/attributes/{slug}/{what}");
            self.send("POST", &path, json!({"data": {"title": title}}));
        }
    }

    fn writes(&self) -> usize {
        let query = |path: &str| path.ends_with("/query") || path.ends_with("/attributes");
        self.server.seen().iter().filter(|seen| seen.method != "GET" && !query(&seen.path)).count()
    }
}

#[test]
fn text_stays_text() {
    let workspace = Workspace::new();
    workspace.define("zip", "text", false, json!({}));
    let text = " 02139 = \"x\" \u{202e}\n";
    let deal = workspace.run(&[
        "create-deal",
        "Zip",
        "--stage",
        "lead",
        "--owner",
        "ADA@example.com",
        "--set",
        &format!("zip={text}"),
    ]);
    let deal = deal.json();
    assert_eq!((&deal["values"]["zip"], &deal["values"]["stage"]), (&json!(text), &json!("Lead")));
    for (text, expected) in [("02139", json!("02139")), ("null", json!("null"))] {
        let deal = workspace.run(&["update-deal", "name:Zip", "--set", &format!("zip={text}")]).json();
        assert_eq!(deal["values"]["zip"], expected);
    }
    let unset = workspace.run(&["update-deal", "name:Zip", "--set", "zip="]).error(2);
    assert!(unset["message"].as_str().unwrap().contains("--clear zip"), "{unset}");
    let deal = workspace.run(&["update-deal", "name:Zip", "--clear", "zip"]).json();
    assert_eq!(deal["values"]["zip"], Value::Null);
}

#[test]
fn every_type_takes_its_text() {
    let place = Place::new();
    let company = place
        .sandbox(&[
            "create-company",
            "Zeta",
            "--domain",
            "zeta.example.com",
            "--status",
            "customer",
            "--set",
            "categories=SaaS",
            "--set",
            "categories=b2b",
            "--set",
            "employee_range=11-50",
            "--set",
            "foundation_date=2020-05-01",
            "--set",
            "funding_raised_usd=2500000.5",
            "--set",
            "team=jane@acme.com",
            "--set",
            "team=[\"wile@acme.com\",\"name:Marta Silva\"]",
            "--set",
            "primary_location=Bern, CH",
            "--set",
            "description=a=b",
        ])
        .json();
    let values = &company["values"];
    assert_eq!(values["categories"], json!(["SaaS", "B2B"]));
    assert_eq!(values["customer_status"], "Customer");
    assert_eq!(values["foundation_date"], "2020-05-01");
    assert_eq!(values["funding_raised_usd"], json!({"amount": 2_500_000.5, "currency": "USD"}));
    assert_eq!(values["team"].as_array().unwrap().len(), 3);
    assert_eq!(values["primary_location"], json!({"locality": "Bern", "country_code": "CH"}));
    assert_eq!(values["description"], "a=b");
    let location = "primary_location={\"locality\":\"Basel\",\"latitude\":\"47.56\"}";
    let company = place.sandbox(&["update-company", "zeta.example.com", "--set", location]).json();
    assert_eq!(company["values"]["primary_location"], json!({"locality": "Basel", "latitude": "47.56"}));
    for (text, first, last) in [
        ("Anna Maria Lee", "Anna Maria", "Lee"),
        ("van Gogh, Vincent", "Vincent", "van Gogh"),
        ("Theo", "Theo", "van Gogh"), // a single word is the first name; what was not given stays
    ] {
        let set = format!("name={text}");
        let args =
            ["create-person", "x@y.example.com", "--upsert", "--set", &set, "--set", "company=acme.com"];
        let person = place.sandbox(&args).json();
        let name = &person["values"]["name"];
        assert_eq!((&name["first_name"], &name["last_name"]), (&json!(first), &json!(last)), "{text}");
        assert_eq!(person["values"]["company"]["object"], "companies");
    }
    let phone = ["update-person", "x@y.example.com", "--set", "phone_numbers=+49 30 123456"];
    assert_eq!(place.sandbox(&phone).json()["values"]["phone_numbers"], json!(["+4930123456"]));
    let deal = ["update-deal", "name:Globex renewal", "--set", "owner=ada@example.com", "--set", "value=1e3"];
    assert_eq!(place.sandbox(&deal).error(2)["kind"], "usage");
    let deal = ["update-deal", "name:Globex renewal", "--set", "owner=ada@example.com", "--set", "value=0.5"];
    assert_eq!(place.sandbox(&deal).json()["changed"].as_array().unwrap().len(), 2);
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_written() {
    let workspace = Workspace::new();
    for (slug, kind) in [("size", "number"), ("done", "checkbox"), ("stars", "rating"), ("at", "timestamp")] {
        workspace.define(slug, kind, false, json!({}));
    }
    let set = |text: &str| workspace.run(&["update-deal", "name:Globex renewal", "--set", text]).error(2);
    for bad in [
        "size=1,000",
        "size= 1",
        "size=abc",
        "size=9007199254740993",
        "size=0.12345678901234567890",
        "size=1e999",
        "done=yes",
        "done=",
        "done=True",
        "stars=6",
        "stars=2.5",
        "stars=-1",
        "at=soon",
        "at=2026-13-01",
        "stage=",
        "name=",
        "value=12 EUR",
        "value=1.23456",
        "value=2.500",
        "value={\"amount\":1,\"currency\":\"EUR\"}",
        "associated_company={\"object\":\"people\",\"record_id\":\"5a6a8a32-0000-4000-8000-00000000000f\"}",
        "associated_company=no/reference",
        "owner={\"type\":\"system\",\"id\":null}",
        "created_at=2026-01-01",
        "owner=[\"ada@example.com\",\"ben@example.com\"]",
        "owner=[",
        "associated_people={",
    ] {
        let error = set(bad);
        assert!(
            error["message"].as_str().unwrap().contains(bad.split('=').next().unwrap())
                || bad.contains("reference"),
            "{error}"
        );
    }
    assert_eq!(set("staeg=Lead")["suggestions"][0], "stage");
    let error = set("owner=aba@example.com");
    assert_eq!(error["suggestions"][0], "ada@example.com");
    assert_eq!(error["allowed"].as_array().unwrap().len(), 4);
    let twice = ["update-deal", "name:Globex renewal", "--stage", "Lead", "--set", "stage=Lost"];
    assert_eq!(workspace.run(&twice).error(2)["kind"], "usage");
    for args in [&["--set", "stage"] as &[&str], &["--set", "=x"]] {
        assert_eq!(workspace.run(&[&["update-deal", "name:Globex renewal"], args].concat()).code, 2);
    }
    assert_eq!((workspace.writes(), workspace.place.audit().len()), (0, 0));
}

#[test]
fn an_unknown_stage_suggests_the_right_one() {
    let place = Place::new();
    let error = place.sandbox(&["update-deal", "name:Globex renewal", "--set", "stage=Wno"]).error(2);
    assert_eq!(error["suggestions"], json!(["Won 🎉"]));
    assert_eq!(error["allowed"], json!(["Lead", "In Progress", "Won 🎉", "Lost"]));
    assert!(place.audit().is_empty());
}

#[test]
fn what_is_new_in_attio_is_known_at_the_second_look() {
    let workspace = Workspace::new();
    let lead = ["update-deal", "name:Globex renewal", "--set", "stage=Lead"];
    workspace.run(&lead).json();
    workspace.choose("stage", "statuses", &["Paused"]);
    workspace.define("zip", "text", false, json!({}));
    let paused = ["update-deal", "name:Globex renewal", "--set", "stage=paused", "--set", "zip=02139"];
    assert_eq!(workspace.run(&paused).json()["values"]["stage"], "Paused");
    let fetched =
        workspace.server.count("GET", "/v2/objects/deals/attributes?show_archived=true&limit=500&offset=0");
    assert_eq!(fetched, 2, "once, and once more for what was not known");
}

#[test]
fn references_keep_to_the_objects_of_their_attribute() {
    let workspace = Workspace::new();
    let allowed = |objects: Value| json!({"record_reference": {"allowed_objects": objects}});
    workspace.define("partner", "record-reference", false, allowed(json!(["companies"])));
    workspace.define("contact", "record-reference", false, allowed(json!(["companies", "people"])));
    let set = |text: &str| workspace.run(&["update-deal", "name:Globex renewal", "--set", text]);
    for (text, object) in [
        ("partner=acme.com", "companies"),
        ("partner=name:Acme", "companies"),
        ("contact=acme.com", "companies"),
        ("contact=jane@acme.com", "people"),
    ] {
        let slug = text.split('=').next().unwrap();
        assert_eq!(set(text).json()["values"][slug]["object"], object, "{text}");
    }
    let deal = set("contact=acme.com").json()["web_url"].as_str().unwrap().to_owned();
    for wrong in ["partner=jane@acme.com", "contact=name:Acme", &format!("contact={deal}")] {
        assert_eq!(set(wrong).error(2)["kind"], "usage", "{wrong}");
    }
    assert_eq!(set("partner=nobody.example.com").error(3)["kind"], "not_found");
}

#[test]
fn what_was_archived_or_renamed_in_attio_is_noticed() {
    let workspace = Workspace::new();
    workspace.define("zip", "text", false, json!({}));
    workspace.define("size", "select", false, json!({}));
    workspace.choose("size", "options", &["Small", "Large"]);
    let set = |text: &str| workspace.run(&["update-deal", "name:Globex renewal", "--set", text]);
    set("zip=1").json();
    let attributes = "/v2/objects/deals/attributes";
    workspace.send("PATCH", &format!("{attributes}/size"), json!({"data": {"api_slug": "dimension"}}));
    assert_eq!(set("dimension=small").json()["values"]["dimension"], "Small");
    workspace.send(
        "PATCH",
        &format!("{attributes}/dimension/options/Large"),
        json!({"data": {"is_archived": true}}),
    );
    workspace.send("PATCH", &format!("{attributes}/zip"), json!({"data": {"is_archived": true}}));
    let refresh = workspace.run(&["list-attributes", "deals", "--refresh"]).json();
    let slugs: Vec<&Value> = refresh.as_array().unwrap().iter().map(|row| &row["slug"]).collect();
    assert!(!slugs.contains(&&json!("zip")) && slugs.contains(&&json!("dimension")), "{slugs:?}");
    for archived in ["zip=2", "dimension=Large"] {
        let message = set(archived).error(2)["message"].to_string();
        assert!(message.contains("archived"), "{message}");
    }
    let search = workspace.run(&["search-deals", "--filter", "zip=1"]);
    assert!(search.error(2)["message"].to_string().contains("archived"));
}

#[test]
fn a_key_that_may_not_list_members_can_name_them() {
    let server = Recorder::new(&["GET /v2/workspace_members=status:403*"]);
    let args = ["update-deal", "name:Globex renewal", "--set", "owner=ada@example.com"];
    let deal = Place::new().against(&server.base_url, &args).json();
    assert_eq!(deal["changed"][0]["attribute"], "owner");
    let sent = server.seen().pop().unwrap();
    let expected = json!([{"workspace_member_email_address": "ada@example.com"}]);
    assert_eq!(sent.body["data"]["values"]["owner"], expected);
}

#[test]
fn lists_are_emptied_by_replacing_them() {
    let place = Place::new();
    let tags = |args: &[&str]| place.sandbox(&[&["update-company", "acme.com"], args].concat());
    let cleared = tags(&["--clear", "categories", "--clear", "description"]).json();
    assert!(cleared["values"].get("categories").is_none() && cleared["values"].get("description").is_none());
    let changed = &cleared["changed"][0];
    let expected = json!({"attribute": "categories", "before": ["B2B", "Manufacturing"], "after": null});
    assert_eq!(changed, &expected);
    let mixed = ["--clear", "team", "--domain", "acme.example.com"];
    let both = tags(&mixed).json();
    assert_eq!(
        both["values"]["domains"],
        json!(["acme.com", "acme.example.com"]),
        "only the team is cleared"
    );
    let replaced = tags(&["--domain", "acme.example.com", "--replace"]).json();
    assert_eq!(replaced["values"]["domains"], json!(["acme.example.com"]));
}

#[test]
fn an_update_says_what_changed() {
    let place = Place::new();
    let update = ["update-deal", "name:Globex renewal", "--stage", "Won 🎉", "--value", "240000"];
    let deal = place.sandbox(&update).json();
    let stage = json!({"attribute": "stage", "before": "In Progress", "after": "Won 🎉"});
    assert_eq!(deal["changed"], json!([stage]), "the value was so before");
    assert_eq!(place.sandbox(&update).json()["changed"], json!([]));
    let table = place.sandbox(&[
        "update-deal",
        "name:Globex renewal",
        "--stage",
        "Lead",
        "--fields",
        "changed",
        "-o",
        "table",
    ]);
    assert_eq!(table.stdout, "changed  stage: Won 🎉 -> Lead\n");
    let raw = place.sandbox(&["update-deal", "name:Globex renewal", "--stage", "Lead", "--raw"]).json();
    assert!(raw.get("changed").is_none(), "Attio's own JSON");
}

#[test]
fn an_expectation_guards_an_update() {
    let workspace = Workspace::new();
    let update = |expect: &[&str]| {
        let expects: Vec<&str> = expect.iter().flat_map(|text| ["--expect", text]).collect();
        workspace.run(
            &[&["update-deal", "name:Globex renewal", "--set", "stage=Lead"], expects.as_slice()].concat(),
        )
    };
    let error = update(&["stage=Lost"]).error(7);
    assert_eq!((&error["kind"], &error["present"]), (&json!("conflict"), &json!("In Progress")));
    assert_eq!(update(&["value="]).error(7)["present"], json!({"amount": 240_000, "currency": "USD"}));
    assert_eq!(update(&["stage=Wno"]).error(2)["suggestions"], json!(["Won 🎉"]));
    assert_eq!(workspace.writes(), 0);
    update(&[
        "stage=in progress",
        "value=240000.00",
        "owner=ben@example.com",
        "associated_company=globex.com",
        "associated_people=mindy@globex.com",
        "associated_people=hank@globex.com",
        "name=Globex renewal",
    ])
    .json();
    assert_eq!(update(&["stage=In Progress"]).error(7)["present"], "Lead");
    assert_eq!(workspace.writes(), 1);
}

#[test]
fn an_update_without_an_effect_says_so() {
    let place = Place::new();
    let update = ["update-company", "acme.com", "--description", "Makes everything"];
    assert_eq!(place.sandbox(&update).stderr, "");
    let nothing = "nothing to change: the record has these values already";
    let again = place.sandbox(&update);
    assert_eq!(again.json()["changed"], json!([]));
    assert_eq!(again.stderr, format!("{{\"remark\":\"{nothing}\"}}\n"));
    let removed = place.sandbox(&[
        "update-company",
        "acme.com",
        "--remove",
        "domains=x.example.com",
        "-o",
        "csv",
        "--fields",
        "name",
    ]);
    assert_eq!(removed.stderr, format!("{nothing}\n"));
    assert_eq!(place.sandbox(&[&update[..], &["--quiet"]].concat()).stderr, "");
}
