//! Windows of time: `last 7 calendar days`, `from a to b`.

use domain::Unit;

use super::constant::{ConstantKind, constant};
use super::cursor::Parser;
use super::operand::unit_instead_of;
use super::token::TokenKind;
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Wanted, Windows};
use crate::tree::{Anchored, Expression, Window};

/// The duration of a window.
const A_WEEK: Wanted<'_> = Wanted::Duration { example: "7d" };

impl Parser<'_> {
    /// The window that begins with the next word; nothing after a mistake.
    pub(super) fn window(&mut self) -> Option<Located<Window>> {
        let token = self.bump();
        let window = match self.text_of(token) {
            "ever" => Some(Window::Ever),
            "today" => Some(Window::Today),
            "yesterday" => Some(Window::Yesterday),
            "last" => self.last(token.range),
            "next" => self.span(A_WEEK).map(Window::Next),
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
            return self.span(Wanted::DurationOrPeriods).map(Window::Last);
        }
        let count = self.count(Wanted::HowMany)?;
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
        let mistake = Windows::LastUnit { written, unit };
        let diagnostic = Diagnostic::at(self.since(start), mistake);
        self.mistake(diagnostic.with_fix(format!("previous {unit}")));
        Some(Window::Previous(unit))
    }

    /// `7 calendar days`, `month`
    fn previous(&mut self, start: TextRange) -> Option<Window> {
        if self.peek().kind == TokenKind::Duration {
            let token = self.peek();
            let span = self.text_of(token);
            self.error(Diagnostic::at(token.range, Windows::PreviousSpan { span }));
            return None;
        }
        if self.peek().kind != TokenKind::Number {
            return self.unit().map(Window::Previous);
        }
        let count = self.count(Wanted::HowMany)?;
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
            self.expected(Wanted::Calendar);
            return None;
        };
        let number = count.rsplit(' ').next().unwrap_or_default();
        let range = start.to(self.peek().range);
        let calendar = format!("{which} {number} calendar {unit}s");
        let calendar = calendar.as_str();
        let diagnostic = match unit_instead_of(written).filter(|_| which == "last") {
            Some(letter) => {
                let mistake = Windows::LastNumber {
                    number,
                    letter,
                    calendar,
                };
                Diagnostic::at(range, mistake).with_fix(format!("last {number}{letter}"))
            }
            None => Diagnostic::at(range, Windows::NoCalendar { calendar }).with_fix(calendar),
        };
        self.mistake(diagnostic);
        Some(())
    }

    fn unit(&mut self) -> Option<Unit> {
        let token = self.peek();
        let unit = unit_of(self.word(token));
        if unit.is_some() {
            self.bump();
        } else {
            self.expected(Wanted::Unit);
        }
        unit
    }

    /// A duration.
    pub(super) fn span(&mut self, what: Wanted<'_>) -> Option<String> {
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
            self.expected(Wanted::To);
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
            self.expected(Wanted::AndEnd);
            return None;
        }
        Some(Window::Between {
            from,
            to: self.bound(),
        })
    }

    /// `within 7d after signup_at`
    fn anchored(&mut self) -> Option<Window> {
        let span = self.span(A_WEEK)?;
        let side = if self.eat_word("after") {
            Anchored::After
        } else if self.eat_word("before") {
            Anchored::Before
        } else {
            self.expected(Wanted::AfterOrBefore);
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
