//! What is done with the arguments as they were typed, before and after the parser sees them.

use super::duration;
use crate::input;
use crate::output::Format;
use clap::error::ErrorKind;
use clap::{ArgMatches, Command, Error, ValueEnum as _};
use std::ffi::OsString;

/// The command line. A format stuck to its flag (`-ojson`) is taken off it, because to an argument that
/// may begin with a hyphen it would be a text; `--timeout` is told to whatever reads standard input
/// while the arguments are parsed.
pub fn words() -> Vec<OsString> {
    let mut words = Vec::new();
    for word in std::env::args_os() {
        match word.to_str().and_then(|word| word.strip_prefix("-o")).filter(|format| is_format(format)) {
            Some(format) => words.extend(["-o".into(), format.into()]),
            None => words.push(word),
        }
    }
    if let Some(limit) = timeout(&words).and_then(|text| duration(text).ok()) {
        input::limit(limit);
    }
    words
}

fn is_format(word: &str) -> bool {
    Format::value_variants().iter().any(|format| {
        format.to_possible_value().is_some_and(|value| value.matches(word.trim_start_matches('='), true))
    })
}

fn timeout(words: &[OsString]) -> Option<&str> {
    let at = words.iter().position(|word| word.to_str().is_some_and(|word| word.starts_with("--timeout")))?;
    match words[at].to_str()?.strip_prefix("--timeout=") {
        Some(limit) => Some(limit),
        None => words.get(at + 1)?.to_str(),
    }
}

/// The words that are neither options of a command nor their values.
pub fn plain<'w>(command: &Command, words: &[&'w str]) -> Vec<&'w str> {
    let takes_value = |word: &str| {
        command.get_arguments().filter(|arg| arg.get_action().takes_values()).any(|arg| {
            let long = arg.get_long().is_some_and(|long| word.strip_prefix("--") == Some(long));
            let short = arg.get_short().map(|short| format!("-{short}"));
            long || short.is_some_and(|short| short == word)
        })
    };
    let is_value = |at: usize| at > 0 && takes_value(words[at - 1]);
    let plain = words.iter().enumerate().filter(|(at, word)| !word.starts_with('-') && !is_value(*at));
    plain.map(|(_, word)| *word).collect()
}

/// Refuses an argument without any letter: in a script that is a variable that was never set, and never
/// a wish to erase something.
///
/// # Errors
/// Wrong usage, which names the argument.
pub fn refuse_empty(tree: &mut Command, matches: &ArgMatches) -> Result<(), Error> {
    let (mut command, mut given) = (tree, matches);
    loop {
        let empty = command.get_arguments().find(|arg| is_empty(given, arg.get_id().as_str()));
        if let Some(empty) = empty.map(ToString::to_string) {
            let message = format!("{empty} is empty; was a variable not set?");
            return Err(command.error(ErrorKind::InvalidValue, message));
        }
        let Some((name, below)) = given.subcommand() else { return Ok(()) };
        match command.find_subcommand_mut(name) {
            Some(found) => (command, given) = (found, below),
            None => return Ok(()),
        }
    }
}

fn is_empty(given: &ArgMatches, name: &str) -> bool {
    let known = given.try_contains_id(name).unwrap_or(false);
    let values = known.then(|| given.get_raw(name)).flatten().into_iter().flatten();
    values.filter_map(|value| value.to_str()).any(|value| value.trim().is_empty())
}
