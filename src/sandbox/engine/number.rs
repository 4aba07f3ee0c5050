//! Numbers as JSON has them: there is one kind, so that `2.0` is `2`.

use serde_json::{Number, Value};

/// The largest number up to which every whole one is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The number without a fraction that is nothing.
pub(crate) fn plain(number: &Number) -> Number {
    let whole = number
        .as_f64()
        .filter(|value| number.is_f64() && value.fract() == 0.0 && value.abs() <= EXACT)
        .and_then(|value| format!("{value:.0}").parse::<i64>().ok());
    whole.map_or_else(|| number.clone(), Number::from)
}

/// A whole number from zero up.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => plain(number).as_u64(),
        _ => None,
    }
}
