//! Rows of CSV, quoted as the `csv` crate does it.

use crate::error::Error;

/// `cells` as one row with its line break.
///
/// # Errors
/// None that a list of texts can cause; the crate's interface has some.
pub fn line(cells: &[String]) -> Result<String, Error> {
    let failed = |why: String| Error::failure("cannot write a row as CSV").why(why);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(|e| failed(e.to_string()))?;
    let bytes = writer.into_inner().map_err(|e| failed(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| failed(e.to_string()))
}
