//! Tree → sentence: a rule in 简体中文 or English, for those who do not write rules.
//!
//! Lists, approvals and differences show it. A construct is one function that says it in both
//! languages, side by side; every match over the tree is exhaustive, so that none is forgotten.
//! Nested conditions stand in parentheses, so that a sentence has one meaning. What holds for
//! users without a value says so.

mod aggregate;
mod choice;
mod collection;
mod comparison;
mod condition;
mod constant;
mod derived;
mod event;
mod function;
mod group;
mod identity;
mod lifecycle;
mod lookalike;
mod missing;
mod name;
mod points;
mod population;
mod rfm;
mod sequence;
mod spacing;
mod speaker;
mod value;
mod window;

use domain::{Keep, Language, LocalizedText, Supplier, TagBody};

pub use self::name::Names;
pub(crate) use self::name::key_called;
use self::spacing::spaced;
use self::speaker::{Speaker, say};
use crate::definition::text_of;
use crate::parse::parse;
use crate::tree::{Cases, Expression, Node, Rule};

/// The rule as a sentence.
#[must_use]
pub fn sentence(rule: &Rule, language: Language, names: &Names) -> String {
    sentence_of_cases(rule, language, names, &[])
}

/// The rule as a sentence, with what its values are called, in the order of the cases.
fn sentence_of_cases(
    rule: &Rule,
    language: Language,
    names: &Names,
    values: &[LocalizedText],
) -> String {
    let speaker = Speaker::of_users(language, names);
    let said = match rule {
        Rule::Expression(expression) if is_value(&expression.node) => {
            let value = speaker.value(expression);
            say!(speaker, "值为 {value}", "the value is {value}")
        }
        Rule::Expression(expression) => speaker.condition(expression),
        Rule::Cases(cases) => speaker.cases(cases, values),
    };
    spaced(&said, language)
}

/// The rule of a definition as a sentence, or how people supply it; nothing if it cannot be read.
/// Kinds that are written short are said by what is written, not by the cases that they stand for.
#[must_use]
pub fn sentence_of_body(body: &TagBody, language: Language, names: &Names) -> Option<String> {
    match body {
        TagBody::Rfm(rfm) => rfm::said(rfm, language, names),
        TagBody::Lifecycle(lifecycle) => lifecycle::said(lifecycle, language, names),
        TagBody::Lookalike(lookalike) => lookalike::said(lookalike, language, names),
        TagBody::Supplied(supplied) => Some(of_supply(supplied.by, language).to_owned()),
        TagBody::Sql(_) => Some(of_query(language).to_owned()),
        TagBody::Rule(_) | TagBody::Value(_) | TagBody::Cases { .. } => {
            sentence_of_rule(body, language, names)
        }
    }
}

fn of_supply(by: Supplier, language: Language) -> &'static str {
    match (by, language) {
        (Supplier::Import, Language::Chinese) => "由导入的名单给出",
        (Supplier::Import, Language::English) => "those who were imported",
        (Supplier::Hand, Language::Chinese) => "由人逐个设置",
        (Supplier::Hand, Language::English) => "those for whom it was set by hand",
    }
}

fn of_query(language: Language) -> &'static str {
    match language {
        Language::Chinese => "由一条 SQL 查询得出",
        Language::English => "found by an SQL query",
    }
}

/// A rule that is written out.
fn sentence_of_rule(body: &TagBody, language: Language, names: &Names) -> Option<String> {
    let rule = parse(&text_of(body)).ok()?;
    let TagBody::Cases { cases, keep, .. } = body else {
        return Some(sentence(&rule, language, names));
    };
    let values: Vec<LocalizedText> = cases.iter().map(|case| case.name.clone()).collect();
    let said = sentence_of_cases(&rule, language, names, &values);
    Some(match (keep, language) {
        (Keep::First, _) => said,
        (Keep::All, Language::Chinese) => format!("满足的每一项都取值。{said}"),
        (Keep::All, Language::English) => format!("every one that holds: {said}"),
    })
}

/// A part of a rule, which is a condition, as a sentence. What gives points is not told: each of that is a part of its own.
#[must_use]
pub fn sentence_of_condition(condition: &Expression, language: Language, names: &Names) -> String {
    let speaker = Speaker::of_users(language, names).of_parts();
    spaced(&speaker.condition(condition), language)
}

/// A part of a rule, which is a value, in words; likewise.
#[must_use]
pub fn sentence_of_value(value: &Expression, language: Language, names: &Names) -> String {
    let speaker = Speaker::of_users(language, names).of_parts();
    spaced(&speaker.value(value), language)
}

/// Whether a rule that is this alone gives a value: a metric.
fn is_value(node: &Node) -> bool {
    match node {
        Node::Number(_)
        | Node::Duration(_)
        | Node::Time(_)
        | Node::Date(_)
        | Node::Text(_)
        | Node::Ago(_)
        | Node::Now
        | Node::Negate(_)
        | Node::Points(_)
        | Node::Lookup { .. }
        | Node::Arithmetic { .. }
        | Node::Call { .. }
        | Node::CountSequences(_)
        | Node::Gap(_) => true,
        Node::Rank(_) | Node::Quantile { .. } => true,
        Node::OverUsers(over) => !over.is_condition(),
        Node::Aggregate(aggregate) => !aggregate.is_condition(),
        Node::Grouped(_) => true,
        _ => false,
    }
}

impl Speaker<'_> {
    /// The layers of a tag, and what their values are called.
    fn cases(&self, cases: &Cases, names: &[LocalizedText]) -> String {
        let joint = say!(self, "；", "; ");
        let mut layers: Vec<String> = Vec::with_capacity(cases.of.len() + 1);
        for (at, case) in cases.of.iter().enumerate() {
            let name = names.get(at).map(|name| name.of(self.language));
            let name = name.filter(|name| !name.is_empty());
            let value = name.map_or_else(|| self.text(&case.value.node), |name| self.name(name));
            let when = self.condition(&case.when);
            layers.push(say!(self, "{value}：{when}", "{value} where {when}"));
        }
        if let Some(otherwise) = &cases.otherwise {
            let value = self.text(&otherwise.node);
            layers.push(say!(self, "其余用户：{value}", "{value} for everyone else"));
        }
        layers.join(&joint)
    }
}
