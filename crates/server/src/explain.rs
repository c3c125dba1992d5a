//! Why a user has a tag, or has not: the rule's tree, each node true or false, and at the leaves
//! what was measured.

use anyhow::{Result, anyhow};
use domain::{TagKey, Time, UserNumber};
use features::evaluate;
use features::feature::measures_of;
use features::window::{self, Interval};
use rules::checked::{Body, Condition, Measure};
use rules::tree::{Expression, Node};
use rules::{CheckOptions, CheckedRule, Rule, parse, print_expression, text_of};
use serde::Serialize;

use crate::display;
use crate::engine::Engine;
use crate::one_user::{Given, OneUser};

/// The answer.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The tag.
    pub tag: TagKey,
    /// The user.
    pub user: String,
    /// Whether the user has it.
    pub has: bool,
    /// With which values.
    pub values: Vec<String>,
    /// The instant of evaluation.
    pub as_of: String,
    /// The rule: one node, or one for each case.
    pub rule: Vec<Reason>,
}

/// A part of a rule and how it came out.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    /// The part as it is written.
    pub text: String,
    /// Whether it holds; of a value, whether there is one.
    pub holds: bool,
    /// What was measured, at a leaf.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<Measured>,
    /// Its parts; of a tag, the parts of that tag's rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Self>,
}

/// A measured value.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// The value; `None` is missing.
    pub value: Option<String>,
    /// The first and the last instant at which events counted; `None` is unbounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<[Option<String>; 2]>,
}

/// How deep tags of tags are explained.
const DEEPEST: usize = 8;

/// Explains a tag for a user.
///
/// # Errors
/// There is no such tag, or it has mistakes; the store's.
pub fn explain(engine: &Engine, tag: &TagKey, user: UserNumber, now: Time) -> Result<Explanation> {
    // Told first with its mistakes, where it has some.
    engine.sources_of(std::slice::from_ref(tag))?;
    let read = engine
        .book
        .tag(tag)
        .ok_or_else(|| anyhow!("there is no tag `{tag}`"))?;
    let now = read.definition.as_of.map_or(now, |at| at.min(now));
    let one = OneUser::new(engine, user, std::slice::from_ref(&read.rule), now)?;
    let explainer = Explainer { engine, one: &one };
    let given = one.gives(&read.rule);
    Ok(Explanation {
        tag: tag.clone(),
        user: engine.key(user).unwrap_or_default(),
        has: given.has(),
        values: match given {
            Given::Truth(_) | Given::Value(None) => Vec::new(),
            Given::Layers(values) => values,
            Given::Value(Some(value)) => vec![display::value(&value)],
        },
        as_of: now.to_string(),
        rule: explainer.tag(tag, 0),
    })
}

struct Explainer<'e> {
    engine: &'e Engine,
    one: &'e OneUser<'e>,
}

impl Explainer<'_> {
    fn tag(&self, tag: &TagKey, depth: usize) -> Vec<Reason> {
        let read = self.engine.book.tag(tag);
        let Some(read) = read.filter(|_| depth < DEEPEST) else {
            return Vec::new();
        };
        match parse(&text_of(&read.definition.body)) {
            Ok(Rule::Expression(expression)) => {
                let zone = read.definition.timezone.as_deref();
                vec![self.expression(&expression, zone, depth)]
            }
            Ok(Rule::Cases(cases)) => {
                let zone = read.definition.timezone.as_deref();
                cases
                    .of
                    .iter()
                    .map(|case| {
                        let when = self.expression(&case.when, zone, depth);
                        Reason {
                            text: format!("{}: {}", case.value.node, when.text),
                            ..when
                        }
                    })
                    .collect()
            }
            Err(_) => Vec::new(),
        }
    }

    fn expression(&self, expression: &Expression, zone: Option<&str>, depth: usize) -> Reason {
        let text = print_expression(expression);
        let inner: Vec<&Expression> = match &expression.node {
            Node::And(parts) | Node::Or(parts) => parts.iter().collect(),
            Node::Not(part) => vec![part],
            Node::AtLeast { of, .. } => of.iter().collect(),
            _ => Vec::new(),
        };
        let Some(rule) = self.read(&text, zone) else {
            return Reason {
                text,
                holds: false,
                measured: Vec::new(),
                parts: Vec::new(),
            };
        };
        let parts = inner
            .into_iter()
            .map(|part| self.expression(part, zone, depth));
        let mut parts: Vec<Reason> = parts.collect();
        let mut measured = Vec::new();
        match rule.body() {
            Body::Condition(Condition::HasTag(tag)) => parts = self.tag(tag, depth + 1),
            Body::Condition(condition) if parts.is_empty() => {
                measured = self.measured(innermost(condition));
            }
            Body::Measure(measure) => measured.extend(self.measure(measure)),
            _ => {}
        }
        Reason {
            text,
            holds: self.one.gives(&rule).has(),
            measured,
            parts,
        }
    }

    /// The part as a rule of its own.
    fn read(&self, text: &str, zone: Option<&str>) -> Option<CheckedRule> {
        let zone = zone.and_then(|name| domain::Zone::named(name).ok());
        let options = CheckOptions {
            zone: zone.unwrap_or_else(|| self.engine.platform.zone.clone()),
            ..CheckOptions::default()
        };
        rules::read(text, &self.engine.book.vocabulary, &options)
            .ok()
            .map(|checked| checked.rule)
    }

    fn measured(&self, condition: &Condition) -> Vec<Measured> {
        let mut all: Vec<Measured> = Vec::new();
        for measure in measures_of(condition) {
            all.extend(self.measure(measure));
        }
        for part in features::feature::parts_of(condition) {
            all.extend(self.measured(part));
        }
        all.dedup_by(|a, b| a.value == b.value && a.window == b.window);
        all
    }

    fn measure(&self, measure: &Measure) -> Option<Measured> {
        if matches!(measure, Measure::Constant(_) | Measure::Now) {
            return None;
        }
        let value = evaluate::measure(measure, self.one).map(|value| display::value(&value));
        let window = match measure {
            Measure::Aggregate(aggregate) => {
                let now = evaluate::Scope::now(self.one);
                let bound = |measure: &Measure| evaluate::measure(measure, self.one);
                let interval = window::resolve(&aggregate.window, now, &bound).visible(now);
                Some(instants(interval))
            }
            _ => None,
        };
        Some(Measured { value, window })
    }
}

/// A condition without the `not` that a negated operator brings.
fn innermost(condition: &Condition) -> &Condition {
    match condition {
        Condition::Not(part) => innermost(part),
        other => other,
    }
}

fn instants(interval: Interval) -> [Option<String>; 2] {
    let at = |millis: i64| Some(Time::from_millis(millis).to_string());
    if interval.until <= interval.from {
        return [None, None];
    }
    let from = if interval.from == i64::MIN {
        None
    } else {
        at(interval.from)
    };
    [from, at(interval.until - 1)]
}
