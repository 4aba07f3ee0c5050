//! What a text names, as far as the text itself tells: pure, nothing is looked up.

use crate::error::Error;
use crate::{identity, link, text as texts};

/// A record, its object known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRef {
    /// API slug of the object.
    pub object: String,
    /// UUID.
    pub record_id: String,
}

/// A reference as understood, not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    Id(String),
    Link(RecordRef),
    Email(String),
    Domain(String),
    /// A name, and whether it was said to be one.
    Name(String, Said),
}

/// How a name was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// As `name:…`: the record whose name is written so comes before those in another case.
    Name,
    /// As a bare text.
    Nothing,
}

/// Characters that other references have, and names hardly ever: a text with one of them is taken for a
/// name only behind `name:`.
const NOT_BARE: &str = "/\\@:=<>{}[]|\"?#";

/// A reference and the object it belongs to: the one it tells, else `fallback`.
///
/// # Errors
/// Usage, when it is no reference or one to an object that is not `wanted`.
pub(super) fn understand(
    wanted: Option<&str>,
    fallback: &str,
    text: &str,
) -> Result<(Reference, String), Error> {
    let reference = parse(text)?;
    let object = match &reference {
        Reference::Id(_) | Reference::Name(..) => fallback,
        Reference::Link(link) => &link.object,
        Reference::Email(_) => "people",
        Reference::Domain(_) => "companies",
    }
    .to_owned();
    if let Some(wanted) = wanted.filter(|wanted| *wanted != object) {
        return Err(Error::usage(format!("{text:?} names one of {object}, not of {wanted}"))
            .hint(format!("give a UUID, an Attio URL or a name: {:?}", with_prefix(text))));
    }
    Ok((reference, object))
}

/// What `text` names.
///
/// # Errors
/// Usage, when it is no reference.
pub(super) fn parse(text: &str) -> Result<Reference, Error> {
    let text = text.trim();
    if let Some(name) = text.strip_prefix("name:") {
        let name = identity::name(name).map_err(|why| unknown(text).why(why))?;
        return Ok(Reference::Name(name, Said::Name));
    }
    if let Ok(id) = texts::uuid(text) {
        return Ok(Reference::Id(id));
    }
    if is_attio(text) {
        let link = link::parse(text)?;
        return match (link.object_type, link.record_id) {
            (Some(object), Some(record_id)) => Ok(Reference::Link(RecordRef { object, record_id })),
            _ => Err(Error::usage("this Attio URL names no record").hint("see what it names with parse-url")),
        };
    }
    if let Ok(email) = identity::email(text) {
        return Ok(Reference::Email(email));
    }
    match (identity::domain::website(text), identity::domain(text)) {
        (Ok(domain), _) => Ok(Reference::Domain(domain)),
        (Err(why), Ok(_)) => Err(Error::usage(format!("{text:?} names no record"))
            .why(why)
            .hint("give the company's own domain, an email address (person), or name:Exact Name")),
        (Err(_), Err(_)) => bare_name(text),
    }
}

/// A text that cannot be anything but a name.
fn bare_name(text: &str) -> Result<Reference, Error> {
    let name = identity::name(text).map_err(|why| unknown(text).why(why))?;
    let like_an_id = name.len() >= 20 && name.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let is_name = name.contains(char::is_alphanumeric)
        && !name.contains(|c| NOT_BARE.contains(c))
        && !name.starts_with(['-', '.'])
        && !like_an_id;
    if is_name { Ok(Reference::Name(name, Said::Nothing)) } else { Err(unknown(text)) }
}

fn with_prefix(text: &str) -> String {
    format!("name:{}", text.trim())
}

fn is_attio(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let host = rest.split(['/', '?', '#', ':', '@']).next().unwrap_or_default();
    host.eq_ignore_ascii_case("app.attio.com")
}

fn unknown(text: &str) -> Error {
    let forms = "give a UUID, an Attio URL, an email (person), a domain (company) or name:Exact Name";
    let error = Error::usage(format!("not a reference to a record: {text:?}"));
    match text.strip_prefix("name:").unwrap_or(text).trim() {
        "" => error.hint(forms),
        _ if text.starts_with(['.', '/', '-']) || text.starts_with("name:") => error.hint(forms),
        name => error.hint(format!("{forms}: {:?}", with_prefix(name))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn every_way_to_name_a_record() {
        let id = "5a6a8a32-0000-4000-8000-00000000000f";
        let link = RecordRef { object: "companies".into(), record_id: id.into() };
        let name = |name: &str| Reference::Name(name.into(), Said::Name);
        let bare = |name: &str| Reference::Name(name.into(), Said::Nothing);
        for (text, expected) in [
            (id.to_uppercase(), Reference::Id(id.into())),
            (format!("https://app.attio.com/ws/company/{id}/overview"), Reference::Link(link)),
            ("Ann@Acme.com".into(), Reference::Email("Ann@acme.com".into())),
            ("mailto:ann@acme.com".into(), Reference::Email("ann@acme.com".into())),
            ("acme.com".into(), Reference::Domain("acme.com".into())),
            ("https://www.acme.com/about".into(), Reference::Domain("acme.com".into())),
            ("linkedin.com".into(), Reference::Domain("linkedin.com".into())),
            ("name:Acme & Sons".into(), name("Acme & Sons")),
            ("name: Acme \u{a0} Sons ".into(), name("Acme Sons")),
            ("name:acme.com".into(), name("acme.com")),
            ("Acme & Sons".into(), bare("Acme & Sons")),
            (" acme\r\n".into(), bare("acme")),
        ] {
            assert_eq!(parse(&text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_names_nothing_says_how_a_name_is_given() {
        for bad in [
            "",
            "../../notes",
            "name:",
            "name: ",
            "name:a\u{200b}b",
            "https://app.attio.com/ws/settings",
            "https://www.linkedin.com/company/acme",
            "\0",
            "A/B Testing",
            "ann@",
            "5a6a8a3200004000800000000000000f",
            "name=Acme",
            "-x",
            "\u{200b}acme",
        ] {
            assert_eq!(parse(bad).unwrap_err().kind(), Kind::Usage, "{bad}");
        }
        let error = parse("A/B Testing").unwrap_err();
        assert!(error.to_json()["error"]["hint"].as_str().unwrap().contains("\"name:A/B Testing\""));
    }
}
