//! Features that random tags measure: the text of the rule language, and the values in a sample.

use std::collections::BTreeSet;

use super::sample::Sample;
use crate::attribute::ATTRIBUTES;
use crate::cell::Cell;
use crate::character::DAY;
use crate::event::{Event, NO_CODE, NO_NUMBER};
use crate::event_kind::{EVENT_KINDS, EventKind, Shape};
use crate::random::Random;

/// A number per user.
#[derive(Debug, Clone)]
pub(super) struct Feature {
    /// How a rule writes it.
    pub(super) text: String,
    /// Places after the point of its values.
    pub(super) scale: u8,
    /// The value × 10^scale of each user of the sample; `None` where there is no value.
    pub(super) values: Vec<Option<i64>>,
}

/// A stretch of time before `now`, and how a rule writes it.
#[derive(Clone, Copy)]
struct Window {
    text: &'static str,
    /// Days before `now` between which events count; the first one excluded.
    days: (i64, i64),
    is_calendar: bool,
}

const fn window(text: &'static str, from: i64, to: i64, is_calendar: bool) -> Window {
    Window {
        text,
        days: (from, to),
        is_calendar,
    }
}

const WINDOWS: [Window; 9] = [
    window("", 36_500, 0, false),
    window(", last 30d", 30, 0, false),
    window(", last 14d", 14, 0, false),
    window(", last 7d", 7, 0, false),
    window(", last 3d", 3, 0, false),
    window(", from 14d ago to 7d ago", 14, 7, false),
    window(", last 7 calendar days", 6, 0, true),
    window(", last 14 calendar days", 13, 0, true),
    window(", previous 7 calendar days", 7, 0, true),
];

impl Window {
    /// Whether an instant lies in it.
    fn holds(&self, now: i64, time: i64) -> bool {
        if !self.is_calendar {
            let (from, to) = self.days;
            return time > now - from * DAY && time <= now - to * DAY;
        }
        let today = now.div_euclid(DAY) * DAY;
        let end = if self.text.contains("previous") {
            today - 1
        } else {
            now
        };
        time >= today - self.days.0 * DAY && time <= end
    }
}

/// A test on an event's own properties, and how a rule writes it.
struct Filter {
    text: String,
    holds: Box<dyn Fn(&Event) -> bool>,
}

/// A feature of one kind of event, or of the profile, drawn at random.
pub(super) fn random_feature(random: &mut Random, sample: &Sample) -> Feature {
    if random.chance(120) {
        return attribute_feature(random, sample);
    }
    let code = random.below(EVENT_KINDS.len() as u64) as u8;
    let kind = EVENT_KINDS
        .get(usize::from(code))
        .unwrap_or(&EVENT_KINDS[0]);
    let window = *random.pick(&WINDOWS).unwrap_or(&WINDOWS[0]);
    let filter = if random.chance(400) {
        filter(random, kind)
    } else {
        None
    };
    let rest = match &filter {
        Some(filter) => format!(" where {}{}", filter.text, window.text),
        None => window.text.to_owned(),
    };
    let now = sample.now.millis();
    let mut groups: Vec<Vec<&Event>> = vec![Vec::new(); sample.len()];
    for (user, event) in sample.events(code) {
        let is_counted = window.holds(now, event.time.millis())
            && filter.as_ref().is_none_or(|filter| (filter.holds)(event));
        if let Some(group) = groups.get_mut(*user as usize).filter(|_| is_counted) {
            group.push(event);
        }
    }
    let (text, scale, fold) = aggregate(random, kind, &rest);
    Feature {
        text,
        scale,
        values: groups.iter().map(|group| fold(group)).collect(),
    }
}

type Fold = Box<dyn Fn(&[&Event]) -> Option<i64>>;

/// An aggregate that fits the kind of event: its text, places, and how it is computed.
fn aggregate(random: &mut Random, kind: &EventKind, rest: &str) -> (String, u8, Fold) {
    let name = kind.name;
    let count: Fold = Box::new(|events| Some(events.len() as i64));
    let numbers = numbers_of(kind.shape);
    let codes = codes_of(kind.shape);
    match (random.below(10), random.pick(numbers), random.pick(codes)) {
        (0..4, ..) => (format!("count({name}{rest})"), 0, count),
        (4, ..) => (
            format!("days({name}{rest})"),
            0,
            Box::new(|events| Some(days(events))),
        ),
        (5, _, Some((property, code))) => {
            let code = *code;
            let distinct = move |events: &[&Event]| {
                let codes = events.iter().map(|event| code(event));
                Some(
                    codes
                        .filter(|code| *code != NO_CODE)
                        .collect::<BTreeSet<_>>()
                        .len() as i64,
                )
            };
            (
                format!("distinct({name}.{property}{rest})"),
                0,
                Box::new(distinct),
            )
        }
        (6..8, Some((property, scale, number)), _) => {
            let number = *number;
            let sum = move |events: &[&Event]| Some(present(events, number).sum());
            (
                format!("sum({name}.{property}{rest})"),
                *scale,
                Box::new(sum),
            )
        }
        (8, Some((property, scale, number)), _) => {
            let number = *number;
            let max = move |events: &[&Event]| present(events, number).max();
            (
                format!("max({name}.{property}{rest})"),
                *scale,
                Box::new(max),
            )
        }
        (_, Some((property, scale, number)), _) => {
            let number = *number;
            let average = move |events: &[&Event]| {
                let (sum, count) = present(events, number)
                    .fold((0, 0), |(sum, count), value| (sum + value, count + 1));
                i64::checked_div(sum, count)
            };
            (
                format!("avg({name}.{property}{rest})"),
                *scale,
                Box::new(average),
            )
        }
        _ => (format!("count({name}{rest})"), 0, count),
    }
}

type NumberOf = (&'static str, u8, fn(&Event) -> i64);
type CodeOf = (&'static str, fn(&Event) -> u16);

fn numbers_of(shape: Shape) -> &'static [NumberOf] {
    match shape {
        Shape::Reward => &[("points", 0, |event| event.points)],
        Shape::Transaction | Shape::Transfer | Shape::Nft => &[
            ("amount_usd", 2, |event| event.amount_usd),
            ("gas_used", 0, |event| event.gas_used),
        ],
        _ => &[],
    }
}

fn codes_of(shape: Shape) -> &'static [CodeOf] {
    match shape {
        Shape::Page => &[("path", |event| event.path)],
        Shape::Quest | Shape::Reward => &[("quest_id", |event| event.quest_id)],
        Shape::Community => &[("community", |event| event.community)],
        Shape::Transaction | Shape::Transfer | Shape::Nft => &[
            ("chain", |event| event.chain),
            ("token", |event| event.token),
        ],
        _ => &[("device", |event| event.device)],
    }
}

fn present<'e>(events: &'e [&Event], number: fn(&Event) -> i64) -> impl Iterator<Item = i64> + 'e {
    let numbers = events.iter().map(move |event| number(event));
    numbers.filter(|number| *number != NO_NUMBER)
}

fn days(events: &[&Event]) -> i64 {
    let days = events
        .iter()
        .map(|event| event.time.millis().div_euclid(DAY));
    days.collect::<BTreeSet<_>>().len() as i64
}

fn filter(random: &mut Random, kind: &EventKind) -> Option<Filter> {
    use crate::dictionary::Dictionary;
    let (property, dictionary, code): (_, _, fn(&Event) -> u16) = match kind.shape {
        Shape::Plain => ("device", Dictionary::Device, |event| event.device),
        Shape::Page | Shape::Quest | Shape::Reward | Shape::Community => {
            ("category", Dictionary::Category, |event| event.category)
        }
        Shape::Wallet => ("chain", Dictionary::Chain, |event| event.chain),
        Shape::Transaction | Shape::Transfer | Shape::Nft if random.chance(500) => {
            let dollars = *random.pick(&[10, 50, 100, 500])?;
            return Some(Filter {
                text: format!("amount_usd > {dollars}"),
                holds: Box::new(move |event| event.amount_usd > dollars * 100),
            });
        }
        _ => ("chain", Dictionary::Chain, |event| event.chain),
    };
    let wanted = random.below(dictionary.texts().len().min(6) as u64) as u16;
    Some(Filter {
        text: format!("{property} = \"{}\"", dictionary.text(wanted)?),
        holds: Box::new(move |event| code(event) == wanted),
    })
}

fn attribute_feature(random: &mut Random, sample: &Sample) -> Feature {
    const NUMERIC: [&str; 9] = [
        "points",
        "level",
        "assets.usd",
        "assets.transactions",
        "assets.nfts",
        "assets.tokens",
        "social.twitter.followers",
        "poh.score",
        "referral.invites",
    ];
    let path = *random.pick(&NUMERIC).unwrap_or(&"points");
    let attribute = ATTRIBUTES.iter().find(|attribute| attribute.path == path);
    let cells = |profile| attribute.map_or(Cell::Missing, |attribute| attribute.cell(profile));
    let number = |profile| match cells(profile) {
        Cell::Number { mantissa, .. } => Some(mantissa),
        _ => None,
    };
    let scale = match path {
        "assets.usd" | "poh.score" => 2,
        _ => 0,
    };
    Feature {
        text: path.to_owned(),
        scale,
        values: sample.profiles.iter().map(number).collect(),
    }
}
