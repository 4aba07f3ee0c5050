//! Help as people ask for it.

use crate::common::Place;

#[test]
fn the_overview_is_short_and_comes_however_it_is_asked_for() {
    let place = Place::new();
    let overview = place.run(&["--help"]);
    assert_eq!((overview.code, overview.stderr.as_str()), (0, ""));
    assert!(overview.stdout.lines().count() <= 30);
    for args in [&["-h"] as &[&str], &["help"], &["--sandbox", "--help"], &["-o", "json", "-h"]] {
        let run = place.run(args);
        assert_eq!((run.code, &run.stdout), (0, &overview.stdout), "{args:?}");
    }
    let nothing = place.run(&[]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (2, ""));
    assert_eq!(nothing.stderr, overview.stdout);
}

#[test]
fn topics_and_commands_are_explained_and_what_is_neither_is_refused() {
    let place = Place::new();
    for topic in ["all", "environment", "exit-codes", "output", "references", "filters", "times"] {
        let run = place.run(&["help", topic]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{topic}");
        assert!(run.stdout.lines().count() > 10, "{topic}: {}", run.stdout);
    }
    for words in [&["create-note"] as &[&str], &["notes"], &["notes", "create"], &["records", "merge"]] {
        let help = place.run(&[&["help"], words].concat());
        let flag = place.run(&[words, &["--help"]].concat());
        assert_eq!((help.code, &help.stdout), (0, &flag.stdout), "{words:?}");
        assert!(help.stdout.contains(&format!("Usage: attio-crm {}", words.join(" "))), "{}", help.stdout);
    }
    for (words, hint) in [
        (&["deals"] as &[&str], "use attio-crm search-deals"),
        (&["frobnicate"], "see attio-crm help"),
        (&["notes", "frobnicate"], "see attio-crm help"),
    ] {
        let error = place.run(&[&["help"], words].concat()).error(2);
        assert!(error["hint"].as_str().unwrap().starts_with(hint), "{error}");
    }
    assert!(!place.state().exists(), "help needs no file");
    let narrow =
        crate::common::terminal::Terminal::start(place.command(&["create-deal", "--help"]), 40).finish();
    let example =
        "Example: attio-crm create-deal \"Acme renewal\" --stage Lead --value 12000 --company acme.com";
    assert!(narrow.text.lines().any(|line| line == example), "{narrow:?}");
}
