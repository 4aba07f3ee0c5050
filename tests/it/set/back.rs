//! What was read is written back: every type, with texts that mean something to shells, JSON and terminals.

use super::Workspace;
use serde_json::{Map, Value, json};

/// Pieces of texts. No NUL, which cannot be in an argument.
const PIECES: [&str; 30] = [
    "=",
    "a=b",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\u{1b}[31m",
    "\u{202e}",
    "'",
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "{\"a\":1}",
    "[\"x\"]",
    "null",
    "true",
    "02139",
    "1e9",
    "--all",
    "@file",
    "$(id)",
    "`",
    "é",
    "e\u{301}",
    "🎉",
    "\u{e0041}",
    "name:x",
    ",",
];

const TITLES: [&str; 6] = ["[\"x\"]", "a=b", " Lead ", "{}", "Ünï", "it's, \"so\""];

/// Numbers that follow from the first, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn text(&mut self) -> String {
        let text: String = (0..=self.below(4)).map(|_| self.pick(&PIECES)).collect();
        if text.trim().is_empty() { self.text() } else { text }
    }

    fn decimal(&mut self) -> f64 {
        f64::from_bits(0x3ff0_0000_0000_0000 | self.0 >> 12) * [1.0, -1e-7, 1e12][self.below(3)]
    }

    fn part(&mut self) -> Value {
        if self.below(3) == 0 { Value::Null } else { self.text().into() }
    }
}

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    for kind in ["text", "number", "checkbox", "currency", "date", "timestamp", "rating", "location"] {
        workspace.define(&format!("a_{kind}"), kind, false, json!({}));
    }
    for kind in ["select", "record-reference", "actor-reference", "domain", "email-address", "phone-number"] {
        let slug = kind.replace('-', "_");
        workspace.define(&format!("a_{slug}"), kind, false, json!({}));
        workspace.define(&format!("many_{slug}"), kind, true, json!({}));
    }
    workspace.define("a_status", "status", false, json!({}));
    workspace.choose("a_status", "statuses", &TITLES);
    workspace.choose("a_select", "options", &TITLES);
    workspace.choose("many_select", "options", &TITLES);
    workspace
}

/// A value of each type.
fn values(dice: &mut Dice, people: &[String], member: &str) -> Map<String, Value> {
    let place = ["line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode"];
    let mut location: Map<String, Value> =
        place.map(|name| (name.to_owned(), dice.part())).into_iter().collect();
    location.extend(
        [("country_code", "DE"), ("latitude", "52.5"), ("longitude", "-13.40")]
            .map(|(k, v)| (k.into(), v.into())),
    );
    let nanos =
        jiff::Timestamp::new(1_700_000_000, i32::try_from(dice.below(1_000_000_000)).unwrap()).unwrap();
    let person = |at: usize| json!({"target_object": "people", "target_record_id": people[at]});
    let domain = ["a.example.com", "shop.example.com", "xn--mnchen-3ya.example.com"];
    let (first, second) = (dice.below(people.len()), dice.below(people.len()));
    let actor = json!([{"referenced_actor_type": "workspace-member", "referenced_actor_id": member}]);
    let emails = ["O'Neil+{x}@Mail.example.com", "a=b@example.com", "ann@example.com"];
    let all = json!({
        "a_text": dice.text(), "a_number": dice.decimal(), "a_checkbox": dice.below(2) == 0,
        "a_currency": dice.decimal().abs().min(1e9), "a_date": format!("20{:02}-02-28", dice.below(100)),
        "a_timestamp": nanos.to_string(), "a_rating": dice.below(6), "a_location": location,
        "a_select": dice.pick(&TITLES), "many_select": [dice.pick(&TITLES), dice.pick(&TITLES)],
        "a_status": dice.pick(&TITLES),
        "a_record_reference": [person(first)], "many_record_reference": [person(first), person(second)],
        "a_actor_reference": actor, "many_actor_reference": actor,
        "a_domain": [{"domain": dice.pick(&domain)}], "many_domain": domain.map(|domain| json!({"domain": domain})),
        "a_email_address": [{"email_address": dice.pick(&emails)}],
        "many_email_address": emails.map(|email| json!({"email_address": email})),
        "a_phone_number": [{"original_phone_number": "+49 (30) 12-34.56"}],
        "many_phone_number": [{"original_phone_number": "+1 520 555 0101"}, {"original_phone_number": "030 123456", "country_code": "DE"}],
    });
    all.as_object().unwrap().clone()
}

/// `--set` arguments for compact values, as somebody would make them: texts as they are, the rest as JSON.
fn sets(values: &Map<String, Value>) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    values.iter().flat_map(|(slug, value)| ["--set".to_owned(), format!("{slug}={}", text(value))]).collect()
}

fn mine(record: &Value) -> Map<String, Value> {
    let values = record["values"].as_object().unwrap().clone();
    values.into_iter().filter(|(slug, _)| slug.starts_with("a_") || slug.starts_with("many_")).collect()
}

#[test]
fn what_was_read_is_written_back_the_same() {
    let workspace = workspace();
    let people = workspace.run(&["search-people", "--company", "acme.com", "-o", "ids"]);
    let people: Vec<String> = people.stdout.lines().map(str::to_owned).collect();
    let source = workspace.run(&["get-deal", "name:Globex renewal"]).json();
    let member = source["values"]["owner"]["id"].as_str().unwrap().to_owned();
    let source = source["record_id"].as_str().unwrap();
    let mut dice = Dice(7);
    for round in 0..12 {
        let values = values(&mut dice, &people, &member);
        let path = format!("/v2/objects/deals/records/{source}");
        workspace.send("PUT", &path, json!({"data": {"values": values}}));
        let read = mine(&workspace.run(&["get-deal", source, "--rate-limit", "off"]).json());
        assert_eq!(read.len(), values.len(), "every value is shown");
        let sets = sets(&read);
        let mut args =
            vec!["update-deal", "name:Globex pilot", "--replace", "--names", "--rate-limit", "off"];
        args.extend(sets.iter().map(String::as_str));
        let written = mine(&workspace.run(&args).json());
        for (slug, value) in &read {
            assert_eq!(&written[slug], value, "round {round}: {slug}");
        }
    }
}

#[test]
fn names_are_written_back_the_same() {
    let workspace = Workspace::new();
    let mut dice = Dice(11);
    let id = workspace.run(&["search-people", "--email", "jane@acme.com", "-o", "ids"]).stdout;
    let path = format!("/v2/objects/people/records/{}", id.trim());
    for _ in 0..8 {
        let name = json!({"first_name": dice.text(), "last_name": dice.text(), "full_name": dice.text()});
        workspace.send("PUT", &path, json!({"data": {"values": {"name": name}}}));
        let read = workspace.run(&["get-person", "jane@acme.com"]).json()["values"]["name"].clone();
        let set = format!("name={read}");
        let written = workspace.run(&["update-person", "wile@acme.com", "--set", &set]).json();
        assert_eq!(written["values"]["name"], name);
    }
}
