//! CSV: exact for programs, harmless for spreadsheets, and honest about what it leaves out.

use super::*;
use crate::common::Place;

#[test]
fn csv_quotes_and_keeps_what_it_is_given() {
    let shown = list(fields(Format::Csv, &["record_id", "name", "tags"]), PIPE, &records());
    assert_eq!(shown.stdout, "record_id,name,tags\nr1,Alpha,red; blue\nr2,\"Beta, \"\"B\"\"\",red; blue\n");
    let hostile = Item::own(serde_json::from_value(json!({ "name": "=1+1\n\u{202e}\u{1b}" })).unwrap());
    assert_eq!(one(settings(Format::Csv), PIPE, &hostile).stdout, "name\n\"=1+1\n\u{202e}\u{1b}\"\n");
    assert_eq!(one(settings(Format::Csv), TERMINAL, &hostile).stdout, "name\n=1+1\\n\\u{202e}\\u{1b}\n");
}

#[test]
fn what_csv_leaves_out_is_named() {
    let left_out = |settings: Settings| list(settings, PIPE, &records()).stderr;
    let told = left_out(settings(Format::Csv));
    assert_eq!(
        told,
        "CSV has 3 of 11 fields; --fields A,B,C takes others: \
         record_id,object,web_url,created_at,owner,contact,company,unset\n"
    );
    assert_eq!(left_out(fields(Format::Csv, &["name"])), "");
    assert_eq!(left_out(Settings { quiet: true, ..settings(Format::Csv) }), "");
    assert_eq!(left_out(settings(Format::Ndjson)), "");
}

#[test]
fn every_field_that_json_has_is_in_csv_or_named() {
    let place = Place::new();
    let rows = place.sandbox(&["search-people", "j", "--all"]).json();
    let csv = place.sandbox(&["search-people", "j", "--all", "-o", "csv"]);
    let header: Vec<&str> = csv.stdout.lines().next().unwrap().split(',').collect();
    let (_, left_out) = csv.stderr.trim().rsplit_once(' ').unwrap();
    for row in rows.as_array().unwrap() {
        let top = row.as_object().unwrap().keys().filter(|name| *name != "values");
        for name in top.chain(row["values"].as_object().unwrap().keys()) {
            assert!(header.contains(&name.as_str()) || left_out.split(',').any(|n| n == name), "{name}");
        }
    }
    let all = place.sandbox(&["search-people", "j", "--all", "-o", "csv", "--fields", left_out]);
    assert_eq!((all.code, all.stderr.as_str()), (0, ""));
}

#[test]
fn no_cell_of_a_safe_file_runs_as_a_formula() {
    let safe = Settings { excel_safe: true, ..settings(Format::Csv) };
    for text in ["=1+1", "+49 30", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\"=1\"", "\n@x", "＝1"] {
        let item = Item::own(
            serde_json::from_value(json!({ "name": text, "amount": -5, "tags": ["a", text] })).unwrap(),
        );
        let shown = list(safe.clone(), PIPE, std::slice::from_ref(&item)).stdout;
        let mut reader = ::csv::Reader::from_reader(shown.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(&row[0], format!("'{text}"), "text");
        assert_eq!((&row[1], &row[2]), ("-5", &*format!("a; {text}")), "numbers and harmless texts stay");
        assert!(shown.lines().next().unwrap().starts_with("\"name\""), "all is quoted: {shown}");
        let exact = list(settings(Format::Csv), PIPE, &[item]).stdout;
        let row = ::csv::Reader::from_reader(exact.as_bytes()).records().next().unwrap().unwrap();
        assert_eq!(&row[0], text, "without the flag a file is exact");
    }
    let place = Place::new();
    for format in [&["-o", "json"][..], &["-o", "table"], &[]] {
        let args = [&["search-companies", "a", "--excel-safe"], format].concat();
        assert!(place.sandbox(&args).code == 2, "{format:?}");
    }
}

#[test]
fn an_amount_and_its_currency_have_a_column_each() {
    let place = Place::new();
    let csv = |args: &[&str]| place.sandbox(&[args, &["-o", "csv", "--quiet"]].concat()).stdout;
    // The first row has no value: the definition tells.
    let deals = csv(&["search-deals", "--fields", "name,value", "--offset", "1", "--all"]);
    let mut lines = deals.lines();
    assert_eq!(lines.next(), Some("name,value.amount,value.currency"));
    assert_eq!(lines.next(), Some("Willow Bank assessment,,"));
    assert!(deals.contains("\nGlobex renewal,240000,USD\n"), "{deals}");
    let one = csv(&["get-deal", "Globex renewal", "--fields", "name,value"]);
    assert_eq!(one, "name,value.amount,value.currency\nGlobex renewal,240000,USD\n");
    assert_eq!(
        csv(&["search-deals", "globex renewal", "--fields", "value.amount"]),
        "value.amount\n240000\n"
    );
}

#[test]
fn all_fields_are_those_that_are_not_set_too() {
    let place = Place::new();
    let all = |format| place.sandbox(&["search-deals", "--limit", "2", "--fields", "all", "-o", format]);
    let csv = all("csv").stdout;
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    for name in ["record_id", "web_url", "name", "value.amount", "associated_people", "created_by"] {
        assert!(header.contains(&name), "{header:?}");
    }
    let rows = all("json").json();
    assert!(rows[1].as_object().unwrap().contains_key("value") && rows[1]["value"].is_null(), "{rows}");
    let kept = place.sandbox(&["get-company", "acme.com", "--fields", "all"]).json();
    assert!(kept["twitter"].is_null() && kept["name"] == "Acme", "{kept}");
    let error = place.sandbox(&["search-deals", "--fields", "all,name"]).error(2);
    assert_eq!(error["hint"], "all stands alone: --fields all");
    // Of several kinds each has its own.
    let rows = place.sandbox(&["search", "acme", "--fields", "all"]).json();
    for (object, field) in [("companies", "domains"), ("people", "email_addresses"), ("deals", "stage")] {
        let row = rows.as_array().unwrap().iter().find(|row| row["object"] == object).unwrap();
        assert!(!row[field].is_null(), "{object}: {row}");
    }
    let csv = place.sandbox(&["search", "acme", "--fields", "all", "-o", "csv"]);
    let header = csv.stdout.lines().next().unwrap();
    assert!(
        ["domains", "email_addresses", "stage", "value.amount"].iter().all(|name| header.contains(name)),
        "{header}"
    );
    assert_eq!((csv.code, csv.stderr.as_str()), (0, ""));
}
