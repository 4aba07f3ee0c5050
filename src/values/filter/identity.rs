//! What names, domains, addresses and phone numbers are compared with: all of one in its normal form, or a
//! part of one as Attio keeps it.

use super::super::definition::Kind;
use super::super::write::NAME;
use super::expression::Op;
use crate::identity::{domain, email, name, phone};
use serde_json::{Value, json};

/// What `text` is compared with; an array holds the forms in which Attio may keep it.
///
/// # Errors
/// When the type does not take it.
pub(super) fn operand(kind: Kind, field: &str, slug: &str, op: Op, text: &str) -> Result<Value, String> {
    let whole = op == Op::Eq;
    match (kind, field) {
        (Kind::Domain, _) | (Kind::Email, "email_domain" | "email_root_domain") => of_domain(whole, text),
        (Kind::Email, "email_address") if whole => {
            email(text).map(|address| email::compared(&address).into())
        }
        (Kind::Phone, "phone_number") => of_phone(op, text).map(Value::from),
        (Kind::Name, _) if whole => name(text).map(Value::from),
        (Kind::Name, _) => Ok(name::normal(text).into()),
        (Kind::Text, _) if slug == NAME && whole => name(text).map(Value::from),
        (Kind::Text, _) if slug == NAME => Ok(name::normal(text).into()),
        _ => Ok(text.into()),
    }
}

fn of_domain(whole: bool, text: &str) -> Result<Value, String> {
    match domain(text) {
        Ok(domain) if whole => Ok(json!(domain::spellings(&domain))),
        Ok(domain) => {
            let mut forms = domain::spellings(&domain);
            forms.retain(|form| !form.starts_with("www."));
            Ok(if forms.len() == 1 { forms.remove(0).into() } else { json!(forms) })
        }
        Err(why) if whole => Err(why),
        Err(_) => Ok(text.trim().into()),
    }
}

fn of_phone(op: Op, text: &str) -> Result<String, String> {
    if op == Op::Eq {
        return phone(text);
    }
    let digits = phone::part(text).filter(|digits| !digits.is_empty());
    let digits = digits.ok_or("not a part of a phone number")?;
    Ok(if op == Op::StartsWith { format!("+{digits}") } else { digits })
}
