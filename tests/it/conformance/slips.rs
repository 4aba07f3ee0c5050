//! Requests as they should not be: an accepted one with a key left out or a value of another type.

use serde_json::{Value, json};

/// Variants of a body, each with one slip in its outer two layers.
pub fn of(body: &Value) -> Vec<Value> {
    ["", "/data"].iter().flat_map(|layer| in_layer(body, layer)).collect()
}

fn in_layer(body: &Value, layer: &str) -> Vec<Value> {
    let keys = body.pointer(layer).and_then(Value::as_object).into_iter().flat_map(|map| map.keys());
    let others = [Value::Null, json!(-7), json!("x"), json!([]), json!({}), json!(true)];
    let mut slips = Vec::new();
    for key in keys {
        let changed = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
            let mut body = body.clone();
            body.pointer_mut(layer).and_then(Value::as_object_mut).map(change);
            body
        };
        slips.push(changed(&|map| drop(map.remove(key))));
        slips.extend(others.iter().map(|other| changed(&|map| drop(map.insert(key.clone(), other.clone())))));
    }
    slips
}
