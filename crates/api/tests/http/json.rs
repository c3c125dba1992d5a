//! The JSON interface.

use axum::http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value as Json, json};

use crate::asking::{Answer, get, post, router};
use crate::sample::memory;

fn pretty(answer: &Answer) -> String {
    format!("{}\n{:#}", answer.status, answer.json())
}

fn texts(values: &Json) -> Vec<&str> {
    values
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_str().unwrap())
        .collect()
}

fn keys(answer: &Answer) -> Vec<String> {
    let tags = answer.json()["tags"].as_array().unwrap().clone();
    tags.iter()
        .map(|tag| tag["key"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn tags_come_with_counts_values_and_freshness() {
    assert_snapshot!(pretty(&get(&router(memory()), "/api/v1/tags").await));
}

#[tokio::test]
async fn a_tag_comes_with_its_definition() {
    assert_snapshot!(pretty(&get(&router(memory()), "/api/v1/tags/tier").await));
}

#[tokio::test]
async fn an_explanation_has_what_was_measured_and_from_which_events() {
    let router = router(memory());
    let address = "/api/v1/tags/whale/explain?user=u1";
    assert_snapshot!(pretty(&get(&router, address).await));
    for (address, message) in [
        (
            "/api/v1/tags/whale/explain?user=u9",
            "no user `u9` is known",
        ),
        (
            "/api/v1/tags/whal/explain?user=u1",
            "there is no tag `whal`",
        ),
    ] {
        let answer = get(&router, address).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.json()["error"]["message"], message);
    }
}

#[tokio::test]
async fn an_audience_and_a_rule_are_explained_as_a_tag_is() {
    let router = router(memory());
    let ask = async |rule: &str, user: &str| {
        let asked = json!({"rule": rule, "user": user}).to_string();
        post(&router, "/api/v1/rules/explain", &asked).await
    };
    let of_tag = get(&router, "/api/v1/tags/whale/explain?user=u1").await;
    let of_tag = of_tag.json();
    for (rule, key, named) in [
        ("in audience(vip)", "audience", "vip"),
        ("did(swap)", "asked", "did(swap)"),
    ] {
        let told = ask(rule, "u1").await.json();
        assert_eq!((&told[key], &told["tag"]), (&json!(named), &Json::Null));
        assert_eq!(told["rule"], of_tag["rule"]);
    }
    let unknown = ask("did(swap)", "u9").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let mistaken = ask("kyc_level >=", "u1").await;
    assert_eq!(mistaken.code(), "invalid_rule");
}

#[tokio::test]
async fn tags_are_found_by_words_and_category_and_come_by_page() {
    let router = router(memory());
    for (query, expected) in [
        ("q=WHALE", vec!["whale"]),
        ("q=%E5%B7%A8", vec!["whale"]),
        ("q=silver+tier", vec!["tier"]),
        ("q=nothing", vec![]),
        ("category=value", vec!["whale", "tier"]),
        ("category=", vec!["traded_usd"]),
        ("limit=1&after=whale", vec!["tier"]),
    ] {
        let answer = get(&router, &format!("/api/v1/tags?{query}")).await;
        assert_eq!(keys(&answer), expected, "{query}");
    }
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let answer = get(&router, &format!("/api/v1/tags?limit=3{after}")).await;
        assert_eq!(answer.json()["count"], 4);
        found.extend(keys(&answer));
        match answer.json()["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(found, ["whale", "tier", "traded_usd", "bot"]);
}

#[tokio::test]
async fn all_pages_together_hold_each_member_once() {
    let router = router(memory());
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let answer = get(
            &router,
            &format!("/api/v1/tags/tier/members?limit=2{after}"),
        )
        .await;
        let page = answer.json();
        assert_eq!(page["count"], 5);
        for member in page["members"].as_array().unwrap() {
            found.push(member["user"].as_str().unwrap().to_owned());
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(found, ["u1", "u2", "u3", "u4", "u5"]);
}

#[tokio::test]
async fn members_can_be_asked_for_by_value() {
    let answer = get(&router(memory()), "/api/v1/tags/tier/members?value=gold").await;
    assert_snapshot!(pretty(&answer));
}

#[tokio::test]
async fn a_user_has_a_profile_with_every_digit_and_tags() {
    let router = router(memory());
    assert_snapshot!(pretty(&get(&router, "/api/v1/users/u1?events=1").await));
    assert_snapshot!(pretty(&get(&router, "/api/v1/users/account:u1/tags").await));
}

#[tokio::test]
async fn a_rule_is_counted_and_its_members_come_by_page() {
    let router = router(memory());
    let rule = r#"{"rule":"tag(whale)","as_of":"2026-11-01T00:00:00Z"}"#;
    assert_snapshot!(pretty(&post(&router, "/api/v1/rules/count", rule).await));
    let first = r#"{"rule":"tag(whale)","limit":2}"#;
    let first = post(&router, "/api/v1/rules/members", first).await.json();
    assert_eq!(texts(&first["members"]), ["u1", "u2"]);
    let rest = json!({"rule": "tag(whale)", "limit": 2, "after": first["next"]}).to_string();
    let rest = post(&router, "/api/v1/rules/members", &rest).await.json();
    assert_eq!(texts(&rest["members"]), ["u3"]);
    assert_eq!((&rest["next"], &rest["count"]), (&Json::Null, &json!(3)));
}

#[tokio::test]
async fn a_mistaken_rule_is_answered_with_every_mistake_and_its_place() {
    let rule = r#"{"rule":"kyc_level >=\n  and country in (\"新加坡\""}"#;
    for address in ["/api/v1/rules/count", "/api/v1/rules/members"] {
        let answer = post(&router(memory()), address, rule).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let error = &answer.json()["error"];
        assert_eq!(error["code"], "invalid_rule");
        let diagnostics = error["diagnostics"].as_array().unwrap();
        assert!(diagnostics.len() >= 2, "{error}");
        for diagnostic in diagnostics {
            assert_eq!(diagnostic["severity"], "error");
            assert_eq!(diagnostic["line"], 2, "{diagnostic}");
            assert!(diagnostic["start"].as_u64() <= diagnostic["end"].as_u64());
            assert!(!diagnostic["message"].as_str().unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_rule_is_said_in_the_language_that_is_asked_for() {
    let rule = r#"{"rule":"kyc_level >="}"#;
    let said = async |address: &str| {
        let answer = post(&router(memory()), address, rule).await.json();
        let error = &answer["error"];
        [
            error["message"].clone(),
            error["diagnostics"][0]["message"].clone(),
        ]
    };
    assert_eq!(
        said("/api/v1/rules/count?lang=zh").await,
        ["规则有错误", "这里应写：一个值或条件；现在是：结尾"]
    );
    assert_eq!(
        said("/api/v1/rules/members").await,
        [
            "the rule has mistakes",
            "expected a value or a condition, found the end"
        ]
    );
}

#[tokio::test]
async fn audiences_come_with_rules_and_counts() {
    assert_snapshot!(pretty(&get(&router(memory()), "/api/v1/audiences").await));
}

#[tokio::test]
async fn the_past_of_a_tag_is_told_as_a_trend_and_as_a_difference() {
    let router = router(memory());
    let trend = get(&router, "/api/v1/tags/whale/trend?days=7").await;
    assert_snapshot!("trend", pretty(&trend));
    let changes = "/api/v1/tags/tier/changes?from=2026-11-18&to=2026-11-20T12:00:00Z";
    assert_snapshot!("changes", pretty(&get(&router, changes).await));
    for wrong in [
        "/api/v1/tags/whale/trend?days=0",
        "/api/v1/tags/tier/changes?from=soon",
        "/api/v1/tags/tier/changes",
        "/api/v1/tags/tier/members?on=soon",
    ] {
        let answer = get(&router, wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let unknown = get(&router, "/api/v1/tags/nothing/trend").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_uses_what_is_told_for_a_key() {
    let router = router(memory());
    let found = get(&router, "/api/v1/uses?key=tier&kind=tag").await;
    assert_snapshot!("uses", pretty(&found));
    let unknown = get(&router, "/api/v1/uses?key=tier&kind=list").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn tags_that_mean_the_same_and_tags_that_nobody_needs_are_listed() {
    let router = router(memory());
    let same = get(&router, "/api/v1/duplicates").await;
    assert_eq!(same.json(), json!({"duplicates": [["bot", "whale"]]}));
    let unused = get(&router, "/api/v1/unused?days=14").await;
    let expected = json!({"days": 14, "unused": [{"tag": "bot", "asked_on": "2026-10-01"}]});
    assert_eq!(unused.json(), expected);
}
