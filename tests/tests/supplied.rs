//! Tags that people supply, through the whole binary: imported with values and rejects, set by hand on single users,
//! in force at once, explained in both languages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use muster_tests::muster::Muster;
use serde_json::{Value as Json, json};

use self::support::{ask, assert_tells, platform, say};

const SUPPLIED: &str = "\
tags:
  - {key: partner, imported: {type: text}}
  - {key: score, imported: {type: number}}
  - {key: kol, by_hand: {type: text}}
  - {key: banned, by_hand: {}}
  - {key: good_kol, rule: 'tag(kol) = \"big\" and not tag(banned)'}
  - {key: partnered, rule: tag(partner) and tag(score) >= 5}
";

/// A platform with supplied tags, computed while nobody has them.
fn supplied() -> Muster {
    let muster = platform();
    muster.write("supplied.yaml", SUPPLIED).unwrap();
    say(&muster, "apply supplied.yaml");
    say(&muster, "compute --as-of 2026-03-01");
    muster
}

fn refused(muster: &Muster, arguments: &[&str]) -> String {
    muster.call(arguments).unwrap().failure().unwrap()
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn an_import_gives_a_tag_its_members_at_once_and_the_next_one_takes_their_place() {
    let muster = supplied();
    let rows = "id,name,points\nu1,binance,7\nu2,okx,many\nu3,okx,2.5\nstranger,okx,9\n";
    muster.write("partners.csv", rows).unwrap();
    let told = say(
        &muster,
        "import tag partners.csv --user id --value name --tag partner",
    );
    assert_tells(
        &told,
        &["4 users, of whom 1 are not known yet", "3 entered, 0 left"],
    );
    assert_eq!(say(&muster, "members partner --value okx"), "u2\nu3\n");
    let told = say(
        &muster,
        "import tag partners.csv --user id --value points --tag score --json",
    );
    let told = parsed(&told);
    assert_eq!(
        (&told["rejected"], &told["entered"]),
        (&json!(1), &json!(2))
    );
    let rejects = muster.folder().join("partners.csv.rejects.ndjson");
    let rejects = std::fs::read_to_string(rejects).unwrap();
    assert_tells(&rejects, &["\"line\":3", "`many` is not a number"]);
    // What uses it has followed for those users.
    assert_eq!(ask(&muster, &["members", "partnered"]), "u1\n");
    assert_eq!(ask(&muster, &["members", "tag(score) < 3"]), "u3\n");
    let why = say(&muster, "explain partnered u1 --lang en");
    assert_tells(&why, &["in the import of", "with binance", "with 7"]);
    let why = say(&muster, "explain partner u1 --lang zh");
    assert_tells(&why, &["binance", "导入的名单中"]);

    muster.write("fewer.csv", "id,name\nu3,bybit\n").unwrap();
    let told = say(
        &muster,
        "import tag fewer.csv --user id --value name --tag partner",
    );
    assert_tells(&told, &["1 user;"]);
    assert_eq!(ask(&muster, &["members", "partner"]), "u3\n");
    assert_eq!(ask(&muster, &["members", "partnered"]), "");
    muster.write("more.csv", "id,name\nu1,okx\n").unwrap();
    let added = "import tag more.csv --user id --value name --tag partner --add";
    assert_tells(&say(&muster, added), &["2 users; 1 entered, 0 left"]);
    // A computation of all finds the same.
    let told = parsed(&say(&muster, "compute --as-of 2026-03-01 --json"));
    assert_eq!(told["problems"], json!([]));
    assert_eq!(ask(&muster, &["members", "partner"]), "u1\nu3\n");
}

#[test]
fn what_cannot_be_imported_is_refused_in_words() {
    let muster = supplied();
    muster.write("some.csv", "id,name\nu1,x\n").unwrap();
    for (arguments, words) in [
        (
            "import tag some.csv --user id --tag partner",
            "say with `--value COLUMN` where they are",
        ),
        (
            "import tag some.csv --user id --value nam --tag partner",
            "no column `nam`",
        ),
        (
            "import tag some.csv --user id --tag banned",
            "is set by hand",
        ),
        (
            "import tag some.csv --user id --tag whale",
            "follows from a rule",
        ),
        (
            "import tag some.csv --user id --tag parner",
            "did you mean `partner`?",
        ),
        ("tag set u1 partner x", "is imported"),
        ("tag set u1 kol", "has a value of type text"),
        ("tag set u1 banned yes", "has no values"),
        ("tag set stranger banned", "there is no user `stranger`"),
    ] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let said = refused(&muster, &arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn a_tag_set_by_hand_is_in_force_at_once_with_whatever_uses_it() {
    let muster = supplied();
    let set = [
        "tag",
        "set",
        "u1",
        "kol",
        "big",
        "--author",
        "ann",
        "--reason",
        "signed the contract",
    ];
    let told = ask(&muster, &set);
    assert_tells(&told, &["entered kol = big, good_kol"]);
    assert_eq!(ask(&muster, &["members", "good_kol"]), "u1\n");
    // All others are as they were.
    assert_eq!(say(&muster, "members whale"), "u1\nu5\n");
    let user = say(&muster, "user u1");
    assert_tells(&user, &["kol", "big"]);
    let why = say(&muster, "explain good_kol u1 --lang en");
    assert_tells(
        &why,
        &["set to big by ann on 20", "because: signed the contract"],
    );
    let why = say(&muster, "explain kol u1 --lang zh");
    assert_tells(
        &why,
        &["由 ann 于 20", "设为 big", "原因：signed the contract"],
    );
    let told = say(&muster, "tag set u1 banned --author bob");
    assert_tells(&told, &["entered banned", "left good_kol"]);
    let told = say(&muster, "tag unset u1 kol --author bob");
    assert_tells(&told, &["left kol = big"]);
    let why = say(&muster, "explain kol u1 --lang en");
    assert_tells(&why, &["u1 does not have kol", "unset by bob on 20"]);
    let why = say(&muster, "explain kol u2 --lang zh");
    assert_tells(&why, &["没有人设置过"]);
    // That nobody has it any more hinders nothing: it may be set again, and what uses it follows.
    say(&muster, "compute --as-of 2026-03-01");
    say(&muster, "tag unset u1 banned");
    let told = ask(&muster, &set);
    assert_tells(&told, &["entered kol = big, good_kol"]);
}

#[test]
fn over_http_a_tag_is_set_and_unset_for_a_user() {
    let muster = supplied();
    let server = muster.serve().unwrap();
    let sent = json!({"value": "big", "author": "ann", "reason": "signed"});
    let address = "/api/v1/users/u1/tags/kol";
    let (status, told) = server.send("PUT", address, &sent.to_string()).unwrap();
    assert_eq!(status, 200, "{told}");
    let told = parsed(&told);
    assert_eq!(
        told["entered"],
        json!([{"key": "kol", "values": ["big"]}, {"key": "good_kol", "values": []}])
    );
    let (_, tags) = server.get("/api/v1/users/u1/tags").unwrap();
    assert_tells(&tags, &["good_kol", "big"]);
    let (_, page) = server.get("/users/u1?lang=zh").unwrap();
    assert_tells(&page, &["good_kol"]);
    let (_, why) = server.get("/api/v1/tags/kol/explain?user=u1").unwrap();
    assert_tells(&why, &["set to big by ann on", "由 ann 于"]);
    let (status, told) = server
        .send("DELETE", &format!("{address}?author=bob&reason=ended"), "")
        .unwrap();
    assert_eq!(status, 200, "{told}");
    assert_tells(
        &told,
        &["{\"key\":\"kol\",\"values\":[\"big\"]}", "good_kol"],
    );
    for (address, sent, status, words) in [
        (
            "/api/v1/users/nobody/tags/kol",
            json!({"value": "x"}),
            404,
            "no user `nobody`",
        ),
        (
            "/api/v1/users/u1/tags/kolx",
            json!({"value": "x"}),
            404,
            "did you mean `kol`?",
        ),
        (
            "/api/v1/users/u1/tags/whale",
            json!({}),
            400,
            "follows from a rule",
        ),
        (
            "/api/v1/users/u1/tags/kol",
            json!({}),
            400,
            "has a value of type text",
        ),
        (
            "/api/v1/users/u1/tags/kol",
            json!({"valu": 1}),
            400,
            "unknown field",
        ),
        (
            "/api/v1/users/u1/tags/whale?lang=zh",
            json!({}),
            400,
            "标签 `whale` 由规则决定",
        ),
        (
            "/api/v1/users/nobody/tags/kol?lang=zh",
            json!({"value": "x"}),
            404,
            "没有用户 `nobody`",
        ),
    ] {
        let (found, told) = server.send("PUT", address, &sent.to_string()).unwrap();
        assert_eq!(found, status, "{told}");
        assert_tells(&told, &["\"error\"", words]);
    }
}
