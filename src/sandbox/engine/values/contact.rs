//! Domains, email addresses and personal names.

use serde_json::{Value, json};

use super::refuse::{bad, texts};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::store::row::Content;
use crate::sandbox::store::schema::Attribute;

/// Top-level domains that no mail can reach (RFC 2606).
const RESERVED: [&str; 4] = ["test", "invalid", "example", "localhost"];

/// The registrable part of a domain by the public suffix list; the domain itself when there is none.
pub(crate) fn root_domain(domain: &str) -> &str {
    psl::domain_str(domain).unwrap_or(domain)
}

/// A domain without scheme, path, query and case. Unlike the host of a mail address it may have underscores.
pub(crate) fn domain(attribute: &Attribute, text: &str) -> Result<Content, Problem> {
    let host = text.trim().split_once("://").map_or(text.trim(), |(_, rest)| rest);
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.trim_end_matches('.').to_lowercase();
    if is_host(&host, "-_") {
        Ok(Content::Domain(host))
    } else {
        Err(bad(attribute, &["domain"], "Invalid domain"))
    }
}

/// An email address as it was written, if it could receive mail.
pub(crate) fn email(attribute: &Attribute, text: &str) -> Result<Content, Problem> {
    let text = text.trim();
    let plausible = text.rsplit_once('@').is_some_and(|(local, domain)| {
        let top = domain.rsplit('.').next().unwrap_or_default().to_lowercase();
        is_local_part(local) && is_host(&domain.to_lowercase(), "-") && !RESERVED.contains(&top.as_str())
    });
    if plausible {
        Ok(Content::Email(text.into()))
    } else {
        Err(bad(attribute, &["email_address"], "Invalid email address"))
    }
}

pub(crate) fn read_email(original: &str) -> Value {
    let address = original.to_lowercase();
    let (local, domain) = address.rsplit_once('@').unwrap_or((&address, ""));
    json!({
        "original_email_address": original,
        "email_address": address,
        "email_domain": domain,
        "email_root_domain": root_domain(domain),
        "email_local_specifier": local,
    })
}

/// A name object with all three keys and any further ones, or a string in `Last, First` order. Without a comma the string is a first name.
pub(crate) fn name(attribute: &Attribute, value: &Value) -> Result<Content, Problem> {
    if let Some(text) = value.as_str() {
        let (last, first) =
            text.split_once(',').map_or(("", text), |(last, first)| (last.trim(), first.trim()));
        let full = format!("{first} {last}").trim_end().to_owned();
        return Ok(Content::Name { first: first.into(), last: last.into(), full });
    }
    let map = value.as_object().ok_or_else(|| bad(attribute, &[], "Invalid input"))?;
    let [first, last, full] = texts(attribute, map, ["first_name", "last_name", "full_name"])?;
    Ok(Content::Name { first: first.into(), last: last.into(), full: full.into() })
}

/// Whether a text is a host whose labels have the given signs beside letters and digits.
fn is_host(host: &str, signs: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || signs.contains(c))
    };
    host.len() <= 253 && host.contains('.') && host.split('.').all(label)
}

fn is_local_part(local: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    !local.is_empty() && local.len() <= 64 && !dots && local.chars().all(allowed)
}
