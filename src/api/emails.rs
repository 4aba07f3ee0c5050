//! Emails that members have synced: who wrote to whom and when, not what.

use super::{Endpoint, Op, Resource};
use crate::client::operation::{Operation, Paging, Reference, To};
use crate::identity;
use crate::text;
use clap::ArgGroup;
use serde::Serialize;

/// List emails, newest first
///
/// Records, participants and the domain widen each other; one of them is needed.
#[derive(Debug, Default, clap::Args, Serialize)]
#[command(group(ArgGroup::new("whose").args(["linked_record_ids", "participants", "domain"]).required(true).multiple(true)))]
pub struct List {
    /// Emails linked to this record (repeatable)
    #[arg(long = "record", alias = "linked-record-id", value_name = "REF")]
    pub linked_record_ids: Option<Vec<String>>,
    /// Object of these records, where REF does not tell
    #[arg(long = "object", alias = "linked-object", value_name = "OBJECT", requires = "linked_record_ids", value_parser = text::slug)]
    pub linked_object: Option<String>,
    /// Emails from or to this address (repeatable)
    #[arg(long = "participant", value_name = "EMAIL", value_parser = identity::email)]
    pub participants: Option<Vec<String>>,
    /// Emails from or to anybody of this domain
    #[arg(long, value_parser = identity::domain)]
    pub domain: Option<String>,
    /// Only emails sent later (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = identity::time, allow_hyphen_values = true)]
    pub sent_after: Option<String>,
    /// Only emails sent earlier (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = identity::time, allow_hyphen_values = true)]
    pub sent_before: Option<String>,
    /// Whether to leave out what machines sent
    #[arg(long, value_name = "BOOL")]
    pub exclude_automated_participants: Option<bool>,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation::get("emails list", "/v2/emails")
        .scopes(&["email:read", "record_permission:read", "object_configuration:read"])
        .columns(&["sent_at", "direction", "subject_line", "email_id"])
        .alpha()
        .rows(Paging::Cursor { max: 50 })
        .references(&[Reference { field: "linked_record_ids", to: To::RecordIn("linked_object") }]);
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "emails",
    about: "Email metadata, without bodies",
    ops: &[Op::of::<List>("list", "emails list --record acme.com --sent-after 2026-01-01T00:00:00Z")],
};
