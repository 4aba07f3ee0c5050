//! Completion at the prompt: commands and options from the parser's tree, values from what is remembered.
//!
//! A shell that was given the script of [`registration`] calls the program with [`VARIABLE`] set. Nothing is sent
//! then, no key is shown and no error told: who presses Tab did not ask for any.

mod bash;
mod values;

use bash::Bash;
use clap::Command;
use clap_complete::env::{CompleteEnv, Elvish, Fish, Powershell, Shells, Zsh};
use std::ffi::OsString;

/// Set by the scripts: the shell that asks.
pub const VARIABLE: &str = "ATTIO_CRM_COMPLETE";

const PROGRAM: &str = "attio-crm";

const SHELLS: Shells<'_> = Shells(&[&Bash, &Elvish, &Fish, &Powershell, &Zsh]);

/// The names of the shells.
pub fn shells() -> impl Iterator<Item = &'static str> {
    SHELLS.names()
}

/// The script that teaches a shell to ask; nothing for a shell that is not known.
pub fn registration(shell: &str) -> Vec<u8> {
    let mut script = Vec::new();
    if let Some(completer) = SHELLS.completer(shell) {
        // Memory takes whatever is written.
        let _ = completer.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script);
    }
    script
}

/// Answers a shell, if one asks. `tree` makes as much of the command tree as the typed words need.
pub fn answer(tree: impl Fn(&[OsString]) -> Command) -> bool {
    // Whatever else the variable holds is no shell of ours, and the command is a command.
    let Some(shell) = std::env::var(VARIABLE).ok().filter(|shell| SHELLS.completer(shell).is_some()) else {
        return false;
    };
    let words: Vec<OsString> = std::env::args_os().collect();
    let typed: Vec<OsString> = match bash::line() {
        Some(line) => bash::words(&line).0.into_iter().map(OsString::from).collect(),
        None => words.iter().skip_while(|word| *word != "--").skip(1).cloned().collect(),
    };
    let with_values = || values::offer(tree(&typed), &typed, &shell);
    // What cannot be answered is not: the line stays as it is.
    let _ = CompleteEnv::with_factory(with_values).var(VARIABLE).shells(SHELLS).try_complete(words, None);
    true
}
