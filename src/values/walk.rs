//! JSON taken apart without being read: texts of values, one after the other.
//!
//! Brackets and quotes are minded, nothing else. To read the text with serde_json would take twice the time
//! of all the rest, and would refuse what can be passed on as it is: half a character, a number of any
//! size, any depth. On a text that is no JSON it ends, and what it gives is some part of it.

use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// Values with more levels are kept as text.
const DEEPEST: usize = 100;

/// A place in a JSON text.
#[derive(Clone, Copy)]
pub struct Walk<'a> {
    json: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    /// Stands before the value of `json`.
    pub fn new(json: &'a str) -> Self {
        Self { json, at: 0 }
    }

    /// The first byte of what comes next; 0 at the end.
    #[inline]
    pub fn first(&mut self) -> u8 {
        while let b' ' | b'\t' | b'\n' | b'\r' = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Whether it has just passed this byte, as behind the end of an object or an array.
    pub fn is_behind(&self, end: u8) -> bool {
        self.at.checked_sub(1).and_then(|before| self.json.as_bytes().get(before)) == Some(&end)
    }

    /// Where it stands.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The text since it stood at `from`.
    pub fn since(&self, from: usize) -> &'a str {
        self.json.get(from..self.at).unwrap_or_default()
    }

    /// The text of the next value.
    #[inline]
    pub fn value(&mut self) -> &'a str {
        let first = self.first();
        let from = self.at;
        match first {
            b'"' => self.skip_string(),
            b'{' | b'[' => self.skip_nested(),
            _ => {
                while !matches!(self.byte(), b',' | b'}' | b']' | 0..=b' ') {
                    self.at += 1;
                }
            }
        }
        self.since(from)
    }

    /// Goes into an object or on in it: the next key, with its quotes; its value comes next. `None` behind
    /// the object.
    #[inline]
    pub fn key(&mut self) -> Option<&'a str> {
        if !self.goes_on(b'{', b'}') {
            return None;
        }
        let from = self.at;
        self.skip_string();
        let key = self.since(from);
        self.first(); // the colon
        self.at += 1;
        Some(key)
    }

    /// Goes into an array or on in it: whether a value comes next. If not, it stands behind the array.
    #[inline]
    pub fn item(&mut self) -> bool {
        self.goes_on(b'[', b']')
    }

    /// Passes over `text` if it comes next to the letter.
    #[inline]
    pub fn skip(&mut self, text: &str) -> bool {
        let here = self.json.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(text.as_bytes()));
        self.at += if here { text.len() } else { 0 };
        here
    }

    #[inline]
    fn byte(&self) -> u8 {
        self.json.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn goes_on(&mut self, open: u8, close: u8) -> bool {
        let first = self.first();
        self.at += 1;
        if first != open && first != b',' {
            return false;
        }
        let empty = self.first() == close;
        self.at += usize::from(empty);
        !empty && self.at < self.json.len()
    }

    #[inline]
    fn skip_string(&mut self) {
        self.at += 1;
        loop {
            self.at = mark(self.json.as_bytes(), self.at);
            match self.byte() {
                b'\\' => self.at += 2,
                _ => break,
            }
        }
        self.at += 1;
    }

    fn skip_nested(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.json.len() {
            match self.byte() {
                b'"' => {
                    self.skip_string();
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}

/// Where the next quote or backslash is, or the end. Eight bytes at a time: most texts are longer, and few
/// are so long that a library's search pays.
#[inline]
fn mark(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let has = |word: u64, byte: u8| {
        let zero = word ^ (ONES * u64::from(byte));
        zero.wrapping_sub(ONES) & !zero & HIGH
    };
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let found = has(word, b'"') | has(word, b'\\');
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).map_or(bytes.len(), |found| at + found)
}

/// The keys, with their quotes, and the values of an object; none of anything else.
pub fn members(json: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut walk = Walk::new(json);
    std::iter::from_fn(move || Some((walk.key()?, walk.value())))
}

/// The values of an array; none of anything else.
pub fn items(json: &str) -> impl Iterator<Item = &str> {
    let mut walk = Walk::new(json);
    std::iter::from_fn(move || walk.item().then(|| walk.value()))
}

/// The value of an object's member; `name` is without quotes.
pub fn member<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    members(json).find(|(key, _)| is(key, name)).map(|(_, value)| value)
}

/// Whether a text in JSON is `name`.
pub fn is(key: &str, name: &str) -> bool {
    let plain = key.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
    plain == Some(name) || (key.contains('\\') && text(key) == name)
}

/// A text in JSON without its quotes and escapes. Half a character, which no text can hold, becomes U+FFFD.
pub fn text(json: &str) -> Cow<'_, str> {
    match json.strip_prefix('"').and_then(|json| json.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Cow::Borrowed(plain),
        _ => serde_json::from_str(json).map_or_else(|_| Cow::Owned(mended(json)), Cow::Owned),
    }
}

fn mended(json: &str) -> String {
    // As bytes, serde_json takes half a character too: three bytes, of which the first is no other's.
    let bytes = serde_json::from_str(json).map_or_else(|_| Vec::new(), |Bytes(bytes)| bytes);
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        if chunk.invalid() == [0xed] {
            out.push(char::REPLACEMENT_CHARACTER);
        }
    }
    out
}

/// Bytes of a text, whatever they are.
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Bytes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Text)
    }
}

/// A JSON text as a value, as far as one can hold it: numbers that would lose digits become texts, half a
/// character U+FFFD, and what is very deep is a text as a whole. Of equal keys the last one counts.
pub fn read(json: &str) -> Value {
    read_next(&mut Walk::new(json), 0).unwrap_or_else(|| json.into())
}

/// The next value, unless it is too deep.
fn read_next(walk: &mut Walk<'_>, depth: usize) -> Option<Value> {
    Some(match walk.first() {
        b'{' | b'[' if depth >= DEEPEST => return None,
        b'{' => {
            let mut map = Map::new();
            while let Some(key) = walk.key() {
                map.insert(text(key).into_owned(), read_next(walk, depth + 1)?);
            }
            map.into()
        }
        b'[' => {
            let mut list = Vec::new();
            while walk.item() {
                list.push(read_next(walk, depth + 1)?);
            }
            list.into()
        }
        b'"' => text(walk.value()).into_owned().into(),
        _ => match walk.value() {
            "null" | "" => Value::Null,
            "true" => true.into(),
            "false" => false.into(),
            number => exact(number).map_or_else(|| number.into(), Value::Number),
        },
    })
}

/// A number, if all its digits can be kept.
fn exact(text: &str) -> Option<Number> {
    let number: Number = serde_json::from_str(text).ok()?;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (!number.is_f64() || digits <= 15 || number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_passed_over_whole() {
        for json in [
            r#"{"a":1}"#,
            "[]",
            "{}",
            "[[],{}]",
            r#""a\"b\\""#,
            r#""""#,
            "1e400",
            "null",
            "-0.50",
            "[1, {\"]\": \"}\"}]",
            r#""exactly eight bytes: 12345678""#,
            "\"\u{1f600}é\"",
        ] {
            let list = format!(" [ {json} , {json},{json} ] ");
            assert_eq!(items(&list).collect::<Vec<_>>(), [json; 3], "{json}");
            let object = format!("{{ \"a\" : {json} , \"\\\"\":{json}\n}}");
            assert_eq!(members(&object).collect::<Vec<_>>(), [("\"a\"", json), (r#""\"""#, json)], "{json}");
            assert_eq!(member(&object, "\""), Some(json));
        }
    }

    #[test]
    fn what_is_no_json_comes_to_an_end() {
        let pieces = ["{", "}", "[", "]", "\"", "\\", ",", ":", "1", " ", "é", "\0"];
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let text: String = (0..random.usize(0..12)).filter_map(|_| random.choice(pieces)).collect();
            let steps = members(&text).take(99).count() + items(&text).take(99).count();
            assert!(steps < 99, "{text}");
            let _ = (read(&text), member(&text, "a"));
        }
    }

    #[test]
    fn what_fits_no_value_is_kept_as_text() {
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        for (given, expected) in [
            (
                r#"["a\ud800b","\udc00","\ud83d\ude00","\ud800\ud800x"]"#,
                json!(["a\u{fffd}b", "\u{fffd}", "😀", "\u{fffd}\u{fffd}x"]),
            ),
            (r#"{"\ud800":1}"#, json!({"\u{fffd}": 1})),
            ("1e400", json!("1e400")),
            ("1180591620717411303424", json!("1180591620717411303424")),
            ("0.12345678901234567890123", json!("0.12345678901234567890123")),
            ("18446744073709551615", json!(u64::MAX)),
            ("[1.50,-7,1e3,null,true]", json!([1.5, -7, 1000.0, null, true])),
        ] {
            assert_eq!(read(given), expected, "{given}");
        }
        assert_eq!(read(&deep), json!(deep));
    }
}
