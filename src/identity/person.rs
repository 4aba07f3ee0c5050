//! A person's name, from one text to first and last name.

use super::{email, name};

/// What stands behind a name and is no name, in lower case and without dots.
const SUFFIXES: [&str; 20] = [
    "jr", "junior", "sr", "senior", "ii", "iii", "iv", "phd", "dphil", "esq", "mba", "cpa", "cfa", "dds",
    "dvm", "jd", "llm", "pmp", "msc", "bsc",
];

/// The same, where the letters in another case are a name: Ma, Do.
const SHORT: [&str; 9] = ["MD", "MA", "BA", "BS", "MS", "DO", "RN", "PE", "QC"];

const JSON_FORM: &str = r#"give its parts: {"first_name":"…","last_name":"…"}"#;

/// First and last name of `First Last`, parted at the last blank, or of `Last, First`. The last name is
/// empty when there is one word. What follows a name (Jr., III, PhD) stays with the last name.
///
/// # Errors
/// When it is no name, or when it is not clear which part is which.
pub fn person(text: &str) -> Result<(String, String), String> {
    let text = name(text)?;
    refuse_address(&text)?;
    let unclear = |what: &str| Err(format!("{what}; {JSON_FORM}"));
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    match parts.as_slice() {
        [name] => match parted(name) {
            Some((first, last)) => Ok((first.to_owned(), last.to_owned())),
            None => unclear("which part is the last name is not clear"),
        },
        [_, behind] if behind.split(' ').any(is_suffix) => {
            unclear(&format!("{behind:?} behind the comma is no first name"))
        }
        ["", _] | [_, ""] => unclear("one side of the comma is empty"),
        [last, first] => Ok(((*first).to_owned(), (*last).to_owned())),
        _ => unclear("it has more than one comma"),
    }
}

/// One half of a name in its normal form.
///
/// # Errors
/// When it is none.
pub fn half(text: &str) -> Result<String, String> {
    let half = name(text)?;
    refuse_address(&half)?;
    Ok(half)
}

/// All of a name: its halves that there are.
pub fn whole(first: &str, last: &str) -> String {
    [first, last].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn refuse_address(text: &str) -> Result<(), String> {
    let is_address = |word: &str| email(word.trim_matches(['<', '>', ',', ';'])).is_ok();
    if text.split(' ').any(is_address) {
        return Err("an email address, not a name such as Ann Lee".to_owned());
    }
    Ok(())
}

/// First and last name of a text without commas; `None` when nothing but a suffix would be the last name.
fn parted(text: &str) -> Option<(&str, &str)> {
    let words = text.split(' ').count();
    let behind = text.rsplit(' ').take_while(|word| is_suffix(word)).count();
    let blank = text.rmatch_indices(' ').nth(behind).map(|(at, _)| at);
    match blank {
        Some(at) => Some((&text[..at], &text[at + 1..])),
        None if behind == 0 && words == 1 => Some((text, "")),
        None => None,
    }
}

fn is_suffix(word: &str) -> bool {
    let bare: String = word.chars().filter(|c| *c != '.').collect();
    SHORT.contains(&bare.as_str()) || SUFFIXES.contains(&bare.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_names() {
        for (given, first, last) in [
            ("Ann Lee", "Ann", "Lee"),
            (" Ann \u{a0} Lee ", "Ann", "Lee"),
            ("Lee, Ann", "Ann", "Lee"),
            ("Lee ,Ann Marie", "Ann Marie", "Lee"),
            ("Ann Marie Lee", "Ann Marie", "Lee"),
            ("Ann", "Ann", ""),
            ("John Smith III", "John", "Smith III"),
            ("Samuel L. Miller Jr.", "Samuel L.", "Miller Jr."),
            ("Ann Lee, M", "M", "Ann Lee"),
            ("Li Ma", "Li", "Ma"),
            ("Ma, Li", "Li", "Ma"),
            ("Ann Lee Ph.D.", "Ann", "Lee Ph.D."),
            ("Ann Lee MD PhD", "Ann", "Lee MD PhD"),
        ] {
            assert_eq!(person(given), Ok((first.to_owned(), last.to_owned())), "{given}");
        }
    }

    #[test]
    fn what_is_no_clear_name() {
        for bad in [
            "",
            " ",
            ",",
            "Lee,",
            ", Ann",
            "Samuel Miller, Jr.",
            "Samuel Miller, jr",
            "Miller, III",
            "Lee, PhD",
            "Lee, Ph.D.",
            "Lee, M.D.",
            "Ann Lee, CPA",
            "Ann Lee, MD PhD",
            "Lee, Ann, PhD",
            "Lee, Ann, Marie",
            "ann@acme.com",
            "Ann <ann@acme.com>",
            "An\u{200b}n Lee",
            "John III",
            "III",
            "Ann\tLee",
        ] {
            assert!(person(bad).is_err(), "{bad:?}");
        }
        assert!(person("Lee, Jr.").is_err_and(|error| error.contains("first_name")));
    }
}
