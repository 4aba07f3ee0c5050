//! Numbers, amounts, checkboxes and times: from a text to what Attio takes, or why not.

use crate::text;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Map, Number, Value};

/// Integers up to here are exact wherever numbers are 64-bit floats, as in Attio.
const EXACT: u64 = 1 << 53;

/// Decimal digits that tell any two such floats apart.
const DIGITS: usize = 17;

pub fn number(text: &str) -> Result<Value, String> {
    let blank = text.contains(char::is_whitespace);
    let number: Number = serde_json::from_str(text)
        .ok()
        .filter(|_| !blank)
        .ok_or("not a number such as 12 or -0.5 (no blanks, no thousands separators)")?;
    let digits = text.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let integer = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
    let exact = match integer {
        Some(integer) => integer <= EXACT,
        None => digits.trim_matches('0').len() <= DIGITS,
    };
    if exact { Ok(number.into()) } else { Err("more digits than Attio keeps".to_owned()) }
}

pub fn amount(text: &str) -> Result<Value, String> {
    match text::amount(text) {
        Ok(amount) => Ok(amount.into()),
        Err(why) => Err(format!("{why}; the currency belongs to the attribute")),
    }
}

/// An amount as compact output shows it. Its currency cannot be chosen.
pub fn money(currency: Option<&str>, object: &Map<String, Value>) -> Result<Value, String> {
    let known = object.keys().all(|key| key == "amount" || key == "currency");
    let text = match object.get("amount") {
        Some(Value::String(text)) if known => text.clone(),
        Some(Value::Number(number)) if known => number.to_string(),
        _ => return Err("money is {\"amount\":…,\"currency\":…}".to_owned()),
    };
    let given = object.get("currency").and_then(Value::as_str);
    match (given, currency) {
        (Some(given), Some(own)) if given != own => {
            Err(format!("the currency of the attribute is {own} and cannot be written"))
        }
        _ => amount(&text),
    }
}

pub fn rating(text: &str) -> Result<Value, String> {
    match text {
        "0" | "1" | "2" | "3" | "4" | "5" => text.parse::<u8>().map(Value::from).map_err(|e| e.to_string()),
        _ => Err("a rating is a whole number from 0 to 5".to_owned()),
    }
}

pub fn checkbox(text: &str) -> Result<Value, String> {
    match text {
        "true" => Ok(true.into()),
        "false" => Ok(false.into()),
        _ => Err("a checkbox is true or false".to_owned()),
    }
}

/// A whole date: Attio would fill the missing parts of another with the first.
pub fn date(text: &str) -> Result<Value, String> {
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => Ok(text.into()),
        _ => Err("not a date such as 2026-01-31".to_owned()),
    }
}

/// A point in time. Without an offset it is UTC, without a time midnight.
pub fn timestamp(text: &str) -> Result<Value, String> {
    let civil = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    match text.parse::<Timestamp>().ok().or_else(civil) {
        Some(time) => Ok(time.to_string().into()),
        None => Err("not a time such as 2026-01-31T09:00:00Z".to_owned()),
    }
}
