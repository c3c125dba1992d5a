//! The slots of a program: one for each tag, or for each value of a layered tag.

use std::sync::Arc;

use domain::TagKey;
use rules::checked::Body;

use crate::source::Definition;

/// What one bitmap stands for. Its place in the program's list is the number that user rows use.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagSlot {
    /// The tag.
    pub tag: TagKey,
    /// The value of a layered tag; `None` for all other tags.
    pub value: Option<Arc<str>>,
}

/// The slots of all tags in their order, and where each tag's begin.
pub(crate) fn slots(tags: &[Definition<'_>]) -> (Vec<TagSlot>, Vec<usize>) {
    let mut slots = Vec::with_capacity(tags.len());
    let mut starts = Vec::with_capacity(tags.len());
    for tag in tags {
        starts.push(slots.len());
        for value in values(tag.body) {
            slots.push(TagSlot {
                tag: tag.key.clone(),
                value,
            });
        }
    }
    (slots, starts)
}

/// The values that a tag can have, each once, in the order of its cases.
pub(crate) fn values(body: &Body) -> Vec<Option<Arc<str>>> {
    let Body::Cases {
        cases, otherwise, ..
    } = body
    else {
        return vec![None];
    };
    let mut values: Vec<Option<Arc<str>>> = Vec::with_capacity(cases.len() + 1);
    for value in cases.iter().map(|case| &case.value).chain(otherwise) {
        if !values.iter().flatten().any(|known| known == value) {
            values.push(Some(Arc::clone(value)));
        }
    }
    values
}
