//! The sandbox against what is known of Attio, never only against our own client.

mod filter;
mod records;
mod resources;
mod store;
mod values;
mod workspace;
