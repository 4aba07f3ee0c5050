//! Bash, which takes a line apart at `=` and `:` and puts words with blanks in as they are.
//!
//! So the program takes the line apart itself, offers the part that Bash is going to replace, and quotes it.

use crate::text::{self, Words};
use clap::Command;
use clap_complete::env::EnvCompleter;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

/// The line up to the cursor.
const LINE: &str = "_ATTIO_CRM_LINE";

/// The part of it that Bash replaces.
const WORD: &str = "_ATTIO_CRM_WORD";

const SCRIPT: &str = r#"_PROGRAM() {
    local IFS=$'\n' before=$-
    set -f
    COMPREPLY=($(LINE="${COMP_LINE:0:COMP_POINT}" WORD="$2" VARIABLE=bash COMPLETER -- BINARY 2>/dev/null))
    [[ $before == *f* ]] || set +f
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace
    fi
}
complete -o default -F _PROGRAM BINARY
"#;

/// The shell.
#[derive(Debug)]
pub struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        binary: &str,
        completer: &str,
        buffer: &mut dyn Write,
    ) -> io::Result<()> {
        let script = SCRIPT
            .replace("_PROGRAM", &format!("_{}", name.replace('-', "_")))
            .replace("LINE=", &format!("{LINE}="))
            .replace("WORD=", &format!("{WORD}="))
            .replace("VARIABLE=", &format!("{variable}="))
            .replace("COMPLETER", completer)
            .replace("BINARY", binary);
        buffer.write_all(script.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        _: Vec<OsString>,
        folder: Option<&Path>,
        buffer: &mut dyn Write,
    ) -> io::Result<()> {
        let (words, quote) = words(&line().unwrap_or_default());
        let (at, whole) = (words.len() - 1, words.last().cloned().unwrap_or_default());
        let replaced = self::words(&std::env::var(WORD).unwrap_or_default()).0.pop().unwrap_or_default();
        // What stands before the part that is replaced stays on the line.
        let kept = whole.strip_suffix(&replaced).map_or(0, str::len);
        let words = words.into_iter().map(OsString::from).collect();
        for candidate in clap_complete::engine::complete(command, words, at, folder)? {
            let value = candidate.get_value().to_string_lossy();
            if let Some(rest) = value.get(kept..).and_then(|rest| quoted(rest, quote)) {
                writeln!(buffer, "{rest}")?;
            }
        }
        Ok(())
    }
}

/// The line that Bash tells, up to the cursor.
pub fn line() -> Option<String> {
    std::env::var(LINE).ok()
}

/// The words of a line that is not finished, the last of which is being typed, and the quote that is open in it.
pub fn words(line: &str) -> (Vec<String>, Option<char>) {
    let Words { mut whole, last, quote } = text::words(line, true);
    whole.push(last.unwrap_or_default());
    (whole, quote)
}

/// A text as Bash takes it for a part of one word, behind the quote that is open: names are written by strangers, and
/// none of their letters may act. `None` for what cannot be written so.
fn quoted(text: &str, quote: Option<char>) -> Option<String> {
    if text.contains(char::is_control) {
        return None;
    }
    let acts = |c: char| match quote {
        None => c.is_ascii() && !c.is_ascii_alphanumeric() && !"-_./:@%+=,".contains(c),
        Some('"') => "\"$`\\".contains(c),
        _ => false,
    };
    // Within quotes nothing takes the meaning off these.
    let never = match quote {
        Some('"') => text.contains('!'),
        Some(quote) => text.contains(quote),
        None => false,
    };
    let escaped = |c: char| if acts(c) { format!("\\{c}") } else { c.to_string() };
    (!never).then(|| text.chars().map(escaped).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart_as_far_as_it_goes() {
        let of = |line| {
            let (words, quote) = words(line);
            (words.join("|"), quote)
        };
        assert_eq!(of("attio-crm "), ("attio-crm|".to_owned(), None));
        assert_eq!(of("a  --set stage=In\\ P"), ("a|--set|stage=In P".to_owned(), None));
        assert_eq!(of("a --set 'stage=In P"), ("a|--set|stage=In P".to_owned(), Some('\'')));
        assert_eq!(of("a --set \"x=\\\"y\" z"), ("a|--set|x=\"y|z".to_owned(), None));
    }

    #[test]
    fn no_letter_of_a_name_acts() {
        let plain = |text| quoted(text, None);
        assert_eq!(plain("Won 🎉 (now)").as_deref(), Some("Won\\ 🎉\\ \\(now\\)"));
        assert_eq!(plain("$(x)`y`!*?~#;&|<>'\"{}[]^").unwrap().matches('\\').count(), 22);
        assert_eq!(quoted("A $(x) \"`\\", Some('"')).as_deref(), Some("A \\$(x) \\\"\\`\\\\"));
        assert_eq!(quoted("A $(x)", Some('\'')).as_deref(), Some("A $(x)"));
        for (text, quote) in
            [("it's", Some('\'')), ("wow!", Some('"')), ("a\nb", None), ("a\u{1b}b", Some('"'))]
        {
            assert_eq!(quoted(text, quote), None, "{text:?}");
        }
    }
}
