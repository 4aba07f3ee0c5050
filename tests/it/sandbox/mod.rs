//! The sandbox against what is known of Attio, never only against our own client.

mod filter;
mod merge;
mod records;
mod resources;
mod schema;
mod store;
mod values;
mod workspace;
