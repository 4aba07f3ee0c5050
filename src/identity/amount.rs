//! Amounts of money and their currencies.

use super::seen;
use serde_json::Number;

/// Codes that Attio's documentation of attributes lists (`default_currency_code`).
pub const CURRENCIES: [&str; 47] = [
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "FJD",
    "GBP", "GHS", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW", "MXN", "MYR", "NGN", "NOK",
    "NTD", "NZD", "OMR", "PEN", "PHP", "PLN", "QAR", "RWF", "SAR", "SEK", "SGD", "THB", "TRY", "USD", "UYU",
    "XPF", "ZAR",
];

/// An amount, kept to the digit.
///
/// # Errors
/// When it is no plain decimal number of at most 15 digits (a JSON number carries no more for sure), four
/// of them decimals (Attio keeps no more); or when its dot may part thousands.
pub fn amount(text: &str) -> Result<Number, String> {
    let text = seen(text)?;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    if may_be_thousands(whole, decimals) {
        return Err(format!(
            "{text} may be thousands or a fraction: write {whole}{decimals}, or {text}0 for the fraction"
        ));
    }
    exact(text)
}

/// As [`amount`], of a number that was written by a program: its dot is the decimal point.
///
/// # Errors
/// When it has more digits or decimals than Attio keeps.
pub fn exact(text: &str) -> Result<Number, String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match serde_json::from_str(text) {
        Ok(number) if plain && decimals.len() <= 4 && whole.len() + decimals.len() <= 15 => Ok(number),
        _ => Err("not a number such as 1200 or 99.50".to_owned()),
    }
}

/// `2.500`: half of the world parts thousands by a dot.
fn may_be_thousands(whole: &str, decimals: &str) -> bool {
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&whole.len())
        && decimals.len() == 3
        && !whole.starts_with('0')
        && all_digits(whole)
        && all_digits(decimals)
}

/// A currency by its code, in capital letters.
///
/// # Errors
/// When Attio has none of that code.
pub fn currency(text: &str) -> Result<String, String> {
    let code = text.trim().to_uppercase();
    if CURRENCIES.contains(&code.as_str()) {
        Ok(code)
    } else {
        Err(format!("no currency that Attio has; it has {}", CURRENCIES.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_kept_to_the_digit() {
        for (given, expected) in [
            ("1200", "1200"),
            (" 1200 ", "1200"),
            ("99.50", "99.5"),
            ("-1", "-1"),
            ("0.0001", "0.0001"),
            ("0.500", "0.5"),
            ("2.5000", "2.5"),
            ("1234.500", "1234.5"),
        ] {
            assert_eq!(amount(given).map(|number| number.to_string()).as_deref(), Ok(expected));
        }
        for bad in [
            "",
            "1e9",
            "1,000",
            "1.00001",
            "99999999999999.99",
            "NaN",
            "$5",
            "01",
            "1 200",
            "1.",
            ".5",
            "+1",
            "--1",
            "1.200,50",
            "1_000",
        ] {
            assert!(amount(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_dot_that_may_part_thousands_is_asked_about() {
        for bad in ["2.500", "-2.500", "12.345", "999.999"] {
            assert!(amount(bad).is_err_and(|error| error.contains("thousands")), "{bad}");
        }
        assert!(amount("2.500").is_err_and(|error| error.contains("2500") && error.contains("2.5000")));
    }

    #[test]
    fn currencies_have_codes() {
        assert_eq!(currency(" eur ").as_deref(), Ok("EUR"));
        assert!(currency("XXX").is_err_and(|error| error.contains("EUR")) && currency("").is_err());
        assert!(CURRENCIES.is_sorted());
    }
}
