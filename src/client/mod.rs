//! The only room that touches the network.

pub mod limit;
