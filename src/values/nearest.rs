//! What somebody may have meant.

/// Suggestions at the most.
const MOST: usize = 3;

/// The names closest to `text`, the closest first; none that is far from it. Case, blanks and
/// everything but letters and digits do not count. For a number the ranges that it lies in are closest.
pub fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let (wanted, number) = (letters(text), number(text));
    let mut near: Vec<(usize, &str)> =
        names.into_iter().filter_map(|name| Some((distance(&wanted, number, name)?, name))).collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.truncate(MOST);
    near.into_iter().map(|(_, name)| name).collect()
}

/// How far a name is from what was wanted; `None` if too far. A number is near the ranges it lies in, and
/// no others.
fn distance(wanted: &str, number: Option<u64>, name: &str) -> Option<usize> {
    if let (Some(number), Some((least, most))) = (number, range(name)) {
        return (least..=most).contains(&number).then_some(0);
    }
    let known = letters(name);
    let length = wanted.chars().count().max(known.chars().count());
    Some(strsim::levenshtein(wanted, &known)).filter(|distance| *distance <= 1 + length / 3)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
}

/// The ends of a range such as `11-50`, `251-1K`, `$1M-$10M` or `100K+`.
fn range(text: &str) -> Option<(u64, u64)> {
    match text.split_once(['-', '\u{2013}']) {
        Some((least, most)) => Some((number(least)?, number(most)?)),
        None => Some((number(text.strip_suffix('+')?)?, u64::MAX)),
    }
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim().trim_start_matches(['$', '\u{20ac}']);
    let (digits, times) = match text.char_indices().last()? {
        (at, 'K' | 'k') => (&text[..at], 1_000),
        (at, 'M' | 'm') => (&text[..at], 1_000_000),
        (at, 'B' | 'b') => (&text[..at], 1_000_000_000),
        _ => (text, 1),
    };
    digits.replace([',', '.', ' '], "").parse::<u64>().ok()?.checked_mul(times)
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
    fn a_number_is_near_the_ranges_it_lies_in() {
        let sizes = ["1-10", "11-50", "51-250", "251-1K", "1K-5K", "5K-10K", "100K+"];
        assert_eq!(nearest("1000", sizes), ["251-1K", "1K-5K"]);
        assert_eq!(nearest("12", sizes), ["11-50"]);
        assert_eq!(nearest("7,500", sizes), ["5K-10K"]);
        assert_eq!(nearest("2000000", sizes), ["100K+"]);
        assert_eq!(nearest("11\u{2013}50", sizes)[0], "11-50");
        assert_eq!(nearest("30M", ["$1M-$10M", "$10M-$50M", "$50M+"]), ["$10M-$50M"]);
    }
}
