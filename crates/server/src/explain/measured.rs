//! What was measured at a leaf: values, windows, evidence, and what they were compared with.

use api::ports::explanation::{Evidence, Measured, Window};
use domain::{Span, Time, Value};
use features::evaluate::{self, Scope};
use features::feature::leaf;
use features::window::{self, Interval};
use rules::checked::{Condition, Measure};
use rules::print_expression;
use rules::sentence::sentence_of_value;
use rules::tree::{Aggregate, AggregateName, Expression, Node};

use super::{Explainer, both, own_parts};
use crate::display;

impl Explainer<'_> {
    /// What a leaf that is a condition looks at.
    pub(super) fn measured(&self, expression: &Expression) -> Vec<Measured> {
        let is_counted = matches!(
            expression.node,
            Node::Aggregate(_) | Node::Sequence(_) | Node::Regularly(_) | Node::Call { .. }
        );
        if is_counted {
            return self.measured_did(expression);
        }
        let mut all: Vec<Measured> = self.rank(expression).into_iter().collect();
        all.extend(self.lasting(expression));
        for (place, value) in own_parts(expression).into_iter().enumerate() {
            let mut of_value = self.measured_value(value);
            if let (0, Some(first)) = (place, of_value.first_mut()) {
                first.compared = compared(expression, value);
            }
            all.extend(of_value);
        }
        if let Node::Name(_) = &expression.node {
            all.extend(self.measured_value(expression));
        }
        if let Node::TagAt { .. } = &expression.node
            && let Some(Condition::IsSet(had)) = self.written.parts.condition(expression.range)
        {
            all.insert(0, self.one_measured(expression, had));
        }
        without_repeats(all)
    }

    /// A value, and what it is computed from.
    pub(super) fn measured_value(&self, value: &Expression) -> Vec<Measured> {
        let mut all = Vec::new();
        if !is_constant(&value.node)
            && let Some(measure) = self.written.parts.measure(value.range)
        {
            all.push(self.one_measured(value, measure));
        }
        self.add_leaves(value, &mut all);
        without_repeats(all)
    }

    /// The rank that is compared with a bound.
    fn rank(&self, test: &Expression) -> Option<Measured> {
        let Node::InRank { ranking, .. } = &test.node else {
            return None;
        };
        let written = Expression::from(Node::Rank(ranking.clone()));
        let measure = rank_asked(self.written.parts.condition(test.range)?)?;
        Some(Measured {
            compared: compared(test, &written),
            ..self.one_measured(&written, &measure)
        })
    }

    /// Since when a test has held without a break.
    fn lasting(&self, test: &Expression) -> Option<Measured> {
        let Node::Lasting {
            condition,
            at_least,
        } = &test.node
        else {
            return None;
        };
        let Some(Condition::Compare { left, .. }) = self.written.parts.condition(test.range) else {
            return None;
        };
        let since = evaluate::measure(left, self.one);
        Some(Measured {
            text: format!("{} since", print_expression(condition)),
            value: since.map(|since| match since {
                Value::Time(Time::MIN) => "ever".to_owned(),
                since => shown(&since),
            }),
            compared: Some(format!("for at least {at_least}")),
            ..self.one_measured(condition, left)
        })
    }

    /// The number of events behind `did(E)`, of matches behind `sequence(…)`, of periods behind
    /// `regularly(…)`, of identities; or the truth of a function.
    fn measured_did(&self, did: &Expression) -> Vec<Measured> {
        let mut all = Vec::new();
        let number = match &did.node {
            Node::Aggregate(aggregate) => Some(Node::Aggregate(Aggregate {
                function: AggregateName::Count,
                ..aggregate.clone()
            })),
            Node::Sequence(sequence) => Some(Node::CountSequences(sequence.clone())),
            Node::Regularly(regularly) => regularly.counted().map(Node::Aggregate),
            _ => None,
        };
        let compared = match &did.node {
            Node::Regularly(regularly) => format!(">= {}", regularly.at_least),
            _ => "> 0".to_owned(),
        };
        let number = number.map(Expression::from);
        match self.written.parts.condition(did.range) {
            Some(Condition::Compare { left, .. }) => all.push(Measured {
                compared: Some(compared),
                ..self.one_measured(number.as_ref().unwrap_or(did), left)
            }),
            Some(Condition::Holds(value)) => all.push(self.one_measured(did, value)),
            _ => {}
        }
        self.add_leaves(did, &mut all);
        without_repeats(all)
    }

    /// The events, attributes and tags below a value, and the bounds of its windows; what gives points is told apart.
    fn add_leaves(&self, value: &Expression, all: &mut Vec<Measured>) {
        if matches!(value.node, Node::Points(_)) {
            return;
        }
        for child in own_parts(value) {
            let measure = self.written.parts.measure(child.range);
            let is_leaf = matches!(
                child.node,
                Node::Name(_)
                    | Node::Aggregate(_)
                    | Node::Grouped(_)
                    | Node::CountSequences(_)
                    | Node::Gap(_)
                    | Node::TagAt { .. }
                    | Node::Tag(_)
            );
            all.extend(
                measure
                    .filter(|_| is_leaf)
                    .map(|measure| self.one_measured(child, measure)),
            );
            self.add_leaves(child, all);
        }
    }

    fn one_measured(&self, value: &Expression, measure: &Measure) -> Measured {
        let names = self.situation.names;
        let evidence = leaf(measure).and_then(|feature| self.one.evidence(&feature));
        let events = evidence.into_iter().flat_map(|evidence| &evidence.events);
        Measured {
            text: print_expression(value),
            sentence: both(|language| sentence_of_value(value, language, names)),
            value: evaluate::measure(measure, self.one).map(|value| shown(&value)),
            compared: None,
            window: self.window(measure),
            set_at: evidence.and_then(|evidence| evidence.touched_at),
            counted: match measure {
                Measure::Aggregate(_) | Measure::TagAt { .. } => {
                    evidence.map(|evidence| evidence.counted)
                }
                _ => None,
            },
            events: events.map(event).collect(),
            is_above: false,
        }
    }

    fn window(&self, measure: &Measure) -> Option<Window> {
        let Measure::Aggregate(aggregate) = measure else {
            return None;
        };
        let now = self.one.now();
        let bound = |measure: &Measure| evaluate::measure(measure, self.one);
        let interval = window::resolve(&aggregate.window, now, &bound).visible(now);
        Some(instants(interval))
    }
}

/// The rank in a test of ranks.
fn rank_asked(condition: &Condition) -> Option<Measure> {
    match condition {
        Condition::Not(of) => rank_asked(of),
        Condition::Holds(Measure::Population(population)) => {
            let rank = population.rank_asked()?;
            Some(Measure::Population(Box::new(rank)))
        }
        _ => None,
    }
}

/// A value; a duration by its days, hours, minutes and seconds.
fn shown(value: &Value) -> String {
    let Value::Span(span) = value else {
        return display::value(value);
    };
    let mut rest = span.millis().unsigned_abs();
    let mut text = String::from(if span.millis() < 0 { "-" } else { "" });
    for (unit, length) in [("d", Span::DAY), ("h", Span::HOUR), ("m", Span::MINUTE)] {
        let length = length.millis().unsigned_abs();
        if rest >= length {
            text.push_str(&format!("{}{unit} ", rest / length));
            rest %= length;
        }
    }
    let seconds = i64::try_from(rest).map(Span::from_millis);
    if rest > 0 || text.trim_start_matches('-').is_empty() {
        text.push_str(&seconds.unwrap_or_default().to_string());
    }
    text.trim_end().to_owned()
}

fn is_constant(node: &Node) -> bool {
    matches!(
        node,
        Node::Number(_)
            | Node::Duration(_)
            | Node::Time(_)
            | Node::Date(_)
            | Node::Text(_)
            | Node::Truth(_)
            | Node::Now
    )
}

/// What a value was compared with, as it is written behind it.
fn compared(condition: &Expression, value: &Expression) -> Option<String> {
    let (written, value) = (print_expression(condition), print_expression(value));
    let behind = written.strip_prefix(&value)?.trim_start();
    (!behind.is_empty()).then(|| behind.to_owned())
}

fn event(event: &features::EvidenceEvent) -> Evidence {
    Evidence {
        time: event.time,
        event: event.name.to_string(),
        properties: event
            .properties
            .iter()
            .map(|(path, value)| (path.to_string(), display::value(value)))
            .collect(),
    }
}

fn instants(interval: Interval) -> Window {
    if interval.until <= interval.from {
        return Window::Empty;
    }
    Window::Between {
        from: Some(Time::from_millis(interval.from)).filter(|from| *from > Time::MIN),
        to: Time::from_millis(interval.until - 1),
    }
}

/// Each value once, where it stands first.
fn without_repeats(all: Vec<Measured>) -> Vec<Measured> {
    let mut kept: Vec<Measured> = Vec::with_capacity(all.len());
    for measured in all {
        if kept.iter().all(|known| known.text != measured.text) {
            kept.push(measured);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_shown_by_its_days_and_hours() {
        for (millis, text) in [
            (0, "0s"),
            (1_731_082_352, "20d 51m 22.352s"),
            (-90_000, "-1m 30s"),
            (172_800_000, "2d"),
        ] {
            assert_eq!(shown(&Value::Span(Span::from_millis(millis))), text);
        }
    }
}
