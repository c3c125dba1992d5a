//! Tags of every sort, as teams write them: some dozens of ideas, each for many parameters.

use std::collections::BTreeSet;

use domain::{LocalizedText, TagBody, TagDefinition, TagKey};

use crate::dictionary::CHAINS;
use crate::random::{Purpose, Random};

/// What is open in an idea is a word in braces; see [`filled`]. Bounds are drawn freely, what is measured from a few
/// choices, so that some hundreds of features serve all tags.
const IDEAS: [&str; 34] = [
    "streak(check_in) >= {bound}",
    "longest_streak({act}, last {days}d) >= {bound}",
    "median({tx}.amount_usd, last {days}d) > {usd}",
    "percentile({tx}.amount_usd, 90) >= {usd}",
    "stddev({tx}.amount_usd, last 30d) < {usd} and count({tx}, last 30d) >= {bound}",
    "top({tx}.chain) = \"{chain}\" and count({tx}) >= {bound}",
    "top({act}.(hour(time)), 1, last {days}d) = {hour}",
    "top({tx}.token, 3) has \"USDT\" and sum({tx}.amount_usd) > {usd}",
    "sequence(quest_start -> quest_complete within {span}, same quest_id, last {days}d) and count(login) > {bound}",
    "sequence(quest_view -> quest_start -> quest_complete -> quest_claim within {span}, same quest_id)",
    "sequence({act} -> not {tx} within {span}) and count({act}) >= {bound}",
    "sequence(deposit -> swap within 1h -> withdraw within {span} after deposit)",
    "count_sequences({act} -> {tx}, last {days}d) >= {bound}",
    "avg(gap(quest_start -> quest_complete, same quest_id)) <= {hour}h",
    "median(gap({act} -> {act}, last {days}d)) <= {hour}h",
    "did(changed(kyc_status), last {days}d) or count({act}, last {days}d) >= {bound}",
    "count({tx} where amount_usd > 100 and chain = \"{chain}\", last {days}d) >= {bound}",
    "days({act}, last {days} calendar days) >= {bound} and not did({tx}, last 7d)",
    "count({act}, within {span} after first_time(login)) >= {bound}",
    "last_time({tx}, 3) in last {days}d and sum({tx}.amount_usd) > {usd}",
    "first({tx}.chain, 2) = \"{chain}\" and last({tx}.chain) != \"{chain}\"",
    "sum({tx}.amount_usd, last 7d) > sum({tx}.amount_usd, from {days}d ago to 7d ago) + {usd}",
    "points(1 when did({act}), 2 when count({tx}) >= {bound}, -1 when streak(login) < {bound}) >= 2",
    "distinct({tx}.(chain, token), last {days}d) >= {bound} and hours({act}) > {hour}",
    r#"case "whale" when sum({tx}.amount_usd) >= {usd}0 case "active" when days({act}) >= {bound} else "dormant""#,
    "bucket(\"{act}\", 100) < {bound} and did({tx})",
    "days({act} having count() >= 2, last {days}d) >= {bound}",
    "distinct(swap.chain having sum(swap.amount_usd) > 500) >= 2 and count({act}) > {bound}",
    "max(count({act}) per hour, last {days}d) >= {bound}",
    "avg(sum({tx}.amount_usd) per day, last {days}d) > {usd}",
    "top(swap.token, 1 by sum(swap.amount_usd)) has \"USDT\" and count({act}) >= {bound}",
    "rank(sum({tx}.amount_usd, last {days}d)) in top {bound}%",
    "quantile_of(count({act}, last {days}d), 5) = 5 and sum({tx}.amount_usd) > {usd}",
    "if(did({tx}), sum({tx}.amount_usd) / count({tx}), 0) > {usd} and coalesce(kyc_level, 0) < {bound}",
];

/// Events without amounts.
const ACTS: [&str; 12] = [
    "login",
    "page_view",
    "search",
    "quest_view",
    "quest_start",
    "quest_complete",
    "quest_claim",
    "check_in",
    "community_post",
    "community_like",
    "vote",
    "notification_open",
];

/// Transactions.
const TRANSACTIONS: [&str; 8] = [
    "swap", "bridge", "transfer", "deposit", "stake", "mint", "nft_buy", "borrow",
];

/// Draws so many tags; equal seeds give equal tags.
pub fn mixed_tags(count: usize, seed: u64) -> Vec<TagDefinition> {
    let mut random = Random::new(seed, Purpose::Tags, 1);
    let mut known = BTreeSet::new();
    let mut tags = Vec::with_capacity(count);
    for idea in IDEAS.iter().cycle().take(count * 20) {
        let rule = filled(idea, &mut random);
        if tags.len() < count && known.insert(rule.clone()) {
            tags.extend(definition(tags.len(), rule));
        }
    }
    tags
}

/// An idea with its parameters. Equal words may get different ones.
fn filled(idea: &str, random: &mut Random) -> String {
    let mut rule = String::new();
    let mut rest = idea;
    while let Some((before, (word, after))) = rest
        .split_once('{')
        .and_then(|(before, open)| Some((before, open.split_once('}')?)))
    {
        rule.push_str(before);
        let number = |random: &mut Random, least: u64, most: u64| {
            (least + random.below(most + 1 - least)).to_string()
        };
        let one = |random: &mut Random, of: &[&str]| {
            random.pick(of).copied().unwrap_or_default().to_owned()
        };
        rule.push_str(&match word {
            "act" => one(random, &ACTS),
            "tx" => one(random, &TRANSACTIONS),
            "chain" => one(random, CHAINS),
            "days" => one(random, &["14", "30"]),
            "span" => one(random, &["1h", "1d", "7d"]),
            "bound" => number(random, 1, 20),
            "hour" => number(random, 1, 23),
            _ => number(random, 1, 200) + "0",
        });
        rest = after;
    }
    rule + rest
}

fn definition(number: usize, rule: String) -> Option<TagDefinition> {
    let key = TagKey::new(&format!("mixed_{number:05}")).ok()?;
    Some(TagDefinition {
        name: LocalizedText {
            zh: format!("各类标签 {number}"),
            en: format!("Tag of any sort {number}"),
        },
        category: "各类 Mixed".to_owned(),
        ..TagDefinition::new(key, TagBody::Rule(rule))
    })
}
