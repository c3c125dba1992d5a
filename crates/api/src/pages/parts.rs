//! Pieces that several pages share: shares, times, failures, rules, lists of members.

use domain::{Language, LocalizedText, Said, TagStatus, Time, UserKey, Zone};
use maud::{Markup, html};

use super::format::{ago, encoded, grouped, instant, percent};
use super::highlight;
use super::phrase::Phrase;
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

/// How many tones there are for the values of a tag; the style sheet has as many.
const TONES: usize = 5;

/// The tone of the value at that place.
pub(super) fn tone(at: usize) -> usize {
    at % TONES
}

/// A bar of a share of everybody, cut by values. The numbers stand beside it.
pub(super) fn bar(count: u64, values: &[ValueCount], everybody: u64) -> Markup {
    let parts = bar_parts(count, values, everybody);
    svg(parts.into_iter().enumerate())
}

/// A bar of the share of the value at that place, in its tone.
pub(super) fn value_bar(at: usize, count: u64, everybody: u64) -> Markup {
    svg(bar_parts(count, &[], everybody)
        .into_iter()
        .map(|part| (at, part)))
}

fn svg(parts: impl Iterator<Item = (usize, BarPart)>) -> Markup {
    html! {
        svg.bar viewBox={ "0 0 " (WIDTH) " 10" } preserveAspectRatio="none" aria-hidden="true" {
            rect.track width=(WIDTH) height="10" {}
            @for (at, part) in parts {
                rect class={ "part tone-" (tone(at)) } x=(part.start) width=(part.width)
                    height="10" {}
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

/// Whether the values lie beside one another in a bar: not where users may have several.
pub(super) fn can_be_stacked(count: u64, values: &[ValueCount]) -> bool {
    let total = values
        .iter()
        .map(|value| value.count)
        .fold(0, u64::saturating_add);
    values.len() > 1 && total <= count
}

/// One stretch for each value that lies beside the others, or a single one.
fn bar_parts(count: u64, values: &[ValueCount], everybody: u64) -> Vec<BarPart> {
    let counts: Vec<u64> = match can_be_stacked(count, values) {
        true => values.iter().map(|value| value.count).collect(),
        false => vec![count],
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

/// A number of users, and the bar and text of its share.
pub(super) fn share_cells(count: u64, everybody: u64, bar: &Markup) -> Markup {
    html! {
        td.number { (grouped(count)) }
        td.share { div { (bar) span { (percent(count, everybody)) } } }
    }
}

/// The state of a tag, or of a version.
pub(super) fn state_pill(status: TagStatus, setting: &Setting) -> Markup {
    html! {
        span class={ "kind state " (status.name()) } {
            (status.said(setting.language))
        }
    }
}

/// A message whose names in backticks become code.
pub(super) fn in_backticks(message: &str) -> Markup {
    html! {
        @for (at, part) in message.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Why something failed.
pub(super) fn failure(error: &LocalizedText, setting: &Setting) -> Markup {
    let error = error.of(setting.language);
    html! { p.failed { strong { (setting.text(Phrase::Failed)) } " " (in_backticks(error)) } }
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

/// The place of an audience on the page of all.
pub(super) fn audience_address(key: &str) -> String {
    format!("/audiences#{}", encoded(key))
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

    #[test]
    fn names_in_backticks_become_code() {
        let shown = in_backticks("unknown `<b>`: did you mean `b`?").into_string();
        assert_eq!(
            shown,
            "unknown <code>&lt;b&gt;</code>: did you mean <code>b</code>?"
        );
    }
}
