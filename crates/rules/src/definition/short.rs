//! Kinds of tags that are written short, and the ordinary cases that they stand for.
//!
//! What is written is read into trees whose places are those of [`Short::text`], so that the
//! checker of ordinary cases says what is wrong where it was written.

mod lifecycle;
mod lookalike;
mod nodes;
mod rfm;
mod sheet;

use std::ops::Range;

use domain::{Case, Keep, LocalizedText, TagBody};

pub(crate) use self::lifecycle::events_of_life;
pub use self::lookalike::lookalike_parts;
pub(crate) use self::rfm::RfmMeasures;
use crate::diagnostic::Diagnostic;
use crate::located::TextRange;
use crate::print::{print, print_expression};
use crate::tree::{self, Cases, Expression, Rule};

/// A short form.
pub(super) struct Short {
    /// As it is written, a key on each line.
    text: String,
    /// The keys, and where what is written at each stands.
    entries: Vec<(&'static str, Range<usize>)>,
    /// What it stands for, or what is wrong with it.
    meaning: Result<Meaning, Vec<Diagnostic>>,
}

/// What a short form stands for.
enum Meaning {
    Cases(Vec<NamedCase>),
    Condition(Expression),
}

/// A value of a tag, what people call it, and who has it.
struct NamedCase {
    value: &'static str,
    name: LocalizedText,
    when: Expression,
}

/// A value and what people call it: its key, 中文, English.
struct Group(&'static str, &'static str, &'static str);

impl Group {
    fn when(&self, when: Expression) -> NamedCase {
        let Self(value, zh, en) = *self;
        NamedCase {
            value,
            name: LocalizedText {
                zh: zh.to_owned(),
                en: en.to_owned(),
            },
            when,
        }
    }
}

impl Short {
    /// The short form of a body, if it is one.
    pub(super) fn of(body: &TagBody) -> Option<Self> {
        match body {
            TagBody::Rule(_)
            | TagBody::Value(_)
            | TagBody::Cases { .. }
            | TagBody::Supplied(_)
            | TagBody::Sql(_) => None,
            TagBody::Rfm(rfm) => Some(rfm::read(rfm)),
            TagBody::Lifecycle(lifecycle) => Some(lifecycle::read(lifecycle)),
            TagBody::Lookalike(lookalike) => Some(lookalike::read(lookalike)),
        }
    }

    /// The text to which the places of its problems refer.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What it stands for, as a rule whose places are those of its text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn rule(&self) -> Result<Rule, Vec<Diagnostic>> {
        let meaning = self.meaning.as_ref();
        let cases = match meaning.map_err(|problems| self.told(problems))? {
            Meaning::Cases(cases) => cases,
            Meaning::Condition(condition) => return Ok(Rule::Expression(condition.clone())),
        };
        let case = |case: &NamedCase| tree::Case {
            value: case.value.to_owned().into(),
            when: case.when.clone(),
        };
        Ok(Rule::Cases(Cases {
            of: cases.iter().map(case).collect(),
            otherwise: None,
        }))
    }

    /// The text of the rule; what is written, where that cannot be read.
    pub(super) fn text_of_rule(&self) -> String {
        self.rule()
            .map_or_else(|_| self.text.clone(), |rule| print(&rule))
    }

    /// What it stands for, as it would be written.
    pub(super) fn body(&self) -> Option<TagBody> {
        let case = |case: &NamedCase| Case {
            value: case.value.to_owned(),
            name: case.name.clone(),
            rule: print_expression(&case.when),
        };
        Some(match self.meaning.as_ref().ok()? {
            Meaning::Condition(condition) => TagBody::Rule(print_expression(condition)),
            Meaning::Cases(cases) => TagBody::Cases {
                cases: cases.iter().map(case).collect(),
                otherwise: None,
                keep: Keep::First,
            },
        })
    }

    /// Problems that say at which key they are.
    pub(super) fn told(&self, problems: &[Diagnostic]) -> Vec<Diagnostic> {
        let told = |problem: &Diagnostic| {
            let mut problem = problem.clone();
            if let Some(key) = self.key_at(problem.range) {
                let LocalizedText { zh, en } = problem.message;
                problem.message = LocalizedText {
                    zh: format!("`{key}`：{zh}"),
                    en: format!("`{key}`: {en}"),
                };
            }
            problem
        };
        problems.iter().map(told).collect()
    }

    fn key_at(&self, range: TextRange) -> Option<&'static str> {
        let start = usize::try_from(range.start).ok()?;
        let is_there = |(_, entry): &&(&'static str, Range<usize>)| {
            entry.contains(&start) || entry.end == start
        };
        self.entries.iter().find(is_there).map(|(key, _)| *key)
    }
}
