//! The parser's place among the tokens, its mistakes, and how it goes on after one.

use super::constant::unquoted;
use super::lexer;
use super::token::{Token, TokenKind, look_alike};
use super::words::{begins_window_of_events, joint, operator_instead_of};
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Found, Grammar, Wanted};
use crate::tree::{AggregateName, DEEPEST, Expression, FunctionName, Node};

/// The most mistakes that are listed.
const MOST_MISTAKES: usize = 20;

/// The most letters of a token that a message shows.
const MOST_SHOWN: usize = 40;

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
        let tokens = lexer::tokens(text);
        let look_alikes: Vec<(TextRange, char)> = tokens
            .iter()
            .filter(|token| token.kind.is_sign())
            .flat_map(|token| look_alikes(text, token.range))
            .take(MOST_MISTAKES)
            .collect();
        let mut parser = Self {
            text,
            tokens,
            at: 0,
            previous: TextRange::default(),
            nesting: 0,
            diagnostics: Vec::new(),
            is_recovering: false,
            is_stopped: false,
        };
        for (range, instead) in look_alikes {
            parser.corrected(range, instead.encode_utf8(&mut [0; 4]));
        }
        parser
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

    /// Whether conditions are joined here: by the word, or by one of other languages for it.
    pub fn at_joint(&self, word: &str) -> bool {
        let next = self.peek();
        let is_other = next.kind == TokenKind::Name && joint(self.text_of(next)) == Some(word);
        self.at_word(word) || is_other
    }

    /// Takes what joins conditions, and corrects other spellings of it.
    pub fn eat_joint(&mut self, word: &str) -> bool {
        let is_there = self.at_joint(word);
        if is_there && !self.eat_word(word) {
            let token = self.bump();
            self.corrected(token.range, word);
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
            self.stop(Diagnostic::at(self.peek().range, Grammar::TooMany));
        }
    }

    /// Says what to write instead of what stands there.
    pub fn corrected(&mut self, range: TextRange, instead: &str) {
        let written = self.written(range);
        let diagnostic = Diagnostic::at(range, Grammar::Instead { instead, written });
        self.mistake(diagnostic.with_fix(instead));
    }

    /// Something other than the next token was expected.
    pub fn expected(&mut self, what: Wanted<'_>) {
        let diagnostic = self.wanted(what);
        self.error(diagnostic);
    }

    /// Takes the token, or says that it was expected.
    pub fn expect(&mut self, kind: TokenKind, what: Wanted<'_>) {
        if self.eat(kind) {
            return;
        }
        let next = self.peek();
        if next.kind == TokenKind::Name && operator_instead_of(self.text_of(next)).is_some() {
            return self.unexpected();
        }
        let diagnostic = self.wanted(what);
        let ends_here = next.kind == TokenKind::End
            || next.kind.is_comparison()
            || matches!(self.word(next), "and" | "or");
        self.error(if kind == TokenKind::RightParen && ends_here {
            let place = TextRange {
                start: self.previous.end,
                ..self.previous
            };
            diagnostic.with_fix_at(place, ")")
        } else {
            diagnostic
        });
    }

    /// What should stand where the next token does.
    fn wanted(&self, what: Wanted<'_>) -> Diagnostic {
        let next = self.peek();
        let found = self.found(next);
        Diagnostic::at(next.range, Grammar::Expected { what, found })
    }

    /// Nothing was expected, but a token stands there.
    pub fn unexpected(&mut self) {
        let next = self.peek();
        let (found, written) = (self.found(next), self.text_of(next));
        let operator = (next.kind == TokenKind::Name)
            .then(|| operator_instead_of(written))
            .flatten();
        let diagnostic = match (next.kind, operator) {
            (_, Some(operator)) => {
                let mistake = Grammar::UnexpectedOperator { found, operator };
                Diagnostic::at(next.range, mistake).with_fix(operator)
            }
            (TokenKind::Name, _) if self.written(self.previous) == "if" => {
                Diagnostic::at(self.previous, Grammar::NoIf)
            }
            (TokenKind::Name | TokenKind::Quoted, _) if self.is_behind_function() => {
                let mistake = Grammar::NoParentheses {
                    function: self.written(self.previous),
                    argument: written,
                };
                Diagnostic::at(self.previous.to(next.range), mistake)
            }
            (TokenKind::Name, _) if self.at_word("for") => {
                Diagnostic::at(next.range, Grammar::ForWithoutParentheses)
            }
            (TokenKind::Name, _) if matches!(written, "top" | "bottom" | "exactly") => {
                let diagnostic =
                    Diagnostic::at(next.range, Grammar::RankWithoutIn { word: written });
                diagnostic.with_fix(format!("in {written}"))
            }
            (TokenKind::Name, _) if begins_window_of_events(written) => {
                Diagnostic::at(next.range, Grammar::WindowOutside)
            }
            (TokenKind::Name, _)
                if written == "not" || self.ahead(1).kind == TokenKind::LeftParen =>
            {
                Diagnostic::at(next.range, Grammar::NoJoint { found })
            }
            (TokenKind::RightParen, _) => Diagnostic::at(next.range, Grammar::UnexpectedClose),
            _ => Diagnostic::at(next.range, Grammar::Unexpected { found }),
        };
        self.error(diagnostic);
    }

    /// Whether the name of a function was taken last.
    fn is_behind_function(&self) -> bool {
        let word = self.written(self.previous);
        AggregateName::from_word(word).is_some() || FunctionName::from_word(word).is_some()
    }

    /// A token as a message shows it.
    fn found(&self, token: Token) -> Found {
        match token.kind {
            TokenKind::End => Found::End,
            TokenKind::Unterminated => Found::Unterminated,
            _ => {
                let written = self.text_of(token);
                let mut shown: String = written.chars().take(MOST_SHOWN).collect();
                if shown.len() < written.len() {
                    shown.push('…');
                }
                Found::Token { written: shown }
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
                TokenKind::Name if joint(self.text_of(token)).is_some() => break,
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
            TokenKind::Misquoted => {
                self.bump();
                let instead = crate::print::quoted(&text);
                let mistake = match self.text_of(token).chars().next_back() {
                    Some(closing @ ('“' | '”' | '„' | '＂')) => Grammar::MixedQuotes {
                        closing: closing.into(),
                        instead: &instead,
                    },
                    _ => Grammar::OtherQuotes { instead: &instead },
                };
                self.mistake(Diagnostic::at(token.range, mistake).with_fix(instead.as_str()));
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
            self.mistake(Diagnostic::at(token.range, Grammar::EmptyName));
        }
        Some(Located::new(name, token.range))
    }
}

/// The signs in a token that only look like those of rules, and what was meant.
fn look_alikes(text: &str, range: TextRange) -> impl Iterator<Item = (TextRange, char)> {
    let mut end = range.start;
    range.of(text).chars().filter_map(move |letter| {
        let start = end;
        end += letter.len_utf8() as u32;
        Some((TextRange { start, end }, look_alike(letter)?))
    })
}

pub(super) fn too_deep(range: TextRange) -> Diagnostic {
    Diagnostic::at(range, Grammar::TooDeep { deepest: DEEPEST })
}
