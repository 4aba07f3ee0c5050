//! Files and folders of records, kept by Attio or connected from another provider.

use super::groups::OfRecord;
use super::{Endpoint, Op, Resource};
use crate::client::limit::Lane;
use crate::client::operation::{Answer, Body, Operation, Paging, Reference, To};
use crate::input::Line;
use crate::text;
use clap::ArgGroup;
use serde::Serialize;
use std::path::PathBuf;

const COLUMNS: &[&str] = &["name", "file_type", "content_size", "file_id"];
const READ: &[&str] = &["file:read", "object_configuration:read", "record_permission:read"];
const WRITE: &[&str] = &["file:read-write", "object_configuration:read", "record_permission:read"];

const RECORD: &[Reference] = &[Reference { field: "record_id", to: To::RecordIn("object") }];

/// Who keeps a file.
const PROVIDERS: [&str; 5] = ["attio", "dropbox", "box", "google-drive", "microsoft-onedrive"];

/// Who keeps a file that is connected.
const OTHERS: [&str; 4] = ["dropbox", "box", "google-drive", "microsoft-onedrive"];

/// What can be made without an upload.
#[derive(Clone, Copy, Debug, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// A folder at Attio; needs --name
    Folder,
    /// A file that another provider keeps
    ConnectedFile,
    /// A folder that another provider keeps
    ConnectedFolder,
}

/// List the files and folders of a record, those in folders included
#[derive(Debug, clap::Args, Serialize)]
#[command(group(ArgGroup::new("whose").args(["record_id"]).required(true).multiple(true)))]
pub struct List {
    #[command(flatten)]
    #[serde(flatten)]
    pub record: OfRecord,
    /// Only what this provider keeps
    #[arg(long, value_name = "PROVIDER", value_parser = PROVIDERS)]
    pub storage_provider: Option<String>,
    /// Only what is in this folder
    #[arg(long, value_name = "ID", value_parser = text::uuid)]
    pub parent_folder_id: Option<String>,
}

impl Endpoint for List {
    const OPERATION: Operation = Operation::get("files list", "/v2/files")
        .scopes(READ)
        .columns(COLUMNS)
        .beta()
        .rows(Paging::Cursor { max: 200 })
        .references(RECORD);
}

/// Create a folder, or connect what another provider keeps
///
/// Repeating makes another one.
#[derive(Debug, clap::Args, Serialize)]
#[command(group(ArgGroup::new("whose").args(["record_id", "data"]).required(true).multiple(true)))]
pub struct Create {
    /// What to create
    #[arg(long, value_name = "TYPE", value_enum, required_unless_present = "data")]
    pub file_type: Option<Type>,
    #[command(flatten)]
    #[serde(flatten)]
    pub record: OfRecord,
    /// Name of the folder
    #[arg(long, required_if_eq("file_type", "folder"))]
    pub name: Option<Line>,
    /// Folder to put it in
    #[arg(long, value_name = "ID", value_parser = text::uuid)]
    pub parent_folder_id: Option<String>,
    /// Who keeps it
    #[arg(long, value_name = "PROVIDER", value_parser = OTHERS,
          required_if_eq_any([("file_type", "connected-file"), ("file_type", "connected-folder")]))]
    pub storage_provider: Option<String>,
    /// The provider's own ID of it
    #[arg(long, value_name = "ID",
          required_if_eq_any([("file_type", "connected-file"), ("file_type", "connected-folder")]))]
    pub external_provider_file_id: Option<String>,
    /// Drive it is in, at Microsoft
    #[arg(long, value_name = "ID")]
    pub microsoft_drive_id: Option<String>,
}

impl Endpoint for Create {
    const OPERATION: Operation = Operation::post("files create", "/v2/files")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("files list --object {object} --record {record_id} --all")
        .beta()
        .body(Body::Bare)
        .references(RECORD);
}

/// Upload a file to a record, up to 50 MB
///
/// Repeating uploads it again.
#[derive(Debug, clap::Args, Serialize)]
#[command(group(ArgGroup::new("whose").args(["record_id", "data"]).required(true).multiple(true)))]
pub struct Upload {
    /// The file
    #[arg(long, value_name = "FILE", required_unless_present = "data")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    #[serde(flatten)]
    pub record: OfRecord,
    /// Folder to put it in
    #[arg(long, value_name = "ID", value_parser = text::uuid)]
    pub parent_folder_id: Option<String>,
}

impl Endpoint for Upload {
    const OPERATION: Operation = Operation::post("files upload", "/v2/files/upload")
        .scopes(WRITE)
        .columns(COLUMNS)
        .check("files list --object {object} --record {record_id} --all")
        .beta()
        .lane(Lane::Upload)
        .body(Body::Form)
        .references(RECORD);
}

/// Show what is known of a file or folder
#[derive(Debug, clap::Args, Serialize)]
pub struct Get {
    /// The file or folder
    #[arg(value_parser = text::uuid)]
    pub file_id: String,
}

impl Endpoint for Get {
    const OPERATION: Operation =
        Operation::get("files get", "/v2/files/{file_id}").scopes(READ).columns(COLUMNS).beta();
}

/// Delete a file permanently, or a folder with all that is in it
#[derive(Debug, clap::Args, Serialize)]
pub struct Delete {
    /// The file or folder
    #[arg(value_parser = text::uuid)]
    pub file_id: String,
}

impl Endpoint for Delete {
    const OPERATION: Operation =
        Operation::delete("files delete", "/v2/files/{file_id}").scopes(WRITE).beta();
}

/// Download a file that Attio keeps
#[derive(Debug, clap::Args, Serialize)]
pub struct Download {
    /// The file
    #[arg(value_parser = text::uuid)]
    pub file_id: String,
}

impl Endpoint for Download {
    const OPERATION: Operation = Operation::get("files download", "/v2/files/{file_id}/download")
        .scopes(READ)
        .beta()
        .answer(Answer::File);
}

/// The operations of this file.
pub const RESOURCE: Resource = Resource {
    name: "files",
    about: "Files and folders of records",
    ops: &[
        Op::of::<List>("list", "files list --record acme.com"),
        Op::of::<Create>("create", "files create --file-type folder --name Contracts --record acme.com"),
        Op::of::<Upload>("upload", "files upload --file offer.pdf --record acme.com"),
        Op::of::<Get>("get", "files get fcc79786-bfe9-5f3a-a5cd-33c04865e946"),
        Op::of::<Delete>("delete", "files delete fcc79786-bfe9-5f3a-a5cd-33c04865e946"),
        Op::of::<Download>("download", "files download fcc79786-bfe9-5f3a-a5cd-33c04865e946 --to terms.txt"),
    ],
};
