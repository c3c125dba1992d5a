//! What commands print: text for people, JSON for programs.

use std::io::{self, BufWriter, Stdout, Write};

use anyhow::{Error, Result};
use domain::{Language, Said};
use serde_json::Value;

use crate::definitions;
pub(super) use crate::display::grouped;
use crate::mistakes::{Mistakes, Problems};
use crate::supply::Refusal;
use crate::told::Told;

/// Standard output, buffered.
pub(super) struct Output {
    is_json: bool,
    language: Language,
    out: BufWriter<Stdout>,
}

impl Output {
    /// Output as text, or as JSON where `json` says so.
    pub(super) fn new(json: bool, language: Language) -> Self {
        Self {
            is_json: json,
            language,
            out: BufWriter::new(io::stdout()),
        }
    }

    /// Whether programs read it.
    pub(super) fn is_json(&self) -> bool {
        self.is_json
    }

    /// The language of those who read it.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// Tells people what is wrong or doubtful about rules; programs find it in the result.
    pub(super) fn tell_problems<'p>(&self, problems: impl IntoIterator<Item = &'p Problems>) {
        if !self.is_json {
            let told = Told::of(problems, self.language);
            told.parts(self.language).iter().for_each(|part| tell(part));
        }
    }

    /// Why there is no result. Programs are given the mistakes of rules as one.
    pub(super) fn fail(&mut self, error: &Error) {
        let language = self.language;
        let of_rules = error.downcast_ref::<Mistakes>();
        let of_files = error.downcast_ref::<definitions::Problems>();
        let (words, json) = match (of_rules, of_files) {
            (Some(mistakes), _) => (mistakes.in_words(language), mistakes.json(language)),
            (_, Some(problems)) => (problems.in_words(language), problems.json(language)),
            (None, None) => {
                let refusal = error.downcast_ref::<Refusal>();
                return tell(&match (refusal, language) {
                    (Some(refusal), Language::Chinese) => {
                        format!("错误：{}", refusal.said(language))
                    }
                    _ => format!("error: {error:#}"),
                });
            }
        };
        if self.is_json {
            let written = self.line(&json.to_string());
            if let Err(unwritten) = written.and_then(|()| self.flush()) {
                tell(&format!("error: {unwritten:#}"));
            }
        } else {
            tell(&match language {
                Language::Chinese => format!("错误：{words}"),
                Language::English => format!("error: {words}"),
            });
        }
    }

    /// A line of text.
    pub(super) fn line(&mut self, line: &str) -> Result<()> {
        Ok(writeln!(self.out, "{line}")?)
    }

    /// A result: JSON for programs, else the text.
    pub(super) fn either(&mut self, json: &Value, text: &str) -> Result<()> {
        if self.is_json {
            self.line(&json.to_string())
        } else {
            self.line(text.trim_end())
        }
    }

    /// Where longer output goes.
    pub(super) fn writer(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// Writes what is held.
    pub(super) fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

/// A line for people who wait, on standard error.
pub(super) fn tell(line: &str) {
    // Where nobody reads standard error there is nobody to tell.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Whether an error is that the reader has gone (`muster members … | head`).
pub(super) fn is_closed_pipe(error: &Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Rows as a table, the columns after the first aligned to the right.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
            match column {
                0 => text.extend([cell.as_str(), &gap]),
                _ => text.extend(["  ", &gap, cell]),
            }
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}
