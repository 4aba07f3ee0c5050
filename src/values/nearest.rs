//! What somebody may have meant.

/// Suggestions at the most.
const MOST: usize = 3;

/// The names closest to `text`, the closest first; none that is far from it. Case, blanks and
/// everything but letters and digits do not count.
pub fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = letters(text);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .map(|name| (letters(name), name))
        .map(|(known, name)| (distance(&wanted, &known), 1 + wanted.len().max(known.len()) / 3, name))
        .filter(|(distance, most, _)| distance <= most)
        .map(|(distance, _, name)| (distance, name))
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.truncate(MOST);
    near.into_iter().map(|(_, name)| name).collect()
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
}

/// How many letters have to be added, removed or changed (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (1..=b.len()).collect();
    let mut last = b.len();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        last = i + 1;
        for (y, above) in b.iter().zip(&mut row) {
            last = (diagonal + usize::from(x != y)).min(last + 1).min(*above + 1);
            diagonal = std::mem::replace(above, last);
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_near() {
        let stages = ["Lead", "In Progress", "Won 🎉", "Lost"];
        assert_eq!(nearest("Wno", stages), ["Won 🎉"]);
        assert_eq!(nearest("won", stages), ["Won 🎉"]);
        assert_eq!(nearest("in-progres", stages), ["In Progress"]);
        assert_eq!(nearest("Employee range", ["employee_range", "name"]), ["employee_range"]);
        assert_eq!(nearest("completely else", stages), [""; 0]);
    }

    #[test]
    fn distances() {
        for (a, b, expected) in
            [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 2)]
        {
            assert_eq!(distance(&letters(a), &letters(b)), expected, "{a} {b}");
        }
    }
}
