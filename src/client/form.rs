//! A file on its way to Attio: read once, and encoded as a form (multipart/form-data, RFC 7578).

use crate::error::Error;
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The time an upload may take: the largest file over a slow line. The limiter counts it as over
/// sooner, which lets others go on meanwhile.
pub const UPLOAD_LIMIT: Duration = Duration::from_secs(600);

/// Attio takes no larger files.
const LARGEST: u64 = 50 << 20;

/// The field that names the file, and that the file goes into.
const FILE: &str = "file";

/// An encoded form.
#[derive(Clone, Debug)]
pub struct Form {
    boundary: String,
    bytes: Vec<u8>,
}

impl Form {
    /// Reads the file that the field `file` names, and encodes it with the other fields. In `fields`
    /// it is replaced by what there is to tell of it: name and size.
    ///
    /// # Errors
    /// A usage error when there is no such file, or when it is too large.
    pub fn new(fields: &mut Map<String, Value>) -> Result<Self, Error> {
        let path = fields.get(FILE).and_then(Value::as_str).map(PathBuf::from);
        let path = path.ok_or_else(|| Error::usage("no file is given"))?;
        let content = read(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        fields.insert(FILE.to_owned(), json!({"name": name, "content_size": content.len()}));
        let boundary = format!("{:032x}", fastrand::u128(..)); // occurs in no file but by a miracle
        let mut form = Self { boundary, bytes: Vec::with_capacity(content.len() + 1024) };
        for (name, value) in fields.iter().filter(|(name, _)| *name != FILE) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            form.part(&format!("name=\"{}\"", quoted(name)), text.as_bytes());
        }
        let head = format!(
            "name=\"{FILE}\"; filename=\"{}\"\r\nContent-Type: {}",
            quoted(&name),
            content_type(&path)
        );
        form.part(&head, &content);
        form.bytes.extend_from_slice(format!("--{}--\r\n", form.boundary).as_bytes());
        Ok(form)
    }

    /// The value of `Content-Type`.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn part(&mut self, disposition: &str, content: &[u8]) {
        let head = format!("--{}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n", self.boundary);
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(content);
        self.bytes.extend_from_slice(b"\r\n");
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut content = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut content))
        .map_err(|e| Error::usage(format!("cannot read {}", path.display())).why(e.to_string()))?;
    if content.len() as u64 > LARGEST {
        return Err(Error::usage(format!("{} is larger than 50 MB", path.display()))
            .why("Attio takes no larger files")
            .hint("nothing was sent"));
    }
    Ok(content)
}

/// A name as it stands between quotes in a part's head.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// The type that goes by the end of the name, for previews; what is not known is bytes.
fn content_type(path: &Path) -> &'static str {
    let end = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match end.as_str() {
        "csv" => "text/csv",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "gif" => "image/gif",
        "html" => "text/html",
        "jpeg" | "jpg" => "image/jpeg",
        "json" => "application/json",
        "md" => "text/markdown",
        "mp4" => "video/mp4",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "svg" => "image/svg+xml",
        "txt" => "text/plain",
        "webp" => "image/webp",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a\"b.PDF");
        std::fs::write(&path, b"\r\n--\xff").unwrap();
        let mut fields = Map::new();
        fields.insert("object".into(), "companies".into());
        fields.insert(FILE.into(), path.to_str().unwrap().into());
        let form = Form::new(&mut fields).unwrap();
        assert_eq!(fields[FILE], json!({"name": "a\"b.PDF", "content_size": 5}));
        let edge = form.content_type().split_once("boundary=").unwrap().1.to_owned();
        let head = format!(
            "--{edge}\r\nContent-Disposition: form-data; name=\"object\"\r\n\r\ncompanies\r\n\
             --{edge}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b.PDF\"\r\n\
             Content-Type: application/pdf\r\n\r\n"
        );
        let whole = [head.as_bytes(), b"\r\n--\xff", format!("\r\n--{edge}--\r\n").as_bytes()].concat();
        assert_eq!(form.bytes(), whole);
    }

    #[test]
    fn a_file_that_cannot_be_sent_is_wrong_usage() {
        let folder = tempfile::tempdir().unwrap();
        let large = folder.path().join("large");
        File::create(&large).unwrap().set_len(LARGEST + 1).unwrap();
        for path in [folder.path().join("none"), folder.path().to_path_buf(), large] {
            let mut fields = Map::from_iter([(FILE.to_owned(), path.to_str().unwrap().into())]);
            assert_eq!(Form::new(&mut fields).unwrap_err().kind(), crate::error::Kind::Usage, "{path:?}");
        }
    }
}
