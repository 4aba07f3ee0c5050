//! Numbers, amounts, checkboxes and times: from a text to what Attio takes, or why not.

use crate::identity::{self, time};
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
    match identity::amount(text) {
        Ok(amount) => Ok(amount.into()),
        Err(why) => Err(format!("{why}; the currency belongs to the attribute")),
    }
}

/// An amount as compact output shows it. Its currency cannot be chosen.
pub fn money(currency: Option<&str>, object: &Map<String, Value>) -> Result<Value, String> {
    let known = object.keys().all(|key| key == "amount" || key == "currency");
    let amount = match object.get("amount") {
        Some(Value::String(text)) if known => amount(text),
        Some(Value::Number(number)) if known => identity::amount::exact(&number.to_string()).map(Value::from),
        _ => return Err("money is {\"amount\":…,\"currency\":…}".to_owned()),
    };
    let given = object.get("currency").and_then(Value::as_str);
    match (given, currency) {
        (Some(given), Some(own)) if !given.eq_ignore_ascii_case(own) => {
            Err(format!("the currency of the attribute is {own} and cannot be written"))
        }
        _ => amount,
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

/// A day of the caller's.
pub fn date(text: &str) -> Result<Value, String> {
    time::day(text).map(Value::from)
}

/// A point in time; without an offset it is the caller's, without a time the day's first moment.
pub fn timestamp(text: &str) -> Result<Value, String> {
    time(text).map(Value::from)
}
