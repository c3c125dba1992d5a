//! Values: arithmetic, constants, names, parentheses.

use super::constant::{AMOUNTS, ConstantKind, constant};
use super::cursor::{Parser, too_deep};
use super::token::{Token, TokenKind};
use super::words::is_reserved;
use crate::diagnostic::Diagnostic;
use crate::located::Located;
use crate::mistake::{Grammar, Wanted};
use crate::tree::{ArithmeticOperator, DEEPEST, Expression, Node};

impl Parser<'_> {
    /// `a + b - c`
    pub(super) fn sum(&mut self) -> Expression {
        self.chain(Self::product, |kind| match kind {
            TokenKind::Plus => Some(ArithmeticOperator::Add),
            TokenKind::Minus => Some(ArithmeticOperator::Subtract),
            _ => None,
        })
    }

    /// `a * b / c`
    fn product(&mut self) -> Expression {
        self.chain(Self::signed, |kind| match kind {
            TokenKind::Star => Some(ArithmeticOperator::Multiply),
            TokenKind::Slash => Some(ArithmeticOperator::Divide),
            _ => None,
        })
    }

    fn chain(
        &mut self,
        read: fn(&mut Self) -> Expression,
        operator_of: fn(TokenKind) -> Option<ArithmeticOperator>,
    ) -> Expression {
        let start = self.peek().range;
        let mut left = read(self);
        let mut length = 1;
        while let Some(operator) = operator_of(self.peek().kind) {
            if self.is_recovering {
                break;
            }
            length += 1;
            if length > DEEPEST {
                self.stop(too_deep(self.peek().range));
                return self.broken(start);
            }
            self.bump();
            let right = Box::new(read(self));
            let node = Node::Arithmetic {
                left: Box::new(left),
                operator,
                right,
            };
            left = Located::new(node, self.since(start));
        }
        left
    }

    /// `-a`, or a number below zero.
    pub(super) fn signed(&mut self) -> Expression {
        let start = self.peek().range;
        if !self.eat(TokenKind::Minus) {
            return self.operand();
        }
        if self.peek().kind == TokenKind::Number {
            let Located { node, .. } = self.operand();
            let node = match node {
                Node::Number(text) => Node::Number(format!("-{text}")),
                other => other,
            };
            return Located::new(node, self.since(start));
        }
        let of = self.nested(Self::signed);
        Located::new(Node::Negate(Box::new(of)), self.since(start))
    }

    fn operand(&mut self) -> Expression {
        let token = self.peek();
        match token.kind {
            TokenKind::Number => self.number(),
            TokenKind::Duration => self.duration(),
            TokenKind::Time => self.constant(token, ConstantKind::Time, Node::Time),
            TokenKind::Date => self.constant(token, ConstantKind::Date, Node::Date),
            TokenKind::Text | TokenKind::Misquoted => match self.text_constant() {
                Some(text) => Located::new(Node::Text(text), token.range),
                None => self.broken(token.range),
            },
            TokenKind::LeftParen => self.parenthesized(),
            TokenKind::Name => self.named(),
            TokenKind::Quoted => self.path(),
            TokenKind::Malformed => self.malformed(),
            TokenKind::Unterminated => {
                self.bump();
                self.error(Diagnostic::at(token.range, Grammar::Unterminated));
                self.broken(token.range)
            }
            _ => self.missing(),
        }
    }

    /// No value stands where one must.
    fn missing(&mut self) -> Expression {
        let token = self.peek();
        self.expected(Wanted::ValueOrCondition);
        let is_skipped = !matches!(
            token.kind,
            TokenKind::End | TokenKind::RightParen | TokenKind::Comma | TokenKind::Name
        );
        if is_skipped {
            self.bump();
        }
        self.broken(token.range)
    }

    fn constant(
        &mut self,
        token: Token,
        kind: ConstantKind,
        makes_node: fn(String) -> Node,
    ) -> Expression {
        self.bump();
        Located::new(makes_node(constant(kind, self.text_of(token))), token.range)
    }

    /// `10_000`, `10 ether`
    fn number(&mut self) -> Expression {
        let token = self.bump();
        let mut digits = constant(ConstantKind::Number, self.text_of(token));
        let unit = self.word(self.peek());
        if AMOUNTS.iter().any(|(amount, _)| *amount == unit) {
            digits.push(' ');
            digits.push_str(unit);
            self.bump();
        }
        Located::new(Node::Number(digits), self.since(token.range))
    }

    /// `30d`, `90d ago`
    fn duration(&mut self) -> Expression {
        let token = self.bump();
        let span = constant(ConstantKind::Duration, self.text_of(token));
        let node = if self.eat_word("ago") {
            Node::Ago(span)
        } else {
            Node::Duration(span)
        };
        Located::new(node, self.since(token.range))
    }

    /// `(a or b)`
    fn parenthesized(&mut self) -> Expression {
        let start = self.bump().range;
        let inner = self.nested(Self::or);
        if self.at_word("for") && !self.is_recovering {
            return self.lasting(inner, start);
        }
        if self.peek().kind == TokenKind::Comma && !self.is_recovering {
            self.error(Diagnostic::at(
                self.peek().range,
                Grammar::CommaInParentheses,
            ));
            while self.is_recovering && self.eat(TokenKind::Comma) {
                self.recover();
                self.is_recovering = true;
            }
            self.recover();
        }
        self.expect(TokenKind::RightParen, Wanted::Close);
        Located::new(inner.node, self.since(start))
    }

    /// A keyword, a function or an attribute.
    fn named(&mut self) -> Expression {
        let token = self.peek();
        let makes_node = match self.text_of(token) {
            "true" => Node::Truth(true),
            "false" => Node::Truth(false),
            "now" => Node::Now,
            "everyone" => Node::Everyone,
            _ if self.ahead(1).kind == TokenKind::LeftParen => return self.call(),
            word if is_reserved(word) => return self.missing(),
            "last" | "within" if self.ahead(1).kind == TokenKind::Duration => {
                let range = token.range.to(self.ahead(1).range);
                let window = self.written(range);
                self.error(Diagnostic::at(range, Grammar::WindowInCondition { window }));
                return self.broken(token.range);
            }
            _ => return self.path(),
        };
        self.bump();
        Located::new(makes_node, token.range)
    }

    /// `social.twitter.followers`
    fn path(&mut self) -> Expression {
        let start = self.peek().range;
        let parts = self.parts();
        Located::new(Node::Name(parts), self.since(start))
    }

    /// The names between dots.
    pub(super) fn parts(&mut self) -> Vec<String> {
        let mut parts = Vec::new();
        loop {
            match self.name() {
                Some(part) => parts.push(part.node),
                None => {
                    self.expected(Wanted::NameAfterDot);
                    return parts;
                }
            }
            if !self.eat(TokenKind::Dot) {
                return parts;
            }
        }
    }

    /// A number with letters that are no unit.
    pub(super) fn malformed(&mut self) -> Expression {
        let token = self.bump();
        let written = self.text_of(token);
        let digits = written.trim_end_matches(char::is_alphabetic);
        let unit = written.get(digits.len()..).unwrap_or_default();
        let (mistake, fix) = match unit_instead_of(unit) {
            _ if written.starts_with("0x") || written.starts_with("0X") => {
                (Grammar::Hex, Some(crate::print::quoted(written)))
            }
            _ if AMOUNTS.iter().any(|(amount, _)| *amount == unit) => {
                let fix = format!("{digits} {unit}");
                (Grammar::AmountUnit { digits, unit }, Some(fix))
            }
            Some(instead) => {
                let mistake = Grammar::UnknownUnit {
                    unit,
                    digits,
                    instead,
                };
                (mistake, Some(format!("{digits}{instead}")))
            }
            None => (Grammar::Malformed { written }, None),
        };
        self.mistake(Diagnostic::at(token.range, mistake).with_fix_if_known(fix));
        self.broken(token.range)
    }

    /// A construct of the language that this version does not compute.
    pub(super) fn not_available(&mut self, construct: &str) {
        let mistake = Grammar::NotAvailable { construct };
        self.error(Diagnostic::at(self.peek().range, mistake));
    }
}

/// The unit of durations that a word stands for.
pub(super) fn unit_instead_of(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" | "秒" => "s",
        "min" | "mins" | "minute" | "minutes" | "分钟" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" | "小时" => "h",
        "d" | "day" | "days" | "天" => "d",
        "w" | "week" | "weeks" | "周" => "w",
        _ => return None,
    })
}
