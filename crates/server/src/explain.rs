//! Why a user has a tag, is in an audience or matches a rule, or why not: the rule's tree, each node true or false, and
//! at the leaves what was measured, from which events, and with what it was compared.
//!
//! The values are those of the engine's own fold over the user's history, and each part is the
//! very condition that the checker made the rule of.

mod change;
mod measured;
mod queried;
mod repeats;
mod subject;
mod supplied;
mod text;
mod written;

use anyhow::{Result, anyhow};
use api::ports::explanation::{Explanation, Joint, Reason, Subject};
use domain::{Keep, Language, LocalizedText, TagDefinition, TagKey, Time, UserNumber};
use features::evaluate;
use rules::checked::Body;
use rules::sentence::{sentence, sentence_of_body, sentence_of_condition, sentence_of_value};
use rules::tree::{Cases, Expression, Node, Rule, Weighted};
use rules::{Expected, print_expression};

pub use self::change::of_engine;
pub use self::text::text;
use self::written::Written;
use crate::display;
use crate::one_user::{Asked, Given, OneUser};
use crate::rulebook::Meaning;
use crate::situation::Situation;
use crate::sql_tags::query_of;

/// How deep tags of tags are explained.
const DEEPEST: usize = 8;

/// A user whose tags are explained.
#[derive(Clone, Copy)]
pub struct Explained<'k> {
    /// The user's number.
    pub number: UserNumber,
    /// How the user is called.
    pub key: &'k str,
}

/// Explains a tag, an audience or a rule for a user at an instant, from data read at another.
///
/// # Errors
/// There is no such tag or audience, or it has mistakes; the store's.
pub fn explain(
    situation: &Situation<'_>,
    of: &Subject,
    user: Explained<'_>,
    as_of: Time,
    data_as_of: Time,
) -> Result<Explanation> {
    let (written, name) = match of {
        Subject::Tag(tag) => return of_tag(situation, tag, user, as_of, data_as_of),
        Subject::Audience(key) => (
            Written::of_audience(situation, key.as_str()),
            situation.names.audiences.get(key),
        ),
        Subject::Rule(text) => (Written::of_text(situation, text, Expected::Anything), None),
    };
    let written = written.ok_or_else(|| anyhow!("the rule cannot be read"))?;
    let outcome = outcome(situation, &written, user, as_of)?;
    Ok(Explanation {
        of: of.clone(),
        name: name.cloned().unwrap_or_default(),
        user: user.key.to_owned(),
        has: outcome.given.has(),
        values: values(outcome.given),
        as_of,
        data_as_of,
        sentence: both(|language| sentence(&written.tree, language, situation.names)),
        rule: outcome.rule,
        change: None,
    })
}

fn of_tag(
    situation: &Situation<'_>,
    tag: &TagKey,
    user: Explained<'_>,
    as_of: Time,
    data_as_of: Time,
) -> Result<Explanation> {
    let read = situation
        .book
        .tag(tag)
        .ok_or_else(|| anyhow!("there is no tag `{tag}`"))?;
    let definition = &read.definition;
    if let Some(sql) = query_of(definition) {
        return Ok(queried::explanation(
            situation,
            (read, sql),
            user,
            data_as_of,
        ));
    }
    let sentence = sentence_of_tag(situation, definition);
    if let Meaning::Supplied(supplied) = read.meaning {
        return Ok(supplied::explain(
            situation,
            (read, supplied),
            user,
            as_of,
            sentence,
        ));
    }
    let as_of = definition.as_of.map_or(as_of, |at| at.min(as_of));
    let written = Written::of_tag(situation, definition)
        .ok_or_else(|| anyhow!("tag `{tag}` cannot be read"))?;
    let outcome = outcome(situation, &written, user, as_of)?;
    Ok(Explanation {
        of: Subject::Tag(tag.clone()),
        name: definition.name.clone(),
        user: user.key.to_owned(),
        has: outcome.given.has(),
        values: values(outcome.given),
        as_of,
        data_as_of,
        sentence,
        rule: outcome.rule,
        change: None,
    })
}

/// How a rule came out for a user.
struct Outcome {
    given: Given,
    rule: Vec<Reason>,
}

fn outcome(
    situation: &Situation<'_>,
    written: &Written,
    user: Explained<'_>,
    as_of: Time,
) -> Result<Outcome> {
    let asked = Asked {
        rule: &written.rule,
        parts: Some(&written.parts),
    };
    let one = OneUser::new(situation, user.number, asked, as_of)?;
    let explainer = Explainer {
        situation,
        one: &one,
        written,
        depth: 0,
    };
    Ok(Outcome {
        given: one.gives(&written.rule),
        rule: repeats::marked(explainer.rule()),
    })
}

/// The rule of a tag in both languages.
fn sentence_of_tag(situation: &Situation<'_>, tag: &TagDefinition) -> LocalizedText {
    both(|language| sentence_of_body(&tag.body, language, situation.names).unwrap_or_default())
}

fn both(said: impl Fn(Language) -> String) -> LocalizedText {
    LocalizedText {
        zh: said(Language::Chinese),
        en: said(Language::English),
    }
}

fn values(given: Given) -> Vec<String> {
    match given {
        Given::Truth(_) | Given::Value(None) => Vec::new(),
        Given::Layers(values) => values,
        Given::Value(Some(value)) => vec![display::value(&value)],
    }
}

/// The parts of an expression that speak of the user, not of another one.
fn own_parts(expression: &Expression) -> Vec<&Expression> {
    match &expression.node {
        Node::OfUser { user, .. } => vec![user],
        Node::OverUsers(_) => Vec::new(),
        node => node.children(),
    }
}

/// What a value gives points for, also where it is compared or ranked.
fn points_of(expression: &Expression) -> &[Weighted] {
    let value = match &expression.node {
        Node::Compare { left, .. } => &left.node,
        Node::InRank { ranking, .. } => &ranking.by.node,
        node => node,
    };
    match value {
        Node::Points(all) => all,
        _ => &[],
    }
}

/// Explains the parts of one rule.
#[derive(Clone, Copy)]
struct Explainer<'e> {
    situation: &'e Situation<'e>,
    one: &'e OneUser<'e>,
    written: &'e Written,
    depth: usize,
}

impl Explainer<'_> {
    /// The rule: one part, or one for each case.
    fn rule(&self) -> Vec<Reason> {
        match &self.written.tree {
            Rule::Expression(expression) => vec![self.part(expression)],
            Rule::Cases(cases) => self.cases(cases),
        }
    }

    /// The cases, and the value of those for whom none holds.
    fn cases(&self, cases: &Cases) -> Vec<Reason> {
        let keep = match self.written.rule.body() {
            Body::Cases { keep, .. } => *keep,
            _ => Keep::First,
        };
        let mut first: Option<&str> = None;
        let mut reasons = Vec::with_capacity(cases.of.len() + 1);
        for case in &cases.of {
            let value = case.value.node.as_str();
            let part = self.part(&case.when);
            let earlier = first.filter(|_| keep == Keep::First);
            if part.holds {
                first = first.or(Some(value));
            }
            reasons.push(Reason {
                value: Some(value.to_owned()),
                comes_after: earlier.map(str::to_owned),
                ..part
            });
        }
        if let (None, Some(otherwise)) = (first, &cases.otherwise) {
            reasons.push(Reason {
                value: Some(otherwise.node.clone()),
                text: "else".to_owned(),
                sentence: LocalizedText {
                    zh: "以上都不满足".to_owned(),
                    en: "none of the above".to_owned(),
                },
                holds: self.one.is_known(),
                ..Reason::default()
            });
        }
        reasons
    }

    fn part(&self, expression: &Expression) -> Reason {
        match self.written.parts.condition(expression.range) {
            Some(condition) => {
                let holds = self.one.is_known() && evaluate::condition(condition, self.one);
                self.condition(expression, holds)
            }
            None => self.value(expression),
        }
    }

    fn condition(&self, expression: &Expression, holds: bool) -> Reason {
        let names = self.situation.names;
        let of_parts = |parts: &[Expression]| parts.iter().map(|part| self.part(part)).collect();
        let (joint, parts) = match &expression.node {
            Node::And(parts) => (Some(Joint::All), of_parts(parts)),
            Node::Or(parts) => (Some(Joint::Any), of_parts(parts)),
            Node::AtLeast { count, of } => (Some(Joint::AtLeast(count.get())), of_parts(of)),
            Node::Not(part) => (Some(Joint::Not), vec![self.part(part)]),
            _ => self.below(expression),
        };
        let measured = match joint {
            None | Some(Joint::Points) => self.measured(expression),
            Some(_) => Vec::new(),
        };
        Reason {
            text: print_expression(expression),
            sentence: both(|language| sentence_of_condition(expression, language, names)),
            holds,
            joint,
            measured,
            parts,
            ..Reason::default()
        }
    }

    /// A rule that is a value.
    fn value(&self, expression: &Expression) -> Reason {
        let names = self.situation.names;
        let measured = self.measured_value(expression);
        let (joint, parts) = self.below(expression);
        Reason {
            text: print_expression(expression),
            sentence: both(|language| sentence_of_value(expression, language, names)),
            holds: measured.first().is_some_and(|first| first.value.is_some()),
            joint,
            measured,
            parts,
            ..Reason::default()
        }
    }

    /// What a leaf adds up, first what holds, or else the rules that it names.
    fn below(&self, expression: &Expression) -> (Option<Joint>, Vec<Reason>) {
        match points_of(expression) {
            [] => (None, self.named_rules(expression)),
            points => {
                let part = |weighted: &Weighted| Reason {
                    value: Some(weighted.weight.node.clone()),
                    ..self.part(&weighted.when)
                };
                let mut parts: Vec<Reason> = points.iter().map(part).collect();
                parts.sort_by_key(|part| !part.holds);
                (Some(Joint::Points), parts)
            }
        }
    }

    /// The rules of the tags and audiences that a leaf names.
    fn named_rules(&self, expression: &Expression) -> Vec<Reason> {
        let mut found = match &expression.node {
            Node::Tag(key) => self.of_tag(&key.node),
            Node::InAudience(key) => self.of_audience(&key.node),
            _ => Vec::new(),
        };
        for child in own_parts(expression) {
            found.extend(self.named_rules(child));
        }
        found
    }

    fn of_tag(&self, key: &str) -> Vec<Reason> {
        let Ok(key) = TagKey::new(key) else {
            return Vec::new();
        };
        let read = self.situation.book.tag(&key);
        let Some(read) = read.filter(|_| self.depth < DEEPEST) else {
            return Vec::new();
        };
        if let Some(sql) = query_of(&read.definition) {
            return vec![queried::reason(
                self.situation,
                (read, sql),
                self.one.number(),
            )];
        }
        if let Meaning::Supplied(supplied) = read.meaning {
            let user = self.one.number();
            return vec![supplied::reason(self.situation, (read, supplied), user)];
        }
        let Some(written) = Written::of_tag(self.situation, &read.definition) else {
            return Vec::new();
        };
        Explainer {
            one: self.one.of_tag(&key),
            written: &written,
            depth: self.depth + 1,
            ..*self
        }
        .rule()
    }

    fn of_audience(&self, key: &str) -> Vec<Reason> {
        let written = Written::of_audience(self.situation, key).filter(|_| self.depth < DEEPEST);
        let Some(written) = written else {
            return Vec::new();
        };
        Explainer {
            written: &written,
            depth: self.depth + 1,
            ..*self
        }
        .rule()
    }
}
