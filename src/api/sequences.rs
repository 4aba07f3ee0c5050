//! Sequences of emails, and who wants none of them.

use super::{Endpoint, Op, Resource};
use crate::client::request::{Answer, Effect, Method, Operation, Paging, Stage};
use crate::identity;
use serde::Serialize;

/// Let addresses get no more emails of any sequence
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
    const OPERATION: Operation = Operation {
        answer: Answer::Rows(Paging::Whole),
        stage: Stage::Beta,
        effect: Effect::Idempotent,
        scopes: &["sequence_unsubscribe:read-write"],
        columns: &["email_address", "created_at"],
        ..Operation::new("sequences unsubscribe", Method::Post, "/v2/sequences/unsubscribed_emails")
    };
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "sequences",
    about: "Sequences of emails",
    ops: &[Op::of::<Unsubscribe>("unsubscribe")],
};
