//! Groups of one user's events: `max(count(tx) per hour)`; and `regularly(…)`.

use super::cursor::Parser;
use super::token::TokenKind;
use super::words::begins_window;
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Groups, Wanted};
use crate::parse::unit_of;
use crate::tree::{AggregateName, Expression, GroupKey, Grouped, Node, Periods, Regularly};

impl Parser<'_> {
    /// Whether something measured over events stands where an event may.
    pub(super) fn is_at_aggregate(&self) -> bool {
        let token = self.peek();
        let word = self.text_of(token);
        token.kind == TokenKind::Name
            && self.ahead(1).kind == TokenKind::LeftParen
            && (word == "count_sequences" || AggregateName::from_word(word).is_some())
    }

    /// `count(tx) per hour, last 30d)`, what follows `max(`.
    pub(super) fn grouped(&mut self, function: AggregateName, start: TextRange) -> Expression {
        let of = Box::new(self.nested(Self::call));
        if !self.eat_word("per") && !self.is_recovering {
            let mistake = Groups::NoPer {
                function: function.as_str(),
            };
            self.error(Diagnostic::at(self.peek().range, mistake));
        }
        let per = self.group_key();
        if !self.is_recovering && self.at_word("where") {
            self.error(Diagnostic::at(self.peek().range, Groups::WhereOutside));
        }
        let mut window = None;
        if !self.is_recovering && self.eat(TokenKind::Comma) {
            if begins_window(self.word(self.peek())) {
                window = self.window().map(Box::new);
            } else {
                self.expected(Wanted::Window);
            }
        }
        self.close_aggregate();
        let Some(per) = per else {
            return self.broken(start);
        };
        let grouped = Grouped {
            function,
            of,
            per,
            window,
        };
        Located::new(Node::Grouped(grouped), self.since(start))
    }

    /// `hour`, `chain`, `(chain, to)`
    fn group_key(&mut self) -> Option<GroupKey> {
        if self.is_recovering {
            return None;
        }
        let token = self.peek();
        if token.kind == TokenKind::LeftParen {
            return Some(GroupKey::Values(self.several(Wanted::Values)));
        }
        if token.kind == TokenKind::Name
            && self.ahead(1).kind != TokenKind::Dot
            && let Some(unit) = unit_of(self.text_of(token))
        {
            self.bump();
            return Some(GroupKey::Period(unit));
        }
        let parts = self.parts();
        let name = Located::new(Node::Name(parts), self.since(token.range));
        (!self.is_recovering).then(|| GroupKey::Values(vec![name]))
    }

    /// What follows `regularly`, from `(`.
    pub(super) fn regularly(&mut self, start: TextRange) -> Expression {
        self.bump();
        let events = self.events();
        let mut filter = self.filter_clause();
        if !self.is_recovering {
            self.expect(TokenKind::Comma, Wanted::CommaAndFrequency);
        }
        let frequency = self.frequency();
        if filter.is_none() {
            filter = self.filter_clause();
        }
        self.close_aggregate();
        match frequency {
            Some((at_least, of)) if !events.is_empty() => {
                let regularly = Regularly {
                    events,
                    filter,
                    at_least,
                    of,
                };
                Located::new(Node::Regularly(regularly), self.since(start))
            }
            _ => self.broken(start),
        }
    }

    fn filter_clause(&mut self) -> Option<Box<Expression>> {
        if self.is_recovering || !self.eat_word("where") {
            return None;
        }
        Some(Box::new(self.nested(Self::or)))
    }

    /// `at least 3 of last 5 weeks`
    fn frequency(&mut self) -> Option<(crate::tree::Count, Located<Periods>)> {
        if self.is_recovering {
            return None;
        }
        if !(self.at_word("at") && self.is_ahead_word(1, "least")) {
            self.expected(Wanted::Frequency);
            return None;
        }
        self.bump();
        self.bump();
        let at_least = self.count(Wanted::NumberOfPeriods)?;
        if !self.eat_word("of") {
            self.expected(Wanted::OfPeriods);
            return None;
        }
        let start = self.peek().range;
        let is_last = self.at_word("last");
        if !is_last && !self.at_word("previous") {
            self.expected(Wanted::Periods);
            return None;
        }
        self.bump();
        let count = self.count(Wanted::NumberOfPeriods)?;
        self.eat_word("calendar");
        let token = self.peek();
        let Some(unit) = unit_of(self.text_of(token)) else {
            self.expected(Wanted::Unit);
            return None;
        };
        self.bump();
        let periods = if is_last {
            Periods::Last { count, unit }
        } else {
            Periods::Previous { count, unit }
        };
        Some((at_least, Located::new(periods, self.since(start))))
    }
}
