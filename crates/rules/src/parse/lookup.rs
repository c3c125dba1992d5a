//! A value of a table: `lookup(chains, chain).name`.

use super::constant::unquoted;
use super::cursor::Parser;
use super::token::TokenKind;
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Functions, Wanted};
use crate::tree::{Expression, Node};

impl Parser<'_> {
    /// What follows `lookup`, from `(`.
    pub(super) fn lookup(&mut self, start: TextRange) -> Expression {
        self.bump();
        let table = self.table();
        if !self.eat(TokenKind::Comma) {
            self.expected(Wanted::RowKey);
        }
        if self.is_recovering {
            self.recover_after_parenthesis();
            return self.broken(start);
        }
        let row = Box::new(self.nested(Self::or));
        self.expect(TokenKind::RightParen, Wanted::Close);
        if self.is_recovering {
            return self.broken(start);
        }
        let column = if self.eat(TokenKind::Dot) {
            self.name()
        } else {
            None
        };
        match (table, column) {
            (Some(table), Some(column)) => {
                Located::new(Node::Lookup { table, row, column }, self.since(start))
            }
            (table, None) => {
                let table = table.map_or_else(String::new, |table| table.node);
                let mistake = Functions::NoColumn { table: &table };
                self.error(Diagnostic::at(self.since(start), mistake));
                self.broken(start)
            }
            (None, Some(_)) => self.broken(start),
        }
    }

    /// The key of a table, with or without quotes.
    fn table(&mut self) -> Option<Located<String>> {
        let token = self.peek();
        let is_key = matches!(
            token.kind,
            TokenKind::Name
                | TokenKind::Number
                | TokenKind::Duration
                | TokenKind::Malformed
                | TokenKind::Quoted
                | TokenKind::Text
                | TokenKind::Misquoted
        );
        if !is_key {
            self.expected(Wanted::Table);
            return None;
        }
        self.bump();
        let text = self.text_of(token);
        let key = match token.kind {
            TokenKind::Quoted | TokenKind::Text | TokenKind::Misquoted => unquoted(text),
            _ => text.to_owned(),
        };
        if key.is_empty() {
            self.mistake(Diagnostic::at(token.range, Functions::EmptyTable));
        }
        (!key.is_empty()).then(|| Located::new(key, token.range))
    }

    /// After a mistake inside parentheses: behind them, and behind what follows with a dot.
    fn recover_after_parenthesis(&mut self) {
        loop {
            match self.peek().kind {
                TokenKind::End => return,
                TokenKind::LeftParen => self.skip_parentheses(),
                TokenKind::RightParen => {
                    self.bump();
                    break;
                }
                _ => {
                    self.bump();
                }
            }
        }
        self.is_recovering = false;
        if self.eat(TokenKind::Dot) {
            self.parts();
        }
    }
}
