//! Names of companies, deals and other records.
//!
//! The normal form is Unicode's NFC without blanks at the ends and with one blank between words. Names are
//! compared as a person compares them: whatever the case.

use super::unseen;
use crate::escape::is_hostile;
use unicode_normalization::UnicodeNormalization as _;

/// Joiners that Persian, Indic and emoji spelling needs: no letter of their own, but no trick either.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// A name in its normal form.
///
/// # Errors
/// When it has control or invisible characters, or nothing else.
pub fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    match hidden(text) {
        Some(hidden) => Err(unseen(hidden)),
        None if text.is_empty() => Err("it is empty".to_owned()),
        None => Ok(normal(text)),
    }
}

/// What names are compared by: equal for two texts that a person takes for the same name. Whatever was
/// written by others has one.
pub fn compared(text: &str) -> String {
    let shown: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let shown: String = shown.chars().filter(|c| !is_hostile(*c)).collect();
    // Lower case may come apart into letter and accent.
    normal(&normal(&shown).to_lowercase())
}

/// Whether a person takes both for the same name.
pub fn same(a: &str, b: &str) -> bool {
    compared(a) == compared(b)
}

/// One blank between words, NFC.
pub fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

/// The first character that nobody sees. A joiner between letters beyond ASCII is part of how these are
/// written.
fn hidden(text: &str) -> Option<char> {
    let letters: Vec<char> = text.chars().collect();
    let is_beyond_ascii = |at: usize| letters.get(at).is_some_and(|c| !c.is_ascii() && !is_hostile(*c));
    let is_hidden = |(at, c): (usize, &char)| {
        let joins = JOINERS.contains(c) && at > 0 && is_beyond_ascii(at - 1) && is_beyond_ascii(at + 1);
        (is_hostile(*c) && !joins).then_some(*c)
    };
    letters.iter().enumerate().find_map(is_hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_the_same_are_the_same() {
        for (given, expected) in [
            ("Acme", "Acme"),
            (" Acme ", "Acme"),
            ("Acme\r\n", "Acme"),
            ("Acme\u{a0} Inc", "Acme Inc"),
            ("Acme\u{2009}\u{3000}Inc", "Acme Inc"),
            ("Zu\u{308}rich", "Zürich"),
            ("O'Neil & Co.", "O'Neil & Co."),
            ("علی\u{200c}رضا", "علی\u{200c}رضا"),
            ("👩\u{200d}💻 Studio", "👩\u{200d}💻 Studio"),
        ] {
            assert_eq!(name(given).as_deref(), Ok(expected));
        }
        for bad in [
            "",
            " ",
            "\u{a0}",
            "Ac\tme",
            "Ac\nme",
            "Ac\u{7}me",
            "Ac\u{200b}me",
            "Ac\u{200d}me",
            "Acme\u{200d}",
            "\u{feff}Acme",
            "Ac\u{ad}me",
            "\u{202e}Acme",
            "\u{3164}",
        ] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_are_compared_as_people_do() {
        for (a, b) in [
            ("ACME  inc", "Acme Inc "),
            ("ZÜRICH", "zu\u{308}rich"),
            ("Ac\u{200b}me", "acme"),
            ("İstanbul", "i\u{307}stanbul"),
            ("Acme\tInc", "acme inc"),
        ] {
            assert!(same(a, b), "{a:?} {b:?}");
        }
        assert!(!same("Acme", "Acme 2") && !same("Acme Inc", "AcmeInc"));
    }
}
