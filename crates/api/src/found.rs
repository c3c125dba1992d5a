//! Finds tags by what people remember of them.

use domain::TagStatus;

use crate::ports::TagOverview;

/// Words that must all occur in a tag, and perhaps its category.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    words: Vec<String>,
    category: Option<String>,
    state: Option<TagStatus>,
}

impl Search {
    /// The words of a text, in any case of letters.
    pub fn new(text: Option<&str>, category: Option<&str>) -> Self {
        let words = text.unwrap_or_default().split_whitespace();
        Self {
            words: words.map(str::to_lowercase).collect(),
            category: category.map(str::to_owned),
            state: None,
        }
    }

    /// Only tags in that state; without one all that are not archived.
    pub fn in_state(self, state: Option<TagStatus>) -> Self {
        Self { state, ..self }
    }

    /// The tags that are meant, in their order.
    pub fn among<'a>(&'a self, tags: &'a [TagOverview]) -> impl Iterator<Item = &'a TagOverview> {
        tags.iter().filter(|tag| self.finds(tag))
    }

    fn finds(&self, tag: &TagOverview) -> bool {
        let state = tag.definition.state();
        let is_state = match self.state {
            Some(wanted) => state == wanted,
            None => state != TagStatus::Archived,
        };
        let mut category = self.category.iter();
        if !is_state || category.any(|category| *category != tag.definition.category) {
            return false;
        }
        let text = searched_text(tag);
        self.words.iter().all(|word| text.contains(word))
    }
}

/// What the words of a search are looked for in, in small letters.
pub(crate) fn searched_text(tag: &TagOverview) -> String {
    let definition = &tag.definition;
    let mut parts = vec![
        definition.key.as_str(),
        &definition.name.zh,
        &definition.name.en,
        &definition.description.zh,
        &definition.description.en,
        &definition.category,
    ];
    parts.extend(tag.values.iter().map(|value| value.value.as_str()));
    parts.retain(|part| !part.is_empty());
    parts.dedup();
    parts.join(" ").to_lowercase()
}
