//! What a workspace holds, and the `SQLite` file it is kept in.
//!
//! The schema is one small document, read as a whole; rows and other things are a JSON text each, in one table with
//! an index over what is looked up. This room knows no HTTP and no rule of Attio's beyond the form of its data.

pub(crate) mod database;
pub(crate) mod failure;
pub(crate) mod file;
mod held;
mod layout;
pub(crate) mod row;
pub(crate) mod rows;
pub(crate) mod schema;
pub(crate) mod things;
