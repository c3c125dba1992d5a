//! The slots of a program: one for each tag, or for each value of a layered tag.

use std::sync::Arc;

use domain::{Keep, TagKey};
use rules::checked::Body;

use crate::given::GivenTag;
use crate::source::Definition;

/// What one bitmap stands for. Its place in the program's list is the number that user rows use.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagSlot {
    /// The tag.
    pub tag: TagKey,
    /// The value of a layered tag; `None` for all other tags.
    pub value: Option<Arc<str>>,
}

/// The form of a tag's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Yes or no.
    Plain,
    /// These values, each once, in the order of its slots.
    Layered { keep: Keep, values: Vec<Arc<str>> },
    /// A value of its own for each user.
    Metric,
}

impl Form {
    /// The form of a tag that is computed; values in the order of its cases.
    pub fn of_body(body: &Body) -> Self {
        let (cases, otherwise, keep) = match body {
            Body::Condition(_) => return Self::Plain,
            Body::Measure(_) => return Self::Metric,
            Body::Cases {
                cases,
                otherwise,
                keep,
            } => (cases, otherwise, *keep),
        };
        let mut values: Vec<Arc<str>> = Vec::with_capacity(cases.len() + 1);
        for value in cases.iter().map(|case| &case.value).chain(otherwise) {
            if !values.contains(value) {
                values.push(Arc::clone(value));
            }
        }
        Self::Layered { keep, values }
    }

    /// The form of a tag that is given.
    pub fn of_given(members: &GivenTag) -> Self {
        match members {
            GivenTag::Flag(_) => Self::Plain,
            GivenTag::Metric { .. } => Self::Metric,
            GivenTag::Layers { keep, values } => Self::Layered {
                keep: *keep,
                values: values.iter().map(|(value, _)| Arc::clone(value)).collect(),
            },
        }
    }

    /// The values of the tag's slots: none where it has one slot for all. A layered tag that has no value yet has a
    /// slot, too, so that results know that nobody has it.
    pub fn values(self) -> Vec<Option<Arc<str>>> {
        match self {
            Self::Layered { values, .. } if !values.is_empty() => {
                values.into_iter().map(Some).collect()
            }
            Self::Layered { .. } | Self::Plain | Self::Metric => vec![None],
        }
    }
}

/// The slots of all tags in their order, and where each tag's begin.
pub(crate) fn slots(tags: &[Definition<'_>]) -> (Vec<TagSlot>, Vec<usize>) {
    let mut slots = Vec::with_capacity(tags.len());
    let mut starts = Vec::with_capacity(tags.len());
    for tag in tags {
        starts.push(slots.len());
        for value in tag.form().values() {
            slots.push(TagSlot {
                tag: tag.key.clone(),
                value,
            });
        }
    }
    (slots, starts)
}
