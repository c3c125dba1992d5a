//! Windows of time: `last 7 calendar days`, `from a to b`.

use domain::Unit;

use super::constant::{ConstantKind, constant};
use super::cursor::Parser;
use super::operand::unit_instead_of;
use super::token::TokenKind;
use crate::diagnostic::{Code, Diagnostic};
use crate::located::{Located, TextRange};
use crate::tree::{Anchored, Expression, Window};

impl Parser<'_> {
    /// The window that begins with the next word; nothing after a mistake.
    pub(super) fn window(&mut self) -> Option<Located<Window>> {
        let token = self.bump();
        let window = match self.text_of(token) {
            "ever" => Some(Window::Ever),
            "today" => Some(Window::Today),
            "yesterday" => Some(Window::Yesterday),
            "last" => self.last(token.range),
            "next" => self.span("a duration such as `7d`").map(Window::Next),
            "previous" => self.previous(token.range),
            "this" => self.unit().map(Window::This),
            "from" => self.from(),
            "since" => Some(Window::Since(self.bound())),
            "before" => Some(Window::Before(self.bound())),
            "between" => self.between_bounds(),
            _ => self.anchored(),
        }?;
        Some(Located::new(window, self.since(token.range)))
    }

    fn bound(&mut self) -> Box<Expression> {
        Box::new(self.nested(Self::sum))
    }

    /// `7d`, `7 calendar days`
    fn last(&mut self, start: TextRange) -> Option<Window> {
        if self.peek().kind != TokenKind::Number {
            if unit_of(self.word(self.peek())).is_some() {
                return self.last_unit(start);
            }
            return self
                .span("a duration such as `7d`, or `7 calendar days`")
                .map(Window::Last);
        }
        let count = self.count("how many")?;
        self.calendar("last", start)?;
        Some(Window::LastCalendar {
            count,
            unit: self.unit()?,
        })
    }

    /// `last month`: could be either of two.
    fn last_unit(&mut self, start: TextRange) -> Option<Window> {
        let token = self.bump();
        let written = self.text_of(token);
        let unit = unit_of(written)?;
        let message = format!(
            "`last {written}` could be two things: write `previous {unit}` for the whole one before this, or `this {unit}` for the current one so far"
        );
        let range = self.since(start);
        let diagnostic = Diagnostic::error(Code::Syntax, range, message);
        self.mistake(diagnostic.with_fix(format!("previous {unit}")));
        Some(Window::Previous(unit))
    }

    /// `7 calendar days`, `month`
    fn previous(&mut self, start: TextRange) -> Option<Window> {
        if self.peek().kind != TokenKind::Number {
            return self.unit().map(Window::Previous);
        }
        let count = self.count("how many")?;
        self.calendar("previous", start)?;
        Some(Window::PreviousCalendar {
            count,
            unit: self.unit()?,
        })
    }

    /// The word `calendar`; without it, `7 days` could be two things.
    fn calendar(&mut self, which: &str, start: TextRange) -> Option<()> {
        if self.eat_word("calendar") {
            return Some(());
        }
        let written = self.word(self.peek());
        let (Some(unit), count) = (unit_of(written), self.written(self.since(start))) else {
            self.expected("`calendar` and its unit, such as `calendar days`");
            return None;
        };
        let number = count.rsplit(' ').next().unwrap_or_default();
        let range = start.to(self.peek().range);
        let calendar = format!("{which} {number} calendar {unit}s");
        let (message, fix) = match unit_instead_of(written).filter(|_| which == "last") {
            Some(letter) => (
                format!("write `last {number}{letter}` for the time up to now, or `{calendar}`"),
                format!("last {number}{letter}"),
            ),
            None => (format!("write `{calendar}`"), calendar),
        };
        self.mistake(Diagnostic::error(Code::Syntax, range, message).with_fix(fix));
        Some(())
    }

    fn unit(&mut self) -> Option<Unit> {
        let token = self.peek();
        let unit = unit_of(self.word(token));
        if unit.is_some() {
            self.bump();
        } else {
            self.expected("`hours`, `days`, `weeks`, `months`, `quarters` or `years`");
        }
        unit
    }

    /// A duration.
    pub(super) fn span(&mut self, what: &str) -> Option<String> {
        let token = self.peek();
        if token.kind == TokenKind::Malformed {
            self.malformed();
            self.is_recovering = true;
            return None;
        }
        if token.kind != TokenKind::Duration {
            self.expected(what);
            return None;
        }
        self.bump();
        Some(constant(ConstantKind::Duration, self.text_of(token)))
    }

    fn from(&mut self) -> Option<Window> {
        let from = self.bound();
        if !self.eat_word("to") {
            self.expected("`to` and the end of the window (`since a` has no end)");
            return None;
        }
        Some(Window::From {
            from,
            to: self.bound(),
        })
    }

    fn between_bounds(&mut self) -> Option<Window> {
        let from = self.bound();
        if !self.eat_word("and") {
            self.expected("`and` and the end of the window");
            return None;
        }
        Some(Window::Between {
            from,
            to: self.bound(),
        })
    }

    /// `within 7d after signup_at`
    fn anchored(&mut self) -> Option<Window> {
        let span = self.span("a duration such as `7d`")?;
        let side = if self.eat_word("after") {
            Anchored::After
        } else if self.eat_word("before") {
            Anchored::Before
        } else {
            self.expected("`after` or `before` and a time");
            return None;
        };
        Some(Window::Within {
            span,
            side,
            anchor: self.bound(),
        })
    }
}

/// The calendar unit of a word, singular or plural.
pub(crate) fn unit_of(word: &str) -> Option<Unit> {
    Some(match word {
        "hour" | "hours" => Unit::Hour,
        "day" | "days" => Unit::Day,
        "week" | "weeks" => Unit::Week,
        "month" | "months" => Unit::Month,
        "quarter" | "quarters" => Unit::Quarter,
        "year" | "years" => Unit::Year,
        _ => return None,
    })
}
