//! The arguments of a summary, which follow from its parts.

use super::kinds::{Kind, Of, Part};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};
use std::marker::PhantomData;

/// What all summaries do.
const ALL: &str = "The parts are read at the same time. `incomplete` names those that were cut or failed. A part that \
                   fails carries its error, the rest are still shown, and the exit code is 6.";

/// What was typed of a summary of the object `O`.
#[derive(Debug)]
pub struct Summary<O> {
    pub reference: String,
    /// The parts that are wanted, and how many rows of each.
    pub wanted: Vec<(&'static Part, usize)>,
    of: PhantomData<O>,
}

impl Part {
    /// The flag for the number of its rows, without hyphens.
    pub fn flag(&self) -> String {
        format!("{}-limit", self.name)
    }

    fn id(&self) -> String {
        format!("{}_limit", self.name)
    }

    fn arg(&self) -> Option<Arg> {
        let open = if self.name == "tasks" { "open " } else { "" };
        let arg = limit(self.id(), self.flag()).help(format!("Maximum number of {open}{}", self.name));
        self.usual.map(|usual| arg.default_value(usual.to_string()))
    }
}

fn limit(id: String, flag: String) -> Arg {
    Arg::new(id).long(flag).value_name("N").value_parser(value_parser!(usize))
}

impl<O: Of> Args for Summary<O> {
    fn augment_args(command: Command) -> Command {
        described(command, O::KIND)
    }

    fn augment_args_for_update(command: Command) -> Command {
        described(command, O::KIND)
    }
}

impl<O: Of> FromArgMatches for Summary<O> {
    fn from_arg_matches(given: &ArgMatches) -> Result<Self, Error> {
        let reference = given.get_one::<String>("reference").cloned().unwrap_or_default();
        Ok(Self { reference, wanted: wanted(given, O::KIND)?, of: PhantomData })
    }

    fn update_from_arg_matches(&mut self, given: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(given)?;
        Ok(())
    }
}

fn described(command: Command, kind: &'static Kind) -> Command {
    let names = kind.parts.each_ref().map(|part| part.name);
    let only = Arg::new("only").long("only").value_name("PARTS").value_delimiter(',');
    let only = only.action(ArgAction::Append).value_parser(names);
    let all = limit("limit".into(), "limit".into());
    command
        .about(kind.about)
        .long_about(format!("{}\n\n{ALL}\n\nExample: {}", kind.about, kind.example))
        .arg(Arg::new("reference").value_name("REF").required(true).help(kind.reference))
        .arg(only.help("Read and show only these parts, such as notes,tasks"))
        .arg(all.help("Maximum number of rows per part; the limits below override it"))
        .args(kind.parts.iter().filter_map(Part::arg))
}

/// The parts that are wanted, and how many rows of each.
fn wanted(given: &ArgMatches, kind: &'static Kind) -> Result<Vec<(&'static Part, usize)>, Error> {
    let only: Option<Vec<&String>> = given.get_many("only").map(Iterator::collect);
    let is_wanted = |part: &Part| {
        only.as_ref().is_none_or(|only| only.iter().any(|name| name.eq_ignore_ascii_case(part.name)))
    };
    let of_all = given.get_one::<usize>("limit").copied();
    let mut wanted = Vec::new();
    for part in &kind.parts {
        let own = part.usual.and_then(|_| given.get_one::<usize>(&part.id()).copied());
        let typed = own.is_some() && given.value_source(&part.id()) == Some(ValueSource::CommandLine);
        if is_wanted(part) {
            let limit = of_all.filter(|_| !typed && own.is_some()).or(own);
            wanted.push((part, limit.unwrap_or(1)));
        } else if typed {
            let message = format!("--{} has no effect: --only excludes {}", part.flag(), part.name);
            return Err(Error::raw(ErrorKind::ArgumentConflict, message));
        }
    }
    Ok(wanted)
}
