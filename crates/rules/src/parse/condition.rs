//! Conditions: `or`, `and`, `not`, comparisons and other tests.

use super::cursor::Parser;
use super::token::TokenKind;
use super::words::begins_window;
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Grammar, Wanted};
use crate::tree::{ChoiceOperator, CompareOperator, Count, Expression, Node};

/// Whether a test was written with `not`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    Positive,
    Negative,
}

impl Parser<'_> {
    /// `a or b or c`
    pub(super) fn or(&mut self) -> Expression {
        let start = self.peek().range;
        let first = self.and();
        if !self.at_joint("or") {
            return first;
        }
        let mut of = vec![first];
        while self.eat_joint("or") {
            of.push(self.and());
        }
        Located::new(Node::Or(of), self.since(start))
    }

    /// `a and b and c`
    fn and(&mut self) -> Expression {
        let start = self.peek().range;
        let first = self.not();
        if !self.at_joint("and") {
            return first;
        }
        let mut of = vec![first];
        while self.eat_joint("and") {
            of.push(self.not());
        }
        Located::new(Node::And(of), self.since(start))
    }

    /// `not a`
    fn not(&mut self) -> Expression {
        let start = self.peek().range;
        if self.eat_word("not") {
            let of = self.nested(Self::not);
            return Located::new(Node::Not(Box::new(of)), self.since(start));
        }
        let expression = self.comparison();
        self.recover();
        expression
    }

    fn comparison(&mut self) -> Expression {
        let start = self.peek().range;
        if self.at_word("in") {
            return self.membership();
        }
        if self.at_word("at") && self.is_ahead_word(1, "least") {
            return self.at_least();
        }
        let left = self.sum();
        if self.is_recovering {
            return left;
        }
        let tested = self.test(left, start);
        if self.operator().is_some() {
            self.error(Diagnostic::at(self.peek().range, Grammar::Chained));
        }
        tested
    }

    /// `in list(k)`, `in audience(k)`: of the user.
    fn membership(&mut self) -> Expression {
        let start = self.bump().range;
        let makes_node = match self.word(self.peek()) {
            "list" => Node::InList,
            "audience" => Node::InAudience,
            _ => {
                self.expected(Wanted::Membership);
                return self.broken(start);
            }
        };
        self.bump();
        match self.key() {
            Some(key) => Located::new(makes_node(key), self.since(start)),
            None => self.broken(start),
        }
    }

    /// `at least 2 of (a, b, c)`
    fn at_least(&mut self) -> Expression {
        let start = self.bump().range;
        self.bump();
        let count = self.count(Wanted::NumberOfConditions);
        if !self.eat_word("of") {
            self.expected(Wanted::OfConditions);
            return self.broken(start);
        }
        let of = self.several(Wanted::ConditionsInParentheses);
        match count {
            Some(count) if !of.is_empty() => {
                Located::new(Node::AtLeast { count, of }, self.since(start))
            }
            _ => self.broken(start),
        }
    }

    /// A number of things, from 1.
    pub(super) fn count(&mut self, what: Wanted<'_>) -> Option<Count> {
        let token = self.peek();
        let count = (token.kind == TokenKind::Number)
            .then(|| Count::parse(self.text_of(token)))
            .flatten();
        if count.is_some() {
            self.bump();
        } else {
            self.expected(what);
        }
        count
    }

    /// `(a, b, c)`; at least one.
    pub(super) fn several(&mut self, what: Wanted<'_>) -> Vec<Expression> {
        if !self.eat(TokenKind::LeftParen) {
            self.expected(what);
            return Vec::new();
        }
        let mut of = Vec::new();
        loop {
            of.push(self.nested(Self::or));
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RightParen, Wanted::CommaOrClose);
        of
    }

    /// What follows a value: a comparison or another test; or nothing.
    fn test(&mut self, left: Expression, start: TextRange) -> Expression {
        if let Some(operator) = self.operator() {
            self.eat_operator();
            return self.compared(left, operator, start);
        }
        match self.word(self.peek()) {
            "is" => self.is_set(left, start),
            "in" => {
                self.bump();
                self.within(left, start, Sense::Positive)
            }
            "not" if self.is_ahead_word(1, "in") => {
                self.eat_word("not");
                self.bump();
                self.within(left, start, Sense::Negative)
            }
            "between" => {
                self.bump();
                self.between(left, start, Sense::Positive)
            }
            "not" if self.is_ahead_word(1, "between") => {
                self.eat_word("not");
                self.bump();
                self.between(left, start, Sense::Negative)
            }
            "has" => self.has(left, start),
            "anniversary" => self.anniversary(left, start),
            _ => left,
        }
    }

    /// The operator that stands next, if one does.
    pub(super) fn operator(&self) -> Option<CompareOperator> {
        Some(match self.peek().kind {
            TokenKind::Equal if self.is_reversed(TokenKind::Greater) => CompareOperator::AtLeast,
            TokenKind::Equal if self.is_reversed(TokenKind::Less) => CompareOperator::AtMost,
            TokenKind::Equal | TokenKind::DoubleEqual => CompareOperator::Equal,
            TokenKind::NotEqual | TokenKind::LessGreater => CompareOperator::NotEqual,
            TokenKind::Less => CompareOperator::Less,
            TokenKind::AtMost => CompareOperator::AtMost,
            TokenKind::Greater => CompareOperator::Greater,
            TokenKind::AtLeast => CompareOperator::AtLeast,
            _ => return self.operator_in_words(),
        })
    }

    /// Whether `=>` or `=<` stands there.
    fn is_reversed(&self, second: TokenKind) -> bool {
        let (first, next) = (self.peek(), self.ahead(1));
        next.kind == second && first.range.end == next.range.start
    }

    fn operator_in_words(&self) -> Option<CompareOperator> {
        let (first, second) = (self.word(self.peek()), self.word(self.ahead(1)));
        Some(match (first, second) {
            ("before", _) => CompareOperator::Before,
            ("after", _) => CompareOperator::After,
            ("on", _) => CompareOperator::On,
            ("contains", _) => CompareOperator::Contains,
            ("matches", _) => CompareOperator::Matches,
            ("starts", "with") => CompareOperator::StartsWith,
            ("ends", "with") => CompareOperator::EndsWith,
            ("not", "contains") => CompareOperator::NotContains,
            ("not", "matches") => CompareOperator::NotMatches,
            ("not", "starts") => CompareOperator::NotStartsWith,
            ("not", "ends") => CompareOperator::NotEndsWith,
            _ => return None,
        })
    }

    fn eat_operator(&mut self) {
        let reversed = [(TokenKind::Greater, ">="), (TokenKind::Less, "<=")];
        let reversed = reversed
            .into_iter()
            .find(|(second, _)| self.peek().kind == TokenKind::Equal && self.is_reversed(*second));
        let token = self.bump();
        if let Some((_, instead)) = reversed {
            let range = token.range.to(self.bump().range);
            self.corrected(range, instead);
        }
        match token.kind {
            TokenKind::DoubleEqual => self.corrected(token.range, "="),
            TokenKind::LessGreater => self.corrected(token.range, "!="),
            _ => {}
        }
        let verb = if self.word(token) == "not" {
            self.bump()
        } else {
            token
        };
        if matches!(self.word(verb), "starts" | "ends") && !self.eat_word("with") {
            self.expected(Wanted::With);
        }
    }

    fn compared(
        &mut self,
        left: Expression,
        operator: CompareOperator,
        start: TextRange,
    ) -> Expression {
        let right = self.sum();
        let ignoring_case = self.at_word("ignoring") && self.is_ahead_word(1, "case");
        if ignoring_case {
            let words = self.bump().range.to(self.bump().range);
            if !operator.is_of_text() {
                let mistake = Grammar::IgnoringCase {
                    operator: operator.as_str(),
                };
                self.mistake(Diagnostic::at(words, mistake));
            }
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Located::new(
            Node::Compare {
                left,
                operator,
                right,
                ignoring_case,
            },
            self.since(start),
        )
    }

    /// `is set`, `is not set`
    fn is_set(&mut self, left: Expression, start: TextRange) -> Expression {
        self.bump();
        let is_negated = self.eat_word("not");
        if self.eat_word("set") {
            let left = Box::new(left);
            let node = if is_negated {
                Node::IsNotSet(left)
            } else {
                Node::IsSet(left)
            };
            return Located::new(node, self.since(start));
        }
        let found = self.peek();
        let word = self.word(found);
        if matches!(
            word.to_ascii_lowercase().as_str(),
            "null" | "none" | "nil" | "empty" | "missing"
        ) {
            self.bump();
            let instead = if is_negated { "is set" } else { "is not set" };
            let written = self.since(start);
            let range = TextRange {
                start: left.range.end,
                end: written.end,
            };
            let diagnostic = Diagnostic::at(range, Grammar::NoNull { word, instead });
            self.mistake(diagnostic.with_fix(format!(" {instead}")));
        } else {
            let instead = if is_negated { "!=" } else { "=" };
            self.expected(Wanted::Set { instead });
        }
        self.broken(start)
    }

    /// What follows `in`: a list, a window or the constants.
    fn within(&mut self, value: Expression, start: TextRange, sense: Sense) -> Expression {
        if self.at_rank_bound(&value) {
            return self.in_rank(value, start, sense);
        }
        let negated = sense == Sense::Negative;
        let value = Box::new(value);
        let next = self.word(self.peek());
        if next == "list" && self.ahead(1).kind == TokenKind::LeftParen {
            self.bump();
            return match self.key() {
                Some(list) => Located::new(
                    Node::ValueInList {
                        value,
                        list,
                        negated,
                    },
                    self.since(start),
                ),
                None => self.broken(start),
            };
        }
        if begins_window(next) {
            return match self.window() {
                Some(window) => {
                    let window = Box::new(window);
                    Located::new(
                        Node::InWindow {
                            value,
                            window,
                            negated,
                        },
                        self.since(start),
                    )
                }
                None => self.broken(start),
            };
        }
        let operator = if negated {
            ChoiceOperator::NotIn
        } else {
            ChoiceOperator::In
        };
        let of = self.several(Wanted::Choices);
        if of.is_empty() {
            return self.broken(start);
        }
        Located::new(
            Node::Choice {
                value,
                operator,
                of,
            },
            self.since(start),
        )
    }

    fn between(&mut self, value: Expression, start: TextRange, sense: Sense) -> Expression {
        let negated = sense == Sense::Negative;
        let low = Box::new(self.sum());
        if !self.eat_word("and") {
            self.expected(Wanted::UpperEnd);
            return self.broken(start);
        }
        let high = Box::new(self.sum());
        let value = Box::new(value);
        Located::new(
            Node::Between {
                value,
                low,
                high,
                negated,
            },
            self.since(start),
        )
    }

    /// `has x`, `has any of (a, b)`
    fn has(&mut self, left: Expression, start: TextRange) -> Expression {
        self.bump();
        let is_of_several = self.is_ahead_word(1, "of");
        let operator = match self.word(self.peek()) {
            "any" if is_of_several => ChoiceOperator::HasAnyOf,
            "all" if is_of_several => ChoiceOperator::HasAllOf,
            "none" if is_of_several => ChoiceOperator::HasNoneOf,
            _ => return self.compared(left, CompareOperator::Has, start),
        };
        self.bump();
        self.bump();
        let of = self.several(Wanted::ValuesInParentheses);
        if of.is_empty() {
            return self.broken(start);
        }
        Located::new(
            Node::Choice {
                value: Box::new(left),
                operator,
                of,
            },
            self.since(start),
        )
    }
}
