//! What an error of a write is given on its way: the command that shows whether it was done, and which
//! attribute the workspace lacks.

use super::Ctx;
use crate::error::{Error, Kind};
use serde_json::Value;

/// The attributes this program writes that a workspace may not have.
const CUSTOM: [&str; 3] = ["customer_status", "prospect_slack_channel", "google_drive_folder_url"];

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

/// Attio's "cannot find attribute" for one of the attributes that a workspace must add itself.
pub fn explain_custom(error: Error) -> Error {
    let message = error.attio().and_then(|reason| reason.message.clone()).unwrap_or_default();
    let missing = CUSTOM
        .iter()
        .find(|slug| message.contains("Cannot find attribute") && message.contains(&format!("\"{slug}\"")));
    match missing {
        Some(slug) => error.hint(format!(
            "this workspace has no attribute {slug} on companies: add it in Attio, or leave the flag out; nothing was written"
        )),
        None => error,
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
