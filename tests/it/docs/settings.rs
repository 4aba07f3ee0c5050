//! `references/settings.md`: every global option, variable, exit code and fault, told once and from the code.

use crate::golden;
use attio_crm::cli;
use attio_crm::config;
use attio_crm::error::Kind;
use attio_crm::sandbox::fault::GRAMMAR;
use std::fmt::Write as _;

#[test]
fn the_settings_are_told_as_they_are() {
    let mut text = "# Settings\n\nA flag goes before the environment, the environment before `.env` in the \
        current folder.\n\n## Global options\n\n| Option | |\n|---|---|\n"
        .to_owned();
    let mut tree = cli::command();
    tree.build();
    for arg in tree.get_arguments().filter(|arg| arg.is_global_set()) {
        let short = arg.get_short().map(|short| format!("`-{short}`, ")).unwrap_or_default();
        let help = arg.get_help().unwrap().to_string().replace('|', "\\|");
        writeln!(text, "| {short}`{}` | {help} |", arg.to_string().trim_end_matches("...")).unwrap();
    }
    text += "\n## Variables\n\n| Variable | |\n|---|---|\n";
    for (name, meaning) in config::ALL {
        writeln!(text, "| `{name}` | {meaning} |").unwrap();
    }
    text += "\n## Exit codes\n\n| Code | `kind` in the error | |\n|---|---|---|\n";
    for kind in Kind::ALL {
        writeln!(text, "| {} | `{}` | {} |", kind.exit_code(), kind.name(), kind.meaning()).unwrap();
    }
    write!(text, "\n## Faults of `sandbox serve --fault`\n\n```text\n{GRAMMAR}\n```\n").unwrap();
    golden::matches("references/settings.md", &text);
}
