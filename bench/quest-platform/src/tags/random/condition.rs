//! Conditions over features, and whom of the sample they hold for.

use super::feature::Feature;
use super::sample::Sample;
use crate::cell::Cell;
use crate::dictionary::{COUNTRIES, Dictionary};
use crate::random::Random;

/// A condition: how a rule writes it, and for which users of the sample it holds.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) holds: Vec<bool>,
}

impl Condition {
    /// For how many users of the sample it holds.
    pub(super) fn count(&self) -> usize {
        self.holds.iter().filter(|holds| **holds).count()
    }

    /// The condition that a text writes whose truth follows from that of up to three others.
    pub(super) fn combined(text: String, parts: &[&Self], truth: impl Fn(&[bool]) -> bool) -> Self {
        let users = parts.first().map_or(0, |part| part.holds.len());
        let of_user = |user: usize| {
            let mut truths = [false; 3];
            for (place, part) in truths.iter_mut().zip(parts) {
                *place = part.holds.get(user).copied().unwrap_or(false);
            }
            truth(truths.get(..parts.len()).unwrap_or(&truths))
        };
        Self {
            text,
            holds: (0..users).map(of_user).collect(),
        }
    }

    /// `feature >= threshold`, with the threshold that lets about `wanted` of the users pass for
    /// whom `among` holds; `None` where no threshold above zero comes near.
    pub(super) fn at_least(feature: &Feature, wanted: usize, among: Option<&Self>) -> Option<Self> {
        let is_among = |user: usize| among.is_none_or(|among| among.holds.get(user) == Some(&true));
        let mut values: Vec<i64> = feature
            .values
            .iter()
            .enumerate()
            .filter(|(user, _)| is_among(*user))
            .filter_map(|(_, value)| value.filter(|value| *value > 0))
            .collect();
        values.sort_unstable_by(|a, b| b.cmp(a));
        let threshold = rounded(*values.get(wanted.max(1) - 1)?);
        let condition = Self {
            text: format!(
                "{} >= {}",
                feature.text,
                number_text(threshold, feature.scale)
            ),
            holds: feature
                .values
                .iter()
                .map(|value| value.is_some_and(|value| value >= threshold))
                .collect(),
        };
        let passing = values.iter().filter(|value| **value >= threshold).count();
        (passing > 0 && passing <= wanted * 2 + 2).then_some(condition)
    }

    /// A condition on a text attribute.
    pub(super) fn of_profile(random: &mut Random, sample: &Sample) -> Self {
        let country = |profile: &crate::Profile| profile.country;
        let channel = |profile: &crate::Profile| profile.channel;
        let (path, dictionary, code): (_, _, fn(&crate::Profile) -> u16) = match random.below(3) {
            0 => ("country", Dictionary::Country, country),
            1 => ("channel", Dictionary::Channel, channel),
            _ => ("device", Dictionary::Device, |profile| profile.device),
        };
        let count = match path {
            "country" => COUNTRIES.len().min(12),
            _ => dictionary.texts().len(),
        };
        let one = random.below(count as u64);
        let other = (one + 1 + random.below(count as u64 - 1)) % count as u64;
        let wanted = [one, other].map(|code| code as u16);
        let text = |code: u16| Cell::Text(dictionary.text(code).unwrap_or_default());
        let quoted = wanted.map(|code| {
            let mut json = Vec::new();
            text(code).write_json(&mut json);
            String::from_utf8(json).unwrap_or_default()
        });
        Self {
            text: format!("{path} in ({})", quoted.join(", ")),
            holds: sample
                .profiles
                .iter()
                .map(|profile| wanted.contains(&code(profile)))
                .collect(),
        }
    }
}

/// The number with two leading digits, as people choose thresholds.
fn rounded(number: i64) -> i64 {
    let mut unit = 1;
    while number / unit >= 100 {
        unit *= 10;
    }
    number / unit * unit
}

fn number_text(mantissa: i64, scale: u8) -> String {
    let text = Cell::Number { mantissa, scale }.stored();
    text.map_or_else(String::new, |text| text.as_ref().to_owned())
}
