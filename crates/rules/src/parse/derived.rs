//! Changes as events: `changed(kyc_status)`.

use super::cursor::Parser;
use super::token::TokenKind;
use crate::diagnostic::{Code, Diagnostic};
use crate::located::Located;
use crate::print;
use crate::tree::{EventPattern, Expression};

/// The words of events that follow from a history.
const WORDS: [&str; 1] = ["changed"];

/// Whether the word, with parentheses behind it, is an event.
pub(super) fn is_derived_event(word: &str) -> bool {
    WORDS.contains(&word)
}

impl Parser<'_> {
    /// The word and what changes, in parentheses.
    pub(super) fn derived_event(&mut self) -> Option<Located<EventPattern>> {
        let start = self.bump().range;
        self.bump();
        let path = self.changed_path();
        self.close();
        let path = path.filter(|path| !path.node.is_empty())?;
        Some(Located::new(EventPattern::Changed(path), self.since(start)))
    }

    fn changed_path(&mut self) -> Option<Located<Vec<String>>> {
        let token = self.peek();
        if let Some(text) = self.text_constant() {
            let instead = print::printed_name(&text);
            let message = format!("write the attribute without quotes: `{instead}`");
            let diagnostic = Diagnostic::error(Code::Syntax, token.range, message);
            self.mistake(diagnostic.with_fix(instead));
            return Some(Located::new(vec![text], token.range));
        }
        if !matches!(token.kind, TokenKind::Name | TokenKind::Quoted) {
            self.expected("the attribute whose changes are meant");
            return None;
        }
        let parts = self.parts();
        let path = Located::new(parts, self.since(token.range));
        if self.operator().is_some() {
            let message = "which values are meant stands behind the change, as in `changed(level) where new >= 2`";
            self.error(Diagnostic::error(Code::Syntax, self.peek().range, message));
        }
        Some(path)
    }

    /// The closing parenthesis, also behind a mistake.
    fn close(&mut self) {
        if !self.is_recovering {
            self.expect(TokenKind::RightParen, "`)`");
        }
        if self.is_recovering {
            self.skip_to_close();
        }
    }

    /// A change where a value or a condition is expected.
    pub(super) fn derived_event_alone(&mut self) -> Expression {
        let start = self.bump().range;
        self.skip_parentheses();
        let range = self.since(start);
        let written = self.written(range);
        let message =
            format!("`{written}` is an event: write `did({written})` for users who have it");
        let diagnostic = Diagnostic::error(Code::Syntax, range, message);
        self.mistake(diagnostic.with_fix(format!("did({written})")));
        self.broken(start)
    }
}
