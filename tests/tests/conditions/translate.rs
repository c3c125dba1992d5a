//! A published condition (MongoDB's syntax, as feature-flag products use it) as a Muster rule.
//!
//! | theirs | ours |
//! |---|---|
//! | `{a: x}`, `$eq`, `$ne` | `a = x`, `a != x` |
//! | `{a: null}`, `$exists: false`, `$type: "null"` | `a is not set` |
//! | `$gt $gte $lt $lte` | `> >= < <=` |
//! | `$in`, `$nin` | `a in (…)`, `a not in (…)` |
//! | `$ini`, `$nini` | `a = x ignoring case or …`, and its `not` |
//! | `$veq`, `$vne`, `$vgt` … | `version(a) = version("…")` … |
//! | `$regex`, `$regexi` | `a matches "…"`, with `ignoring case` |
//! | `$size: n`, `$size: {…}` | `length(a) = n`, and the tests of a length |
//! | `$elemMatch: {…}` | the test itself: a test of a list holds if it holds for an element |
//! | `$elemMatch: {a: …}` | `any(list where a …)` |
//! | `$all`, `$alli` | `a has all of (…)`, `a = x ignoring case and …` |
//! | `$inGroup`, `$notInGroup` | `a in list(k)`, `a not in list(k)` |
//! | `$and $or $nor $not` | `and`, `or`, `not`; of nothing, `everyone` |

use rules::{printed_name, quoted};
use serde_json::{Map, Value as Json};

/// Why a condition has no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRule {
    /// No rule asks with which type a value was sent.
    TypeOfValue,
    /// No rule compares a list or an object as a whole.
    WholeListOrObject,
    /// It is no condition of theirs either: an operator that does not exist, or takes a list.
    Malformed,
}

/// The rule's text.
pub fn rule(condition: &Json) -> Result<String, NoRule> {
    let Json::Object(members) = condition else {
        return Err(NoRule::Malformed);
    };
    let parts = members.iter().map(|(key, value)| match key.as_str() {
        "$and" => joined(" and ", several(value)?),
        "$or" => joined(" or ", several(value)?),
        "$nor" => Ok(format!("not {}", joined(" or ", several(value)?)?)),
        "$not" => Ok(format!("not ({})", rule(value)?)),
        path => field(&printed_path(path), value),
    });
    joined(" and ", parts.collect::<Result<_, _>>()?)
}

/// The conditions of `$and` and the like.
fn several(value: &Json) -> Result<Vec<String>, NoRule> {
    list(value)?.iter().map(rule).collect()
}

/// Parts with a word between them, in parentheses. Of nothing both theirs hold.
fn joined(word: &str, parts: Vec<String>) -> Result<String, NoRule> {
    Ok(match parts.as_slice() {
        [] => "everyone".to_owned(),
        parts => format!("({})", parts.join(word)),
    })
}

fn printed_path(path: &str) -> String {
    path.split('.')
        .map(printed_name)
        .collect::<Vec<_>>()
        .join(".")
}

/// What is asked of one value: operators, or the value that it must have.
fn field(value: &str, asked: &Json) -> Result<String, NoRule> {
    match asked {
        Json::Null => Ok(format!("{value} is not set")),
        Json::Array(_) => Err(NoRule::WholeListOrObject),
        Json::Object(operators) if is_operators(operators) => {
            let parts = operators
                .iter()
                .map(|(name, operand)| operator(value, name, operand));
            joined(" and ", parts.collect::<Result<_, _>>()?)
        }
        Json::Object(_) => Err(NoRule::WholeListOrObject),
        constant => Ok(format!("{value} = {}", written(constant)?)),
    }
}

fn is_operators(members: &Map<String, Json>) -> bool {
    !members.is_empty() && members.keys().all(|key| key.starts_with('$'))
}

fn operator(value: &str, name: &str, operand: &Json) -> Result<String, NoRule> {
    let compared = |sign: &str| Ok(format!("{value} {sign} {}", written(operand)?));
    let versions = |sign: &str| {
        let version = written(operand)?;
        Ok(format!("version({value}) {sign} version({version})"))
    };
    let each_ignoring_case = |word: &str| {
        let tests = list(operand)?.iter().map(|one| ignoring_case(value, one));
        joined(word, tests.collect::<Result<_, _>>()?)
    };
    let pattern = || operand.as_str().map(quoted).ok_or(NoRule::Malformed);
    match name {
        "$eq" => compared("="),
        "$ne" => compared("!="),
        "$gt" => compared(">"),
        "$gte" => compared(">="),
        "$lt" => compared("<"),
        "$lte" => compared("<="),
        "$in" => Ok(format!("{value} in {}", constants(operand)?)),
        "$nin" => Ok(format!("{value} not in {}", constants(operand)?)),
        "$ini" => each_ignoring_case(" or "),
        "$nini" => Ok(format!("not {}", each_ignoring_case(" or ")?)),
        "$all" => Ok(format!("{value} has all of {}", constants(operand)?)),
        "$alli" => each_ignoring_case(" and "),
        "$regex" => Ok(format!("{value} matches {}", pattern()?)),
        "$regexi" => Ok(format!("{value} matches {} ignoring case", pattern()?)),
        "$exists" if operand == &Json::Bool(true) => Ok(format!("{value} is set")),
        "$exists" => Ok(format!("{value} is not set")),
        "$not" => Ok(format!("not ({})", field(value, operand)?)),
        "$size" => field(&format!("length({value})"), operand),
        "$elemMatch" => match operand {
            Json::Object(operators) if is_operators(operators) => field(value, operand),
            Json::Object(_) => Ok(format!("any({value} where {})", rule(operand)?)),
            _ => Err(NoRule::Malformed),
        },
        "$inGroup" => Ok(format!("{value} in list({})", key(operand)?)),
        "$notInGroup" => Ok(format!("{value} not in list({})", key(operand)?)),
        "$type" if operand == "null" => Ok(format!("{value} is not set")),
        "$type" => Err(NoRule::TypeOfValue),
        "$veq" => versions("="),
        "$vne" => versions("!="),
        "$vgt" => versions(">"),
        "$vgte" => versions(">="),
        "$vlt" => versions("<"),
        "$vlte" => versions("<="),
        _ => Err(NoRule::Malformed),
    }
}

fn ignoring_case(value: &str, constant: &Json) -> Result<String, NoRule> {
    Ok(format!("{value} = {} ignoring case", written(constant)?))
}

fn list(value: &Json) -> Result<&Vec<Json>, NoRule> {
    value.as_array().ok_or(NoRule::Malformed)
}

fn constants(value: &Json) -> Result<String, NoRule> {
    let written: Vec<String> = list(value)?.iter().map(written).collect::<Result<_, _>>()?;
    joined(", ", written)
}

fn key(value: &Json) -> Result<&str, NoRule> {
    value.as_str().ok_or(NoRule::Malformed)
}

fn written(constant: &Json) -> Result<String, NoRule> {
    match constant {
        Json::String(text) => Ok(quoted(text)),
        Json::Number(number) => Ok(number.to_string()),
        Json::Bool(truth) => Ok(truth.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => Err(NoRule::WholeListOrObject),
    }
}
