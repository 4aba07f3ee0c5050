//! `.env` in the current folder, as far as it is ours.

use crate::error::Error;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

/// A `.env` larger than this is no `.env`.
const LIMIT: u64 = 64 << 10;

/// The `ATTIO_*` lines of a `.env`. Nothing is exported, nothing is expanded.
pub fn read(path: &Path) -> Result<BTreeMap<String, String>, Error> {
    let fail = |why: String| Error::usage("cannot use .env in this folder").why(why);
    let mut text = String::new();
    match std::fs::File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(fail(error.to_string())),
        Ok(file) => file.take(LIMIT + 1).read_to_string(&mut text).map_err(|e| fail(e.to_string()))?,
    };
    if text.len() as u64 > LIMIT {
        return Err(fail(format!("it is larger than {} KiB", LIMIT >> 10)));
    }
    parse(&text).map_err(fail)
}

fn parse(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let bare = line.trim_start().trim_start_matches("export ").trim_start();
        if !bare.starts_with("ATTIO_") {
            continue;
        }
        // dotenvy would put the value of another variable there: somebody's .env could send it away.
        if may_expand(bare) {
            return Err(format!("line {}: $ is not expanded; put the value in single quotes", number + 1));
        }
        for pair in dotenvy::Iter::new(line.as_bytes()) {
            // Its error would repeat the line, and with it the key.
            let (name, value) = pair.map_err(|_| format!("line {} is not NAME=value", number + 1))?;
            found.insert(name, value);
        }
    }
    Ok(found)
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

    #[test]
    fn dotenv_takes_our_names_and_expands_nothing() {
        let text =
            "\u{feff}# c\nHOME=/x\nexport ATTIO_API_KEY='a$HOME'\nATTIO_READ_ONLY=1 # yes\nPATH=$(rm)\n";
        let found = parse(text).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found["ATTIO_API_KEY"].as_str(), found["ATTIO_READ_ONLY"].as_str()), ("a$HOME", "1"));
        for open in ["$HOME", "$HOME # don't", "\"it's $HOME\"", "it\\'s$HOME", "'a'$HOME"] {
            assert!(parse(&format!("ATTIO_API_KEY={open}")).unwrap_err().contains("line 1"), "{open}");
        }
        assert!(!parse("ATTIO_API_KEY=\"canary").unwrap_err().contains("canary"));
    }
}
