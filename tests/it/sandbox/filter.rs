//! The filter language and sorting of the sandbox: every type, every operator, every refusal that is known.
use serde_json::{Value, json};

use super::workspace::Workspace;

const QUERY: &str = "/v2/objects/companies/records/query";

/// A workspace with one object that has an attribute of every type that can be created, and three records:
/// `low`, `mid` and `empty`.
fn typed() -> (Workspace, [String; 3]) {
    let mut workspace = Workspace::new();
    let object = json!({"data": {"api_slug": "things", "singular_noun": "Thing", "plural_noun": "Things"}});
    workspace.data("POST", "/v2/objects", object);
    for (slug, multi, config) in [
        ("text", false, json!({})),
        ("number", false, json!({})),
        ("checkbox", false, json!({})),
        ("currency", false, json!({"currency": {"default_currency_code": "EUR", "display_type": "code"}})),
        ("date", false, json!({})),
        ("timestamp", false, json!({})),
        ("rating", false, json!({})),
        ("status", false, json!({})),
        ("select", true, json!({})),
        ("record-reference", true, json!({"record_reference": {"allowed_objects": ["companies", "people"]}})),
        ("actor-reference", false, json!({})),
        ("location", false, json!({})),
        ("domain", true, json!({})),
        ("email-address", true, json!({})),
        ("phone-number", true, json!({})),
    ] {
        let body = json!({"data": {"title": slug, "description": null, "api_slug": slug.replace('-', "_"),
            "type": slug, "is_required": false, "is_unique": false, "is_multiselect": multi, "config": config}});
        workspace.data("POST", "/v2/objects/things/attributes", body);
    }
    for (path, title) in [("select/options", "Red"), ("select/options", "Blue"), ("status/statuses", "Open")]
    {
        let path = format!("/v2/objects/things/attributes/{path}");
        workspace.data("POST", &path, json!({"data": {"title": title}}));
    }
    let acme = workspace.find("companies", json!({"domains": "acme.com"}));
    let low = workspace.create(
        "things",
        json!({"text": "Alpha Beta", "number": 1.5, "checkbox": true, "currency": "10.25", "date": "2024-05-01",
            "timestamp": "2024-05-01T10:00:00Z", "rating": 2, "status": "Open", "select": ["Red", "Blue"],
            "record_reference": [{"target_object": "companies", "target_record_id": acme["id"]["record_id"]}],
            "actor_reference": "ada@example.com", "location": "Berlin, DE", "domain": ["shop.alpha.co.uk"],
            "email_address": ["Jo.Al@Mail.Example.com"], "phone_number": ["+84 90 123 4567"]}),
    );
    let mid = workspace.create(
        "things",
        json!({"text": "Gamma", "number": 7, "checkbox": false, "currency": 99, "date": "2025", "rating": 5,
            "timestamp": "2025-01-01T00:00:00+02:00"}),
    );
    let empty = workspace.create("things", json!({}));
    (workspace, [low, mid, empty])
}

#[test]
fn every_operator_of_every_type_selects_what_it_says() {
    let (mut workspace, [low, mid, _]) = typed();
    let acme = workspace.find("companies", json!({"domains": "acme.com"}))["id"]["record_id"].clone();
    let ada =
        workspace.data("GET", "/v2/workspace_members", Value::Null)[0]["id"]["workspace_member_id"].clone();
    let (first, second, both) = (vec![low.clone()], vec![mid.clone()], {
        let mut both = vec![low.clone(), mid.clone()];
        both.sort();
        both
    });
    for (filter, expected) in [
        (json!({"text": "alpha beta"}), &first),
        (json!({"text": {"$eq": "Alpha Beta"}}), &first),
        (json!({"text": {"$in": ["Gamma", "x"]}}), &second),
        (json!({"text": {"$contains": "A B"}}), &first),
        (json!({"text": {"value": {"$starts_with": "Alp"}}}), &first),
        (json!({"text": {"$ends_with": "mma"}}), &second),
        (json!({"text": {"$not_empty": true}}), &both),
        (json!({"record_id": {"$in": [low, mid]}}), &both),
        (json!({"number": 7}), &second),
        (json!({"number": {"$lt": 7}}), &first),
        (json!({"number": {"$lte": 7}}), &both),
        (json!({"number": {"$gt": 1.5}}), &second),
        (json!({"number": {"$gte": 1.5, "$lt": 2}}), &first),
        (json!({"currency": {"$gte": "10.25", "$lt": 50}}), &first),
        (json!({"currency": {"currency_value": {"$eq": 99}}}), &second),
        (json!({"rating": {"$gt": 2}}), &second),
        (json!({"checkbox": true}), &first),
        (json!({"checkbox": {"$eq": false}}), &second),
        (json!({"date": "2024-05-01"}), &first),
        (json!({"date": {"$gte": "2025-01-01"}}), &second),
        (json!({"timestamp": {"$gte": "2024-05-01T10:00:00Z", "$lt": "2024-05-01T11:00:00Z"}}), &first),
        (json!({"timestamp": "2024-12-31T22:00:00Z"}), &second),
        (json!({"created_at": {"$gt": "2026-06-01T00:00:00Z"}, "number": {"$gt": 0}}), &both),
        (json!({"status": "Open"}), &first),
        (json!({"select": {"option": {"$eq": "Blue"}}}), &first),
        (json!({"select": {"active_from": {"$gt": "2026-01-01T00:00:00Z"}}}), &first),
        (json!({"select": {"active_from": {"$gte": "2026-06-01", "$lt": "2026-06-02"}}}), &first),
        (json!({"status": {"active_from": {"$gt": "2026-06-02"}}}), &vec![]),
        (json!({"record_reference": {"target_record_id": acme}}), &first),
        (json!({"record_reference": {"target_record_id": {"$in": [acme, low]}}}), &first),
        (
            json!({"record_reference": {"target_object": "companies", "target_record_id": {"$in": [acme]}}}),
            &first,
        ),
        (
            json!({"actor_reference": {"referenced_actor_type": "workspace-member", "referenced_actor_id": ada}}),
            &first,
        ),
        (json!({"location": {"locality": {"$starts_with": "ber"}, "country_code": "DE"}}), &first),
        (json!({"domain": "shop.alpha.co.uk"}), &first),
        (json!({"domain": {"root_domain": {"$eq": "alpha.co.uk"}}}), &first),
        (json!({"domain": {"$not_empty": true}}), &first),
        (json!({"email_address": "jo.al@mail.example.com"}), &first),
        (json!({"email_address": {"email_root_domain": "example.com"}}), &first),
        (json!({"email_address": {"email_local_specifier": {"$ends_with": ".al"}}}), &first),
        (json!({"phone_number": "+84901234567"}), &first),
        (json!({"phone_number": "84901234567"}), &first),
        (json!({"phone_number": {"phone_number": {"$ends_with": "4567"}}}), &first),
        (json!({"phone_number": {"country_code": {"$eq": "VN"}}}), &first),
        (json!({"phone_number": "0901234567"}), &vec![]),
        (json!({"$not": {"text": {"$not_empty": true}}, "$or": [{"text": "Gamma"}]}), &vec![]),
        (json!({"$or": [{"number": 7}, {"$and": [{"rating": 2}, {"checkbox": true}]}]}), &both),
        (json!({"$and": [{"$not": {"number": 7}}, {"number": {"$gt": 0}}]}), &first),
    ] {
        let found = workspace.query("things", json!({ "filter": filter }));
        let found: Vec<&str> =
            found.iter().map(|record| record["id"]["record_id"].as_str().unwrap()).collect();
        assert_eq!(&found, expected, "{filter}");
    }
}

#[test]
fn names_and_interactions_are_filtered_by_their_fields() {
    let mut workspace = Workspace::new();
    for (object, filter, count) in [
        ("people", json!({"name": "Jane Doe"}), 1),
        ("people", json!({"name": {"last_name": {"$eq": "doe"}, "first_name": {"$starts_with": "J"}}}), 1),
        ("people", json!({"name": {"full_name": {"$not_empty": true}}}), 60),
        ("people", json!({"email_addresses": {"email_domain": {"$eq": "acme.com"}}}), 4),
        ("companies", json!({"next_interaction": {"interacted_at": {"$gte": "2026-01-01T00:00:00Z"}}}), 2),
        ("companies", json!({"last_interaction": {"interaction_type": "email"}}), 2),
        ("companies", json!({"last_interaction": {"owner_member_id": {"$not_empty": true}}}), 3),
        ("companies", json!({"$not": {"customer_status": "Customer"}, "name": {"$contains": "acme"}}), 1),
    ] {
        assert_eq!(workspace.query(object, json!({ "filter": filter })).len(), count, "{filter}");
    }
}

#[test]
fn paths_drill_through_references_in_both_directions() {
    let mut workspace = Workspace::new();
    let filter = json!({"path": [["companies", "team"], ["people", "name"]],
        "constraints": {"first_name": {"$eq": "Wile"}}});
    assert_eq!(workspace.find("companies", filter.clone())["values"]["name"][0]["value"], "Acme");
    let deals = json!({"path": [["deals", "associated_company"], ["companies", "team"], ["people", "email_addresses"]],
        "constraints": {"email_domain": "globex.com"}});
    assert_eq!(workspace.query("deals", json!({"filter": {"$or": [deals]}})).len(), 2);
    let negated = json!({"filter": {"$not": filter}});
    assert_eq!(workspace.query("companies", negated).len(), 25);
    let stray = json!({"filter": {"path": [["companies", "name"], ["people", "name"]], "constraints": "x"}});
    workspace.refused("POST", QUERY, stray, 400, "filter_error");
    let more = json!({"filter": {"path": [["companies", "name"]], "constraints": "Acme", "name": "Globex"}});
    workspace.refused("POST", QUERY, more, 400, "filter_error");
}

#[test]
fn bad_filters_are_refused_with_attios_codes() {
    let mut workspace = Workspace::new();
    for (filter, code) in [
        (json!({"email": "x"}), "unknown_filter_attribute_slug"),
        (json!({"id": "x"}), "unknown_filter_attribute_slug"),
        (json!({"updated_at": "2026-01-01T00:00:00Z"}), "unknown_filter_attribute_slug"),
        (json!({"$not": {"$or": [{"name": "x"}]}}), "unknown_filter_attribute_slug"),
        (json!({"$nor": [{"name": "x"}]}), "unknown_filter_attribute_slug"),
        (json!({"name": {"$neq": "x"}}), "invalid_filter_operator"),
        (json!({"customer_status": {"$in": ["Lead"]}}), "invalid_filter_operator"),
        (json!({"domains": {"$gt": "a"}}), "invalid_filter_operator"),
        (
            json!({"team": {"target_object": "people", "target_record_id": {"$contains": "a"}}}),
            "invalid_filter_operator",
        ),
        (json!({"name": {"first_name": "x"}}), "invalid_filter_field"),
        (json!({"primary_location": {"latitude": "1"}}), "invalid_filter_field"),
        (json!({"team": {"$eq": "x"}}), "filter_error"),
        (json!({"team": {"target_object": "people"}}), "filter_error"),
        (json!({"created_by": {"referenced_actor_id": "x"}}), "filter_error"),
        (json!({"created_by": {"referenced_actor_type": "system"}}), "filter_error"),
        (json!({"customer_status": {"active_from": {"$gt": "soon"}}}), "filter_error"),
        (json!({"created_at": {"$gt": "2026-01-01"}}), "filter_error"),
        (json!({"name": 5}), "filter_error"),
        (json!({"$or": {"name": "x"}}), "filter_error"),
        (json!({"customer_status": "Friend"}), "unknown_filter_select_option_slug"),
        (json!({"customer_status": {"id": {"$eq": "Friend"}}}), "unknown_filter_select_option_slug"),
        (json!({"$not": {"customer_status": {"$eq": "Friend"}}}), "unknown_filter_select_option_slug"),
    ] {
        workspace.refused("POST", QUERY, json!({ "filter": filter }), 400, code);
    }
    let error = json!({"filter": {"$or": [{"name": "x"}, {"email": "y"}]}});
    let error = workspace.refused("POST", QUERY, error, 400, "unknown_filter_attribute_slug");
    assert_eq!(error["path"], json!(["$or", "1", "email"]));
    assert_eq!(error["message"], "Unknown attribute slug: email.");
    let error = json!({"filter": {"customer_status": "Friend"}});
    let error = workspace.refused("POST", QUERY, error, 400, "unknown_filter_select_option_slug");
    assert_eq!(error["message"], "Unknown select option name for option field constraint: Friend");
    assert_eq!(error["path"], json!(["customer_status"]));
    let stage = json!({"filter": {"stage": "Parked"}});
    workspace.refused("POST", "/v2/objects/deals/records/query", stage, 400, "unknown_filter_status_slug");
    let error = json!({"filter": {"customer_status": {"$in": ["Lead"]}}});
    let error = workspace.refused("POST", QUERY, error, 400, "invalid_filter_operator");
    assert_eq!(error["message"], "Invalid operator \"$in\" for field \"option\", must be one of (\"$eq\").");
    let people = "/v2/objects/people/records/query";
    let phone = json!({"filter": {"phone_numbers": {"original_phone_number": "1"}}});
    workspace.refused("POST", people, phone, 400, "invalid_filter_field");
    let mail = json!({"filter": {"email_addresses": {"$not_empty": true}}});
    workspace.refused("POST", people, mail, 400, "invalid_filter_operator");
}

#[test]
fn rows_come_by_id_or_as_sorted_with_unset_values_last() {
    let (mut workspace, [low, mid, empty]) = typed();
    let mut by_id = [low.clone(), mid.clone(), empty.clone()];
    by_id.sort();
    for (sorts, expected) in [
        (json!([]), by_id),
        (json!([{"attribute": "number", "direction": "asc"}]), [low.clone(), mid.clone(), empty.clone()]),
        (json!([{"attribute": "number", "direction": "desc"}]), [mid.clone(), low.clone(), empty.clone()]),
        (json!([{"attribute": "created_at", "direction": "desc"}]), [empty, mid, low]),
    ] {
        let found = workspace.query("things", json!({ "sorts": sorts }));
        let found: Vec<&str> =
            found.iter().map(|record| record["id"]["record_id"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{sorts}");
    }
}

#[test]
fn sorts_take_fields_and_paths_and_refuse_what_they_do_not_know() {
    let mut workspace = Workspace::new();
    let sorts = json!([{"attribute": "name", "field": "last_name", "direction": "asc"}]);
    let people = workspace.query("people", json!({"sorts": sorts, "limit": 1}));
    assert_eq!(people[0]["values"]["name"][0]["last_name"], "Arsenault");
    let path = json!([["deals", "associated_company"], ["companies", "name"]]);
    let deals = workspace.query("deals", json!({"sorts": [{"path": path, "direction": "desc"}], "limit": 1}));
    assert_eq!(deals[0]["values"]["name"][0]["value"], "Willow Bank assessment");
    for (sort, code) in [
        (json!({"attribute": "name"}), "validation_type"),
        (json!({"attribute": "name", "direction": "up"}), "validation_type"),
        (json!({"attribute": "nothing", "direction": "asc"}), "value_not_found"),
        (json!({"attribute": "team", "direction": "asc"}), "missing_sort_field"),
    ] {
        workspace.refused("POST", QUERY, json!({"sorts": [sort]}), 400, code);
    }
}

#[test]
fn pages_follow_each_other_and_the_limit_has_a_cap() {
    let mut workspace = Workspace::new();
    let all = workspace.query("people", json!({}));
    let mut paged = workspace.query("people", json!({"limit": 40}));
    assert_eq!(paged.len(), 40);
    paged.extend(workspace.query("people", json!({"limit": 40, "offset": 40})));
    assert_eq!(paged, all);
    for body in [json!({"limit": 501}), json!({"limit": -1}), json!({"offset": "1"}), json!({"filter": "x"})]
    {
        let error = workspace.refused("POST", QUERY, body, 400, "validation_type");
        assert_eq!(error["message"], "Body payload validation error.");
    }
}
