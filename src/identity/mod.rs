//! What tells one company, person, amount or moment from another: one parser and one normal form of each.
//!
//! Everything that takes such a text, a flag, `--set`, `--filter`, a reference, a search, goes through
//! here, so that two spellings of one thing are one thing everywhere. Pure; each function fits clap's
//! `value_parser`. What is looked up by an identity is left to [`crate::resolve`].

pub mod amount;
pub mod domain;
pub mod email;
pub mod name;
pub mod person;
pub mod phone;
pub mod time;

pub use self::amount::{amount, currency};
pub use self::domain::{domain, own_domain};
pub use self::email::email;
pub use self::name::name;
pub use self::person::person;
pub use self::phone::phone;
pub use self::time::{day_or_time, deadline, time};

use crate::escape::is_hostile;

/// A text without the blanks at its ends.
///
/// # Errors
/// When it holds a character that nobody sees: whatever it names would not be found again.
fn seen(text: &str) -> Result<&str, String> {
    let text = text.trim();
    match text.chars().find(|c| is_hostile(*c)) {
        Some(hidden) => Err(unseen(hidden)),
        None => Ok(text),
    }
}

fn unseen(hidden: char) -> String {
    if hidden.is_control() {
        return "it has line breaks or other control characters".to_owned();
    }
    format!("it has an invisible character (U+{:04X}); type it again", u32::from(hidden))
}

/// `text` without `prefix`, whatever its case.
fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}
