//! The parser's place among the tokens, its mistakes, and how it goes on after one.

use super::constant::unquoted;
use super::lexer;
use super::token::{Token, TokenKind};
use super::words::operator_instead_of;
use crate::diagnostic::{Code, Diagnostic};
use crate::located::{Located, TextRange};
use crate::tree::{AggregateName, DEEPEST, Expression, FunctionName, Node};

/// The most mistakes that are listed.
const MOST_MISTAKES: usize = 20;

/// Reads tokens into a tree.
pub(super) struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    previous: TextRange,
    nesting: usize,
    diagnostics: Vec<Diagnostic>,
    /// A mistake was found and the parser has not yet found its way back.
    pub(super) is_recovering: bool,
    is_stopped: bool,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            tokens: lexer::tokens(text),
            at: 0,
            previous: TextRange::default(),
            nesting: 0,
            diagnostics: Vec::new(),
            is_recovering: false,
            is_stopped: false,
        }
    }

    /// Where the token stands that was taken last.
    pub fn taken_last(&self) -> TextRange {
        self.previous
    }

    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// The next token.
    pub fn peek(&self) -> Token {
        self.ahead(0)
    }

    /// The token so many places on.
    pub fn ahead(&self, places: usize) -> Token {
        let end = Token {
            kind: TokenKind::End,
            range: self.previous,
        };
        self.tokens
            .get(self.at + places)
            .or(self.tokens.last())
            .copied()
            .unwrap_or(end)
    }

    /// Takes the next token; the end is never taken.
    pub fn bump(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.at += 1;
            self.previous = token.range;
        }
        token
    }

    /// Takes the next token if it is of that kind.
    pub fn eat(&mut self, kind: TokenKind) -> bool {
        let is_there = self.peek().kind == kind;
        if is_there {
            self.bump();
        }
        is_there
    }

    /// The text of a token.
    pub fn text_of(&self, token: Token) -> &'a str {
        token.range.of(self.text)
    }

    /// The text of a range.
    pub fn written(&self, range: TextRange) -> &'a str {
        range.of(self.text)
    }

    /// The word that a token is, or that a sign of other languages stands for; else nothing.
    pub fn word(&self, token: Token) -> &'a str {
        match token.kind {
            TokenKind::Name => match self.text_of(token) {
                "AND" => "and",
                "OR" => "or",
                "NOT" => "not",
                word => word,
            },
            TokenKind::Ampersand => "and",
            TokenKind::Bar => "or",
            TokenKind::Exclamation => "not",
            _ => "",
        }
    }

    pub fn at_word(&self, word: &str) -> bool {
        self.word(self.peek()) == word
    }

    pub fn is_ahead_word(&self, places: usize, word: &str) -> bool {
        self.word(self.ahead(places)) == word
    }

    /// Takes the next token if it is that word, and corrects other spellings of it.
    pub fn eat_word(&mut self, word: &str) -> bool {
        let is_there = self.at_word(word);
        if is_there {
            let token = self.bump();
            if self.text_of(token) != word {
                self.corrected(token.range, word);
            }
        }
        is_there
    }

    /// From the start of a range to the last token taken.
    pub fn since(&self, start: TextRange) -> TextRange {
        start.to(self.previous)
    }

    /// A mistake after which the parser does not know where it is.
    pub fn error(&mut self, diagnostic: Diagnostic) {
        if !self.is_recovering {
            self.mistake(diagnostic);
        }
        self.is_recovering = true;
    }

    /// A mistake of which it is clear what was meant.
    pub fn mistake(&mut self, diagnostic: Diagnostic) {
        if self.is_stopped {
            return;
        }
        self.diagnostics.push(diagnostic);
        if self.diagnostics.len() >= MOST_MISTAKES {
            let message = "too many mistakes: what follows was not read";
            self.stop(Diagnostic::error(Code::TooLong, self.peek().range, message));
        }
    }

    /// Says what to write instead of what stands there.
    pub fn corrected(&mut self, range: TextRange, instead: &str) {
        let written = self.written(range);
        let message = format!("write `{instead}` instead of `{written}`");
        self.mistake(Diagnostic::error(Code::Syntax, range, message).with_fix(instead));
    }

    /// Something other than the next token was expected.
    pub fn expected(&mut self, what: &str) {
        let found = self.peek();
        let message = format!("expected {what}, found {}", self.described(found));
        self.error(Diagnostic::error(Code::Syntax, found.range, message));
    }

    /// Takes the token, or says that it was expected.
    pub fn expect(&mut self, kind: TokenKind, what: &str) {
        if !self.eat(kind) {
            self.expected(what);
        }
    }

    /// Nothing was expected, but a token stands there.
    pub fn unexpected(&mut self) {
        let found = self.peek();
        let written = self.described(found);
        let instead = (found.kind == TokenKind::Name)
            .then(|| operator_instead_of(self.text_of(found)))
            .flatten();
        let diagnostic = match (found.kind, instead) {
            (_, Some(operator)) => {
                let message = format!("unexpected {written}: did you mean `{operator}`?");
                Diagnostic::error(Code::Syntax, found.range, message).with_fix(operator)
            }
            (TokenKind::Name | TokenKind::Quoted, _) if self.is_behind_function() => {
                let function = self.written(self.previous);
                let message = format!(
                    "a function takes parentheses: write `{function}({})`",
                    self.text_of(found)
                );
                Diagnostic::error(Code::Syntax, self.previous.to(found.range), message)
            }
            (TokenKind::Name, _) if self.at_word("for") => {
                let message = "a condition and how long it has held stand in parentheses: `(country = \"SG\" for at least 3d)`";
                Diagnostic::error(Code::Syntax, found.range, message)
            }
            (TokenKind::RightParen, _) => {
                let message = "unexpected `)`: there is no `(` that it closes";
                Diagnostic::error(Code::Syntax, found.range, message)
            }
            _ => {
                let message =
                    format!("unexpected {written}: expected an operator, `and`, `or` or the end");
                Diagnostic::error(Code::Syntax, found.range, message)
            }
        };
        self.error(diagnostic);
    }

    /// A token as a message shows it.
    /// Whether the name of a function was taken last.
    fn is_behind_function(&self) -> bool {
        let word = self.written(self.previous);
        AggregateName::from_word(word).is_some() || FunctionName::from_word(word).is_some()
    }

    pub fn described(&self, token: Token) -> String {
        match token.kind {
            TokenKind::End => "the end".to_owned(),
            TokenKind::Unterminated => "a text without its closing quote".to_owned(),
            _ => {
                let written = self.text_of(token);
                let shown: String = written.chars().take(40).collect();
                let more = if shown.len() < written.len() {
                    "…"
                } else {
                    ""
                };
                format!("`{shown}{more}`")
            }
        }
    }

    /// After a mistake: skips to the next place at which the parser knows where it is.
    pub fn recover(&mut self) {
        if !self.is_recovering {
            return;
        }
        loop {
            let token = self.peek();
            match token.kind {
                TokenKind::End | TokenKind::RightParen | TokenKind::Comma | TokenKind::Arrow => {
                    break;
                }
                TokenKind::LeftParen => self.skip_parentheses(),
                _ if matches!(self.word(token), "and" | "or" | "case" | "when" | "else") => break,
                _ => {
                    self.bump();
                }
            }
        }
        self.is_recovering = false;
    }

    /// Skips `(…)`, or to the end.
    pub fn skip_parentheses(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.bump().kind {
                TokenKind::LeftParen => depth += 1,
                TokenKind::RightParen => depth = depth.saturating_sub(1),
                TokenKind::End => return,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Reads something one level deeper; too deep, and reading ends.
    pub fn nested(&mut self, read: impl FnOnce(&mut Self) -> Expression) -> Expression {
        if self.nesting >= DEEPEST {
            self.stop(too_deep(self.peek().range));
            return self.broken(self.peek().range);
        }
        self.nesting += 1;
        let expression = read(self);
        self.nesting -= 1;
        expression
    }

    /// The last mistake that is told.
    pub fn stop(&mut self, diagnostic: Diagnostic) {
        if !self.is_stopped {
            self.diagnostics.push(diagnostic);
        }
        self.is_stopped = true;
        self.is_recovering = true;
        self.at = self.tokens.len();
    }

    pub fn broken(&self, start: TextRange) -> Expression {
        Located::new(Node::Broken, self.since(start))
    }

    /// A text, if one stands there.
    pub fn text_constant(&mut self) -> Option<String> {
        let token = self.peek();
        let text = unquoted(self.text_of(token));
        match token.kind {
            TokenKind::Text => {
                self.bump();
                Some(text)
            }
            TokenKind::SingleQuoted => {
                self.bump();
                let instead = crate::print::quoted(&text);
                let message = format!("texts stand in double quotes: write `{instead}`");
                let diagnostic = Diagnostic::error(Code::Syntax, token.range, message);
                self.mistake(diagnostic.with_fix(instead));
                Some(text)
            }
            _ => None,
        }
    }

    /// A name, plain or in backticks, if one stands there.
    pub fn name(&mut self) -> Option<Located<String>> {
        let token = self.peek();
        let name = match token.kind {
            TokenKind::Name => self.text_of(token).to_owned(),
            TokenKind::Quoted => unquoted(self.text_of(token)),
            _ => return None,
        };
        self.bump();
        if name.is_empty() {
            let message = "a name in backticks cannot be empty";
            self.mistake(Diagnostic::error(Code::Syntax, token.range, message));
        }
        Some(Located::new(name, token.range))
    }
}

pub(super) fn too_deep(range: TextRange) -> Diagnostic {
    let message =
        format!("nested more than {DEEPEST} levels deep: split the rule into several tags");
    Diagnostic::error(Code::TooDeep, range, message)
}
