//! Locations.

use serde_json::Value;

use super::refuse::{bad, exact};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::store::row::{Content, Location};
use crate::sandbox::store::schema::Attribute;
use crate::vocabulary::PLACE as KEYS;

/// An object with all ten keys, or free text.
pub(crate) fn parse(attribute: &Attribute, value: &Value) -> Result<Content, Problem> {
    let location = match value {
        Value::String(text) => from_text(text),
        Value::Object(map) => {
            exact(attribute, map, &KEYS)?;
            if let Some(missing) = KEYS.iter().find(|key| !map.contains_key(**key)) {
                return Err(bad(attribute, &[missing], "Required"));
            }
            let location: Location =
                serde_json::from_value(value.clone()).map_err(|_| bad(attribute, &[], "Invalid input"))?;
            check(attribute, &location)?;
            location
        }
        _ => return Err(bad(attribute, &[], "Invalid input")),
    };
    Ok(Content::Location(Box::new(location)))
}

/// Attio understands addresses; the sandbox only splits them at commas: the first part is the locality, a last part of
/// two capitals the country, any other last part the region. What lies between is kept as address lines.
fn from_text(text: &str) -> Location {
    let mut parts: Vec<String> = text.split(',').map(|part| part.trim().to_owned()).collect();
    let mut location = Location::default();
    if parts.len() > 1 {
        let last = parts.pop();
        if last.as_deref().is_some_and(is_country) {
            location.country_code = last;
        } else {
            location.region = last;
        }
    }
    let mut parts = parts.into_iter().filter(|part| !part.is_empty());
    location.locality = parts.next();
    (location.line_1, location.line_2, location.line_3) = (parts.next(), parts.next(), parts.next());
    let rest: Vec<String> = parts.collect();
    location.line_4 = (!rest.is_empty()).then(|| rest.join(", "));
    location
}

fn check(attribute: &Attribute, location: &Location) -> Result<(), Problem> {
    if location.country_code.as_deref().is_some_and(|code| !is_country(code)) {
        return Err(bad(attribute, &["country_code"], "Invalid enum value"));
    }
    for (key, value, most) in
        [("latitude", &location.latitude, 90.0), ("longitude", &location.longitude, 180.0)]
    {
        let within = |text: &String| {
            let plain = text.chars().all(|c| c.is_ascii_digit() || "+-.".contains(c));
            plain && text.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most)
        };
        if value.as_ref().is_some_and(|text| !within(text)) {
            return Err(bad(attribute, &[key], "Invalid"));
        }
    }
    Ok(())
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
