//! The plain text of Attio's Markdown subset: headings, lists, bold, italic, strikethrough, highlight, links.

/// Removes the marks and keeps the words and line breaks.
pub(crate) fn to_plain(markdown: &str) -> String {
    let lines = markdown.split('\n').map(|line| inline(heading(line)));
    lines.collect::<Vec<_>>().join("\n")
}

fn heading(line: &str) -> &str {
    let text = line.trim_start_matches('#');
    match line.len() - text.len() {
        1..=3 => text.strip_prefix(' ').unwrap_or(line),
        _ => line,
    }
}

fn inline(line: &str) -> String {
    let mut plain = links(line);
    for mark in ["**", "__", "~~", "==", "*"] {
        plain = unmark(&plain, mark);
    }
    plain
}

/// `[text](address)` becomes `text`.
fn links(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        match after.split_once("](").and_then(|(text, tail)| Some((text, tail.split_once(')')?.1))) {
            Some((text, tail)) => {
                plain.push_str(text);
                rest = tail;
            }
            None => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain + rest
}

/// Removes pairs of a mark that enclose text without a blank at the inner edges.
fn unmark(line: &str, mark: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(mark) {
        plain.push_str(before);
        match after.split_once(mark) {
            Some((inner, tail)) if !inner.is_empty() && inner.trim() == inner => {
                plain.push_str(inner);
                rest = tail;
            }
            _ => {
                plain.push_str(mark);
                rest = after;
            }
        }
    }
    plain + rest
}
