//! attio-crm: people, scripts and agents at work with an Attio CRM workspace.

pub mod error;
pub mod sandbox;
