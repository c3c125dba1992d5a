//! What a tag uses, and what uses it.

use maud::{Markup, html};

use super::format::encoded;
use super::parts::{Setting, tag_address};
use super::phrase::Phrase;
use crate::ports::lineage::{Thing, Uses};

/// So many are named; the rest is a number.
const NAMED: usize = 40;

/// The section; nothing where there is nothing to say.
pub(super) fn section(uses: &Uses, setting: &Setting) -> Markup {
    let lists = [
        (Phrase::UsesThese, &uses.uses),
        (Phrase::UsesIndirectly, &uses.uses_indirectly),
        (Phrase::UsedBy, &uses.used_by),
        (Phrase::UsedByIndirectly, &uses.used_by_indirectly),
    ];
    if lists.iter().all(|(_, things)| things.is_empty()) {
        return html! {};
    }
    html! {
        section #lineage {
            h2 { (setting.text(Phrase::Lineage)) }
            dl.facts {
                @for (phrase, things) in lists {
                    @if !things.is_empty() {
                        div { dt { (setting.text(phrase)) } dd { (named(things, setting)) } }
                    }
                }
            }
        }
    }
}

fn named(things: &[Thing], setting: &Setting) -> Markup {
    html! {
        ul.things {
            @for thing in things.iter().take(NAMED) {
                li {
                    span.quiet { (setting.text(kind(thing.kind))) } " "
                    @match thing.kind {
                        "tag" => a.key href=(tag_address(&thing.key)) { (thing.key) },
                        "audience" => a.key href={ "/audiences#" (encoded(&thing.key)) } { (thing.key) },
                        _ => code.key { (thing.key) },
                    }
                }
            }
            @if things.len() > NAMED { li.quiet { "+" (things.len() - NAMED) } }
        }
    }
}

fn kind(name: &str) -> Phrase {
    match name {
        "tag" => Phrase::Tag,
        "audience" => Phrase::AudienceWord,
        "list" => Phrase::ListWord,
        "table" => Phrase::TableWord,
        "event" => Phrase::EventWord,
        "view" => Phrase::ViewWord,
        _ => Phrase::AttributeWord,
    }
}
