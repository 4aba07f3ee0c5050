//! Words that people type and that are no command or flag of ours, and what they meant.

/// What somebody typed, and the command that does it.
const COMMANDS: &[(&str, &str)] = &[
    ("auth", "self get"),
    ("companies", "search-companies"),
    ("company", "get-company"),
    ("contact", "get-person"),
    ("contacts", "search-people"),
    ("deal", "get-deal"),
    ("deals", "search-deals"),
    ("describe", "schema"),
    ("doctor", "self get"),
    ("entry", "entries"),
    ("fields", "list-attributes"),
    ("find", "search"),
    ("get", "get-company"),
    ("list", "lists"),
    ("login", "self get"),
    ("ls", "search-companies"),
    ("note", "list-notes"),
    ("people", "search-people"),
    ("person", "get-person"),
    ("pipeline", "lists"),
    ("query", "records query"),
    ("request", "api"),
    ("task", "tasks"),
    ("url", "parse-url"),
    ("users", "members"),
    ("version", "--version"),
    ("whoami", "self get"),
];

/// The same for flags.
const FLAGS: &[(&str, &str)] = &[
    ("--all-pages", "--all"),
    ("--columns", "--fields"),
    ("--csv", "-o csv"),
    ("--debug", "--verbose"),
    ("--force", "--yes"),
    ("--format", "-o json, -o csv or -o table"),
    ("--json", "-o json"),
    ("--key", "ATTIO_API_KEY in the environment; no flag takes the key"),
    ("--api-key", "ATTIO_API_KEY in the environment; no flag takes the key"),
    ("--token", "ATTIO_API_KEY in the environment; no flag takes the key"),
    ("--max", "--limit"),
    ("--page", "--offset"),
    ("--select", "--fields"),
    ("--skip", "--offset"),
    ("--table", "-o table"),
    ("--where", "--filter"),
];

/// The way to go from a word that the parser does not know.
pub fn meant(word: &str) -> Option<String> {
    let flag = word.split('=').next().unwrap_or(word);
    if let Some((_, meant)) = FLAGS.iter().find(|(typed, _)| *typed == flag) {
        return Some(format!("use {meant}"));
    }
    let word = word.to_lowercase();
    let (_, meant) = COMMANDS.iter().find(|(typed, _)| *typed == word)?;
    Some(format!("use attio-crm {meant}; all commands: attio-crm --help"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_lead_to_commands_and_are_none_themselves() {
        let tree = crate::cli::command();
        for (typed, meant) in COMMANDS {
            assert!(tree.find_subcommand(typed).is_none(), "{typed} is a command");
            let mut command = &tree;
            for word in meant.split(' ').take(1).filter(|word| !word.starts_with('-')) {
                command =
                    command.find_subcommand(word).unwrap_or_else(|| panic!("{typed} leads to no command"));
            }
        }
        assert_eq!(meant("--json").as_deref(), Some("use -o json"));
        assert_eq!(meant("nonsense"), None);
    }
}
