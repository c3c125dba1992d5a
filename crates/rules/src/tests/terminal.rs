//! What a person of operations reads at a terminal, in 中文 and in English: `tests/terminal`.

use domain::Language;

use super::files::compare;
use crate::diagnostic::render;
use crate::tests::vocabulary::vocabulary;
use crate::{CheckOptions, Plan, Vocabulary, read};

#[test]
fn every_mistake_is_shown_as_written_in_both_languages() {
    let vocabulary = Vocabulary {
        plan: Plan::Closed,
        ..vocabulary()
    };
    compare("tests/terminal", |_, text| {
        let problems = match read(text, &vocabulary, &CheckOptions::default()) {
            Ok(checked) => checked.diagnostics,
            Err(problems) => problems,
        };
        let shown = Language::ALL.map(|language| render("tag", text, &problems, language));
        shown.concat()
    });
}
