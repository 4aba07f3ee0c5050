//! When a meeting starts or ends: a time, or a day for one that takes whole days.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::values::time;

/// Kept as answers show it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum MeetingTime {
    Time { datetime: String, timezone: Option<String> },
    Day { date: String },
}

impl MeetingTime {
    /// Reads `{datetime, timezone?}`, or `{date}` for whole days. Faults are left to `fields`.
    pub(crate) fn parse(fields: &mut Fields, key: &str, day: bool) -> Self {
        let read = |moment: &mut Fields| if day { Self::day(moment) } else { Self::time(moment) };
        fields.nested(key, read).unwrap_or(Self::Day { date: String::new() })
    }

    fn day(moment: &mut Fields) -> Self {
        let date = time::date(moment.string("date"));
        if date.is_none() {
            moment.invalid("date", "Invalid date");
        }
        refuse(moment, &["datetime", "timezone"], "An all-day meeting has dates");
        Self::Day { date: date.unwrap_or_default() }
    }

    fn time(moment: &mut Fields) -> Self {
        let timezone = moment.optional("timezone", Fields::nullable_string).flatten().map(str::to_owned);
        let text = moment.string("datetime");
        let offset = Pieces::parse(text).ok().and_then(|pieces| pieces.to_numeric_offset());
        let at = text.parse::<Timestamp>().ok().zip(offset);
        if at.is_none() {
            moment
                .invalid("datetime", "Expected a time with its offset from UTC, as in 2027-11-27T14:00:00Z");
        }
        refuse(moment, &["date"], "A meeting with a date is an all-day meeting");
        let (at, offset) = at.unwrap_or((Timestamp::UNIX_EPOCH, Offset::UTC));
        let datetime = match offset {
            offset if offset == Offset::UTC || timezone.is_none() => format!("{at:.3}"),
            offset => format!("{:.3}", at.display_with_offset(offset)),
        };
        Self::Time { datetime, timezone }
    }

    pub(crate) fn is_day(&self) -> bool {
        matches!(self, Self::Day { .. })
    }

    /// The time in UTC as text that compares as the time does; a day begins at midnight in UTC.
    pub(crate) fn utc(&self) -> String {
        let (Self::Time { datetime: text, .. } | Self::Day { date: text }) = self;
        time::timestamp(text).unwrap_or_default()
    }

    /// As [`utc`](Self::utc), but a day begins when it does in a time zone.
    pub(crate) fn seen_from(&self, zone: &TimeZone) -> String {
        match self {
            Self::Day { date } => {
                let midnight = date.parse().and_then(|date: Date| zone.to_timestamp(date.at(0, 0, 0, 0)));
                midnight.map(time::exact).unwrap_or_default()
            }
            Self::Time { .. } => self.utc(),
        }
    }
}

fn refuse(moment: &mut Fields, keys: &[&str], why: &str) {
    for key in keys {
        if moment.get(key).is_some() {
            moment.invalid(key, why);
        }
    }
}
