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
//! - [`complete`]: what a shell is offered when somebody presses Tab.
//! - [`vocabulary`]: the closed sets of words of Attio, for client and sandbox.
//! - [`input`]: texts and JSON from arguments, standard input and files.
//! - [`config`], [`error`], [`files`], [`escape`]: settings and the key, errors and exit codes, private files,
//!   characters that act.

#![expect(rustdoc::private_intra_doc_links, reason = "the map names every room, whoever may enter it")]

// The program is `cli::main`. What else is public is so for the tests, examples and benchmarks alone.
#[doc(hidden)]
pub mod api;
pub mod cli;
#[doc(hidden)]
pub mod client;
mod commands;
mod complete;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod describe;
#[doc(hidden)]
pub mod error;
mod escape;
mod files;
mod identity;
#[doc(hidden)]
pub mod input;
#[doc(hidden)]
pub mod link;
#[doc(hidden)]
pub mod output;
mod resolve;
#[doc(hidden)]
pub mod sandbox;
mod text;
#[doc(hidden)]
pub mod values;
mod vocabulary;
