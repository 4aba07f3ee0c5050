//! Lists and who has access to them.

use super::planned;
use crate::common::Place;
use serde_json::json;

#[test]
fn access_is_granted_by_address() {
    let place = Place::new();
    let ada = place.sandbox(&["members", "get", "ada@example.com"]).json();
    let ben = place.sandbox(&["members", "get", "ben@example.com", "-o", "ids"]).stdout.trim().to_owned();
    assert_eq!(ada["email_address"], "ada@example.com");
    let ben_may = format!("{ben}=read-only");
    assert_eq!(
        planned(&[
            "lists",
            "create",
            "--name",
            "Board",
            "--api-slug",
            "board",
            "--parent-object",
            "companies",
            "--workspace-access",
            "private",
            "--workspace-member-access",
            "ada@example.com=full-access",
            "--workspace-member-access",
            &ben_may,
        ]),
        json!({"method": "POST", "path": "/v2/lists", "body": {"data": {
        "name": "Board", "api_slug": "board", "parent_object": "companies", "workspace_access": null,
        "workspace_member_access": [
            {"workspace_member_id": ada["workspace_member_id"], "level": "full-access"},
            {"workspace_member_id": ben, "level": "read-only"},
        ]}}})
    );
    let nobody = ["lists", "update", "partners", "--workspace-member-access", "zoe@example.com=full-access"];
    assert_eq!(place.sandbox(&nobody).code, 2);
    for bad in ["ada@example.com", "ada@example.com=boss", "zoe=full-access"] {
        place.sandbox(&["lists", "update", "partners", "--workspace-member-access", bad]).error(2);
    }
}

#[test]
fn a_list_for_everybody_is_the_least() {
    let open = [
        "lists",
        "create",
        "--name",
        "Board",
        "--api-slug",
        "board",
        "--parent-object",
        "companies",
        "--workspace-access",
        "full-access",
    ];
    let data = planned(&open)["body"]["data"].take();
    assert_eq!(
        (&data["workspace_access"], &data["workspace_member_access"]),
        (&json!("full-access"), &json!([]))
    );
    assert_eq!(
        planned(&["lists", "update", "partners", "--workspace-access", "read-only"])["body"],
        json!({"data": {"workspace_access": "read-only"}})
    );
}

#[test]
fn lists_are_shown() {
    let place = Place::new();
    let lists = place.sandbox(&["lists", "list"]).json();
    assert_eq!(place.sandbox(&["lists", "get", "sales_pipeline"]).json(), lists[0]);
    place.sandbox(&["lists", "get", "nowhere"]).error(3);
}

#[test]
fn a_list_is_made_and_kept_private() {
    let place = Place::new();
    let list = place.sandbox(&[
        "lists",
        "create",
        "--name",
        "Board",
        "--api-slug",
        "board",
        "--parent-object",
        "companies",
        "--workspace-access",
        "private",
        "--workspace-member-access",
        "ada@example.com=full-access",
    ]);
    let list = list.json();
    assert_eq!((&list["workspace_access"], &list["parent_object"]), (&json!(null), &json!(["companies"])));
    let open = ["lists", "update", "board", "--workspace-access", "full-access"];
    assert_eq!(place.sandbox(&open).json()["workspace_access"], "full-access");
    assert_eq!(place.sandbox(&["lists", "get", "board", "-o", "ids"]).stdout.trim(), list["list_id"]);
}
