//! A rule as it was written, with what its parts became.

use domain::{TagDefinition, Zone};
use rules::tree::Rule;
use rules::{CheckOptions, CheckedRule, Expected, Parts, parse, read_definition_parts, text_of};

use crate::situation::Situation;

/// A rule that has no mistakes.
pub(super) struct Written {
    pub(super) tree: Rule,
    pub(super) rule: CheckedRule,
    pub(super) parts: Parts,
}

impl Written {
    /// The rule of a tag.
    pub(super) fn of_tag(situation: &Situation<'_>, tag: &TagDefinition) -> Option<Self> {
        let own = tag
            .timezone
            .as_deref()
            .and_then(|name| Zone::named(name).ok());
        let options = CheckOptions {
            zone: own.unwrap_or_else(|| situation.zone.clone()),
            ..CheckOptions::default()
        };
        let vocabulary = &situation.book.vocabulary;
        let (rule, parts) = read_definition_parts(&tag.body, vocabulary, &options)?;
        Some(Self {
            tree: parse(&text_of(&tag.body)).ok()?,
            rule,
            parts,
        })
    }

    /// The rule of an audience.
    pub(super) fn of_audience(situation: &Situation<'_>, key: &str) -> Option<Self> {
        let text = situation.book.audience_texts.get(key)?;
        Self::of_text(situation, text, Expected::Condition)
    }

    /// A rule that is no definition's.
    pub(super) fn of_text(
        situation: &Situation<'_>,
        text: &str,
        expected: Expected,
    ) -> Option<Self> {
        let options = CheckOptions {
            zone: situation.zone.clone(),
            expected,
            ..CheckOptions::default()
        };
        let (rule, parts) = rules::read_parts(text, &situation.book.vocabulary, &options)?;
        Some(Self {
            tree: parse(text).ok()?,
            rule,
            parts,
        })
    }
}
