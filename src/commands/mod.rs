//! The commands people type: arguments, and one function each that does the work.
//!
//! A command makes calls through [`Ctx`] and returns [`Done`]; it never prints and never touches the
//! network itself. What people name is looked up in [`crate::resolve`]. What several commands need
//! stands beside them: `args`, `context`, `check`, `create`, `update`.

mod api;
pub mod args;
mod attributes;
mod check;
mod companies;
mod completions;
pub mod context;
mod count;
mod create;
mod deals;
mod deferred;
mod download;
mod editor;
mod get;
mod inside;
mod man;
mod notes;
mod open;
mod parse_url;
mod people;
pub mod resource;
mod sandbox;
mod schema;
mod search;
mod search_all;
mod subject;
mod summary;
mod tasks;
mod update;

pub use context::{Ctx, Done, Listing, Rows};

use crate::api::Endpoint as _;
use crate::api::{notes as note_calls, records, tasks as task_calls};
use crate::client::operation::Operation;
use crate::error::Error;
use deferred::Deferred;
use summary::Summary;

/// Work with an Attio CRM workspace.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Find companies, people and deals by words
    Search(Deferred<search_all::Search>),
    /// Find companies by parts of their name or domain
    SearchCompanies(Deferred<companies::Search>),
    /// Show a company
    ///
    /// Example: attio-crm get-company acme.com
    GetCompany(Deferred<get::Get>),
    /// Create a company
    CreateCompany(Deferred<companies::Create>),
    /// Change a company
    UpdateCompany(Deferred<companies::Update>),
    /// Find people by parts of their name, email address or phone number
    SearchPeople(Deferred<people::Search>),
    /// Show a person
    ///
    /// Example: attio-crm get-person jane@acme.com
    GetPerson(Deferred<get::Get>),
    /// Create a person
    CreatePerson(Deferred<people::Create>),
    /// Change a person
    UpdatePerson(Deferred<people::Update>),
    /// Find deals by words of their name, by stage, company or owner
    SearchDeals(Deferred<deals::Search>),
    /// Show a deal
    ///
    /// Example: attio-crm get-deal "name:Globex renewal"
    GetDeal(Deferred<get::Get>),
    /// Create a deal
    CreateDeal(Deferred<deals::Create>),
    /// Change a deal
    UpdateDeal(Deferred<deals::Update>),
    /// Add a note to a record
    CreateNote(Deferred<notes::Create>),
    /// List the notes of a record, newest first
    ListNotes(Deferred<notes::List>),
    /// Show a note
    GetNote(Deferred<notes::Get>),
    /// Delete a note permanently
    DeleteNote(Deferred<notes::Delete>),
    /// Add a task to a record
    CreateTask(Deferred<tasks::Add>),
    /// Complete a task
    Done(Deferred<tasks::Finish>),
    /// Open a record in the browser
    Open(Deferred<open::Open>),
    /// Count the records that fit a filter
    Count(Deferred<count::Count>),
    /// Show a company with its people, deals, newest notes and open tasks
    GetCompanySummary(Deferred<Summary<summary::Company>>),
    /// Show a person with their company, deals, newest notes and open tasks
    GetPersonSummary(Deferred<Summary<summary::Person>>),
    /// Show a deal with its company, people, newest notes and open tasks
    GetDealSummary(Deferred<Summary<summary::Deal>>),
    /// List the attributes of an object or a list, with their options
    ListAttributes(Deferred<attributes::List>),
    /// Parse an Attio URL
    ParseUrl(Deferred<parse_url::ParseUrl>),
    /// The local workspace behind --sandbox
    Sandbox(Deferred<sandbox::Sandbox>),
    /// Call any path of Attio's API
    Api(Deferred<api::Call>),
    /// Show the commands as JSON: arguments, effects, scopes, exit codes
    Schema(Deferred<schema::Schema>),
    /// Print the completion script of a shell
    Completions(Deferred<completions::Completions>),
    /// Write the manual pages, one for each command
    Man(Deferred<man::Man>),
    /// An operation of the table, which is not parsed here.
    #[command(skip)]
    Resource(resource::Call),
}

impl Command {
    /// The result of a command that needs no settings, no key and no network; `None` for all others.
    /// `tree` makes the whole command tree.
    pub fn at_once(&self, tree: fn() -> clap::Command) -> Option<Result<Done<'static>, Error>> {
        match self {
            Self::ParseUrl(Deferred(command)) => Some(command.run().map(Done::One)),
            Self::Schema(Deferred(command)) => Some(command.run(tree()).map(Done::One)),
            Self::Completions(Deferred(command)) => Some(Ok(command.run())),
            Self::Man(Deferred(command)) => Some(command.run(tree())),
            _ => None,
        }
    }

    /// Does the work.
    ///
    /// # Errors
    /// Usage errors before anything is sent; otherwise those of the calls.
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        if let Some(write) = self.write() {
            ctx.client.may(write)?;
        }
        match self {
            Self::Search(Deferred(command)) => command.run(ctx).await,
            Self::SearchCompanies(Deferred(command)) => command.run(ctx).await,
            Self::GetCompany(Deferred(command)) => command.run(ctx, "companies").await,
            Self::CreateCompany(Deferred(command)) => command.run(ctx).await,
            Self::UpdateCompany(Deferred(command)) => command.run(ctx).await,
            Self::SearchPeople(Deferred(command)) => command.run(ctx).await,
            Self::GetPerson(Deferred(command)) => command.run(ctx, "people").await,
            Self::CreatePerson(Deferred(command)) => command.run(ctx).await,
            Self::UpdatePerson(Deferred(command)) => command.run(ctx).await,
            Self::SearchDeals(Deferred(command)) => command.run(ctx).await,
            Self::GetDeal(Deferred(command)) => command.run(ctx, "deals").await,
            Self::CreateDeal(Deferred(command)) => command.run(ctx).await,
            Self::UpdateDeal(Deferred(command)) => command.run(ctx).await,
            Self::CreateNote(Deferred(command)) => command.run(ctx).await,
            Self::ListNotes(Deferred(command)) => command.run(ctx).await,
            Self::GetNote(Deferred(command)) => command.run(ctx).await,
            Self::CreateTask(Deferred(command)) => command.run(ctx).await,
            Self::Done(Deferred(command)) => command.run(ctx).await,
            Self::Count(Deferred(command)) => command.run(ctx).await,
            Self::Open(Deferred(command)) => command.run(ctx).await,
            Self::DeleteNote(Deferred(command)) => command.run(ctx).await,
            Self::GetCompanySummary(Deferred(command)) => command.run(ctx).await,
            Self::GetPersonSummary(Deferred(command)) => command.run(ctx).await,
            Self::GetDealSummary(Deferred(command)) => command.run(ctx).await,
            Self::ListAttributes(Deferred(command)) => command.run(ctx).await,
            Self::ParseUrl(Deferred(command)) => command.run().map(Done::One),
            Self::Sandbox(Deferred(command)) => command.run(ctx).await,
            Self::Api(Deferred(command)) => command.run(ctx).await,
            Self::Schema(Deferred(command)) => command.run((ctx.tree)()).map(Done::One),
            Self::Completions(Deferred(command)) => Ok(command.run()),
            Self::Man(Deferred(command)) => command.run((ctx.tree)()),
            Self::Resource(call) => call.run(ctx).await,
        }
    }

    /// The write it is for, if it is for one: what policy refuses is not looked up first.
    fn write(&self) -> Option<&'static Operation> {
        match self {
            Self::CreateCompany(_) | Self::CreatePerson(_) | Self::CreateDeal(_) => {
                Some(&records::Create::OPERATION)
            }
            Self::UpdateCompany(_) | Self::UpdatePerson(_) | Self::UpdateDeal(_) => {
                Some(&records::Update::OPERATION)
            }
            Self::CreateNote(_) => Some(&note_calls::Create::OPERATION),
            Self::DeleteNote(_) => Some(&note_calls::Delete::OPERATION),
            Self::CreateTask(_) => Some(&task_calls::Create::OPERATION),
            Self::Done(_) => Some(&task_calls::Update::OPERATION),
            Self::Resource(call) => Some(call.operation()),
            _ => None,
        }
    }

    /// Whether it may take as long as it takes: no default time limit then.
    pub fn is_long(&self) -> bool {
        match self {
            Self::SearchCompanies(Deferred(command)) => command.page.all,
            Self::SearchPeople(Deferred(command)) => command.page.all,
            Self::SearchDeals(Deferred(command)) => command.page.all,
            Self::ListNotes(Deferred(command)) => command.page.all,
            Self::CreateNote(Deferred(command)) => command.edit, // people take their time
            Self::Api(Deferred(command)) => command.all,
            Self::Sandbox(_) | Self::Count(_) => true,
            Self::Resource(call) => call.is_long(),
            _ => false,
        }
    }
}
