//! attio-crm: people, scripts and agents at work with an Attio CRM workspace.
//!
//! Data flows one way; each room leaves the rest to the next:
//!
//! ```text
//! main -> cli -> commands -> resolve -> api -> client -> error
//!                   |                            |
//!                 output                       config
//! ```
//!
//! - [`cli`]: arguments, global flags, one run from start to exit code.
//! - [`commands`]: what people type; makes calls, returns results, prints nothing.
//! - [`api`]: the operations of Attio's API, described once each.
//! - [`client`]: one call: policy, rate limit, sending, retries, audit log.
//! - [`resolve`]: from what people name to what Attio takes: records, members, attributes.
//! - [`output`]: the only writer to stdout and stderr.
//! - [`identity`]: what tells one thing from another: one parser and one normal form of each.
//! - [`values`], [`link`], [`text`]: attribute values, app URLs and arguments as plain data.
//! - [`sandbox`]: a workspace in one file, which answers like Attio.
//! - [`describe`]: the command tree as plain data, for programs.
//! - [`vocabulary`]: the closed sets of words of Attio, for client and sandbox.
//! - [`input`]: texts and JSON from arguments, standard input and files.
//! - [`config`], [`error`], [`files`]: settings and the key, errors and exit codes, private files.

pub mod api;
pub mod cli;
pub mod client;
pub mod commands;
pub mod config;
pub mod describe;
pub mod error;
pub mod files;
pub mod identity;
pub mod input;
pub mod link;
pub mod output;
pub mod resolve;
pub mod sandbox;
pub mod text;
pub mod values;
pub mod vocabulary;
