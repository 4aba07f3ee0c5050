//! Tasks as people say them: one for a record, and one that is done.

use super::check::{check, with_check};
use super::{Ctx, Done};
use crate::api::Endpoint as _;
use crate::api::tasks::{Create, State, Update};
use crate::client::answer::Reply;
use crate::client::operation::Operation;
use crate::client::request::Request;
use crate::error::Error;
use crate::identity;
use crate::input::Text;
use crate::output::Item;
use crate::resolve::fields::resolve;
use crate::text;
use serde_json::{Map, Value};

/// Add a task to a record
///
/// Repeating adds another task.
///
/// Example: attio-crm create-task acme.com "Send the quote" --due friday --assignee me
#[derive(Debug, clap::Args)]
pub struct Add {
    /// Record: UUID, Attio URL, email, domain or name:Exact Name
    #[arg(value_name = "REF")]
    reference: String,
    /// Text, or - for standard input
    #[arg(value_name = "TEXT")]
    content: Text,
    /// When it is due: a time or a date, or such as +3d, tomorrow, friday; a date means the end of that day
    #[arg(long, value_name = "TIME", value_parser = identity::deadline, allow_hyphen_values = true)]
    due: Option<String>,
    /// Member who is to do it: address, name or me (repeatable)
    #[arg(long = "assignee", value_name = "MEMBER", value_parser = text::member)]
    assignees: Vec<String>,
}

impl Add {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let create = Create {
            content: Some(self.content).into(),
            state: State { deadline_at: self.due, is_completed: None },
            linked_records: Some(vec![self.reference]),
            assignees: Some(self.assignees),
        };
        let words: Vec<&str> = Create::OPERATION.check.split(' ').collect();
        send(ctx, &Create::OPERATION, create.fields()?, &check(ctx, &words)).await
    }
}

/// Complete a task
///
/// Example: attio-crm done 985c6de5-1dae-58d0-a235-558a8feed345
#[derive(Debug, clap::Args)]
pub struct Finish {
    /// UUID or Attio URL of the task
    #[arg(value_name = "TASK", value_parser = text::task)]
    task_id: String,
}

impl Finish {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let check = check(ctx, &["tasks", "get", &self.task_id]);
        let state = State { deadline_at: None, is_completed: Some(true) };
        let update = Update { task_id: self.task_id, state, linked_records: None, assignees: None };
        send(ctx, &Update::OPERATION, update.fields()?, &check).await
    }
}

async fn send<'c>(
    ctx: &'c Ctx,
    operation: &'static Operation,
    mut fields: Map<String, Value>,
    check: &[String],
) -> Result<Done<'c>, Error> {
    resolve(&ctx.resolver, &mut fields, operation.references).await?;
    let request = Request::build(operation, fields)?;
    let shown = |reply: Reply| Ok(Done::One(Item::new(reply.data()?)));
    ctx.write(request, shown).await.map_err(|error| with_check(error, check))
}
