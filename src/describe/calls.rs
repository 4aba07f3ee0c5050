//! What the commands written by hand call.
//!
//! One row a command, one place: what `schema` says of a command's effect and scopes follows from
//! the operations here, as that of a resource command follows from its own.

use crate::api::{self, Endpoint as _, attributes, members, notes, objects, options, records, search};
use crate::api::{statuses, tasks, workspace};
use crate::client::operation::Operation;

pub type Operations = &'static [&'static Operation];

/// Looking a reference up.
const LOOK_UP: Operations = &[&records::Query::OPERATION];

/// Reading what the attributes are, for --set, --filter and the flags that are checked like them.
const DEFINE: Operations = &[
    &attributes::List::OPERATION,
    &options::List::OPERATION,
    &statuses::List::OPERATION,
    &objects::List::OPERATION,
    &members::List::OPERATION,
];

/// What any command may read as well that shows records or entries in JSON: which values are arrays. It
/// works without, so it adds no scope to a command.
pub const SHAPE: &Operation = &attributes::List::OPERATION;

/// What any command may read as well that shows references: what they are called. It works without.
pub const NAMES: Operations = &[&records::Query::OPERATION, &members::List::OPERATION];

const GET: Operations = &[&records::Get::OPERATION];
const CREATE: Operations = &[&records::Create::OPERATION];
const UPSERT: Operations = &[&records::Upsert::OPERATION];
/// An update reads first, to say what it changed.
const UPDATE: Operations =
    &[&records::Get::OPERATION, &records::Update::OPERATION, &records::Replace::OPERATION];

/// The operations that a command may call, with those that look things up; none for the commands that
/// stay on this machine.
pub fn of(command: &str) -> Vec<&'static Operation> {
    let groups: &[Operations] = match command {
        "search" => &[LOOK_UP, &[&search::Search::OPERATION]],
        "search-companies" => &[LOOK_UP, DEFINE, &[&search::Search::OPERATION]],
        "search-people" | "search-deals" => &[LOOK_UP, DEFINE],
        "get-company" | "get-person" | "get-deal" => &[LOOK_UP, GET],
        "create-company" | "create-person" => &[LOOK_UP, DEFINE, CREATE, UPSERT],
        "create-deal" => &[LOOK_UP, DEFINE, &[&workspace::Current::OPERATION], CREATE],
        "update-company" | "update-person" | "update-deal" => &[LOOK_UP, DEFINE, UPDATE],
        "create-note" => &[LOOK_UP, &[&notes::Create::OPERATION]],
        "list-notes" => &[LOOK_UP, &[&notes::List::OPERATION]],
        "create-task" => &[
            LOOK_UP,
            &[&members::List::OPERATION, &workspace::Current::OPERATION, &tasks::Create::OPERATION],
        ],
        "done" => &[&[&tasks::Update::OPERATION]],
        "open" => &[LOOK_UP, GET],
        "count" => &[LOOK_UP, DEFINE],
        "get-note" => &[&[&notes::Get::OPERATION]],
        "delete-note" => &[&[&notes::Delete::OPERATION]],
        "get-company-summary" | "get-person-summary" | "get-deal-summary" => {
            &[LOOK_UP, GET, &[&notes::List::OPERATION, &tasks::List::OPERATION]]
        }
        "list-attributes" => &[DEFINE],
        "api" => &[&api::ANY],
        _ => &[],
    };
    groups.concat()
}

/// Whether a command that makes several calls shows a list.
pub fn lists(path: &[&str]) -> bool {
    const LISTS: [&str; 6] =
        ["search", "search-companies", "search-people", "search-deals", "list-notes", "list-attributes"];
    matches!(path, [name] if LISTS.contains(name))
}
