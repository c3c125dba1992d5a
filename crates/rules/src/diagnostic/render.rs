//! Problems as a terminal shows them: the text of the rule with the places underlined.

use std::ops::Range;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term;

use super::{Diagnostic, Severity};

/// The problems in words, each with its place in the text of the rule; `name` says which rule it
/// is. Nothing for no problem.
#[must_use]
pub fn render(name: &str, text: &str, diagnostics: &[Diagnostic]) -> String {
    let file = SimpleFile::new(name, text);
    let config = term::Config::default();
    let mut rendered = String::new();
    for diagnostic in diagnostics {
        let shown = to_codespan(diagnostic, text);
        if term::emit_to_string(&mut rendered, &config, &file, &shown).is_err() {
            rendered.push_str(&diagnostic.message);
            rendered.push('\n');
        }
    }
    rendered
}

fn to_codespan(diagnostic: &Diagnostic, text: &str) -> codespan::Diagnostic<()> {
    let severity = match diagnostic.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Hint => codespan::Severity::Help,
    };
    let range = bytes(diagnostic.range.start, diagnostic.range.end, text.len());
    let notes = diagnostic.fix.iter().map(|fix| match fix.range.of(text) {
        "" => format!("add `{}`", fix.replacement),
        old => format!("write `{}` instead of `{old}`", fix.replacement),
    });
    codespan::Diagnostic::new(severity)
        .with_code(diagnostic.code.as_str())
        .with_message(&diagnostic.message)
        .with_label(codespan::Label::primary((), range))
        .with_notes(notes.chain(diagnostic.concern_in_words()).collect())
}

fn bytes(start: u32, end: u32, length: usize) -> Range<usize> {
    let within = |place: u32| usize::try_from(place).unwrap_or(length).min(length);
    within(start)..within(end)
}

#[cfg(test)]
mod tests {
    use crate::tests::vocabulary::vocabulary;
    use crate::{CheckOptions, read};

    use super::render;

    #[test]
    fn a_problem_is_shown_with_its_place_and_its_correction() {
        let text = "verified\n  and cuont(swap) > 3";
        let problems = read(text, &vocabulary(), &CheckOptions::default()).unwrap_err();
        let shown = render("whale", text, &problems);
        let expected = "\
error[unknown-function]: unknown function `cuont`: did you mean `count`?
  ┌─ whale:2:7
  │
2 │   and cuont(swap) > 3
  │       ^^^^^
  │
  = write `count` instead of `cuont`
";
        assert_eq!(shown.trim_end(), expected.trim_end());
        assert_eq!(render("whale", text, &[]), "");
    }
}
