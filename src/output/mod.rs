//! The only owner of stdout and stderr.
//!
//! Commands hand over what they found as [`Item`]s; here it is decided how that looks. stdout carries
//! the result and nothing else; remarks, traces and errors go to stderr. No hostile character of CRM
//! text leaves this module in a form that acts ([`escape`]). What an item holds is decided elsewhere.

pub mod escape;
mod item;
mod settings;
mod sink;
mod table;

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::{Value, json};

pub use self::item::{Compact, Item};
pub use self::settings::{Format, Screen, Settings};
use self::sink::Sink;
pub use self::sink::is_closed_pipe;
use self::table::{Cell, Table};
use crate::error::Error;

/// How a list ended.
#[derive(Clone, Copy, Debug)]
pub struct Receipt {
    /// How many things were shown.
    pub returned: usize,
    /// Whether that was all there is.
    pub complete: bool,
    /// Where to go on, if that is a number.
    pub next_offset: Option<u64>,
}

/// Writes results to stdout, and remarks and errors to stderr.
pub struct Output {
    out: Sink,
    err: Box<dyn Write>,
    settings: Settings,
    screen: Screen,
    format: Format,
    columns: Vec<String>,
    rows: usize,
    table: Option<Table>,
}

impl Output {
    /// Writes to the process' own stdout and stderr.
    pub fn stdio(settings: Settings) -> Self {
        let screen = Screen::of_stdout();
        // Older Windows consoles have to be told to understand control sequences; this does so.
        let stdout: Box<dyn Write> = match screen.colour {
            true => Box::new(anstream::AutoStream::always_ansi(io::stdout())),
            false => Box::new(io::stdout()),
        };
        Self::new(settings, stdout, Box::new(io::stderr()), screen)
    }

    /// Writes to `stdout` and `stderr`, as if stdout were `screen`.
    pub fn new(settings: Settings, stdout: Box<dyn Write>, stderr: Box<dyn Write>, screen: Screen) -> Self {
        let for_people = screen.terminal && !settings.raw;
        let format = settings.format.unwrap_or(if for_people { Format::Table } else { Format::Json });
        let out = Sink::new(stdout);
        Self { out, err: stderr, settings, screen, format, columns: Vec::new(), rows: 0, table: None }
    }

    /// The format in use.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Writes one thing, the whole result of a command.
    ///
    /// # Errors
    /// Wrong usage (a field the item does not have, an ID where there is none) before anything is
    /// written; a failed write.
    pub fn one(&mut self, item: &Item) -> Result<(), Error> {
        self.settings.check()?;
        if self.settings.raw {
            return self.out.put(&[&escape::json(item.raw()), "\n"]);
        }
        let compact = item.compact()?;
        item::check(item, &compact, &self.settings.fields)?;
        match self.format {
            Format::Json | Format::Ndjson => self.out.put(&[&self.json(compact), "\n"]),
            Format::Ids => self.id(&compact),
            Format::Csv => {
                self.columns = self.names(&compact);
                self.csv_header()?;
                self.csv_row(&compact)
            }
            Format::Table => {
                let pairs = self.names(&compact).into_iter().map(|name| {
                    let value = item::field(&compact, &name).map(item::text).unwrap_or_default();
                    (escape::visible(&name).into_owned(), escape::visible_lines(&value).into_owned())
                });
                let text = table::sheet(&pairs.collect::<Vec<_>>(), self.screen.colour);
                self.out.put(&[&text])
            }
        }
    }

    /// Begins a list. `columns` are the fields of a table or CSV if the user names none; with an
    /// empty slice the first row decides.
    pub fn begin(&mut self, columns: &'static [&'static str]) {
        self.rows = 0;
        self.table = None;
        self.columns = match self.settings.fields.as_slice() {
            [] => columns.iter().map(|&name| name.to_owned()).collect(),
            fields => fields.to_vec(),
        };
    }

    /// Writes the next thing of a list.
    ///
    /// # Errors
    /// As [`Output::one`]; wrong usage shows at the first row.
    pub fn row(&mut self, item: &Item) -> Result<(), Error> {
        if self.settings.raw {
            self.settings.check()?;
            let text = escape::json(item.raw());
            self.json_row(&text)?;
        } else {
            let compact = item.compact()?;
            if self.rows == 0 {
                self.first(item, &compact)?;
            }
            self.compact_row(compact)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Ends a list and says what is missing from it. A list that failed half way is not ended, so
    /// that its JSON cannot pass for a whole one.
    ///
    /// # Errors
    /// A failed write.
    pub fn end(&mut self, receipt: &Receipt) -> Result<(), Error> {
        match self.format {
            Format::Json => self.out.put(&[if self.rows == 0 { "[]\n" } else { "\n]\n" }])?,
            Format::Csv if self.rows == 0 && !self.columns.is_empty() => self.csv_header()?,
            Format::Table if self.rows == 0 => self.note("No results."),
            Format::Table => self.render()?,
            Format::Csv | Format::Ndjson | Format::Ids => {}
        }
        self.finish()?;
        if !receipt.complete {
            self.incomplete(receipt);
        }
        Ok(())
    }

    /// Hands on what is buffered; at the latest at the end of the program, and earlier wherever a
    /// reader should not wait.
    ///
    /// # Errors
    /// A failed write.
    pub fn finish(&mut self) -> Result<(), Error> {
        self.out.flush()
    }

    /// A remark for people, unless they asked for quiet.
    pub fn note(&mut self, text: &str) {
        if !self.settings.quiet {
            self.say(&escape::visible(text));
        }
    }

    /// A trace of what is done, for those who asked.
    pub fn trace(&mut self, text: &str) {
        if self.settings.verbose {
            self.say(&escape::visible(text));
        }
    }

    /// What went wrong: one JSON object where the output is JSON, else lines for people.
    pub fn error(&mut self, error: &Error) {
        if self.is_json() {
            self.say(&escape::json(&error.to_json().to_string()));
        } else {
            error.to_lines().iter().for_each(|line| self.say(&escape::visible(line)));
        }
    }

    fn is_json(&self) -> bool {
        matches!(self.format, Format::Json | Format::Ndjson)
    }

    /// One line to stderr. When that fails there is nobody left to tell.
    fn say(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}").and_then(|()| self.err.flush());
    }

    fn incomplete(&mut self, receipt: &Receipt) {
        let Receipt { returned, complete, next_offset } = *receipt;
        if self.is_json() {
            let meta = json!({ "returned": returned, "complete": complete, "next_offset": next_offset });
            return self.say(&json!({ "meta": meta }).to_string());
        }
        let go_on = next_offset.map(|offset| format!("--offset {offset} goes on, ")).unwrap_or_default();
        self.note(&format!("{returned} shown, there are more: {go_on}--all gets everything."));
    }

    fn first(&mut self, item: &Item, compact: &Compact) -> Result<(), Error> {
        self.settings.check()?;
        item::check(item, compact, &self.settings.fields)?;
        if self.columns.is_empty() {
            self.columns = self.names(compact);
        }
        match self.format {
            Format::Csv => self.csv_header(),
            Format::Table => {
                let header = self.columns.iter().map(|name| escape::visible(name).into_owned()).collect();
                self.table = Some(Table::new(header, self.screen.width, self.screen.colour));
                Ok(())
            }
            Format::Json | Format::Ndjson | Format::Ids => Ok(()),
        }
    }

    fn compact_row(&mut self, compact: Compact) -> Result<(), Error> {
        match self.format {
            Format::Json | Format::Ndjson => {
                let text = self.json(compact);
                self.json_row(&text)
            }
            Format::Ids => self.id(&compact),
            Format::Csv => self.csv_row(&compact),
            Format::Table => self.table_row(&compact),
        }
    }

    fn json_row(&mut self, text: &str) -> Result<(), Error> {
        if self.format == Format::Ndjson {
            return self.out.put(&[text, "\n"]);
        }
        let text =
            if self.is_pretty() { Cow::Owned(text.replace('\n', "\n  ")) } else { Cow::Borrowed(text) };
        let indent = if self.is_pretty() { "  " } else { "" };
        self.out.put(&[if self.rows == 0 { "[\n" } else { ",\n" }, indent, &text])
    }

    /// The whole compact form or the selected fields.
    fn json(&self, compact: Compact) -> String {
        let chosen = match self.settings.fields.as_slice() {
            [] => compact,
            fields => item::select(&compact, fields),
        };
        let value = Value::Object(chosen);
        if self.is_pretty() {
            escape::json_lines(&format!("{value:#}")).into_owned()
        } else {
            escape::json(&value.to_string()).into_owned()
        }
    }

    /// Whether one thing takes several lines: where a person reads it, and not Attio's own text.
    fn is_pretty(&self) -> bool {
        self.screen.terminal && self.format == Format::Json && !self.settings.raw
    }

    fn id(&mut self, compact: &Compact) -> Result<(), Error> {
        let id =
            item::id(compact).ok_or_else(|| Error::usage("this result has no ID to show with -o ids"))?;
        self.out.put(&[&escape::visible(id), "\n"])
    }

    fn names(&self, compact: &Compact) -> Vec<String> {
        match self.settings.fields.as_slice() {
            [] => item::fields(compact).into_iter().map(|(name, _)| name.to_owned()).collect(),
            fields => fields.to_vec(),
        }
    }

    fn csv_header(&mut self) -> Result<(), Error> {
        let names = self.columns.clone();
        self.csv_line(names)
    }

    fn csv_row(&mut self, compact: &Compact) -> Result<(), Error> {
        let value = |name: &String| item::field(compact, name).map(item::text).unwrap_or_default();
        let cells = self.columns.iter().map(value).collect();
        self.csv_line(cells)
    }

    /// Files and pipes get the exact data; a person gets to see what is in it.
    fn csv_line(&mut self, mut cells: Vec<String>) -> Result<(), Error> {
        if self.screen.terminal {
            cells.iter_mut().for_each(|cell| *cell = escape::visible(cell).into_owned());
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        let line = writer
            .write_record(&cells)
            .map_err(csv::Error::into)
            .and_then(|()| writer.into_inner().map_err(csv::IntoInnerError::into_error));
        let line =
            line.map_err(|e: io::Error| Error::failure("cannot write a row as CSV").why(e.to_string()))?;
        self.out.put(&[&String::from_utf8_lossy(&line)])
    }

    fn table_row(&mut self, compact: &Compact) -> Result<(), Error> {
        let cell = |name: &String| {
            let value = item::field(compact, name).unwrap_or(&Value::Null);
            Cell { text: escape::visible(&item::text(value)).into_owned(), number: value.is_number() }
        };
        let cells = self.columns.iter().map(cell).collect();
        let Some(table) = &mut self.table else { return Ok(()) };
        table.push(cells);
        if table.is_full() { self.render() } else { Ok(()) }
    }

    fn render(&mut self) -> Result<(), Error> {
        match &mut self.table {
            Some(table) => self.out.put(&[&table.render()]),
            None => Ok(()),
        }
    }
}
