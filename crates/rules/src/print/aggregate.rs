//! Aggregates and windows as text.

use domain::Unit;

use super::expression::{write, write_several, write_value};
use super::name::{key, printed_name, printed_path};
use crate::located::Located;
use crate::parse::unit_of;
use crate::tree::{
    Aggregate, Anchored, Count, EventPattern, Expression, GroupKey, Grouped, Node, Periods,
    Regularly, Window,
};

pub(super) fn write_aggregate(text: &mut String, aggregate: &Aggregate) {
    text.push_str(aggregate.function.as_str());
    text.push('(');
    match aggregate.events.as_slice() {
        // `users by` would be about other users.
        [only] if aggregate.by.is_some() && is_called_users(&only.node) => text.push_str("`users`"),
        events => write_events(text, events),
    }
    write_arguments(text, &aggregate.arguments);
    if let Some(number) = aggregate.number {
        text.push_str(&format!(", {number}"));
    }
    if let Some(percent) = &aggregate.percent {
        text.push_str(&format!(", {}", percent.node));
    }
    if let Some(by) = &aggregate.by {
        text.push_str(" by ");
        write_value(text, by);
    }
    write_filter(text, aggregate.filter.as_deref());
    if let Some(having) = &aggregate.having {
        text.push_str(" having ");
        write(text, having);
    }
    close(text, aggregate.window.as_deref());
}

fn is_called_users(event: &EventPattern) -> bool {
    matches!(event, EventPattern::Name(name) if name == "users")
}

/// `max(count(tx) per hour, last 30d)`
pub(super) fn write_grouped(text: &mut String, grouped: &Grouped) {
    text.push_str(grouped.function.as_str());
    text.push('(');
    write(text, &grouped.of);
    text.push_str(" per ");
    match &grouped.per {
        GroupKey::Period(unit) => text.push_str(&unit.to_string()),
        GroupKey::Values(values) => match values.as_slice() {
            [value] if is_plain_name(&value.node) => write(text, value),
            values => write_several(text, values),
        },
    }
    close(text, grouped.window.as_deref());
}

/// Whether a name alone is not read as a period.
fn is_plain_name(node: &Node) -> bool {
    match node {
        Node::Name(parts) => match parts.as_slice() {
            [only] => unit_of(only).is_none(),
            _ => true,
        },
        _ => false,
    }
}

/// `regularly(login where device = "ios", at least 3 of last 5 weeks)`
pub(super) fn write_regularly(text: &mut String, regularly: &Regularly) {
    text.push_str("regularly(");
    write_events(text, &regularly.events);
    write_filter(text, regularly.filter.as_deref());
    let (word, count, unit) = match regularly.of.node {
        Periods::Last { count, unit } => ("last", count, unit),
        Periods::Previous { count, unit } => ("previous", count, unit),
    };
    let at_least = regularly.at_least;
    text.push_str(&format!(
        ", at least {at_least} of {word} {count} {unit}{})",
        plural(count)
    ));
}

fn write_filter(text: &mut String, filter: Option<&Expression>) {
    if let Some(filter) = filter {
        if !text.ends_with('(') {
            text.push(' ');
        }
        text.push_str("where ");
        write(text, filter);
    }
}

/// The window, and the end.
fn close(text: &mut String, window: Option<&Located<Window>>) {
    if let Some(window) = window {
        text.push_str(", ");
        write_window(text, &window.node);
    }
    text.push(')');
}

pub(super) fn write_events(text: &mut String, events: &[Located<EventPattern>]) {
    if let [event] = events {
        text.push_str(&event_text(&event.node));
        return;
    }
    if events.is_empty() {
        return;
    }
    let events: Vec<String> = events.iter().map(|event| event_text(&event.node)).collect();
    text.push_str(&format!("({})", events.join(", ")));
}

/// An event as it is written.
pub(crate) fn event_text(pattern: &EventPattern) -> String {
    match pattern {
        // The word alone marks the name behind it.
        EventPattern::Name(name) if name == "event" => "`event`".to_owned(),
        EventPattern::Name(name) => printed_name(name),
        EventPattern::Event(name) => format!("event {}", printed_name(name)),
        EventPattern::Prefix(prefix) => format!("{}*", printed_name(prefix)),
        EventPattern::Any => "*".to_owned(),
        EventPattern::Entered(tag) => format!("entered({})", key(&tag.node)),
        EventPattern::Left(tag) => format!("left({})", key(&tag.node)),
        EventPattern::Changed(path) => format!("changed({})", printed_path(&path.node)),
        EventPattern::Linked(sort) => format!("linked({})", printed_name(&sort.node)),
        EventPattern::Unlinked(sort) => format!("unlinked({})", printed_name(&sort.node)),
    }
}

/// `.p`, or `.(…)` for all that is no name.
pub(super) fn write_arguments(text: &mut String, arguments: &[Expression]) {
    match arguments {
        [] => {}
        [argument] if matches!(argument.node, Node::Name(_)) => {
            text.push('.');
            write(text, argument);
        }
        several => {
            text.push('.');
            write_several(text, several);
        }
    }
}

pub(super) fn write_window(text: &mut String, window: &Window) {
    match window {
        Window::Ever => text.push_str("ever"),
        Window::Today => text.push_str("today"),
        Window::Yesterday => text.push_str("yesterday"),
        Window::Last(span) => text.push_str(&format!("last {span}")),
        Window::Next(span) => text.push_str(&format!("next {span}")),
        Window::LastCalendar { count, unit } => {
            text.push_str(&format!("last {}", periods(*count, *unit)));
        }
        Window::PreviousCalendar { count, unit } => {
            text.push_str(&format!("previous {}", periods(*count, *unit)));
        }
        Window::Previous(unit) => text.push_str(&format!("previous {unit}")),
        Window::This(unit) => text.push_str(&format!("this {unit}")),
        Window::From { from, to } => write_bounds(text, ["from ", " to "], from, Some(to)),
        Window::Between { from, to } => write_bounds(text, ["between ", " and "], from, Some(to)),
        Window::Since(bound) => write_bounds(text, ["since ", ""], bound, None),
        Window::Before(bound) => write_bounds(text, ["before ", ""], bound, None),
        Window::Within { span, side, anchor } => {
            let side = match side {
                Anchored::After => "after",
                Anchored::Before => "before",
            };
            text.push_str(&format!("within {span} {side} "));
            write_value(text, anchor);
        }
    }
}

fn periods(count: Count, unit: Unit) -> String {
    format!("{count} calendar {unit}{}", plural(count))
}

fn plural(count: Count) -> &'static str {
    if count == Count::ONE { "" } else { "s" }
}

fn write_bounds(
    text: &mut String,
    words: [&str; 2],
    first: &Expression,
    second: Option<&Expression>,
) {
    let [before, between] = words;
    text.push_str(before);
    write_value(text, first);
    text.push_str(between);
    if let Some(second) = second {
        write_value(text, second);
    }
}
