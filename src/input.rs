//! Arguments that carry text or JSON, and what they may be read from.
//!
//! One rule for every text: it is taken letter by letter, whatever it begins with; `-` alone stands for
//! standard input; a file is read only by a flag of its own. JSON takes `@FILE` too, since no JSON
//! begins so. Whatever is read has a limit of size and, where a writer may never come, of time.
//! What a text means (a name, a date, an address) is for [`crate::identity`] and [`crate::text`] to say.

use crate::files;
use crate::identity;
use serde::Serialize;
use serde_json::{Map, Value};
use std::any::TypeId;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Write as _};
use std::ops::Deref;
use std::path::Path;
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Bytes read of a text or a JSON document; Attio takes less.
const MOST: u64 = 8 << 20;

/// How long a named pipe may take, unless the command has a time limit of its own.
const PATIENCE: Duration = Duration::from_secs(60);

/// `--timeout`, which holds for what is read before the first request, too.
static TIME_LIMIT: OnceLock<Duration> = OnceLock::new();

/// Standard input can be read once.
static STDIN_TAKEN: AtomicBool = AtomicBool::new(false);

/// Sets the time for reading standard input and files. Only the first call counts.
pub fn limit(time: Duration) {
    let _ = TIME_LIMIT.set(time);
}

/// A text of any number of lines, byte for byte; a byte order mark at the beginning of standard input
/// or a file says how it is encoded and is no part of it. Never blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text(String);

/// A text of one line, such as a name or a title: without the blanks at its ends. Never blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Line(String);

/// A name in its normal form ([`identity::name`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Name(String);

/// The text in a file that is named in the argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FileText(String);

impl FromStr for Text {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        let text = if given == "-" { stdin()? } else { no_flag(given)?.to_owned() };
        not_blank(text).map(Self)
    }
}

impl FromStr for Line {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        let text = if given == "-" { stdin()? } else { no_flag(given)?.to_owned() };
        let line = text.trim();
        if line.chars().any(char::is_control) {
            return Err("it has line breaks or other control characters".to_owned());
        }
        not_blank(line.to_owned()).map(Self)
    }
}

impl FromStr for Name {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        let text = if given == "-" { stdin()? } else { no_flag(given)?.to_owned() };
        identity::name(&text).map(Self)
    }
}

impl FromStr for FileText {
    type Err = String;

    fn from_str(file: &str) -> Result<Self, String> {
        text_of(file).map(Self)
    }
}

macro_rules! is_text {
    ($($of:ty),*) => {$(
        impl Deref for $of {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<$of> for Value {
            fn from(text: $of) -> Self {
                Self::String(text.0)
            }
        }

        impl From<$of> for String {
            fn from(text: $of) -> Self {
                text.0
            }
        }
    )*};
}
is_text!(Text, Line, Name, FileText);

impl From<FileText> for Text {
    fn from(text: FileText) -> Self {
        Self(text.0)
    }
}

/// Lets the texts among a command's arguments begin with a hyphen, and words that there is a choice of be
/// typed in any case.
pub fn with_texts(command: clap::Command) -> clap::Command {
    command.mut_args(|arg| match arg.get_action().takes_values() {
        true if takes_text(&arg) => arg.allow_hyphen_values(true),
        true => arg.ignore_case(true),
        false => arg,
    })
}

/// Whether an argument is a text, taken letter by letter.
pub fn takes_text(arg: &clap::Arg) -> bool {
    let of = arg.get_value_parser().type_id();
    [TypeId::of::<Text>(), TypeId::of::<Line>(), TypeId::of::<Name>()].into_iter().any(|text| of == text)
}

/// The value behind `=` of an argument such as `SLUG=VALUE`: a text like any other.
///
/// # Errors
/// As for any text.
pub fn value(given: &str) -> Result<String, String> {
    if given == "-" { not_blank(without_last_break(stdin()?)) } else { not_blank(given.to_owned()) }
}

/// Any JSON: inline, `@FILE`, or `-` for standard input.
///
/// # Errors
/// When it cannot be read or is none.
pub fn json(given: &str) -> Result<Value, String> {
    exact_json(&json_text(given)?)
}

/// JSON whose numbers are passed on digit by digit; one that would be rounded is refused.
///
/// # Errors
/// When it is no JSON, or has such a number.
pub fn exact_json(text: &str) -> Result<Value, String> {
    let value = serde_json::from_str(text).map_err(|e| format!("not JSON: {e}"))?;
    match numbers(text).find(|number| !is_exact(number)) {
        Some(number) => Err(format!("{number} has more digits than are kept; send it as text")),
        None => Ok(value),
    }
}

/// The numbers in a JSON text that is known to be valid.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let (mut in_text, mut escaped) = (false, false);
    let separates = move |c: char| {
        let quote = c == '"' && !escaped;
        escaped = in_text && c == '\\' && !escaped;
        in_text ^= quote;
        in_text || quote || !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    text.split(separates).filter(|word| word.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
}

/// Whether a number keeps its value in 64 bits: a whole number that fits, or up to 15 digits.
fn is_exact(number: &str) -> bool {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0').trim_end_matches('0').len();
    number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok() || significant <= 15
}

/// A JSON object, given as [`json`].
///
/// # Errors
/// When it is none.
pub fn object(given: &str) -> Result<Map<String, Value>, String> {
    match json(given)? {
        Value::Object(object) => Ok(object),
        _ => Err("not a JSON object".to_owned()),
    }
}

fn json_text(given: &str) -> Result<String, String> {
    match given.strip_prefix('@') {
        Some(file) => text_of(file),
        None if given == "-" => stdin(),
        None => Ok(given.to_owned()),
    }
}

/// A text may begin with hyphens, but one that is a single word behind two of them is a flag that was
/// mistyped, or that an empty variable left without its value.
fn no_flag(text: &str) -> Result<&str, String> {
    let name = text.strip_prefix("--").and_then(|rest| rest.split('=').next()).unwrap_or_default();
    let is_flag =
        name.len() > 2 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && !text.contains(' ');
    if is_flag && name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(format!("{text} looks like a flag; as a text it is taken from standard input only (-)"));
    }
    Ok(text)
}

/// In a script, an empty text is a variable that was never set.
fn not_blank(text: String) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text) }
}

/// What `echo` adds to a value of one line.
fn without_last_break(text: String) -> String {
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    line.to_owned()
}

fn stdin() -> Result<String, String> {
    const NAME: &str = "standard input";
    if STDIN_TAKEN.swap(true, Ordering::Relaxed) {
        return Err("standard input can be read only once; give the other text itself".to_owned());
    }
    if io::stdin().is_terminal() {
        let _ = writeln!(io::stderr(), "reading standard input; end it with Ctrl-D");
        return decoded(NAME, read(NAME, None, || Ok(io::stdin()))?);
    }
    decoded(NAME, read(NAME, TIME_LIMIT.get().copied(), || Ok(io::stdin()))?)
}

fn text_of(file: &str) -> Result<String, String> {
    let path = Path::new(file).to_owned();
    let limit = TIME_LIMIT.get().copied().unwrap_or(PATIENCE);
    decoded(file, read(file, Some(limit), move || open(&path))?)
}

/// A file of bytes or a pipe; a device may go on for ever.
fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() || files::is_pipe(kind) {
        Ok(file)
    } else if kind.is_dir() {
        Err(io::Error::other("it is a folder"))
    } else {
        Err(io::Error::other("it is neither a file nor a pipe"))
    }
}

/// All bytes of a source, read beside the main thread so that a writer who never comes stops nothing.
fn read<R: Read>(
    name: &str,
    limit: Option<Duration>,
    open: impl FnOnce() -> io::Result<R> + Send + 'static,
) -> Result<Vec<u8>, String> {
    let read = move || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        open()?.take(MOST + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = match limit {
        None => read(),
        Some(limit) => files::within(limit, read)
            .unwrap_or_else(|| Err(io::Error::other(format!("nothing came for {limit:?}")))),
    };
    let bytes = bytes.map_err(|error| format!("cannot read {name}: {error}"))?;
    if bytes.len() as u64 > MOST {
        return Err(format!("{name} is larger than {} MiB", MOST >> 20));
    }
    Ok(bytes)
}

fn decoded(name: &str, bytes: Vec<u8>) -> Result<String, String> {
    let text = String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8 text"))?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    if text.trim().is_empty() { Err(format!("{name} was empty")) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_letter_by_letter() {
        for text in
            ["-x", "@x", "- x", "@/etc/hostname", "--", "---", "--x", "--all of it", "=x", " x ", "a\nb\n"]
        {
            assert_eq!(text.parse::<Text>().as_deref(), Ok(text));
        }
        for text in ["-x", "@x", "- x", "--", "=x"] {
            assert_eq!(text.parse::<Line>().as_deref(), Ok(text));
        }
        assert_eq!(" a b ".parse::<Line>().as_deref(), Ok("a b"));
        for blank in ["", " ", "\n", "\u{a0}"] {
            assert!(
                blank.parse::<Text>().is_err() && blank.parse::<Line>().is_err() && value(blank).is_err()
            );
        }
        for flag in ["--json", "--domain", "--format=csv", "--dry-run"] {
            assert!(flag.parse::<Text>().is_err() && flag.parse::<Line>().is_err());
        }
        assert!("a\nb".parse::<Line>().is_err() && "a\u{7}".parse::<Line>().is_err());
    }

    #[test]
    fn numbers_keep_their_digits_or_are_refused() {
        for good in ["18446744073709551615", "-9223372036854775808", "1.50", "1e300", "0.1", "[1,{\"a\":2}]"]
        {
            assert!(exact_json(good).is_ok(), "{good}");
        }
        for text in [r#""123456789012345678901""#, r#"{"a\"1234567890123456789012":1}"#, r#"["\\",1]"#] {
            assert!(exact_json(text).is_ok(), "{text}");
        }
        for bad in
            ["123456789012345678901", "[1.2345678901234567]", r#"{"n":-123456789012345678901}"#, "1e999"]
        {
            assert!(exact_json(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_text() {
        assert_eq!(decoded("x", b"\xef\xbb\xbf# Minutes\n".to_vec()).as_deref(), Ok("# Minutes\n"));
        assert!(decoded("x", b"\xef\xbb\xbf".to_vec()).is_err() && decoded("x", vec![0xff]).is_err());
    }

    #[test]
    fn only_files_and_pipes_are_read() {
        assert!(text_of("/").is_err_and(|error| error.contains("folder")));
        #[cfg(unix)]
        assert!(text_of("/dev/zero").is_err_and(|error| error.contains("neither a file nor a pipe")));
    }
}
