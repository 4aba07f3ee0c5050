//! A workspace of many records: nothing is lost or told twice on the way through its pages.

use crate::common::{Place, Recorder};
use attio_crm::sandbox::server::Options;
use attio_crm::sandbox::{Store, respond};
use serde_json::json;

const RECORDS: usize = 2_500;

/// The seed and many more companies, every other one of a size to filter by.
fn crowded() -> Store {
    let mut state = Store::seeded();
    for n in 0..RECORDS {
        // Names in an order of their own, so that sorting has something to do.
        let name = format!("Bulk {:05}", n * 7919 % RECORDS);
        let range = if n % 2 == 0 { "11-50" } else { "51-250" };
        let body = json!({"data": {"values": {"name": name, "employee_range": range}}}).to_string();
        let request = http::Request::post("/v2/objects/companies/records")
            .header("authorization", "Bearer x")
            .body(body.into_bytes())
            .unwrap();
        assert_eq!(respond(&mut state, &request, jiff::Timestamp::now()).status(), 200);
    }
    state
}

#[test]
fn records_of_six_pages_come_once_each_and_sorted() {
    let server = Recorder::of(crowded(), Options::default());
    let place = Place::new();
    let query = ["records", "query", "companies", "--sort", "name", "--all", "-o", "csv", "--filter"];
    let names = |filter: &str| -> Vec<String> {
        let run = place.against(&server.base_url, &[&query[..], &[filter, "--fields", "name"]].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{filter}");
        run.stdout.lines().skip(1).map(str::to_owned).collect()
    };
    let all = names("name^=Bulk");
    assert_eq!(all.len(), RECORDS);
    assert!(all.is_sorted_by(|one, next| one < next), "each once, in order");
    let half = names("employee_range=11-50");
    assert_eq!(half.iter().filter(|name| name.starts_with("Bulk")).count(), RECORDS / 2);
    assert!(half.is_sorted());
}
