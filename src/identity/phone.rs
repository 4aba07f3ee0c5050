//! Phone numbers.
//!
//! The normal form is E.164: `+`, the country code and the number, nothing but digits. A national number
//! would depend on where Attio thinks it is from, so none is taken.

use super::{seen, without_prefix};

/// What may stand between the digits of a number, besides blanks of any kind.
const BETWEEN: &str = "-.()/\u{2010}\u{2011}\u{2012}\u{2013}\u{2212}";

/// A phone number in its normal form.
///
/// # Errors
/// When its country code is missing, or when it is more than one number: with an extension, or two in one
/// text.
pub fn phone(text: &str) -> Result<String, String> {
    let text = seen(text)?;
    let number = without_prefix(text, "tel:").unwrap_or(text).trim_start();
    if number.chars().any(char::is_alphabetic) || number.contains(['#', ';', ',', '*']) {
        return Err("one phone number without an extension, such as +4930123456".to_owned());
    }
    if number.matches('+').count() > 1 {
        return Err("more than one phone number; give them one by one".to_owned());
    }
    let digits = digits(number).filter(|digits| number.starts_with('+') && is_complete(digits));
    match digits {
        Some(digits) => Ok(format!("+{digits}")),
        None => Err("not a phone number with its country code, such as +4930123456".to_owned()),
    }
}

/// The digits of a part of a phone number as Attio keeps them, or `None` if it is none: without the zeros
/// that are dialled before a number at home or abroad.
pub fn part(text: &str) -> Option<String> {
    let text = text.trim();
    let number = without_prefix(text, "tel:").unwrap_or(text).trim_start();
    let digits = digits(number)?;
    Some(if number.starts_with('+') { digits } else { digits.trim_start_matches('0').to_owned() })
}

/// Whether two numbers, in whatever spelling, have the same digits.
pub fn same(a: &str, b: &str) -> bool {
    digits(a).is_some_and(|digits_of_a| Some(digits_of_a) == digits(b))
}

/// The digits, without the zero that is dialled at home only: `+49 (0)30`.
fn digits(number: &str) -> Option<String> {
    let rest = number.strip_prefix('+').unwrap_or(number);
    let known = |c: char| c.is_ascii_digit() || c.is_whitespace() || BETWEEN.contains(c);
    if !rest.chars().all(known) {
        return None;
    }
    let only_digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    match rest.split_once("(0)").filter(|_| number.starts_with('+')) {
        Some((code, rest)) if (1..=3).contains(&only_digits(code).len()) => {
            Some(only_digits(code) + &only_digits(rest))
        }
        _ => Some(only_digits(rest)),
    }
}

/// As many digits as E.164 has; exactly eleven in North America, where two numbers in one text would pass
/// for one otherwise.
fn is_complete(digits: &str) -> bool {
    match digits.as_bytes().first() {
        None | Some(b'0') => false,
        Some(b'1') => digits.len() == 11,
        Some(_) => (7..=15).contains(&digits.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_one() {
        for given in [
            "+4930123456",
            " +49 30 123456 ",
            "+49 (30) 12-34.56",
            "+49 30/123456",
            "+49 (0)30 123456",
            "+49(0)30123456",
            "+49-(0)-30-123456",
            "tel:+49-30-123456",
            "TEL:+4930123456",
            "+49\u{a0}30\u{202f}123456",
            "+49 30 123\u{2011}456",
            "+49 30 12\u{2013}34\u{2013}56",
        ] {
            assert_eq!(phone(given).as_deref(), Ok("+4930123456"), "{given:?}");
        }
        assert_eq!(phone("+1 (520) 555-0202").as_deref(), Ok("+15205550202"));
        assert_eq!(phone("+39 06 698").as_deref(), Ok("+3906698"), "the zero belongs to it");
    }

    #[test]
    fn what_is_no_number_or_more_than_one() {
        for bad in [
            "",
            "+",
            "030 123456",
            "0049 30 123456",
            "+030 123456",
            "+49",
            "+49 30 123456 ext. 5",
            "+49 30 123456 x5",
            "+49 30 123456#5",
            "tel:+4930123456;ext=5",
            "+49 30 123456 / +49 30 123457",
            "+49 30 123456, 123457",
            "+1 520 555 0202 / 0203",
            "+49 30 123456\u{200b}",
            "\u{202d}+4930123456\u{202c}",
            "+1234567890123456",
            "call me",
        ] {
            assert!(phone(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn parts_are_compared_by_their_digits() {
        for (given, expected) in [
            ("(030) 12 34", Some("301234")),
            ("030/1234", Some("301234")),
            ("0049 30 1234", Some("49301234")),
            ("+49 (0)30 1234", Some("49301234")),
            ("tel:+4930", Some("4930")),
            ("30\u{a0}1234", Some("301234")),
            ("ann1234", None),
        ] {
            assert_eq!(part(given).as_deref(), expected, "{given}");
        }
        assert!(same("+49 30 12", "+493012") && !same("+49 30 12", "+49 30 13") && !same("x", "x"));
    }
}
