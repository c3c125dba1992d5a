//! `points(1 when C, 2 when D)` and `t anniversary in next 7d`.

use super::cursor::Parser;
use super::token::TokenKind;
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Functions, History, Wanted};
use crate::tree::{Expression, Node, Weighted, Window};

impl Parser<'_> {
    /// What follows `points`, from `(`.
    pub(super) fn points(&mut self, start: TextRange) -> Expression {
        self.bump();
        let mut of = Vec::new();
        loop {
            of.extend(self.weighted());
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RightParen, Wanted::CommaOrClose);
        if of.is_empty() {
            return self.broken(start);
        }
        Located::new(Node::Points(of), self.since(start))
    }

    /// `-0.5 when C`
    fn weighted(&mut self) -> Option<Weighted> {
        let token = self.peek();
        if !matches!(token.kind, TokenKind::Number | TokenKind::Minus) {
            self.expected(Wanted::Points);
            self.recover_weight();
            return None;
        }
        let Located { node, range } = self.signed();
        let Node::Number(weight) = node else {
            self.error(Diagnostic::at(range, Functions::NoWeight));
            self.recover_weight();
            return None;
        };
        if !self.eat_word("when") {
            self.expected(Wanted::When);
            self.recover_weight();
            return None;
        }
        let when = self.nested(Self::or);
        let weight = Located::new(weight, range);
        Some(Weighted { weight, when })
    }

    /// To the next `,` or `)`.
    fn recover_weight(&mut self) {
        self.recover();
        while self.at_word("when") || self.at_word("and") || self.at_word("or") {
            self.bump();
            self.is_recovering = true;
            self.recover();
        }
    }

    /// What follows the value: `anniversary in next 7d`.
    pub(super) fn anniversary(&mut self, value: Expression, start: TextRange) -> Expression {
        self.bump();
        let negated = self.eat_word("not");
        if !self.eat_word("in") {
            self.expected(Wanted::InNext);
            return self.broken(start);
        }
        let Some(window) = self.window() else {
            return self.broken(start);
        };
        let Window::Next(next) = window.node else {
            self.mistake(Diagnostic::at(window.range, History::AnniversaryWindow));
            return self.broken(start);
        };
        let node = Node::Anniversary {
            value: Box::new(value),
            next,
            negated,
        };
        Located::new(node, self.since(start))
    }
}
