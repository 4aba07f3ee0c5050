//! Locations.

use serde_json::{Map, Value};

use super::refuse::{bad, exact};
use crate::sandbox::engine::fault;
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
            check_shape(attribute, map)?;
            let location: Location =
                serde_json::from_value(value.clone()).map_err(|_| bad(attribute, &[], "Invalid input"))?;
            check(attribute, &location)?;
            location
        }
        _ => return Err(bad(attribute, &[], "Invalid input")),
    };
    Ok(Content::Location(Box::new(location)))
}

/// Attio understands addresses; the sandbox only splits them at commas: the first part is the locality, a last part
/// that is a code the country, any other last part the region. What lies between is kept as address lines.
fn from_text(text: &str) -> Location {
    let mut parts: Vec<String> = text.split(',').map(|part| part.trim().to_owned()).collect();
    let mut location = Location::default();
    if parts.len() > 1 {
        let last = parts.pop();
        if last.as_deref().is_some_and(|code| COUNTRIES.contains(&code)) {
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

/// All ten keys are there, each with a text or null.
fn check_shape(attribute: &Attribute, map: &Map<String, Value>) -> Result<(), Problem> {
    let fits = |key: &str| map.get(key).is_some_and(|value| value.is_string() || value.is_null());
    let faulty = KEYS.iter().filter(|key| !fits(key));
    let faults: Vec<Value> = faulty.map(|key| fault::unexpected(&[*key], "string", map.get(*key))).collect();
    if faults.is_empty() { Ok(()) } else { Err(Problem::value(&attribute.slug, faults)) }
}

fn check(attribute: &Attribute, location: &Location) -> Result<(), Problem> {
    if let Some(code) = location.country_code.as_deref().filter(|code| !COUNTRIES.contains(code)) {
        let fault = fault::no_option(&["country_code"], COUNTRIES, code);
        return Err(Problem::value(&attribute.slug, vec![fault]));
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

/// Country codes of ISO 3166-1 and a few beside them, as Attio takes them.
#[rustfmt::skip]
const COUNTRIES: &[&str] = &[
    "AF", "AX", "AL", "DZ", "AS", "AD", "AO", "AI", "AQ", "AG", "AR", "AM", "AW", "AU", "AT", "AZ", "BS", "BH",
    "BD", "BB", "BY", "BE", "BZ", "BJ", "BM", "BT", "BO", "BA", "BW", "BV", "BR", "IO", "BN", "BG", "BF", "BI",
    "KH", "CM", "CA", "CV", "KY", "CF", "TD", "CL", "CN", "CX", "CC", "CO", "KM", "CG", "CD", "CK", "CR", "CI",
    "HR", "CU", "CW", "CY", "CZ", "DK", "DJ", "DM", "DO", "EC", "EG", "SV", "GQ", "ER", "EE", "ET", "FK", "FO",
    "FJ", "FI", "FR", "GF", "PF", "TF", "GA", "GM", "GE", "DE", "GH", "GI", "GR", "GL", "GD", "GP", "GU", "GT",
    "GG", "GN", "GW", "GY", "HT", "HM", "VA", "HN", "HK", "HU", "IS", "IN", "ID", "IR", "IQ", "IE", "IM", "IL",
    "IT", "JM", "JP", "JE", "JO", "KZ", "KE", "KI", "KR", "KW", "KG", "LA", "LV", "LB", "LS", "LR", "LY", "LI",
    "LT", "LU", "MO", "MK", "MG", "MW", "MY", "MV", "ML", "MT", "MH", "MQ", "MR", "MU", "YT", "MX", "FM", "MD",
    "MC", "MN", "ME", "MS", "MA", "MZ", "MM", "NA", "NR", "NP", "NL", "AN", "NC", "NZ", "NI", "NE", "NG", "NU",
    "NF", "MP", "NO", "OM", "PK", "PW", "PS", "PA", "PG", "PY", "PE", "PH", "PN", "PL", "PT", "PR", "QA", "RE",
    "RO", "RU", "RW", "BL", "SH", "KN", "LC", "MF", "PM", "VC", "WS", "SM", "ST", "SA", "SN", "SS", "RS", "SC",
    "SL", "SG", "SK", "SI", "SB", "SO", "ZA", "GS", "ES", "LK", "SD", "SR", "SJ", "SZ", "SE", "CH", "SY", "TW",
    "TJ", "TZ", "TH", "TL", "TG", "TK", "TO", "TT", "TN", "TR", "TM", "TC", "TV", "UG", "UA", "AE", "GB", "US",
    "UM", "UY", "UZ", "VU", "VE", "VN", "VG", "VI", "WF", "EH", "YE", "ZM", "ZW", "BQ", "KP", "SX", "XK", "AC",
];
