//! From the text of an argument to a value, with an error that says what was expected.
//!
//! Pure. Each function fits clap's `value_parser`. What tells one thing from another (domains, addresses,
//! names, times) is in [`crate::identity`], what is read from files and standard input in [`crate::input`].

use crate::identity::{email, name};
use crate::link::{self, Link};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

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

/// The API slug that a title makes: `Deal size (EUR)` is `deal_size_eur`. `None` where too little of it can
/// be written in ASCII.
pub fn slug_of(title: &str) -> Option<String> {
    let mut out = String::new();
    for c in title.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => out.push(c),
            c if c.is_alphabetic() => return None,
            _ if out.is_empty() || out.ends_with('_') => {}
            _ => out.push('_'),
        }
    }
    slug(out.trim_end_matches('_')).ok()
}

/// A UUID in any case, as Attio writes it: with hyphens, lower case. Blanks and line breaks around it, as
/// files of other systems bring along, are left out.
///
/// # Errors
/// When it is none. Attio's UUIDs are of mixed versions, so the version is not checked.
pub fn uuid(text: &str) -> Result<String, String> {
    let text = text.trim();
    match uuid::Uuid::try_parse(text) {
        Ok(id) if text.len() == 36 => Ok(id.to_string()),
        _ => Err("not a UUID".to_owned()),
    }
}

/// The ID of a note: a UUID, or the Attio URL of one.
///
/// # Errors
/// When it is neither.
pub fn note(text: &str) -> Result<String, String> {
    in_link(text, "note", |link| link.note_id)
}

/// The ID of a task: a UUID, or the Attio URL of one.
///
/// # Errors
/// When it is neither.
pub fn task(text: &str) -> Result<String, String> {
    in_link(text, "task", |link| link.task_id)
}

/// The ID of a meeting: a UUID, or the Attio URL of a recording of it.
///
/// # Errors
/// When it is neither.
pub fn meeting(text: &str) -> Result<String, String> {
    in_link(text, "meeting", |link| link.meeting_id)
}

/// The ID of a call recording: a UUID, or the Attio URL of one.
///
/// # Errors
/// When it is neither.
pub fn recording(text: &str) -> Result<String, String> {
    in_link(text, "recording", |link| link.call_recording_id)
}

/// The ID of a saved view: a UUID, or the Attio URL of one.
///
/// # Errors
/// When it is neither.
pub fn view(text: &str) -> Result<String, String> {
    in_link(text, "view", |link| link.view_id)
}

fn in_link(text: &str, what: &str, id: fn(Link) -> Option<String>) -> Result<String, String> {
    let named = || link::parse(text).ok().and_then(id);
    uuid(text).ok().or_else(named).ok_or_else(|| format!("neither a UUID nor the Attio URL of a {what}"))
}

/// A workspace member: their email address, ID or name, or `me`.
///
/// # Errors
/// When it is none of these.
pub fn member(text: &str) -> Result<String, String> {
    uuid(text).or_else(|_| email(text)).or_else(|_| name(text))
}

/// A length of time as ISO 8601 has it, also given in words such as `2 weeks`.
///
/// # Errors
/// When it is none, or runs backwards.
pub fn duration(text: &str) -> Result<String, String> {
    let span: Option<jiff::Span> = text.parse().ok();
    let span = span.filter(|span| !span.is_negative());
    Ok(span.ok_or("not a length of time such as P14D or \"2 weeks\"")?.to_string())
}

/// The word for one of several.
pub fn one_of(several: &str) -> String {
    match several {
        "people" => "person".to_owned(),
        "statuses" => "status".to_owned(),
        _ => match several.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => several.strip_suffix('s').unwrap_or(several).replace('-', " "),
        },
    }
}

/// A line taken apart.
#[derive(Debug, Default)]
pub struct Words {
    /// Words that have ended.
    pub whole: Vec<String>,
    /// The word at the end of the line, unless a blank ended it.
    pub last: Option<String>,
    /// The quote that is open in it.
    pub quote: Option<char>,
}

/// The words of a line as a shell takes it apart, as far as blanks, quotes and, if `escapes`, backslashes go.
pub fn words(line: &str, escapes: bool) -> Words {
    let Words { mut whole, mut last, mut quote } = Words::default();
    let mut literal = false;
    for c in line.chars() {
        match quote {
            _ if literal => {
                last.get_or_insert_default().push(c);
                literal = false;
            }
            None | Some('"') if escapes && c == '\\' => literal = true,
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => {
                last.get_or_insert_default();
                quote = Some(c);
            }
            None if c.is_whitespace() => whole.extend(last.take()),
            _ => last.get_or_insert_default().push(c),
        }
    }
    Words { whole, last, quote }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_resource_has_a_word_for_one() {
        let words = ["companies", "people", "deals", "statuses", "activity-records", "activities", "courses"];
        let one = words.map(one_of);
        assert_eq!(one, ["company", "person", "deal", "status", "activity record", "activity", "course"]);
    }

    #[test]
    fn slugs_uuids_and_lengths_of_time() {
        for bad in ["", "a/b", "..", "a b", "ä", &"x".repeat(65)] {
            assert!(slug(bad).is_err(), "{bad}");
        }
        let id = "5A6A8A32-0000-4000-8000-00000000000F";
        assert_eq!(uuid(id), Ok(id.to_lowercase()));
        assert!(uuid(&id.replace('-', "")).is_err());
        for (given, expected) in [("P14D", "P14D"), ("2 weeks", "P2W"), ("PT90m", "PT90M")] {
            assert_eq!(duration(given).as_deref(), Ok(expected));
        }
        for bad in ["", "14", "-P1D", "P1D ago", "soon"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
