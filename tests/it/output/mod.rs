//! What reaches stdout and stderr, in every format.

mod csv;
mod hostile;
mod secret;

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use attio_crm::error::{Error, Kind, Reason};
use attio_crm::output::{Compact, Format, Item, Output, Receipt, Screen, Settings, is_closed_pipe};
use attio_crm::values::Many;
use attio_crm::values::names::Names;
use serde_json::value::RawValue;
use serde_json::{Value, json};

const ALL: Receipt =
    Receipt { before: 0, returned: 2, complete: Some(true), next_offset: None, next_cursor: None };
const TERMINAL: Screen = Screen { terminal: true, colour: false, width: Some(80) };
const PIPE: Screen = Screen { terminal: false, colour: false, width: None };

/// Bytes that both the output and the test hold.
#[derive(Clone, Default)]
struct Tape(Rc<RefCell<Vec<u8>>>);

impl Tape {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A writer that fails from the first byte on.
struct Broken(io::ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a use of the output left behind.
#[must_use]
struct Shown {
    stdout: String,
    stderr: String,
    result: Result<(), Error>,
}

fn shown(settings: Settings, screen: Screen, act: impl FnOnce(&mut Output) -> Result<(), Error>) -> Shown {
    let (out, err) = (Tape::default(), Tape::default());
    let mut output = Output::new(settings, Box::new(out.clone()), Box::new(err.clone()), screen);
    let result = act(&mut output).and_then(|()| output.finish());
    drop(output);
    Shown { stdout: out.text(), stderr: err.text(), result }
}

fn list(settings: Settings, screen: Screen, items: &[Item]) -> Shown {
    shown(settings, screen, |output| {
        output.begin(["name", "amount", "tags"].map(str::to_owned).to_vec(), many(), Vec::new());
        items.iter().try_for_each(|item| output.row(item.raw(), &Names::default()))?;
        output.end(&ALL)
    })
}

fn one(settings: Settings, screen: Screen, item: &Item) -> Shown {
    shown(settings, screen, |output| output.one(item))
}

fn settings(format: Format) -> Settings {
    Settings { format: Some(format), ..Settings::default() }
}

fn fields(format: Format, names: &[&str]) -> Settings {
    Settings { fields: names.iter().map(|&name| name.to_owned()).collect(), ..settings(format) }
}

/// What is known of the attributes of the records below.
fn many() -> Many {
    Many::new(
        [("tags", true), ("company", false), ("owner", false)].map(|(slug, many)| (slug.to_owned(), many)),
    )
}

/// Two records as Attio would send them.
fn records() -> [Item; 2] {
    let raw = |id: &str, name: &str, amount: &str| {
        let at = "2026-01-02T03:04:05.123456789Z";
        let text = format!(
            r#"{{"id":{{"workspace_id":"w","object_id":"deals","record_id":"{id}"}},"created_at":"{at}","values":{{
            "name":[{{"value":"{name}","attribute_type":"text"}}],
            "amount":[{{"currency_value":{amount},"currency_code":"EUR","attribute_type":"currency"}}],
            "tags":[{{"option":{{"title":"red"}},"attribute_type":"select"}},{{"option":{{"title":"blue"}},"attribute_type":"select"}}],
            "owner":[{{"referenced_actor_type":"workspace-member","referenced_actor_id":"m1","attribute_type":"actor-reference"}}],
            "contact":[{{"first_name":"Ada","last_name":"L","full_name":"Ada L","attribute_type":"personal-name"}}],
            "company":[{{"target_object":"companies","target_record_id":"c1","attribute_type":"record-reference"}}],
            "created_at":[{{"value":"{at}","attribute_type":"timestamp"}}],"unset":[]}}}}"#
        );
        RawValue::from_string(text.replace('\n', "")).unwrap()
    };
    [("r1", "Alpha", "1.50"), ("r2", r#"Beta, \"B\""#, "7")]
        .map(|(id, name, amount)| Item::new(raw(id, name, amount)).by(many()))
}

#[test]
fn a_list_is_one_array_with_a_row_a_line() {
    let shown = list(Settings::default(), PIPE, &records());
    let lines: Vec<&str> = shown.stdout.lines().collect();
    assert_eq!((lines.len(), lines[0], lines[3]), (4, "[", "]"));
    let parsed: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(
        (&parsed[0]["record_id"], &parsed[1]["values"]["name"]),
        (&json!("r1"), &json!("Beta, \"B\""))
    );
    assert_eq!(shown.stderr, "");
}

#[test]
fn one_thing_is_an_object_and_pretty_for_people_only() {
    let item = Item::own(serde_json::from_value(json!({ "kind": "record", "record_id": null })).unwrap());
    let shown = one(Settings::default(), PIPE, &item);
    assert_eq!(shown.stdout, "{\"kind\":\"record\",\"record_id\":null}\n");
    let shown = one(settings(Format::Json), TERMINAL, &item);
    assert_eq!(shown.stdout, "{\n  \"kind\": \"record\",\n  \"record_id\": null\n}\n");
    let shown = list(settings(Format::Json), TERMINAL, &[item.clone(), item]);
    assert!(shown.stdout.starts_with("[\n  {\n    \"kind\": \"record\",\n"), "{}", shown.stdout);
    serde_json::from_str::<Value>(&shown.stdout).unwrap();
}

#[test]
fn ndjson_and_ids_take_a_line_each() {
    let shown = list(settings(Format::Ndjson), TERMINAL, &records());
    assert_eq!(shown.stdout.lines().filter(|line| serde_json::from_str::<Compact>(line).is_ok()).count(), 2);
    assert_eq!(list(settings(Format::Ids), PIPE, &records()).stdout, "r1\nr2\n");
    assert_eq!(one(settings(Format::Ids), PIPE, &records()[0]).stdout, "r1\n");
}

#[test]
fn a_table_is_the_default_for_people() {
    let shown = list(Settings::default(), TERMINAL, &records());
    let expected = "\
name       amount   tags
Alpha      1.5 EUR  red; blue
Beta, \"B\"  7 EUR    red; blue
";
    assert_eq!(shown.stdout, expected);
}

#[test]
fn the_header_is_bold_with_colour_only() {
    let colour = Screen { colour: true, ..TERMINAL };
    assert!(list(Settings::default(), colour, &records()).stdout.starts_with("\x1b[1mname"));
    assert!(!list(Settings::default(), TERMINAL, &records()).stdout.contains('\x1b'));
}

#[test]
fn one_thing_as_a_table_has_a_line_for_each_field() {
    let shown = one(Settings::default(), TERMINAL, &records()[0]);
    assert!(shown.stdout.starts_with("record_id   r1\nobject      deals\n"), "{}", shown.stdout);
    for line in ["contact     Ada L", "company     c1", "owner       m1", "tags        red; blue"] {
        assert!(shown.stdout.lines().any(|shown| shown == line), "{line} in {}", shown.stdout);
    }
    assert_eq!(shown.stdout.matches("created_at").count(), 1, "{}", shown.stdout);
}

#[test]
fn fields_select_in_order_and_unset_ones_are_null() {
    let shown = list(fields(Format::Ndjson, &["unset", "name", "record_id"]), PIPE, &records());
    assert_eq!(shown.stdout.lines().next(), Some(r#"{"unset":null,"name":"Alpha","record_id":"r1"}"#));
    let shown = list(fields(Format::Table, &["unset", "name"]), PIPE, &records()[..1]);
    assert_eq!(shown.stdout, "unset  name\n       Alpha\n");
}

#[test]
fn an_unknown_field_is_named_before_anything_is_printed() {
    for format in [Format::Json, Format::Ndjson, Format::Csv, Format::Table] {
        let named = |shown: Shown| {
            let error = shown.result.unwrap_err();
            assert_eq!((error.kind(), shown.stdout.as_str()), (Kind::Usage, ""), "{format:?}");
            let lines = error.to_lines().join("\n");
            assert!(
                lines.contains("\"nmae\"") && lines.contains("name") && lines.contains("unset"),
                "{lines}"
            );
        };
        named(list(fields(format, &["name", "nmae"]), PIPE, &records()));
        named(one(fields(format, &["name", "nmae"]), PIPE, &records()[0]));
    }
}

#[test]
fn raw_is_attios_text_byte_for_byte() {
    let raw = Settings { raw: true, ..Settings::default() };
    let [first, second] = records();
    let expected = format!("[\n{},\n{}\n]\n", first.raw(), second.raw());
    assert_eq!(list(raw.clone(), TERMINAL, &[first.clone(), second]).stdout, expected);
    assert_eq!(one(raw.clone(), PIPE, &first).stdout, format!("{}\n", first.raw()));
    assert!(expected.contains("1.50"));
    let lines = Settings { format: Some(Format::Ndjson), ..raw };
    let spread = Item::new(RawValue::from_string("{\n\t\"a\": 1\n}".into()).unwrap());
    assert_eq!(list(lines, PIPE, &[spread.clone(), spread]).stdout.lines().count(), 2);
}

#[test]
fn settings_that_exclude_each_other_are_refused() {
    let raw = |settings: Settings| Settings { raw: true, ..settings };
    for clash in [
        raw(settings(Format::Table)),
        raw(settings(Format::Csv)),
        raw(settings(Format::Ids)),
        raw(fields(Format::Json, &["name"])),
        fields(Format::Ids, &["name"]),
    ] {
        assert_eq!(clash.check().unwrap_err().kind(), Kind::Usage);
        let shown = list(clash, PIPE, &records());
        assert_eq!((shown.result.unwrap_err().kind(), shown.stdout.as_str()), (Kind::Usage, ""));
    }
}

#[test]
fn an_empty_list_is_a_result() {
    let empty = |format, quiet| list(Settings { quiet, ..settings(format) }, PIPE, &[]);
    assert_eq!(empty(Format::Json, false).stdout, "[]\n");
    assert_eq!(empty(Format::Ndjson, false).stdout, "");
    assert_eq!(empty(Format::Csv, false).stdout, "name,amount,tags\n");
    let table = empty(Format::Table, false);
    assert_eq!((table.stdout.as_str(), table.stderr.as_str()), ("", "No results.\n"));
    assert_eq!(empty(Format::Table, true).stderr, "");
}

#[test]
fn a_list_that_stopped_early_says_so() {
    let stopped = |format, quiet| {
        shown(Settings { quiet, ..settings(format) }, PIPE, |output| {
            output.begin(["name"].map(str::to_owned).to_vec(), many(), Vec::new());
            output.row(records()[0].raw(), &Names::default())?;
            output.end(&Receipt {
                before: 10,
                returned: 1,
                complete: Some(false),
                next_offset: Some(11),
                next_cursor: None,
            })
        })
        .stderr
    };
    let meta = "{\"meta\":{\"returned\":1,\"complete\":false,\"next_offset\":11}}\n";
    for format in [Format::Json, Format::Ndjson] {
        assert_eq!(stopped(format, false), meta);
        assert_eq!(stopped(format, true), "", "quiet is what was asked for");
    }
    let words = stopped(Format::Table, false);
    assert!(words.contains("--offset 11") && words.contains("--all"), "{words}");
    assert_eq!(stopped(Format::Table, true), "");
}

#[test]
fn a_list_that_failed_half_way_is_no_whole_array() {
    let shown = shown(settings(Format::Json), PIPE, |output| {
        output.begin(["name"].map(str::to_owned).to_vec(), many(), Vec::new());
        output.row(records()[0].raw(), &Names::default())
    });
    assert!(serde_json::from_str::<Value>(&shown.stdout).is_err(), "{}", shown.stdout);
}

#[test]
fn rows_found_before_a_failure_are_shown_before_it() {
    let shown = shown(settings(Format::Table), PIPE, |output| {
        output.begin(["name"].map(str::to_owned).to_vec(), many(), Vec::new());
        output.row(records()[0].raw(), &Names::default())?;
        output.error(&Error::failure("the second page did not come"));
        Ok(())
    });
    assert_eq!(shown.stdout, "name\nAlpha\n");
    assert_eq!(shown.stderr, "error: the second page did not come\n");
}

#[test]
fn errors_are_one_object_or_lines() {
    let error = || {
        let reason =
            Reason { status: 404, message: Some("gone \u{9b}2J\nDelete? y".into()), ..Reason::default() };
        Error::new(Kind::NotFound, "no such record").hint("search for it").reason(reason)
    };
    let say = |format| {
        shown(settings(format), PIPE, |output| {
            output.error(&error());
            Ok(())
        })
        .stderr
    };
    let json: Value = serde_json::from_str(&say(Format::Json)).unwrap();
    assert_eq!((&json["error"]["kind"], &json["error"]["status"]), (&json!("not_found"), &json!(404)));
    assert!(json["error"]["message"].as_str().unwrap().contains("\u{9b}2J\nDelete"));
    let lines = say(Format::Table);
    assert_eq!(lines.lines().count(), 3, "{lines}");
    assert!(lines.contains("gone \\u{9b}2J\\nDelete? y"), "{lines}");
}

#[test]
fn remarks_and_traces_follow_the_settings() {
    let say = |format, quiet, verbose| {
        shown(Settings { quiet, verbose, ..settings(format) }, PIPE, |output| {
            output.note("waiting\u{1b}[2J");
            output.trace("GET /v2/self");
            Ok(())
        })
    };
    assert_eq!(say(Format::Table, false, false).stderr, "waiting\\u{1b}[2J\n");
    assert_eq!(say(Format::Csv, true, true).stderr, "GET /v2/self\n");
    assert_eq!(say(Format::Json, false, true).stdout, "");
    for format in [Format::Json, Format::Ndjson] {
        let lines = "{\"remark\":\"waiting\\u001b[2J\"}\n{\"trace\":\"GET /v2/self\"}\n";
        assert_eq!(say(format, false, true).stderr, lines);
    }
}

#[test]
fn a_closed_pipe_can_be_told_from_a_full_disk() {
    let write = |kind| {
        let mut output =
            Output::new(settings(Format::Json), Box::new(Broken(kind)), Box::new(Tape::default()), PIPE);
        output.one(&records()[0]).and_then(|()| output.finish()).unwrap_err()
    };
    assert!(is_closed_pipe(&write(io::ErrorKind::BrokenPipe)));
    let full = write(io::ErrorKind::StorageFull);
    assert!(!is_closed_pipe(&full));
    assert_eq!((full.kind(), full.to_string().as_str()), (Kind::Failure, "cannot write the result"));
}

#[test]
fn a_long_table_comes_in_batches_with_one_header() {
    let row = |n: usize| {
        Item::own(serde_json::from_value(json!({ "name": format!("n{n}"), "amount": n })).unwrap())
    };
    let items: Vec<Item> = (0..1203).map(row).collect();
    let shown = list(settings(Format::Table), PIPE, &items);
    assert_eq!(shown.stdout.lines().count(), 1204);
    assert_eq!(shown.stdout.matches("amount").count(), 1);
    assert!(shown.stdout.ends_with("n1202    1202\n"), "{}", &shown.stdout[shown.stdout.len() - 40..]);
}
