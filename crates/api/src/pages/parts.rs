//! Pieces that several pages share: shares, times, failures, rules, lists of members.

use domain::{Time, UserKey, Zone};
use maud::{Markup, html};

use super::format::{ago, encoded, grouped, instant, percent};
use super::highlight;
use super::phrase::Phrase;
use super::reader::Language;
use crate::ports::{Freshness, ValueCount};

/// Where and when something is read.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub language: Language,
    pub zone: &'a Zone,
    pub now: Time,
}

impl Setting<'_> {
    /// A phrase in the reader's language.
    pub fn text(&self, phrase: Phrase) -> &'static str {
        phrase.text(self.language)
    }
}

/// How wide the bar of everybody is.
const WIDTH: u64 = 1_000;

/// The least width at which a part can be seen.
const LEAST: u64 = 4;

/// A bar of a share of everybody, cut by values. The numbers stand beside it.
pub(super) fn bar(count: u64, values: &[ValueCount], everybody: u64) -> Markup {
    html! {
        svg.bar viewBox={ "0 0 " (WIDTH) " 10" } preserveAspectRatio="none" aria-hidden="true" {
            rect.track width=(WIDTH) height="10" {}
            @for (at, part) in bar_parts(count, values, everybody).iter().enumerate() {
                rect class={ "part part-" (at % 5) } x=(part.start) width=(part.width) height="10" {}
            }
        }
    }
}

/// A stretch of a bar.
#[derive(Debug, PartialEq, Eq)]
struct BarPart {
    start: u64,
    width: u64,
}

/// One stretch for each value; a single one where users may have several values, whose shares
/// do not lie beside one another.
fn bar_parts(count: u64, values: &[ValueCount], everybody: u64) -> Vec<BarPart> {
    let counts: Vec<u64> = values.iter().map(|value| value.count).collect();
    let total = counts.iter().copied().fold(0, u64::saturating_add);
    let counts = if counts.len() > 1 && total <= count {
        counts
    } else {
        vec![count]
    };
    let mut start = 0;
    let mut parts = Vec::with_capacity(counts.len());
    for count in counts {
        let least = if count > 0 { LEAST } else { 0 };
        let share = u128::from(count) * u128::from(WIDTH) / u128::from(everybody.max(1));
        let width = u64::try_from(share)
            .unwrap_or(WIDTH)
            .max(least)
            .min(WIDTH - start);
        parts.push(BarPart { start, width });
        start += width;
    }
    parts
}

/// A number of users and its share.
pub(super) fn share_cells(count: u64, values: &[ValueCount], everybody: u64) -> Markup {
    html! {
        td.number { (grouped(count)) }
        td.share { div { (bar(count, values, everybody)) span { (percent(count, everybody)) } } }
    }
}

/// An instant, as how long ago it was, with the instant itself on demand.
pub(super) fn moment(time: Time, setting: &Setting) -> Markup {
    html! {
        time datetime=(time) title=(instant(time, setting.zone)) {
            (ago(time, setting.now, setting.language))
        }
    }
}

/// An instant as it is.
pub(super) fn exact(time: Time, setting: &Setting) -> Markup {
    html! { time datetime=(time) { (instant(time, setting.zone)) } }
}

/// As of when a result is true.
pub(super) fn as_of(freshness: &Freshness, setting: &Setting) -> Markup {
    match freshness.data_as_of {
        Some(time) => moment(time, setting),
        None => html! { span.quiet { (setting.text(Phrase::NotComputed)) } },
    }
}

/// The text of a rule.
pub(super) fn rule_block(text: &str) -> Markup {
    html! { pre.rule tabindex="0" { code { (highlight::rule(text)) } } }
}

/// The address of a rule's trial.
pub(super) fn rule_address(rule: &str) -> String {
    format!("/rules?rule={}", encoded(rule))
}

/// The address of a tag's page.
pub(super) fn tag_address(key: &str) -> String {
    format!("/tags/{}", encoded(key))
}

/// A link to a user's page.
pub(super) fn user_link(user: &UserKey) -> Markup {
    let key = user.to_string();
    html! { a.key href={ "/users/" (encoded(&key)) } { (key) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(count: u64, values: &[u64], everybody: u64) -> Vec<(u64, u64)> {
        let value = |count: &u64| ValueCount {
            value: "x".into(),
            count: *count,
        };
        let values: Vec<ValueCount> = values.iter().map(value).collect();
        let parts = bar_parts(count, &values, everybody);
        parts
            .into_iter()
            .map(|part| (part.start, part.width))
            .collect()
    }

    #[test]
    fn a_bar_shows_the_values_beside_one_another() {
        assert_eq!(parts(50, &[], 100), [(0, 500)]);
        assert_eq!(
            parts(60, &[20, 0, 40], 100),
            [(0, 200), (200, 0), (200, 400)]
        );
        assert_eq!(parts(60, &[50, 40], 100), [(0, 600)]);
    }

    #[test]
    fn a_bar_shows_the_least_share_and_never_more_than_everybody() {
        assert_eq!(parts(1, &[], 1_000_000), [(0, 4)]);
        assert_eq!(parts(0, &[], 0), [(0, 0)]);
        assert_eq!(parts(9, &[], 3), [(0, 1_000)]);
        assert_eq!(parts(1_000, &[999, 1], 1_000), [(0, 999), (999, 1)]);
    }
}
