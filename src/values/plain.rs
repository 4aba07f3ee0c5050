//! One value in plain form: what it means, without its envelope of history and type.

use super::definition::Kind;
use super::walk::{Walk, is, member, members};

/// Keys of a value's envelope, in no value's meaning.
const ENVELOPE: [&str; 4] = ["active_from", "active_until", "created_by_actor", "attribute_type"];

/// What is said of a value that is shown as it is, since it cannot be understood.
pub const NOT_AS_DESCRIBED: &str = "is not as its type says";

/// The parts of a value that mean something in some type, as texts in JSON; those it does not have are
/// empty.
#[derive(Default)]
pub struct Typed<'a> {
    whole: &'a str,
    kind: &'a str,
    value: &'a str,
    currency_value: &'a str,
    currency_code: &'a str,
    option: &'a str,
    status: &'a str,
    target_object: &'a str,
    target_record_id: &'a str,
    actor_type: &'a str,
    actor_id: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    full_name: &'a str,
    domain: &'a str,
    email_address: &'a str,
    phone_number: &'a str,
    normalized_phone_number: &'a str,
}

impl<'a> Typed<'a> {
    /// Takes the next value.
    pub fn next(walk: &mut Walk<'a>) -> Self {
        let mut typed = Self::default();
        if walk.first() != b'{' {
            return Self { whole: walk.value(), ..typed };
        }
        let from = walk.at();
        skip_history(walk);
        while let Some(key) = walk.key() {
            let value = walk.value();
            let part = match key.get(1..key.len() - 1).unwrap_or_default() {
                "attribute_type" => &mut typed.kind,
                "value" => &mut typed.value,
                "currency_value" => &mut typed.currency_value,
                "currency_code" => &mut typed.currency_code,
                "option" => &mut typed.option,
                "status" => &mut typed.status,
                "target_object" => &mut typed.target_object,
                "target_record_id" => &mut typed.target_record_id,
                "referenced_actor_type" => &mut typed.actor_type,
                "referenced_actor_id" => &mut typed.actor_id,
                "first_name" => &mut typed.first_name,
                "last_name" => &mut typed.last_name,
                "full_name" => &mut typed.full_name,
                "domain" => &mut typed.domain,
                "email_address" => &mut typed.email_address,
                "phone_number" => &mut typed.phone_number,
                "normalized_phone_number" => &mut typed.normalized_phone_number,
                _ => continue,
            };
            *part = value;
        }
        typed.whole = walk.since(from);
        typed
    }

    /// Attio's name of its type; empty if it has none.
    pub fn kind(&self) -> &'a str {
        self.kind.trim_matches('"')
    }
}

/// Passes over what nearly every value begins with: half of its text, and nothing is wanted of it.
fn skip_history(walk: &mut Walk<'_>) {
    for key in [r#"{"active_from":"#, r#","active_until":"#, r#","created_by_actor":"#] {
        if !walk.skip(key) {
            return;
        }
        walk.value();
    }
}

/// Adds what `typed` means.
///
/// # Errors
/// What is odd about it; it was added as it is.
pub fn put_typed(typed: &Typed<'_>, out: &mut String) -> Result<(), &'static str> {
    match Kind::of(typed.kind()) {
        Kind::Text | Kind::Number | Kind::Checkbox | Kind::Date | Kind::Timestamp | Kind::Rating => {
            return put_scalar(typed.value, out);
        }
        Kind::Currency => {
            out.push_str(r#"{"amount":"#);
            let put = put_scalar(typed.currency_value, out);
            put_member(out, r#""currency""#, or_null(typed.currency_code));
            out.push('}');
            return put;
        }
        Kind::Select => return put_title(typed.option, typed, out),
        Kind::Status => return put_title(typed.status, typed, out),
        Kind::Record => put_object(
            out,
            [(r#""object""#, typed.target_object), (r#""record_id""#, typed.target_record_id)],
        ),
        Kind::Actor => put_object(out, [(r#""type""#, typed.actor_type), (r#""id""#, typed.actor_id)]),
        Kind::Name => put_object(
            out,
            [
                (r#""first_name""#, typed.first_name),
                (r#""last_name""#, typed.last_name),
                (r#""full_name""#, typed.full_name),
            ],
        ),
        Kind::Domain => out.push_str(or_null(typed.domain)),
        Kind::Email => out.push_str(or_null(typed.email_address)),
        Kind::Phone => match or_null(typed.phone_number) {
            "null" => out.push_str(or_null(typed.normalized_phone_number)),
            number => out.push_str(number),
        },
        // Locations and interactions are what they are; new types of Attio's are shown whole.
        Kind::Location | Kind::Interaction => put_rest(typed.whole, out),
        Kind::Other => {
            put_rest(typed.whole, out);
            return if typed.kind.is_empty() { Err(NOT_AS_DESCRIBED) } else { Ok(()) };
        }
    }
    Ok(())
}

/// Adds a text, a number, a truth: whatever it is, to the letter.
fn put_scalar(value: &str, out: &mut String) -> Result<(), &'static str> {
    out.push_str(or_null(value));
    match value.as_bytes() {
        [b'{' | b'[', ..] => Err(NOT_AS_DESCRIBED),
        [b'-' | b'0'..=b'9', ..] if value.len() > 20 || value.contains(['e', 'E']) => {
            let fits = value.parse().is_ok_and(f64::is_finite);
            if fits { Ok(()) } else { Err("is a number out of all range") }
        }
        _ => Ok(()),
    }
}

/// Adds the title of an option or a status; without one, the value as it is.
fn put_title(choice: &str, typed: &Typed<'_>, out: &mut String) -> Result<(), &'static str> {
    match (or_null(choice), member(choice, "title")) {
        ("null", _) => out.push_str("null"),
        (_, Some(title)) => out.push_str(title),
        _ => {
            put_rest(typed.whole, out);
            return Err(NOT_AS_DESCRIBED);
        }
    }
    Ok(())
}

/// Adds a value as it is, without its envelope and what is null.
fn put_rest(whole: &str, out: &mut String) {
    if !whole.starts_with('{') {
        return out.push_str(or_null(whole));
    }
    let kept = |(key, value): &(&str, &str)| *value != "null" && !ENVELOPE.iter().any(|name| is(key, name));
    out.push('{');
    members(whole).filter(kept).for_each(|(key, value)| put_member(out, key, value));
    out.push('}');
}

fn put_object<const N: usize>(out: &mut String, parts: [(&str, &str); N]) {
    out.push('{');
    parts.into_iter().for_each(|(key, value)| put_member(out, key, or_null(value)));
    out.push('}');
}

/// Adds a member to an object that is open.
pub fn put_member(out: &mut String, key: &str, value: &str) {
    put_key(out, key);
    out.push_str(value);
}

/// Adds a key to an object that is open; its value is to follow.
pub fn put_key(out: &mut String, key: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    out.push_str(key);
    out.push(':');
}

fn or_null(value: &str) -> &str {
    if value.is_empty() { "null" } else { value }
}
