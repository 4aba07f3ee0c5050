//! Text that would steer a terminal or hide in it.

use super::*;

/// Strings that no honest CRM would hold.
fn hostile_strings(count: usize) -> Vec<String> {
    let alphabet = [
        "\0",
        "\u{7}",
        "\u{8}",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "\u{1b}[2J",
        "\u{1b}]52;c;Zm9v\u{7}",
        "\u{1b}P",
        "\u{7f}",
        "\u{85}",
        "\u{9b}31m",
        "\u{9d}0;x\u{9c}",
        "\u{ad}",
        "\u{61c}",
        "\u{180e}",
        "\u{200b}",
        "\u{200d}",
        "\u{200e}",
        "\u{2028}",
        "\u{2029}",
        "\u{202a}",
        "\u{202e}",
        "\u{2060}",
        "\u{2064}",
        "\u{2066}",
        "\u{2069}",
        "\u{feff}",
        "\u{e0000}",
        "\u{e0041}",
        "\u{e007f}",
        "\u{e01ef}",
        "\\",
        "\"",
        "\\u202e",
        "{",
        "]",
        ",",
        "=",
        "a",
        "Zoë",
        "株式会社",
        "😀",
        "❤️",
        "مرحبا",
        " ",
        "\u{10ffff}",
        "\u{fffe}",
        "e\u{301}",
    ];
    let mut random = fastrand::Rng::with_seed(46);
    (0..count).map(|_| (0..random.usize(0..12)).filter_map(|_| random.choice(alphabet)).collect()).collect()
}

fn harmless(text: &str) -> bool {
    // Between letters of a script that joins them, and between pictures, joiners are ordinary text.
    let shaping = |before: Option<char>, after: Option<char>| {
        let both = |fits: fn(char) -> bool| before.is_some_and(fits) && after.is_some_and(fits);
        both(|c| "مرحبا".contains(c)) || both(|c| "😀❤\u{fe0f}".contains(c))
    };
    text.char_indices().all(|(at, c)| {
        if c == '\u{200d}' {
            return shaping(text[..at].chars().next_back(), text[at..].chars().nth(1));
        }
        let hidden = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
        c == '\n' || !(c.is_control() || hidden)
    })
}

#[test]
fn hostile_text_is_harmless_for_people_and_unchanged_in_json() {
    for text in hostile_strings(4000) {
        let compact: Compact =
            serde_json::from_value(json!({ &text: &text, "name": text, "tags": [text] })).unwrap();
        // As a sender may write it: hostile characters as they are.
        let attio = || {
            let raw = RawValue::from_string(Value::Object(compact.clone()).to_string()).unwrap();
            Item::new(raw)
        };
        let expected = Value::Object(compact.clone());
        for raw in [false, true] {
            let settings = Settings { raw, ..settings(Format::Json) };
            for screen in [PIPE, TERMINAL] {
                let stdout = one(settings.clone(), screen, &attio()).stdout;
                assert!(harmless(&stdout), "{stdout:?}");
                assert_eq!(serde_json::from_str::<Value>(&stdout).unwrap(), expected);
            }
            let stdout = list(Settings { format: Some(Format::Ndjson), ..settings }, PIPE, &[attio()]).stdout;
            assert_eq!(
                (stdout.lines().count(), serde_json::from_str::<Value>(&stdout).unwrap()),
                (1, expected.clone())
            );
        }
        let narrow = Screen { width: Some(20), ..TERMINAL };
        for shown in [
            list(settings(Format::Table), PIPE, &[attio()]),
            list(settings(Format::Table), narrow, &[attio()]),
            one(settings(Format::Table), TERMINAL, &attio()),
            list(settings(Format::Csv), TERMINAL, &[attio()]),
        ] {
            assert!(harmless(&shown.stdout), "{:?}", shown.stdout);
        }
        let screen = Screen { width: Some(70), ..TERMINAL };
        let table = list(settings(Format::Table), screen, &[attio()]).stdout;
        assert_eq!(table.lines().count(), 2, "{table:?}");
    }
}
