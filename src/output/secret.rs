//! The API key, kept out of everything that is printed, whoever put it there: a server that echoes a
//! request, a note that holds it, an argument.
//!
//! It is looked for as it is and in the forms that programs give it on the way. In what order output
//! is written is no matter of this module; a text is to be given whole.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::memmem::Finder;

/// What stands in its place.
const HIDDEN: &str = "[API key]";

/// A key of fewer letters is no secret, and could be any word.
const SHORTEST: usize = 8;

/// The forms of the key to look for.
#[derive(Clone, Default)]
pub struct Secret(Vec<Finder<'static>>);

impl Secret {
    /// Looks for `key` from now on.
    pub fn new(key: &str) -> Self {
        if key.len() < SHORTEST {
            return Self::default();
        }
        let json = serde_json::Value::from(key).to_string();
        let json = json.trim_matches('"').to_owned();
        let url: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
        let mut forms = vec![key.to_owned(), json, key.replace('"', "\"\""), lower_hex(&url), url];
        forms.extend((0..3).flat_map(|before| base64(key.as_bytes(), before)));
        forms.sort_unstable();
        forms.dedup();
        Self(forms.iter().map(|form| Finder::new(form).into_owned()).collect())
    }

    /// `text` without the key.
    pub fn hide<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let mut text = Cow::Borrowed(text);
        for form in &self.0 {
            if form.find(&text).is_some() {
                text = Cow::Owned(without(&text, form));
            }
        }
        text
    }
}

fn without(text: &[u8], form: &Finder<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut done = 0;
    for at in form.find_iter(text) {
        out.extend_from_slice(text.get(done..at).unwrap_or_default());
        out.extend_from_slice(HIDDEN.as_bytes());
        done = at + form.needle().len();
    }
    out.extend_from_slice(text.get(done..).unwrap_or_default());
    out
}

/// A URL-encoded text with its hexadecimal digits in lower case, as some write them.
fn lower_hex(url: &str) -> String {
    let mut parts = url.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        out.extend(["%", &digits.to_ascii_lowercase(), rest]);
    }
    out
}

/// The letters of a base64 text that follow from `key` alone, when `before` bytes (modulo three) stand
/// before it.
fn base64(key: &[u8], before: usize) -> [String; 2] {
    let padded = [&[0; 3][..before], key].concat();
    // The first letters hold bits of what stands before, the last ones those of what follows.
    let from = [0, 2, 3][before];
    let to = padded.len() * 8 / 6;
    [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD]
        .map(|engine| engine.encode(&padded).get(from..to).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "canary/6f1d93+0a5b7";

    #[test]
    fn the_key_is_hidden_in_every_form() {
        let secret = Secret::new(KEY);
        let base64 = |text: String| base64::engine::general_purpose::STANDARD.encode(text);
        for form in [
            KEY.to_owned(),
            "canary%2F6f1d93%2B0a5b7".to_owned(),
            "canary%2f6f1d93%2b0a5b7".to_owned(),
            base64(KEY.to_owned()),
            base64(format!("x{KEY}")),
            base64(format!("{KEY}:")),
            base64(format!("Bearer {KEY}")),
            base64(format!("user:{KEY}")),
        ] {
            let text = format!("before {form} and {form} after");
            let shown = String::from_utf8_lossy(&secret.hide(text.as_bytes())).into_owned();
            assert_eq!(shown.matches(HIDDEN).count(), 2, "{form}: {shown}");
            assert!(shown.starts_with("before ") && shown.ends_with(" after"), "{shown}");
        }
    }

    #[test]
    fn other_text_is_passed_on() {
        for key in [KEY, "short", ""] {
            let hidden = Secret::new(key);
            assert!(matches!(hidden.hide(b"a short canary sings"), Cow::Borrowed(_)), "{key}");
        }
        let quoted = Secret::new("a\"b\\cdefgh");
        for form in ["a\"b\\cdefgh", "a\\\"b\\\\cdefgh", "a\"\"b\\cdefgh"] {
            assert_eq!(*quoted.hide(form.as_bytes()), *HIDDEN.as_bytes(), "{form}");
        }
    }
}
