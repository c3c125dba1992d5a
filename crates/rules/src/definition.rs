//! The rule of a tag's definition, whichever form it was written in.

mod short;

use std::borrow::Cow;

use domain::{Keep, TagBody};

use self::short::Short;
pub use self::short::lookalike_parts;
pub(crate) use self::short::{RfmMeasures, events_of_life};
use crate::check::{CheckOptions, Checked, Expected, Parts, check, read, read_parts};
use crate::checked::CheckedRule;
use crate::diagnostic::Diagnostic;
use crate::located::TextRange;
use crate::mistake::Definitions;
use crate::parse::parse;
use crate::print::quoted;
use crate::tree::Rule;
use crate::vocabulary::Vocabulary;

/// The one text of a definition's rule: the rule, or the cases as a rule writes them. Kinds that
/// are written short have the text of the cases that they stand for; where they cannot be read,
/// they have [`written_text_of`]. A tag that people supply has none.
#[must_use]
pub fn text_of(body: &TagBody) -> String {
    match Short::of(body) {
        Some(short) => short.text_of_rule(),
        None => compose(body).0,
    }
}

/// The text of a definition to which the places of its problems refer: [`text_of`] it, but kinds
/// that are written short as they are written, a key on each line.
#[must_use]
pub fn written_text_of(body: &TagBody) -> String {
    match Short::of(body) {
        Some(short) => short.text().to_owned(),
        None => compose(body).0,
    }
}

/// The body with an ordinary rule or cases in the place of a kind that is written short; `None` where that
/// cannot be read.
#[must_use]
pub fn expanded(body: &TagBody) -> Option<Cow<'_, TagBody>> {
    match Short::of(body) {
        Some(short) => short.body().map(Cow::Owned),
        None => Some(Cow::Borrowed(body)),
    }
}

/// Reads and checks the rule of a definition that has one; its form decides what is expected and kept,
/// whatever the options say.
///
/// # Errors
/// Every problem, placed in [`written_text_of`] the body.
pub fn read_definition(
    body: &TagBody,
    vocabulary: &Vocabulary,
    options: &CheckOptions,
) -> Result<Checked, Vec<Diagnostic>> {
    if let Some(short) = Short::of(body) {
        let told = |problems: Vec<Diagnostic>| short.told(&problems);
        let checked = check(&short.rule()?, vocabulary, &options_for(body, options));
        return checked.map_err(told).map(|checked| Checked {
            diagnostics: told(checked.diagnostics),
            ..checked
        });
    }
    let (text, parts) = compose(body);
    let broken: Vec<Diagnostic> = parts
        .iter()
        .flat_map(|(start, part)| problems_of_part(*start, part))
        .collect();
    if !broken.is_empty() {
        return Err(broken);
    }
    read(&text, vocabulary, &options_for(body, options))
}

/// Reads a definition without mistakes, and tells what the parts of [`text_of`] its body became.
#[must_use]
pub fn read_definition_parts(
    body: &TagBody,
    vocabulary: &Vocabulary,
    options: &CheckOptions,
) -> Option<(CheckedRule, Parts)> {
    read_parts(&text_of(body), vocabulary, &options_for(body, options))
}

/// What the form of a definition expects and keeps.
fn options_for(body: &TagBody, options: &CheckOptions) -> CheckOptions {
    let (expected, keep) = match body {
        TagBody::Rule(_) => (Expected::Anything, Keep::First),
        TagBody::Value(_) => (Expected::Value, Keep::First),
        TagBody::Cases { keep, .. } => (Expected::Condition, *keep),
        TagBody::Rfm(_) | TagBody::Lifecycle(_) | TagBody::Lookalike(_) => {
            (Expected::Condition, Keep::First)
        }
        TagBody::Supplied(_) | TagBody::Sql(_) => (Expected::Condition, Keep::First),
    };
    CheckOptions {
        expected,
        keep,
        ..options.clone()
    }
}

/// The text, and the conditions of the cases with their places in it.
fn compose(body: &TagBody) -> (String, Vec<(usize, &str)>) {
    let (cases, otherwise) = match body {
        TagBody::Rule(text) | TagBody::Value(text) | TagBody::Sql(text) => {
            return (text.clone(), Vec::new());
        }
        TagBody::Supplied(_) => return (String::new(), Vec::new()),
        TagBody::Cases {
            cases, otherwise, ..
        } => (cases, otherwise),
        TagBody::Rfm(_) | TagBody::Lifecycle(_) | TagBody::Lookalike(_) => {
            return Default::default();
        }
    };
    let mut text = String::new();
    let mut parts = Vec::with_capacity(cases.len());
    for case in cases {
        text.push_str("case ");
        text.push_str(&quoted(&case.value));
        text.push_str(" when ");
        parts.push((text.len(), case.rule.as_str()));
        text.push_str(&case.rule);
        text.push('\n');
    }
    if let Some(otherwise) = otherwise {
        text.push_str("else ");
        text.push_str(&quoted(otherwise));
    }
    (text, parts)
}

/// What is wrong with the condition of a case by itself: it must not reach into the next one.
fn problems_of_part(start: usize, part: &str) -> Vec<Diagnostic> {
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let shifted = |range: TextRange| TextRange {
        start: range.start.saturating_add(start),
        end: range.end.saturating_add(start),
    };
    match parse(part) {
        Ok(Rule::Expression(_)) => Vec::new(),
        Ok(Rule::Cases(_)) => {
            let range = TextRange { start, end: start };
            vec![Diagnostic::at(range, Definitions::CasesOfCase)]
        }
        Err(problems) => problems
            .into_iter()
            .map(|mut problem| {
                problem.range = shifted(problem.range);
                if let Some(fix) = &mut problem.fix {
                    fix.range = shifted(fix.range);
                }
                problem
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{Case, LocalizedText};

    use super::*;
    use crate::checked::Body;
    use crate::tests::vocabulary::vocabulary;

    fn cases(rules: &[(&str, &str)], keep: Keep) -> TagBody {
        let case = |(value, rule): &(&str, &str)| Case {
            value: (*value).to_owned(),
            name: LocalizedText::default(),
            rule: (*rule).to_owned(),
        };
        TagBody::Cases {
            cases: rules.iter().map(case).collect(),
            otherwise: Some("none".to_owned()),
            keep,
        }
    }

    fn read_body(body: &TagBody) -> Result<Checked, Vec<Diagnostic>> {
        read_definition(body, &vocabulary(), &CheckOptions::default())
    }

    #[test]
    fn the_form_of_the_definition_decides_what_a_name_is() {
        let rule = read_body(&TagBody::Rule("verified".to_owned()))
            .unwrap()
            .rule;
        assert!(matches!(rule.body(), Body::Condition(_)));
        let value = read_body(&TagBody::Value("country".to_owned()))
            .unwrap()
            .rule;
        assert!(matches!(value.body(), Body::Measure(_)));
    }

    #[test]
    fn cases_written_apart_are_one_rule() {
        let body = cases(
            &[("gold", "kyc_level >= 3 -- best"), ("silver", "verified")],
            Keep::All,
        );
        let rule = read_body(&body).unwrap().rule;
        let Body::Cases {
            cases,
            otherwise,
            keep,
        } = rule.body()
        else {
            panic!("{rule:?}")
        };
        assert_eq!(
            (cases.len(), otherwise.as_deref(), *keep),
            (2, Some("none"), Keep::All)
        );
    }

    #[test]
    fn a_mistake_in_a_case_is_placed_in_the_composed_text() {
        let body = cases(
            &[("gold", "verified"), ("silver", "kyc_level >= ")],
            Keep::First,
        );
        let problems = read_body(&body).unwrap_err();
        let text = text_of(&body);
        let start = usize::try_from(problems[0].range.start).unwrap();
        assert_eq!(&text[..start].lines().count(), &2);
        let body = cases(
            &[("gold", "verified case \"x\" when verified")],
            Keep::First,
        );
        assert!(read_body(&body).is_err());
    }
}
