//! What looks like a function: `tag(k)`, `age(t)`, aggregates.

use domain::nearest;

use super::constant::unquoted;
use super::cursor::Parser;
use super::derived::is_derived_event;
use super::token::TokenKind;
use super::words::operator_instead_of;
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Correction, Grammar, Names, Wanted};
use crate::tree::{AggregateName, Expression, FunctionName, Node};

impl Parser<'_> {
    /// A name and `(`.
    pub(super) fn call(&mut self) -> Expression {
        let token = self.peek();
        let word = self.text_of(token);
        if let Some(population) = self.population() {
            return population;
        }
        if let Some(function) = AggregateName::from_word(word) {
            self.bump();
            return self.aggregate(function, token.range);
        }
        if let Some(function) = FunctionName::from_word(word) {
            self.bump();
            return self.function(function, token.range);
        }
        if word == "regularly" {
            self.bump();
            return self.regularly(token.range);
        }
        if is_derived_event(word) {
            return self.derived_event_alone();
        }
        match word {
            "tag" => {
                self.bump();
                self.tag(token.range)
            }
            "sequence" => {
                self.bump();
                self.sequence(Node::Sequence, token.range)
            }
            "count_sequences" => {
                self.bump();
                self.sequence(Node::CountSequences, token.range)
            }
            "gap" => self.gap_alone(),
            "points" => {
                self.bump();
                self.points(token.range)
            }
            "lookup" => {
                self.bump();
                self.lookup(token.range)
            }
            _ => self.unknown_call(word),
        }
    }

    fn function(&mut self, function: FunctionName, start: TextRange) -> Expression {
        self.bump();
        let mut arguments = Vec::new();
        if !self.eat(TokenKind::RightParen) {
            loop {
                arguments.push(self.nested(Self::or));
                if !self.eat(TokenKind::Comma) {
                    break;
                }
            }
            self.expect(TokenKind::RightParen, Wanted::CommaOrClose);
        }
        Located::new(
            Node::Call {
                function,
                arguments,
            },
            self.since(start),
        )
    }

    /// `tag(k)`, `tag(k) at t`
    fn tag(&mut self, start: TextRange) -> Expression {
        let Some(key) = self.key() else {
            return self.broken(start);
        };
        if self.at_word("at") && !self.is_recovering {
            self.bump();
            let at = Box::new(self.nested(Self::sum));
            return Located::new(Node::TagAt { tag: key, at }, self.since(start));
        }
        Located::new(Node::Tag(key), self.since(start))
    }

    /// `(k)`: the key of a tag, list or audience, with or without quotes.
    pub(super) fn key(&mut self) -> Option<Located<String>> {
        self.expect(TokenKind::LeftParen, Wanted::OpenAndKey);
        if self.is_recovering {
            return None;
        }
        let start = self.peek();
        while !matches!(
            self.peek().kind,
            TokenKind::RightParen | TokenKind::End | TokenKind::LeftParen
        ) {
            self.bump();
        }
        if self.peek().kind != TokenKind::RightParen {
            self.expected(Wanted::CloseAfterKey);
            return None;
        }
        let range = if self.peek() == start {
            start.range
        } else {
            self.since(start.range)
        };
        let is_one = range == start.range;
        let key = match start.kind {
            TokenKind::RightParen => String::new(),
            TokenKind::Quoted | TokenKind::Text | TokenKind::Misquoted if is_one => {
                unquoted(self.text_of(start))
            }
            _ => self.written(range).to_owned(),
        };
        if key.is_empty() {
            self.expected(Wanted::Key);
            self.is_recovering = false;
        }
        self.bump();
        (!key.is_empty()).then(|| Located::new(key, range))
    }

    fn unknown_call(&mut self, word: &str) -> Expression {
        let token = self.peek();
        if matches!(word, "list" | "audience") {
            let diagnostic = Diagnostic::at(token.range, Grammar::MemberOf { word });
            self.error(diagnostic.with_fix(format!("in {word}")));
        } else {
            let operator = operator_between(word);
            let meant = function_instead_of(word).filter(|_| operator.is_none());
            let mistake = Names::UnknownFunction {
                name: word,
                correction: match operator {
                    Some(operator) => Correction::Operator { operator },
                    None => Correction::meant(meant),
                },
            };
            let diagnostic = Diagnostic::at(token.range, mistake);
            self.error(diagnostic.with_fix_if_known(meant.map(str::to_owned)));
        }
        self.bump();
        self.skip_parentheses();
        if self.peek().kind == TokenKind::Dot {
            self.bump();
            self.parts();
        }
        self.is_recovering = false;
        self.broken(token.range)
    }
}

/// The function that was very likely meant.
/// The operator that the name of a call is in other languages.
fn operator_between(word: &str) -> Option<&'static str> {
    let own = ["contains", "matches", "between", "in", "before", "after"];
    let other =
        operator_instead_of(word).filter(|operator| operator.starts_with(char::is_alphabetic));
    own.into_iter()
        .find(|operator| word.eq_ignore_ascii_case(operator))
        .or(other.filter(|operator| !matches!(*operator, "and" | "or" | "is set")))
}

fn function_instead_of(word: &str) -> Option<&'static str> {
    let aggregates = AggregateName::ALL.iter().map(|name| name.as_str());
    let functions = FunctionName::ALL.iter().map(|name| name.as_str());
    let others = [
        "count_sequences",
        "lookup",
        "points",
        "regularly",
        "sequence",
        "tag",
        "rank",
        "quantile_of",
        "user",
    ];
    nearest(word, aggregates.chain(functions).chain(others)).or_else(|| meant_by(word))
}

/// Functions that other languages call by another name.
fn meant_by(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "average" | "mean" | "平均" | "平均值" => "avg",
        "count_distinct" | "unique" | "uniq" | "countdistinct" | "去重" => "distinct",
        "total" | "总和" | "求和" | "合计" => "sum",
        "minimum" | "最小" | "最小值" => "min",
        "maximum" | "最大" | "最大值" => "max",
        "次数" | "计数" | "数量" => "count",
        "天数" => "days",
        "标签" => "tag",
        "exists" | "has" | "happened" | "performed" | "做过" | "发生" => "did",
        "score" | "scores" | "积分" => "points",
        "vlookup" | "dictionary" | "table" => "lookup",
        "datediff" => "date_diff",
        "ifnull" | "nvl" => "coalesce",
        "lowercase" | "lcase" => "lower",
        "len" | "size" => "length",
        "day" | "dayofmonth" => "day_of_month",
        "funnel" | "followed_by" | "then" => "sequence",
        "dayofweek" | "day_of_week" => "weekday",
        "semver" | "version_of" | "parse_version" => "version",
        "iff" | "iif" | "case" => "if",
        _ => return None,
    })
}
