//! `.env` in the current folder, as far as it is ours.
//!
//! The file is somebody else's: other programs read it, and a folder or a pipe may have its name. So only
//! lines of `ATTIO_*` count. What is wrong in one of them is an error; whatever else is in the file, or in
//! its way, is passed over.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

/// Bytes that are read of it.
const MOST: u64 = 64 << 10;

/// How long a pipe may take; password managers put one there.
const PATIENCE: Duration = Duration::from_secs(2);

/// The `ATTIO_*` lines of a `.env`. Nothing is exported, nothing is expanded.
#[derive(Debug, Default)]
pub struct Dotenv {
    /// What they set.
    pub values: BTreeMap<String, String>,
    /// What is wrong with the others of them, by their names.
    pub wrong: BTreeMap<String, String>,
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
    if !metadata.is_file() && !is_pipe(&metadata) {
        return Dotenv::default();
    }
    if is_strangers(&metadata) {
        return ignored("it belongs to another user");
    }
    let bytes = match bytes(path, !metadata.is_file()) {
        Ok(bytes) => bytes,
        Err(error) => return ignored(&error.to_string()),
    };
    let mut found = parse(&bytes);
    if bytes.len() as u64 > MOST {
        found.remarks.push(format!("only the first {} KiB of .env were read", MOST >> 10));
    }
    if !found.values.is_empty() && is_open(&metadata) {
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
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(read(path)));
    receiver
        .recv_timeout(PATIENCE)
        .unwrap_or_else(|_| Err(io::Error::other("it is a pipe to which nobody writes")))
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
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

fn parse(bytes: &[u8]) -> Dotenv {
    let mut found = Dotenv::default();
    let text = decoded(bytes, &mut found.remarks);
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let bare = without_export(line);
        if bare.starts_with("ATTIO_") {
            take(bare, at + 1, &mut found);
        } else if let Some(quote) = opens(bare) {
            // The value goes on over several lines, whatever these look like.
            let closes = |line: &&str| line.trim_end().ends_with(quote);
            at += lines[at + 1..].iter().position(closes).map_or(0, |more| more + 1);
        }
        at += 1;
    }
    if found.values.is_empty() && found.wrong.is_empty() {
        found.remarks.clear();
    }
    found
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

fn without_export(line: &str) -> &str {
    let line = line.trim();
    let rest = line.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace));
    rest.map_or(line, str::trim_start)
}

/// The quote with which a line of another variable opens a value that it does not close.
fn opens(line: &str) -> Option<char> {
    let value = line.split_once('=')?.1.trim_start();
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let closed = value[1..].contains(quote);
    (!line.starts_with('#') && !closed).then_some(quote)
}

/// Takes a line of ours in. An error never repeats it, for it may hold the key.
fn take(line: &str, number: usize, found: &mut Dotenv) {
    let name = line.split('=').next().unwrap_or_default().trim().to_owned();
    if may_expand(line) {
        // The parser would put the value of another variable there: a file could send it away.
        found.wrong.insert(name, format!("line {number}: $ is not expanded; put the value in single quotes"));
        return;
    }
    match dotenvy::Iter::new(line.as_bytes()).next() {
        Some(Ok((name, value))) if !value.contains('\u{fffd}') => {
            found.wrong.remove(&name);
            found.values.insert(name, value);
        }
        Some(Ok(_)) => drop(found.wrong.insert(name, format!("line {number} is not UTF-8"))),
        _ => drop(found.wrong.insert(name, format!("line {number} is not NAME=value"))),
    }
}

/// Whether a `$` stands anywhere but in a value that is in single quotes as a whole.
fn may_expand(line: &str) -> bool {
    let (name, value) = line.split_once('=').unwrap_or((line, ""));
    let quoted = value.trim_start().strip_prefix('\'').and_then(|value| value.split_once('\''));
    let open = quoted.map_or(value, |(_, after)| after);
    name.contains('$') || open.contains('$')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, name: &str) -> Option<String> {
        parse(text.as_bytes()).values.remove(name)
    }

    #[test]
    fn only_our_lines_count_and_nothing_is_expanded() {
        let text = "\u{feff}# c\nHOME=/x\nexport ATTIO_API_KEY='a$HOME'\nATTIO_READ_ONLY=1 # yes\nPATH=$(rm)\n=\n\"\n";
        let found = parse(text.as_bytes());
        assert_eq!(found.values.len(), 2);
        let values: Vec<&str> = found.values.values().map(String::as_str).collect();
        assert_eq!(values, ["a$HOME", "1"]);
        for open in ["$HOME", "$HOME # don't", "\"it's $HOME\"", "it\\'s$HOME", "'a'$HOME"] {
            let found = parse(format!("ATTIO_API_KEY={open}").as_bytes());
            assert!(found.wrong["ATTIO_API_KEY"].contains("line 1"), "{open}");
        }
        let found = parse(b"ATTIO_API_KEY=\"canary");
        assert!(!found.wrong["ATTIO_API_KEY"].contains("canary"));
    }

    #[test]
    fn blanks_line_ends_and_encodings_do_not_matter() {
        for text in [
            "ATTIO_READ_ONLY=1 \n",
            "ATTIO_READ_ONLY=\"1\" \r\n",
            "export\tATTIO_READ_ONLY=1",
            " ATTIO_READ_ONLY = 1\t",
        ] {
            assert_eq!(value(text, "ATTIO_READ_ONLY").as_deref(), Some("1"), "{text:?}");
        }
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let found = parse(&[vec![0xff, 0xfe], wide("X=1\r\nATTIO_SANDBOX=1\r\n")].concat());
        assert_eq!(found.values["ATTIO_SANDBOX"], "1");
        assert!(found.remarks[0].contains("UTF-8"));
        let found = parse(b"NAME=\xff\xfe\nATTIO_SANDBOX=1\n");
        assert_eq!(found.values["ATTIO_SANDBOX"], "1");
        assert!(parse(b"ATTIO_SANDBOX=\xff").wrong.contains_key("ATTIO_SANDBOX"));
    }

    #[test]
    fn what_stands_in_the_quotes_of_another_variable_is_not_ours() {
        let text = "ATTIO_API_KEY=real\nCERT=\"-----BEGIN\nATTIO_API_KEY=x\n-----END\"\nATTIO_SANDBOX=1\n";
        assert_eq!(value(text, "ATTIO_API_KEY").as_deref(), Some("real"));
        assert_eq!(value(text, "ATTIO_SANDBOX").as_deref(), Some("1"));
        let never_closed = "NAME=\"it's\nATTIO_API_KEY=real\n";
        assert_eq!(value(never_closed, "ATTIO_API_KEY").as_deref(), Some("real"));
        assert_eq!(value("# it's\n#X='\nATTIO_API_KEY=real\n", "ATTIO_API_KEY").as_deref(), Some("real"));
    }

    proptest::proptest! {
        #[test]
        fn whatever_surrounds_our_line_it_stays_ours(before in "[^\u{fffd}'\"]{0,80}", after in "\\PC{0,80}") {
            let before = before.replace("ATTIO_", "");
            let text = format!("{before}\nATTIO_API_KEY=real\n{}", after.replace("ATTIO_", ""));
            proptest::prop_assert_eq!(value(&text, "ATTIO_API_KEY"), Some("real".to_owned()));
        }

        #[test]
        fn no_bytes_are_too_odd(bytes: Vec<u8>) {
            let found = parse(&bytes);
            proptest::prop_assert!(found.values.keys().all(|name| name.starts_with("ATTIO_")));
        }
    }
}
