//! The commands people type: arguments, and one function each that does the work.
//!
//! A command makes calls through [`Ctx`] and returns [`Done`]; it never prints and never touches the
//! network itself. What several commands need stands beside them: `args`, `reference`, `write`.

pub mod args;
mod companies;
mod deals;
mod get;
mod notes;
mod parse_url;
mod people;
mod reference;
mod sandbox;
mod search;
mod summary;
mod write;

use crate::client::Client;
use crate::client::pages::Pages;
use crate::config::Rate;
use crate::error::Error;
use crate::output::Item;
use crate::sandbox::server::Server;
use serde_json::value::RawValue;
use std::path::PathBuf;

/// What a command works with.
pub struct Ctx {
    /// Calls operations.
    pub client: Client,
    /// The sandbox's file, for the commands about it.
    pub sandbox_file: PathBuf,
    /// `--rate-limit`, for the server of the sandbox.
    pub rate_limit: Option<Rate>,
}

/// How the compact form of a thing is made.
pub type Shape = fn(&str) -> Result<serde_json::Map<String, serde_json::Value>, serde_json::Error>;

/// What came of a command.
pub enum Done<'c> {
    /// One thing.
    One(Item),
    /// A listing, fetched while it is shown.
    Listing(Listing<'c>),
    /// One thing with parts missing, and why.
    Partly(Item, Error),
    /// A server to run after its address was shown.
    Serving(Item, Server),
}

/// A listing that has yet to be walked.
pub struct Listing<'c> {
    /// Its rows.
    pub rows: Rows<'c>,
    /// How a row is shown.
    pub shape: Shape,
    /// Columns of a table.
    pub columns: &'static [&'static str],
}

/// Where a listing's rows come from.
pub enum Rows<'c> {
    /// From Attio, a page at a time.
    Pages(Box<Pages<'c>>),
    /// Read already, because their order needed all of them.
    Whole {
        /// The rows to show.
        rows: Vec<Box<RawValue>>,
        /// Whether these are all.
        complete: bool,
        /// Where the rest begins, if it can be had.
        next_offset: Option<usize>,
    },
}

/// Work with an Attio CRM workspace.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    SearchCompanies(companies::Search),
    /// Show a company
    ///
    /// Example: attio-crm get-company acme.com
    GetCompany(get::Get),
    CreateCompany(companies::Create),
    UpdateCompany(companies::Update),
    SearchPeople(people::Search),
    /// Show a person
    ///
    /// Example: attio-crm get-person ann@acme.com
    GetPerson(get::Get),
    CreatePerson(people::Create),
    UpdatePerson(people::Update),
    SearchDeals(deals::Search),
    /// Show a deal
    ///
    /// Example: attio-crm get-deal "name:Globex renewal"
    GetDeal(get::Get),
    CreateDeal(deals::Create),
    UpdateDeal(deals::Update),
    CreateNote(notes::Create),
    ListNotes(notes::List),
    GetNote(notes::Get),
    DeleteNote(notes::Delete),
    GetCompanySummary(summary::Summary),
    ParseUrl(parse_url::ParseUrl),
    Sandbox(sandbox::Sandbox),
}

impl Command {
    /// Does the work.
    ///
    /// # Errors
    /// Usage errors before anything is sent; otherwise those of the calls.
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        match self {
            Self::SearchCompanies(command) => command.run(ctx).await,
            Self::GetCompany(command) => command.run(ctx, "companies").await,
            Self::CreateCompany(command) => command.run(ctx).await,
            Self::UpdateCompany(command) => command.run(ctx).await,
            Self::SearchPeople(command) => command.run(ctx).await,
            Self::GetPerson(command) => command.run(ctx, "people").await,
            Self::CreatePerson(command) => command.run(ctx).await,
            Self::UpdatePerson(command) => command.run(ctx).await,
            Self::SearchDeals(command) => command.run(ctx).await,
            Self::GetDeal(command) => command.run(ctx, "deals").await,
            Self::CreateDeal(command) => command.run(ctx).await,
            Self::UpdateDeal(command) => command.run(ctx).await,
            Self::CreateNote(command) => command.run(ctx).await,
            Self::ListNotes(command) => command.run(ctx).await,
            Self::GetNote(command) => command.run(ctx).await,
            Self::DeleteNote(command) => command.run(ctx).await,
            Self::GetCompanySummary(command) => command.run(ctx).await,
            Self::ParseUrl(command) => command.run(),
            Self::Sandbox(command) => command.run(ctx).await,
        }
    }

    /// Whether it may take as long as it takes: no default time limit then.
    pub fn is_long(&self) -> bool {
        match self {
            Self::SearchCompanies(command) => command.page.all,
            Self::SearchPeople(command) => command.page.all,
            Self::SearchDeals(command) => command.page.all,
            Self::ListNotes(command) => command.page.all,
            Self::Sandbox(_) => true,
            _ => false,
        }
    }
}
