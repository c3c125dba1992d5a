//! Problems as programs read them: in the words of one language, with line and column beside the
//! bytes.

use domain::Language;
use serde::Serialize;

use super::{Code, Diagnostic, Severity};
use crate::located::TextRange;

/// One problem of a rule and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlacedDiagnostic {
    /// What sort of problem: `unknown-event`.
    pub code: Code,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong and what to do, names in backticks.
    pub message: String,
    /// How many users it is about, where they were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<u64>,
    /// The first byte of the place in the rule's text.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The line of the start, from 1.
    pub line: usize,
    /// The letter in that line, from 1.
    pub column: usize,
    /// The correction, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
}

/// A replacement that corrects a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The first byte of what is replaced.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// What should stand there.
    pub replacement: String,
}

impl PlacedDiagnostic {
    /// All problems with their places in the text.
    #[must_use]
    pub fn all(diagnostics: &[Diagnostic], text: &str, language: Language) -> Vec<Self> {
        diagnostics
            .iter()
            .map(|diagnostic| Self::new(diagnostic, text, language))
            .collect()
    }

    fn new(diagnostic: &Diagnostic, text: &str, language: Language) -> Self {
        let (start, end) = within(diagnostic.range, text);
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: diagnostic.message.of(language).to_owned(),
            users: diagnostic
                .concern
                .as_ref()
                .and_then(|concern| concern.users),
            start,
            end,
            line: before.matches('\n').count() + 1,
            column: before
                .get(line_start..)
                .map_or(0, |line| line.chars().count())
                + 1,
            suggestion: diagnostic.fix.as_ref().map(|fix| {
                let (start, end) = within(fix.range, text);
                Suggestion {
                    start,
                    end,
                    replacement: fix.replacement.clone(),
                }
            }),
        }
    }
}

impl Suggestion {
    /// The text with this correction.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let before = text.get(..self.start).unwrap_or_default();
        let after = text.get(self.end..).unwrap_or_default();
        [before, &self.replacement, after].concat()
    }
}

/// The range as bytes of that text, moved back to where letters begin.
fn within(range: TextRange, text: &str) -> (usize, usize) {
    let floor = |place: u32| {
        let place = usize::try_from(place).unwrap_or(text.len()).min(text.len());
        (0..=place)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0)
    };
    let start = floor(range.start);
    (start, floor(range.end).max(start))
}

#[cfg(test)]
mod tests {
    use domain::LocalizedText;

    use super::*;
    use crate::diagnostic::Fix;

    fn diagnostic(start: u32, end: u32) -> Diagnostic {
        let range = TextRange { start, end };
        Diagnostic {
            code: Code::UnknownEvent,
            severity: Severity::Error,
            message: LocalizedText::same("unknown"),
            range,
            fix: Some(Fix {
                range,
                replacement: "swap".to_owned(),
            }),
            concern: None,
        }
    }

    #[test]
    fn a_place_has_a_line_and_a_column_of_letters() {
        let text = "did(登录)\n  and did(swop)";
        let start = u32::try_from(text.find("swop").unwrap()).unwrap();
        let problems = [diagnostic(start, start + 4)];
        let [placed] = &PlacedDiagnostic::all(&problems, text, Language::English)[..] else {
            panic!("one problem");
        };
        assert_eq!((placed.line, placed.column), (2, 11));
        let fixed = placed.suggestion.as_ref().unwrap().apply(text);
        assert_eq!(fixed, "did(登录)\n  and did(swap)");
    }

    #[test]
    fn a_place_outside_the_text_or_inside_a_letter_is_moved_into_it() {
        let text = "登";
        for (start, end, expected) in [(0, 99, (0, 3)), (1, 2, (0, 0)), (50, 60, (3, 3))] {
            let placed = PlacedDiagnostic::new(&diagnostic(start, end), text, Language::English);
            assert_eq!((placed.start, placed.end), expected);
        }
    }
}
