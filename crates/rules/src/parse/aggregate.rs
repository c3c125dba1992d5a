//! What is measured over events: `sum(swap.amount where chain = "bsc", last 30d)`.

use super::constant::{ConstantKind, constant};
use super::cursor::Parser;
use super::derived::is_derived_event;
use super::token::TokenKind;
use super::words::{begins_window, is_reserved, means_last, window_instead_of};
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Aggregates, Groups, Populations, Wanted, Windows};
use crate::tree::{Aggregate, AggregateName, EventPattern, Expression, Node};

impl Parser<'_> {
    /// What follows the function's name, from `(`.
    pub(super) fn aggregate(&mut self, function: AggregateName, start: TextRange) -> Expression {
        self.bump();
        if self.at_word("gap") && self.ahead(1).kind == TokenKind::LeftParen {
            return self.gap(function, start);
        }
        if self.is_at_aggregate() {
            return self.grouped(function, start);
        }
        let counts_group = function == AggregateName::Count
            && (self.peek().kind == TokenKind::RightParen || self.at_word("where"));
        let events = if counts_group {
            Vec::new()
        } else {
            self.events()
        };
        let arguments = self.arguments();
        let mut aggregate = Aggregate {
            function,
            events,
            arguments,
            number: None,
            percent: None,
            by: None,
            filter: None,
            having: None,
            window: None,
        };
        self.clauses(&mut aggregate);
        self.close_aggregate();
        if aggregate.events.is_empty() && !counts_group {
            return self.broken(start);
        }
        Located::new(Node::Aggregate(aggregate), self.since(start))
    }

    /// The `)` that closes an aggregate.
    pub(super) fn close_aggregate(&mut self) {
        if self.is_recovering {
            self.skip_to_close();
        } else {
            self.expect(TokenKind::RightParen, Wanted::Close);
        }
    }

    /// After a mistake among the clauses: to the `)` that closes the aggregate.
    pub(super) fn skip_to_close(&mut self) {
        loop {
            match self.peek().kind {
                TokenKind::RightParen => {
                    self.bump();
                    self.is_recovering = false;
                    return;
                }
                TokenKind::LeftParen => self.skip_parentheses(),
                TokenKind::End => return,
                _ => {
                    self.bump();
                }
            }
        }
    }

    /// One event or `(a, b)`.
    pub(super) fn events(&mut self) -> Vec<Located<EventPattern>> {
        if !self.eat(TokenKind::LeftParen) {
            return self.event().into_iter().collect();
        }
        let mut events = Vec::new();
        loop {
            events.extend(self.event());
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RightParen, Wanted::CloseEvents);
        events
    }

    /// `swap`, `event swap`, `quest_*`, `*`
    fn event(&mut self) -> Option<Located<EventPattern>> {
        let token = self.peek();
        if self.eat(TokenKind::Star) {
            return Some(Located::new(EventPattern::Any, token.range));
        }
        let next = self.ahead(1);
        let is_marked = self.at_word("event")
            && match next.kind {
                TokenKind::Quoted => true,
                TokenKind::Name => {
                    !is_reserved(self.text_of(next)) && !self.is_ahead_word(1, "having")
                }
                _ => false,
            };
        if is_marked {
            self.bump();
            let name = self.name()?;
            return Some(Located::new(
                EventPattern::Event(name.node),
                self.since(token.range),
            ));
        }
        if token.kind == TokenKind::Name && next.kind == TokenKind::LeftParen {
            if is_derived_event(self.text_of(token)) {
                return self.derived_event();
            }
            return self.no_event();
        }
        if self.at_word("users") && self.is_ahead_word(1, "by") {
            self.error(Diagnostic::at(token.range, Populations::NotOverUsers));
            return None;
        }
        if self.at_word("distinct") && next.kind == TokenKind::Name {
            let mistake = Aggregates::DistinctInside;
            self.error(Diagnostic::at(token.range, mistake));
            return None;
        }
        if token.kind == TokenKind::Name && is_reserved(self.text_of(token)) {
            self.expected(Wanted::Event);
            return None;
        }
        let Some(name) = self.name() else {
            self.expected(Wanted::Event);
            return None;
        };
        let star = self.peek();
        if star.kind == TokenKind::Star && star.range.start == name.range.end {
            self.bump();
            return Some(Located::new(
                EventPattern::Prefix(name.node),
                self.since(token.range),
            ));
        }
        Some(Located::new(EventPattern::Name(name.node), name.range))
    }

    /// A function where an event is expected.
    fn no_event(&mut self) -> Option<Located<EventPattern>> {
        let word = self.text_of(self.peek());
        if matches!(word, "sequence" | "count_sequences") {
            let mistake = Aggregates::SequenceInside { word };
            self.error(Diagnostic::at(self.peek().range, mistake));
        } else {
            self.expected(Wanted::EventAndProperty);
        }
        None
    }

    /// `.p`, `.(a * b)`, `.(chain, to)`
    pub(super) fn arguments(&mut self) -> Vec<Expression> {
        if self.is_recovering || !self.eat(TokenKind::Dot) {
            return Vec::new();
        }
        if self.peek().kind == TokenKind::LeftParen {
            return self.several(Wanted::Values);
        }
        let start = self.peek().range;
        let parts = self.parts();
        if parts.is_empty() {
            return Vec::new();
        }
        if self.peek().kind == TokenKind::LeftParen {
            let function = parts.last().map_or("", String::as_str);
            let range = self.since(start);
            self.error(Diagnostic::at(
                range,
                Aggregates::BareExpression { function },
            ));
            return vec![self.broken(start)];
        }
        vec![Located::new(Node::Name(parts), self.since(start))]
    }

    /// A number, `where` and a window, in any order that makes sense.
    fn clauses(&mut self, aggregate: &mut Aggregate) {
        while !self.is_recovering {
            let token = self.peek();
            match (token.kind, self.word(token)) {
                (TokenKind::Comma, _) => {
                    self.bump();
                    self.clause(aggregate);
                }
                (_, "where") if aggregate.filter.is_none() => {
                    self.bump();
                    aggregate.filter = Some(Box::new(self.nested(Self::or)));
                }
                (_, "where") => {
                    self.error(Diagnostic::at(token.range, Aggregates::SecondWhere));
                }
                (_, "having") if aggregate.having.is_some() => {
                    self.error(Diagnostic::at(token.range, Aggregates::SecondHaving));
                }
                (_, "having") => {
                    self.bump();
                    aggregate.having = Some(Box::new(self.nested(Self::or)));
                }
                (_, "by") if aggregate.by.is_none() => {
                    self.bump();
                    aggregate.by = Some(Box::new(self.nested(Self::sum)));
                }
                (_, "per") => {
                    self.error(Diagnostic::at(token.range, Groups::PerOfEvents));
                }
                (_, word @ "among") => self.not_available(word),
                (TokenKind::Arrow, _) => self.arrow(aggregate.function),
                (TokenKind::Name, word) if begins_window(word) => {
                    let diagnostic = Diagnostic::at(token.range, Windows::NoComma { word });
                    let place = TextRange {
                        end: token.range.start,
                        ..token.range
                    };
                    self.mistake(diagnostic.with_fix_at(place, ", "));
                    self.window_clause(aggregate);
                }
                _ => return,
            }
        }
    }

    /// What follows a comma.
    fn clause(&mut self, aggregate: &mut Aggregate) {
        let token = self.peek();
        match token.kind {
            TokenKind::Number
                if aggregate.function == AggregateName::Percentile
                    && aggregate.percent.is_none() =>
            {
                self.bump();
                let written = constant(ConstantKind::Number, self.text_of(token));
                aggregate.percent = Some(Located::new(written, token.range));
            }
            TokenKind::Number if aggregate.number.is_none() => {
                aggregate.number = self.count(Wanted::WhichOrHowMany);
            }
            TokenKind::Duration => {
                let span = self.text_of(token);
                let diagnostic = Diagnostic::at(token.range, Windows::NoLast { span });
                self.mistake(diagnostic.with_fix(format!("last {span}")));
                self.bump();
            }
            TokenKind::Name if begins_window(self.text_of(token)) => self.window_clause(aggregate),
            TokenKind::Name if self.at_word("where") => {
                self.mistake(Diagnostic::at(token.range, Aggregates::CommaBeforeWhere));
            }
            TokenKind::Name if self.ahead(1).kind.is_comparison() => {
                let name = self.text_of(token);
                let comma = self.taken_last();
                let mistake = Aggregates::ConditionWithoutWhere { name };
                let diagnostic = Diagnostic::at(token.range, mistake);
                self.error(diagnostic.with_fix_at(comma, " where"));
            }
            TokenKind::Name
                if means_last(self.text_of(token)) && self.ahead(1).kind == TokenKind::Duration =>
            {
                let span = self.ahead(1);
                let instead = format!("last {}", self.text_of(span));
                self.corrected(token.range.to(span.range), &instead);
                self.bump();
                self.bump();
            }
            _ => match window_instead_of(self.text_of(token)) {
                Some(instead) => {
                    self.corrected(token.range, &instead);
                    self.bump();
                }
                None => self.expected(Wanted::WindowOrEvents),
            },
        }
    }

    /// `count(A -> B)`
    fn arrow(&mut self, function: AggregateName) {
        let instead = match function {
            AggregateName::Count => "count_sequences(A -> B)".to_owned(),
            AggregateName::Did => "sequence(A -> B)".to_owned(),
            other => format!("{}(gap(A -> B))", other.as_str()),
        };
        let mistake = Aggregates::ArrowInside { instead: &instead };
        self.error(Diagnostic::at(self.peek().range, mistake));
    }

    fn window_clause(&mut self, aggregate: &mut Aggregate) {
        let range = self.peek().range;
        let window = self.window();
        if aggregate.window.is_some() {
            self.error(Diagnostic::at(range, Windows::Second));
        }
        aggregate.window = window.map(Box::new);
    }
}
