//! `.env` in the current folder: whether it may be read, how much of it, and in which encoding.
//!
//! The file is somebody else's: other programs read it, and a folder or a pipe may have its name. So
//! whatever is in it besides our lines (see `lines`), or in its way, is passed over.

use super::STATE_DIR;
use super::lines::{self, Settings};
use crate::files;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes that are read of it.
const MOST: u64 = 64 << 10;

/// How long a pipe may take; password managers put one there.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a `.env` has for us.
#[derive(Debug, Default)]
pub struct Dotenv {
    /// Our lines.
    pub settings: Settings,
    /// What a person should know of the file.
    pub remarks: Vec<String>,
}

/// Reads `.env`; a file that cannot be one is as good as none.
pub fn read(path: &Path) -> Dotenv {
    let ignored = |why: &str| Dotenv { remarks: vec![format!("ignored .env: {why}")], ..Dotenv::default() };
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Dotenv::default(),
        Err(error) => return ignored(&error.to_string()),
    };
    if !metadata.is_file() && !files::is_pipe(metadata.file_type()) {
        return Dotenv::default();
    }
    if is_strangers(&metadata) {
        return ignored("it belongs to another user");
    }
    let mut found = match bytes(path, !metadata.is_file()) {
        Ok(bytes) => parse(bytes),
        Err(error) => return ignored(&error.to_string()),
    };
    if !found.settings.is_empty() && is_open(&metadata) {
        found.remarks.push("other users can change .env here; run: chmod 600 .env".to_owned());
    }
    found
}

fn bytes(path: &Path, is_pipe: bool) -> io::Result<Vec<u8>> {
    let read = |path: PathBuf| {
        let mut bytes = Vec::new();
        File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let path = path.to_owned();
    if !is_pipe {
        return read(path);
    }
    files::within(PATIENCE, move || read(path))
        .unwrap_or_else(|| Err(io::Error::other("it is a pipe to which nobody writes")))
}

/// Whether it is neither this user's nor the administrator's.
#[cfg(unix)]
fn is_strangers(metadata: &Metadata) -> bool {
    let owner = std::os::unix::fs::MetadataExt::uid(metadata);
    owner != 0 && owner != rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_strangers(_: &Metadata) -> bool {
    false
}

/// Whether others may write it. On a Windows drive under WSL all files look so, which is why it is said and
/// not refused.
#[cfg(unix)]
fn is_open(metadata: &Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o022 != 0
}

#[cfg(not(unix))]
fn is_open(_: &Metadata) -> bool {
    false
}

fn parse(mut bytes: Vec<u8>) -> Dotenv {
    let mut remarks = Vec::new();
    let is_cut = bytes.len() as u64 > MOST;
    if is_cut {
        // A line that lost its end says something else.
        bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or(0));
    }
    let mut settings = lines::parse(&decoded(&bytes, &mut remarks));
    if settings.is_empty() {
        remarks.clear();
    }
    if is_cut {
        remarks.push(format!("only the first {} KiB of .env were read", MOST >> 10));
    }
    // A folder that somebody hands over must not move the state.
    if settings.remove(STATE_DIR).is_some() {
        remarks.push(format!("ignored {STATE_DIR} of .env: it counts in the environment only"));
    }
    Dotenv { settings, remarks }
}

/// The text, also of what Windows PowerShell writes.
fn decoded(bytes: &[u8], remarks: &mut Vec<String>) -> String {
    let read = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned(),
    };
    remarks.push(".env is UTF-16; save it as UTF-8 (PowerShell: Out-File -Encoding ascii)".to_owned());
    let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(found: &Dotenv, name: &str) -> Option<String> {
        found.settings.get(name).and_then(|value| value.clone().ok())
    }

    #[test]
    fn encodings_do_not_matter() {
        let text = "X=1\r\nATTIO_SANDBOX=1\r\n";
        for (mark, encode) in
            [([0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]), ([0xfe, 0xff], u16::to_be_bytes)]
        {
            let wide = |text: &str| mark.into_iter().chain(text.encode_utf16().flat_map(encode)).collect();
            let found = parse(wide(text));
            assert_eq!(value(&found, "ATTIO_SANDBOX").as_deref(), Some("1"));
            assert!(found.remarks[0].contains("UTF-8"));
            assert!(parse(wide("X=1\r\n")).remarks.is_empty(), "nothing of ours is in it");
        }
        let found = parse(b"NAME=\xff\xfe\nA=\"\xc3\"\nATTIO_SANDBOX=1\n\xff".to_vec());
        assert_eq!(value(&found, "ATTIO_SANDBOX").as_deref(), Some("1"));
        assert!(parse(b"ATTIO_SANDBOX=\xff".to_vec()).settings["ATTIO_SANDBOX"].is_err());
    }

    #[test]
    fn no_line_is_read_that_lost_its_end() {
        let most = usize::try_from(MOST).unwrap();
        let filler = "#".repeat(most - "ATTIO_READ_ONLY=1\n\nATTIO_API_KEY=abc".len());
        let text = format!("ATTIO_READ_ONLY=1\n{filler}\nATTIO_API_KEY=abcdef");
        let found = parse(text.as_bytes()[..=most].to_vec());
        assert_eq!(found.settings.keys().copied().collect::<Vec<_>>(), ["ATTIO_READ_ONLY"]);
        assert!(found.remarks[0].contains("64 KiB"), "{found:?}");
    }

    #[test]
    fn the_state_is_not_moved() {
        let found = parse(b"ATTIO_STATE_DIR=/tmp/theirs\n".to_vec());
        assert!(found.settings.is_empty() && found.remarks[0].contains("ATTIO_STATE_DIR"));
    }
}
