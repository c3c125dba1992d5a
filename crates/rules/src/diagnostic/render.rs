//! Problems as a terminal shows them: the text of the rule with the places underlined.

use std::ops::Range;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term;
use domain::{Language, Said};

use super::{Diagnostic, Fix, Severity};
use crate::mistake::Remedy;

/// The problems in words, each with its place in the text of the rule; `name` says which rule it
/// is. Nothing for no problem.
#[must_use]
pub fn render(name: &str, text: &str, diagnostics: &[Diagnostic], language: Language) -> String {
    let file = SimpleFile::new(name, text);
    let config = term::Config::default();
    let mut rendered = String::new();
    for diagnostic in diagnostics {
        let shown = to_codespan(diagnostic, text, language);
        let mut problem = String::new();
        if term::emit_to_string(&mut problem, &config, &file, &shown).is_err() {
            problem = format!("{}\n", diagnostic.message.of(language));
        }
        rendered.push_str(&with_severity(diagnostic.severity, problem, language));
    }
    rendered
}

/// The renderer knows one language for how grave a problem is, which stands first.
fn with_severity(severity: Severity, problem: String, language: Language) -> String {
    let (english, chinese) = match severity {
        Severity::Error => ("error", "错误"),
        Severity::Warning => ("warning", "警告"),
        Severity::Hint => ("help", "提示"),
    };
    match (language, problem.strip_prefix(english)) {
        (Language::Chinese, Some(rest)) => format!("{chinese}{rest}"),
        _ => problem,
    }
}

fn to_codespan(
    diagnostic: &Diagnostic,
    text: &str,
    language: Language,
) -> codespan::Diagnostic<()> {
    let severity = match diagnostic.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Hint => codespan::Severity::Help,
    };
    let range = bytes(diagnostic.range.start, diagnostic.range.end, text.len());
    let message = diagnostic.message.of(language);
    let fix = diagnostic.fix.iter();
    let notes = fix.map(|fix| remedy(fix, text).said(language));
    let notes = notes.filter(|note| note != message);
    codespan::Diagnostic::new(severity)
        .with_code(diagnostic.code.as_str())
        .with_message(message)
        .with_label(codespan::Label::primary((), range))
        .with_notes(notes.chain(diagnostic.concern_in_words(language)).collect())
}

fn remedy<'m>(fix: &'m Fix, text: &'m str) -> Remedy<'m> {
    let (new, old) = (fix.replacement.as_str(), fix.range.of(text));
    match (new, old) {
        (_, "") => Remedy::Add { new },
        ("", _) => Remedy::Remove { old },
        _ => Remedy::Replace { new, old },
    }
}

fn bytes(start: u32, end: u32, length: usize) -> Range<usize> {
    let within = |place: u32| usize::try_from(place).unwrap_or(length).min(length);
    within(start)..within(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::vocabulary::vocabulary;
    use crate::{CheckOptions, read};

    fn shown(text: &str, language: Language) -> String {
        let problems = read(text, &vocabulary(), &CheckOptions::default()).unwrap_err();
        render("whale", text, &problems, language)
            .trim_end()
            .to_owned()
    }

    #[test]
    fn a_problem_is_shown_with_its_place_and_its_correction() {
        let text = "verified\n  and cuont(swap) > 3";
        let expected = "\
error[unknown-function]: unknown function `cuont`: did you mean `count`?
  ┌─ whale:2:7
  │
2 │   and cuont(swap) > 3
  │       ^^^^^
  │
  = write `count` instead of `cuont`";
        assert_eq!(shown(text, Language::English), expected);
        let expected = "\
错误[unknown-function]: 没有函数 `cuont`：是不是 `count`？
  ┌─ whale:2:7
  │
2 │   and cuont(swap) > 3
  │       ^^^^^
  │
  = 把 `cuont` 写成 `count`";
        assert_eq!(shown(text, Language::Chinese), expected);
        assert_eq!(render("whale", text, &[], Language::English), "");
    }

    /// A Chinese letter takes two columns of a terminal.
    #[test]
    fn the_mark_stands_under_the_place_behind_chinese_letters() {
        let expected = "\
error[unknown-function]: unknown function `cuont`: did you mean `count`?
  ┌─ whale:1:15
  │
1 │ 城市 = \"北京\" and cuont(swap) > 3
  │                   ^^^^^
  │
  = write `count` instead of `cuont`";
        let shown = shown("城市 = \"北京\" and cuont(swap) > 3", Language::English);
        let shown: String = shown
            .split_inclusive("\n\n")
            .filter(|problem| problem.starts_with("error"))
            .collect();
        assert_eq!(shown.trim_end(), expected);
    }
}
