//! Every command has an example of its use, and whoever pastes it into a new sandbox sees it work.

use crate::common::{Place, Run};
use crate::table::tree;
use attio_crm::cli;
use attio_crm::describe;
use clap::Command;

/// Files that the examples name.
const FILES: &[(&str, &str)] = &[
    ("offer.pdf", "%PDF-1.7"),
    ("amounts.json", r#"[{"value": 240000, "active_from": "2026-01-31T09:00:00Z"}]"#),
    ("regions.json", r#"[{"value": "Europe", "active_from": "2026-01-31T09:00:00Z"}]"#),
];

/// Commands whose thing only another command makes, with that command, whose example goes first.
const AFTER: &[(&str, &str)] = &[("objects delete", "objects create")];

/// Operations that the sandbox refuses as Attio does, and why.
const REFUSED: &[(&str, &str)] = &[
    ("activities create", "the plan lacks activities of one's own"),
    ("activities update", "there is no activity of one's own"),
    ("activities delete", "there is no activity of one's own"),
    ("activity-records create", "there is no activity of one's own"),
    ("activity-records upsert", "there is no activity of one's own"),
    ("activity-records get", "nothing was logged"),
    ("activity-records update", "nothing was logged"),
    ("activity-records replace", "nothing was logged"),
    ("activity-records delete", "nothing was logged"),
    ("emails list", "no mailbox is connected"),
    ("sql query", "the plan lacks it"),
];

/// Serves until it is interrupted.
const ENDLESS: &str = "sandbox serve";

/// Longest example that stays readable.
const LONGEST: usize = 100;

/// A command's name, and the examples that its help shows.
#[derive(Debug)]
struct Shown {
    name: String,
    examples: Vec<String>,
}

/// What the help of each command below `parent` shows.
fn shown(parent: &Command, path: &str, all: &mut Vec<Shown>) {
    for child in parent.get_subcommands().filter(|child| child.get_name() != "help") {
        let name = format!("{path} {}", child.get_name()).trim_start().to_owned();
        if child.has_subcommands() {
            shown(child, &name, all);
        } else {
            let help =
                [child.get_long_about(), child.get_after_help()].map(|text| text.map(ToString::to_string));
            let lines = help.iter().flatten().flat_map(|text| text.lines());
            let examples =
                lines.filter_map(|line| line.strip_prefix("Example: attio-crm ")).map(str::to_owned);
            all.push(Shown { examples: examples.collect(), name });
        }
    }
}

fn all() -> Vec<Shown> {
    let mut all = Vec::new();
    shown(&tree(), "", &mut all);
    all
}

/// The first example of a command.
fn example_of<'s>(all: &'s [Shown], name: &str) -> &'s str {
    &all.iter().find(|shown| shown.name == name).unwrap().examples[0]
}

/// The words of a line as a shell sees them: quotes keep blanks and signs, wherever in a word they begin.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut open) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match open {
            Some(quote) if c == quote => open = None,
            None if c == ' ' => words.extend(word.take()),
            None if matches!(c, '"' | '\'') => {
                open = Some(c);
                word.get_or_insert_default();
            }
            _ => {
                let signs = match open {
                    Some('"') => "$`\\!",
                    Some(_) => "",
                    None => "$`\\!*?~#&|;<>()[]{}",
                };
                assert!(!signs.contains(c), "a shell does something to {c} in {line}");
                word.get_or_insert_default().push(c);
            }
        }
    }
    assert_eq!(open, None, "an open quote in {line}");
    words.extend(word);
    words
}

#[test]
fn words_are_those_of_a_shell() {
    assert_eq!(words("a  'b c' d='e \"f' \"g's\" ''"), ["a", "b c", "d=e \"f", "g's", ""]);
}

#[test]
fn every_command_has_examples_and_the_schema_shows_the_first() {
    let schema = describe::describe(cli::command(), &[]).unwrap();
    let described = schema["commands"].as_array().unwrap();
    let all = all();
    assert_eq!(all.len(), described.len());
    for (Shown { name, examples }, described) in all.iter().zip(described) {
        assert_eq!(described["command"], **name);
        assert_eq!(described["example"].as_str(), examples.first().map(String::as_str), "{name}");
        assert!(!examples.is_empty(), "{name} has no example");
        for example in examples {
            assert!(example.len() <= LONGEST, "{example}: {}", example.len());
            assert!(format!("{example} ").starts_with(&format!("{name} ")), "{name}: {example}");
        }
    }
}

#[test]
fn every_example_works_in_a_new_sandbox() {
    let (all, seeded) = (all(), Place::new());
    assert_eq!(seeded.sandbox(&["self", "get"]).code, 0);
    let is_refused = |name: &str| REFUSED.iter().any(|(refused, _)| *refused == name);
    let mut wrong = Vec::new();
    for Shown { name, examples } in all.iter().filter(|shown| shown.name != ENDLESS) {
        for example in examples {
            let place = beside(&seeded);
            for (_, before) in AFTER.iter().filter(|(after, _)| after == name) {
                assert_eq!(pasted(&place, example_of(&all, before)).code, 0, "{before}");
            }
            let run = pasted(&place, example);
            let works = if is_refused(name) { was_refused(&run) } else { run.code == 0 };
            if !works {
                wrong.push(format!("{example}: {run:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let known = |name: &str| all.iter().any(|shown| shown.name == name);
    assert!(REFUSED.iter().chain(AFTER).all(|(name, _)| known(name)));
}

#[test]
fn the_example_that_serves_without_end_is_understood() {
    let words = words(example_of(&all(), ENDLESS));
    let parsed = cli::command().try_get_matches_from(std::iter::once("attio-crm".to_owned()).chain(words));
    assert!(parsed.is_ok(), "{parsed:?}");
}

/// Runs an example in the sandbox of a place, as somebody who confirms what it asks.
fn pasted(place: &Place, example: &str) -> Run {
    let words = words(example);
    place.sandbox(&words.iter().map(String::as_str).chain(["--yes"]).collect::<Vec<_>>())
}

/// Another place with the files and a copy of the sandbox, which takes less time than to make one.
fn beside(seeded: &Place) -> Place {
    let place = Place::new();
    for (name, content) in FILES {
        std::fs::write(place.path().join(name), content).unwrap();
    }
    std::fs::create_dir(place.state()).unwrap();
    std::fs::copy(seeded.state().join("sandbox.db"), place.state().join("sandbox.db")).unwrap();
    place
}

/// Whether it was sent, and refused for what the workspace has and not for how it was asked.
fn was_refused(run: &Run) -> bool {
    run.code != 0 && matches!(run.error(run.code)["status"].as_u64(), Some(403 | 404))
}
