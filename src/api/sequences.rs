//! Sequences of emails, and who wants none of them.

use super::{Endpoint, Op, Resource};
use crate::client::operation::{Effect, Operation, Paging};
use crate::identity;
use serde::Serialize;

/// Unsubscribe addresses from all sequences
///
/// A repeat changes nothing.
#[derive(Debug, Default, clap::Args, Serialize)]
pub struct Unsubscribe {
    /// Address, up to 1000 of them (repeatable)
    #[arg(long = "email-address", value_name = "EMAIL", value_parser = identity::email,
          required_unless_present = "data")]
    pub email_addresses: Option<Vec<String>>,
}

impl Endpoint for Unsubscribe {
    const OPERATION: Operation =
        Operation::post("sequences unsubscribe", "/v2/sequences/unsubscribed_emails")
            .scopes(&["sequence_unsubscribe:read-write"])
            .columns(&["email_address", "created_at"])
            .rows(Paging::Whole)
            .beta()
            .effect(Effect::Idempotent);
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "sequences",
    about: "Sequences of emails",
    ops: &[Op::of::<Unsubscribe>("unsubscribe", "sequences unsubscribe --email-address jane@acme.com")],
};
