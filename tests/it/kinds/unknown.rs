//! A refusal after an attempt whose outcome nobody knows is no failure: the first may have done it.

use super::{borrowed, commands};
use crate::common::{Place, Recorder};
use attio_crm::api::RESOURCES;
use attio_crm::client::operation::Effect;

/// Of these no repeat is tried.
const REFUSALS: [u16; 4] = [400, 403, 404, 422];

#[test]
fn a_refusal_after_a_lost_answer_is_unknown_for_every_write_that_is_repeated() {
    let mut walked = 0;
    for command in commands() {
        let mut rows = RESOURCES.iter().flat_map(|resource| resource.ops).map(|op| op.operation);
        let Some(operation) = rows.find(|operation| is_repeated(operation, &command.name())) else {
            continue;
        };
        let line = command.line(None);
        let plan = Place::new().sandbox(&[&borrowed(&line)[..], &["--dry-run"]].concat()).json();
        let call = format!("{} {}", plan["method"].as_str().unwrap(), plan["path"].as_str().unwrap());
        let status = REFUSALS[walked % REFUSALS.len()];
        let server = Recorder::new(&[&format!("{call}=status:502*1"), &format!("{call}=status:{status}*1")]);
        let run = Place::new().against(&server.base_url, &[&borrowed(&line)[..], &["--yes"]].concat());
        let gone = operation.deletes() && status == 404;
        assert_eq!(run.code, if gone { 0 } else { 8 }, "{line:?} {status}: {run:?}");
        walked += 1;
    }
    assert!(walked > 25, "only {walked}");
}

fn is_repeated(operation: &attio_crm::client::operation::Operation, name: &str) -> bool {
    operation.name == name && operation.effect == Effect::Idempotent
}
