//! One run: arguments and global flags in, exit code out.
//!
//! It parses, puts the parts together, drives the command while it shows what comes, and turns the
//! outcome into an exit code. What a command does is in `commands`, how a result looks in `output`.

mod afterwards;
mod arguments;
mod guesses;
mod help;
mod process;
mod show;
mod usage;

use crate::client::local::{Local, NoWorkspace};
use crate::client::{Answered, Client, Confirm, Hooks, Notice};
use crate::commands::{Command, Ctx, Done, resource};
use crate::complete;
use crate::config::{Config, Flags, Rate, Sources};
use crate::error::{Error, Kind};
use crate::output::{self, Format, Output, Settings};
use crate::resolve::Resolver;
use crate::sandbox::{Failure, Sandbox};
use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand as _};
use jiff::SignedDuration;
use process::{Signals, Stop};
use show::Typed;
use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

/// The time a command may take unless it is a long one or --timeout says otherwise.
const USUAL_LIMIT: Duration = Duration::from_secs(60);

/// Work with an Attio CRM workspace
#[derive(Debug, Parser)]
#[command(name = "attio-crm", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// How to show the result [default: table on a terminal, else json]
    #[arg(short, long, value_enum, ignore_case = true, global = true, value_name = "FORMAT")]
    output: Option<Format>,
    /// Show only these fields, or all
    #[arg(long, global = true, value_name = "A,B,C", value_delimiter = ',')]
    fields: Vec<String>,
    /// Prefix CSV cells that look like formulas with '
    #[arg(long, global = true)]
    excel_safe: bool,
    /// Show Attio's own JSON, untouched
    #[arg(long, global = true)]
    raw: bool,
    /// Show names beside IDs, even in JSON lists
    #[arg(long, global = true, overrides_with = "no_names")]
    names: bool,
    /// Show IDs without looking up names
    #[arg(long, global = true)]
    no_names: bool,
    /// Show all columns, uncut
    #[arg(long, global = true)]
    wide: bool,
    /// Show times in UTC on a terminal, too
    #[arg(long, global = true)]
    utc: bool,
    /// Hide remarks; show only results and errors
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Show requests and answers on stderr
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Time for the whole command, such as 30, 2m or 1h [default: 60 s; none with --all]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = duration)]
    timeout: Option<Duration>,
    /// Limit requests across all processes: N/min, N/s, attio or off [default: 100/min]
    #[arg(long, global = true, value_name = "RATE")]
    rate_limit: Option<Rate>,
    /// Ignore cached attributes and members
    #[arg(long, global = true)]
    refresh: bool,
    /// Refuse to write
    #[arg(long, global = true)]
    read_only: bool,
    /// Print the write request without sending it
    #[arg(long, global = true)]
    dry_run: bool,
    /// Skip confirmation of what cannot be undone
    #[arg(short, long, global = true)]
    yes: bool,
    /// Use the local workspace instead of Attio
    #[arg(long, global = true)]
    sandbox: bool,
    /// Use another server: https, or this machine
    #[arg(long, global = true, value_name = "URL")]
    base_url: Option<String>,
}

impl Global {
    fn settings(&self) -> Settings {
        let fields = self.fields.iter().map(|name| name.trim().to_owned());
        Settings {
            format: self.output,
            raw: self.raw,
            fields: fields.filter(|name| !name.is_empty()).collect(),
            names: (self.names || self.no_names).then_some(self.names),
            wide: self.wide,
            utc: self.utc,
            quiet: self.quiet,
            verbose: self.verbose,
            excel_safe: self.excel_safe,
        }
    }

    fn flags(self, local: bool) -> Flags {
        Flags {
            local,
            base_url: self.base_url,
            rate_limit: self.rate_limit,
            read_only: self.read_only,
            sandbox: self.sandbox,
            timeout: self.timeout,
            dry_run: self.dry_run,
            yes: self.yes,
        }
    }
}

/// Seconds, or a length of time such as `2m`, `1h30m` or `90s`.
fn duration(text: &str) -> Result<Duration, String> {
    let bare = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let spelled = || text.parse::<SignedDuration>().ok().and_then(|length| Duration::try_from(length).ok());
    bare.or_else(spelled)
        .filter(|limit| !limit.is_zero() && *limit <= Duration::from_secs(86_400))
        .ok_or_else(|| "not a time such as 30, 2.5s, 2m or 1h (at most a day)".to_owned())
}

/// The program.
pub fn main() -> ExitCode {
    process::harden();
    let part = |words: &[OsString]| part_for(words).unwrap_or_else(command);
    if complete::answer(part) {
        return ExitCode::SUCCESS;
    }
    let words = arguments::words();
    if let Some(asked) = help::asked(&words) {
        return usage::help(&asked);
    }
    let (cli, name) = match parse(&words) {
        Ok(parsed) => parsed,
        Err(error) => return usage::tell(&error, &words),
    };
    let mut out = Output::stdio(cli.global.settings());
    let sources = Sources::read();
    out.conceal(sources.key());
    let out = Rc::new(RefCell::new(out));
    let result = run(cli, name, &sources, &out);
    let mut out = out.borrow_mut();
    let result = result.and_then(|()| out.finish());
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            out.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

/// The whole command tree: the commands written by hand and those of the table.
pub fn command() -> clap::Command {
    Cli::command().subcommands(resource::commands())
}

// The program without any command. No doc comment: it would become its help.
#[derive(Parser)]
#[command(name = "attio-crm", version, max_term_width = 100, subcommand_required = true)]
#[command(disable_help_subcommand = true)]
struct Bare {
    #[command(flatten)]
    _global: Global,
}

/// As much of the tree as `words` need, if that is less than all. Each command gets a copy of the global
/// flags, which costs more memory than most commands do; so only those are there whose names were typed.
fn part_for(words: &[OsString]) -> Option<clap::Command> {
    let typed = |word: &OsString| word.to_str().filter(|word| !word.starts_with('-')).map(str::to_owned);
    let typed: Vec<String> = words.iter().skip(1).filter_map(typed).collect();
    if words.len() == 2 && typed.is_empty() {
        return Some(Bare::command().mut_args(|arg| arg.global(false))); // the version, or a mistake
    }
    let meant = |command: &clap::Command| typed.iter().any(|word| word == command.get_name());
    let all = Command::augment_subcommands(clap::Command::new(""));
    let flat = all.get_subcommands().filter(|command| meant(command)).cloned();
    let meant: Vec<clap::Command> = flat.chain(resource::named(&typed)).collect();
    std::mem::forget(all); // as the tree below
    (!meant.is_empty()).then(|| Bare::command().subcommands(meant))
}

/// What was typed, and what it is called in the audit log.
fn parse(words: &[OsString]) -> Result<(Cli, String), clap::Error> {
    let mut tree = part_for(words).unwrap_or_else(command);
    let matches = tree.try_get_matches_from_mut(words).or_else(|error| match error.kind() {
        // A command that there is none of, or none at all: told with all of them in view.
        ErrorKind::InvalidSubcommand
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            tree = command();
            tree.try_get_matches_from_mut(words)
        }
        _ => Err(error),
    })?;
    arguments::refuse_empty(&mut tree, &matches)?;
    std::mem::forget(tree); // to free its hundreds of texts takes a twentieth of a short command
    let Some(call) = resource::Call::from_matches(&matches) else {
        let name = matches.subcommand_name().unwrap_or_default().to_owned();
        return Cli::from_arg_matches(&matches).map(|cli| (cli, name));
    };
    let call = call?;
    let name = call.operation().name.to_owned();
    Ok((Cli { global: Global::from_arg_matches(&matches)?, command: Command::Resource(call) }, name))
}

fn run(cli: Cli, name: String, sources: &Sources, out: &Rc<RefCell<Output>>) -> Result<(), Error> {
    let settings = cli.global.settings();
    settings.check()?;
    if let Command::Resource(call) = &cli.command {
        settings.check_shown_once(call.operation().once)?;
    }
    if let Some(item) = cli.command.at_once(command) {
        return match item? {
            Done::Bytes(bytes) => out.borrow_mut().bytes(&bytes),
            Done::One(item) => out.borrow_mut().one(&item),
            _ => Ok(()), // nothing else comes at once
        };
    }
    let (rate_limit, refresh, typed) = (cli.global.rate_limit, cli.global.refresh, cli.global.sandbox);
    let config = Config::new(cli.global.flags(matches!(cli.command, Command::Sandbox(_))), sources)?;
    for warning in &config.warnings {
        out.borrow_mut().note(warning);
    }
    let long = cli.command.is_long();
    let limit = config.timeout.or((!long).then_some(USUAL_LIMIT));
    let again = Typed { name: name.clone(), sandbox: typed };
    let client = Rc::new(Client::new(config.clone(), hooks(&config, limit, out), name, limit));
    let ctx = Ctx {
        sandbox_file: config.sandbox_file(),
        time_limit: limit,
        rate_limit,
        tree: command,
        unshown: RefCell::default(),
        away: Cell::default(),
        draft: RefCell::default(),
        resolver: Resolver::new(Rc::clone(&client), refresh, out.borrow().shows_arrays()),
        client,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::failure("cannot start").why(e.to_string()))?;
    let result = runtime.block_on(async {
        let signals = Signals::listen();
        tokio::select! {
            biased;
            result = show::work(cli.command, &again, &ctx, out) => result,
            never = signs_of_life(&ctx, out) => match never {},
            stop = signals.stop(&ctx.away) => Err(interrupted(&ctx, stop)),
        }
    });
    // A variable that was exported long ago is easily forgotten, and what was written looks real.
    if config.sandbox && !typed && ctx.client.has_written() && std::io::stderr().is_terminal() {
        out.borrow_mut().whisper("written to the sandbox, not to Attio");
    }
    result
}

/// Tells a person at a terminal that something is going on, each second.
async fn signs_of_life(ctx: &Ctx, out: &RefCell<Output>) -> Infallible {
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    if is_dumb || !std::io::stderr().is_terminal() {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let waited = ctx.client.working_for().filter(|_| !ctx.away.get());
        if let (Some(waited), Ok(mut out)) = (waited, out.try_borrow_mut()) {
            out.sign_of_life(waited.as_secs().max(1));
        }
    }
}

fn hooks(config: &Config, limit: Option<Duration>, out: &Rc<RefCell<Output>>) -> Hooks {
    let notices = Rc::clone(out);
    let questions = Rc::clone(out);
    let interactive = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    Hooks {
        local: config.sandbox.then(|| {
            let workspace = Sandbox::open(config.sandbox_file()).waiting(limit.unwrap_or(Duration::MAX));
            Box::new(move |request: &http::Request<Vec<u8>>| {
                let unusable = |failure: Failure| NoWorkspace { why: failure.why, hint: failure.hint };
                workspace.try_handle(request).map_err(unusable)
            }) as Local
        }),
        notify: Box::new(move |notice| match notice {
            Notice::Remark(text) => notices.borrow_mut().note(text),
            Notice::Trace(text) => notices.borrow_mut().trace(text),
        }),
        confirm: interactive.then(|| {
            Box::new(move |question: String| {
                let out = Rc::clone(&questions);
                Box::pin(async move { ask(&out, &question).await }) as Answered
            }) as Confirm
        }),
    }
}

/// Asks before something is lost. The answer is waited for beside the signals, so that Ctrl-C ends it.
async fn ask(out: &RefCell<Output>, question: &str) -> bool {
    out.borrow_mut().prompt(question);
    let (sender, answer) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        sender.send(read.map(|_| line))
    });
    let Ok(Ok(line)) = answer.await else { return false };
    if line.ends_with('\n') {
        out.borrow_mut().answered();
    }
    matches!(line.trim(), "y" | "Y" | "yes")
}

fn interrupted(ctx: &Ctx, stop: Stop) -> Error {
    let error = Error::new(Kind::Interrupted, stop.message()).ends_with(stop.exit_code());
    let told = match ctx.client.unfinished() {
        Some(operation) => error
            .why(format!("{operation} was under way; it may or may not have been done"))
            .hint("look before you repeat it"),
        None if ctx.client.has_written() => {
            let told = error.why("it was written, but not shown any more").hint("do not repeat it");
            ctx.unshown.borrow().iter().fold(told, |error, (name, id)| error.fact(name, id.as_str()))
        }
        None => error,
    };
    match ctx.draft.borrow().as_ref().map(|file| file.display().to_string()) {
        Some(file) => told.also(&format!("your text is kept in {file}")).fact("content_file", file),
        None => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_tree_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn commands_are_there_when_they_are_meant() {
        let has = |words: &[&str], name: &str| {
            let words: Vec<OsString> = [&["attio-crm"], words].concat().iter().map(OsString::from).collect();
            part_for(&words).unwrap_or_else(command).find_subcommand(name).is_some()
        };
        let url = ["parse-url", "https://app.attio.com/w"];
        assert!(has(&url, "parse-url") && !has(&url, "notes") && !has(&url, "get-note"));
        assert!(has(&["-o", "json", "get-note", "x"], "get-note"));
        assert!(has(&["-o", "json", "notes", "list"], "notes"));
        assert!(!has(&["notes", "list"], "tasks"));
        assert!(has(&["note"], "notes") && has(&["-o", "json", "note"], "tasks"), "to be suggested");
    }

    #[test]
    fn the_list_of_commands_and_their_help_agree() {
        let (listed, mut whole) = (command(), command());
        whole.build();
        for command in listed.get_subcommands() {
            let about = |command: &clap::Command| command.get_about().map(ToString::to_string);
            let helped = whole.find_subcommand(command.get_name()).and_then(about);
            assert_eq!(about(command), helped);
        }
    }

    #[test]
    fn time_limits() {
        for (text, seconds) in [("30", 30.0), ("2.5s", 2.5), ("2m", 120.0), ("1h", 3600.0), ("1h30m", 5400.0)]
        {
            assert_eq!(duration(text), Ok(Duration::from_secs_f64(seconds)));
        }
        for bad in ["", "0", "-1", "NaN", "1e9", "-1s", "25h", "2 weeks ago"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
