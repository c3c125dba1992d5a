//! The text of a short form while it is read: what stands at each key, and what is wrong there.

use std::fmt::Write as _;
use std::ops::Range;

use domain::{Decimal, Span};

use super::{Meaning, Short};
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Mistake, ShortForms};
use crate::parse::{Parsed, parse_leniently};
use crate::tree::{Aggregate, AggregateName, Expression, Node, Rule, Window};

/// The keys that were read so far. Each reading gives nothing where it has told a mistake.
pub(super) struct Sheet {
    text: String,
    entries: Vec<(&'static str, Range<usize>)>,
    diagnostics: Vec<Diagnostic>,
}

/// What is written at a key, with its place.
pub(super) type Entry = Located<String>;

impl Sheet {
    pub(super) fn new(form: &str) -> Self {
        Self {
            text: format!("{form}:\n"),
            entries: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// What is written at a key.
    pub(super) fn entry(&mut self, key: &'static str, written: &str) -> Entry {
        let _ = write!(self.text, "  {key}: ");
        let entry = self.written(key, written.trim_end());
        self.text.push('\n');
        entry
    }

    /// A list of constants that is written at a key, or one.
    pub(super) fn list(&mut self, key: &'static str, written: &[String]) -> Vec<Entry> {
        let _ = write!(self.text, "  {key}: ");
        let is_list = written.len() != 1;
        self.text.push_str(if is_list { "[" } else { "" });
        let mut entries = Vec::with_capacity(written.len());
        if written.is_empty() {
            entries.push(self.written(key, ""));
        }
        for (number, one) in written.iter().enumerate() {
            self.text.push_str(if number > 0 { ", " } else { "" });
            entries.push(self.written(key, one));
        }
        self.text.push_str(if is_list { "]\n" } else { "\n" });
        entries
    }

    fn written(&mut self, key: &'static str, written: &str) -> Entry {
        let start = self.text.len();
        self.text.push_str(written);
        self.entries.push((key, start..self.text.len()));
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let range = TextRange {
            start: place(start),
            end: place(self.text.len()),
        };
        Located::new(written.to_owned(), range)
    }

    /// The short form that was read.
    pub(super) fn finish(self, meaning: Option<Meaning>) -> Short {
        Short {
            text: self.text,
            entries: self.entries,
            meaning: meaning
                .filter(|_| self.diagnostics.is_empty())
                .ok_or(self.diagnostics),
        }
    }

    /// Tells a mistake, and gives nothing.
    pub(super) fn fail<T>(&mut self, range: TextRange, mistake: impl Mistake) -> Option<T> {
        self.diagnostics.push(Diagnostic::at(range, mistake));
        None
    }

    /// Events, as `did(…)` takes them.
    pub(super) fn events(&mut self, entry: &Entry) -> Option<Located<Aggregate>> {
        match events(entry) {
            Ok(aggregate) => Some(Located::new(aggregate, entry.range)),
            Err(_) if Self::is_value(entry) => self.fail(entry.range, ShortForms::NoEvents),
            Err(problems) => self.refuse(problems),
        }
    }

    /// A value of each user.
    pub(super) fn value(&mut self, entry: &Entry) -> Option<Expression> {
        match expression(entry, "", "") {
            Ok(expression) => Some(expression),
            Err(problems) => self.refuse(problems),
        }
    }

    /// Whether a text is a value rather than events, which are named alone.
    pub(super) fn is_value(entry: &Entry) -> bool {
        let parsed = parse_leniently(&entry.node);
        let Rule::Expression(expression) = parsed.rule else {
            return false;
        };
        let is_alone = match &expression.node {
            Node::Name(path) => path.len() == 1,
            Node::Broken => true,
            _ => false,
        };
        !is_alone && events(entry).is_err()
    }

    /// A window, or a duration back from now.
    pub(super) fn window(&mut self, entry: &Entry) -> Option<Located<Window>> {
        if Span::parse(&entry.node).is_some() {
            return Some(Located::new(Window::Last(entry.node.clone()), entry.range));
        }
        let aggregate = match expression(entry, "count(*, ", "\n)").map(|of| of.node) {
            Ok(Node::Aggregate(aggregate)) => aggregate,
            Ok(_) => return self.fail(entry.range, ShortForms::NoWindow),
            Err(problems) => return self.refuse(problems),
        };
        match aggregate.window {
            Some(window) => Some(*window),
            None => self.fail(entry.range, ShortForms::NoWindow),
        }
    }

    /// A duration longer than nothing.
    pub(super) fn span(&mut self, entry: &Entry) -> Option<Span> {
        match Span::parse(&entry.node).filter(|span| *span > Span::ZERO) {
            Some(span) => Some(span),
            None => self.fail(entry.range, ShortForms::NoSpan),
        }
    }

    /// A number.
    pub(super) fn number(&mut self, entry: &Entry) -> Option<Decimal> {
        match Decimal::parse(&entry.node) {
            Some(number) => Some(number),
            None => self.fail(entry.range, ShortForms::NoNumber),
        }
    }

    fn refuse<T>(&mut self, problems: Vec<Diagnostic>) -> Option<T> {
        self.diagnostics.extend(problems);
        None
    }
}

/// The events of an entry, as an aggregate over them.
fn events(entry: &Entry) -> Result<Aggregate, Vec<Diagnostic>> {
    let read = expression(entry, "did(", "\n)")?;
    let refused = |mistake: ShortForms| Err(vec![Diagnostic::at(entry.range, mistake)]);
    match read.node {
        Node::Aggregate(of) if of.function == AggregateName::Did => match of.window {
            None if of.arguments.is_empty() && of.having.is_none() => Ok(of),
            _ => refused(ShortForms::WindowOfEvents),
        },
        _ => refused(ShortForms::NoEvents),
    }
}

/// Reads what is written between two texts, as if it stood alone at its place.
fn expression(entry: &Entry, before: &str, after: &str) -> Result<Expression, Vec<Diagnostic>> {
    let start = usize::try_from(entry.range.start).unwrap_or_default();
    let margin = " ".repeat(start.saturating_sub(before.len()));
    let text = format!("{margin}{before}{}{after}", entry.node);
    let Parsed { rule, diagnostics } = parse_leniently(&text);
    match rule {
        Rule::Expression(mut expression) if diagnostics.is_empty() => {
            expression.range = entry.range;
            Ok(expression)
        }
        Rule::Expression(_) => Err(within(entry.range, diagnostics)),
        Rule::Cases(_) => Err(vec![Diagnostic::at(entry.range, ShortForms::NoValue)]),
    }
}

/// Problems of a text and of what was put around it, at places of the text itself.
fn within(range: TextRange, mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for problem in &mut problems {
        let TextRange { start, end } = problem.range;
        problem.range = TextRange {
            start: start.clamp(range.start, range.end),
            end: end.clamp(range.start, range.end),
        };
    }
    problems
}
