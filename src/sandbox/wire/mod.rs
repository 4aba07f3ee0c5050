//! From bytes to requests and back: routes, the server on the loopback interface, faults on demand.

pub mod fault;
pub(crate) mod respond;
pub(crate) mod routes;
pub mod server;
