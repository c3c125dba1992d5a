//! Sequences: `sequence(A -> not D -> B within 1d, same p, last 30d)`, and gaps.

use super::cursor::Parser;
use super::token::{Token, TokenKind};
use super::words::{begins_window, is_reserved};
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Sequences, Wanted};
use crate::tree::{AggregateName, Expression, Gap, Node, OfStep, Same, Sequence, Step, Within};

impl Parser<'_> {
    /// What follows `sequence` or `count_sequences`, from `(`.
    pub(super) fn sequence(
        &mut self,
        makes_node: fn(Sequence) -> Node,
        start: TextRange,
    ) -> Expression {
        let sequence = self.steps_in_parentheses();
        Located::new(makes_node(sequence), self.since(start))
    }

    /// `gap(A -> B)` where the events of an aggregate stand, and what follows.
    pub(super) fn gap(&mut self, function: AggregateName, start: TextRange) -> Expression {
        self.bump();
        let mut between = self.steps_in_parentheses();
        if between.window.is_none() {
            self.sequence_clauses(&mut between);
        }
        self.close_sequence();
        Located::new(Node::Gap(Gap { function, between }), self.since(start))
    }

    /// `gap(A -> B)` where a value stands.
    pub(super) fn gap_alone(&mut self) -> Expression {
        let start = self.bump().range;
        self.steps_in_parentheses();
        let range = self.since(start);
        let written = self.written(range);
        let diagnostic = Diagnostic::at(range, Sequences::GapAlone { written });
        self.mistake(diagnostic.with_fix(format!("avg({written})")));
        self.broken(start)
    }

    /// `(A -> B, same p, last 30d)`
    fn steps_in_parentheses(&mut self) -> Sequence {
        self.bump();
        let mut sequence = Sequence {
            steps: Vec::new(),
            same: Vec::new(),
            window: None,
        };
        self.more_steps(&mut sequence);
        self.sequence_clauses(&mut sequence);
        self.close_sequence();
        sequence
    }

    fn more_steps(&mut self, sequence: &mut Sequence) {
        loop {
            sequence.steps.push(self.step());
            if !self.eat_arrow() {
                return;
            }
        }
    }

    fn close_sequence(&mut self) {
        if self.is_recovering {
            self.skip_to_close();
        } else {
            self.expect(TokenKind::RightParen, Wanted::ArrowOrClose);
        }
    }

    /// `->`, or what other languages write for it.
    fn eat_arrow(&mut self) -> bool {
        let token = self.peek();
        let next = self.ahead(1);
        let length = match (token.kind, self.word(token)) {
            (TokenKind::Arrow, _) => {
                self.bump();
                return true;
            }
            (TokenKind::Greater, _) | (_, "then") => 1,
            (TokenKind::Equal, _) if next.kind == TokenKind::Greater => 2,
            (_, "followed") if self.word(next) == "by" => 2,
            _ => return false,
        };
        for _ in 0..length {
            self.bump();
        }
        self.corrected(self.since(token.range), "->");
        true
    }

    /// `A where C as x within 1d after y`, `not D`; without events after a mistake.
    fn step(&mut self) -> Step {
        let mut step = Step {
            not: self.eat_word("not"),
            events: self.events(),
            filter: None,
            name: None,
            within: None,
        };
        while !self.is_recovering {
            let token = self.peek();
            match self.word(token) {
                "where" if step.filter.is_none() => {
                    self.bump();
                    step.filter = Some(Box::new(self.nested(Self::or)));
                }
                "as" if step.name.is_none() => step.name = self.step_name(),
                "within" if step.within.is_none() => step.within = self.step_within(),
                "where" => self.error(Diagnostic::at(token.range, Sequences::SecondWhere)),
                "as" => self.error(Diagnostic::at(token.range, Sequences::SecondName)),
                "within" => self.error(Diagnostic::at(token.range, Sequences::SecondWithin)),
                _ => break,
            }
        }
        if self.is_recovering {
            step.events.clear();
            self.recover();
        }
        step
    }

    /// `as x`
    fn step_name(&mut self) -> Option<Located<String>> {
        self.bump();
        let name = self.name();
        if name.is_none() {
            self.expected(Wanted::StepName);
        }
        name
    }

    /// `within 1d`, `within 1d after x`
    fn step_within(&mut self) -> Option<Located<Within>> {
        let start = self.bump().range;
        let span = self.span(Wanted::Longest)?;
        let joint = self.peek();
        match self.word(joint) {
            "after" => {}
            "of" | "from" | "since" => self.corrected(joint.range, "after"),
            "before" => {
                self.error(Diagnostic::at(joint.range, Sequences::WithinBefore));
                return None;
            }
            _ => {
                let within = Within { span, after: None };
                return Some(Located::new(within, self.since(start)));
            }
        }
        self.bump();
        let after = self.name();
        if after.is_none() {
            self.expected(Wanted::StepBefore);
        }
        Some(Located::new(Within { span, after }, self.since(start)))
    }

    /// `same p` and a window, each after a comma.
    fn sequence_clauses(&mut self, sequence: &mut Sequence) {
        while !self.is_recovering {
            let token = self.peek();
            match (token.kind, self.word(token)) {
                (TokenKind::Comma, _) => {
                    self.bump();
                }
                (TokenKind::Name, word) if word == "same" || begins_window(word) => {
                    let place = TextRange {
                        end: token.range.start,
                        ..token.range
                    };
                    let diagnostic = Diagnostic::at(token.range, Sequences::NoComma { word });
                    self.mistake(diagnostic.with_fix_at(place, ", "));
                }
                _ => return,
            }
            self.sequence_clause(token, sequence);
        }
    }

    /// What follows the comma.
    fn sequence_clause(&mut self, comma: Token, sequence: &mut Sequence) {
        let token = self.peek();
        match self.word(token) {
            "same" => self.same(&mut sequence.same),
            "within" if !self.is_anchored_window() => self.within_after_comma(comma),
            "where" => {
                self.error(Diagnostic::at(token.range, Sequences::CommaBeforeWhere));
            }
            word if begins_window(word) => {
                let window = self.window();
                if sequence.window.is_some() {
                    self.error(Diagnostic::at(token.range, Sequences::SecondWindow));
                }
                sequence.window = window.map(Box::new);
            }
            _ if self.is_event_ahead() && sequence.same.is_empty() && sequence.window.is_none() => {
                self.corrected(comma.range, "->");
                self.more_steps(sequence);
            }
            _ => self.expected(Wanted::SameOrWindow),
        }
    }

    /// Whether a step stands next, which the comma before it does not join.
    fn is_event_ahead(&self) -> bool {
        let token = self.peek();
        let is_event = match token.kind {
            TokenKind::Name => !is_reserved(self.text_of(token)) || self.at_word("not"),
            TokenKind::Quoted | TokenKind::Star | TokenKind::LeftParen => true,
            _ => false,
        };
        is_event && self.ahead(1).kind != TokenKind::LeftParen
    }

    /// Whether `within 7d after …` stands next, as a window.
    fn is_anchored_window(&self) -> bool {
        self.is_ahead_word(2, "after") || self.is_ahead_word(2, "before")
    }

    /// `A -> B, within 1d`
    fn within_after_comma(&mut self, comma: Token) {
        let range = comma.range.to(self.peek().range);
        let diagnostic = Diagnostic::at(range, Sequences::CommaBeforeWithin);
        self.mistake(diagnostic.with_fix_at(range, " within"));
        self.step_within();
    }

    /// `same p`, `same (p, q)`, `same a.p = b.q`
    fn same(&mut self, into: &mut Vec<Same>) {
        self.bump();
        let start = self.peek();
        if start.kind == TokenKind::LeftParen {
            let values = self.several(Wanted::Property);
            into.extend(values.into_iter().map(Same::Everywhere));
            return;
        }
        let Some(first) = self.same_value() else {
            return;
        };
        if !matches!(self.peek().kind, TokenKind::Equal | TokenKind::DoubleEqual) {
            into.extend(self.everywhere(first));
            return;
        }
        let mut between: Vec<OfStep> = self.of_step(first).into_iter().collect();
        while !self.is_recovering
            && matches!(self.peek().kind, TokenKind::Equal | TokenKind::DoubleEqual)
        {
            let sign = self.bump();
            if sign.kind == TokenKind::DoubleEqual {
                self.corrected(sign.range, "=");
            }
            let next = self.same_value();
            between.extend(next.and_then(|value| self.of_step(value)));
        }
        if between.len() > 1 {
            into.push(Same::Between(between));
        }
    }

    /// A path, or names before a value in parentheses.
    fn same_value(&mut self) -> Option<SameValue> {
        let start = self.peek().range;
        let mut names = Vec::new();
        loop {
            let Some(name) = self.name() else {
                self.expected(Wanted::SameProperty);
                return None;
            };
            names.push(name);
            if !self.eat(TokenKind::Dot) {
                break;
            }
            if self.peek().kind == TokenKind::LeftParen {
                let computed = self.several(Wanted::Value).into_iter().next();
                let range = self.since(start);
                return Some(SameValue {
                    names,
                    computed,
                    range,
                });
            }
        }
        let range = self.since(start);
        Some(SameValue {
            names,
            computed: None,
            range,
        })
    }

    /// `same p`, where no `=` follows.
    fn everywhere(&mut self, value: SameValue) -> Option<Same> {
        if value.computed.is_some() {
            self.expected(Wanted::EqualOther);
            return None;
        }
        let names = value.names.into_iter().map(|name| name.node).collect();
        Some(Same::Everywhere(Located::new(
            Node::Name(names),
            value.range,
        )))
    }

    /// `a.p` on a side of `=`.
    fn of_step(&mut self, value: SameValue) -> Option<OfStep> {
        let SameValue {
            names,
            computed,
            range,
        } = value;
        let mut names = names.into_iter();
        let step = names.next()?;
        let of = TextRange {
            start: names
                .as_slice()
                .first()
                .map_or(range.end, |name| name.range.start),
            ..range
        };
        let path: Vec<String> = names.map(|name| name.node).collect();
        let value = match computed {
            Some(computed) if path.is_empty() => computed,
            None if !path.is_empty() => Located::new(Node::Name(path), of),
            _ => {
                let written = self.written(step.range);
                self.error(Diagnostic::at(range, Sequences::OfWhichStep { written }));
                return None;
            }
        };
        Some(OfStep { step, value })
    }
}

/// One side of `same`, before it is known which step it is of.
struct SameValue {
    names: Vec<Located<String>>,
    /// What stands in parentheses behind the names.
    computed: Option<Expression>,
    range: TextRange,
}
