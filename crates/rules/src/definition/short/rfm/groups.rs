//! The groups that are usual: eight by high and low of each score, or eleven segments.

use super::super::nodes::all;
use super::super::{Group, NamedCase};
use super::Measures;
use super::scale::Scale;

const IMPORTANT_VALUE: Group = Group("important_value", "重要价值用户", "Important, valued");
const IMPORTANT_DEVELOP: Group =
    Group("important_develop", "重要发展用户", "Important, to develop");
const IMPORTANT_KEEP: Group = Group("important_keep", "重要保持用户", "Important, to keep");
const IMPORTANT_WIN_BACK: Group = Group(
    "important_win_back",
    "重要挽留用户",
    "Important, to win back",
);
const GENERAL_VALUE: Group = Group("general_value", "一般价值用户", "General, valued");
const GENERAL_DEVELOP: Group = Group("general_develop", "一般发展用户", "General, to develop");
const GENERAL_KEEP: Group = Group("general_keep", "一般保持用户", "General, to keep");
const GENERAL_WIN_BACK: Group = Group("general_win_back", "一般挽留用户", "General, to win back");

/// By high and low of recency, frequency and money.
pub(super) fn eight(measures: &Measures, scale: &Scale) -> Vec<NamedCase> {
    let recent = || scale.is_recent(measures);
    let frequent = || scale.is_frequent(measures);
    let rich = || scale.is_rich(measures);
    let known = || measures.recency.is_known.clone();
    vec![
        IMPORTANT_VALUE.when(all([recent(), frequent(), rich()])),
        IMPORTANT_DEVELOP.when(all([recent(), rich()])),
        IMPORTANT_KEEP.when(all([known(), frequent(), rich()])),
        IMPORTANT_WIN_BACK.when(all([known(), rich()])),
        GENERAL_VALUE.when(all([recent(), frequent()])),
        GENERAL_DEVELOP.when(recent()),
        GENERAL_KEEP.when(all([known(), frequent()])),
        GENERAL_WIN_BACK.when(known()),
    ]
}

const CHAMPIONS: Group = Group("champions", "冠军用户", "Champions");
const LOYAL: Group = Group("loyal", "忠诚用户", "Loyal");
const POTENTIAL_LOYALIST: Group =
    Group("potential_loyalist", "潜在忠诚用户", "Potential loyalists");
const NEW: Group = Group("new", "新用户", "New");
const PROMISING: Group = Group("promising", "有潜力的用户", "Promising");
const NEED_ATTENTION: Group = Group("need_attention", "需要关注的用户", "Need attention");
const ABOUT_TO_SLEEP: Group = Group("about_to_sleep", "即将沉睡的用户", "About to sleep");
const CANT_LOSE: Group = Group("cant_lose", "不能失去的用户", "Can't lose them");
const AT_RISK: Group = Group("at_risk", "有流失风险的用户", "At risk");
const HIBERNATING: Group = Group("hibernating", "沉睡用户", "Hibernating");
const LOST: Group = Group("lost", "流失用户", "Lost");

/// By the score of recency, and those of frequency and money added up: 7 is a mean of 3.5, which
/// rounds to 4.
pub(super) fn eleven(measures: &Measures, scale: &Scale) -> Vec<NamedCase> {
    let recent = |score| scale.recent(measures, score);
    let together = |sum| scale.together(measures, sum);
    let known = || measures.recency.is_known.clone();
    vec![
        CHAMPIONS.when(all([recent(5), together(7)])),
        LOYAL.when(all([recent(3), together(7)])),
        POTENTIAL_LOYALIST.when(all([recent(4), together(3)])),
        NEW.when(recent(5)),
        PROMISING.when(recent(4)),
        NEED_ATTENTION.when(all([recent(3), together(5)])),
        ABOUT_TO_SLEEP.when(recent(3)),
        CANT_LOSE.when(all([known(), together(9)])),
        AT_RISK.when(all([known(), together(5)])),
        HIBERNATING.when(recent(2)),
        LOST.when(known()),
    ]
}
