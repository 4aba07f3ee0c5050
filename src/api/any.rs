//! The row of any call, given by method and path.

use super::RESOURCES;
use crate::client::operation::{Body, Method, Operation};

/// The calls that no row describes, one for each method. Their fields are sent as they stand.
pub const ANY: [&Operation; 5] = [
    &unknown("api GET", Method::Get),
    &unknown("api POST", Method::Post),
    &unknown("api PUT", Method::Put),
    &unknown("api PATCH", Method::Patch),
    &unknown("api DELETE", Method::Delete),
];

const fn unknown(name: &'static str, method: Method) -> Operation {
    Operation { body: Body::Bare, ..Operation::new(name, method, "") }
}

/// The row of the table that a call is, or what its method stands for. Of several rows, the one that
/// has most of the path word for word.
pub fn row(method: Method, segments: &[&str]) -> &'static Operation {
    let rows = RESOURCES.iter().flat_map(|resource| resource.ops).map(|op| op.operation);
    let fitting = rows.filter(|row| row.method == method && row.fits(segments));
    let [get, post, put, patch, delete] = ANY;
    fitting.min_by_key(|row| row.placeholders().count()).unwrap_or(match method {
        Method::Get => get,
        Method::Post => post,
        Method::Put => put,
        Method::Patch => patch,
        Method::Delete => delete,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::operation::Effect;

    fn segments(path: &str) -> Vec<&str> {
        path.trim_start_matches('/').split('/').collect()
    }

    #[test]
    fn a_row_decides_what_a_call_is_and_else_the_method() {
        let effect = |method, path: &str| row(method, &segments(path)).effect;
        assert_eq!(effect(Method::Post, "/v2/objects/people/records/query"), Effect::Read);
        assert_eq!(effect(Method::Post, "/v2/objects/records/search"), Effect::Read);
        assert_eq!(effect(Method::Post, "/v2/objects/people/records/query/more"), Effect::Create);
        assert_eq!(effect(Method::Post, "/v2/unforeseen"), Effect::Create);
        assert_eq!(effect(Method::Put, "/v2/unforeseen"), Effect::Idempotent);
        assert_eq!(effect(Method::Get, "/v2/unforeseen"), Effect::Read);
        assert!(row(Method::Delete, &["v2", "unforeseen"]).destroys);
    }
}
