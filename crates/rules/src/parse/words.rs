//! Which words are keywords, begin windows, or stand for operators of other languages.

use super::operand::unit_instead_of;

/// Words that cannot be names without backticks where a value is expected.
const RESERVED: [&str; 21] = [
    "and", "at", "between", "by", "case", "else", "everyone", "false", "for", "having", "in", "is",
    "not", "now", "or", "per", "true", "when", "where", "AND", "OR",
];

/// Words that a window begins with.
const WINDOWS: [&str; 12] = [
    "before",
    "between",
    "ever",
    "from",
    "last",
    "next",
    "previous",
    "since",
    "this",
    "today",
    "within",
    "yesterday",
];

/// What Chinese writes for `last`.
const LAST: [&str; 3] = ["最近", "过去", "近"];

/// Whether a name has to stand in backticks where a value is expected.
pub(crate) fn is_reserved(word: &str) -> bool {
    word == "NOT" || RESERVED.contains(&word)
}

/// Whether a window begins with the word.
pub(super) fn begins_window(word: &str) -> bool {
    WINDOWS.contains(&word)
}

/// Whether a window begins with the word, and nothing else does.
pub(super) fn begins_window_of_events(word: &str) -> bool {
    begins_window(word) && !matches!(word, "before" | "between" | "from" | "next")
}

/// What joins conditions, of a word by which other languages join them.
pub(super) fn joint(word: &str) -> Option<&'static str> {
    operator_instead_of(word).filter(|operator| matches!(*operator, "and" | "or"))
}

/// What to write instead of a word that other languages have for an operator.
pub(super) fn operator_instead_of(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "eq" | "equals" | "equal" | "is" | "等于" | "是" | "为" => "=",
        "ne" | "neq" | "isnt" | "不等于" | "不是" | "不为" => "!=",
        "gt" | "大于" | "超过" => ">",
        "gte" | "ge" | "大于等于" | "不小于" | "不少于" | "至少" => ">=",
        "lt" | "小于" | "少于" => "<",
        "lte" | "le" | "小于等于" | "不大于" | "不超过" | "至多" => "<=",
        "like" | "ilike" | "includes" | "include" | "contain" | "containing" | "包含" => {
            "contains"
        }
        "不包含" => "not contains",
        "regex" | "regexp" | "rlike" | "match" | "匹配" => "matches",
        "startswith" | "begins" | "starts_with" => "starts with",
        "endswith" | "ends_with" => "ends with",
        "in" | "属于" => "in",
        "不属于" => "not in",
        "介于" => "between",
        "且" | "并且" | "而且" | "和" | "与" | "同时" => "and",
        "xor" | "或" | "或者" => "or",
        "exists" | "有值" | "不为空" => "is set",
        "为空" | "无值" => "is not set",
        _ => return None,
    })
}

/// Whether the word means `last`: `最近 30d`.
pub(super) fn means_last(word: &str) -> bool {
    LAST.contains(&word)
}

/// The window that Chinese words mean: `last 30d`, of `近30天`.
pub(super) fn window_instead_of(word: &str) -> Option<String> {
    let window = match word {
        "今天" | "今日" => "today",
        "昨天" | "昨日" => "yesterday",
        "本周" | "这周" => "this week",
        "上周" => "previous week",
        "本月" | "这个月" => "this month",
        "上月" | "上个月" => "previous month",
        "今年" => "this year",
        "去年" => "previous year",
        _ => return last_instead_of(word),
    };
    Some(window.to_owned())
}

fn last_instead_of(word: &str) -> Option<String> {
    let span = LAST.iter().find_map(|word_of| word.strip_prefix(word_of))?;
    let span = span.strip_suffix('内').unwrap_or(span);
    let unit = span.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = span.split_at_checked(unit)?;
    let letter = unit_instead_of(unit).filter(|_| !number.is_empty())?;
    Some(format!("last {number}{letter}"))
}
