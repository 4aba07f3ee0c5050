//! The sandbox against what is known of Attio, never only against our own client.

mod durable;
mod faults;
mod files;
mod filter;
mod import;
mod meetings;
mod merge;
mod records;
mod references;
mod resources;
mod schema;
mod store;
mod threads;
mod values;
mod webhooks;
mod whole;
mod wire;
mod workspace;
