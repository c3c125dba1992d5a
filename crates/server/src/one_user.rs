//! One user at one instant: the engine's own fold over that user's history, asked value by value.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use domain::{AudienceKey, ListKey, TagKey, Time, UserNumber, Value};
use features::evaluate::{self, Scope};
use features::feature::{Feature, leaf};
use features::place::convert;
use features::{FeatureBlock, FeatureSet, Program};
use rules::CheckedRule;
use rules::checked::{Aggregate, Body, Measure, Path, Place};
use tags::ports::{Histories, Selection};

use crate::engine::Engine;

/// A user's features at an instant, and the tags that follow from them.
pub struct OneUser<'e> {
    engine: &'e Engine,
    number: UserNumber,
    program: Program,
    block: FeatureBlock,
    rules: BTreeMap<TagKey, CheckedRule>,
    /// Tags that are snapshots of an earlier instant.
    snapshots: BTreeMap<TagKey, bool>,
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
    /// Folds the user's history for some rules and all tags that they need.
    ///
    /// # Errors
    /// A tag that is needed has mistakes; the store's.
    pub fn new(
        engine: &'e Engine,
        number: UserNumber,
        rules_asked: &[CheckedRule],
        now: Time,
    ) -> Result<Self> {
        let needed: Vec<TagKey> = rules_asked
            .iter()
            .flat_map(|rule| engine.needs(rule))
            .collect();
        let mut set = FeatureSet::default();
        let mut rules = BTreeMap::new();
        let mut snapshots = BTreeMap::new();
        for rule in rules_asked {
            add_body(&mut set, rule.body());
        }
        for audience in engine.book.audiences.values() {
            add_body(&mut set, audience.body());
        }
        for source in engine.sources_of(&needed)? {
            match source.as_of.filter(|at| *at < now) {
                Some(at) => {
                    let there = Self::new(engine, number, std::slice::from_ref(&source.rule), at)?;
                    snapshots.insert(source.key, there.gives(&source.rule).has());
                }
                None => {
                    add_body(&mut set, source.rule.body());
                    rules.insert(source.key, source.rule);
                }
            }
        }
        let program = Program::new(set, now, engine.inputs.value_lists.clone());
        let histories: &dyn Histories = &engine.platform.store;
        let selection = Selection::List(vec![number.0]);
        let history = histories
            .read(&selection, program.wanted(), now)
            .map_err(|error| anyhow!(error))
            .context("the user's history cannot be read")?;
        let mut found = None;
        program.fold(&history, &mut |block| found = Some(block));
        Ok(Self {
            engine,
            number,
            program,
            block: found.unwrap_or_default(),
            rules,
            snapshots,
        })
    }

    /// Whether anything is known of the user at the instant.
    pub fn is_known(&self) -> bool {
        self.block.known.first().is_some_and(|word| word & 1 == 1)
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

    fn feature(&self, feature: &Feature) -> Option<Value> {
        let number = self.program.features().number(feature)?;
        self.block.columns.get(number)?.value(0)
    }
}

fn add_body(set: &mut FeatureSet, body: &Body) {
    match body {
        Body::Condition(condition) => set.add_condition(condition),
        Body::Measure(measure) => set.add_measure(measure),
        Body::Cases { cases, .. } => cases.iter().for_each(|case| set.add_condition(&case.when)),
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

    fn tag_value(&self, tag: &TagKey, place: Place) -> Option<Value> {
        let value = match self.gives(self.rules.get(tag)?) {
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
        match self.snapshots.get(tag) {
            Some(has) => *has,
            None => self
                .rules
                .get(tag)
                .is_some_and(|rule| self.gives(rule).has()),
        }
    }

    fn in_audience(&self, audience: &AudienceKey) -> bool {
        self.engine
            .book
            .audiences
            .get(audience)
            .is_some_and(|rule| self.gives(rule).has())
    }

    fn user_in_list(&self, list: &ListKey) -> bool {
        self.engine
            .inputs
            .user_lists
            .get(list)
            .is_some_and(|users| users.contains(self.number))
    }

    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.engine
            .inputs
            .value_lists
            .get(list)
            .is_some_and(|texts| texts.contains(text))
    }
}
