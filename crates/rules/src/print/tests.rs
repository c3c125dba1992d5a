//! Text → tree → text.

use crate::{Rule, parse, print};

/// Texts that are already canonical.
const CANONICAL: &[&str] = &[
    r#"kyc_level >= 2 and country in ("SG", "JP") and not tag(sybil)"#,
    r#"count(quest_complete where chain = "bsc" and reward_usd > 10, last 30d) >= 3"#,
    "sum(swap.amount_usd, last 30 calendar days) / sum(swap.amount_usd) > 0.5 and did(login, last 24h) and not did(withdraw, last 90d)",
    "case \"whale\" when sum(swap.amount_usd, last 30d) >= 100000\ncase \"active\" when days(login, last 7 calendar days) >= 3\nelse \"dormant\"",
    "count(`Order Completed` where `奖励 USD` > 10)",
    "sum(tx.(gas_used * gas_price)) > 10 ether",
    "distinct(tx.(chain, to)) >= 3",
    "distinct((a, b).p, previous month)",
    "count(quest_*, this week) > 1e18",
    "count(event swap, from 90d ago to first_time(login) + 7d) = 0",
    "at least 2 of (a, b = 1, not c)",
    "(a or b) and c",
    "(a and b) or (c and d)",
    "(a and b) and c",
    "-(5) + -5 - -a < a - (b - c)",
    "x between 1 and 2 and not (x not between -3 and 4)",
    "birthday in next 7d and signup_at not in list(x) and in audience(k)",
    "x is set or y is not set",
    "name contains \"a\\\"b\\\\n\\d\" ignoring case",
    "first(login.device, 3 where ok, within 7d after signup_at) != \"ios\"",
    "sum(swap.amount, between 2026-11-01 and 2026-11-30) > 0",
    "last_time(login, 5) before 2026-11-01T10:00Z",
    "age(years, birthday) >= 18",
    "groups has all of (\"a\", \"b\") and groups has \"c\"",
    "if(a = 1, 2, 3)",
    "`not` = 1 and x.not = 2",
];

#[test]
fn canonical_texts_are_fixed_points() {
    for text in CANONICAL {
        let rule = parse(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
        assert_eq!(&print(&rule), text);
        assert_eq!(parse(&print(&rule)).unwrap(), rule, "{text}");
        let json = rule.to_json().unwrap();
        assert_eq!(
            Rule::from_json(&json).unwrap_or_else(|error| panic!("{json}: {error}")),
            rule
        );
    }
}
