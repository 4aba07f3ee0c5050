//! The API key: a type that cannot be printed, and the reasons for having none.

use crate::error::{Error, Kind};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// An API key. It has no `Display`, its `Debug` shows a placeholder, and its memory is wiped.
#[derive(Clone, Debug)]
pub struct Token(SecretString);

impl Token {
    /// The key itself, for the one header that carries it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// A name for the files about one workspace: server and key, neither of them readable from it.
    pub fn scope(&self, base: &Url) -> String {
        let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
        digest.update(base.as_str().as_bytes());
        digest.update(b"\0");
        digest.update(self.expose().as_bytes());
        digest.finish().as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Takes the key out of what a setting holds; blanks around it are left out with a warning.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: Option<&str>, warnings: &mut Vec<String>) -> Result<Self, NoKey> {
        let text = text.ok_or(NoKey::Missing)?;
        let (trimmed, key) = (text.trim(), unquoted(text.trim()).trim());
        if key.is_empty() {
            return Err(NoKey::Empty);
        }
        if key.contains("://") {
            return Err(NoKey::Reference);
        }
        if !key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.~+/=".contains(&b)) {
            return Err(NoKey::Malformed);
        }
        if is_placeholder(key) {
            return Err(NoKey::Placeholder);
        }
        if trimmed.len() != text.len() {
            warnings.push("ignored spaces around ATTIO_API_KEY".to_owned());
        }
        if key.len() != trimmed.len() {
            warnings.push("ignored quotes around ATTIO_API_KEY".to_owned());
        }
        Ok(Self(SecretString::from(key)))
    }
}

/// Without the quotes that docker or cmd leave around a value.
fn unquoted(text: &str) -> &str {
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(text)
}

/// Whether this is what an example has in the place of a key.
fn is_placeholder(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let your_key = key.contains("your") && (key.contains("key") || key.contains("token"));
    let blanked = key.len() > 2 && key.chars().all(|c| c == 'x' || c == '.');
    your_key || blanked || key == "changeme"
}

/// Why there is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoKey {
    /// Found nowhere.
    Missing,
    /// Set, but to nothing.
    Empty,
    /// It has a character that no key has.
    Malformed,
    /// A reference of a password manager, which nobody resolved.
    Reference,
    /// What an example has in its place.
    Placeholder,
    /// Its line in `.env` is damaged, and how.
    Damaged(String),
}

impl NoKey {
    /// As an error: exit 4, or 2 for a line that has to be mended.
    pub fn error(self) -> Error {
        let (message, why) = match self {
            Self::Damaged(why) => return super::damaged(super::API_KEY, &why),
            Self::Missing => ("no API key", "ATTIO_API_KEY is not set, and .env in this folder has none"),
            Self::Empty => ("no API key", "ATTIO_API_KEY is set, but empty"),
            Self::Malformed => ("not an API key", "ATTIO_API_KEY has characters in it that no key has"),
            Self::Reference => (
                "not an API key",
                "ATTIO_API_KEY is a reference of a password manager; start this program through it (op run -- …)",
            ),
            Self::Placeholder => ("not an API key", "ATTIO_API_KEY still has the placeholder of an example"),
        };
        Error::new(Kind::Auth, message).why(why).hint(
            "make a key in Attio under Settings, Developers and export ATTIO_API_KEY; or try --sandbox, which needs none",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_surely_is_no_key_is_not_sent() {
        let parse = |text: &str| {
            let mut warnings = Vec::new();
            (Token::parse(Some(text), &mut warnings).map(|key| key.expose().to_owned()), warnings.len())
        };
        for (text, remarks) in [("k1", 0), ("\"k1\"", 1), ("'k1'", 1), (" \"k1\" ", 2), ("\" k1 \"", 1)] {
            assert_eq!(parse(text), (Ok("k1".to_owned()), remarks), "{text}");
        }
        for (text, why) in [
            ("\"\"", NoKey::Empty),
            ("\"'k'\"", NoKey::Malformed),
            ("\"k", NoKey::Malformed),
            ("k;", NoKey::Malformed),
            ("a b", NoKey::Malformed),
            ("k\u{e9}y", NoKey::Malformed),
            ("op://vault/attio/key", NoKey::Reference),
            ("your_api_key_here", NoKey::Placeholder),
            ("xxxxxxxx", NoKey::Placeholder),
        ] {
            assert_eq!(parse(text).0, Err(why), "{text}");
        }
        for key in ["x", "any-text", "canary_6f1d93e0a5b7", "eyJh.eyJz._x-y~z+/=="] {
            assert_eq!(parse(key), (Ok(key.to_owned()), 0), "{key}: it may be one");
        }
    }
}
