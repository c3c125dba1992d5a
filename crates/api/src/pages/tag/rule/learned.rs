//! What was learned about a lookalike: a table of the parts of each feature with their points.

use domain::{Lookalike, PartRange, Scorecard, ScoredFeature};
use maud::{Markup, html};

use crate::pages::format::{grouped, percent};
use crate::pages::parts::Setting;
use crate::pages::phrase::Phrase;

/// The features that tell most first.
pub(super) fn scorecard(lookalike: &Lookalike, card: &Scorecard, setting: &Setting) -> Markup {
    let mut features: Vec<(&String, &ScoredFeature)> =
        lookalike.features.iter().zip(&card.features).collect();
    features.sort_by(|(_, one), (_, other)| other.information.cmp(&one.information));
    let [seed, others] = [grouped(card.seed), grouped(card.others)];
    html! {
        h3 { (setting.text(Phrase::Learned)) }
        p.quiet { (Phrase::LearnedFrom.with(setting.language, &[&seed, &others])) }
        table {
            thead {
                tr {
                    th scope="col" { (setting.text(Phrase::Feature)) }
                    th.number scope="col" { (setting.text(Phrase::Points)) }
                    th.number scope="col" { (setting.text(Phrase::OfSeed)) }
                    th.number scope="col" { (setting.text(Phrase::OfOthers)) }
                }
            }
            @for (text, feature) in features {
                tbody {
                    tr { th scope="rowgroup" colspan="4" { code { (text) } } }
                    @for part in &feature.parts {
                        tr {
                            td { (range(&part.range, setting)) }
                            td.number { (part.points) }
                            td.number { (percent(part.seed, card.seed)) }
                            td.number { (percent(part.others, card.others)) }
                        }
                    }
                }
            }
        }
    }
}

fn range(range: &PartRange, setting: &Setting) -> String {
    match range {
        PartRange::Holds(true) => setting.text(Phrase::HoldsThere).to_owned(),
        PartRange::Holds(false) => setting.text(Phrase::HoldsNotThere).to_owned(),
        PartRange::Missing => setting.text(Phrase::NoValueThere).to_owned(),
        PartRange::Between(None, None) => "…".to_owned(),
        PartRange::Between(Some(least), None) => format!("≥ {least}"),
        PartRange::Between(None, Some(below)) => format!("< {below}"),
        PartRange::Between(Some(least), Some(below)) => format!("{least} … < {below}"),
        PartRange::OneOf(texts) => texts.join(", "),
        PartRange::NoneOf(_) => setting.text(Phrase::OtherValues).to_owned(),
    }
}
