//! Notes: create, list (newest first), get, delete.

use super::args::Page;
use super::check::{check, with_check};
use super::editor::Editor;
use super::subject::subject;
use super::{Ctx, Done, Listing, Rows};
use crate::api::groups::Parent as Belongs;
use crate::api::{self, Endpoint as _, notes};
use crate::client::answer::Reply;
use crate::client::newest::Newest;
use crate::client::pages::Window;
use crate::error::Error;
use crate::identity;
use crate::input::{FileText, Line, Text};
use crate::output::Item;
use crate::resolve::reference::{self, RecordRef};
use crate::text;
use serde_json::json;

/// The record a note belongs to.
#[derive(Debug, clap::Args)]
struct Parent {
    /// UUID, Attio URL, domain (company), email (person), or name:Exact Name
    #[arg(value_name = "REF")]
    reference: String,
    /// Object of the record: companies, people, deals or any slug [default: as REF tells]
    #[arg(long, value_name = "OBJECT", value_parser = text::slug)]
    object: Option<String>,
}

impl Parent {
    async fn find(&self, ctx: &Ctx) -> Result<RecordRef, Error> {
        reference::record(&ctx.resolver, self.object.as_deref(), &self.reference).await
    }
}

/// Add a note to a record
///
/// CONTENT is taken as it is, byte for byte; - reads it from standard input. With --edit it is written in
/// VISUAL or EDITOR; an empty text is not sent, and a draft that cannot be sent is kept. Repeating adds another
/// note.
///
/// Example: attio-crm create-note acme.com "Call" "They want a quote"
#[derive(Debug, clap::Args)]
pub struct Create {
    #[command(flatten)]
    parent: Parent,
    /// Title, plain text
    title: Line,
    /// Text, or - for standard input
    #[arg(required_unless_present_any = ["content_file", "edit"])]
    content: Option<Text>,
    /// File to read the text from
    #[arg(long, value_name = "FILE", conflicts_with = "content")]
    content_file: Option<FileText>,
    /// Write the text in an editor
    #[arg(long, conflicts_with_all = ["content", "content_file"])]
    pub edit: bool,
    /// How the content is written
    #[arg(long, value_enum, default_value_t)]
    format: notes::Format,
    /// When it was written, for notes of the past (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = identity::time, allow_hyphen_values = true)]
    created_at: Option<String>,
}

impl Create {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let editor = self.edit.then(Editor::of_user).transpose()?;
        let parent = self.parent.find(ctx).await?;
        // Whoever writes a text knows that there is somewhere to put it.
        let draft = match editor {
            Some(editor) => Some(editor.write(ctx).await?),
            None => None,
        };
        let written = draft.as_ref().map(|draft| draft.text.clone());
        let content = written.or(self.content).or_else(|| self.content_file.map(Text::from));
        let check = check(ctx, &["list-notes", &parent.record_id, "--object", &parent.object]);
        let create = notes::Create {
            parent: Belongs::new(&parent.object, &parent.record_id),
            title: Some(self.title),
            format: Some(self.format),
            content: content.into(),
            created_at: self.created_at,
            meeting_id: None,
        };
        let shown = |reply: Reply| Ok(Done::One(Item::new(reply.data()?)));
        let sent = async { ctx.write(create.request()?, shown).await };
        let sent = sent.await.map_err(|error| with_check(error, &check));
        match draft {
            Some(draft) => draft.settle(ctx, sent),
            None => sent,
        }
    }
}

/// The record, whose name all of them would repeat, is no column.
const COLUMNS: &[&str] = &["created_at", "title", "content_plaintext", "note_id"];

/// List the notes of a record, newest first
///
/// Attio lists the oldest first, so they are read from the end.
///
/// Example: attio-crm list-notes acme.com --limit 3
#[derive(Debug, clap::Args)]
pub struct List {
    #[command(flatten)]
    parent: Parent,
    #[command(flatten)]
    pub page: Page,
}

impl List {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let parent = self.parent.find(ctx).await?;
        let rows = Rows::Newest(Box::new(of_record(ctx, &parent, self.page.window())?));
        let unseen = self.parent.object.is_some() && text::uuid(&self.parent.reference).is_ok();
        let listing = Listing::new(rows, COLUMNS);
        Ok(Done::Listing(Listing { about: unseen.then_some(parent), ..listing }))
    }
}

/// A record's notes, newest first.
pub fn of_record<'c>(ctx: &'c Ctx, parent: &RecordRef, window: Window) -> Result<Newest<'c>, Error> {
    let list = notes::List { parent: Belongs::new(&parent.object, &parent.record_id) };
    Ok(Newest::new(&ctx.client, list.request()?, window))
}

/// Show a note
///
/// Example: attio-crm get-note 7c80c01d-1162-5be8-86bd-ed332749d408
#[derive(Debug, clap::Args)]
pub struct Get {
    /// UUID or Attio URL of the note
    #[arg(value_name = "ID", value_parser = text::note)]
    note_id: String,
}

impl Get {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let raw = api::one(&ctx.client, &notes::Get { note_id: self.note_id }).await?;
        Ok(Done::One(Item::new(raw)))
    }
}

/// Delete a note permanently
///
/// Asks on a terminal; elsewhere it needs --yes.
///
/// Example: attio-crm delete-note 7c80c01d-1162-5be8-86bd-ed332749d408
#[derive(Debug, clap::Args)]
pub struct Delete {
    /// UUID or Attio URL of the note
    #[arg(value_name = "ID", value_parser = text::note)]
    note_id: String,
}

impl Delete {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let delete = notes::Delete { note_id: self.note_id };
        let check = check(ctx, &["get-note", &delete.note_id]);
        let mut request = delete.request()?;
        request.subject = subject(ctx, request.operation, &delete.fields()?).await;
        let gone = [("note_id".to_owned(), delete.note_id.into()), ("deleted".to_owned(), json!(true))];
        let shown = |_| Ok(Done::One(Item::own(gone.into_iter().collect())));
        ctx.write(request, shown).await.map_err(|error| with_check(error, &check))
    }
}
