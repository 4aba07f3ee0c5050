//! Policy comes before traffic: in read-only mode a write is refused before anything is looked up.

use super::{Closed, borrowed, commands};
use crate::common::Place;

#[test]
fn every_write_is_refused_without_a_connection() {
    let (place, server) = (Place::new(), Closed::new());
    let mut wrong = Vec::new();
    for command in commands().iter().filter(|command| command.writes) {
        let mut lines = vec![command.line(None)];
        lines.extend(command.arguments().iter().map(|arg| command.line(Some((arg, &command.sample(arg))))));
        for line in lines {
            let run = place.against(&server.url(), &[&borrowed(&line)[..], &["--read-only"]].concat());
            if run.code != 9 || server.was_called() {
                wrong.push(format!("{line:?}: exit {} {}", run.code, run.stderr));
            }
        }
    }
    assert!(wrong.is_empty() && place.audit().is_empty(), "{}", wrong.join("\n"));
}
