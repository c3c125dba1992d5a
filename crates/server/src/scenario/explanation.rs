//! Why a tag's rule holds for a user, or does not: the tree of the rule with what was measured.

use domain::TagBody;
use features::reference::{self, Outcome, User, World};
use rules::tree::{Expression, Node, Rule};
use rules::{CheckOptions, Expected, parse, print_expression, text_of};

use super::play::State;
use crate::rulebook::ReadTag;

/// What stands before a condition that holds, and one that does not.
const MARKS: [&str; 2] = ["no ", "yes"];

/// The tree of a tag's rule, a line each.
pub fn of(tag: &ReadTag, name: &str, user: &User, world: &World, state: &State<'_>) -> String {
    let body = &tag.definition.body;
    let mut explained = Explained {
        user,
        world: World {
            now: tag.definition.as_of.unwrap_or(world.now).min(world.now),
            ..world.clone()
        },
        options: options(tag, state),
        state,
        text: format!("{name} at {}:", world.now),
    };
    match (parse(&text_of(body)), body) {
        (Ok(Rule::Expression(expression)), TagBody::Value(_)) => explained.value(&expression, 1),
        (Ok(Rule::Expression(expression)), _) => explained.condition(&expression, 1),
        (Ok(Rule::Cases(cases)), _) => {
            for case in &cases.of {
                explained.line(1, &format!("case {:?}", case.value.node));
                explained.condition(&case.when, 2);
            }
        }
        (Err(_), _) => {}
    }
    explained.text
}

fn options(tag: &ReadTag, state: &State<'_>) -> CheckOptions {
    let own = tag
        .definition
        .timezone
        .as_deref()
        .and_then(|name| domain::Zone::named(name).ok());
    CheckOptions {
        zone: own.unwrap_or_else(|| state.zone.clone()),
        ..CheckOptions::default()
    }
}

struct Explained<'e> {
    user: &'e User,
    world: World,
    options: CheckOptions,
    state: &'e State<'e>,
    text: String,
}

impl Explained<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        self.text.push('\n');
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(text);
    }

    fn condition(&mut self, expression: &Expression, depth: usize) {
        let Some(Outcome::Holds(holds)) = self.outcome(expression, Expected::Condition) else {
            self.value(expression, depth);
            return;
        };
        let mark = MARKS.get(usize::from(holds)).copied().unwrap_or_default();
        let (header, parts): (String, Vec<&Expression>) = match &expression.node {
            Node::And(parts) => ("all of".to_owned(), parts.iter().collect()),
            Node::Or(parts) => ("any of".to_owned(), parts.iter().collect()),
            Node::AtLeast { count, of } => {
                (format!("at least {} of", count.get()), of.iter().collect())
            }
            Node::Not(part) => ("not".to_owned(), vec![part]),
            _ => {
                let written = print_expression(expression);
                self.line(depth, &format!("{mark} {written}"));
                measured(&expression.node)
                    .into_iter()
                    .for_each(|part| self.value(part, depth + 2));
                return;
            }
        };
        self.line(depth, &format!("{mark} {header}"));
        parts
            .into_iter()
            .for_each(|part| self.condition(part, depth + 1));
    }

    /// A value that was measured.
    fn value(&mut self, expression: &Expression, depth: usize) {
        let written = print_expression(expression);
        if let Some(Outcome::Measured(value)) = self.outcome(expression, Expected::Value) {
            let value = value.map_or_else(
                || "no value".to_owned(),
                |value| value.to_json().to_string(),
            );
            self.line(depth, &format!("{written} is {value}"));
        }
    }

    fn outcome(&self, expression: &Expression, expected: Expected) -> Option<Outcome> {
        let options = CheckOptions {
            expected,
            ..self.options.clone()
        };
        let rule = Rule::Expression(expression.clone());
        let vocabulary = &self.state.definitions.book.vocabulary;
        let checked = rules::check(&rule, vocabulary, &options).ok()?;
        Some(reference::evaluate(&checked.rule, self.user, &self.world))
    }
}

/// The values that a condition compares, without constants.
fn measured(node: &Node) -> Vec<&Expression> {
    let values: Vec<&Expression> = match node {
        Node::Compare { left, right, .. } => vec![left, right],
        Node::Between {
            value, low, high, ..
        } => vec![value, low, high],
        Node::Choice { value, .. }
        | Node::IsSet(value)
        | Node::IsNotSet(value)
        | Node::InWindow { value, .. }
        | Node::ValueInList { value, .. } => vec![value],
        _ => Vec::new(),
    };
    let is_measured = |value: &&Expression| {
        !matches!(
            value.node,
            Node::Number(_)
                | Node::Text(_)
                | Node::Duration(_)
                | Node::Time(_)
                | Node::Date(_)
                | Node::Truth(_)
                | Node::Ago(_)
                | Node::Now
        )
    };
    values.into_iter().filter(is_measured).collect()
}
