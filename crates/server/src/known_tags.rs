//! What tags give by the last results: rules that name a tag go on while its own rule has mistakes.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Kind, TagKey};
use rules::TagKind;
use rules::checked::Place;
use tags::TagResults;

/// What the tags of results give.
pub fn kinds(results: &TagResults) -> BTreeMap<TagKey, TagKind> {
    let mut kinds = BTreeMap::new();
    for (slot, _) in results.iter() {
        let kind = kinds
            .entry(slot.tag.clone())
            .or_insert_with(|| kind(results, &slot.tag));
        if let (TagKind::Values(values), Some(value)) = (kind, &slot.value) {
            values.insert(value.clone());
        }
    }
    kinds
}

fn kind(results: &TagResults, tag: &TagKey) -> TagKind {
    let is_layered = results.slots_of(tag).into_iter().flatten();
    if is_layered.take(1).any(|(slot, _)| slot.value.is_some()) {
        return TagKind::Values(BTreeSet::new());
    }
    let Some(values) = results.values(tag) else {
        return TagKind::YesNo;
    };
    let first = values.iter().next();
    TagKind::Metric(match first.map(|(_, value)| value.kind()) {
        Some(Kind::Number) => Place::Number,
        Some(Kind::Text) => Place::Text,
        Some(Kind::Truth) => Place::Truth,
        Some(Kind::Time | Kind::Date) => Place::Moment,
        Some(Kind::Span) => Place::Span,
        Some(Kind::List | Kind::Any) | None => Place::Any,
    })
}
