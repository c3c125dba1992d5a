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
        "eq" | "equals" | "equal" | "is" => "=",
        "ne" | "neq" | "isnt" => "!=",
        "gt" => ">",
        "gte" | "ge" => ">=",
        "lt" => "<",
        "lte" | "le" => "<=",
        "like" | "ilike" | "includes" | "include" | "contain" | "containing" => "contains",
        "regex" | "regexp" | "rlike" | "match" => "matches",
        "startswith" | "begins" | "starts_with" => "starts with",
        "endswith" | "ends_with" => "ends with",
        "in" => "in",
        "xor" => "or",
        "exists" => "is set",
        _ => return None,
    })
}
