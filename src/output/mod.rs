//! The only owner of stdout and stderr.
//!
//! Commands hand over what they found as [`Item`]s; here it is decided how that looks. stdout carries
//! the result and nothing else; remarks, traces and errors go to stderr. No hostile character of CRM
//! text leaves this module in a form that acts ([`escape`]), and no API key at all ([`secret`]). What an item holds is decided elsewhere.

mod csv;
mod item;
mod list;
mod pretty;
mod readable;
mod secret;
mod settings;
mod sheet;
mod sink;
mod table;

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::tz::TimeZone;
use serde_json::json;

pub use self::item::{ABOUT, Compact, Item, Parts};
use self::list::List;
pub use self::list::Receipt;
use self::readable::Readable;
use self::secret::Secret;
pub use self::settings::{Format, Screen, Settings};
use self::sink::Sink;
pub use self::sink::is_closed_pipe;
use crate::error::Error;
use crate::escape;
use crate::values::walk;

/// Writes results to stdout, and remarks and errors to stderr.
pub struct Output {
    out: Sink,
    err: Box<dyn Write>,
    secret: Secret,
    settings: Settings,
    screen: Screen,
    look: Readable,
    format: Format,
    list: List,
    question: bool,
    /// A sign of life stands on the last line of the terminal.
    alive: bool,
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
    pub fn new(
        settings: Settings,
        stdout: Box<dyn Write>,
        stderr: Box<dyn Write>,
        mut screen: Screen,
    ) -> Self {
        let for_people = screen.terminal && !settings.raw;
        let format = settings.format.unwrap_or(if for_people { Format::Table } else { Format::Json });
        let out = Sink::new(stdout);
        let (secret, list) = (Secret::default(), List::default());
        screen.width = screen.width.filter(|_| !settings.wide);
        let grouped = screen.terminal && format == Format::Table;
        let look = Readable { zone: (grouped && !settings.utc).then(TimeZone::system), grouped };
        Self { out, err: stderr, secret, settings, screen, look, format, list, question: false, alive: false }
    }

    /// Keeps `key` out of everything that is printed from now on, in whatever form it comes.
    pub fn conceal(&mut self, key: Option<&str>) {
        self.secret = key.map(Secret::new).unwrap_or_default();
        self.out.conceal(self.secret.clone());
    }

    /// The format in use.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether it can be seen which values stand in arrays: in JSON of our own.
    pub fn shows_arrays(&self) -> bool {
        self.is_json() && !self.settings.raw
    }

    /// Whether it has to be known which fields are amounts, set or not: their columns are two. One thing shows fields
    /// that it does not have only if they were asked for.
    pub fn splits_money(&self, many: bool) -> bool {
        self.format == Format::Csv && (many || !self.settings.fields.is_empty())
    }

    /// Whether the columns of a list are for its maker to choose.
    pub fn wants_columns(&self) -> bool {
        matches!(self.format, Format::Table | Format::Csv) && self.settings.fields.is_empty()
    }

    /// Whether what is shown has the names of records and members beside their IDs: where people read it, in
    /// JSON one thing that was asked for, and wherever a field asks for a name. `many`: a list; `wrote`: the answer of a write.
    pub fn wants_names(&self, many: bool, wrote: bool) -> bool {
        let asked = self.settings.fields.iter().any(|name| name == "parent_name" || name.ends_with(".name"));
        let by_itself = !self.is_json() || (!many && !wrote) || asked;
        !self.settings.raw && self.format != Format::Ids && self.settings.names.unwrap_or(by_itself)
    }

    /// What will be shown of a compact form: all of it, or the fields that were asked for.
    pub fn part<'a>(&self, compact: &'a str, columns: &[String]) -> Vec<Cow<'a, str>> {
        let asked = &self.settings.fields;
        let asked = if self.settings.all_fields() { &[] } else { asked.as_slice() };
        let usual = self.settings.fields.is_empty() && !self.is_json();
        match if usual { columns } else { asked } {
            [] => vec![compact.into()],
            columns => columns.iter().filter_map(|name| item::holder(compact, name)).collect(),
        }
    }

    /// Writes one thing, the whole result of a command.
    ///
    /// # Errors
    /// Wrong usage (a field the item does not have, an ID where there is none) before anything is
    /// written; a failed write.
    pub fn one(&mut self, item: &Item) -> Result<(), Error> {
        self.settings.check()?;
        if self.settings.raw {
            return self.json(item.raw());
        }
        let (raw, compact) = (item.raw(), item.compact());
        if !self.settings.all_fields() {
            item::check(raw, compact, &self.settings.fields)?;
        }
        if let Some(odd) = item.odd() {
            self.note(&format!("not all of it can be understood: {odd}"));
        }
        if item.is_document() {
            return self.plan(compact);
        }
        match self.format {
            Format::Json | Format::Ndjson => self.json(&self.selected(raw, compact)),
            Format::Ids => self.id(compact),
            Format::Csv => {
                self.name_columns(raw, compact);
                self.split_money(compact);
                self.csv_header()?;
                self.csv_row(compact)
            }
            Format::Table => {
                let names = self.names(raw, compact);
                let compact = self.without_key(compact);
                self.out.put(&[&sheet::render(&compact, &names, item.parts(), (self.screen, &self.look))])
            }
        }
    }

    /// A compact form with the fields that were asked for.
    fn selected<'a>(&self, raw: &str, compact: &'a str) -> Cow<'a, str> {
        match self.settings.fields.as_slice() {
            [] => compact.into(),
            _ if self.settings.all_fields() => item::select(compact, &item::known(raw, compact)).into(),
            fields => item::select(compact, fields).into(),
        }
    }

    /// Shows things whole from now on, whatever fields were asked for.
    pub fn show_all_fields(&mut self) {
        self.settings.fields.clear();
    }

    /// Writes one thing as JSON whatever the format: a request that was not sent has no table.
    ///
    /// # Errors
    /// A failed write.
    pub fn plan(&mut self, request: &str) -> Result<(), Error> {
        let text = if self.screen.terminal { pretty::pretty(request) } else { request.into() };
        self.out.put(&[&escape::json_lines(&text), "\n"])
    }

    /// Writes the bytes of a file, which is not for a terminal: nothing is escaped.
    ///
    /// # Errors
    /// A failed write.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.out.bytes(bytes)
    }

    /// Hands on what is buffered; at the latest at the end of the program, and earlier wherever a
    /// reader should not wait.
    ///
    /// # Errors
    /// A failed write.
    pub fn finish(&mut self) -> Result<(), Error> {
        self.hush();
        self.pass_csv(0)?;
        self.out.flush()
    }

    /// A remark, unless quiet was asked for: an object where the output is JSON, else a line for people.
    pub fn note(&mut self, text: &str) {
        if !self.settings.quiet {
            self.aside("remark", text);
        }
    }

    /// Whether a person reads along at a terminal, in a format made for people.
    pub fn is_for_people(&self) -> bool {
        !self.settings.quiet && self.screen.terminal && self.format == Format::Table
    }

    /// A word to a person who reads along at a terminal; nothing where a program does.
    pub fn whisper(&mut self, text: &str) {
        if self.is_for_people() {
            let (dim, plain) = if self.screen.colour { ("\u{1b}[2m", "\u{1b}[0m") } else { ("", "") };
            self.say(&format!("{dim}{}{plain}", escape::visible(text)));
        }
    }

    /// Tells a person who has waited for so many seconds that something is going on, on a line that is wiped
    /// before anything else is written. Not while rows run over the same terminal, or a question is open.
    pub fn sign_of_life(&mut self, seconds: u64) {
        if self.settings.quiet || self.question || (self.screen.terminal && self.format != Format::Table) {
            return;
        }
        let so_far = match self.list.rows() {
            0 => "Waiting for Attio".to_owned(),
            rows => format!("{rows} rows so far"),
        };
        self.alive = true;
        let _ = self.err.write_all(format!("\r\u{1b}[K{so_far} ({seconds} s)").as_bytes());
        let _ = self.err.flush();
    }

    /// Wipes the sign of life.
    fn hush(&mut self) {
        if std::mem::take(&mut self.alive) {
            let _ = self.err.write_all(b"\r\x1b[K").and_then(|()| self.err.flush());
        }
    }

    /// A question to the person at the terminal; the last line stays open until it is [`Self::answered`].
    pub fn prompt(&mut self, text: &str) {
        let _ = self.finish(); // what was found before comes first
        self.question = true;
        self.write(&escape::visible_lines(text));
    }

    /// The person ended the line of the question.
    pub fn answered(&mut self) {
        self.question = false;
    }

    /// A trace of what is done, for those who asked.
    pub fn trace(&mut self, text: &str) {
        if self.settings.verbose {
            self.aside("trace", text);
        }
    }

    fn aside(&mut self, kind: &str, text: &str) {
        if self.is_json() {
            self.say(&escape::json(&json!({ kind: text }).to_string()));
        } else {
            self.say(&escape::visible(text));
        }
    }

    /// What went wrong: one JSON object where the output is JSON, else lines for people. What was
    /// found before comes first.
    pub fn error(&mut self, error: &Error) {
        let _ = self.render().and_then(|()| self.finish()); // the first failure is the one to tell
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
        let end = if std::mem::take(&mut self.question) { "\n" } else { "" };
        self.write(&format!("{end}{line}\n"));
    }

    fn write(&mut self, text: &str) {
        self.hush();
        let _ = self.err.write_all(&self.secret.hide(text.as_bytes())).and_then(|()| self.err.flush());
    }

    /// One thing as JSON, and a line break.
    fn json(&mut self, json: &str) -> Result<(), Error> {
        let text = self.laid_out(json);
        self.out.put(&[&self.safe(&text), "\n"])
    }

    /// JSON as it is, or with a line for each value.
    fn laid_out<'a>(&self, json: &'a str) -> Cow<'a, str> {
        if self.is_pretty() { pretty::pretty(json).into() } else { json.into() }
    }

    /// A compact form without the key, whose pieces may be cut: what is left of it could not be found later.
    fn without_key<'a>(&self, compact: &'a str) -> Cow<'a, str> {
        match self.secret.hide(compact.as_bytes()) {
            Cow::Borrowed(_) => compact.into(),
            Cow::Owned(hidden) => String::from_utf8_lossy(&hidden).into_owned().into(),
        }
    }

    /// `text` of JSON without characters that act; its line breaks are kept where it has its own.
    fn safe<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.is_pretty() { escape::json_lines(text) } else { escape::json(text) }
    }

    /// Whether one thing takes several lines: where a person reads it, and not Attio's own text.
    fn is_pretty(&self) -> bool {
        self.screen.terminal && self.format == Format::Json && !self.settings.raw
    }

    fn id(&mut self, compact: &str) -> Result<(), Error> {
        let id =
            item::id(compact).ok_or_else(|| Error::usage("this result has no ID to show with -o ids"))?;
        self.out.put(&[&escape::visible(&id), "\n"])
    }

    /// The fields that are shown of a thing.
    fn names(&self, raw: &str, compact: &str) -> Vec<String> {
        match self.settings.fields.as_slice() {
            [] => item::fields(compact).into_iter().map(|(name, _)| walk::text(name).into_owned()).collect(),
            _ if self.settings.all_fields() => item::known(raw, compact),
            fields => fields.to_vec(),
        }
    }
}
