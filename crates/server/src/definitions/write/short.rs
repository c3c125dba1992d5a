//! Kinds of tags that are written short.

use domain::{Bounds, Decimal, Lifecycle, Lookalike, Rfm, RfmGroups, Span};

use super::property;
use super::scalar::inline;

pub(super) fn rfm_text(text: &mut String, rfm: &Rfm) {
    text.push_str("rfm:\n");
    property(text, "  recency", &inline(&rfm.recency));
    property(text, "  frequency", &inline(&rfm.frequency));
    property(text, "  monetary", &inline(&rfm.monetary));
    if let Some(window) = &rfm.window {
        property(text, "  window", &duration(window));
    }
    if let Some(bounds) = &rfm.bounds {
        text.push_str("  bounds:\n");
        property(text, "    recency", &bounds_text(&bounds.recency));
        property(text, "    frequency", &bounds_text(&bounds.frequency));
        property(text, "    monetary", &bounds_text(&bounds.monetary));
    }
    if rfm.groups == RfmGroups::Eleven {
        property(text, "  groups", "eleven");
    }
}

/// A duration bare, `7d`; anything else as it has to be.
fn duration(text: &str) -> String {
    match Span::parse(text) {
        Some(_) => text.to_owned(),
        None => inline(text),
    }
}

/// One, or a list of them; small numbers and durations bare.
fn bounds_text(bounds: &Bounds) -> String {
    let bound = |text: &String| {
        let is_number = Decimal::parse(text).is_some_and(|number| number.to_string() == *text);
        let is_bare = is_number && text.len() <= LONGEST_NUMBER;
        if is_bare {
            text.clone()
        } else {
            duration(text)
        }
    };
    let bounds: Vec<String> = bounds.0.iter().map(bound).collect();
    match bounds.as_slice() {
        [one] => one.clone(),
        all => format!("[{}]", all.join(", ")),
    }
}

/// Longer ones are read back as texts, so that no digit is lost.
const LONGEST_NUMBER: usize = 15;

pub(super) fn lifecycle_text(text: &mut String, lifecycle: &Lifecycle) {
    text.push_str("lifecycle:\n");
    property(text, "  active", &inline(&lifecycle.active));
    property(text, "  new", &duration(&lifecycle.new));
    property(text, "  at_risk", &duration(&lifecycle.at_risk));
    property(text, "  lost", &duration(&lifecycle.lost));
    if let Some(returned) = &lifecycle.returned {
        property(text, "  returned", &duration(returned));
    }
}

pub(super) fn lookalike_text(text: &mut String, lookalike: &Lookalike) {
    text.push_str("lookalike:\n");
    property(text, "  seed", &inline(&lookalike.seed));
    if lookalike.features.is_empty() {
        property(text, "  features", "[]");
    } else {
        text.push_str("  features:\n");
    }
    for feature in &lookalike.features {
        text.push_str(&format!("    - {}\n", inline(feature)));
    }
    if let Some(size) = lookalike.size {
        property(text, "  size", &size.to_string());
    }
    if let Some(top) = &lookalike.top {
        property(text, "  top", &inline(top));
    }
    if lookalike.include_seed {
        property(text, "  include_seed", "true");
    }
}
