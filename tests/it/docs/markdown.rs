//! Fenced blocks of a Markdown file, and what the commands in them are.

/// A fenced block.
pub struct Block {
    /// Line of its opening fence, from 1.
    pub line: usize,
    /// What stands behind the fence.
    pub language: String,
    /// Its lines.
    pub lines: Vec<String>,
}

/// The fenced blocks of `text`, in order.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (at, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                open = Some(Block { line: at + 1, language: language.to_owned(), lines: Vec::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// Lines with those that end in a backslash joined to the next.
pub fn joined(lines: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    let mut head = String::new();
    for line in lines {
        match line.strip_suffix('\\') {
            Some(part) => head.push_str(part),
            None => all.push(std::mem::take(&mut head) + line),
        }
    }
    assert!(head.is_empty(), "a line after a backslash is missing: {head}");
    all
}

/// A command and the exit code it should have.
pub fn command(line: &str) -> (String, u8) {
    let line = line.replace("cargo run --release --", "attio-crm");
    match line.rsplit_once("# exit ") {
        Some((command, code)) => (command.trim_end().to_owned(), code.trim().parse().expect("an exit code")),
        None => (line, 0),
    }
}

/// Whether `actual` is what `expected` shows, `…` being anything.
pub fn fits(expected: &[String], actual: &[&str]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((first, rest)) if first.trim() == "…" => {
            (0..=actual.len()).any(|skipped| fits(rest, &actual[skipped..]))
        }
        Some((first, rest)) => actual
            .split_first()
            .is_some_and(|(line, others)| line_fits(first.trim_end(), line.trim_end()) && fits(rest, others)),
    }
}

fn line_fits(expected: &str, actual: &str) -> bool {
    match expected.split_once('…') {
        None => expected == actual,
        Some((before, after)) => actual.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| line_fits(after, &rest[at..]))
        }),
    }
}

#[test]
fn dots_stand_for_anything() {
    let expected: Vec<String> = ["a", "…", "b … c"].map(str::to_owned).into();
    assert!(fits(&expected, &["a", "b x c"]));
    assert!(fits(&expected, &["a", "x", "y", "b … c"]));
    assert!(!fits(&expected, &["a", "b x"]));
    assert!(!fits(&expected, &["b x c"]));
    assert!(!fits(&expected, &["a", "b x c", "d"]));
}
