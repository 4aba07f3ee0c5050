//! Email addresses.
//!
//! The normal form has the host in ASCII and lower case; the part before the `@` stays as it was
//! written, since Attio keeps it beside its own form, which is all in lower case.

use super::{domain, seen, without_prefix};

/// An email address in its normal form, as far as can be told before Attio judges it.
///
/// # Errors
/// When it surely is none, or more than an address.
pub fn email(text: &str) -> Result<String, String> {
    let text = seen(text)?;
    let address = without_prefix(text, "mailto:").unwrap_or(text);
    let bad = || "not an email address such as ann@acme.com".to_owned();
    let (local, host) = address.rsplit_once('@').filter(|(local, _)| is_local(local)).ok_or_else(bad)?;
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '.' || !c.is_ascii();
    let host = Some(host).filter(|host| host.chars().all(plain)).and_then(domain::host).ok_or_else(bad)?;
    Ok(format!("{local}@{host}"))
}

/// The address as Attio compares it.
pub fn compared(address: &str) -> String {
    address.to_lowercase()
}

fn is_local(text: &str) -> bool {
    let known = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    let dots = text.starts_with('.') || text.ends_with('.') || text.contains("..");
    !text.is_empty() && text.len() <= 64 && !dots && text.chars().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_is_one() {
        for given in [
            "ann@acme.com",
            " ann@acme.com\n",
            "ann@ACME.com",
            "mailto:ann@acme.com",
            "MAILTO:ann@acme.com",
            "ann@acme.com.",
        ] {
            assert_eq!(email(given).as_deref(), Ok("ann@acme.com"), "{given}");
        }
        for (given, expected) in [
            ("Ann.Lee+x@Acme.com", "Ann.Lee+x@acme.com"),
            ("O'Neil@zürich.ch", "O'Neil@xn--zrich-kva.ch"),
            ("josé@acme.com", "josé@acme.com"),
            ("a@mail.acme.com", "a@mail.acme.com"),
        ] {
            assert_eq!(email(given).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_is_more_or_less_than_an_address() {
        for bad in [
            "",
            "ann",
            "@acme.com",
            "ann@",
            "ann@acme",
            "a b@acme.com",
            "Ann <ann@acme.com>",
            "<ann@acme.com>",
            "a@b@acme.com",
            "ann@acme.com#x",
            "ann@acme.com:25",
            "ann@acme.com/contact",
            "ann@acme.com?subject=Hi",
            "mailto:ann@acme.com?subject=Hi",
            "ann@acme.com, bob@acme.com",
            "ann@acme.com;bob@acme.com",
            "an\u{200b}n@acme.com",
            "ann@ac\u{ad}me.com",
            "\u{202d}ann@acme.com\u{202c}",
            "ann..lee@acme.com",
            ".ann@acme.com",
            "ann@1.2.3.4",
            "ann@ac_me.com",
            "https://acme.com/ann@acme.com",
            "tel:ann@acme.com",
        ] {
            assert!(email(bad).is_err(), "{bad:?}");
        }
    }
}
