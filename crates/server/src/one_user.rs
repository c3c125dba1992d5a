//! One user at one instant: the engine's own fold over that user's history, asked value by value.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use domain::{AudienceKey, ListKey, TagKey, Time, UserNumber, UserSet, Value};
use features::evaluate::{self, Scope};
use features::feature::{Feature, leaf};
use features::membership::Members;
use features::place::{convert, elements};
use features::{Evidence, FeatureSet, Program, WatchedUser};
use rules::checked::{Aggregate, Body, Condition, Measure, Path, Place, Population};
use rules::{CheckedRule, Parts};
use tags::ports::Selection;
use tags::{Config, GivenTag, Origin, Populations};

use crate::display;
use crate::situation::Situation;

/// A user's features at an instant, and the tags that follow from them.
pub struct OneUser<'e> {
    situation: &'e Situation<'e>,
    number: UserNumber,
    program: Program,
    watched: WatchedUser,
    tags: BTreeMap<TagKey, Origin>,
    /// The user at the instants of tags that are snapshots of an earlier one.
    snapshots: BTreeMap<TagKey, Self>,
    /// What is known among all users.
    populations: Populations,
}

/// What is asked of a user.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The rule.
    pub rule: &'a CheckedRule,
    /// Its parts, if they are asked for, too.
    pub parts: Option<&'a Parts>,
}

/// What a rule gives a user.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Yes or no.
    Truth(bool),
    /// The values of a layered tag; none where no case holds.
    Layers(Vec<String>),
    /// A value, or none.
    Value(Option<Value>),
}

impl Given {
    /// What a given tag gives a user; without one, what it gives nobody.
    pub fn of(tag: &GivenTag, user: Option<UserNumber>) -> Self {
        let value = user.and_then(|user| tag.value(user));
        match tag {
            GivenTag::Flag(_) => Self::Truth(value.is_some()),
            GivenTag::Layers { .. } => {
                let values = value.iter().flat_map(elements);
                Self::Layers(values.map(display::value).collect())
            }
            GivenTag::Metric { .. } => Self::Value(value),
        }
    }

    /// Whether the user has the tag.
    pub fn has(&self) -> bool {
        match self {
            Self::Truth(truth) => *truth,
            Self::Layers(values) => !values.is_empty(),
            Self::Value(value) => value.is_some(),
        }
    }
}

impl<'e> OneUser<'e> {
    /// Folds the user's history for a rule and all tags that it needs.
    ///
    /// # Errors
    /// A tag that is needed has mistakes; the store's.
    pub fn new(
        situation: &'e Situation<'e>,
        number: UserNumber,
        Asked { rule, parts }: Asked<'_>,
        now: Time,
    ) -> Result<Self> {
        let mut set = FeatureSet::default();
        let mut tags = BTreeMap::new();
        let mut snapshots = BTreeMap::new();
        add_body(&mut set, rule.body());
        for measure in parts.iter().flat_map(|parts| parts.measures()) {
            set.add_measure(measure);
        }
        for audience in situation.book.audiences.values() {
            add_body(&mut set, audience.body());
        }
        let sources = situation.sources_of(&situation.book.needs(rule))?;
        let (histories, inputs, config) =
            (situation.histories, situation.inputs, Config::default());
        let populations = tags::among_all(histories, (rule, &sources), now, inputs, &config)?;
        for source in sources {
            if let Origin::Rule { rule, as_of } = &source.origin {
                match as_of.filter(|at| *at < now) {
                    Some(at) => {
                        let asked = Asked { rule, parts: None };
                        let there = Self::new(situation, number, asked, at)?;
                        snapshots.insert(source.key.clone(), there);
                    }
                    None => add_body(&mut set, rule.body()),
                }
            }
            tags.insert(source.key, source.origin);
        }
        let program = Program::new(set, now, situation.inputs.value_lists.clone());
        let selection = Selection::List(vec![number.0]);
        let mut history = situation
            .histories
            .read(&selection, program.wanted(), now)
            .map_err(|error| anyhow!(error))
            .context("the user's history cannot be read")?;
        // What a run of this instant would record belongs to what is recorded.
        let needs = situation.book.needs(rule);
        let recorded = program.wanted().memberships.iter();
        for tag in recorded.filter(|tag| needs.contains(tag)) {
            let found = found(situation, number, tag, now)?;
            history.record(tag, now, &found);
        }
        let watched = program.fold_keeping(&history);
        Ok(Self {
            situation,
            number,
            program,
            watched,
            tags,
            snapshots,
            populations,
        })
    }

    /// The user's number.
    pub fn number(&self) -> UserNumber {
        self.number
    }

    /// The user as another tag sees it: at that tag's own instant, if it has one.
    pub fn of_tag(&self, tag: &TagKey) -> &Self {
        self.snapshots.get(tag).unwrap_or(self)
    }

    /// What a feature was measured from.
    pub fn evidence(&self, feature: &Feature) -> Option<&Evidence> {
        self.watched
            .evidence
            .get(self.program.features().number(feature)?)
    }

    /// Whether anything is known of the user at the instant.
    pub fn is_known(&self) -> bool {
        self.watched.is_known
    }

    /// What a rule gives the user.
    pub fn gives(&self, rule: &CheckedRule) -> Given {
        match rule.body() {
            Body::Condition(condition) => {
                Given::Truth(self.is_known() && evaluate::condition(condition, self))
            }
            Body::Measure(measure) => {
                Given::Value(evaluate::measure(measure, self).filter(|_| self.is_known()))
            }
            Body::Cases {
                cases,
                otherwise,
                keep,
            } => {
                let held = cases
                    .iter()
                    .filter(|case| evaluate::condition(&case.when, self));
                let mut values: Vec<String> = held.map(|case| case.value.to_string()).collect();
                if *keep == domain::Keep::First {
                    values.truncate(1);
                }
                if values.is_empty() {
                    values.extend(otherwise.iter().map(ToString::to_string));
                }
                Given::Layers(if self.is_known() { values } else { Vec::new() })
            }
        }
    }

    /// What a tag that was asked for gives the user.
    fn tag_gives(&self, tag: &TagKey) -> Option<Given> {
        Some(match self.tags.get(tag)? {
            Origin::Rule { rule, .. } => self.of_tag(tag).gives(rule),
            Origin::Given(given) => Given::of(given, Some(self.number).filter(|_| self.is_known())),
        })
    }

    fn feature(&self, feature: &Feature) -> Option<Value> {
        let number = self.program.features().number(feature)?;
        self.watched.block.columns.get(number)?.value(0)
    }
}

/// What a run at an instant finds of a tag and a user.
fn found(
    situation: &Situation<'_>,
    number: UserNumber,
    tag: &TagKey,
    now: Time,
) -> Result<Members> {
    let sources = situation.sources_of(std::slice::from_ref(tag))?;
    let Some(source) = sources.into_iter().find(|source| source.key == *tag) else {
        return Ok(Vec::new());
    };
    let given = match &source.origin {
        Origin::Rule { rule, as_of } => {
            let instant = as_of.map_or(now, |at| at.min(now));
            let asked = Asked { rule, parts: None };
            OneUser::new(situation, number, asked, instant)?.gives(rule)
        }
        Origin::Given(given) => Given::of(given, Some(number)),
    };
    let values: Vec<Option<Arc<str>>> = match given {
        Given::Layers(values) => values.into_iter().map(|value| Some(value.into())).collect(),
        given if given.has() => vec![None],
        _ => Vec::new(),
    };
    let user: Arc<UserSet> = Arc::new(std::iter::once(number).collect());
    let found = values.into_iter().map(|value| (value, Arc::clone(&user)));
    Ok(found.collect())
}

/// Adds what a rule measures; also of what it asks among all users, for explanation.
fn add_body(set: &mut FeatureSet, body: &Body) {
    match body {
        Body::Condition(condition) => set.add_condition(condition),
        Body::Measure(measure) => set.add_measure(measure),
        Body::Cases { cases, .. } => cases.iter().for_each(|case| set.add_condition(&case.when)),
    }
    for population in features::population::asked_by(body) {
        for measure in population.measures() {
            set.add_measure(measure);
        }
        if let Some(condition) = population.condition() {
            set.add_condition(condition);
        }
    }
}

impl Scope for OneUser<'_> {
    fn now(&self) -> Time {
        self.program.now()
    }

    fn attribute(&self, path: &Path, place: Place) -> Option<Value> {
        self.feature(&leaf(&Measure::Attribute {
            path: path.clone(),
            place,
        })?)
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Option<Value> {
        self.feature(&Feature::Aggregate(aggregate.clone()))
    }

    fn population(&self, population: &Population) -> Option<Value> {
        self.populations.value(population, self.number)
    }

    fn tag_at(&self, tag: &TagKey, at: &Measure, place: Place) -> Option<Value> {
        self.feature(&Feature::TagAt {
            tag: tag.clone(),
            at: at.clone(),
            place,
        })
    }

    fn held_since(&self, test: &Condition) -> Option<Value> {
        self.feature(&Feature::HeldSince(test.clone()))
    }

    fn tag_value(&self, tag: &TagKey, place: Place) -> Option<Value> {
        let value = match self.tag_gives(tag)? {
            Given::Truth(_) => return None,
            Given::Value(value) => value?,
            Given::Layers(values) => match values.as_slice() {
                [] => return None,
                [one] => Value::text(one),
                several => Value::List(several.iter().map(|value| Value::text(value)).collect()),
            },
        };
        convert(value, place)
    }

    fn has_tag(&self, tag: &TagKey) -> bool {
        self.tag_gives(tag).is_some_and(|given| given.has())
    }

    fn in_audience(&self, audience: &AudienceKey) -> bool {
        self.situation
            .book
            .audiences
            .get(audience)
            .is_some_and(|rule| self.gives(rule).has())
    }

    fn user_in_list(&self, list: &ListKey) -> bool {
        self.situation
            .inputs
            .user_lists
            .get(list)
            .is_some_and(|users| users.contains(self.number))
    }

    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.situation
            .inputs
            .value_lists
            .get(list)
            .is_some_and(|texts| texts.contains(text))
    }
}
