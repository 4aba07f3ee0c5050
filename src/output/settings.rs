//! What the user asked for and what stdout is, from which the look of a result follows.

use std::io::{self, IsTerminal as _};

use crate::error::Error;

/// How a result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Aligned columns for people
    Table,
    /// A list as one array, one thing as one object
    Json,
    /// One object per line
    Ndjson,
    /// A header and one row for each thing
    Csv,
    /// IDs only, one per line
    Ids,
}

/// What the user asked for.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The format; without one, a table on a terminal and JSON elsewhere.
    pub format: Option<Format>,
    /// Attio's own JSON instead of the compact form.
    pub raw: bool,
    /// Only these fields, in this order; empty for the usual ones, `all` alone for every one.
    pub fields: Vec<String>,
    /// Tables keep all columns and cut no cell.
    pub wide: bool,
    /// Times in UTC on a terminal, too.
    pub utc: bool,
    /// Whether the names of records and members stand beside their IDs, if that was said.
    pub names: Option<bool>,
    /// No remarks.
    pub quiet: bool,
    /// Traces of what is done.
    pub verbose: bool,
    /// CSV that no spreadsheet takes for formulas.
    pub excel_safe: bool,
}

impl Settings {
    /// Whether every field is wanted, those that are not set too.
    pub fn all_fields(&self) -> bool {
        matches!(self.fields.as_slice(), [all] if all == "all")
    }

    /// Refuses to leave out what is never shown again.
    ///
    /// # Errors
    /// Wrong usage: a field of `once` is not among those asked for.
    pub fn check_shown_once(&self, once: &[&str]) -> Result<(), Error> {
        let ids_only = self.format == Some(Format::Ids);
        let all = self.fields.is_empty() || self.all_fields();
        let kept = |field: &str| !ids_only && (all || self.fields.iter().any(|f| f == field));
        match once.iter().find(|field| !self.raw && !kept(field)) {
            Some(field) => Err(Error::usage(format!("{field} would not be shown"))
                .why("Attio shows it this once and never again")
                .hint(format!("add {field} to --fields; nothing was sent"))),
            None => Ok(()),
        }
    }

    /// Whether the settings go together. To be asked before anything is sent.
    ///
    /// # Errors
    /// Wrong usage: two settings that cannot be used together.
    pub fn check(&self) -> Result<(), Error> {
        if self.excel_safe && self.format != Some(Format::Csv) {
            return Err(Error::usage("--excel-safe is for -o csv").hint("add -o csv, or leave it out"));
        }
        let clash = match self.format {
            Some(Format::Table) if self.raw => "--raw and -o table",
            Some(Format::Csv) if self.raw => "--raw and -o csv",
            Some(Format::Ids) if self.raw => "--raw and -o ids",
            Some(Format::Ids) if !self.fields.is_empty() => "--fields and -o ids",
            _ if self.raw && !self.fields.is_empty() => "--raw and --fields",
            _ => return Ok(()),
        };
        Err(Error::usage(format!("{clash} cannot be used together")).hint("leave one of the two out"))
    }
}

/// No screen has more columns.
const WIDEST: usize = 10_000;

/// What stdout is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Screen {
    /// A person reads along.
    pub terminal: bool,
    /// Control sequences for bold text are understood, or wanted in any case.
    pub colour: bool,
    /// Longest line of a table, in columns; none cuts nothing.
    pub width: Option<usize>,
}

impl Screen {
    /// What the process' stdout is. `COLUMNS` goes before the width the terminal tells.
    pub(super) fn of_stdout() -> Self {
        let terminal = io::stdout().is_terminal();
        let colour = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|&n| n > 0);
        let columns = columns.map(|n: usize| n.min(WIDEST));
        let told = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = terminal.then(|| columns.or_else(told).unwrap_or(80));
        Self { terminal, colour, width }
    }
}
