//! Values as people read them: what says most about a thing, times to the second or as a clock on the wall
//! shows them, an address in a line.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

/// How values are shown.
#[derive(Clone, Debug, Default)]
pub struct Readable {
    /// The zone of short times; none shows them as a program reads them.
    pub zone: Option<TimeZone>,
    /// Thousands stand apart.
    pub grouped: bool,
}

impl Readable {
    /// A value in one line.
    pub fn of(&self, value: &Value) -> String {
        match value {
            Value::String(text) => self.time(text).unwrap_or_else(|| text.clone()),
            Value::Array(items) => items.iter().map(|item| self.of(item)).collect::<Vec<_>>().join("; "),
            Value::Object(object) => match (object.get("interacted_at"), object.get("interaction_type")) {
                (Some(at), Some(kind)) => format!("{} {}", self.of(at), text(kind)),
                _ => self.object(object).unwrap_or_else(|| value.to_string()),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) => text(value),
        }
    }

    fn object(&self, object: &Map<String, Value>) -> Option<String> {
        let money =
            || Some(format!("{} {}", self.amount(object.get("amount")?), text(object.get("currency")?)));
        self.change(object)
            .or_else(|| nobody(object).filter(|_| self.grouped).map(str::to_owned))
            .or_else(|| address(object))
            .or_else(money)
            .or_else(|| telling(object, &|value| self.of(value)))
    }

    /// Attio's times have nine decimals, of which most are zeros.
    fn time(&self, text: &str) -> Option<String> {
        let (second, rest) = text.split_once('.')?;
        let decimals = rest.strip_suffix('Z')?;
        let is_time = second.len() == 19 && second.as_bytes().get(10) == Some(&b'T');
        if !is_time || !decimals.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let Some(zone) = &self.zone else { return Some(format!("{second}Z")) };
        let time = zone.to_datetime(text.parse::<Timestamp>().ok()?);
        let this_year = zone.to_datetime(Timestamp::now()).year() == time.year();
        Some(time.strftime(if this_year { "%-d %b %H:%M" } else { "%-d %b %Y %H:%M" }).to_string())
    }

    /// An amount of money, its thousands apart for people.
    fn amount(&self, amount: &Value) -> String {
        let shown = text(amount);
        let (whole, rest) = shown.split_at(shown.find(['.', 'e', 'E']).unwrap_or(shown.len()));
        if !self.grouped || rest.starts_with(['e', 'E']) {
            return shown;
        }
        let (sign, digits) = whole.split_at(whole.len() - whole.trim_start_matches('-').len());
        let mut apart = String::new();
        for (at, digit) in digits.chars().enumerate() {
            apart.push_str(if at > 0 && (digits.len() - at) % 3 == 0 { "," } else { "" });
            apart.push(digit);
        }
        format!("{sign}{apart}{rest}")
    }

    /// What became of an attribute.
    fn change(&self, object: &Map<String, Value>) -> Option<String> {
        let shown = |name| match object.get(name) {
            None => None,
            Some(Value::Null) => Some("nothing".to_owned()),
            Some(value) => Some(self.of(value)),
        };
        Some(format!("{}: {} -> {}", object.get("attribute")?.as_str()?, shown("before")?, shown("after")?))
    }
}

/// A value as the text of a cell: lists joined with `; `, an object as what says most about it.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("; "),
        Value::Object(object) => telling(object, &text).unwrap_or_else(|| value.to_string()),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// What says most about an object, each value as `shown` has it.
fn telling(object: &Map<String, Value>, shown: &dyn Fn(&Value) -> String) -> Option<String> {
    const MOST: [&str; 12] = [
        "name",
        "full_name",
        "email_address",
        "event_type",
        "datetime",
        "date",
        "title",
        "record_id",
        "id",
        "target_record_id",
        "referenced_actor_id",
        "workspace_member_id",
    ];
    let part = |name: &str| object.get(name).filter(|value| !value.is_null()).map(shown);
    match (part("amount"), part("currency"), part("content_plaintext")) {
        (Some(amount), Some(currency), _) => Some(format!("{amount} {currency}")),
        (_, _, Some(said)) => Some(match part("author") {
            Some(author) => format!("{author}: {said}"),
            None => said,
        }),
        _ => MOST.into_iter().find_map(part),
    }
}

/// What stands behind an actor who is no person, and so has no name.
fn nobody(object: &Map<String, Value>) -> Option<&'static str> {
    match ["type", "referenced_actor_type"].iter().find_map(|kind| object.get(*kind))?.as_str()? {
        "api-token" => Some("API key"),
        "system" => Some("Attio"),
        "app" => Some("app"),
        _ => None,
    }
}

/// The lines of a location, without its coordinates.
fn address(object: &Map<String, Value>) -> Option<String> {
    const LINES: [&str; 8] =
        ["line_1", "line_2", "line_3", "line_4", "postcode", "locality", "region", "country_code"];
    let lines: Vec<&str> = LINES.iter().filter_map(|line| object.get(*line)?.as_str()).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn people_see_local_times_and_thousands_apart() {
        let berlin = Readable { zone: Some(TimeZone::fixed(jiff::tz::offset(1))), grouped: true };
        let year = berlin.zone.as_ref().map(|zone| zone.to_datetime(Timestamp::now()).year());
        let this_year = format!("{}-01-09T17:00:00.000000000Z", year.unwrap_or_default());
        assert_eq!(berlin.of(&json!(this_year)), "9 Jan 18:00");
        assert_eq!(berlin.of(&json!("2019-12-31T23:30:00.000000000Z")), "1 Jan 2020 00:30");
        assert_eq!(berlin.of(&json!("2019-12-31")), "2019-12-31", "a day is a day everywhere");
        let money = |amount: Value| berlin.of(&json!({"amount": amount, "currency": "USD"}));
        for (amount, shown) in [
            (json!(125_000.5), "125,000.5 USD"),
            (json!(-1_000), "-1,000 USD"),
            (json!(999), "999 USD"),
            (json!(1_234_567), "1,234,567 USD"),
        ] {
            assert_eq!(money(amount), shown);
        }
        let exact = Readable::default();
        assert_eq!(exact.of(&json!({"amount": 125_000.5, "currency": "USD"})), "125000.5 USD");
        assert_eq!(exact.of(&json!(this_year)), this_year.replace(".000000000", ""));
    }

    #[test]
    fn no_json_in_a_cell() {
        let look = Readable::default();
        for (value, shown) in [
            (json!([{"email_address": "a@b.c", "name": null, "status": "accepted"}]), "a@b.c"),
            (
                json!({"datetime": "2025-12-18T14:00:00.000Z", "timezone": "Europe/London"}),
                "2025-12-18T14:00:00Z",
            ),
            (json!({"date": "2030-02-01"}), "2030-02-01"),
            (json!([{"event_type": "task.created", "filter": null}]), "task.created"),
            (
                json!([{"comment_id": "c", "content_plaintext": "Yes", "author": {"type": "workspace-member", "id": "m", "name": "Ada"}}]),
                "Ada: Yes",
            ),
        ] {
            assert_eq!(look.of(&value), shown);
        }
    }
}
