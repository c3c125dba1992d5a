//! A value of a table: `lookup(chains, chain).name`.

use super::constant::unquoted;
use super::cursor::Parser;
use super::token::TokenKind;
use crate::diagnostic::{Code, Diagnostic};
use crate::located::{Located, TextRange};
use crate::tree::{Expression, Node};

impl Parser<'_> {
    /// What follows `lookup`, from `(`.
    pub(super) fn lookup(&mut self, start: TextRange) -> Expression {
        self.bump();
        let table = self.table();
        if !self.eat(TokenKind::Comma) {
            self.expected("`,` and the key of a row, as in `lookup(chains, chain).name`");
        }
        if self.is_recovering {
            self.recover_after_parenthesis();
            return self.broken(start);
        }
        let row = Box::new(self.nested(Self::or));
        self.expect(TokenKind::RightParen, "`)`");
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
                let message = format!("a column is needed: write `lookup({table}, …).column`");
                let range = self.since(start);
                self.error(Diagnostic::error(Code::Syntax, range, message));
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
                | TokenKind::SingleQuoted
        );
        if !is_key {
            self.expected("a table, as in `lookup(chains, chain).name`");
            return None;
        }
        self.bump();
        let text = self.text_of(token);
        let key = match token.kind {
            TokenKind::Quoted | TokenKind::Text | TokenKind::SingleQuoted => unquoted(text),
            _ => text.to_owned(),
        };
        if key.is_empty() {
            self.mistake(Diagnostic::error(
                Code::Syntax,
                token.range,
                "the key of a table cannot be empty",
            ));
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
