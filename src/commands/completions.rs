//! The script that teaches a shell to complete commands.

use super::Done;
use crate::complete;
use clap::builder::PossibleValuesParser;

/// Print the completion script of a shell
///
/// With values: objects, attributes, options, members and records that earlier commands have seen.
///
///   bash:  source <(attio-crm completions bash)          in ~/.bashrc
///   zsh:   source <(attio-crm completions zsh)           in ~/.zshrc
///   fish:  attio-crm completions fish | source           in ~/.config/fish/config.fish
///
/// Example: attio-crm completions bash
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Completions {
    /// Shell
    #[arg(value_parser = PossibleValuesParser::new(complete::shells()))]
    shell: String,
}

impl Completions {
    pub fn run(&self) -> Done<'static> {
        Done::Bytes(complete::registration(&self.shell))
    }
}
