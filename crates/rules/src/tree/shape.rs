//! What a tree from JSON must fulfil so that it could also have been read from a text.

use super::{
    Aggregate, AggregateName, Cases, DEEPEST, Error, EventPattern, Expression, GroupKey, Grouped,
    Node, RankAmount, Rule, Same, Sequence, Window,
};
use crate::located::Located;
use crate::parse::{ConstantKind, is_constant};

/// Whether the tree could have been read from a text.
pub(super) fn check(rule: &Rule) -> Result<(), Error> {
    if rule.depth() > DEEPEST {
        return Err(Error::TooDeep);
    }
    if let Rule::Cases(Cases { of, .. }) = rule {
        demand_some(of, "`cases`")?;
    }
    rule.expressions()
        .into_iter()
        .try_for_each(check_expression)
}

fn check_expression(expression: &Expression) -> Result<(), Error> {
    check_node(&expression.node)?;
    expression
        .node
        .children()
        .into_iter()
        .try_for_each(check_expression)
}

fn check_node(node: &Node) -> Result<(), Error> {
    match node {
        Node::Number(text) => check_number_text(text),
        Node::Duration(text) | Node::Ago(text) | Node::Lasting { at_least: text, .. } => {
            demand_constant(ConstantKind::Duration, text, "duration")
        }
        Node::Time(text) => demand_constant(ConstantKind::Time, text, "time"),
        Node::Date(text) => demand_constant(ConstantKind::Date, text, "date"),
        Node::Name(parts) => {
            demand_some(parts, "`name`")?;
            parts.iter().try_for_each(|part| demand_name(part))
        }
        Node::And(of) if of.len() < 2 => fail("`and` needs at least two conditions"),
        Node::Or(of) if of.len() < 2 => fail("`or` needs at least two conditions"),
        Node::AtLeast { of, .. } => demand_some(of, "`at_least`"),
        Node::Choice { of, .. } => demand_some(of, "`choice`"),
        Node::InWindow { window, .. } => check_window(&window.node),
        Node::Anniversary { next, .. } => demand_constant(ConstantKind::Duration, next, "duration"),
        Node::Points(of) => {
            demand_some(of, "`points`")?;
            of.iter()
                .try_for_each(|weighted| check_number_text(&weighted.weight.node))
        }
        Node::InList(key)
        | Node::InAudience(key)
        | Node::Tag(key)
        | Node::TagAt { tag: key, .. } => demand_name(&key.node),
        Node::Lookup { table, column, .. } => {
            demand_name(&table.node)?;
            demand_name(&column.node)
        }
        Node::ValueInList { list, .. } => demand_name(&list.node),
        Node::Aggregate(aggregate) => check_aggregate(aggregate),
        Node::Sequence(sequence) | Node::CountSequences(sequence) => check_sequence(sequence),
        Node::Gap(gap) => check_sequence(&gap.between),
        Node::Grouped(grouped) => check_grouped(grouped),
        Node::Regularly(regularly) => check_events(&regularly.events),
        Node::InRank { bound, .. } => match &bound.amount {
            RankAmount::Percent(text) => demand_constant(ConstantKind::Number, text, "number"),
            RankAmount::Count(_) => Ok(()),
        },
        Node::OfUser { of, .. } if !matches!(of.node, Node::Name(_) | Node::Tag(_)) => {
            fail("`of` in `of_user` is a name or a tag")
        }
        Node::Compare {
            operator,
            ignoring_case: true,
            ..
        } if !operator.is_of_text() => {
            fail(format!("`{}` takes no `ignoring_case`", operator.as_str()))
        }
        _ => Ok(()),
    }
}

fn check_number_text(text: &str) -> Result<(), Error> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    demand_constant(ConstantKind::Number, digits, "number")
}

fn check_aggregate(aggregate: &Aggregate) -> Result<(), Error> {
    let counts_group = aggregate.function == AggregateName::Count && aggregate.arguments.is_empty();
    if !(counts_group && aggregate.events.is_empty()) {
        check_events(&aggregate.events)?;
    }
    check_number(aggregate)?;
    check_optional_window(aggregate.window.as_deref())
}

fn check_grouped(grouped: &Grouped) -> Result<(), Error> {
    let is_measured = matches!(
        grouped.of.node,
        Node::Aggregate(_) | Node::CountSequences(_) | Node::Gap(_) | Node::Grouped(_)
    );
    if !is_measured {
        return fail("`grouped` is of an aggregate");
    }
    if let GroupKey::Values(values) = &grouped.per {
        demand_some(values, "`values`")?;
    }
    check_optional_window(grouped.window.as_deref())
}

fn check_optional_window(window: Option<&Located<Window>>) -> Result<(), Error> {
    window.map_or(Ok(()), |window| check_window(&window.node))
}

fn check_events(events: &[Located<EventPattern>]) -> Result<(), Error> {
    demand_some(events, "`events`")?;
    events.iter().try_for_each(|pattern| match &pattern.node {
        EventPattern::Name(name) | EventPattern::Event(name) | EventPattern::Prefix(name) => {
            demand_name(name)
        }
        EventPattern::Changed(path) => {
            demand_some(&path.node, "`changed`")?;
            path.node.iter().try_for_each(|part| demand_name(part))
        }
        EventPattern::Linked(sort) | EventPattern::Unlinked(sort) => demand_name(&sort.node),
        EventPattern::Entered(tag) | EventPattern::Left(tag) => demand_name(&tag.node),
        EventPattern::Any => Ok(()),
    })
}

fn check_sequence(sequence: &Sequence) -> Result<(), Error> {
    demand_some(&sequence.steps, "`steps`")?;
    for step in &sequence.steps {
        check_events(&step.events)?;
        step.name
            .iter()
            .try_for_each(|name| demand_name(&name.node))?;
        if let Some(within) = &step.within {
            demand_constant(ConstantKind::Duration, &within.node.span, "duration")?;
            let after = within.node.after.iter();
            after
                .into_iter()
                .try_for_each(|name| demand_name(&name.node))?;
        }
    }
    for same in &sequence.same {
        if let Same::Between(of) = same {
            if of.len() < 2 {
                return fail("`between` needs at least two values");
            }
            of.iter().try_for_each(|of| demand_name(&of.step.node))?;
        }
    }
    check_optional_window(sequence.window.as_deref())
}

/// `percentile` has a percentage, and no other function has.
fn check_number(aggregate: &Aggregate) -> Result<(), Error> {
    let is_percentile = aggregate.function == AggregateName::Percentile;
    match &aggregate.percent {
        Some(_) if !is_percentile => fail("only `percentile` takes `percent`"),
        _ if is_percentile && aggregate.number.is_some() => {
            fail("`percentile` takes `percent` and no `number`")
        }
        Some(percent) => demand_constant(ConstantKind::Number, &percent.node, "number"),
        None => Ok(()),
    }
}

fn check_window(window: &Window) -> Result<(), Error> {
    match window {
        Window::Last(span) | Window::Next(span) | Window::Within { span, .. } => {
            demand_constant(ConstantKind::Duration, span, "duration")
        }
        _ => Ok(()),
    }
}

fn demand_constant(kind: ConstantKind, text: &str, what: &str) -> Result<(), Error> {
    if is_constant(kind, text) {
        Ok(())
    } else {
        let shown: String = text.chars().take(80).collect();
        fail(format!("`{shown}` is no {what}"))
    }
}

fn demand_name(name: &str) -> Result<(), Error> {
    if name.is_empty() {
        fail("a name is empty")
    } else {
        Ok(())
    }
}

fn demand_some<T>(of: &[T], what: &str) -> Result<(), Error> {
    if of.is_empty() {
        fail(format!("{what} is empty"))
    } else {
        Ok(())
    }
}

fn fail(message: impl Into<String>) -> Result<(), Error> {
    Err(Error::Shape(message.into()))
}
