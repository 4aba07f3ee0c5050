//! The text of a `.env`, line by line: which lines are ours, and what they say.
//!
//! Everything else in it is passed over, however it is damaged. How a value is quoted is left to dotenvy.

use super::ALL;
use std::collections::BTreeMap;

/// What stands behind our names; for one whose line is damaged, what is wrong with it. No error holds
/// any of the text, which may be the key.
pub type Settings = BTreeMap<&'static str, Result<String, String>>;

/// Our lines. Of two good ones with the same name the last counts; a damaged one always does.
pub fn parse(text: &str) -> Settings {
    let lines: Vec<&str> = text.split(if text.contains('\n') { '\n' } else { '\r' }).collect();
    let mut found = Settings::new();
    let mut at = 0;
    while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
        let more = further_lines(rest);
        if let Some((name, assignment)) = ours(rest[0]) {
            let value = if more > 0 { Err("its value has several lines") } else { value(assignment) };
            let value = value.map_err(|why| format!("line {}: {why}", at + 1));
            let setting = found.entry(name).or_insert_with(|| Ok(String::new()));
            if setting.is_ok() {
                *setting = value;
            }
        }
        at += 1 + more;
    }
    found
}

/// The variable of ours that a line sets, and what follows its name.
fn ours(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let exported = line.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace));
    let line = exported.unwrap_or(line).trim();
    let (name, rest) = line.split_at(line.find(|c: char| c.is_whitespace() || "=:".contains(c))?);
    let (name, _) = ALL.into_iter().find(|(known, _)| *known == name)?;
    // A name alone hands on what the shell has.
    let rest = rest.trim_start();
    (!rest.starts_with('#')).then_some((name, rest))
}

/// The value of `= value`.
fn value(assignment: &str) -> Result<String, &'static str> {
    let value = assignment.strip_prefix('=').ok_or("it is not NAME=value")?;
    // dotenvy would put the value of another variable there: somebody's .env could send it away.
    if may_expand(value) {
        return Err("$ is not expanded; put the value in single quotes");
    }
    if value.ends_with('\\') {
        return Err("it ends with a backslash");
    }
    let line = format!("NAME={value}\n");
    // Its error would repeat the line, and with it the key.
    match dotenvy::Iter::new(line.as_bytes()).next() {
        Some(Ok((_, value))) if value.contains(char::REPLACEMENT_CHARACTER) => Err("it is not UTF-8"),
        Some(Ok((_, value))) => Ok(value),
        _ => Err("its quotes do not match, or more follows the value"),
    }
}

/// Whether a `$` stands anywhere but in a value that is in single quotes as a whole.
fn may_expand(value: &str) -> bool {
    let quoted = value.trim_start().strip_prefix('\'').and_then(|value| value.split_once('\''));
    quoted.map_or(value, |(_, after)| after).contains('$')
}

/// How many lines below the first belong to its value, which is in quotes; what they look like is part
/// of it. A quote that is never closed, or closed in the midst of a line, takes no line with it.
fn further_lines(lines: &[&str]) -> usize {
    let Some((quote, first)) = opened(lines[0]) else { return 0 };
    if end_of_quote(first, quote).is_some() {
        return 0;
    }
    let closing =
        lines.iter().skip(1).position(|line| line.contains(quote) && end_of_quote(line, quote).is_some());
    let Some(more) = closing.map(|at| at + 1) else { return 0 };
    let rest = end_of_quote(lines[more], quote).unwrap_or_default().trim();
    if rest.is_empty() || rest.starts_with('#') { more } else { 0 }
}

/// The quote that a line's value begins with, and what follows it.
fn opened(line: &str) -> Option<(char, &str)> {
    let (name, value) = line.split_once(['=', ':'])?;
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    (!name.trim_start().starts_with('#')).then(|| (quote, &value[1..]))
}

/// What follows the closing quote. Between single quotes a backslash is no more than that.
fn end_of_quote(text: &str, quote: char) -> Option<&str> {
    let mut escaped = false;
    let end = text.char_indices().find(|&(_, c)| {
        let closes = c == quote && !escaped;
        escaped = c == '\\' && !escaped && quote != '\'';
        closes
    });
    end.map(|(at, _)| &text[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(text: &str) -> Option<Result<String, String>> {
        parse(text).remove("ATTIO_API_KEY")
    }

    #[test]
    fn our_names_are_taken_and_nothing_is_expanded() {
        let text = "\u{feff}# c\nHOME=/x\nexport ATTIO_API_KEY='a$HOME'\nATTIO_READ_ONLY=1 # yes\nATTIO_TOKEN=x\nPATH=$(rm)\n";
        let found = parse(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found["ATTIO_API_KEY"].as_deref(), Ok("a$HOME"));
        assert_eq!(found["ATTIO_READ_ONLY"].as_deref(), Ok("1"));
    }

    #[test]
    fn every_way_to_write_a_line() {
        for line in [
            "ATTIO_API_KEY=k ",
            "ATTIO_API_KEY=k\t",
            "ATTIO_API_KEY=k\u{a0}",
            "ATTIO_API_KEY=k\r",
            "ATTIO_API_KEY=\"k\" \r",
            "ATTIO_API_KEY='k' # mine",
            "ATTIO_API_KEY = k",
            "  ATTIO_API_KEY=k",
            "\tATTIO_API_KEY=\tk",
            "export ATTIO_API_KEY=k",
            "export\tATTIO_API_KEY=k",
            " export \t ATTIO_API_KEY=k",
            "\u{feff}ATTIO_API_KEY=k",
        ] {
            for text in [line.to_owned(), format!("A=1\n{line}\nB=2"), format!("A=1\r\n{line}\r\n")] {
                assert_eq!(key(&text), Some(Ok("k".to_owned())), "{text:?}");
            }
        }
        assert_eq!(key("A=1\rATTIO_API_KEY=k\rB=2"), Some(Ok("k".to_owned())));
        assert_eq!(key("ATTIO_API_KEY=\n"), Some(Ok(String::new())));
        assert_eq!(key("ATTIO_API_KEY=a\nATTIO_API_KEY=b\n"), Some(Ok("b".to_owned())));
    }

    #[test]
    fn what_is_wrong_in_our_lines_is_told_without_the_text() {
        for line in [
            "ATTIO_API_KEY=\"canary",
            "ATTIO_API_KEY=canary x",
            "ATTIO_API_KEY: canary",
            "ATTIO_API_KEY canary",
            "ATTIO_API_KEY=canary\\",
            "ATTIO_API_KEY=$canary",
            "ATTIO_API_KEY=$canary # don't",
            "ATTIO_API_KEY=\"it's $canary\"",
            "ATTIO_API_KEY=it\\'s$canary",
            "ATTIO_API_KEY='a'$canary",
            "ATTIO_API_KEY=\"canary\nATTIO_API_KEY=x\"",
        ] {
            for text in [format!("\n{line}\n"), format!("\n{line}\nATTIO_API_KEY=good\n")] {
                let error = key(&text).unwrap().unwrap_err();
                assert!(error.starts_with("line 2: ") && !error.contains("canary"), "{text:?}: {error}");
            }
        }
    }

    #[test]
    fn lines_that_are_not_ours() {
        for line in [
            "#ATTIO_API_KEY=x",
            "export ATTIO_API_KEY",
            "ATTIO_API_KEY",
            "ATTIO_API_KEY # from the shell",
            "exportATTIO_API_KEY=x",
            "ATTIO_API_KEY_OLD=x",
            "ATTIO_API_KEY-OLD=x",
            "MY_ATTIO_API_KEY=x",
            "X=ATTIO_API_KEY=x",
            "CERT=\"-----\nATTIO_API_KEY=x\n-----\"",
            "CERT='a\n  export ATTIO_API_KEY=x\n' # end",
            "export CERT = `a\nATTIO_API_KEY=x\n`",
            "CERT: \"a \\\"\nATTIO_API_KEY=x\n\"",
        ] {
            assert_eq!(key(&format!("{line}\n")), None, "{line:?}");
            assert_eq!(key(&format!("{line}\r\nATTIO_API_KEY=k")), Some(Ok("k".to_owned())), "{line:?}");
        }
    }

    #[test]
    fn a_damaged_foreign_line_takes_none_of_ours_with_it() {
        for line in ["A=it's", "A=\"x", "A='x", "A=\"x\"y", "=", "A", "\"", "# don't", "A=\\", "{\"a\": \"b"]
        {
            for after in ["", "\nB=it's", "\nB=\"x\"", "\nB='x'", "\nB=''", "\n# don't say \"x\" or `y`"] {
                let text = format!("{line}\nATTIO_API_KEY=k{after}\n");
                assert_eq!(key(&text), Some(Ok("k".to_owned())), "{text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            parse(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn any_text_of_our_alphabet_is_read(text in "(ATTIO_API_KEY|export|[ =:\"'`#$\\\\\t\r\n\u{feff}a]){0,60}") {
            parse(&text);
        }

        /// Lines around ours: anything but quotes above it, anything at all below.
        #[test]
        fn our_value_is_ours(above in "[^\"'`]{0,200}", value in "[A-Za-z0-9._~+/=-]{1,64}", below in "\\PC{0,200}") {
            prop_assume!(!above.contains("ATTIO_API_KEY") && !below.contains("ATTIO_API_KEY"));
            let text = format!("{above}\nATTIO_API_KEY={value}\n{below}");
            prop_assert_eq!(key(&text), Some(Ok(value)));
        }

        #[test]
        fn what_is_in_quotes_is_not_ours(
            name in "[A-Z]{1,9}", quote in "[\"'`]", inner in "[^\"'`\\\\]{0,99}", after in "[ \t]{0,3}(#.*)?",
        ) {
            let text = format!("{name}={quote}{inner}\nATTIO_API_KEY=x\n{inner}{quote}{after}\n");
            prop_assume!(!name.starts_with("ATTIO"));
            prop_assert_eq!(key(&text), None);
        }
    }
}
