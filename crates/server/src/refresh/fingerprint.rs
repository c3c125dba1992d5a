//! What the members of a tag follow from beside rows and time, in one number: its definition, and those of all that
//! it names.

use std::collections::{BTreeSet, HashMap};

use domain::{ListKey, TableKey, TagKey};
use serde::Serialize;
use xxhash_rust::xxh3::Xxh3;

use crate::engine::Engine;
use crate::rulebook::ReadTag;

/// The number of each tag without mistakes: where it is the same, only rows and time can have made other members.
pub fn fingerprints(engine: &Engine) -> HashMap<TagKey, u64> {
    let mut parts = Parts::of(engine);
    let mut all: HashMap<TagKey, u64> = HashMap::with_capacity(engine.book.tags.len());
    // Each tag comes after those that it names.
    for tag in &engine.book.tags {
        let number = parts.of_tag(tag, &all);
        all.insert(tag.definition.key.clone(), number);
    }
    all
}

/// What tags name, and what all of them assume.
struct Parts<'e> {
    engine: &'e Engine,
    assumed: u64,
    lists: HashMap<ListKey, u64>,
    tables: HashMap<TableKey, u64>,
}

impl<'e> Parts<'e> {
    fn of(engine: &'e Engine) -> Self {
        let mut assumed = Xxh3::new();
        let platform = &engine.platform;
        add(&mut assumed, platform.zone.name());
        add(
            &mut assumed,
            &String::from(platform.config.store.event_retention),
        );
        // The tracking plan decides the types of what is read.
        for event in &engine.definitions.events {
            add_json(&mut assumed, &event.definition);
        }
        let tables = engine.definitions.tables.iter();
        let tables = tables.map(|table| {
            let mut hash = Xxh3::new();
            add_json(&mut hash, &table.definition);
            (table.definition.key.clone(), hash.digest())
        });
        Self {
            engine,
            assumed: assumed.digest(),
            lists: HashMap::new(),
            tables: tables.collect(),
        }
    }

    fn of_tag(&mut self, tag: &ReadTag, known: &HashMap<TagKey, u64>) -> u64 {
        let mut hash = Xxh3::new();
        hash.update(&self.assumed.to_le_bytes());
        hash.update(&tag.hash().to_le_bytes());
        let members = self.engine.book.supplied.get(&tag.definition.key);
        let supplied_at = members.and_then(|members| members.as_of);
        hash.update(&supplied_at.map_or(0, domain::Time::millis).to_le_bytes());
        let (mut open, mut seen) = (Vec::from_iter(tag.rule()), BTreeSet::new());
        while let Some(rule) = open.pop() {
            let names = rule.dependencies();
            for number in names.tags.iter().filter_map(|tag| known.get(tag)) {
                hash.update(&number.to_le_bytes());
            }
            for list in &names.lists {
                hash.update(&self.list(list).to_le_bytes());
            }
            for number in names
                .tables
                .iter()
                .filter_map(|table| self.tables.get(table))
            {
                hash.update(&number.to_le_bytes());
            }
            for audience in &names.audiences {
                let book = &self.engine.book;
                if let (Some(text), Some(rule)) = (
                    book.audience_texts.get(audience),
                    book.audiences.get(audience),
                ) && seen.insert(audience)
                {
                    add(&mut hash, text);
                    open.push(rule);
                }
            }
        }
        hash.digest()
    }

    /// The members of a list, whatever their order.
    fn list(&mut self, list: &ListKey) -> u64 {
        if let Some(known) = self.lists.get(list) {
            return *known;
        }
        let mut hash = Xxh3::new();
        if let Some(users) = self.engine.inputs.user_lists.get(list) {
            users
                .iter()
                .for_each(|user| hash.update(&user.0.to_le_bytes()));
        }
        let mut sum = hash.digest();
        for value in self
            .engine
            .inputs
            .value_lists
            .get(list)
            .into_iter()
            .flat_map(|values| values.iter())
        {
            sum = sum.wrapping_add(xxhash_rust::xxh3::xxh3_64(value.as_bytes()));
        }
        self.lists.insert(list.clone(), sum);
        sum
    }
}

/// Adds a text so that its end can be told.
fn add(hash: &mut Xxh3, text: &str) {
    hash.update(&text.len().to_le_bytes());
    hash.update(text.as_bytes());
}

fn add_json(hash: &mut Xxh3, definition: &impl Serialize) {
    // What cannot be written cannot be stored either.
    add(hash, &serde_json::to_string(definition).unwrap_or_default());
}
