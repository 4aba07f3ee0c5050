//! Lists: one row after the other, so that memory does not grow with their length.

use serde_json::{Value, json};

use super::item::{self, Compact, Item};
use super::table::Table;
use super::{Format, Output, csv, escape, sheet};
use crate::error::Error;

/// How a list ended.
#[derive(Clone, Debug, Default)]
pub struct Receipt {
    /// How many things were shown.
    pub returned: usize,
    /// Whether that was all there is; `None` where nobody can tell.
    pub complete: Option<bool>,
    /// Where to go on, if that is a number.
    pub next_offset: Option<usize>,
    /// Where to go on in listings that are continued by a cursor.
    pub next_cursor: Option<String>,
}

impl Output {
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
            self.json_row(item.raw())?;
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
        if receipt.complete != Some(true) {
            self.incomplete(receipt);
        }
        Ok(())
    }

    /// Says that the one thing that was shown goes on at `cursor`.
    pub fn goes_on(&mut self, cursor: &str) {
        if self.is_json() {
            return self.meta(json!({"complete": false, "next_cursor": cursor}));
        }
        self.note(&format!("There is more: --cursor {cursor} goes on."));
    }

    fn incomplete(&mut self, receipt: &Receipt) {
        let Receipt { returned, complete, next_offset, next_cursor } = receipt;
        if self.is_json() {
            let mut meta = json!({ "returned": returned, "complete": complete, "next_offset": next_offset });
            if let Some(cursor) = next_cursor {
                meta["next_cursor"] = json!(cursor);
            }
            return self.meta(meta);
        }
        let more = if complete.is_none() { "there may be more" } else { "there are more" };
        let go_on = match (next_offset, next_cursor) {
            (Some(offset), _) => format!(". Next: --offset {offset}, everything: --all"),
            (None, Some(cursor)) => format!(". Next: --cursor {cursor}, everything: --all"),
            (None, None) => String::new(),
        };
        self.note(&format!("Showing {returned}; {more}{go_on}"));
    }

    /// What a program should know of a list. Whoever asked for quiet does not want to know.
    fn meta(&mut self, meta: Value) {
        if !self.settings.quiet {
            self.say(&escape::json(&json!({ "meta": meta }).to_string()));
        }
    }

    fn first(&mut self, item: &Item, compact: &Compact) -> Result<(), Error> {
        self.settings.check()?;
        item::check(item, compact, &self.settings.fields)?;
        if self.columns.is_empty() {
            self.columns = self.names(compact);
        }
        match self.format {
            Format::Csv => {
                self.tell_left_out(item, compact);
                self.csv_header()
            }
            Format::Table => {
                let header = self.columns.iter().map(|name| escape::visible(name).into_owned()).collect();
                self.table = Some(Table::new(header, self.screen.width, self.screen.colour));
                Ok(())
            }
            Format::Json | Format::Ndjson | Format::Ids => Ok(()),
        }
    }

    /// A table has room for a few columns only, and CSV has the same ones. Whoever reads a file sees
    /// nothing of it.
    fn tell_left_out(&mut self, item: &Item, compact: &Compact) {
        if self.settings.fields.is_empty() {
            let known = item::known(item, compact);
            let left_out: Vec<&str> = known
                .iter()
                .map(String::as_str)
                .filter(|name| !self.columns.iter().any(|c| c == name))
                .collect();
            if !left_out.is_empty() {
                let text = format!(
                    "CSV has {} of {} fields; --fields A,B,C takes others: {}",
                    known.len() - left_out.len(),
                    known.len(),
                    left_out.join(",")
                );
                self.note(&text);
            }
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
        let text = self.safe(text);
        if self.format == Format::Ndjson {
            return self.out.put(&[&text, "\n"]);
        }
        let before = if self.rows == 0 { "[\n" } else { ",\n" };
        if self.is_pretty() {
            return self.out.put(&[before, "  ", &text.replace('\n', "\n  ")]);
        }
        self.out.put(&[before, &text])
    }

    pub(super) fn csv_header(&mut self) -> Result<(), Error> {
        let names = self.columns.clone();
        self.csv_line(names)
    }

    pub(super) fn csv_row(&mut self, compact: &Compact) -> Result<(), Error> {
        let cells = self.columns.iter().map(|name| self.csv_cell(item::field(compact, name))).collect();
        self.csv_line(cells)
    }

    fn csv_cell(&self, value: Option<&Value>) -> String {
        let text = value.map(item::text).unwrap_or_default();
        let harmless = !self.settings.excel_safe || value.is_some_and(Value::is_number);
        if harmless || !csv::is_formula(&text) { text } else { format!("'{text}") }
    }

    /// Files and pipes get the exact data; a person gets to see what is in it.
    fn csv_line(&mut self, mut cells: Vec<String>) -> Result<(), Error> {
        if self.screen.terminal {
            cells.iter_mut().for_each(|cell| *cell = escape::visible(cell).into_owned());
        }
        self.out.put(&[&csv::line(&cells, self.settings.excel_safe)?])
    }

    fn table_row(&mut self, compact: &Compact) -> Result<(), Error> {
        let cells = self.columns.iter().map(|name| sheet::cell(compact, name)).collect();
        let Some(table) = &mut self.table else { return Ok(()) };
        table.push(cells);
        if table.is_full() { self.render() } else { Ok(()) }
    }

    /// Writes the rows of a table that wait for more.
    pub(super) fn render(&mut self) -> Result<(), Error> {
        match &mut self.table {
            Some(table) => self.out.put(&[&table.render()]),
            None => Ok(()),
        }
    }
}
