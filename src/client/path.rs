//! Paths are built, never formatted: each part stays one segment, whatever is in it.

use crate::error::Error;
use url::Url;

/// Replaces each `{name}` of `template` with what `value` gives for it.
///
/// # Errors
/// As [`join`]; a name without a value is empty.
pub fn fill(template: &str, mut value: impl FnMut(&str) -> Option<String>) -> Result<String, Error> {
    let filled = template.trim_start_matches('/').split('/').map(|part| {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            None => (part, part.to_owned()),
            Some(name) => (name, value(name).unwrap_or_default()),
        }
    });
    join(filled.collect::<Vec<_>>().iter().map(|(name, value)| (*name, value.as_str())))
}

/// The path of these segments, each with what it is called in an error, percent-encoded.
///
/// # Errors
/// A usage error for a value that would not stay one segment. Empty, `.` and `..` are among these:
/// pushing them would shorten the path, and a delete would hit the parent.
pub fn join<'s>(segments: impl IntoIterator<Item = (&'s str, &'s str)>) -> Result<String, Error> {
    // Only the path of this URL is used; the url crate knows how to encode a segment.
    let mut url = Url::parse("https://api.attio.com").map_err(|e| Error::failure(e.to_string()))?;
    {
        let mut path = url.path_segments_mut().map_err(|()| Error::failure("a URL without a path"))?;
        path.clear();
        for (name, value) in segments {
            if !is_segment(value) {
                return Err(Error::usage(format!("not a valid {name}: {value:?}")));
            }
            path.push(value);
        }
    }
    Ok(url.path().to_owned())
}

fn is_segment(value: &str) -> bool {
    (1..=256).contains(&value.len())
        && value != "."
        && value != ".."
        && !value.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
}
