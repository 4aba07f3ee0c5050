//! Tables for people: columns aligned, cells cut to the width of the terminal.
//!
//! Takes cells that are already safe to show and gives back lines; writing is left to the caller.
//! Rows come in batches, so that a long list needs no more memory than a short one.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Rows laid out at a time; later batches keep at least the widths of the first.
const BATCH: usize = 500;
/// Between two columns.
const GAP: &str = "  ";
/// No column is cut below this many characters, however narrow the terminal.
const NARROWEST: usize = 6;

const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";

/// One cell: text on one line, and whether it is a number.
pub struct Cell {
    pub text: String,
    pub number: bool,
}

/// Rows under a header.
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
    widths: Vec<usize>,
    limit: Option<usize>,
    bold: bool,
    begun: bool,
}

impl Table {
    /// A table with the columns `header`; lines have at most `limit` characters; `bold` sets off the header.
    pub fn new(header: Vec<String>, limit: Option<usize>, bold: bool) -> Self {
        let widths = vec![0; header.len()];
        Self { header, rows: Vec::new(), widths, limit, bold, begun: false }
    }

    /// Adds a row with one cell for each column.
    pub fn push(&mut self, mut row: Vec<Cell>) {
        if let Some(limit) = self.limit {
            row.iter_mut().for_each(|cell| shorten(&mut cell.text, limit));
        }
        self.rows.push(row);
    }

    /// Whether it is time to call [`Table::render`].
    pub fn is_full(&self) -> bool {
        self.rows.len() >= BATCH
    }

    /// The lines of the rows since the last call, below the header the first time.
    pub fn render(&mut self) -> String {
        let rows = std::mem::take(&mut self.rows);
        self.measure(&rows);
        let numeric: Vec<bool> = (0..self.header.len()).map(|column| is_numeric(&rows, column)).collect();
        let mut out = String::new();
        if !std::mem::replace(&mut self.begun, true) {
            let header = self.line(self.header.iter().map(String::as_str), &numeric);
            out = heading(&header, self.bold);
        }
        for row in &rows {
            out.push_str(&self.line(row.iter().map(|cell| cell.text.as_str()), &numeric));
            out.push('\n');
        }
        out
    }

    fn measure(&mut self, rows: &[Vec<Cell>]) {
        for (width, name) in self.widths.iter_mut().zip(&self.header) {
            *width = name.width().max(*width);
        }
        for row in rows {
            for (width, cell) in self.widths.iter_mut().zip(row) {
                *width = cell.text.width().max(*width);
            }
        }
        if let Some(limit) = self.limit {
            self.fit(limit);
        }
    }

    /// Narrows the widest columns to one common width until a line fits. IDs stay whole where the
    /// others can still be read: half an ID is good for nothing.
    fn fit(&mut self, limit: usize) {
        let is_id = |name: &String| name.ends_with("_id");
        let room = limit.saturating_sub(GAP.len() * self.widths.len().saturating_sub(1));
        let ids: usize =
            self.widths.iter().zip(&self.header).filter(|(_, name)| is_id(name)).map(|(w, _)| w).sum();
        let others = self.header.iter().filter(|name| !is_id(name)).count();
        let keep_ids = ids + others * NARROWEST <= room;
        let room = if keep_ids { room - ids } else { room };
        let room = room.min(self.widths.iter().sum());
        let columns = self.widths.iter_mut().zip(&self.header);
        let mut flexible: Vec<&mut usize> =
            columns.filter(|(_, name)| !(keep_ids && is_id(name))).map(|(width, _)| width).collect();
        let fits = |cap: &usize| flexible.iter().map(|width| (**width).min(*cap)).sum::<usize>() <= room;
        let cap = (NARROWEST..=room).rev().find(fits).unwrap_or(NARROWEST);
        flexible.iter_mut().for_each(|width| **width = cap.min(**width));
    }

    fn line<'a>(&self, texts: impl Iterator<Item = &'a str>, numeric: &[bool]) -> String {
        let mut line = String::new();
        for ((text, width), number) in texts.zip(&self.widths).zip(numeric) {
            let text = cut(text, *width);
            let blank = " ".repeat(width.saturating_sub(text.width()));
            let (before, after) = if *number { (blank.as_str(), "") } else { ("", blank.as_str()) };
            for part in [before, &text, after, GAP] {
                line.push_str(part);
            }
        }
        line.truncate(line.trim_end_matches(' ').len());
        line
    }
}

/// A line above a table.
pub fn heading(text: &str, bold: bool) -> String {
    if bold { format!("{BOLD}{text}{PLAIN}\n") } else { format!("{text}\n") }
}

/// One thing, a field a line: `pairs` of name and text. Further lines of a text stand below the first.
pub fn sheet(pairs: &[(String, String)], bold: bool) -> String {
    let widest = pairs.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let indent = format!("\n{}{GAP}", " ".repeat(widest));
    let (on, off) = if bold { (BOLD, PLAIN) } else { ("", "") };
    let mut out = String::new();
    for (name, text) in pairs {
        let blank = " ".repeat(widest.saturating_sub(name.width()));
        let text = text.replace('\n', &indent);
        out.push_str(format!("{on}{name}{off}{blank}{GAP}{text}").trim_end_matches(' '));
        out.push('\n');
    }
    out
}

/// Whether a column holds numbers and nothing else.
fn is_numeric(rows: &[Vec<Cell>], column: usize) -> bool {
    let mut cells =
        rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.text.is_empty()).peekable();
    cells.peek().is_some() && cells.all(|cell| cell.number)
}

/// `text` in at most `width` columns, with `…` for what is gone.
fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut left = width.saturating_sub(1);
    let fits = |c: &char| match left.checked_sub(c.width().unwrap_or(0)) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    Cow::Owned(text.chars().take_while(fits).chain(['…']).collect())
}

/// Drops what no line of `limit` columns can show, keeping enough to see that something is gone.
fn shorten(text: &mut String, limit: usize) {
    if let Some((at, _)) = text.char_indices().nth(limit.saturating_add(1)) {
        text.truncate(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(limit: Option<usize>, header: &[&str], rows: &[&[&str]]) -> String {
        let mut table = Table::new(header.iter().map(|&name| name.to_owned()).collect(), limit, false);
        for row in rows {
            let cell = |text: &&str| Cell { text: (*text).to_owned(), number: text.parse::<f64>().is_ok() };
            table.push(row.iter().map(cell).collect());
        }
        table.render()
    }

    #[test]
    fn columns_line_up_and_numbers_end_together() {
        let rows: &[&[&str]] = &[&["Acme", "7", "x"], &["株式会社", "1200", ""]];
        assert_eq!(
            table(None, &["name", "value", "note"], rows),
            "\
name      value  note
Acme          7  x
株式会社   1200
"
        );
    }

    #[test]
    fn the_widest_give_way_and_ids_stay_whole() {
        let (id, long) = ("b8cbfa4c-7ae4-4f2a-a9a1-5b8a5c1f0d11", "x".repeat(300));
        let rows: &[&[&str]] = &[&[id, &long, "ok"]];
        let shown = table(Some(60), &["record_id", "description", "state"], rows);
        assert!(shown.contains(id) && shown.contains("x…  ok"), "{shown}");
        assert!(shown.lines().all(|line| line.width() <= 60), "{shown}");
    }

    #[test]
    fn wide_characters_are_not_cut_in_half() {
        assert_eq!(cut("株式会社", 5), "株式…");
        assert_eq!(cut("株式会社", 4), "株…");
        assert_eq!(cut("株式会社", 1), "…");
    }

    #[test]
    fn later_batches_keep_the_columns_and_have_no_header() {
        let mut table = Table::new(vec!["name".into(), "n".into()], None, false);
        let cell = |text: &str| Cell { text: text.into(), number: false };
        table.push(vec![cell("long name"), cell("a")]);
        table.render();
        table.push(vec![cell("short"), cell("b")]);
        assert_eq!(table.render(), "short      b\n");
    }
}
