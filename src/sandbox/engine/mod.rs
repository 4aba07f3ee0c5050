//! What all resources share: reading requests, refusing them, values, filters, sorts, writes, relationships.

pub(crate) mod answer;
pub(crate) mod defaults;
pub(crate) mod fault;
pub(crate) mod filter;
pub(crate) mod find;
pub(crate) mod holders;
pub(crate) mod mentions;
pub(crate) mod named_record;
pub(crate) mod number;
pub(crate) mod problem;
pub(crate) mod query;
pub(crate) mod relations;
pub(crate) mod request;
pub(crate) mod sort;
pub(crate) mod system_attributes;
pub(crate) mod values;
pub(crate) mod write;
