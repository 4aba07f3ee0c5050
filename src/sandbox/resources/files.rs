//! Files and folders of records, and those of other providers that are connected to them.

use http::{HeaderValue, Response, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::engine::answer::json_response;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::request::cursor;
use crate::sandbox::engine::request::multipart;
use crate::sandbox::engine::{find, named_record};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::Link;
use crate::sandbox::store::schema::named_id;
use crate::sandbox::store::things::{Scope, Thing};

/// Where the links that a download is sent to begin. They are signed, so they need no key.
pub(crate) const SIGNED: &str = "/files/";
/// How long such a link holds, in seconds.
const HOLDS: i64 = 3600;
/// Size of the largest file, in bytes.
const LARGEST: usize = 50 * 1024 * 1024;
const PROVIDERS: [&str; 4] = ["dropbox", "box", "google-drive", "microsoft-onedrive"];

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct File {
    pub id: String,
    pub record: Link,
    pub storage_provider: String,
    #[serde(flatten)]
    pub kind: FileType,
    pub created_at: String,
}

impl Thing for File {
    const KIND: &'static str = "File";

    fn id(&self) -> &str {
        &self.id
    }

    fn time(&self) -> &str {
        &self.created_at
    }

    fn parent(&self) -> Option<&str> {
        match &self.kind {
            FileType::File { parent_folder_id, .. } | FileType::Folder { parent_folder_id, .. } => {
                parent_folder_id.as_deref()
            }
            FileType::ConnectedFile { .. } | FileType::ConnectedFolder { .. } => None,
        }
    }
}

/// What differs from one sort of file to the other, named as in answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "file_type", rename_all = "kebab-case")]
pub(crate) enum FileType {
    File {
        name: String,
        content_type: Option<String>,
        /// In bytes; the bytes themselves are kept apart.
        content_size: usize,
        parent_folder_id: Option<String>,
    },
    Folder {
        name: String,
        parent_folder_id: Option<String>,
    },
    ConnectedFile {
        external_provider_file_id: String,
        microsoft_drive_id: Option<String>,
    },
    ConnectedFolder {
        external_provider_file_id: String,
        microsoft_drive_id: Option<String>,
    },
}

/// Those of one record, on all levels unless a folder is named.
pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let cursor = cursor::page(call, 50, 200)?;
    let record = named_record::in_query(store, call, ["object", "record_id"])?;
    let record = record.ok_or_else(|| Problem::query("object", "Required"))?;
    let provider = call.query("storage_provider");
    let known: Vec<&str> = ["attio"].into_iter().chain(PROVIDERS).collect();
    if let Some(other) = provider.filter(|name| !known.contains(name)) {
        return Err(Problem::query_option("storage_provider", &known, other));
    }
    let folder = call.uuid("parent_folder_id")?;
    let wanted = |file: &File| {
        file.record == record
            && provider.is_none_or(|provider| file.storage_provider == provider)
            && (folder.is_none() || file.parent() == folder.as_deref())
    };
    let mut files: Vec<File> = store.all(Scope::Of(&record.record))?;
    files.retain(wanted);
    let (page, pagination) = cursor.of(files.iter(), |file| (file.created_at.clone(), &file.id), false);
    let data: Vec<Value> = page.into_iter().map(|file| show(store, file)).collect();
    Ok(json!({ "data": data, "pagination": pagination }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    Ok(json!({"data": show(store, &find::thing(store, call.param(0))?)}))
}

/// Makes a folder, or connects what lies with another provider.
pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::bare(&body)?;
    let named = named_record::in_body(&mut fields);
    let (provider, kind) = match fields.one_of("file_type", &["folder", "connected-file", "connected-folder"])
    {
        "folder" => {
            let name = fields.string("name").to_owned();
            let parent = fields.optional("parent_folder_id", Fields::nullable_string).flatten();
            ("attio", FileType::Folder { name, parent_folder_id: parent.map(str::to_lowercase) })
        }
        connected => {
            let provider = fields.one_of("storage_provider", &PROVIDERS);
            let external_provider_file_id = fields.string("external_provider_file_id").to_owned();
            let drive = fields.optional("microsoft_drive_id", Fields::nullable_string).flatten();
            let microsoft_drive_id = drive.map(str::to_owned);
            let kind = match connected {
                "connected-file" => FileType::ConnectedFile { external_provider_file_id, microsoft_drive_id },
                _ => FileType::ConnectedFolder { external_provider_file_id, microsoft_drive_id },
            };
            (provider, kind)
        }
    };
    fields.done()?;
    let stored = keep(store, call, named, provider, kind)?;
    Ok(json!({"data": show(store, &stored)}))
}

/// Takes a form with `file`, `object`, `record_id` and perhaps `parent_folder_id`.
pub(crate) fn upload(store: &mut Store, call: &Call) -> Result<Response<Vec<u8>>, Problem> {
    let (content_type, body) = call.body();
    let invalid = |message: &str| Problem::invalid("validation_type", message);
    let parts = multipart::parts(content_type, body);
    let parts = parts.ok_or_else(|| invalid("Expected a body of type multipart/form-data."))?;
    let part = |name: &str| parts.iter().find(|part| part.name == name);
    let text = |name: &str| part(name).and_then(|part| std::str::from_utf8(part.content).ok());
    let required = |name: &str| text(name).ok_or_else(|| missing_part(name));
    let named = (required("object")?, required("record_id")?);
    let file = part("file").ok_or_else(|| missing_part("file"))?;
    if file.content.len() > LARGEST {
        return Err(invalid("The file is larger than 50 MB."));
    }
    let kind = FileType::File {
        name: file.filename.clone().unwrap_or_else(|| "file".to_owned()),
        content_type: file.content_type.clone(),
        content_size: file.content.len(),
        parent_folder_id: text("parent_folder_id").map(str::to_lowercase),
    };
    let stored = keep(store, call, named, "attio", kind)?;
    store.put_bytes(File::KIND, &stored.id, file.content)?;
    Ok(json_response(StatusCode::CREATED, &json!({"data": show(store, &stored)})))
}

/// A folder takes all that is in it with it.
pub(crate) fn delete(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let mut doomed = vec![find::thing::<File>(store, call.param(0))?.id];
    while let Some(id) = doomed.pop() {
        doomed.extend(store.all::<File>(Scope::In(&id))?.into_iter().map(|file| file.id));
        store.remove::<File>(&id)?;
    }
    Ok(json!({}))
}

/// Sends the caller to a link that needs no key.
pub(crate) fn download(store: &Store, call: &Call) -> Result<Response<Vec<u8>>, Problem> {
    let File { id, kind: FileType::File { .. }, .. } = find::thing(store, call.param(0))? else {
        return Err(Problem::invalid("validation_type", "Only files stored in Attio can be downloaded."));
    };
    let expires = (call.now.as_second() + HOLDS).to_string();
    let link = format!("{SIGNED}{id}?expires={expires}&signature={}", signature(&id, &expires));
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::FOUND;
    let link = HeaderValue::from_str(&link).map_err(|_| Problem::internal("The link is no header."))?;
    response.headers_mut().insert(header::LOCATION, link);
    Ok(response)
}

/// The bytes of a file, for whoever has a link that [`download`] made.
pub(crate) fn content(store: &Store, call: &Call) -> Result<Response<Vec<u8>>, Problem> {
    let id = call.param(0);
    let expires = call.query("expires").unwrap_or_default();
    let in_time = expires.parse().is_ok_and(|second: i64| call.now.as_second() < second);
    if !in_time || call.query("signature") != Some(&signature(id, expires)) {
        return Err(Problem::forbidden("The link is not signed, or it has expired."));
    }
    let file: File = find::thing(store, id)?;
    let (FileType::File { content_type, .. }, Some(bytes)) = (file.kind, store.bytes(File::KIND, id)?) else {
        return Err(Problem::not_found(format!("File with ID \"{id}\" was not found.")));
    };
    let mut response = Response::new(bytes);
    let kind = content_type.as_deref().and_then(|kind| HeaderValue::from_str(kind).ok());
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

fn keep(
    store: &mut Store,
    call: &Call,
    named: (&str, &str),
    provider: &str,
    kind: FileType,
) -> Result<File, Problem> {
    let record = named_record::existing(store, named)?;
    let (id, created_at) = (String::new(), call.stamp());
    let mut file = File { id, record, storage_provider: provider.to_owned(), kind, created_at };
    if let Some(folder) = file.parent() {
        let held: Option<File> = store.get(folder)?;
        let fits = |held: &File| held.record == file.record && matches!(held.kind, FileType::Folder { .. });
        if !held.as_ref().is_some_and(fits) {
            return Err(Problem::value_not_found(format!("Folder with ID \"{folder}\" not found.")));
        }
    }
    file.id = store.next_id();
    store.put(&file)?;
    Ok(file)
}

fn signature(id: &str, expires: &str) -> String {
    named_id(&format!("download of {id} until {expires}"))
}

fn missing_part(name: &str) -> Problem {
    Problem::body(vec![json!({"code": "invalid_type", "path": [name], "message": "Required"})])
}

fn show(store: &Store, file: &File) -> Value {
    let mut answer = json!({
        "id": {"workspace_id": store.workspace().id, "file_id": file.id},
        "object_id": store.object(&file.record.object).map(|table| table.id.clone()),
        "object_slug": file.record.object,
        "record_id": file.record.record,
        "storage_provider": file.storage_provider,
        "created_by_actor": store.workspace().token(),
        "created_at": file.created_at,
    });
    let own = match &file.kind {
        FileType::File { name, content_type, content_size, parent_folder_id } => json!({
            "file_type": "file",
            "name": name,
            "content_type": content_type,
            "content_size": content_size,
            "parent_folder_id": parent_folder_id,
        }),
        other => json!(other),
    };
    if let (Some(answer), Value::Object(own)) = (answer.as_object_mut(), own) {
        answer.extend(own);
    }
    answer
}
