//! Text → tree: recursive descent over the tokens, going on after a mistake.
//!
//! The grammar is in `GRAMMAR.md`; each function here reads one of its rows. Every token is
//! looked at a bounded number of times, so the time is linear in the text.

mod aggregate;
mod call;
mod condition;
mod constant;
mod cursor;
mod derived;
mod group;
mod lasting;
mod lexer;
mod lookup;
mod operand;
mod points;
mod population;
mod sequence;
mod token;
mod window;
mod words;

pub(crate) use self::constant::{AMOUNTS, ConstantKind, is_constant};
use self::cursor::Parser;
use self::token::TokenKind;
pub(crate) use self::token::{begins_name, continues_name};
pub(crate) use self::window::unit_of;
pub(crate) use self::words::is_reserved;
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::{Grammar, Wanted};
use crate::tree::{Case, Cases, DEEPEST, Expression, Node, Rule};

/// The longest text that is read, in bytes.
const LONGEST: usize = 4 << 20;

/// A tree, perhaps with broken places, and what was wrong with the text.
pub(crate) struct Parsed {
    pub rule: Rule,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a rule's text into its tree.
///
/// # Errors
/// Everything that does not follow the grammar, up to twenty mistakes.
pub fn parse(text: &str) -> Result<Rule, Vec<Diagnostic>> {
    let Parsed { rule, diagnostics } = parse_leniently(text);
    if diagnostics.is_empty() {
        Ok(rule)
    } else {
        Err(diagnostics)
    }
}

/// Reads what can be read of a text.
pub(crate) fn parse_leniently(text: &str) -> Parsed {
    if text.len() > LONGEST {
        let mistake = Grammar::TooLong {
            longest: LONGEST,
            length: text.len(),
        };
        let diagnostic = Diagnostic::at(TextRange::default(), mistake);
        return Parsed {
            rule: broken(),
            diagnostics: vec![diagnostic],
        };
    }
    let mut parser = Parser::new(text);
    let rule = parser.rule();
    let mut diagnostics = parser.into_diagnostics();
    if diagnostics.is_empty() && rule.depth() > DEEPEST {
        let range = TextRange {
            start: 0,
            end: u32::try_from(text.len()).unwrap_or(u32::MAX),
        };
        diagnostics.push(cursor::too_deep(range));
    }
    Parsed { rule, diagnostics }
}

fn broken() -> Rule {
    Rule::Expression(Expression::from(Node::Broken))
}

impl Parser<'_> {
    /// A whole rule: an expression, or the cases of a layered tag.
    fn rule(&mut self) -> Rule {
        if self.peek().kind == TokenKind::End {
            self.error(Diagnostic::at(self.peek().range, Grammar::Empty));
            return broken();
        }
        let rule = if self.at_word("case") {
            Rule::Cases(self.cases())
        } else {
            Rule::Expression(self.or())
        };
        self.rest();
        rule
    }

    /// `case "whale" when C …` and `else "dormant"`.
    fn cases(&mut self) -> Cases {
        let mut of = Vec::new();
        while self.eat_word("case") {
            let value = self.case_value();
            if !self.eat_word("when") {
                let range = self.peek().range;
                let place = TextRange {
                    end: range.start,
                    ..range
                };
                let diagnostic = Diagnostic::at(range, Grammar::NoWhen);
                self.mistake(diagnostic.with_fix_at(place, "when "));
            }
            of.push(Case {
                value,
                when: self.or(),
            });
        }
        let otherwise = self.eat_word("else").then(|| self.case_value());
        Cases { of, otherwise }
    }

    fn case_value(&mut self) -> Located<String> {
        let token = self.peek();
        match self.text_constant() {
            Some(text) => Located::new(text, token.range),
            None => {
                self.expected(Wanted::CaseValue);
                if matches!(token.kind, TokenKind::Name | TokenKind::Number)
                    && !self.at_word("when")
                {
                    self.bump();
                    self.is_recovering = false;
                }
                Located::new(String::new(), token.range)
            }
        }
    }

    /// What must not stand behind the rule; more mistakes are looked for in it.
    fn rest(&mut self) {
        while self.peek().kind != TokenKind::End {
            self.unexpected();
            self.recover();
            if self.peek().kind == TokenKind::End {
                return;
            }
            let is_joint = self.eat_joint("and") || self.eat_joint("or");
            if !is_joint {
                self.bump();
            }
            self.is_recovering = !is_joint;
            if is_joint {
                self.or();
            }
        }
    }
}
