//! Help: the overview, the topics, and how a command is used.
//!
//! The overview is a text, since it is asked for most and building every command to list them costs a start-up; a
//! test compares it with the commands. What a command takes is told by the parser.

use super::arguments::plain;
use super::guesses;
use super::{Bare, command};
use crate::api::RESOURCES;
use crate::config;
use crate::describe;
use crate::error::{DONE, Error, Kind};
use clap::{Arg, Command, CommandFactory as _};
use std::ffi::OsString;
use std::fmt::Write as _;

/// The commands people use daily, by what for.
pub const OVERVIEW: &str = include_str!("overview.txt");

/// A topic's name and its text.
type Topic = (&'static str, fn() -> String);

/// What there is to read beside the commands.
const TOPICS: [Topic; 7] = [
    ("all", all),
    ("environment", environment),
    ("exit-codes", exit_codes),
    ("output", || include_str!("output.txt").to_owned()),
    ("references", || include_str!("references.txt").to_owned()),
    ("filters", || include_str!("filters.txt").to_owned()),
    ("times", || include_str!("times.txt").to_owned()),
];

/// Below the help of each command, in the place of the options that all of them have.
const GLOBAL: &str = "Options of every command, such as -o json, --fields or --dry-run: attio-crm help all";

/// How a line begins that is to be copied.
const EXAMPLE: &str = "Example: ";

/// A blank at which no line is broken.
const FIRM: &str = "\u{a0}";

/// The words behind `help`, if that was typed in the place of a command; none for `--help` alone.
pub fn asked(words: &[OsString]) -> Option<Vec<&str>> {
    let given: Vec<&str> = words.iter().skip(1).map(|word| word.to_str().unwrap_or_default()).collect();
    if matches!(given.as_slice(), ["-h" | "--help"]) {
        return Some(Vec::new());
    }
    if !given.contains(&"help") {
        return None; // without asking the parser what its options are
    }
    let mut plain = plain(&Bare::command(), &given);
    (!plain.is_empty() && plain.remove(0) == "help").then_some(plain)
}

/// The help for `words`: a topic or a command.
///
/// # Errors
/// There is neither of this name.
pub fn on(words: &[&str]) -> Result<Help, Error> {
    match words {
        [] | ["help"] => return Ok(Help::Text(OVERVIEW.to_owned())),
        [topic] => {
            if let Some((_, text)) = TOPICS.iter().find(|(name, _)| name.eq_ignore_ascii_case(topic)) {
                return Ok(Help::Text(text()));
            }
        }
        _ => {}
    }
    let (path, found) = command_of(words);
    if path.len() < words.len() {
        let unknown = words.join(" ");
        let hint = guesses::meant(&unknown).unwrap_or_else(|| "see attio-crm help".to_owned());
        return Err(Error::usage(format!("there is no command or topic {unknown:?}")).hint(hint));
    }
    Ok(Help::Command(Box::new(found)))
}

/// Something to read.
pub enum Help {
    /// A text.
    Text(String),
    /// A command, which tells how it is used.
    Command(Box<Command>),
}

/// The command that `words` name as far as they do, with the words that it took; the rest are its arguments.
pub fn command_of<'w>(words: &[&'w str]) -> (Vec<&'w str>, Command) {
    let mut tree = command();
    tree.build();
    let (mut found, mut path) = (&tree, Vec::new());
    for &word in words {
        if let Some(below) = found.find_subcommand(word) {
            found = below;
            path.push(word);
        }
    }
    (path, readable(found))
}

/// The same with its own options only, and with what it requires in the line that tells how it is used.
fn readable(command: &Command) -> Command {
    let shown = command.clone().mut_args(|arg| match arg.is_global_set() {
        true => arg.hide(true),
        false => arg,
    });
    let below = command.get_after_help().map(|text| format!("{text}\n\n")).unwrap_or_default();
    let shown = shown.after_help(unbroken(&format!("{below}{GLOBAL}")));
    let shown = match command.get_long_about().map(|text| unbroken(&text.to_string())) {
        Some(long) => shown.long_about(long),
        None => shown,
    };
    match usage(command) {
        Some(usage) => shown.override_usage(usage),
        None => shown,
    }
}

/// Blanks that no line is broken at, in the lines that are to be copied: half a command is another command.
fn unbroken(text: &str) -> String {
    let lines = text.lines().map(|line| match line.starts_with(EXAMPLE) {
        true => line.replace(' ', FIRM),
        false => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The help of a command, with control sequences for a terminal.
pub fn rendered(mut command: Command, long: bool) -> String {
    let help = if long { command.render_long_help() } else { command.render_help() };
    help.ansi().to_string().replace(FIRM, " ")
}

/// How a command is used whose required flags the parser does not show, because --data can replace them.
fn usage(command: &Command) -> Option<String> {
    let takes = |id: &str| command.get_arguments().any(|arg| arg.get_id() == id);
    let missing = describe::missing(command);
    let flags: Vec<&str> = missing.iter().map(String::as_str).filter(|arg| arg.starts_with("--")).collect();
    let shown = command.clone().render_usage().to_string();
    let shown = shown.strip_prefix("Usage: ")?;
    let hidden: Vec<&str> = flags.into_iter().filter(|flag| !shown.contains(flag)).collect();
    let flags = hidden.iter().map(|flag| match *flag {
        "--values <JSON>" if takes("set") => "--set <SLUG=VALUE>",
        flag => flag,
    });
    let (before, after) = shown.split_once("[OPTIONS]")?;
    let flags: String = flags.map(|flag| format!(" {flag}")).collect();
    (!flags.is_empty()).then(|| format!("{before}[OPTIONS]{flags}{after}"))
}

/// Every command and every global option.
fn all() -> String {
    let mut tree = command();
    tree.build();
    let mut text = String::from("Commands\n\n");
    let is_resource = |command: &&Command| RESOURCES.iter().any(|known| known.name == command.get_name());
    let flat: Vec<(String, String)> = tree
        .get_subcommands()
        .filter(|command| !is_resource(command))
        .map(|command| (command.get_name().to_owned(), told(command.get_about())))
        .collect();
    table(&mut text, &flat);
    text += "\nOperations of Attio's API: attio-crm <RESOURCE> <VERB>\n\n";
    let operations: Vec<(String, String)> = RESOURCES
        .iter()
        .map(|known| {
            (known.name.to_owned(), known.ops.iter().map(|op| op.verb).collect::<Vec<_>>().join(", "))
        })
        .collect();
    table(&mut text, &operations);
    text += "\nOptions of every command\n\n";
    let options: Vec<(String, String)> = tree
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .map(|arg| (flags(arg), told(arg.get_help())))
        .collect();
    table(&mut text, &options);
    text
}

fn environment() -> String {
    let mut text = String::from(
        "Environment\n\nOptions override variables; variables override .env in the current folder.\n\n",
    );
    let ours = config::ALL.map(|(name, meaning)| (name.to_owned(), meaning.to_owned()));
    let others = [
        ("BROWSER", "program for open"),
        ("COLUMNS", "width of tables"),
        ("HTTPS_PROXY, NO_PROXY", "proxy, and hosts that bypass it"),
        ("NO_COLOR", "no colours"),
        ("SSL_CERT_FILE", "trusted root certificates, a PEM file"),
        ("TZ", "time zone of what is typed and shown"),
    ];
    let others = others.map(|(name, meaning)| (name.to_owned(), meaning.to_owned()));
    table(&mut text, &[ours.as_slice(), &others].concat());
    text
}

fn exit_codes() -> String {
    let mut text = String::from("Exit codes\n\n");
    let failed = Kind::ALL.map(|kind| (kind.exit_code().to_string(), kind.meaning().to_owned()));
    table(&mut text, &[&[("0".to_owned(), DONE.to_owned())], failed.as_slice()].concat());
    text += "\nWith exit code 8 do not repeat the command: the error names a command that checks whether the write happened.\n";
    text
}

/// An option as it is typed, aligned whether it has a short form or not.
fn flags(arg: &Arg) -> String {
    let long = arg.to_string();
    let long = long.trim_end_matches("...");
    arg.get_short().map_or_else(|| format!("    {long}"), |short| format!("-{short}, {long}"))
}

fn told(text: Option<&clap::builder::StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

/// Names and what they mean, side by side.
fn table(text: &mut String, rows: &[(String, String)]) {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, meaning) in rows {
        let _ = writeln!(text, "  {name:<width$}  {meaning}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overview_names_every_command_once_and_fits() {
        let names: Vec<&str> =
            OVERVIEW.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').collect::<Vec<_>>();
        let tree = command();
        for flat in tree.get_subcommands().map(Command::get_name) {
            let is_resource = RESOURCES.iter().any(|known| known.name == flat);
            let count = OVERVIEW
                .lines()
                .filter_map(|line| line.strip_prefix("  "))
                .map(|line| line.split("   ").next().unwrap_or_default())
                .flat_map(|names| names.split(", "))
                .filter(|name| *name == flat)
                .count();
            assert_eq!(count, usize::from(!is_resource), "{flat}: {names:?}");
        }
        assert!(OVERVIEW.lines().count() <= 30);
        for (topic, text) in TOPICS {
            assert!(names.contains(&topic), "{topic}");
            for line in text().lines() {
                assert!(line.chars().count() <= 130, "{topic}: {line}");
            }
            assert!(tree.find_subcommand(topic).is_none(), "{topic} is a command");
        }
        assert!(OVERVIEW.lines().all(|line| line.chars().count() <= 90));
    }

    #[test]
    fn what_a_command_requires_stands_in_its_usage_and_global_options_take_one_line() {
        fn walk(parent: &Command, path: &[&str]) {
            for child in parent.get_subcommands() {
                let path = [path, &[child.get_name()]].concat();
                let (named, mut shown) = command_of(&path);
                assert_eq!(named, path);
                let usage = shown.render_usage().to_string();
                let help = rendered(shown.clone().term_width(40), true);
                let whole: Vec<&str> = help.lines().filter(|line| line.starts_with(EXAMPLE)).collect();
                let told = [child.get_long_about(), child.get_after_help()]
                    .into_iter()
                    .flatten()
                    .map(ToString::to_string);
                for example in told.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()) {
                    assert!(
                        !example.starts_with(EXAMPLE) || whole.contains(&&*example),
                        "{path:?}: {whole:?}"
                    );
                }
                // A text may also come from a file, so its place is in brackets; flags have no other.
                for missing in describe::missing(child).iter().filter(|arg| arg.starts_with("--")) {
                    let given = usage.contains(missing) || usage.contains("--set <SLUG=VALUE>");
                    assert!(given, "{path:?}: {missing} is not in {usage}");
                }
                let help = rendered(shown, false);
                assert!(help.contains(GLOBAL) && !help.contains("--rate-limit"), "{path:?}: {help}");
                walk(child, &path);
            }
        }
        let mut tree = command();
        tree.build();
        walk(&tree, &[]);
    }

    #[test]
    fn help_is_asked_for_in_the_place_of_a_command_only() {
        let asked = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            asked(&words).map(|words| words.join(" "))
        };
        assert_eq!(asked("attio-crm --help").as_deref(), Some(""));
        assert_eq!(asked("attio-crm help").as_deref(), Some(""));
        assert_eq!(asked("attio-crm --sandbox help notes list").as_deref(), Some("notes list"));
        assert_eq!(asked("attio-crm create-note acme.com help me"), None);
        assert_eq!(asked("attio-crm get-company --help"), None);
        assert_eq!(asked("attio-crm -o json help filters").as_deref(), Some("filters"));
        assert_eq!(asked("attio-crm help -o json filters").as_deref(), Some("filters"));
        assert_eq!(asked("attio-crm search help"), None);
    }
}
