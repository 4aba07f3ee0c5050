//! The commands people type: arguments, and one function each that does the work.
//!
//! A command makes calls through [`Ctx`] and returns [`Done`]; it never prints and never touches the
//! network itself. What several commands need stands beside them: `args`, `reference`, `set`,
//! `write`.

pub mod args;
mod attributes;
pub mod calls;
mod change;
mod companies;
mod deals;
mod deferred;
mod download;
mod filter;
mod get;
mod members;
mod notes;
mod parse_url;
mod people;
mod raw;
mod reference;
pub mod resource;
mod sandbox;
mod schema;
mod search;
mod set;
mod summary;
mod write;

use crate::client::Client;
use crate::client::pages::{Pages, Rest};
use crate::config::Rate;
use crate::error::Error;
use crate::output::Item;
use crate::sandbox::server::Server;
use deferred::Deferred;
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
    /// `--refresh`: definitions of attributes are read anew.
    pub refresh: bool,
    /// Makes the whole command tree, for the command that describes it.
    pub tree: fn() -> clap::Command,
}

/// How the compact form of a thing is made.
pub type Shape = fn(&str) -> Result<serde_json::Map<String, serde_json::Value>, serde_json::Error>;

/// What came of a command.
pub enum Done<'c> {
    /// One thing.
    One(Item),
    /// A listing, fetched while it is shown.
    Listing(Listing<'c>),
    /// The bytes of a file.
    Bytes(Vec<u8>),
    /// One thing that goes on at a cursor.
    Page(Item, String),
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
        /// Where the rest begins.
        rest: Rest,
    },
}

/// Work with an Attio CRM workspace.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Find companies by a part of their name or domain
    SearchCompanies(Deferred<companies::Search>),
    /// Show a company
    ///
    /// Example: attio-crm get-company acme.com
    GetCompany(Deferred<get::Get>),
    /// Create a company
    CreateCompany(Deferred<companies::Create>),
    /// Change a company
    UpdateCompany(Deferred<companies::Update>),
    /// Find people by a part of their name, email address or phone number
    SearchPeople(Deferred<people::Search>),
    /// Show a person
    ///
    /// Example: attio-crm get-person ann@acme.com
    GetPerson(Deferred<get::Get>),
    /// Create a person
    CreatePerson(Deferred<people::Create>),
    /// Change a person
    UpdatePerson(Deferred<people::Update>),
    /// Find deals by a part of their name, by stage, company or owner
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
    /// Delete a note for good
    DeleteNote(Deferred<notes::Delete>),
    /// Show a company with its people, deals, newest notes and open tasks
    GetCompanySummary(Deferred<summary::Summary>),
    /// List the attributes of an object or a list, with their options and statuses
    ListAttributes(Deferred<attributes::List>),
    /// Show what an Attio URL names
    ParseUrl(Deferred<parse_url::ParseUrl>),
    /// The local workspace behind --sandbox
    Sandbox(Deferred<sandbox::Sandbox>),
    /// Call any path of Attio's API
    Api(Deferred<raw::Raw>),
    /// Show the commands as JSON: arguments, effects, scopes, exit codes
    Schema(Deferred<schema::Schema>),
    /// An operation of the table, which is not parsed here.
    #[command(skip)]
    Resource(resource::Call),
}

impl Command {
    /// The result of a command that needs no settings, no key and no network; `None` for all others.
    /// `tree` makes the whole command tree.
    pub fn at_once(&self, tree: fn() -> clap::Command) -> Option<Result<Item, Error>> {
        match self {
            Self::ParseUrl(Deferred(command)) => Some(command.run()),
            Self::Schema(Deferred(command)) => Some(command.run(tree())),
            _ => None,
        }
    }

    /// Does the work.
    ///
    /// # Errors
    /// Usage errors before anything is sent; otherwise those of the calls.
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        match self {
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
            Self::DeleteNote(Deferred(command)) => command.run(ctx).await,
            Self::GetCompanySummary(Deferred(command)) => command.run(ctx).await,
            Self::ListAttributes(Deferred(command)) => command.run(ctx).await,
            Self::ParseUrl(Deferred(command)) => command.run().map(Done::One),
            Self::Sandbox(Deferred(command)) => command.run(ctx).await,
            Self::Api(Deferred(command)) => command.run(ctx).await,
            Self::Schema(Deferred(command)) => command.run((ctx.tree)()).map(Done::One),
            Self::Resource(call) => call.run(ctx).await,
        }
    }

    /// Whether it may take as long as it takes: no default time limit then.
    pub fn is_long(&self) -> bool {
        match self {
            Self::SearchCompanies(Deferred(command)) => command.page.all,
            Self::SearchPeople(Deferred(command)) => command.page.all,
            Self::SearchDeals(Deferred(command)) => command.page.all,
            Self::ListNotes(Deferred(command)) => command.page.all,
            Self::Api(Deferred(command)) => command.all,
            Self::Sandbox(_) => true,
            Self::Resource(call) => call.is_long(),
            _ => false,
        }
    }
}
