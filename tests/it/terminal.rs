//! What a person at a terminal sees: the question before something is lost, tables that fit, no key.

use crate::common::terminal::{CTRL_C, CTRL_D, ENTER, Terminal};
use crate::common::{KEY, Place, Recorder};
use unicode_width::UnicodeWidthStr as _;

const NOTE: &str = "delete-note";

/// A note to delete, and the place it lies in.
fn note() -> (Place, String) {
    let place = Place::new();
    let made = place.sandbox(&["create-note", "acme.com", "T", "x", "-o", "json"]).json();
    (place, made["note_id"].as_str().unwrap().to_owned())
}

fn is_there(place: &Place, id: &str) -> bool {
    place.sandbox(&["get-note", id]).code == 0
}

#[test]
fn a_delete_is_done_when_the_answer_is_yes() {
    for answer in ["y", "Y", "yes", " y "] {
        let (place, id) = note();
        let mut terminal = place.terminal(80, &[NOTE, &id]);
        terminal.wait_for("[y/N]");
        terminal.type_in(&format!("{answer}{ENTER}"));
        assert_eq!(terminal.finish().code, 0, "{answer:?}");
        assert!(!is_there(&place, &id), "{answer:?}");
    }
}

#[test]
fn any_other_answer_deletes_nothing() {
    for answer in [ENTER, CTRL_D, "n\r", "no\r", "yes please\r", "ja\r"] {
        let (place, id) = note();
        let mut terminal = place.terminal(80, &[NOTE, &id]);
        terminal.wait_for("[y/N]");
        terminal.type_in(answer);
        let screen = terminal.finish();
        assert_eq!(screen.code, 9, "{answer:?}: {screen:?}");
        assert!(screen.text.contains("not confirmed") && is_there(&place, &id), "{answer:?}: {screen:?}");
        assert!(screen.text.lines().any(|line| line.starts_with("error: ")), "a line of its own: {screen:?}");
    }
}

#[test]
fn nobody_is_asked_who_said_yes_before() {
    let (place, id) = note();
    let screen = place.terminal(80, &[NOTE, &id, "--yes"]).finish();
    assert_eq!(screen.code, 0);
    assert!(!screen.text.contains("[y/N]") && !is_there(&place, &id), "{screen:?}");
}

/// Remarks below a table are prose, and an item on its own shows its values whole: the terminal wraps them.
const TABLES: [&[&str]; 6] = [
    &["search-companies", "."],
    &["search-people", "."],
    &["search-deals"],
    &["list-notes", "acme.com"],
    &["attributes", "list", "objects", "companies"],
    &["tasks", "list"],
];

#[test]
fn no_line_of_a_table_is_wider_than_the_terminal() {
    let place = Place::new();
    for columns in [40, 80, 200] {
        for args in TABLES {
            let screen = place.terminal(columns, &[args, &["--quiet"]].concat()).finish();
            assert_eq!(screen.code, 0, "{args:?}: {screen:?}");
            for line in screen.text.lines() {
                assert!(line.width() <= usize::from(columns), "{columns}, {args:?}: {line:?} of {screen:?}");
            }
        }
    }
}

#[test]
fn ctrl_c_ends_a_request_under_way() {
    let server = Recorder::new(&["GET /v2/tasks=commit-hang*"]);
    let place = Place::new();
    let mut command = place.command(&["tasks", "list"]);
    command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url);
    let mut terminal = Terminal::start(command, 80);
    while server.seen().is_empty() {
        std::thread::yield_now();
    }
    terminal.type_in(CTRL_C);
    assert_eq!(terminal.finish().code, 130);
}

#[test]
fn the_key_is_never_on_the_screen() {
    let server = Recorder::new(&[]);
    let place = Place::new();
    for args in
        [&["get-company", "acme.com", "-v"] as &[&str], &["get-company", "nobody.example", "-v"], &["--help"]]
    {
        let mut command = place.command(args);
        command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url);
        // `finish` looks for it.
        let screen = Terminal::start(command, 80).finish();
        assert!(screen.text.len() > 40, "{screen:?}");
    }
}

#[test]
fn the_question_names_what_is_lost_and_ctrl_c_ends_it() {
    let place = Place::new();
    for (args, names) in [
        (
            &["records", "delete", "companies", "name:Acme"] as &[&str],
            &["Delete company \"Acme\" <acme.com>? Its list entry goes with it. This cannot be undone. [y/N]"]
                as &[&str],
        ),
        (
            &["records", "delete", "people", "jane@acme.com"],
            &["Delete person \"Jane Doe\" <jane@acme.com>? It is in no list."],
        ),
        (
            &[
                "records",
                "merge",
                "companies",
                "--primary-record-id",
                "acme.com",
                "--secondary-record-id",
                "globex.com",
            ],
            &["\"Acme\"", "\"Globex"],
        ),
    ] {
        let mut terminal = place.terminal(100, args);
        terminal.wait_for("[y/N]");
        terminal.type_in(CTRL_C);
        let screen = terminal.finish();
        assert_eq!(screen.code, 130, "{args:?}: {screen:?}");
        assert!(screen.text.lines().any(|line| line == "error: interrupted"), "{screen:?}");
        for name in names {
            assert!(screen.text.contains(name), "{args:?}: {screen:?}");
        }
    }
    assert_eq!(place.sandbox(&["get-company", "acme.com"]).code, 0);
}

#[test]
fn what_is_written_to_a_sandbox_that_a_variable_asks_for_is_marked() {
    let marked = |args: &[&str]| {
        let place = Place::new();
        let mut command = place.command(args);
        command.env("ATTIO_SANDBOX", "1");
        let screen = Terminal::start(command, 80).finish();
        assert_eq!(screen.code, 0, "{args:?}: {screen:?}");
        screen.text.lines().any(|line| line == "written to the sandbox, not to Attio")
    };
    assert!(marked(&["create-company", "X"]));
    for silent in [
        &["create-company", "X", "--sandbox"] as &[&str],
        &["create-company", "X", "-o", "json"],
        &["create-company", "X", "--quiet"],
        &["create-company", "X", "--dry-run"],
        &["get-company", "acme.com"],
    ] {
        assert!(!marked(silent), "{silent:?}");
    }
}

/// What people look at every day.
const EVERYDAY: [&[&str]; 13] = [
    &["search", "acme", "--limit", "3"],
    &["search-companies", "north"],
    &["search-people", "--company", "acme.com"],
    &["search-deals", "--stage", "Lead"],
    &["list-notes", "acme.com"],
    &["get-deal", "name:Globex renewal"],
    &["get-company-summary", "globex.com"],
    &["get-person-summary", "jane@acme.com"],
    &["get-deal-summary", "name:Globex renewal"],
    &["entries", "query", "sales_pipeline", "--limit", "4"],
    &["tasks", "list", "--limit", "3"],
    &["meetings", "list"],
    &["threads", "list", "--record", "acme.com"],
];

#[test]
fn everyday_tables_are_as_people_would_like_them() {
    let place = Place::new();
    let mut all = String::new();
    for args in EVERYDAY {
        for columns in [40, 80, 120, 200] {
            let screen = place.terminal(columns, &[args, &["--utc", "--quiet"]].concat()).finish();
            assert_eq!(screen.code, 0, "{args:?}: {screen:?}");
            all.push_str(&format!(
                "$ {}   # {columns} columns\n{}\n",
                args.join(" "),
                screen.text.replace('\r', "")
            ));
        }
    }
    crate::golden::matches("tests/it/golden/tables.txt", &all);
}

#[test]
fn a_browser_is_started_at_a_terminal_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let (script, told) = (place.path().join("browser"), place.path().join("told"));
    std::fs::write(
        &script,
        format!("#!/bin/sh\necho \"$1 $ATTIO_API_KEY\" > {}.new && mv {0}.new {0}\n", told.display()),
    )
    .unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    let mut command = place.command(&["--sandbox", "open", "acme.com", "-o", "json"]);
    command.env("BROWSER", &script).env("ATTIO_API_KEY", KEY);
    let url = crate::common::finish(command, b"").json()["web_url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("https://app.attio.com/") && !told.exists());
    let mut command = place.command(&["--sandbox", "open", "acme.com"]);
    command.env("BROWSER", &script).env("ATTIO_API_KEY", KEY);
    let screen = Terminal::start(command, 80).finish();
    assert!(screen.code == 0 && screen.text.contains(&url), "{screen:?}");
    while !told.exists() {
        std::thread::yield_now();
    }
    assert_eq!(std::fs::read_to_string(told).unwrap().trim(), url, "and no key");
}

/// The lines of a screen that begin so, without that.
fn told<'s>(text: &'s str, begins: &str) -> Vec<&'s str> {
    text.lines().filter_map(|line| line.trim_end().strip_prefix(begins)).collect()
}

#[test]
fn a_write_is_told_in_a_line_with_its_address() {
    let place = Place::new();
    let shown = |args: &[&str]| {
        let screen = place.terminal(100, args).finish();
        assert_eq!(screen.code, 0, "{args:?}: {screen:?}");
        screen.text
    };
    let text = shown(&["create-company", "Zeta", "--domain", "zeta.example.com"]);
    let told_of = told(&text, "Created company Zeta  https://app.attio.com/sandbox/company/");
    assert_eq!(told_of.len(), 1, "{text}");
    assert!(
        text.contains(&format!("next: attio-crm --sandbox create-person EMAIL --company-id {}", told_of[0]))
    );
    for (args, line) in [
        (
            &["create-company", "Eta", "--domain", "zeta.example.com", "--upsert"] as &[&str],
            "Updated company Eta  ",
        ),
        (&["update-person", "jane@acme.com", "--job-title", "CTO"], "Updated person Jane Doe  "),
        (&["create-deal", "Zeta pilot", "--stage", "Lead"], "Created deal Zeta pilot  "),
        (&["create-note", "acme.com", "Call", "They agreed."], "Created note Call"),
        (&["create-task", "acme.com", "Send the offer"], "Created task Send the offer"),
    ] {
        assert_eq!(told(&shown(args), line).len(), 1, "{args:?}: {}", shown(args));
    }
    for silent in ["--quiet", "--dry-run", "-ojson", "-ocsv", "-oids"] {
        let text = shown(&["create-company", "Silent", "--allow-duplicate", silent]);
        assert!(!text.contains("Created") && !text.contains("next:"), "{silent}: {text}");
    }
    let piped = place.sandbox(&["create-company", "Piped", "-o", "table"]);
    assert_eq!((piped.code, piped.stderr.as_str()), (0, ""));
}

#[test]
fn what_comes_next_is_one_line_that_works_as_it_stands() {
    let place = Place::new();
    for args in [
        &["search-companies", "north"] as &[&str],
        &["search-people", "jane"],
        &["search-deals", "--stage", "Lead", "--all"],
        &["get-company", "acme.com"],
        &["get-person", "jane@acme.com"],
        &["get-deal", "Globex renewal"],
        &["list-notes", "globex.com"],
        &["tasks", "list", "--all"],
        &["lists", "list"],
        &["objects", "list"],
    ] {
        let screen = place.terminal(100, args).finish();
        let next = told(&screen.text, "next: attio-crm ");
        assert_eq!((screen.code, next.len()), (0, 1), "{args:?}: {screen:?}");
        let words: Vec<&str> = next[0].split(' ').collect();
        assert_eq!(place.run(&words).code, 0, "{next:?}");
    }
    let none = place.terminal(100, &["search-companies", "nobody-has-this"]).finish();
    let cut = place.terminal(100, &["search-companies", ".", "--limit", "2"]).finish();
    for screen in [none, cut] {
        assert!(told(&screen.text, "next:").is_empty(), "{screen:?}");
    }
}

#[test]
fn a_whole_list_tells_how_much_it_is() {
    let place = Place::new();
    let shown = |args: &[&str]| place.terminal(100, args).finish().text;
    let all = shown(&["records", "query", "companies", "--all"]);
    let count = place.sandbox(&["count", "companies"]).json()["count"].as_u64().unwrap();
    assert_eq!(told(&all, &format!("{count} of {count}")), [""], "{all}");
    let rest = shown(&["records", "query", "companies", "--offset", "3", "--all"]);
    assert_eq!(told(&rest, &format!("{} of {count}", count - 3)), [""], "{rest}");
    assert!(!shown(&["search-companies", ".", "--limit", "2"]).contains(" of "), "not known yet");
}

#[test]
fn who_waits_is_told_that_something_is_going_on() {
    let server = Recorder::new(&["GET /v2/tasks=commit-hang*"]);
    let place = Place::new();
    for (args, is_told) in [(&["tasks", "list"] as &[&str], true), (&["tasks", "list", "-q"], false)] {
        let mut command = place.command(&[args, &["--timeout", "1.3"]].concat());
        command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url);
        let screen = Terminal::start(command, 80).finish();
        assert_eq!(screen.code, 5, "{screen:?}");
        assert_eq!(screen.text.contains("Waiting for Attio (1 s)"), is_told, "{screen:?}");
        assert!(!is_told || screen.text.contains("(1 s)\rerror: "), "wiped before the error: {screen:?}");
    }
}

/// The columns in which the UUIDs of a line begin.
fn uuids(line: &str) -> Vec<usize> {
    let chars: Vec<char> = line.chars().collect();
    let is_uuid = |at: &usize| {
        let text: String = chars[*at..*at + 36].iter().collect();
        uuid::Uuid::try_parse(&text).is_ok() && (*at == 0 || !chars[*at - 1].is_ascii_alphanumeric())
    };
    let column = |at: usize| chars[..at].iter().collect::<String>().width();
    (0..chars.len().saturating_sub(35)).filter(is_uuid).map(column).collect()
}

#[test]
fn no_everyday_table_shows_a_uuid_in_the_place_of_a_name() {
    let golden =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden/tables.txt")).unwrap();
    let (mut header, mut seen, mut titled): (Vec<char>, _, _) = (Vec::new(), 0, false);
    for line in golden.lines() {
        let first = line.split_whitespace().next().unwrap_or_default();
        if titled {
            header = line.chars().collect();
        }
        // A table begins behind the command, or behind the name of a part.
        titled = first == "$" || (!line.contains("  ") && !line.is_empty());
        for at in uuids(line) {
            seen += 1;
            let column: String = header.iter().skip(at).take_while(|c| !c.is_whitespace()).collect();
            let own_id = first.ends_with("_id") || column.ends_with("_id");
            assert!(own_id || line.contains("https://"), "{line}\nunder {column:?}");
        }
    }
    assert!(seen > 20, "{seen}");
}
