//! What the parser has to say: help, the version, and what is wrong with a command line.

use crate::config::Sources;
use crate::error::{Error, Kind};
use crate::output::{Format, Output, Settings};
use clap::ValueEnum as _;
use clap::error::ErrorKind;
use std::io::{ErrorKind as ErrorKindOfIo, IsTerminal as _, Write as _};
use std::process::ExitCode;

/// Help and version go to stdout, as they were asked for; anything else is wrong usage, told in the
/// form that the output has.
pub fn tell(error: &clap::Error) -> ExitCode {
    let wants_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let format = asked_format();
    if !error.use_stderr() {
        return shown(error);
    }
    let mut out = Output::stdio(Settings { format, ..Settings::default() });
    out.conceal(Sources::read().as_ref().ok().and_then(Sources::key));
    let text = error.render().to_string();
    if wants_help || (format.is_none() && std::io::stdout().is_terminal()) {
        out.prompt(&text);
    } else {
        out.error(&wrong(&text));
    }
    ExitCode::from(Kind::Usage.exit_code())
}

/// The parser's text as an error.
fn wrong(text: &str) -> Error {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let told = lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let (tips, message): (Vec<_>, Vec<_>) = told.partition(|line| line.starts_with("tip:"));
    let hint = if tips.is_empty() { "see --help".to_owned() } else { tips.join(" ").replace("tip: ", "") };
    Error::usage(message.join(" ").trim_start_matches("error: ")).hint(hint)
}

/// Help or the version, which were asked for: not to be able to show them is a failure.
fn shown(error: &clap::Error) -> ExitCode {
    match error.print().and_then(|()| std::io::stdout().flush()) {
        Err(failed) if failed.kind() != ErrorKindOfIo::BrokenPipe => {
            let _ = writeln!(std::io::stderr(), "error: cannot write to stdout: {failed}");
            ExitCode::from(Kind::Failure.exit_code())
        }
        _ => ExitCode::SUCCESS,
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
