//! Check commands: what shows whether a write whose answer was lost was done.

use super::Ctx;
use crate::error::{Error, Kind};
use serde_json::Value;

/// Adds to an ambiguous write the command that shows whether it was done.
pub fn with_check(error: Error, check: &[String]) -> Error {
    if error.kind() != Kind::AmbiguousWrite || check.is_empty() {
        return error;
    }
    let shown: Vec<String> = check.iter().map(|word| quoted(word)).collect();
    let advice = match error.get("retry_safe") {
        Some(Value::Bool(true)) => "running the same command again is safe",
        _ => "not repeated, to avoid a duplicate",
    };
    error.hint(format!("{advice}; check: {}", shown.join(" "))).fact("check_command", check.to_vec())
}

/// The words of a check command, which looks where the write went.
pub fn check(ctx: &Ctx, words: &[&str]) -> Vec<String> {
    let words = std::iter::once("attio-crm").chain(words.iter().copied()).map(str::to_owned);
    words.chain(ctx.client.place()).collect()
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_commands_survive_a_shell() {
        assert_eq!(quoted("list-notes"), "list-notes");
        assert_eq!(quoted("name:O'Neil & Co"), r"'name:O'\''Neil & Co'");
        assert_eq!(quoted(""), "''");
    }
}
