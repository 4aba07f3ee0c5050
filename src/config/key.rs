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
        let key = text.trim();
        if key.is_empty() {
            return Err(NoKey::Empty);
        }
        if !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(NoKey::Malformed);
        }
        if key.len() != text.len() {
            warnings.push("ATTIO_API_KEY has blanks around it; they were left out".to_owned());
        }
        Ok(Self(SecretString::from(key)))
    }
}

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoKey {
    /// Found nowhere.
    Missing,
    /// Set, but to nothing.
    Empty,
    /// It has a character that no key has.
    Malformed,
}

impl NoKey {
    /// As an error (exit 4).
    pub fn error(self) -> Error {
        let (message, why) = match self {
            Self::Missing => ("no API key", "ATTIO_API_KEY is not set, and .env in this folder has none"),
            Self::Empty => ("no API key", "ATTIO_API_KEY is set, but empty"),
            Self::Malformed => {
                ("not an API key", "ATTIO_API_KEY has blanks, control or non-ASCII characters in it")
            }
        };
        Error::new(Kind::Auth, message).why(why).hint(
            "make a key in Attio under Settings, Developers and export ATTIO_API_KEY; or try --sandbox, which needs none",
        )
    }
}
