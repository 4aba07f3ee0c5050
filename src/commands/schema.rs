//! The commands as JSON. Needs no key and no network; what it says is made in [`crate::describe`].

use crate::describe;
use crate::error::Error;
use crate::output::Item;

/// Show the commands as JSON: arguments, effects, scopes, exit codes
///
/// Of all commands, or of those that begin with the given words. Needs no key.
///
/// Example: attio-crm schema notes create
#[derive(Debug, clap::Args)]
pub struct Schema {
    /// A command, or the first words of several
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,
}

impl Schema {
    pub fn run(&self, tree: clap::Command) -> Result<Item, Error> {
        describe::describe(tree, &self.words).map(Item::document)
    }
}
