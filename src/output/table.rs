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

/// On a narrower screen columns cannot be read.
const NARROW: usize = 60;

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
    /// All columns stay, as somebody asked for them.
    keep: bool,
    begun: bool,
    has_cut: std::cell::Cell<bool>,
}

impl Table {
    /// A table with the columns `header`; lines have at most `limit` characters; `bold` sets off the header.
    /// Unless `keep`, IDs and addresses at the end are the first to go where there is no room for all.
    pub fn new(header: Vec<String>, limit: Option<usize>, bold: bool, keep: bool) -> Self {
        let widths = vec![0; header.len()];
        let has_cut = std::cell::Cell::default();
        Self { header, rows: Vec::new(), widths, limit, bold, keep, begun: false, has_cut }
    }

    /// Whether a cell was not shown whole.
    pub fn has_cut(&self) -> bool {
        self.has_cut.get()
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
        if let Some(limit) = self.limit.filter(|limit| *limit < NARROW) {
            return self.records(&rows, limit);
        }
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

    /// Where there is no room for columns: a field a line, and a blank line between two rows.
    fn records(&mut self, rows: &[Vec<Cell>], limit: usize) -> String {
        let mut out = String::new();
        let widest = self.header.iter().map(|name| name.width()).max().unwrap_or(0);
        let room = limit.saturating_sub(widest + GAP.len()).max(NARROWEST);
        for row in rows {
            out.push_str(if std::mem::replace(&mut self.begun, true) { "\n" } else { "" });
            let fields = self.header.iter().zip(row).filter(|(name, cell)| {
                !cell.text.is_empty() && (self.keep || !is_whole(name) || cell.text.width() <= room)
            });
            let pairs: Vec<(String, String)> =
                fields.map(|(name, cell)| (name.clone(), self.cut(&cell.text, room).into_owned())).collect();
            out.push_str(&sheet(&pairs, self.bold));
        }
        out
    }

    fn cut<'a>(&self, text: &'a str, width: usize) -> Cow<'a, str> {
        let cut = cut(text, width);
        self.has_cut.set(self.has_cut.get() || matches!(cut, Cow::Owned(_)));
        cut
    }

    fn measure(&mut self, rows: &[Vec<Cell>]) {
        if !self.begun {
            self.widths = self.header.iter().map(|name| name.width()).collect();
        }
        // What was dropped from the first rows does not come back.
        let dropped = |width: &usize| self.begun && *width == 0;
        for row in rows {
            for (width, cell) in self.widths.iter_mut().zip(row).filter(|(width, _)| !dropped(width)) {
                *width = cell.text.width().max(*width);
            }
        }
        if let Some(limit) = self.limit {
            self.fit(limit);
        }
    }

    /// Drops IDs and addresses from the end on until a line fits, then narrows the widest columns to one
    /// common width. What names a thing in calls stays whole where the others can still be read: half of it
    /// is good for nothing.
    fn fit(&mut self, limit: usize) {
        for at in (0..self.widths.len()).rev() {
            let shown = self.widths.iter().filter(|width| **width > 0);
            let whole: usize = shown.clone().sum::<usize>() + GAP.len() * shown.count().saturating_sub(1);
            if whole <= limit || self.keep || self.begun {
                break;
            }
            let id = self.header.get(at).is_some_and(|name| name.ends_with("_id") || name.ends_with("_url"));
            if let (true, Some(width)) = (id, self.widths.get_mut(at)) {
                *width = 0;
            }
        }
        let shown = self.widths.iter().filter(|width| **width > 0).count();
        let room = limit.saturating_sub(GAP.len() * shown.saturating_sub(1));
        let columns = || self.widths.iter().zip(&self.header).filter(|(width, _)| **width > 0);
        let ids: usize = columns().filter(|(_, name)| is_whole(name)).map(|(width, _)| width).sum();
        let others = columns().filter(|(_, name)| !is_whole(name)).count();
        let keep_ids = ids + others * NARROWEST <= room;
        let room = if keep_ids { room - ids } else { room };
        let room = room.min(self.widths.iter().sum());
        let columns = self.widths.iter_mut().zip(&self.header);
        let mut flexible: Vec<&mut usize> =
            columns.filter(|(_, name)| !(keep_ids && is_whole(name))).map(|(width, _)| width).collect();
        let fits = |cap: &usize| flexible.iter().map(|width| (**width).min(*cap)).sum::<usize>() <= room;
        let cap = (NARROWEST..=room).rev().find(fits).unwrap_or(NARROWEST);
        flexible.iter_mut().for_each(|width| **width = cap.min(**width));
    }

    fn line<'a>(&self, texts: impl Iterator<Item = &'a str>, numeric: &[bool]) -> String {
        let mut line = String::new();
        let shown = texts.zip(&self.widths).zip(numeric).filter(|((_, width), _)| **width > 0);
        for ((text, width), number) in shown {
            let text = self.cut(text, *width);
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

/// Whether half of a value in this column is good for nothing.
fn is_whole(name: &str) -> bool {
    name.ends_with("_id") || name.ends_with("_slug") || name == "slug"
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
        kept(limit, header, rows, false)
    }

    fn kept(limit: Option<usize>, header: &[&str], rows: &[&[&str]], keep: bool) -> String {
        let mut table = Table::new(header.iter().map(|&name| name.to_owned()).collect(), limit, false, keep);
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
        let shown = kept(Some(60), &["record_id", "description", "state"], rows, true);
        assert!(shown.contains(id) && shown.contains("x…  ok"), "{shown}");
        assert!(shown.lines().all(|line| line.width() <= 60), "{shown}");
    }

    #[test]
    fn ids_are_the_first_to_go_unless_they_are_asked_for() {
        let (id, long) = ("b8cbfa4c-7ae4-4f2a-a9a1-5b8a5c1f0d11", "x".repeat(40));
        let (header, rows) = (["name", "stage", "record_id"], [&[&long, "Lead", id] as &[&str]]);
        assert_eq!(
            table(Some(70), &header, &rows).lines().next(),
            Some("name                                      stage")
        );
        assert!(table(Some(90), &header, &rows).contains(id), "there is room");
        assert!(kept(Some(70), &header, &rows, true).contains(id), "asked for");
    }

    #[test]
    fn a_narrow_screen_has_a_field_a_line() {
        let rows: &[&[&str]] =
            &[&["Acme", "1", "b8cbfa4c-7ae4-4f2a-a9a1-5b8a5c1f0d11"], &["Globex Corporation Ltd", "", "x"]];
        let shown = table(Some(24), &["name", "n", "record_id"], rows);
        assert_eq!(shown, "name  Acme\nn     1\n\nname       Globex Corpo…\nrecord_id  x\n");
    }

    #[test]
    fn wide_characters_are_not_cut_in_half() {
        assert_eq!(cut("株式会社", 5), "株式…");
        assert_eq!(cut("株式会社", 4), "株…");
        assert_eq!(cut("株式会社", 1), "…");
    }

    #[test]
    fn later_batches_keep_the_columns_and_have_no_header() {
        let mut table = Table::new(vec!["name".into(), "n".into()], None, false, false);
        let cell = |text: &str| Cell { text: text.into(), number: false };
        table.push(vec![cell("long name"), cell("a")]);
        table.render();
        table.push(vec![cell("short"), cell("b")]);
        assert_eq!(table.render(), "short      b\n");
    }
}
