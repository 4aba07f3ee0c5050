//! A text is data: it is taken letter by letter whatever it begins with, and read from standard input by
//! a hyphen alone.

use super::{Known, borrowed, commands};
use crate::common::{Place, Recorder, Run};
use attio_crm::input;
use clap::Arg;

/// What texts are called in the help.
const FREE: [&str; 6] = ["TEXT", "NAME", "TITLE", "NOUN", "QUERY", "CONTENT"];

fn is_free(arg: &Arg) -> bool {
    arg.get_value_names().is_some_and(|names| FREE.contains(&names[0].as_str()))
}

/// Every argument that is a text, with its command.
fn texts() -> Vec<(Known, Arg)> {
    let of = |command: Known| {
        let args = command.arguments().into_iter().filter(|arg| is_free(arg) || input::takes_text(arg));
        args.map(|arg| (command.clone(), arg)).collect::<Vec<_>>()
    };
    let all: Vec<_> = commands().into_iter().flat_map(of).collect();
    assert!(all.len() > 40, "only {}", all.len());
    all
}

/// Runs the command in the embedded workspace; a write is only shown.
fn run(place: &Place, command: &Known, arg: &Arg, value: &str, input: &[u8]) -> Run {
    let line = command.line(Some((arg, value)));
    place.sandbox_with_input(&[&borrowed(&line)[..], &["--dry-run"]].concat(), input)
}

/// The request that was shown, with every letter as it would be sent.
fn request(run: &Run) -> String {
    serde_json::from_str(&run.stdout)
        .map_or_else(|_| run.stdout.clone(), |plan: serde_json::Value| plan.to_string())
}

/// Whether the text went where it should: into the request, or, if it had to name something, perhaps into
/// the message that there is no such thing.
fn arrived(run: &Run, arg: &Arg, text: &str) -> bool {
    let quoted = format!("\"{text}");
    if is_free(arg) {
        run.code == 0 && request(run).contains(&quoted)
    } else if run.code == 0 {
        run.stdout.contains(&format!("/{text}/")) || run.stdout.contains(&format!("/{text}\""))
    } else {
        matches!(run.code, 2 | 3)
            && run.stderr.contains(&quoted)
            && !run.stderr.contains("unexpected argument")
    }
}

#[test]
fn every_text_of_a_write_is_taken_letter_by_letter() {
    let place = Place::new();
    let mut wrong = Vec::new();
    for (command, arg) in texts().iter().filter(|(command, _)| command.writes) {
        for text in ["-x", "@x", "- x", "\u{feff}x"] {
            let run = run(&place, command, arg, text, b"");
            // A mark that nobody sees is refused in what tells one thing from another.
            let refused = text.starts_with('\u{feff}') && run.code == 2;
            if !arrived(&run, arg, text) && !refused {
                wrong.push(format!("{} {arg} {text:?}: {run:?}", command.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_text_of_a_write_may_come_from_standard_input_with_a_byte_order_mark_but_not_empty() {
    let place = Place::new();
    let mut wrong = Vec::new();
    for (command, arg) in texts().iter().filter(|(command, _)| command.writes) {
        let piped = run(&place, command, arg, "-", b"\xef\xbb\xbfpiped");
        let empty = run(&place, command, arg, "-", b"");
        if !arrived(&piped, arg, "piped") || empty.code != 2 {
            wrong.push(format!("{} {arg}: {piped:?} {empty:?}", command.name()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_behind_the_name_of_an_attribute_is_taken_letter_by_letter() {
    let place = Place::new();
    let mut walked = 0;
    for command in commands().iter().filter(|command| command.writes) {
        let args = command.arguments();
        let flags = ["set", "remove"].map(|name| args.iter().find(|arg| arg.get_id() == name));
        for arg in flags.into_iter().flatten() {
            for text in ["-x", "@x", "- x", "=x", "\u{feff}x", "@.env", "--yes"] {
                let set = format!("description={text}");
                let run = run(&place, command, arg, &set, b"");
                let shown = serde_json::Value::from(text).to_string();
                // Lists and other objects have no such attribute, and a deal has none either.
                let unknown = run.code == 2 && run.stderr.contains("has no attribute");
                let removed = arg.get_id() == "remove" && matches!(run.code, 0 | 2 | 7);
                assert!(
                    unknown || removed || (run.code == 0 && request(&run).contains(&shown)),
                    "{} {set}: {run:?}",
                    command.name()
                );
                walked += 1;
            }
            let piped = run(&place, command, arg, "description=-", b"");
            assert_eq!(piped.code, 2, "{}: an empty pipe is no value: {piped:?}", command.name());
        }
    }
    assert!(walked > 50, "only {walked}");
}

#[test]
fn every_text_of_a_search_is_taken_letter_by_letter() {
    let server = Recorder::new(&[]);
    let mut wrong = Vec::new();
    for (command, arg) in texts().iter().filter(|(command, arg)| !command.writes && is_free(arg)) {
        for text in ["-x", "@x", "- x"] {
            let line = command.line(Some((arg, text)));
            let before = server.seen().len();
            let run = Place::new().against(&server.base_url, &borrowed(&line));
            let asked = |seen: &crate::common::Seen| seen.body.to_string().contains(&format!("\"{text}\""));
            if !server.seen()[before..].iter().any(asked) {
                wrong.push(format!("{line:?}: {run:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
