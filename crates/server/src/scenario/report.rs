//! What a run says: a line per scenario, or an object.

use std::io::{self, Write};

use domain::Language;
use serde_json::{Value as Json, json};

use super::play::Failure;
use super::{Format, Outcome, Summary};
use crate::told::{self, Told};

/// Writes what became of a scenario.
pub fn outcome(
    out: &mut dyn Write,
    (format, language): (Format, Language),
    outcome: &Outcome,
) -> io::Result<()> {
    match format {
        Format::Json => writeln!(out, "{}", object(outcome, language)),
        Format::Text if outcome.failures.is_empty() => writeln!(out, "passed  {}", outcome.name),
        Format::Text => {
            writeln!(out, "FAILED  {} ({})", outcome.name, outcome.place)?;
            failures(out, &outcome.failures, language)
        }
    }
}

/// Writes the failures; those of definitions that were refused once for each template.
fn failures(out: &mut dyn Write, failures: &[Failure], language: Language) -> io::Result<()> {
    let refused = failures.iter().filter_map(|one| one.refused.as_deref());
    let told = Told::of(refused, language);
    let mut words = told.definitions.iter().peekable();
    for failure in failures {
        let Some(problems) = &failure.refused else {
            lines(out, failure, None)?;
            continue;
        };
        if let Some((_, words)) = words.next_if(|(of, _)| std::ptr::eq(*of, problems.as_ref())) {
            lines(out, failure, Some(words))?;
        }
    }
    match told::untold(told.untold, language) {
        Some(untold) => writeln!(out, "    {untold}"),
        None => Ok(()),
    }
}

/// Writes how many there were.
pub fn summary(out: &mut dyn Write, format: Format, summary: Summary) -> io::Result<()> {
    match format {
        Format::Json => Ok(()),
        Format::Text => writeln!(out, "{} passed, {} failed", summary.passed, summary.failed),
    }
}

fn lines(out: &mut dyn Write, failure: &Failure, refused: Option<&str>) -> io::Result<()> {
    let step = if failure.step > 0 {
        format!("step {}: ", failure.step)
    } else {
        String::new()
    };
    writeln!(out, "    {step}{}", failure.what)?;
    let parts = [
        ("expected", failure.expected.as_deref()),
        ("got", failure.got.as_deref().or(refused)),
        ("why", failure.explanation.as_deref()),
    ];
    for (name, text) in parts {
        let Some(text) = text else { continue };
        let indented = text.trim_end().replace('\n', "\n                ");
        writeln!(out, "      {name:<8}  {indented}")?;
    }
    Ok(())
}

fn object(outcome: &Outcome, language: Language) -> Json {
    let failure = |failure: &Failure| {
        let refused = failure.refused.as_ref();
        let refused = refused.map(|problems| problems.rendered(language));
        json!({
            "step": failure.step,
            "what": failure.what,
            "expected": failure.expected,
            "got": failure.got.clone().or(refused),
            "explanation": failure.explanation,
        })
    };
    json!({
        "scenario": outcome.name,
        "place": outcome.place,
        "passed": outcome.failures.is_empty(),
        "failures": outcome.failures.iter().map(failure).collect::<Vec<_>>(),
    })
}
