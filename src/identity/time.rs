//! Moments and days, in one grammar for every command.
//!
//! What has no offset is the caller's: of the zone in `TZ`, else of the machine. A day is its first
//! moment, its last as a deadline, or stays a day, by what it is for.
//!
//! | text | meaning |
//! |---|---|
//! | `2026-01-31T09:00:00+01:00`, `…Z`, `…[Europe/Berlin]` | that moment |
//! | `2026-01-31T09:00`, `2026-01-31 09:00`, `tomorrow 9:00` | that time of the caller's day |
//! | `2026-01-31`, `today`, `tomorrow`, `yesterday` | a day of the caller's |
//! | `friday` | the next one, never today |
//! | `now`, `+2h`, `+3d`, `+2w`, `-30d` | counted from now; days and weeks keep the time of day |

use super::seen;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ZonedDateTime};

/// A text as understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day.
    Day(Date),
    /// A moment.
    At(Timestamp),
}

const EXAMPLES: &str = "2026-01-31, 2026-01-31T09:00, 2026-01-31T09:00:00Z, today, friday, +3d or -2h";

/// A point in time as RFC 3339; a day is its first moment.
///
/// # Errors
/// When it is none.
pub fn time(text: &str) -> Result<String, String> {
    moment(text).map(|time| time.to_string())
}

/// As [`time`], not yet a text.
///
/// # Errors
/// When it is none.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    let (when, now) = read(text)?;
    match when {
        When::At(time) => Ok(time),
        When::Day(day) => first_moment(day, now.time_zone()),
    }
}

/// A deadline as RFC 3339; a day ends in the evening.
///
/// # Errors
/// When it is no time.
pub fn deadline(text: &str) -> Result<String, String> {
    let (when, now) = read(text)?;
    match when {
        When::At(time) => Ok(time.to_string()),
        When::Day(day) => in_zone(day, Time::constant(23, 59, 59, 0), now.time_zone()).map(|t| t.to_string()),
    }
}

/// A day, or a point in time as RFC 3339.
///
/// # Errors
/// When it is neither.
pub fn day_or_time(text: &str) -> Result<String, String> {
    Ok(match read(text)?.0 {
        When::Day(day) => day.to_string(),
        When::At(time) => time.to_string(),
    })
}

/// A day; counted days end in one, too.
///
/// # Errors
/// When it is none.
pub fn day(text: &str) -> Result<String, String> {
    let bad = || "not a date such as 2026-01-31, today or -30d".to_owned();
    let (when, now) = read(text).map_err(|_| bad())?;
    match when {
        When::Day(day) => Ok(day.to_string()),
        When::At(time) if is_counted(text) => {
            Ok(time.to_zoned_datetime(now.time_zone().clone()).date().to_string())
        }
        When::At(_) => Err(bad()),
    }
}

/// The day that a text names, if it names no moment.
pub fn as_day(text: &str) -> Option<Date> {
    match read(text) {
        Ok((When::Day(day), _)) => Some(day),
        _ => None,
    }
}

/// The first moment of a day of the caller's.
///
/// # Errors
/// When the zone cannot be told, or for a day that no calendar has.
pub fn beginning(day: Date) -> Result<Timestamp, String> {
    first_moment(day, &zone()?)
}

fn read(text: &str) -> Result<(When, ZonedDateTime), String> {
    let text = seen(text)?;
    let now = Timestamp::now().to_zoned_datetime(zone()?);
    when(text, &now).map(|when| (when, now)).ok_or_else(|| format!("not a time such as {EXAMPLES}"))
}

/// The caller's zone. One that was asked for and is not known is not silently another.
fn zone() -> Result<TimeZone, String> {
    let asked = std::env::var("TZ").ok().filter(|zone| !zone.is_empty());
    match (TimeZone::try_system(), asked) {
        (Ok(zone), _) => Ok(zone),
        (Err(_), None) => Ok(TimeZone::UTC),
        (Err(error), Some(asked)) => Err(format!(
            "the time zone TZ={asked} is not known here ({error}); write the time with its offset"
        )),
    }
}

fn when(text: &str, now: &ZonedDateTime) -> Option<When> {
    let lower = text.to_lowercase();
    if lower == "now" {
        return Timestamp::from_second(now.timestamp().as_second()).ok().map(When::At);
    }
    if is_counted(text) {
        return counted(&lower, now).map(When::At);
    }
    if let Some(time) = with_offset(text) {
        return Some(When::At(time));
    }
    let (named, clock) = parted(&lower);
    let day = day_of(named, now)?;
    match clock {
        None => Some(When::Day(day)),
        Some(clock) => in_zone(day, time_of_day(clock)?, now.time_zone()).ok().map(When::At),
    }
}

fn is_counted(text: &str) -> bool {
    text.starts_with(['+', '-'])
}

/// So many hours, days or weeks from now. A day is a day of the calendar, however many hours it has.
fn counted(text: &str, now: &ZonedDateTime) -> Option<Timestamp> {
    let (sign, rest) = text.split_at_checked(1)?;
    let unit = rest.chars().last()?;
    let number = rest.strip_suffix(unit)?;
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let number: i64 = number.parse().ok().filter(|number| digits && *number > 0)?;
    let number = if sign == "-" { -number } else { number };
    let span = match unit {
        'h' => Span::new().try_hours(number),
        'd' => Span::new().try_days(number),
        'w' => Span::new().try_weeks(number),
        _ => return None,
    };
    let then = now.checked_add(span.ok()?).ok()?;
    Timestamp::from_second(then.timestamp().as_second()).ok()
}

fn with_offset(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| Some(text.parse::<ZonedDateTime>().ok()?.timestamp()))
}

/// The day, and the time of day behind a blank or, after a date, a `t`.
fn parted(text: &str) -> (&str, Option<&str>) {
    const DATE: usize = "2026-01-31".len();
    match text.rsplit_once(' ') {
        Some((day, clock)) => (day.trim_end(), Some(clock)),
        None => match text.split_at_checked(DATE) {
            Some((day, clock)) if clock.starts_with('t') => (day, clock.strip_prefix('t')),
            _ => (text, None),
        },
    }
}

fn day_of(text: &str, now: &ZonedDateTime) -> Option<Date> {
    let today = now.date();
    match text {
        "today" => Some(today),
        "tomorrow" => today.tomorrow().ok(),
        "yesterday" => today.yesterday().ok(),
        _ => match weekday(text) {
            Some(weekday) => today.nth_weekday(1, weekday).ok(),
            None => text.parse().ok().filter(|day: &Date| day.to_string() == text),
        },
    }
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

/// `9:00`, `17:30:00`, with a fraction of a second or without.
fn time_of_day(text: &str) -> Option<Time> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.'));
    let (hour, _) = text.split_once(':').filter(|_| plain)?;
    let padded = if hour.len() == 1 { format!("0{text}") } else { text.to_owned() };
    padded.parse().ok()
}

fn first_moment(day: Date, zone: &TimeZone) -> Result<Timestamp, String> {
    in_zone(day, Time::midnight(), zone)
}

/// A time that clocks skip is that much later, as calendars have it.
fn in_zone(day: Date, time: Time, zone: &TimeZone) -> Result<Timestamp, String> {
    zone.to_timestamp(day.to_datetime(time)).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Thursday evening in Los Angeles, when it is Friday in UTC.
    fn evening() -> ZonedDateTime {
        "2026-11-26T19:30:15.5-08:00[America/Los_Angeles]".parse().unwrap()
    }

    fn at(text: &str) -> String {
        match when(text, &evening()) {
            Some(When::At(time)) => time.to_string(),
            Some(When::Day(day)) => day.to_string(),
            None => "-".to_owned(),
        }
    }

    #[test]
    fn moments_and_days_are_the_callers() {
        for (given, expected) in [
            ("2026-01-31T09:00:00Z", "2026-01-31T09:00:00Z"),
            ("2026-01-31T09:00:00+02:00", "2026-01-31T07:00:00Z"),
            ("2026-01-31t09:00:00z", "2026-01-31T09:00:00Z"),
            ("2026-01-31T09:00:00[Europe/Berlin]", "2026-01-31T08:00:00Z"),
            ("2026-01-31T09:00", "2026-01-31T17:00:00Z"),
            ("2026-01-31 09:00", "2026-01-31T17:00:00Z"),
            ("2026-07-31 9:00", "2026-07-31T16:00:00Z"),
            ("2026-01-31T09:00:30.25", "2026-01-31T17:00:30.25Z"),
            ("2026-03-08T02:30", "2026-03-08T10:30:00Z"),
            ("2026-01-31", "2026-01-31"),
            ("today", "2026-11-26"),
            ("Today", "2026-11-26"),
            ("TOMORROW", "2026-11-27"),
            ("yesterday", "2026-11-25"),
            ("tomorrow 9:00", "2026-11-27T17:00:00Z"),
            ("Friday 17:00", "2026-11-28T01:00:00Z"),
            ("friday", "2026-11-27"),
            ("Thu", "2026-12-03"),
            ("saturday", "2026-11-28"),
            ("now", "2026-11-27T03:30:15Z"),
            ("+2h", "2026-11-27T05:30:15Z"),
            ("+3d", "2026-11-30T03:30:15Z"),
            ("+3D", "2026-11-30T03:30:15Z"),
            ("-30d", "2026-10-28T02:30:15Z"),
            ("+1w", "2026-12-04T03:30:15Z"),
        ] {
            assert_eq!(at(given), expected, "{given}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for bad in [
            "",
            "+",
            "-",
            "+d",
            "+3",
            "+0d",
            "+-1d",
            "--1d",
            "+3m",
            "+3\u{e4}",
            "+9999999999999w",
            "3d",
            "2026-02-30",
            "2026-1-1",
            "2026-01",
            "31.01.2026",
            "01/31/2026",
            "2026-01-31T",
            "2026-01-31T9",
            "2026-01-31T25:00",
            "2026-01-31T09:00:00+99:00",
            "2026-01-31T09:00:00[Nowhere/Here]",
            "soon",
            "next friday",
            "friday evening",
            "9:00",
            "1769850000",
        ] {
            assert_eq!(at(bad), "-", "{bad}");
        }
    }

    #[test]
    fn a_day_is_what_it_is_for() {
        let is_day = |text: &str| text.len() == 10;
        assert!(is_day(&day_or_time("today").unwrap()) && !is_day(&day_or_time("now").unwrap()));
        assert!(is_day(&day("-30d").unwrap()) && is_day(&day("2026-01-31").unwrap()));
        assert!(day("2026-01-31T09:00").is_err() && day("now").is_err() && day("soon").is_err());
        let (first, last) = (time("2026-01-31").unwrap(), deadline("2026-01-31").unwrap());
        let length = last.parse::<Timestamp>().unwrap() - first.parse::<Timestamp>().unwrap();
        assert_eq!(length.as_secs(), 24 * 3600 - 1);
    }
}
