//! The manual pages.

use super::Done;
use crate::error::Error;
use serde_json::json;
use std::path::PathBuf;

/// Write the manual pages, one for each command
///
/// Example: attio-crm man --dir man
#[derive(Debug, clap::Args)]
pub struct Man {
    /// Folder to write them in; it is made if there is none
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

impl Man {
    pub fn run(&self, mut tree: clap::Command) -> Result<Done<'static>, Error> {
        let failed = |error: std::io::Error| {
            Error::failure(format!("cannot write the pages in {}", self.dir.display())).why(error.to_string())
        };
        std::fs::create_dir_all(&self.dir).map_err(failed)?;
        tree.build();
        let pages = self.write(&tree, tree.get_name()).map_err(failed)?;
        let told = json!({"dir": self.dir.display().to_string(), "pages": pages});
        Ok(Done::Bytes(format!("{told}\n").into_bytes()))
    }

    /// Writes the page of a command and of those below it; returns how many these are.
    fn write(&self, command: &clap::Command, name: &str) -> std::io::Result<usize> {
        let page = command.clone().name(name.to_owned()).display_name(name.to_owned());
        let global = |arg: clap::Arg| if arg.is_global_set() { arg.hide(true) } else { arg };
        let page = if command.get_name() == name { page } else { page.mut_args(global) };
        let mut text = Vec::new();
        clap_mangen::Man::new(page).render(&mut text)?;
        std::fs::write(self.dir.join(format!("{name}.1")), text)?;
        command.get_subcommands().try_fold(1, |pages, below| {
            Ok(pages + self.write(below, &format!("{name}-{}", below.get_name()))?)
        })
    }
}
