//! Lists: one row after the other, so that memory does not grow with their length.

use serde_json::{Value, json};
use std::borrow::Cow;

use super::csv::Sheet;
use super::table::Table;
use super::{Format, Output, item, sheet};
use crate::error::Error;
use crate::escape;
use crate::values::names::Names;
use crate::values::walk;
use crate::values::{Compactor, Many};

/// Rows of CSV are handed on when they have so many bytes.
const ENOUGH: usize = 64 * 1024;

/// So many odd rows are named one by one.
const NAMED: usize = 5;

/// A list under way.
#[derive(Default)]
pub struct List {
    /// Fields of a table or of CSV.
    pub columns: Vec<String>,
    /// Those that are amounts of money, as far as that is known.
    money: Vec<String>,
    rows: usize,
    odd: usize,
    compactor: Compactor,
    /// The compact form of a row; the room is used again.
    compact: String,
    table: Option<Table>,
    sheet: Option<Sheet>,
    /// Fields that were told of or are shown, where CSV leaves some out.
    known: Vec<String>,
    /// Fields that only later rows have.
    late: Vec<String>,
    /// Whether things of several kinds are in it, of which no two have the same fields.
    mixed: bool,
    /// Of the fields that were asked for those that things of some kind in the list have.
    expected: Vec<String>,
}

impl List {
    /// How many rows came so far.
    pub fn rows(&self) -> usize {
        self.rows
    }
}

/// How a list ended.
#[derive(Clone, Debug, Default)]
pub struct Receipt {
    /// How many were passed over before.
    pub before: usize,
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
    /// Begins a list of things whose attributes are defined by `many`. `columns` are the fields of a table
    /// or CSV if the user names none; with an empty slice the first row decides. `money`: the fields that are
    /// amounts, whether the first row has one or not.
    pub fn begin(&mut self, columns: Vec<String>, many: Many, money: Vec<String>) {
        let columns = match self.settings.fields.as_slice() {
            [] => columns,
            _ if self.settings.all_fields() => Vec::new(), // those of the first row
            fields => fields.to_vec(),
        };
        self.list = List { columns, money, compactor: Compactor::new(many), ..List::default() };
    }

    /// Takes the fields of `raw` for known: a row of another kind than the first.
    pub fn expect(&mut self, raw: &str) {
        self.list.mixed = true;
        let mut compact = String::new();
        self.list.compactor.add(raw, &mut compact);
        let has = |name: &&String| {
            *name == item::ABOUT || item::check(raw, &compact, std::slice::from_ref(name)).is_ok()
        };
        self.list.expected.extend(self.settings.fields.iter().filter(has).cloned());
        if self.settings.all_fields() {
            self.name_columns(raw, &compact);
        }
    }

    /// The fields of the one thing to come that are amounts, whether it has one or not.
    pub fn expect_money(&mut self, money: Vec<String>) {
        self.list.money = money;
    }

    /// Goes on with things whose attributes are defined by `many`.
    pub fn define(&mut self, many: Many) {
        self.list.compactor = Compactor::new(many);
    }

    /// What will be shown of a row to come.
    pub fn preview(&mut self, raw: &str) -> Vec<String> {
        let mut compact = String::new();
        self.list.compactor.add(raw, &mut compact);
        self.part(&compact, &self.list.columns).into_iter().map(Cow::into_owned).collect()
    }

    /// Writes the next thing of a list: `raw` is Attio's JSON of it, with the `names` that are known.
    ///
    /// # Errors
    /// As [`Output::one`]; wrong usage shows at the first row.
    pub fn row(&mut self, raw: &str, names: &Names) -> Result<(), Error> {
        if self.settings.raw {
            self.settings.check()?;
            self.json_row(raw)?;
        } else {
            let mut compact = std::mem::take(&mut self.list.compact);
            compact.clear();
            if let Some(odd) = self.list.compactor.add(raw, &mut compact) {
                self.tell_odd(&compact, &odd);
            }
            if !names.is_empty() {
                compact = names.put(&compact);
            }
            if self.list.rows == 0 {
                self.first(raw, &compact)?;
            }
            self.compact_row(raw, &compact)?;
            self.list.compact = compact;
        }
        self.list.rows += 1;
        Ok(())
    }

    /// A row that cannot be understood is shown as far as it goes, and named.
    fn tell_odd(&mut self, compact: &str, odd: &str) {
        self.list.odd += 1;
        if self.list.odd <= NAMED {
            let id = item::id(compact).map(|id| format!(" ({id})")).unwrap_or_default();
            self.note(&format!("row {}{id} is shown as far as it can be: {odd}", self.list.rows + 1));
        }
    }

    /// Ends a list and says what is missing from it. A list that failed half way is not ended, so
    /// that its JSON cannot pass for a whole one.
    ///
    /// # Errors
    /// A failed write.
    pub fn end(&mut self, receipt: &Receipt) -> Result<(), Error> {
        let none = self.list.rows == 0;
        match self.format {
            Format::Json => self.out.put(&[if none { "[]\n" } else { "\n]\n" }])?,
            Format::Csv if none && !self.list.columns.is_empty() => self.csv_header()?,
            Format::Table if none => self.note("No results."),
            Format::Table => {
                self.render()?;
                self.finish()?; // the remark stands below the table
                if self.list.table.as_ref().is_some_and(Table::has_cut) {
                    self.note("Some cells are cut: --wide shows them whole, -o csv takes them to a file");
                }
            }
            Format::Csv | Format::Ndjson | Format::Ids => {}
        }
        self.finish()?;
        if self.list.odd > NAMED {
            self.note(&format!("{} rows in all are shown as far as they can be", self.list.odd));
        }
        if !self.list.late.is_empty() {
            self.note(&format!("CSV lacks fields that only later rows have: {}", self.list.late.join(",")));
        }
        if receipt.complete != Some(true) {
            self.incomplete(receipt);
        } else if receipt.returned > 0 {
            self.whisper(&format!(
                "{} of {}",
                receipt.returned,
                receipt.before.saturating_add(receipt.returned)
            ));
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
        let Receipt { before: _, returned, complete, next_offset, next_cursor } = receipt;
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

    fn first(&mut self, raw: &str, compact: &str) -> Result<(), Error> {
        self.settings.check()?;
        if !self.settings.all_fields() {
            let is_new = |name: &&String| !self.list.expected.contains(name);
            let fields: Vec<String> = self.settings.fields.iter().filter(is_new).cloned().collect();
            item::check(raw, compact, &fields)?;
        }
        if self.list.columns.is_empty() {
            self.name_columns(raw, compact);
        }
        match self.format {
            Format::Csv => {
                self.tell_left_out(raw, compact);
                self.split_money(compact);
                self.csv_header()
            }
            Format::Table => {
                let header =
                    self.list.columns.iter().map(|name| escape::visible(name).into_owned()).collect();
                self.list.table = Some(Table::new(
                    header,
                    self.screen.width,
                    self.screen.colour,
                    !self.settings.fields.is_empty(),
                ));
                Ok(())
            }
            Format::Json | Format::Ndjson | Format::Ids => Ok(()),
        }
    }

    /// Makes columns of the fields of a thing, behind those there are.
    pub(super) fn name_columns(&mut self, raw: &str, compact: &str) {
        for name in self.names(raw, compact) {
            if !self.list.columns.contains(&name) {
                self.list.columns.push(name);
            }
        }
    }

    /// An amount and its currency have a column each: a spreadsheet adds up numbers only.
    pub(super) fn split_money(&mut self, compact: &str) {
        let is_money = |name: &String| {
            self.list.money.contains(name)
                || item::field(compact, name).is_some_and(|value| {
                    let value = walk::items(&value).next().unwrap_or(&value);
                    ["amount", "currency"].iter().all(|part| walk::member(value, part).is_some())
                })
        };
        let split = |name: String| match is_money(&name) {
            true => ["amount", "currency"].map(|part| format!("{name}.{part}")).to_vec(),
            false => vec![name],
        };
        let columns = std::mem::take(&mut self.list.columns);
        self.list.columns = columns.into_iter().flat_map(split).collect();
    }

    /// A table has room for a few columns only, and CSV has the same ones. Whoever reads a file sees
    /// nothing of it.
    fn tell_left_out(&mut self, raw: &str, compact: &str) {
        if self.list.mixed || !self.settings.fields.is_empty() {
            return;
        }
        self.list.known = item::known(raw, compact);
        let (known, columns) = (&self.list.known, &self.list.columns);
        let left_out: Vec<&str> =
            known.iter().filter(|name| !columns.contains(name)).map(String::as_str).collect();
        if !left_out.is_empty() {
            let (shown, all, names) = (known.len() - left_out.len(), known.len(), left_out.join(","));
            self.note(&format!("CSV has {shown} of {all} fields; --fields A,B,C takes others: {names}"));
        }
    }

    fn compact_row(&mut self, raw: &str, compact: &str) -> Result<(), Error> {
        match self.format {
            Format::Json | Format::Ndjson => self.json_row(&self.selected(raw, compact)),
            Format::Ids => self.id(compact),
            Format::Csv => self.csv_row(compact),
            Format::Table => self.table_row(compact),
        }
    }

    fn json_row(&mut self, json: &str) -> Result<(), Error> {
        if self.format == Format::Ndjson {
            return self.out.put(&[&self.safe(json), "\n"]);
        }
        let before = if self.list.rows == 0 { "[\n" } else { ",\n" };
        if self.is_pretty() {
            let text = self.laid_out(json).replace('\n', "\n  ");
            return self.out.put(&[before, "  ", &self.safe(&text)]);
        }
        self.out.put(&[before, &self.safe(json)])
    }

    pub(super) fn csv_header(&mut self) -> Result<(), Error> {
        let mut sheet = Sheet::new(self.settings.excel_safe);
        for name in &self.list.columns {
            sheet.cell(&self.for_csv(name), false)?;
        }
        sheet.end_row()?;
        self.list.sheet = Some(sheet);
        Ok(())
    }

    pub(super) fn csv_row(&mut self, compact: &str) -> Result<(), Error> {
        let Some(mut sheet) = self.list.sheet.take() else { return Ok(()) };
        let fields = item::fields(compact);
        for column in &self.list.columns {
            let field = match fields.iter().find(|(name, _)| walk::is(name, column)) {
                Some((_, field)) => Cow::Borrowed(*field),
                None => item::field(compact, column).unwrap_or("null".into()),
            };
            let number = field.starts_with(|c: char| c == '-' || c.is_ascii_digit());
            sheet.cell(&self.for_csv(&item::cell(&field)), number)?;
        }
        sheet.end_row()?;
        self.list.sheet = Some(sheet);
        self.note_late(&fields);
        self.pass_csv(ENOUGH)
    }

    /// Files and pipes get the exact data; a person gets to see what is in it.
    fn for_csv<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.screen.terminal { escape::visible(text) } else { text.into() }
    }

    /// Remembers fields that nobody was told of: those that the first row did not have.
    fn note_late(&mut self, fields: &[(&str, &str)]) {
        if self.list.known.is_empty() {
            return;
        }
        let mut at = 0;
        for (name, _) in fields {
            // Things name their fields in one order.
            let known = &self.list.known;
            match known.iter().skip(at).position(|known| walk::is(name, known)) {
                Some(found) => at += found + 1,
                None if known.iter().any(|known| walk::is(name, known)) => {}
                None => {
                    let name = walk::text(name).into_owned();
                    self.list.late.push(name.clone());
                    self.list.known.push(name);
                }
            }
        }
    }

    /// Hands on rows of CSV that wait, if they are more than so many bytes.
    pub(super) fn pass_csv(&mut self, more_than: usize) -> Result<(), Error> {
        match &mut self.list.sheet {
            Some(sheet) => self.out.put(&[&sheet.take(more_than)?]),
            None => Ok(()),
        }
    }

    fn table_row(&mut self, compact: &str) -> Result<(), Error> {
        let compact = self.without_key(compact);
        let cell = |name: &String| sheet::cell(&item::value(&compact, name), &self.look);
        let cells = self.list.columns.iter().map(cell).collect();
        let Some(table) = &mut self.list.table else { return Ok(()) };
        table.push(cells);
        if table.is_full() { self.render() } else { Ok(()) }
    }

    /// Writes the rows of a table that wait for more.
    pub(super) fn render(&mut self) -> Result<(), Error> {
        self.hush();
        match &mut self.list.table {
            Some(table) => self.out.put(&[&table.render()]),
            None => Ok(()),
        }
    }
}
