//! Arguments that several commands share, and how their text becomes values.

use crate::client::pages::Window;
use crate::error::Error;
pub use crate::values::grammar::{amount, domain, email, uuid};
use serde_json::Value;
use std::io::Read as _;

/// Which part of a listing is shown.
#[derive(Clone, Debug, clap::Args)]
pub struct Page {
    /// Rows at the most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = at_least_one)]
    limit: usize,
    /// Rows to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,
    /// All rows, however many, in a stable order
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

impl Page {
    /// As the client understands it.
    pub fn window(&self) -> Window {
        Window { offset: self.offset, limit: self.limit() }
    }

    /// Rows at the most; `None` for all.
    pub fn limit(&self) -> Option<usize> {
        (!self.all).then_some(self.limit)
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("0 rows; use 1 or more, or --all".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("not a whole number".to_owned()),
    }
}

/// An attribute and a text, which is kept as it is.
///
/// # Errors
/// When there is no `=`, or no attribute before it.
pub fn slug_and_text(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((slug, text)) if !slug.is_empty() => Ok((slug.to_owned(), text.to_owned())),
        _ => Err("not SLUG=VALUE".to_owned()),
    }
}

/// An attribute and its value as JSON.
///
/// # Errors
/// When it is something else.
pub fn slug_and_json(text: &str) -> Result<(String, Value), String> {
    let (slug, json) = text.split_once('=').ok_or("not SLUG=JSON")?;
    let value = serde_json::from_str(json)
        .map_err(|e| format!("not JSON after '=': {e} (a text needs its quotes: {slug}='\"…\"')"))?;
    Ok((self::slug(slug)?, value))
}

/// An API slug or ID of an object or attribute.
///
/// # Errors
/// When it is no such thing; it would have become a part of a URL.
pub fn slug(text: &str) -> Result<String, String> {
    let valid = (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if valid {
        Ok(text.to_owned())
    } else {
        Err("an API slug has 1 to 64 letters, digits, '_' or '-'".to_owned())
    }
}

/// A point in time as RFC 3339.
///
/// # Errors
/// When it is none.
pub fn time(text: &str) -> Result<String, String> {
    let time: jiff::Timestamp =
        text.parse().map_err(|_| "not a time such as 2026-01-31T09:00:00Z".to_owned())?;
    Ok(time.to_string())
}

/// A text given inline, as `@file`, or as `-` for standard input; byte for byte.
///
/// # Errors
/// A usage error when it cannot be read, or is no UTF-8.
pub fn text(given: &str) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let (source, read) = match given.strip_prefix('@') {
        _ if given == "-" => ("standard input", std::io::stdin().lock().read_to_end(&mut bytes)),
        Some(file) => (file, std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes))),
        None => return Ok(given.to_owned()),
    };
    let hint = "give the text itself, - for standard input or @FILE";
    read.map_err(|e| Error::usage(format!("cannot read {source}")).why(e.to_string()).hint(hint))?;
    String::from_utf8(bytes).map_err(|_| Error::usage(format!("{source} is not UTF-8 text")).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        assert_eq!(slug("customer_status").as_deref(), Ok("customer_status"));
        for bad in ["", "a/b", "..", "a b", "ä", &"x".repeat(65)] {
            assert!(slug(bad).is_err(), "{bad}");
        }
    }
}
