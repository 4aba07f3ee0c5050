//! Hostile characters: made visible for people, written as `\uXXXX` in JSON.
//!
//! CRM text comes from strangers. A name may hold terminal commands, text that reads backwards, or
//! letters nobody can see but an agent obeys. Which characters count as hostile is decided here and
//! nowhere else; where each form is used is left to the rest of `output`.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether `c` can steer a terminal, reorder the text around it, or hide.
///
/// Space is the only harmless control or format character: line breaks and tabs are here too, and
/// the callers that want them say so. Emoji variation selectors and private-use characters show
/// something, or nothing worse than a box, and stay.
pub fn is_hostile(c: char) -> bool {
    if matches!(c, ' '..='~') {
        return false; // nearly every character there is
    }
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'               // C0, DEL, C1
        | '\u{ad}' | '\u{34f}' | '\u{180e}'                 // soft hyphen, joiners without a form
        | '\u{61c}' | '\u{200b}'..='\u{200f}'               // zero width, direction marks
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' // separators, bidi, invisible operators
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'              // byte order mark, annotations
        | '\u{1d173}'..='\u{1d17a}'                         // musical format controls
        | '\u{e0000}'..='\u{e0fff}') // tags, supplementary selectors
}

/// Whether the zero-width joiner or non-joiner `c` does what it is made for: it shapes letters that stand
/// on both of its sides, as in Persian, or makes one emoji of two.
fn shapes(before: Option<char>, c: char, after: Option<char>) -> bool {
    let between = |fits: fn(char) -> bool| before.is_some_and(fits) && after.is_some_and(fits);
    match c {
        '\u{200c}' => between(is_joining),
        '\u{200d}' => between(is_joining) || between(is_emoji),
        _ => false,
    }
}

/// Whether `c` is a letter, or a mark on one, of a script whose letters take their shape from each other.
fn is_joining(c: char) -> bool {
    let script = matches!(c,
        '\u{620}'..='\u{7ff}' | '\u{840}'..='\u{8ff}'     // Arabic, Syriac, Thaana, N'Ko, Mandaic
        | '\u{900}'..='\u{dff}'                           // the scripts of India and Sri Lanka
        | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' // Burmese, Khmer
        | '\u{1820}'..='\u{18aa}'                         // Mongolian
        | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' // Arabic presentation forms
        | '\u{10d00}'..='\u{10d3f}' | '\u{11000}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}');
    script && !c.is_numeric() && !is_hostile(c)
}

/// Whether `c` is a picture, or says how the one before it looks.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{fe0f}' | '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// `text` on one line for people: line breaks and tabs as `\n` and `\t`, others as `\u{202e}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    rewrite(text, is_hostile, show)
}

/// As [`visible`], with line breaks kept: for text that stands in a place of its own.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    rewrite(text, |c| c != '\n' && is_hostile(c), show)
}

/// JSON text on one line, hostile characters as `\uXXXX`: the same value, byte for byte elsewhere.
///
/// Inside strings JSON has no bare control characters, and outside it has nothing but ASCII. So a
/// control character here is white space between tokens, and anything else hostile is in a string.
pub fn json(text: &str) -> Cow<'_, str> {
    rewrite(text, is_hostile, encode)
}

/// As [`json`], with line breaks between tokens kept.
pub fn json_lines(text: &str) -> Cow<'_, str> {
    rewrite(text, |c| c != '\n' && is_hostile(c), encode)
}

fn show(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => out.extend(c.escape_unicode()),
    }
}

fn encode(out: &mut String, c: char) {
    if c < ' ' {
        return out.push(' ');
    }
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(out, "\\u{unit:04x}"); // a String takes every write
    }
}

/// Copies `text` with every `unwanted` character put by `put`; borrows it when there is none.
fn rewrite(text: &str, unwanted: impl Fn(char) -> bool, put: fn(&mut String, char)) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    while let Some((at, c)) = find(text, done, &unwanted) {
        out.push_str(text.get(done..at).unwrap_or_default());
        put(&mut out, c);
        done = at + c.len_utf8();
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// The first `unwanted` character from `at` on, and where it is. Plain ASCII, nearly all there is, is
/// never unwanted.
fn find(text: &str, mut at: usize, unwanted: impl Fn(char) -> bool) -> Option<(usize, char)> {
    loop {
        at += plain(text.as_bytes().get(at..)?);
        let (before, rest) = text.split_at_checked(at)?;
        let mut rest = rest.chars();
        let c = rest.next()?;
        if unwanted(c) && !shapes(before.chars().next_back(), c, rest.next()) {
            return Some((at, c));
        }
        at += c.len_utf8();
    }
}

/// How many plain ASCII characters `bytes` begins with.
fn plain(bytes: &[u8]) -> usize {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~');
    // A chunk is judged without a branch for each byte: several times faster.
    let all = |chunk: &&[u8]| chunk.iter().fold(true, |all, byte| all & is_plain(byte));
    let chunks = bytes.chunks_exact(32).take_while(all).count() * 32;
    chunks + bytes.iter().skip(chunks).take_while(|byte| is_plain(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn people_see_what_would_have_acted() {
        assert_eq!(visible("a\u{1b}[31mred"), "a\\u{1b}[31mred");
        assert_eq!(visible("two\nlines\tand\rmore"), "two\\nlines\\tand\\rmore");
        assert_eq!(visible_lines("two\nlines\t"), "two\nlines\\t");
        assert_eq!(visible("\u{202e}gpj.exe"), "\\u{202e}gpj.exe");
        assert_eq!(visible("tag\u{e0041}"), "tag\\u{e0041}");
    }

    #[test]
    fn ordinary_text_of_all_scripts_is_borrowed() {
        for text in [
            "",
            "plain",
            "Zoë Müller",
            "株式会社",
            "مرحبا",
            "नमस्ते",
            "❤️ — “quotes”",
            "👩🏽",
            "علی\u{200c}رضا",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "ශ්\u{200d}රී",
            "👩🏽\u{200d}💻",
            "❤️\u{200d}🔥",
        ] {
            assert!(matches!(visible(text), Cow::Borrowed(_)), "{text}");
            assert!(matches!(json(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn joiners_hide_nothing() {
        for text in [
            "a\u{200c}b",
            "\u{200d}ع",
            "ع\u{200c}",
            "ع\u{200c}\u{200c}ع",
            "ع\u{200b}ع",
            "ع\u{200d}a",
            "٣\u{200c}٣",
        ] {
            assert!(matches!(visible(text), Cow::Owned(_)), "{text:?}");
            assert!(matches!(json(text), Cow::Owned(_)), "{text:?}");
        }
    }

    #[test]
    fn json_keeps_its_value_and_its_bytes() {
        let text = "{\"n\":1.50e+3,\n\t\"s\":\"\u{9b}\u{e0041}é\"\r\n}";
        assert_eq!(json(text), "{\"n\":1.50e+3,  \"s\":\"\\u009b\\udb40\\udc41é\"  }");
        assert_eq!(json_lines("{\n  \"s\":\"\u{7f}\"\n}"), "{\n  \"s\":\"\\u007f\"\n}");
    }

    #[test]
    fn every_hostile_range_of_the_promise_is_covered() {
        let ranges = [
            ('\0', '\u{1f}'),
            ('\u{7f}', '\u{9f}'),
            ('\u{202a}', '\u{202e}'),
            ('\u{2066}', '\u{2069}'),
            ('\u{200e}', '\u{200f}'),
            ('\u{61c}', '\u{61c}'),
            ('\u{200b}', '\u{200d}'),
            ('\u{2060}', '\u{2064}'),
            ('\u{feff}', '\u{feff}'),
            ('\u{ad}', '\u{ad}'),
            ('\u{180e}', '\u{180e}'),
            ('\u{2028}', '\u{2029}'),
            ('\u{e0000}', '\u{e007f}'),
        ];
        for (from, to) in ranges {
            assert!((from..=to).all(is_hostile), "{from:?}..={to:?}");
        }
        assert!(![' ', '~', '\u{a0}', 'é', '\u{fe0f}', '😀'].into_iter().any(is_hostile));
    }

    proptest! {
        #[test]
        fn no_control_byte_comes_through(text in ".{0,60}|[\u{0}-\u{a0}\u{2000}-\u{2070}\u{e0000}-\u{e0fff}]{0,60}") {
            let acts = |shown: &str, kept: &str| shown.chars().any(|c| c.is_control() && !kept.contains(c));
            prop_assert!(!acts(&visible(&text), ""));
            prop_assert!(!acts(&visible_lines(&text), "\n"));
            let json_text = serde_json::Value::from(text.as_str()).to_string();
            prop_assert!(!acts(&json(&json_text), ""));
            let back: String = serde_json::from_str(&json(&json_text)).unwrap();
            prop_assert_eq!(back, text, "JSON is the same value");
        }
    }
}
