//! Changes as events: `changed(kyc_status)`, `entered(whale)`.

use super::cursor::Parser;
use super::token::TokenKind;
use crate::diagnostic::Diagnostic;
use crate::located::Located;
use crate::mistake::{History, Wanted};
use crate::print;
use crate::tree::{EventPattern, Expression};

/// The words of events that follow from a history.
const WORDS: [&str; 5] = ["changed", "entered", "left", "linked", "unlinked"];

/// Whether the word, with parentheses behind it, is an event.
pub(super) fn is_derived_event(word: &str) -> bool {
    WORDS.contains(&word)
}

impl Parser<'_> {
    /// The word and what changes, in parentheses.
    pub(super) fn derived_event(&mut self) -> Option<Located<EventPattern>> {
        let word = self.bump();
        let of_tag = match self.text_of(word) {
            "entered" => Some(self.key().map(EventPattern::Entered)),
            "left" => Some(self.key().map(EventPattern::Left)),
            _ => None,
        };
        if let Some(pattern) = of_tag {
            return Some(Located::new(pattern?, self.since(word.range)));
        }
        self.bump();
        let pattern = match self.text_of(word) {
            "linked" => self.identity_sort().map(EventPattern::Linked),
            "unlinked" => self.identity_sort().map(EventPattern::Unlinked),
            _ => self.changed_path().map(EventPattern::Changed),
        };
        self.close();
        Some(Located::new(pattern?, self.since(word.range)))
    }

    /// A kind of identity or a social network, with or without quotes.
    fn identity_sort(&mut self) -> Option<Located<String>> {
        let token = self.peek();
        let sort = match self.text_constant() {
            Some(text) => Some(Located::new(text, token.range)),
            None => self.name(),
        };
        if sort.is_none() {
            self.expected(Wanted::IdentityKind);
        }
        sort.filter(|sort| !sort.node.is_empty())
    }

    fn changed_path(&mut self) -> Option<Located<Vec<String>>> {
        let token = self.peek();
        if let Some(text) = self.text_constant() {
            let instead = print::printed_name(&text);
            let mistake = History::QuotedAttribute { instead: &instead };
            self.mistake(Diagnostic::at(token.range, mistake).with_fix(instead.as_str()));
            return Some(Located::new(vec![text], token.range));
        }
        if !matches!(token.kind, TokenKind::Name | TokenKind::Quoted) {
            self.expected(Wanted::ChangedAttribute);
            return None;
        }
        let parts = self.parts();
        if parts.is_empty() {
            return None;
        }
        let path = Located::new(parts, self.since(token.range));
        if self.operator().is_some() {
            self.error(Diagnostic::at(self.peek().range, History::ComparedInside));
        }
        Some(path)
    }

    /// The closing parenthesis, also behind a mistake.
    fn close(&mut self) {
        if !self.is_recovering {
            self.expect(TokenKind::RightParen, Wanted::Close);
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
        let diagnostic = Diagnostic::at(range, History::ChangeAlone { written });
        self.mistake(diagnostic.with_fix(format!("did({written})")));
        self.broken(start)
    }
}
