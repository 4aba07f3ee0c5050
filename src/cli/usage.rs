//! What the parser has to say: help, the version, and what is wrong with a command line.

use super::guesses;
use crate::config::Sources;
use crate::error::{Error, Kind};
use crate::output::{Format, Output, Settings};
use clap::ValueEnum as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::io::{ErrorKind as ErrorKindOfIo, Write as _};
use std::process::ExitCode;

/// Help and version go to stdout, as they were asked for; anything else is wrong usage, told in the
/// form that the output has.
pub fn tell(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        return shown(error);
    }
    let format = asked_format();
    let mut out = Output::stdio(Settings { format, ..Settings::default() });
    out.conceal(Sources::read().key());
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        out.prompt(&error.render().to_string());
    } else {
        out.error(&wrong(error));
    }
    ExitCode::from(Kind::Usage.exit_code())
}

/// What is wrong with the command line, and the way out: what was meant, the nearest name, or how the
/// command is used. The parser's advice to put `--` before a flag leads nowhere.
fn wrong(error: &clap::Error) -> Error {
    let text = error.render().to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let told = lines.iter().take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let (tips, message): (Vec<&str>, Vec<&str>) = told.partition(|line| line.starts_with("tip:"));
    let nearest = tips.iter().find(|tip| tip.contains("similar")).map(|tip| tip.replace("tip: ", ""));
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

/// Help or the version, which were asked for: not to be able to show them is a failure.
///
/// A text that is nothing but `-h` is taken for the flag: then nothing was done, and the exit code says so.
fn shown(error: &clap::Error) -> ExitCode {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = words.collect();
    let behind_values = error.kind() == ErrorKind::DisplayHelp && asks_behind_values(&words);
    match error.print().and_then(|()| std::io::stdout().flush()) {
        Err(failed) if failed.kind() != ErrorKindOfIo::BrokenPipe => {
            let _ = writeln!(std::io::stderr(), "error: cannot write to stdout: {failed}");
            ExitCode::from(Kind::Failure.exit_code())
        }
        _ if behind_values => {
            let _ = writeln!(std::io::stderr(), "-h asks for help: nothing was done");
            ExitCode::from(Kind::Usage.exit_code())
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Whether `-h` stands behind at least two words that are no command, as the text of a note would.
fn asks_behind_values(words: &[String]) -> bool {
    let Some(at) = words.iter().position(|word| word == "-h") else { return false };
    let mut command = super::command();
    let mut values = 0;
    for word in words[..at].iter().filter(|word| !word.starts_with('-')) {
        command.build();
        match command.find_subcommand(word).cloned() {
            Some(found) if values == 0 => command = found,
            _ => values += 1,
        }
    }
    values >= 2
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
