//! Arguments that are described to the parser only when their command was typed.
//!
//! Describing every flag of every command takes longer than most commands do. So the command tree
//! holds names and one line of help each, and the rest of the one command that is meant.

use crate::input::with_texts;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

/// The arguments `T` of a command.
#[derive(Debug)]
pub struct Deferred<T>(pub T);

impl<T: Args> Args for Deferred<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(|command| with_texts(T::augment_args(command)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        command.defer(|command| with_texts(T::augment_args_for_update(command)))
    }
}

impl<T: FromArgMatches> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
