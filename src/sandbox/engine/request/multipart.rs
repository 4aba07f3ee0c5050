//! The parts of a `multipart/form-data` body (RFC 7578).

use percent_encoding::percent_decode_str;

/// A field of a form.
pub(crate) struct Part<'a> {
    pub name: String,
    /// Only files have one.
    pub filename: Option<String>,
    pub content_type: Option<String>,
    pub content: &'a [u8],
}

/// The parts in their order, or `None` when the body is no such form.
pub(crate) fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let delimiter = format!("\r\n--{}", parameter(parameters, "boundary")?);
    // The first delimiter has no line break before it when nothing precedes it.
    let mut rest = match body.strip_prefix(delimiter.trim_start().as_bytes()) {
        Some(rest) => rest,
        None => cut(body, delimiter.as_bytes())?.1,
    };
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let (part, after) = cut(rest, delimiter.as_bytes())?;
        parts.push(read(part)?);
        rest = after;
    }
    Some(parts)
}

fn read(part: &[u8]) -> Option<Part<'_>> {
    let (head, content) = cut(part, b"\r\n\r\n")?;
    let head = std::str::from_utf8(head).ok()?;
    let header = |wanted: &str| {
        let named =
            |line: &'_ str| line.split_once(':').is_some_and(|(name, _)| name.eq_ignore_ascii_case(wanted));
        head.lines()
            .find(|line| named(line))
            .and_then(|line| line.split_once(':'))
            .map(|(_, value)| value.trim())
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: parameter(disposition, "name")?,
        filename: parameter(disposition, "filename"),
        content_type: header("content-type").map(str::to_owned),
        content,
    })
}

/// A parameter of a header, also in the extended form `name*=utf-8''…` (RFC 8187), which wins.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut plain = None;
    for (key, value) in parameters(header) {
        match key.strip_suffix('*') {
            Some(key) if key.eq_ignore_ascii_case(name) => {
                let text = value.splitn(3, '\'').nth(2)?;
                return Some(percent_decode_str(text).decode_utf8_lossy().into_owned());
            }
            None if key.eq_ignore_ascii_case(name) => plain = Some(value),
            _ => {}
        }
    }
    plain
}

/// `key=value` and `key="value"`, apart by semicolons that are not quoted.
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = header;
    while let Some((key, after)) = rest.split_once('=') {
        let key = key.rsplit(';').next().unwrap_or_default().trim().to_owned();
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted),
            None => {
                let end = after.find(';').unwrap_or(after.len());
                let (value, after) = after.split_at(end);
                (value.trim().to_owned(), after)
            }
        };
        found.push((key, value));
        rest = after;
    }
    found
}

/// The text up to the closing quote, and what follows. Quotes in names are escaped in one of two ways.
fn unquote(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (value.replace("%22", "\""), text.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            char => value.push(char),
        }
    }
    (value, "")
}

/// What is before and after the first `mark`.
fn cut<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(mark.len()).position(|window| window == mark)?;
    Some((bytes.get(..at)?, bytes.get(at + mark.len()..)?))
}
