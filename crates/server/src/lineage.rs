//! Lineage: what tags and audiences use, and what uses them, directly and by way of others.

mod duplicates;
mod still_used;
mod unused;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::{Language, Said, nearest};
use rules::Dependencies;
use warehouse::QueryReads;

use crate::rulebook::{Meaning, Rulebook};

pub use self::duplicates::{Duplicates, duplicates, hint_at_duplicates};
pub use self::still_used::{Removed, still_used};
pub use self::unused::{Unused, unused_for};

/// What can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A tag.
    Tag,
    /// An audience.
    Audience,
    /// A list.
    List,
    /// A table.
    Table,
    /// An event, or a prefix of events with `*` behind it.
    Event,
    /// An attribute.
    Attribute,
    /// A view that queries read.
    View,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Tag,
        Self::Audience,
        Self::List,
        Self::Table,
        Self::Event,
        Self::Attribute,
        Self::View,
    ];

    /// The word for it in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Audience => "audience",
            Self::List => "list",
            Self::Table => "table",
            Self::Event => "event",
            Self::Attribute => "attribute",
            Self::View => "view",
        }
    }
}

impl Said for Kind {
    fn said(&self, language: Language) -> String {
        let chinese = match self {
            Self::Tag => "标签",
            Self::Audience => "人群",
            Self::List => "名单",
            Self::Table => "表",
            Self::Event => "事件",
            Self::Attribute => "属性",
            Self::View => "视图",
        };
        match language {
            Language::Chinese => chinese.to_owned(),
            Language::English => self.name().to_owned(),
        }
    }
}

/// Something that can be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thing {
    /// What it is.
    pub kind: Kind,
    /// Its key, name or dotted path.
    pub key: String,
}

impl Thing {
    /// The thing of that kind and key.
    pub fn new(kind: Kind, key: impl fmt::Display) -> Self {
        Self {
            kind,
            key: key.to_string(),
        }
    }

    /// The thing in words, its key in backticks.
    #[must_use]
    pub fn in_words(&self, language: Language) -> String {
        format!("{} `{}`", self.kind.said(language), self.key)
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.kind.name(), self.key)
    }
}

/// What one thing uses, and what uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uses {
    /// The thing.
    pub thing: Thing,
    /// What its rule names.
    pub uses: BTreeSet<Thing>,
    /// What that uses in turn, and so on.
    pub uses_by_way: BTreeSet<Thing>,
    /// Whose rules name it.
    pub used_by: BTreeSet<Thing>,
    /// What uses those in turn, and so on: with them, what may change when it does.
    pub used_by_way: BTreeSet<Thing>,
}

type Edges = BTreeMap<Thing, BTreeSet<Thing>>;

/// What uses what.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    uses: Edges,
    used_by: Edges,
}

impl Lineage {
    /// The lineage of all rules without mistakes; what nobody uses is in it, too, as far as it is known by name.
    #[must_use]
    pub fn of(book: &Rulebook) -> Self {
        let mut lineage = Self::default();
        lineage.know_names(book);
        for tag in &book.tags {
            let thing = Thing::new(Kind::Tag, &tag.definition.key);
            let used = match &tag.meaning {
                Meaning::Rule(rule) => used_by_rule(rule.dependencies(), book),
                Meaning::Query(query) => used_by_query(&query.reads),
                Meaning::Supplied(_) => BTreeSet::new(),
            };
            lineage.add(thing, used);
        }
        for (key, rule) in &book.audiences {
            let used = used_by_rule(rule.dependencies(), book);
            lineage.add(Thing::new(Kind::Audience, key), used);
        }
        lineage
    }

    fn know_names(&mut self, book: &Rulebook) {
        let names = &book.vocabulary;
        let events = names.events.keys().map(|key| Thing::new(Kind::Event, key));
        let attributes = names.attributes.iter();
        let attributes = attributes.map(|path| Thing::new(Kind::Attribute, path));
        let lists = names.lists.keys().map(|key| Thing::new(Kind::List, key));
        let tables = names.tables.keys().map(|key| Thing::new(Kind::Table, key));
        for thing in events.chain(attributes).chain(lists).chain(tables) {
            self.used_by.entry(thing).or_default();
        }
    }

    fn add(&mut self, thing: Thing, used: BTreeSet<Thing>) {
        for used in &used {
            let users = self.used_by.entry(used.clone()).or_default();
            users.insert(thing.clone());
        }
        self.used_by.entry(thing.clone()).or_default();
        self.uses.insert(thing, used);
    }

    /// The things of a key, of one kind or of any.
    #[must_use]
    pub fn named(&self, key: &str, kind: Option<Kind>) -> Vec<Thing> {
        let kinds = Kind::ALL.into_iter();
        let kinds = kinds.filter(|known| kind.is_none_or(|kind| kind == *known));
        let things = kinds.map(|kind| Thing::new(kind, key));
        things
            .filter(|thing| self.used_by.contains_key(thing))
            .collect()
    }

    /// The known key that is most like another.
    #[must_use]
    pub fn nearest(&self, key: &str) -> Option<&str> {
        nearest(key, self.used_by.keys().map(|thing| thing.key.as_str()))
    }

    /// What a thing uses, and what uses it.
    #[must_use]
    pub fn uses(&self, thing: &Thing) -> Uses {
        let (uses, uses_by_way) = reached(&self.uses, thing);
        let (used_by, used_by_way) = reached(&self.used_by, thing);
        Uses {
            thing: thing.clone(),
            uses,
            uses_by_way,
            used_by,
            used_by_way,
        }
    }

    /// Whether any rule names it.
    #[must_use]
    pub fn is_used(&self, thing: &Thing) -> bool {
        self.used_by
            .get(thing)
            .is_some_and(|users| !users.is_empty())
    }
}

/// What a rule names.
fn used_by_rule(reads: &Dependencies, book: &Rulebook) -> BTreeSet<Thing> {
    let mut used: BTreeSet<Thing> = BTreeSet::new();
    used.extend(reads.tags.iter().map(|key| Thing::new(Kind::Tag, key)));
    used.extend(
        reads
            .audiences
            .iter()
            .map(|key| Thing::new(Kind::Audience, key)),
    );
    used.extend(reads.lists.iter().map(|key| Thing::new(Kind::List, key)));
    used.extend(reads.tables.iter().map(|key| Thing::new(Kind::Table, key)));
    used.extend(reads.events.keys().map(|key| Thing::new(Kind::Event, key)));
    used.extend(
        reads
            .attributes
            .iter()
            .map(|path| Thing::new(Kind::Attribute, path)),
    );
    for prefix in reads.event_prefixes.keys() {
        used.insert(Thing::new(Kind::Event, format!("{prefix}*")));
        let meant = book.vocabulary.events.keys();
        let meant = meant.filter(|event| event.as_str().starts_with(prefix.as_ref()));
        used.extend(meant.map(|event| Thing::new(Kind::Event, event)));
    }
    used
}

/// The views that a query reads, and of them what it names alone.
fn used_by_query(reads: &QueryReads) -> BTreeSet<Thing> {
    let things = |kind, keys: &BTreeSet<String>| {
        let things = keys.iter().map(|key| Thing::new(kind, key));
        things.collect::<Vec<_>>()
    };
    let used = [
        things(Kind::View, &reads.views),
        things(Kind::Event, &reads.events),
        things(Kind::Attribute, &reads.attributes),
        things(Kind::Tag, &reads.tags),
    ];
    used.into_iter().flatten().collect()
}

/// What is reached from a thing by one step, and what by more.
fn reached(edges: &Edges, from: &Thing) -> (BTreeSet<Thing>, BTreeSet<Thing>) {
    let direct = edges.get(from).cloned().unwrap_or_default();
    let mut seen = direct.clone();
    let mut open: Vec<Thing> = direct.iter().cloned().collect();
    while let Some(thing) = open.pop() {
        for next in edges.get(&thing).into_iter().flatten() {
            if seen.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    let by_way = seen.difference(&direct).filter(|thing| *thing != from);
    let by_way = by_way.cloned().collect();
    (direct, by_way)
}

#[cfg(test)]
mod tests {
    use domain::{AudienceDefinition, TagDefinition, TagKey};
    use rules::{CheckOptions, Vocabulary};

    use super::*;

    fn tag(key: &str, rule: &str) -> TagDefinition {
        serde_json::from_value(serde_json::json!({"key": key, "rule": rule})).unwrap()
    }

    fn book() -> Rulebook {
        let tags = [
            tag("whale", "count(swap where usd > 5 and chain = \"bsc\") > 3"),
            tag(
                "whale_too",
                "count(swap where chain = \"bsc\" and usd > 5) > 3",
            ),
            tag("vip", "tag(whale) and country = \"SG\""),
            tag("rich", "in audience(called) or count(swap_*) > 9"),
        ];
        let audience: AudienceDefinition =
            serde_json::from_value(serde_json::json!({"key": "called", "rule": "tag(vip)"}))
                .unwrap();
        let mut vocabulary = Vocabulary::default();
        for event in ["swap", "swap_back"] {
            vocabulary
                .events
                .insert(domain::EventName::new(event), Default::default());
        }
        vocabulary.attributes.insert("country".into());
        let queries = crate::sql_tags::WithoutQueries;
        Rulebook::read(
            &tags,
            &[audience],
            vocabulary,
            &CheckOptions::default(),
            &queries,
        )
    }

    fn keys(things: &BTreeSet<Thing>) -> Vec<String> {
        things.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn uses_are_found_directly_and_by_way_of_others() {
        let lineage = Lineage::of(&book());
        let of = |kind, key: &str| lineage.uses(&Thing::new(kind, key));
        let whale = of(Kind::Tag, "whale");
        assert_eq!(keys(&whale.uses), ["event swap"]);
        assert_eq!(keys(&whale.used_by), ["tag vip"]);
        assert_eq!(keys(&whale.used_by_way), ["tag rich", "audience called"]);
        let rich = of(Kind::Tag, "rich");
        assert_eq!(
            keys(&rich.uses),
            ["audience called", "event swap_*", "event swap_back"]
        );
        assert_eq!(
            keys(&rich.uses_by_way),
            ["tag vip", "tag whale", "event swap", "attribute country"]
        );
        let back = of(Kind::Event, "swap_back");
        assert_eq!(keys(&back.used_by), ["tag rich"]);
        assert!(!lineage.is_used(&Thing::new(Kind::Tag, "rich")));
        assert_eq!(
            lineage.named("country", None),
            [Thing::new(Kind::Attribute, "country")]
        );
        assert_eq!(lineage.nearest("countri"), Some("country"));
    }

    #[test]
    fn tags_that_mean_the_same_are_duplicates() {
        let found = duplicates(&book());
        let key = |key: &str| TagKey::new(key).unwrap();
        assert_eq!(found.groups(), [vec![key("whale"), key("whale_too")]]);
    }
}
