//! The rule of a tag as it is written, and the cases that a kind written short stands for.

mod learned;

use std::collections::BTreeMap;

use domain::{Case, Keep, LocalizedText, Supplier, TagBody, TagDefinition};
use maud::{Markup, html};
use rules::expanded;

use self::learned::scorecard;
use crate::pages::format::named;
use crate::pages::parts::{Setting, rule_address, rule_block};
use crate::pages::phrase::Phrase;

/// The rule; `written` is the body of the definition as files write it.
pub(super) fn rule(definition: &TagDefinition, written: Option<&str>, setting: &Setting) -> Markup {
    html! {
        section {
            h2 { (setting.text(Phrase::Rule)) }
            @match &definition.body {
                TagBody::Rule(text) => {
                    (rule_block(text))
                    p.more { a href=(rule_address(text)) { (setting.text(Phrase::TryThisRule)) " →" } }
                },
                TagBody::Value(text) => (rule_block(text)),
                TagBody::Cases { cases, otherwise, keep } => {
                    @if *keep == Keep::All { p.quiet { (setting.text(Phrase::KeepsAll)) } }
                    (layers(cases, otherwise.as_deref(), setting))
                },
                TagBody::Sql(text) => pre.rule tabindex="0" { code { (text) } },
                TagBody::Supplied(supplied) => p { (setting.text(phrase_of(supplied.by))) },
                TagBody::Rfm(_) | TagBody::Lifecycle(_) | TagBody::Lookalike(_) => {
                    @if let Some(written) = written {
                        pre.rule tabindex="0" { code { (written) } }
                    }
                    (short_for(&definition.body, setting))
                },
            }
        }
    }
}

/// How people supply a tag.
fn phrase_of(by: Supplier) -> Phrase {
    match by {
        Supplier::Import => Phrase::Imported,
        Supplier::Hand => Phrase::SetByHand,
    }
}

/// The cases that a body written short stands for.
fn short_for(body: &TagBody, setting: &Setting) -> Markup {
    if let TagBody::Lookalike(lookalike) = body {
        return match &lookalike.learned {
            Some(card) => scorecard(lookalike, card, setting),
            None => html! { p.quiet { (setting.text(Phrase::NothingLearned)) } },
        };
    }
    let expanded = expanded(body);
    html! {
        @if let Some(TagBody::Cases { cases, otherwise, .. }) = expanded.as_deref() {
            details {
                summary { (setting.text(Phrase::ShortFor)) }
                (layers(cases, otherwise.as_deref(), setting))
            }
        }
    }
}

fn layers(cases: &[Case], otherwise: Option<&str>, setting: &Setting) -> Markup {
    html! {
        dl.cases {
            @for case in cases {
                dt { (called(&case.name, &case.value, setting)) }
                dd { (rule_block(&case.rule)) }
            }
            @if let Some(otherwise) = otherwise {
                dt { (otherwise) }
                dd.quiet { (setting.text(Phrase::Otherwise)) }
            }
        }
    }
}

/// What the values of a tag are called.
pub(in crate::pages) fn names_of_values(
    definition: &TagDefinition,
) -> BTreeMap<String, LocalizedText> {
    match expanded(&definition.body).as_deref() {
        Some(TagBody::Cases { cases, .. }) => {
            let named = cases.iter().filter(|case| !case.name.is_empty());
            named
                .map(|case| (case.value.clone(), case.name.clone()))
                .collect()
        }
        _ => BTreeMap::new(),
    }
}

/// A value by its name, with the value itself behind it.
pub(super) fn value_name(
    names: &BTreeMap<String, LocalizedText>,
    value: &str,
    setting: &Setting,
) -> Markup {
    match names.get(value) {
        Some(name) => called(name, value, setting),
        None => html! { (value) },
    }
}

fn called(name: &LocalizedText, value: &str, setting: &Setting) -> Markup {
    let name = named(name, value, setting.language);
    html! {
        (name)
        @if name != value { " " small.key { (value) } }
    }
}
