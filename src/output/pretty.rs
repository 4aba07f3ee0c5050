//! JSON with a line for each value, for people; the values themselves as they are.

use crate::values::walk::Walk;

/// Deeper values stay on one line.
const DEEPEST: usize = 50;

/// `json`, two columns to the right for each level.
pub fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    put(&mut Walk::new(json), 0, &mut out);
    out
}

fn put(walk: &mut Walk<'_>, depth: usize, out: &mut String) {
    let (open, close) = match walk.first() {
        b'{' if depth < DEEPEST => ('{', '}'),
        b'[' if depth < DEEPEST => ('[', ']'),
        _ => return out.push_str(walk.value()),
    };
    out.push(open);
    let mut empty = true;
    loop {
        let key = if open == '{' { walk.key() } else { walk.item().then_some("") };
        let Some(key) = key else { break };
        out.push_str(if empty { "" } else { "," });
        empty = false;
        line(depth + 1, out);
        out.push_str(key);
        out.push_str(if key.is_empty() { "" } else { ": " });
        put(walk, depth + 1, out);
    }
    if !empty {
        line(depth, out);
    }
    out.push(close);
}

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn it_looks_as_serde_json_writes_it() {
        let value = json!({"a": [1, {"b": []}, {}], "c": {"d": "x\n", "e": null}, "": [[true]]});
        assert_eq!(pretty(&value.to_string()), format!("{value:#}"));
        assert_eq!(pretty("[1.50,1e400,\"\\ud800\"]"), "[\n  1.50,\n  1e400,\n  \"\\ud800\"\n]");
    }
}
