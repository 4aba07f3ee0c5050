//! Rows of CSV, quoted as the `csv` crate does it; on request in a form that spreadsheets do not run.

use crate::error::Error;

/// `cells` as one row with its line break.
///
/// # Errors
/// None that a list of texts can cause; the crate's interface has some.
pub fn line(cells: &[String], excel_safe: bool) -> Result<String, Error> {
    let failed = |why: String| Error::failure("cannot write a row as CSV").why(why);
    // Where the semicolon separates columns, what follows one is a cell unless it is quoted.
    let style = if excel_safe { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    let mut writer = csv::WriterBuilder::new().quote_style(style).from_writer(Vec::new());
    writer.write_record(cells).map_err(|e| failed(e.to_string()))?;
    let bytes = writer.into_inner().map_err(|e| failed(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| failed(e.to_string()))
}

/// Whether a spreadsheet would take a cell for a formula: by its first letter, also behind blanks and
/// quotes, which some leave out.
pub fn is_formula(cell: &str) -> bool {
    let skipped = |c: char| matches!(c, ' ' | '"' | '\'' | '\n' | '\u{a0}' | '\u{feff}');
    let first = cell.trim_start_matches(skipped).chars().next();
    first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
