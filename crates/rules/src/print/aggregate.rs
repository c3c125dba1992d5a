//! Aggregates and windows as text.

use domain::Unit;

use super::expression::{write, write_several, write_value};
use super::name::{printed_name, printed_path};
use crate::located::Located;
use crate::tree::{Aggregate, Anchored, Count, EventPattern, Expression, Node, Window};

pub(super) fn write_aggregate(text: &mut String, aggregate: &Aggregate) {
    text.push_str(aggregate.function.as_str());
    text.push('(');
    write_events(text, &aggregate.events);
    write_arguments(text, &aggregate.arguments);
    if let Some(number) = aggregate.number {
        text.push_str(&format!(", {number}"));
    }
    if let Some(percent) = &aggregate.percent {
        text.push_str(&format!(", {}", percent.node));
    }
    if let Some(filter) = &aggregate.filter {
        text.push_str(" where ");
        write(text, filter);
    }
    if let Some(window) = &aggregate.window {
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
    let plural = if count == Count::ONE { "" } else { "s" };
    format!("{count} calendar {unit}{plural}")
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
