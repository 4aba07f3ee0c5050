//! The sandbox: an Attio workspace inside the program.

pub mod fault;
pub mod server;
