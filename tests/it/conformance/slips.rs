//! Requests as they should not be: an accepted one with a key left out or a value of another type.

use http::Request;
use serde_json::{Map, Value, json};

/// Variants of a request, each with one slip: in the query or in the outer two layers of the body.
pub fn of(request: &Request<Vec<u8>>) -> Vec<Request<Vec<u8>>> {
    let body = serde_json::from_slice(request.body()).unwrap_or_default();
    let bodies = ["", "/data"].into_iter().flat_map(|layer| in_layer(&body, layer));
    let with_body = |body: Value| request.clone().map(|_| body.to_string().into_bytes());
    bodies.map(with_body).chain(in_query(request)).collect()
}

fn in_layer(body: &Value, layer: &str) -> Vec<Value> {
    let keys = body.pointer(layer).and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let others = [Value::Null, json!(-7), json!("x"), json!([]), json!({}), json!(true)];
    let mut slips = Vec::new();
    for key in keys {
        let mut lacking = body.clone();
        lacking.pointer_mut(layer).unwrap().as_object_mut().unwrap().remove(key);
        slips.push(lacking);
        for other in &others {
            let mut changed = body.clone();
            changed.pointer_mut(layer).unwrap()[key] = other.clone();
            slips.push(changed);
        }
    }
    slips
}

/// Each parameter with a word for its value.
fn in_query(request: &Request<Vec<u8>>) -> impl Iterator<Item = Request<Vec<u8>>> {
    let query = request.uri().query().unwrap_or_default();
    let values = query.split('&').filter_map(|pair| Some((pair, pair.split_once('=')?.0)));
    values.map(move |(pair, name)| {
        let mut slip = request.clone();
        let uri = request.uri().to_string().replacen(pair, &format!("{name}=many"), 1);
        *slip.uri_mut() = uri.parse().unwrap();
        slip
    })
}
