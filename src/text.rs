//! From the text of an argument to a value, with an error that says what was expected.
//!
//! Pure. Each function fits clap's `value_parser`. What is read from files and standard input is in
//! [`crate::input`].

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// An API slug or ID of an object or attribute.
///
/// # Errors
/// When it is no such thing; it would have become a part of a URL.
pub fn slug(text: &str) -> Result<String, String> {
    let valid = (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if valid {
        Ok(text.to_owned())
    } else {
        Err("an API slug has 1 to 64 letters, digits, '_' or '-'".to_owned())
    }
}

/// A UUID in any case, as Attio writes it: with hyphens, lower case.
///
/// # Errors
/// When it is none. Attio's UUIDs are of mixed versions, so the version is not checked.
pub fn uuid(text: &str) -> Result<String, String> {
    match uuid::Uuid::try_parse(text) {
        Ok(id) if text.len() == 36 => Ok(id.to_string()),
        _ => Err("not a UUID".to_owned()),
    }
}

/// An email address, as far as can be told before Attio judges it.
///
/// # Errors
/// When it surely is none.
pub fn email(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.rsplit_once('@') {
        Some((local, host))
            if !local.is_empty()
                && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c))
                && !local.contains('@')
                && domain(host).is_ok() =>
        {
            Ok(text.to_owned())
        }
        _ => Err("not an email address".to_owned()),
    }
}

/// A domain, also taken from a website's URL.
///
/// # Errors
/// When there is none in it.
pub fn domain(text: &str) -> Result<String, String> {
    let bad = || "not a domain such as acme.com".to_owned();
    let text = text.trim();
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = url::Url::parse(&with_scheme).map_err(|_| bad())?;
    let web = matches!(url.scheme(), "http" | "https") && url.username().is_empty();
    match url.host() {
        Some(url::Host::Domain(host)) if web && is_domain(host) => Ok(host.to_owned()),
        _ => Err(bad()),
    }
}

fn is_domain(host: &str) -> bool {
    host.len() <= 253
        && host.contains('.')
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
}

/// A point in time as RFC 3339.
///
/// # Errors
/// When it is none.
pub fn time(text: &str) -> Result<String, String> {
    let time: Timestamp = text.parse().map_err(|_| "not a time such as 2026-01-31T09:00:00Z".to_owned())?;
    Ok(time.to_string())
}

/// A deadline as RFC 3339: a time, a date (its first moment in UTC), `today`, `tomorrow`, or so many
/// hours, days or weeks from now, such as `+2h`.
///
/// # Errors
/// When it is none of these.
pub fn deadline(text: &str) -> Result<String, String> {
    due(text, Timestamp::now()).map(|time| time.to_string()).ok_or_else(|| {
        "not a deadline such as 2026-01-31, 2026-01-31T09:00:00Z, +3d, +2h or tomorrow".to_owned()
    })
}

const UTC: Offset = Offset::UTC;

fn due(text: &str, now: Timestamp) -> Option<Timestamp> {
    let midnight = |date: Date| UTC.to_timestamp(date.at(0, 0, 0, 0)).ok();
    let today = UTC.to_datetime(now).date();
    match text {
        "today" => midnight(today),
        "tomorrow" => midnight(today.tomorrow().ok()?),
        _ if text.starts_with('+') => {
            let number: i64 = text.get(1..text.len() - 1)?.parse().ok().filter(|number| *number > 0)?;
            let hours = match text.chars().last()? {
                'h' => 1,
                'd' => 24,
                'w' => 7 * 24,
                _ => return None,
            };
            let later = SignedDuration::try_from_hours(number.checked_mul(hours)?)?;
            Timestamp::from_second(now.as_second()).ok()?.checked_add(later).ok()
        }
        _ => date(text).map_or_else(|| text.parse().ok(), midnight),
    }
}

/// A day and no time.
fn date(text: &str) -> Option<Date> {
    if text.len() == "2026-01-31".len() { text.parse().ok() } else { None }
}

/// A date, or a point in time as RFC 3339.
///
/// # Errors
/// When it is neither.
pub fn date_or_time(text: &str) -> Result<String, String> {
    match date(text) {
        Some(date) => Ok(date.to_string()),
        None => time(text)
            .map_err(|_| "not a date such as 2026-01-31 or a time such as 2026-01-31T09:00:00Z".into()),
    }
}

/// A workspace member: their email address or ID.
///
/// # Errors
/// When it is neither.
pub fn member(text: &str) -> Result<String, String> {
    uuid(text).or_else(|_| email(text)).map_err(|_| "neither an email address nor a UUID".to_owned())
}

/// A length of time as ISO 8601 has it, also given in words such as `2 weeks`.
///
/// # Errors
/// When it is none, or runs backwards.
pub fn duration(text: &str) -> Result<String, String> {
    let span: Option<jiff::Span> = text.parse().ok();
    let span = span.filter(|span| !span.is_negative());
    Ok(span.ok_or("not a length of time such as P14D or \"2 weeks\"")?.to_string())
}

/// An amount, kept to the digit.
///
/// # Errors
/// When it is no plain decimal number of at most 15 digits (a JSON number carries no more for sure), four
/// of them decimals (Attio keeps no more).
pub fn amount(text: &str) -> Result<serde_json::Number, String> {
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = text.strip_prefix('-').unwrap_or(text).bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match serde_json::from_str(text) {
        Ok(number) if plain && decimals <= 4 && digits <= 15 => Ok(number),
        _ => Err("not a number such as 1200 or 99.50".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_taken_from_websites() {
        for (given, expected) in [
            ("acme.com", "acme.com"),
            ("ACME.com", "acme.com"),
            ("https://www.acme.com/about?x=1#y", "www.acme.com"),
            ("http://acme.co.uk:8080/", "acme.co.uk"),
            (" acme.com ", "acme.com"),
        ] {
            assert_eq!(domain(given).as_deref(), Ok(expected));
        }
        for bad in
            ["", "acme", "../../notes", "a b.com", "ftp://acme.com", "https://a@acme.com", "1.2.3.4", "a..b"]
        {
            assert!(domain(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn deadlines_count_from_now() {
        let now: Timestamp = "2026-12-31T22:15:30.5Z".parse().unwrap_or_default();
        for (given, expected) in [
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("2026-01-31T09:00:00+02:00", "2026-01-31T07:00:00Z"),
            ("today", "2026-12-31T00:00:00Z"),
            ("tomorrow", "2027-01-01T00:00:00Z"),
            ("+2h", "2027-01-01T00:15:30Z"),
            ("+3d", "2027-01-03T22:15:30Z"),
            ("+1w", "2027-01-07T22:15:30Z"),
        ] {
            assert_eq!(due(given, now).map(|time| time.to_string()).as_deref(), Some(expected), "{given}");
        }
        for bad in [
            "",
            "+",
            "+d",
            "+3",
            "+0d",
            "+-1d",
            "+3m",
            "+3\u{e4}",
            "2026-02-30",
            "2026-1-1",
            "soon",
            "+9999999999999w",
        ] {
            assert_eq!(due(bad, now), None, "{bad}");
        }
    }

    #[test]
    fn a_day_is_not_a_time() {
        assert_eq!(date_or_time("2026-01-31").as_deref(), Ok("2026-01-31"));
        assert_eq!(date_or_time("2026-01-31T09:00:00+01:00").as_deref(), Ok("2026-01-31T08:00:00Z"));
        assert!(date_or_time("31.01.2026").is_err() && date_or_time("2026-01-31T09:00:00").is_err());
    }

    #[test]
    fn emails_slugs_uuids_and_amounts() {
        assert_eq!(email(" Ann.Lee+x@acme.com").as_deref(), Ok("Ann.Lee+x@acme.com"));
        for bad in ["ann", "@acme.com", "ann@acme", "a b@acme.com", "Ann <ann@acme.com>", "a@b@acme.com"] {
            assert!(email(bad).is_err(), "{bad}");
        }
        for bad in ["", "a/b", "..", "a b", "ä", &"x".repeat(65)] {
            assert!(slug(bad).is_err(), "{bad}");
        }
        let id = "5A6A8A32-0000-4000-8000-00000000000F";
        assert_eq!(uuid(id), Ok(id.to_lowercase()));
        assert!(uuid(&id.replace('-', "")).is_err());
        for good in ["1200", "99.50", "-1", "0.0001"] {
            assert_eq!(amount(good).map(|n| n.to_string().parse::<f64>()), Ok(good.parse()));
        }
        for (given, expected) in [("P14D", "P14D"), ("2 weeks", "P2W"), ("PT90m", "PT90M")] {
            assert_eq!(duration(given).as_deref(), Ok(expected));
        }
        for bad in ["", "14", "-P1D", "P1D ago", "soon"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        for bad in ["", "1e9", "1,000", "1.00001", "99999999999999.99", "NaN", "$5", "01"] {
            assert!(amount(bad).is_err(), "{bad}");
        }
    }
}
