//! What the commands written by hand call.
//!
//! One row a command, one place: what `schema` says of a command's effect and scopes follows from
//! the operations here, as that of a resource command follows from its own.

use super::raw;
use crate::api::{Endpoint as _, members, notes, records, search, tasks, workspace};
use crate::client::request::Operation;

const QUERY: &Operation = &records::Query::OPERATION;

/// The operations that a command may call, with those that look a reference up; none for the
/// commands that stay on this machine.
pub fn of(command: &str) -> &'static [&'static Operation] {
    match command {
        "search-companies" => &[QUERY, &search::Search::OPERATION],
        "search-people" => &[QUERY, &search::Search::OPERATION],
        "search-deals" => &[QUERY, &members::List::OPERATION],
        "get-company" | "get-person" | "get-deal" => &[QUERY, &records::Get::OPERATION],
        "create-company" | "create-person" => {
            &[QUERY, &records::Create::OPERATION, &records::Upsert::OPERATION]
        }
        "create-deal" => {
            &[QUERY, &members::List::OPERATION, &workspace::Current::OPERATION, &records::Create::OPERATION]
        }
        "update-company" => &[QUERY, &records::Update::OPERATION, &records::Replace::OPERATION],
        "update-person" => {
            &[QUERY, &records::Get::OPERATION, &records::Update::OPERATION, &records::Replace::OPERATION]
        }
        "update-deal" => {
            &[QUERY, &members::List::OPERATION, &records::Update::OPERATION, &records::Replace::OPERATION]
        }
        "create-note" => &[QUERY, &notes::Create::OPERATION],
        "list-notes" => &[QUERY, &notes::List::OPERATION],
        "get-note" => &[&notes::Get::OPERATION],
        "delete-note" => &[&notes::Delete::OPERATION],
        "get-company-summary" => {
            &[QUERY, &records::Get::OPERATION, &notes::List::OPERATION, &tasks::List::OPERATION]
        }
        "api" => &raw::UNKNOWN,
        _ => &[],
    }
}
