//! Dates and timestamps. Both are kept as text of fixed width, so that comparing the text compares the time.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// The time of an event as Attio stamps it: UTC, whole milliseconds, nine decimals, `Z`.
pub(crate) fn stamp(time: Timestamp) -> String {
    format!("{time:.3}").replace('Z', "000000Z")
}

/// A time that somebody gave, to the nanosecond.
pub(crate) fn exact(time: Timestamp) -> String {
    format!("{time:.9}")
}

/// Reads a timestamp. Without an offset it is UTC; what is missing is filled with the earliest time.
pub(crate) fn timestamp(text: &str) -> Option<String> {
    instant(text).or_else(|| utc(widen(text)?.parse::<Date>().ok()?.at(0, 0, 0, 0))).map(exact)
}

/// Reads a timestamp that names both date and time, as filters want it.
pub(crate) fn full_timestamp(text: &str) -> Option<String> {
    instant(text).map(exact)
}

/// Reads a date: partial dates are filled with 01, a time is dropped after it was moved to UTC.
pub(crate) fn date(text: &str) -> Option<String> {
    match widen(text) {
        Some(full) => full.parse::<Date>().ok().map(|date| date.to_string()),
        None => instant(text).map(|time| TimeZone::UTC.to_datetime(time).date().to_string()),
    }
}

fn instant(text: &str) -> Option<Timestamp> {
    let has_time = text.contains(['T', 't', ' ']);
    text.parse::<Timestamp>().ok().or_else(|| if has_time { utc(text.parse().ok()?) } else { None })
}

fn utc(civil: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// A date with its missing parts, or `None` when the text is no date alone.
fn widen(text: &str) -> Option<String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    match text.len() {
        4 if digits => Some(format!("{text}-01-01")),
        7 if digits => Some(format!("{text}-01")),
        10 if digits => Some(text.to_owned()),
        _ => None,
    }
}
