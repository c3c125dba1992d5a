//! Tree → checked rule: names, types, units and windows decided, and what is doubtful told.
//!
//! Checking goes on after a mistake, so that all of them are told at once. The place of a value
//! decides its type (rules.md, Meaning 5): [`place`] finds what an expression is by itself, and
//! everything else asks for values in the place that the other side demands.

mod advice;
mod aggregate;
mod anniversary;
mod arithmetic;
mod bounds;
mod choice;
mod collection;
mod compare;
mod condition;
mod constant;
mod contradiction;
mod declared;
mod derived;
mod function;
mod group;
mod identity;
mod instant;
mod lasting;
mod lookup;
mod measure;
mod name;
mod now;
mod parts;
pub(crate) mod place;
mod points;
mod population;
mod scope;
mod sequence;
mod tag_at;
#[cfg(test)]
mod tests;
mod version;
mod window;

use std::collections::BTreeSet;

use domain::{Keep, Span, Zone};

use self::advice::Advice;
pub(crate) use self::aggregate::function::Form;
pub(crate) use self::collection::Named;
pub use self::parts::Parts;
use self::scope::Scope;
use crate::checked::{Body, Case, CheckedRule};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::located::TextRange;
use crate::mistake::{Conditions, Mistake, TextsListed};
use crate::parse::{Parsed, parse_leniently};
use crate::tree::{Cases, Expression, Rule};
use crate::vocabulary::{Plan, Vocabulary};

/// The most problems that are listed.
const MOST_PROBLEMS: usize = 100;

/// Of which tag a rule is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// The zone of the tag's days, weeks and months.
    pub zone: Zone,
    /// Which cases of a layered tag count.
    pub keep: Keep,
    /// What the rule has to give.
    pub expected: Expected,
    /// How long events are kept; `None` for ever.
    pub retention: Option<Span>,
}

/// What a rule has to give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Whatever it gives: a name alone is a condition.
    #[default]
    Anything,
    /// Yes or no.
    Condition,
    /// A value: a name alone is the value of the attribute.
    Value,
}

/// A rule that can be computed, and what may still be doubtful about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The rule.
    pub rule: CheckedRule,
    /// Warnings and hints, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a tree.
///
/// # Errors
/// Every problem in the order of the text, at least one of them an error.
pub fn check(
    rule: &Rule,
    vocabulary: &Vocabulary,
    options: &CheckOptions,
) -> Result<Checked, Vec<Diagnostic>> {
    let mut checker = Checker::new(vocabulary, options, Vec::new());
    let rule = checker.rule(rule);
    finish(rule, checker.diagnostics)
}

/// Reads a text and checks it.
///
/// # Errors
/// Every problem of grammar, names and types in the order of the text, at least one of them an
/// error.
pub fn read(
    text: &str,
    vocabulary: &Vocabulary,
    options: &CheckOptions,
) -> Result<Checked, Vec<Diagnostic>> {
    let Parsed { rule, diagnostics } = parse_leniently(text);
    let mut checker = Checker::new(vocabulary, options, diagnostics);
    let rule = checker.rule(&rule);
    finish(rule, checker.diagnostics)
}

/// Reads a text without mistakes as [`read`] does, and tells what its parts became.
#[must_use]
pub fn read_parts(
    text: &str,
    vocabulary: &Vocabulary,
    options: &CheckOptions,
) -> Option<(CheckedRule, Parts)> {
    let Parsed { rule, diagnostics } = parse_leniently(text);
    let mut checker = Checker::new(vocabulary, options, diagnostics);
    checker.parts = Some(Parts::default());
    let rule = checker.rule(&rule);
    let parts = checker.parts.take()?;
    let checked = finish(rule, checker.diagnostics).ok()?;
    Some((checked.rule, parts))
}

fn finish(
    rule: Option<CheckedRule>,
    mut diagnostics: Vec<Diagnostic>,
) -> Result<Checked, Vec<Diagnostic>> {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.range, diagnostic.severity));
    // What chooses the events of groups is read once more for each group.
    diagnostics.dedup();
    match rule {
        Some(rule) if !diagnostics.iter().any(Diagnostic::is_error) => {
            Ok(Checked { rule, diagnostics })
        }
        _ => Err(diagnostics),
    }
}

/// Checks one rule. Each step gives nothing where it has told an error.
pub(crate) struct Checker<'a> {
    vocabulary: &'a Vocabulary,
    options: &'a CheckOptions,
    diagnostics: Vec<Diagnostic>,
    /// Unknown names that were told already.
    told: BTreeSet<(Code, String)>,
    advice: Advice,
    /// Where `now` stands last.
    now_range: TextRange,
    /// What expressions became, where it is asked for.
    parts: Option<Parts>,
}

impl<'a> Checker<'a> {
    /// Goes on after the problems of the text.
    fn new(
        vocabulary: &'a Vocabulary,
        options: &'a CheckOptions,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        Self {
            vocabulary,
            options,
            diagnostics,
            told: BTreeSet::new(),
            advice: Advice::default(),
            now_range: TextRange::default(),
            parts: None,
        }
    }
}

impl Checker<'_> {
    /// The whole rule, and what is doubtful about it.
    fn rule(&mut self, rule: &Rule) -> Option<CheckedRule> {
        let has_mistakes = self.diagnostics.iter().any(Diagnostic::is_error);
        let mut body = self.body(rule);
        if let Some(body) = &mut body {
            self.settle_now(body);
        }
        self.tell_advice();
        if has_mistakes {
            // What could not be read whole is not worth advice.
            self.diagnostics
                .retain(|diagnostic| diagnostic.severity != Severity::Hint);
        }
        body.map(CheckedRule::new)
    }

    fn body(&mut self, rule: &Rule) -> Option<Body> {
        match rule {
            Rule::Expression(expression) => self.expression_body(expression),
            Rule::Cases(cases) => self.cases(cases),
        }
    }

    fn expression_body(&mut self, expression: &Expression) -> Option<Body> {
        let is_condition = match self.options.expected {
            Expected::Anything => self.reads_as_condition(expression),
            Expected::Condition => true,
            Expected::Value => false,
        };
        if is_condition {
            return Some(Body::Condition(self.condition(expression, Scope::User)?));
        }
        self.warn_of_constant(expression);
        self.refuse_version_as_value(expression)?;
        let place = self.default_place(expression, Scope::User);
        Some(Body::Measure(self.measure(
            expression,
            place,
            Scope::User,
        )?))
    }

    fn warn_of_constant(&mut self, expression: &Expression) {
        if expression.node.is_constant() {
            self.remark(expression.range, Conditions::ConstantValue);
        }
    }

    fn cases(&mut self, cases: &Cases) -> Option<Body> {
        let mut values = BTreeSet::new();
        for case in &cases.of {
            if !values.insert(case.value.node.as_str()) {
                let value = TextsListed::one(&case.value.node);
                self.remark(case.value.range, Conditions::SameValue { value });
            }
        }
        let checked: Vec<Option<Case>> = cases
            .of
            .iter()
            .map(|case| {
                let when = self.condition(&case.when, Scope::User)?;
                Some(Case {
                    value: case.value.node.as_str().into(),
                    when,
                })
            })
            .collect();
        let otherwise = cases
            .otherwise
            .as_ref()
            .map(|value| value.node.as_str().into());
        let cases = checked.into_iter().collect::<Option<_>>()?;
        Some(Body::Cases {
            cases,
            otherwise,
            keep: self.options.keep,
        })
    }

    /// Whether there is no room for more problems; for an error there always is.
    fn is_full(&self) -> bool {
        self.diagnostics.len() >= MOST_PROBLEMS
            && (self.vocabulary.plan == Plan::Open
                || self.diagnostics.iter().any(Diagnostic::is_error))
    }

    /// Tells a warning or a hint.
    fn remark(&mut self, range: TextRange, mistake: impl Mistake) {
        self.tell(Diagnostic::at(range, mistake));
    }

    /// Tells a problem.
    fn tell(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST_PROBLEMS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Tells an error; the caller gives nothing.
    fn fail<T>(&mut self, range: TextRange, mistake: impl Mistake) -> Option<T> {
        self.refuse(Diagnostic::at(range, mistake))
    }

    fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        if self.diagnostics.len() < MOST_PROBLEMS
            || !self.diagnostics.iter().any(Diagnostic::is_error)
        {
            self.diagnostics.push(diagnostic);
        }
        None
    }

    fn zone(&self) -> Zone {
        self.options.zone.clone()
    }
}
