//! The picture of the README: what a terminal shows, drawn from what the program prints.
#![cfg(unix)]

use crate::common::Place;
use crate::golden;
use std::fmt::Write as _;

/// What is typed, without the flags that keep the picture the same every day.
const TYPED: [&[&str]; 3] = [
    &["search-deals", "--filter", "value>=100000", "--sort", "value:desc"],
    &["get-deal-summary", "Globex renewal", "--only", "company,people"],
    &["update-deal", "Globex renewal", "--stage", "Wno"],
];

const COLUMNS: u16 = 88;

/// Width and height of a character, in pixels.
const CELL: (f32, f32) = (8.43, 19.0);

#[test]
fn the_picture_shows_what_the_program_prints() {
    let place = Place::new();
    let mut lines: Vec<(bool, String)> = Vec::new();
    for typed in TYPED {
        let words = typed.iter().map(|word| match word.contains([' ', '>']) {
            true => format!("'{word}'"),
            false => (*word).to_owned(),
        });
        lines.push((true, format!("$ attio-crm {}", words.collect::<Vec<_>>().join(" "))));
        let screen = place.terminal(COLUMNS, &[typed, &["--utc", "--quiet"]].concat()).finish();
        lines.extend(screen.text.trim_end().lines().map(|line| (false, line.trim_end().to_owned())));
        lines.push((false, String::new()));
    }
    lines.pop();
    golden::matches("docs/terminal.svg", &drawn(&lines));
}

fn drawn(lines: &[(bool, String)]) -> String {
    let width = f32::from(COLUMNS) * CELL.0 + 40.0;
    let height = lines.len() as f32 * CELL.1 + 64.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\">\n<title>attio-crm at a terminal</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1d1f21\"/>\n"
    );
    for (at, colour) in ["#ff5f56", "#ffbd2e", "#27c93f"].iter().enumerate() {
        writeln!(svg, "<circle cx=\"{}\" cy=\"20\" r=\"6\" fill=\"{colour}\"/>", 22 + at * 20).unwrap();
    }
    svg += "<g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" \
            xml:space=\"preserve\">\n";
    for (at, (typed, line)) in lines.iter().enumerate().filter(|(_, (_, line))| !line.is_empty()) {
        let (y, fill) = (at as f32 * CELL.1 + 54.0, if *typed { "#8abeb7" } else { "#d7dadd" });
        let text = line.replace('&', "&amp;").replace('<', "&lt;").replace(' ', "\u{a0}");
        writeln!(svg, "<text x=\"20\" y=\"{y:.0}\" fill=\"{fill}\">{text}</text>").unwrap();
    }
    svg + "</g>\n</svg>\n"
}
