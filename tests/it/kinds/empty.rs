//! What was not given is not empty: an argument without a letter is a variable that was never set, and
//! refused before anything is sent.

use super::{Closed, borrowed, commands};
use crate::common::Place;

#[test]
fn every_argument_refuses_an_empty_value() {
    let (place, server) = (Place::new(), Closed::new());
    let mut wrong = Vec::new();
    for command in commands() {
        for arg in command.arguments() {
            let of_slug = arg.to_string().contains("<SLUG=");
            for value in ["", "name="].into_iter().take(if of_slug { 2 } else { 1 }) {
                let line = command.line(Some((&arg, value)));
                let run = place.against(&server.url(), &borrowed(&line));
                if run.code != 2 || server.was_called() {
                    wrong.push(format!("{line:?}: exit {} {}", run.code, run.stderr));
                }
            }
        }
    }
    assert!(wrong.is_empty() && place.audit().is_empty(), "{}", wrong.join("\n"));
}
