//! SQL, which only Attio's Enterprise plan has: the sandbox does as a workspace with any other plan.

use serde_json::Value;

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::store::database::Store;

pub(crate) fn run(_: &Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::bare(&body)?;
    fields.nonempty("sql");
    fields.done()?;
    Err(Problem::plan("SQL queries; they need the Enterprise plan"))
}
