//! Which words are keywords, begin windows, or stand for operators of other languages.

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

/// Whether a name has to stand in backticks where a value is expected.
pub(crate) fn is_reserved(word: &str) -> bool {
    word == "NOT" || RESERVED.contains(&word)
}

/// Whether a window begins with the word.
pub(super) fn begins_window(word: &str) -> bool {
    WINDOWS.contains(&word)
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
