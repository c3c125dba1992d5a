//! What rules mean, and what the checker says about them.

use super::{CheckOptions, Checked, read};
use crate::diagnostic::render;
use crate::tests::vocabulary::vocabulary;

fn check(text: &str) -> Checked {
    read(text, &vocabulary(), &CheckOptions::default())
        .unwrap_or_else(|diagnostics| panic!("{}", render("rule", text, &diagnostics)))
}

#[test]
fn every_kind_of_rule_that_this_version_has_is_checked() {
    for text in [
        r#"kyc_level >= 2 and country in ("SG", "JP") and not tag(sybil)"#,
        r#"count(quest_complete where chain = "bsc" and reward_usd > 10, last 30d) >= 3"#,
        "sum(swap.amount_usd, last 30 calendar days) / sum(swap.amount_usd) > 0.5 and did(login, last 24h) and not did(withdraw, last 90d)",
        "case \"whale\" when sum(swap.amount_usd, last 30d) >= 100000\ncase \"active\" when days(login, last 7 calendar days) >= 3\nelse \"dormant\"",
        "sum(swap.amount_usd, last 30d)",
        "first(login.device)",
        "count(`Order Completed` where `奖励` > 10) > 0",
        "sum(tx.(gas_used * gas_price)) > 10 ether",
        "distinct(tx.(chain, to)) >= 3",
        "tag(tier) = \"gold\" or tag(lifetime_usd) >= 5 or tag(3d_active)",
        "in list(staff) or country in list(hot_countries) or in audience(whales)",
        "age(signup_at) >= 30d and age(years, birthday) >= 18",
        "signup_at in last 30d or birthday on 2000-02-29 or signup_at between 2026-11-01 and 2026-11-30",
        "date_diff(days, signup_at, last_time(login)) <= 3",
        "if(verified, sum(swap.amount_usd), 0) > 5",
        "coalesce(email, \"-\") contains \"@\"",
        "at least 2 of (verified, kyc_level = 3, did(login))",
        "roles has any of (\"admin\", \"mod\") and roles has \"x\"",
        "count(swap, from first_time(login) to first_time(login) + 7d) > 0",
        "count(swap, since 90d ago) > 0 and count(page where path = \"/\") > 0",
        "count(quest_*, today) + count((swap, withdraw), previous month) > abs(-3)",
        "hour(last_time(login), \"Asia/Shanghai\") between 9 and 17",
        "count(swap where time before 2026-11-01 and user.country = \"SG\") > 0",
        "max(swap.amount_usd) - min(swap.amount_usd) > 30 gwei",
        "last_time(swap) - first_time(swap) >= 14d",
        "last(login.device, 2 where source = \"web\") is not set",
        "everyone",
    ] {
        check(text);
    }
}
