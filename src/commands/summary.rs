//! A company at a glance: its people, deals, notes and open tasks.

use super::notes::of_record;
use super::{Ctx, Done};
use crate::api::groups::{LinkedTo, RecordPath};
use crate::api::records::{self, Get as GetRecord};
use crate::api::{self, Endpoint as _, notes, tasks};
use crate::client::answer::Rest;
use crate::client::pages::{Pages, Window};
use crate::client::request::Request;
use crate::error::{Error, Kind};
use crate::output::{Item, Parts};
use crate::resolve::definitions::compact;
use crate::resolve::find::refers_to;
use crate::resolve::reference::{RecordRef, record_id};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// How people see the parts.
const PARTS: Parts = &[
    (
        "company",
        &["name", "domains", "description", "customer_status", "employee_range", "record_id", "web_url"],
    ),
    ("people", &["name", "email_addresses", "job_title", "record_id"]),
    ("deals", &["name", "stage", "value", "owner", "record_id"]),
    ("notes", notes::List::OPERATION.columns),
    ("tasks", tasks::List::OPERATION.columns),
];

/// Show a company with its people, deals, newest notes and open tasks
///
/// The parts are read at the same time. `incomplete` names those that were cut or failed. A part that fails carries
/// its error, the others are shown all the same, and the exit code is 6.
///
/// Example: attio-crm get-company-summary acme.com
#[derive(Debug, clap::Args)]
pub struct Summary {
    /// UUID, Attio URL, domain or website, or name:Exact Name
    #[arg(value_name = "REF")]
    reference: String,
    /// Maximum number of notes
    #[arg(long, value_name = "N", default_value_t = 5)]
    notes_limit: usize,
    /// Maximum number of deals
    #[arg(long, value_name = "N", default_value_t = 10)]
    deals_limit: usize,
    /// Maximum number of people
    #[arg(long, value_name = "N", default_value_t = 10)]
    people_limit: usize,
    /// Maximum number of open tasks
    #[arg(long, value_name = "N", default_value_t = 50)]
    tasks_limit: usize,
}

/// One part: its rows, and whether these are all; or why not.
type Part = Result<(Vec<Value>, bool), Error>;

impl Summary {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let record_id = record_id(&ctx.resolver, "companies", &self.reference).await?;
        let company = RecordRef { object: "companies".to_owned(), record_id };
        let (head, people, deals, notes, tasks) = tokio::join!(
            read_company(ctx, &company),
            related(ctx, "people", refers_to("company", &company), self.people_limit),
            related(ctx, "deals", refers_to("associated_company", &company), self.deals_limit),
            read_notes(ctx, &company, self.notes_limit),
            open_tasks(ctx, &company, self.tasks_limit),
        );
        let mut summary = Map::new();
        let mut failed = Vec::new();
        let parts = [("people", people), ("deals", deals), ("notes", notes), ("tasks", tasks)];
        let nothing = parts.iter().all(|(_, part)| part.is_err());
        let incomplete = parts.iter().filter(|(_, part)| !matches!(part, Ok((_, true))));
        let incomplete: Vec<&str> = incomplete.map(|(name, _)| *name).collect();
        let cut = parts.iter().filter(|(_, part)| matches!(part, Ok((_, false))));
        let cut: Vec<String> = cut.map(|(name, _)| format!("--{name}-limit")).collect();
        if !cut.is_empty() {
            ctx.client.remark(&format!("the summary is cut; to see more, raise {}", cut.join(", ")));
        }
        summary.insert("incomplete".into(), json!(incomplete));
        match head {
            Ok(head) => {
                let interaction = |slug: &str| head.get("values").and_then(|v| v.get(slug)).cloned();
                let last = interaction("last_interaction");
                let next = interaction("next_interaction");
                summary.insert("company".into(), head.into());
                summary.insert("last_interaction".into(), json!(last));
                summary.insert("next_interaction".into(), json!(next));
            }
            // Without the company itself there is nothing to summarise.
            Err(error) if nothing || matches!(error.kind(), Kind::NotFound | Kind::Auth) => {
                return Err(error);
            }
            Err(error) => {
                summary.insert("company".into(), error.to_json());
                failed.push("company");
            }
        }
        for (name, part) in parts {
            if part.is_err() {
                failed.push(name);
            }
            summary.insert(name.to_owned(), section(part));
        }
        let item = Item::own(summary).with_parts(PARTS);
        if failed.is_empty() {
            return Ok(Done::One(item));
        }
        let message = format!("parts of the summary could not be read: {}", failed.join(", "));
        Ok(Done::Partly(item, Error::new(Kind::Partial, message).hint("the parts say why; try again")))
    }
}

fn section(part: Part) -> Value {
    match part {
        Ok((items, complete)) => json!({"items": items, "complete": complete}),
        Err(error) => {
            let mut shown = error.to_json();
            shown["items"] = json!([]);
            shown["complete"] = json!(false);
            shown
        }
    }
}

async fn read_company(ctx: &Ctx, company: &RecordRef) -> Result<Map<String, Value>, Error> {
    let get = GetRecord { record: RecordPath::new(&company.object, &company.record_id) };
    let raw = api::one(&ctx.client, &get).await?;
    Ok(compact(&ctx.resolver, &raw).await)
}

async fn related(ctx: &Ctx, object: &str, filter: Value, limit: usize) -> Part {
    let query =
        records::Query { object: object.to_owned(), filter: Some(filter), ..records::Query::default() };
    page(ctx, query.request()?, limit).await
}

async fn open_tasks(ctx: &Ctx, company: &RecordRef, limit: usize) -> Part {
    let list = tasks::List {
        linked: LinkedTo::new(&company.object, &company.record_id),
        is_completed: Some(false),
        ..tasks::List::default()
    };
    page(ctx, list.request()?, limit).await
}

async fn read_notes(ctx: &Ctx, company: &RecordRef, limit: usize) -> Part {
    let mut notes = of_record(ctx, company, Window { limit: Some(limit), ..Window::default() })?;
    let rows = notes.collect().await?;
    Ok((all_compact(ctx, &rows).await, notes.rest() == Rest::None))
}

async fn page(ctx: &Ctx, request: Request, limit: usize) -> Part {
    let mut pages = Pages::new(&ctx.client, request, Window { limit: Some(limit), ..Window::default() });
    let rows = pages.collect().await?;
    Ok((all_compact(ctx, &rows).await, pages.rest() == Rest::None))
}

async fn all_compact(ctx: &Ctx, rows: &[Box<RawValue>]) -> Vec<Value> {
    let mut all = Vec::new();
    for row in rows {
        all.push(compact(&ctx.resolver, row).await.into());
    }
    all
}
