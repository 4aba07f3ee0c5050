//! SQL, which only Attio's Enterprise plan has: the sandbox does as a workspace with any other plan.

use serde_json::Value;

use super::body::Fields;
use super::call::Call;
use super::problem::Problem;
use super::state::State;

pub(super) fn run(_: &State, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::bare(&body)?;
    fields.nonempty("sql");
    fields.done()?;
    Err(Problem::plan("SQL queries; they need the Enterprise plan"))
}
