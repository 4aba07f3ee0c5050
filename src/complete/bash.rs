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
    local IFS=$'\n'
    COMPREPLY=($(LINE="${COMP_LINE:0:COMP_POINT}" WORD="$2" VARIABLE=bash COMPLETER -- "${COMP_WORDS[@]}" 2>/dev/null))
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
        let (words, open) = words(&line().unwrap_or_default());
        let (at, whole) = (words.len() - 1, words.last().cloned().unwrap_or_default());
        let replaced = std::env::var(WORD).unwrap_or_default();
        let replaced = replaced.trim_start_matches(['"', '\'']);
        // What stands before the part that is replaced stays on the line.
        let kept = whole.strip_suffix(replaced).map_or(0, str::len);
        let words = words.into_iter().map(OsString::from).collect();
        for candidate in clap_complete::engine::complete(command, words, at, folder)? {
            let value = candidate.get_value().to_string_lossy();
            if let Some(rest) = value.get(kept..) {
                let rest = if open { rest.to_owned() } else { quoted(rest) };
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

/// The words of a line that is not finished, the last of which is being typed, and whether a quote is open in it.
pub fn words(line: &str) -> (Vec<String>, bool) {
    let Words { mut whole, last, quote } = text::words(line, true);
    whole.push(last.unwrap_or_default());
    (whole, quote.is_some())
}

/// A text as Bash takes it for one word.
fn quoted(text: &str) -> String {
    let plain = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    let quote = |c: char| if plain(c) { c.to_string() } else { format!("\\{c}") };
    text.chars().filter(|c| !c.is_control()).map(quote).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart_as_far_as_it_goes() {
        let of = |line| {
            let (words, open) = words(line);
            (words.join("|"), open)
        };
        assert_eq!(of("attio-crm "), ("attio-crm|".to_owned(), false));
        assert_eq!(of("a  --set stage=In\\ P"), ("a|--set|stage=In P".to_owned(), false));
        assert_eq!(of("a --set 'stage=In P"), ("a|--set|stage=In P".to_owned(), true));
        assert_eq!(of("a --set \"x=\\\"y\" z"), ("a|--set|x=\"y|z".to_owned(), false));
        assert_eq!(quoted("Won 🎉 (now)"), "Won\\ 🎉\\ \\(now\\)");
    }
}
