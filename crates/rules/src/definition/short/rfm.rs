//! Groups by recency, frequency and money as cases over ranks or bounds.
//!
//! The first case that holds counts, so each says only what tells it from those before it.

mod groups;
mod measures;
mod scale;

use domain::{Rfm, RfmBounds, RfmGroups};

use self::groups::{eight, eleven};
pub(crate) use self::measures::RfmMeasures;
use self::scale::Scale;
use super::nodes::of_events;
use super::sheet::{Entry, Sheet};
use super::{Meaning, Short};
use crate::located::{Located, TextRange};
use crate::mistake::ShortForms;
use crate::tree::{Aggregate, AggregateName, Expression, Node, Window};

pub(super) fn read(rfm: &Rfm) -> Short {
    let mut sheet = Sheet::new("rfm");
    let recency = sheet.entry("recency", &rfm.recency);
    let frequency = sheet.entry("frequency", &rfm.frequency);
    let monetary = sheet.entry("monetary", &rfm.monetary);
    let window = rfm.window.as_deref();
    let window = window.map(|window| sheet.entry("window", window));
    let bounds = rfm
        .bounds
        .as_ref()
        .map(|bounds| Bounds::of(&mut sheet, bounds));
    let window = match &window {
        None => Some(None),
        Some(window) => sheet.window(window).map(Some),
    };
    let recency = recency_of(&mut sheet, &recency, window.clone().flatten());
    let mut measured = |entry: &Entry| {
        let value = sheet.value(entry)?;
        windowed(&mut sheet, value, window.clone()?)
    };
    let (frequency, monetary) = (measured(&frequency), measured(&monetary));
    let scale = scale(&mut sheet, bounds, rfm.groups);
    let measures = || {
        Some(Measures {
            recency: recency?,
            frequency: frequency?,
            monetary: monetary?,
        })
    };
    let cases = measures()
        .zip(scale)
        .map(|(measures, scale)| match rfm.groups {
            RfmGroups::Eight => eight(&measures, &scale),
            RfmGroups::Eleven => eleven(&measures, &scale),
        });
    sheet.finish(cases.map(Meaning::Cases))
}

/// What is measured of each user.
struct Measures {
    recency: Recency,
    frequency: Expression,
    monetary: Expression,
}

/// When a user was last there.
struct Recency {
    last: Expression,
    /// Whether there is such a time.
    is_known: Expression,
}

/// The bounds as they are written.
struct Bounds {
    recency: Vec<Entry>,
    frequency: Vec<Entry>,
    monetary: Vec<Entry>,
}

impl Bounds {
    fn of(sheet: &mut Sheet, bounds: &RfmBounds) -> Self {
        Self {
            recency: sheet.list("bounds.recency", &bounds.recency.0),
            frequency: sheet.list("bounds.frequency", &bounds.frequency.0),
            monetary: sheet.list("bounds.monetary", &bounds.monetary.0),
        }
    }
}

fn recency_of(
    sheet: &mut Sheet,
    entry: &Entry,
    window: Option<Located<Window>>,
) -> Option<Recency> {
    if Sheet::is_value(entry) {
        let value = sheet.value(entry)?;
        let last = windowed(sheet, value, window)?;
        let is_known = Located::new(Node::IsSet(Box::new(last.clone())), entry.range);
        return Some(Recency { last, is_known });
    }
    let events = sheet.events(entry)?;
    Some(Recency {
        last: of_events(&events, AggregateName::LastTime, window.clone()),
        is_known: of_events(&events, AggregateName::Did, window),
    })
}

/// The value within the window. What is more than one aggregate has windows of its own.
fn windowed(
    sheet: &mut Sheet,
    mut value: Expression,
    window: Option<Located<Window>>,
) -> Option<Expression> {
    let Some(window) = window.map(Box::new) else {
        return Some(value);
    };
    let own = match &mut value.node {
        Node::Aggregate(Aggregate { window, .. }) => window,
        Node::Grouped(grouped) => &mut grouped.window,
        Node::CountSequences(sequence) => &mut sequence.window,
        Node::Gap(gap) => &mut gap.between.window,
        node => {
            let range = node.children().into_iter().find_map(without_window);
            return match range {
                Some(range) => sheet.fail(range, ShortForms::OwnWindows),
                None => Some(value),
            };
        }
    };
    own.get_or_insert(window);
    Some(value)
}

/// Where there is an aggregate without a window.
fn without_window(expression: &Expression) -> Option<TextRange> {
    let has_window = match &expression.node {
        Node::Aggregate(aggregate) => aggregate.window.is_some(),
        Node::Grouped(grouped) => grouped.window.is_some(),
        Node::Sequence(sequence) | Node::CountSequences(sequence) => sequence.window.is_some(),
        Node::Gap(gap) => gap.between.window.is_some(),
        node => return node.children().into_iter().find_map(without_window),
    };
    (!has_window).then_some(expression.range)
}

/// How scores are made: by quintiles, or by bounds of which there have to be as many as the
/// groups need, in their order.
fn scale(sheet: &mut Sheet, bounds: Option<Bounds>, groups: RfmGroups) -> Option<Scale> {
    let Some(bounds) = bounds else {
        return Some(Scale::Quintiles);
    };
    let needed = match groups {
        RfmGroups::Eight => 1,
        RfmGroups::Eleven => 4,
    };
    for entries in [&bounds.recency, &bounds.frequency, &bounds.monetary] {
        if entries.len() != needed {
            let range = entries.first().map(|first| first.range).unwrap_or_default();
            return match groups {
                RfmGroups::Eight => sheet.fail(range, ShortForms::OneBound),
                RfmGroups::Eleven => sheet.fail(range, ShortForms::FourBounds),
            };
        }
    }
    let spans = bounds.recency.iter().map(|entry| sheet.span(entry));
    let spans: Vec<_> = spans.collect::<Option<_>>()?;
    if !spans.is_sorted_by(|one, next| one > next) {
        return sheet.fail(range_of(&bounds.recency), ShortForms::LongestFirst);
    }
    for entries in [&bounds.frequency, &bounds.monetary] {
        let numbers = entries.iter().map(|entry| sheet.number(entry));
        let numbers: Vec<_> = numbers.collect::<Option<_>>()?;
        if !numbers.is_sorted_by(|one, next| one < next) {
            return sheet.fail(range_of(entries), ShortForms::LeastFirst);
        }
    }
    Some(Scale::Bounds(bounds))
}

fn range_of(entries: &[Entry]) -> TextRange {
    let ranges = entries.iter().map(|entry| entry.range);
    ranges.reduce(TextRange::to).unwrap_or_default()
}
