//! What a run says: a line per scenario, or an object.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use super::play::Failure;
use super::{Format, Outcome, Summary};

/// Writes what became of a scenario.
pub fn outcome(out: &mut dyn Write, format: Format, outcome: &Outcome) -> io::Result<()> {
    match format {
        Format::Json => writeln!(out, "{}", object(outcome)),
        Format::Text if outcome.failures.is_empty() => writeln!(out, "passed  {}", outcome.name),
        Format::Text => {
            writeln!(out, "FAILED  {} ({})", outcome.name, outcome.place)?;
            outcome
                .failures
                .iter()
                .try_for_each(|failure| lines(out, failure))
        }
    }
}

/// Writes how many there were.
pub fn summary(out: &mut dyn Write, format: Format, summary: Summary) -> io::Result<()> {
    match format {
        Format::Json => Ok(()),
        Format::Text => writeln!(out, "{} passed, {} failed", summary.passed, summary.failed),
    }
}

fn lines(out: &mut dyn Write, failure: &Failure) -> io::Result<()> {
    let step = if failure.step > 0 {
        format!("step {}: ", failure.step)
    } else {
        String::new()
    };
    writeln!(out, "    {step}{}", failure.what)?;
    let parts = [
        ("expected", &failure.expected),
        ("got", &failure.got),
        ("why", &failure.explanation),
    ];
    for (name, text) in parts {
        let Some(text) = text else { continue };
        let indented = text.trim_end().replace('\n', "\n                ");
        writeln!(out, "      {name:<8}  {indented}")?;
    }
    Ok(())
}

fn object(outcome: &Outcome) -> Json {
    let failure = |failure: &Failure| {
        json!({
            "step": failure.step,
            "what": failure.what,
            "expected": failure.expected,
            "got": failure.got,
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
