//! Kinds of tags that are written short, and the ordinary cases that they stand for.
//!
//! What is written is read into trees whose places are those of [`Short::text`], so that the
//! checker of ordinary cases says what is wrong where it was written.

mod lifecycle;
mod nodes;
mod rfm;
mod sheet;

use std::ops::Range;

use domain::{Case, Keep, LocalizedText, TagBody};

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
    cases: Result<Vec<NamedCase>, Vec<Diagnostic>>,
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
            TagBody::Rule(_) | TagBody::Value(_) | TagBody::Cases { .. } => None,
            TagBody::Rfm(rfm) => Some(rfm::read(rfm)),
            TagBody::Lifecycle(lifecycle) => Some(lifecycle::read(lifecycle)),
        }
    }

    /// The text to which the places of its problems refer.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The cases that it stands for, as a rule whose places are those of its text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn rule(&self) -> Result<Rule, Vec<Diagnostic>> {
        let cases = self
            .cases
            .as_ref()
            .map_err(|problems| self.told(problems))?;
        let case = |case: &NamedCase| tree::Case {
            value: case.value.to_owned().into(),
            when: case.when.clone(),
        };
        Ok(Rule::Cases(Cases {
            of: cases.iter().map(case).collect(),
            otherwise: None,
        }))
    }

    /// The text of the cases; what is written, where that cannot be read.
    pub(super) fn text_of_cases(&self) -> String {
        self.rule()
            .map_or_else(|_| self.text.clone(), |rule| print(&rule))
    }

    /// The cases, as they would be written.
    pub(super) fn body(&self) -> Option<TagBody> {
        let case = |case: &NamedCase| Case {
            value: case.value.to_owned(),
            name: case.name.clone(),
            rule: print_expression(&case.when),
        };
        let cases = self.cases.as_ref().ok()?;
        Some(TagBody::Cases {
            cases: cases.iter().map(case).collect(),
            otherwise: None,
            keep: Keep::First,
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
