//! What has held for some time: `(kyc_status = "pending" for at least 3d)`.

use super::cursor::Parser;
use super::token::TokenKind;
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{History, Wanted};
use crate::tree::{Expression, Node};

impl Parser<'_> {
    /// What follows a condition in parentheses, from `for`.
    pub(super) fn lasting(&mut self, condition: Expression, start: TextRange) -> Expression {
        let word = self.bump().range;
        if self.at_word("at") && self.is_ahead_word(1, "least") {
            self.bump();
            self.bump();
        } else {
            let diagnostic = Diagnostic::at(word, History::NoAtLeast);
            self.mistake(diagnostic.with_fix("for at least"));
        }
        let at_least = self.span(Wanted::Duration { example: "3d" });
        if self.is_recovering {
            self.recover();
        }
        self.expect(TokenKind::RightParen, Wanted::Close);
        match at_least {
            Some(at_least) => {
                let condition = Box::new(condition);
                Located::new(
                    Node::Lasting {
                        condition,
                        at_least,
                    },
                    self.since(start),
                )
            }
            None => self.broken(start),
        }
    }
}
