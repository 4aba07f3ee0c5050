//! What the parser has to say: help, the version, and what is wrong with a command line.

use super::arguments::plain;
use super::guesses;
use super::help::{self, Help};
use crate::config::Sources;
use crate::error::{Error, Kind};
use crate::output::{Format, Output, Settings};
use clap::ValueEnum as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;
use std::io::{ErrorKind as ErrorKindOfIo, Write as _};
use std::process::ExitCode;

/// Help and version go to stdout, as they were asked for; anything else is wrong usage, told in the
/// form that the output has.
pub fn tell(error: &clap::Error, words: &[OsString]) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp => command_help(words),
        ErrorKind::DisplayVersion => print(|| error.print()),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let help = match help::command_of(&texts(words)) {
                (path, _) if path.is_empty() => help::OVERVIEW.to_owned(),
                (_, command) => anstream::adapter::strip_str(&help::rendered(command, false)).to_string(),
            };
            Output::stdio(Settings { format: asked_format(), ..Settings::default() })
                .prompt(&format!("{}\n", help.trim_end()));
            ExitCode::from(Kind::Usage.exit_code())
        }
        _ => refused(&wrong(error)),
    }
}

fn refused(error: &Error) -> ExitCode {
    let mut out = Output::stdio(Settings { format: asked_format(), ..Settings::default() });
    out.conceal(Sources::read().key());
    out.error(error);
    ExitCode::from(Kind::Usage.exit_code())
}

/// Shows the help that `help` was typed for.
pub fn help(words: &[&str]) -> ExitCode {
    match help::on(words) {
        Ok(Help::Text(text)) => print(|| std::io::stdout().write_all(text.as_bytes())),
        Ok(Help::Command(command)) => print(|| tell_command(*command, true)),
        Err(error) => refused(&error),
    }
}

/// Shows the help that `-h` or `--help` behind a command asks for.
///
/// A text that is nothing but `-h` is taken for the flag: then nothing was done, and the exit code says so.
fn command_help(words: &[OsString]) -> ExitCode {
    let texts = texts(words);
    let at = texts.iter().position(|word| matches!(*word, "-h" | "--help")).unwrap_or(texts.len());
    let before: Vec<&str> = texts[..at].iter().copied().filter(|word| !word.starts_with('-')).collect();
    let (path, command) = help::command_of(&before);
    let is_short = texts.get(at) == Some(&"-h");
    // Two words that are no command and no value of an option, as the text of a note would be.
    let behind_text = is_short && plain(&command, &texts[..at]).len() >= path.len() + 2;
    let printed = match (path.is_empty(), is_short) {
        (true, _) => print(|| std::io::stdout().write_all(help::OVERVIEW.as_bytes())),
        (false, short) => print(|| tell_command(command, !short)),
    };
    if behind_text {
        let _ = writeln!(std::io::stderr(), "-h asks for help: nothing was done");
        return ExitCode::from(Kind::Usage.exit_code());
    }
    printed
}

fn tell_command(command: clap::Command, long: bool) -> std::io::Result<()> {
    anstream::stdout().write_all(help::rendered(command, long).as_bytes())
}

fn texts(words: &[OsString]) -> Vec<&str> {
    words.iter().skip(1).map(|word| word.to_str().unwrap_or_default()).collect()
}

/// Prints what was asked for: not to be able to show it is a failure.
fn print(show: impl FnOnce() -> std::io::Result<()>) -> ExitCode {
    match show().and_then(|()| std::io::stdout().flush()) {
        Err(failed) if failed.kind() != ErrorKindOfIo::BrokenPipe => {
            let _ = writeln!(std::io::stderr(), "error: cannot write to stdout: {failed}");
            ExitCode::from(Kind::Failure.exit_code())
        }
        _ => ExitCode::SUCCESS,
    }
}

/// What is wrong with the command line, and the way out: what was meant, the nearest name, or how the
/// command is used. The parser's advice to put `--` before a flag leads nowhere.
fn wrong(error: &clap::Error) -> Error {
    let text = error.render().to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let told = lines.iter().take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let (tips, message): (Vec<&str>, Vec<&str>) = told.partition(|line| line.starts_with("tip:"));
    let nearest = tips.iter().find(|tip| tip.contains("similar")).map(|tip| tip.replace("tip: ", ""));
    // "a similar argument exists: '--all'" and its like, as what one would do.
    let nearest = nearest.map(|tip| match tip.split_once(": ") {
        Some((one, name)) if one.starts_with("a ") => format!("use {name}"),
        Some((_, names)) => format!("use one of {names}"),
        None => tip,
    });
    let usage =
        lines.iter().find_map(|line| line.strip_prefix("Usage: ")).map(|usage| format!("usage: {usage}"));
    let meant = unknown(error).and_then(guesses::meant);
    let hint = meant.or(nearest).or(usage).unwrap_or_else(|| "see --help".to_owned());
    Error::usage(message.join(" ").trim_start_matches("error: ")).hint(hint)
}

/// The word that the parser does not know, or a text that looks like a flag.
fn unknown(error: &clap::Error) -> Option<&str> {
    let kind = match error.kind() {
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::ValueValidation => ContextKind::InvalidValue,
        _ => return None,
    };
    match error.get(kind) {
        Some(ContextValue::String(word)) if kind != ContextKind::InvalidValue || word.starts_with("--") => {
            Some(word)
        }
        _ => None,
    }
}

/// The value of --output on a command line that cannot be parsed.
fn asked_format() -> Option<Format> {
    let mut words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let value = words.find_map(|word| match word.as_str() {
        "-o" | "--output" => Some(None),
        _ => word.strip_prefix("--output=").or(word.strip_prefix("-o")).map(|value| Some(value.to_owned())),
    })?;
    Format::from_str(&value.or_else(|| words.next())?, false).ok()
}
