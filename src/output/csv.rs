//! Rows of CSV, quoted as the `csv` crate does it; on request in a form that spreadsheets do not run.

use crate::error::Error;

/// Rows on their way out.
pub struct Sheet {
    writer: csv::Writer<Vec<u8>>,
    excel_safe: bool,
    /// About as many bytes as wait.
    waiting: usize,
}

impl Sheet {
    /// No rows yet. `excel_safe` makes cells harmless that would run, and quotes all of them: where the
    /// semicolon separates columns, what follows one is a cell unless it is quoted.
    pub fn new(excel_safe: bool) -> Self {
        Self { writer: writer(excel_safe), excel_safe, waiting: 0 }
    }

    /// Adds a cell to the row; `number` tells what no spreadsheet has to run.
    ///
    /// # Errors
    /// None that a text can cause; the crate's interface has some.
    pub fn cell(&mut self, text: &str, number: bool) -> Result<(), Error> {
        self.waiting += text.len() + 1;
        if self.excel_safe && !number && is_formula(text) {
            return self.writer.write_field(format!("'{text}")).map_err(failed);
        }
        self.writer.write_field(text).map_err(failed)
    }

    /// Ends the row.
    ///
    /// # Errors
    /// As [`Sheet::cell`].
    pub fn end_row(&mut self) -> Result<(), Error> {
        self.writer.write_record(None::<&[u8]>).map_err(failed)
    }

    /// The rows so far, if they are more than so many bytes.
    ///
    /// # Errors
    /// As [`Sheet::cell`].
    pub fn take(&mut self, more_than: usize) -> Result<String, Error> {
        if self.waiting <= more_than {
            return Ok(String::new());
        }
        self.waiting = 0;
        let full = std::mem::replace(&mut self.writer, writer(self.excel_safe));
        String::from_utf8(full.into_inner().map_err(failed)?).map_err(failed)
    }
}

fn writer(excel_safe: bool) -> csv::Writer<Vec<u8>> {
    let style = if excel_safe { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    csv::WriterBuilder::new().quote_style(style).from_writer(Vec::new())
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::failure("cannot write a row as CSV").why(error.to_string())
}

/// Whether a spreadsheet would take a cell for a formula: by its first letter, also behind blanks and
/// quotes, which some leave out.
fn is_formula(cell: &str) -> bool {
    let skipped = |c: char| matches!(c, ' ' | '"' | '\'' | '\n' | '\u{a0}' | '\u{feff}');
    let first = cell.trim_start_matches(skipped).chars().next();
    first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_told_from_text() {
        for cell in [
            "=1+1",
            "+49",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\"=1",
            "'=1",
            "\n=1",
            "＝1",
            "\u{feff}=1",
        ] {
            assert!(is_formula(cell), "{cell:?}");
        }
        for cell in ["", " ", "a=1", "1-2", "Acme @ home", "株式会社"] {
            assert!(!is_formula(cell), "{cell:?}");
        }
    }

    proptest! {
        /// What a program reads is what was put in, of any text; with care for spreadsheets behind one mark.
        #[test]
        fn rows_come_back_as_they_were(
            rows in prop::collection::vec(prop::array::uniform3(".{0,12}|[=+@\r\n\",;\t -]{0,9}"), 1..4),
            excel_safe in any::<bool>(),
        ) {
            let mut sheet = Sheet::new(excel_safe);
            for name in ["a", "b", "c"] {
                sheet.cell(name, false).unwrap();
            }
            sheet.end_row().unwrap();
            for row in &rows {
                for cell in row {
                    sheet.cell(cell, false).unwrap();
                }
                sheet.end_row().unwrap();
            }
            let text = sheet.take(0).unwrap();
            let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
            let back: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(back.len(), rows.len());
            for (back, row) in back.iter().zip(&rows) {
                for (back, cell) in back.iter().zip(row) {
                    let marked = excel_safe && is_formula(cell);
                    prop_assert_eq!(if marked { back.strip_prefix('\'').unwrap() } else { back }, cell);
                    prop_assert!(!excel_safe || !is_formula(back) || back.starts_with('\''));
                }
            }
        }
    }
}
