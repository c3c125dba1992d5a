//! The program: all features of all rules, compiled for one walk over a history.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use domain::{ListKey, TagKey, Time};
use rules::checked::{
    Aggregate, Condition, DerivedEvent, IdentityValue, Measure, Path, Place, Window,
};

use crate::feature::{
    Feature, FeatureSet, asked_inside, attribute_of, has_sequence, recorded_tags, selectors,
};
use crate::history::{Arrivals, Wanted, WantedColumn, WantedForm};
use crate::window::{self, Interval};

/// The members of lists of values, canonical texts.
pub type ValueLists = HashMap<ListKey, Arc<HashSet<Arc<str>>>>;

/// Features compiled for one instant of evaluation.
#[derive(Debug)]
pub struct Program {
    pub(crate) now: Time,
    pub(crate) set: FeatureSet,
    pub(crate) plans: Vec<Plan>,
    /// The changes that are events of some feature.
    pub(crate) derived: Vec<DerivedEvent>,
    /// Filters of aggregates, each once.
    pub(crate) filters: Vec<Condition>,
    /// Windows whose bounds differ from user to user, each once.
    pub(crate) anchored: Vec<Anchored>,
    /// How often a history is walked: once, and once more for each depth of anchored windows.
    pub(crate) walks: usize,
    pub(crate) lists: ValueLists,
    wanted: Wanted,
}

/// How one feature is computed.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all features are aggregates"
)]
#[derive(Debug)]
pub(crate) enum Plan {
    /// The last change of an attribute.
    Attribute { path: Path, place: Place },
    /// Since when a test of an attribute has held.
    HeldSince { test: Condition, path: Path },
    /// A tag at an instant, known after the walk of that number.
    TagAt {
        tag: TagKey,
        at: Measure,
        place: Place,
        walk: usize,
    },
    /// An aggregate, in the walk of that number (from 0).
    Aggregate {
        aggregate: Aggregate,
        walk: usize,
        reach: Reach,
        filter: Option<usize>,
        /// Of a sequence or a gap: the filters of its steps.
        step_filters: Vec<Option<usize>>,
    },
}

/// Which times an aggregate takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reach {
    /// The same for all users.
    Common(Interval),
    /// Those of the anchored window of that number.
    OfUser(usize),
}

/// A window that is resolved for each user.
#[derive(Debug)]
pub(crate) struct Anchored {
    pub(crate) window: Window,
    /// The walk before which it is.
    pub(crate) walk: usize,
}

impl Program {
    /// Compiles the features for an instant. The lists are those that filters name.
    pub fn new(set: FeatureSet, now: Time, lists: ValueLists) -> Self {
        let mut shared = Shared::default();
        let mut plans: Vec<Plan> = Vec::with_capacity(set.features().len());
        for feature in set.features() {
            let plan = match feature {
                Feature::Attribute { path, place } => Plan::Attribute {
                    path: Arc::clone(path),
                    place: *place,
                },
                Feature::HeldSince(test) => Plan::HeldSince {
                    test: test.clone(),
                    path: attribute_of(test).unwrap_or_default(),
                },
                Feature::TagAt { tag, at, place } => Plan::TagAt {
                    tag: tag.clone(),
                    at: at.clone(),
                    place: *place,
                    walk: deepest([at], &set, &plans),
                },
                Feature::Aggregate(aggregate) => {
                    plan_aggregate(aggregate, &set, &plans, now, &mut shared)
                }
            };
            plans.push(plan);
        }
        let walks = plans.iter().map(|plan| plan.walk() + 1).max().unwrap_or(1);
        let derived = derived(&set);
        let wanted = wanted(&set, &derived);
        Self {
            now,
            set,
            plans,
            derived,
            filters: shared.filters,
            anchored: shared.anchored,
            walks,
            lists,
            wanted,
        }
    }

    /// The instant of evaluation.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The features, numbered as the columns of the blocks that the fold gives.
    pub fn features(&self) -> &FeatureSet {
        &self.set
    }

    /// What the fold reads.
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The lists of values that the program knows.
    pub fn lists(&self) -> &ValueLists {
        &self.lists
    }
}

impl Plan {
    pub(crate) fn walk(&self) -> usize {
        match self {
            Self::Attribute { .. } | Self::HeldSince { .. } => 0,
            Self::Aggregate { walk, .. } | Self::TagAt { walk, .. } => *walk,
        }
    }
}

/// What plans have in common.
#[derive(Default)]
struct Shared {
    filters: Vec<Condition>,
    anchored: Vec<Anchored>,
}

impl Shared {
    /// The number of a filter.
    fn filter(&mut self, filter: &Condition) -> usize {
        let known = self.filters.iter().position(|known| known == filter);
        known.unwrap_or_else(|| {
            self.filters.push(filter.clone());
            self.filters.len() - 1
        })
    }

    /// The number of a window that is resolved before a walk.
    fn anchored(&mut self, window: &Window, walk: usize) -> usize {
        let mut all = self.anchored.iter();
        let known = all.position(|known| known.window == *window);
        known.unwrap_or_else(|| {
            let window = window.clone();
            self.anchored.push(Anchored { window, walk });
            self.anchored.len() - 1
        })
    }
}

fn plan_aggregate(
    aggregate: &Aggregate,
    set: &FeatureSet,
    plans: &[Plan],
    now: Time,
    shared: &mut Shared,
) -> Plan {
    let filter = aggregate.filter.as_ref();
    let filter = filter.map(|filter| shared.filter(filter));
    let step_filters = aggregate.steps().iter().map(|step| {
        let filter = step.filter.as_ref()?;
        Some(shared.filter(filter))
    });
    let step_filters = step_filters.collect();
    let window = &aggregate.window;
    let (walk, reach) = if window::is_common(window) {
        let fixed = |measure: &Measure| crate::evaluate::measure(measure, &AtNow(now));
        let interval = window::resolve(window, now, &fixed).visible(now);
        (0, Reach::Common(interval))
    } else {
        let walk = 1 + deepest(window::bounds(window), set, plans);
        (walk, Reach::OfUser(shared.anchored(window, walk)))
    };
    Plan::Aggregate {
        aggregate: aggregate.clone(),
        walk,
        reach,
        filter,
        step_filters,
    }
}

/// The last walk that the anchors of a window have to wait for; anchors on attributes wait for
/// none, but are not distinguished.
fn deepest<'m>(
    of: impl IntoIterator<Item = &'m Measure>,
    set: &FeatureSet,
    plans: &[Plan],
) -> usize {
    let mut anchors = FeatureSet::default();
    of.into_iter().for_each(|bound| anchors.add_measure(bound));
    let walks = anchors
        .features()
        .iter()
        .filter_map(|feature| set.number(feature));
    walks
        .filter_map(|number| plans.get(number))
        .map(Plan::walk)
        .max()
        .unwrap_or(0)
}

/// A scope with nothing but the instant.
struct AtNow(Time);

impl crate::evaluate::Scope for AtNow {
    fn now(&self) -> Time {
        self.0
    }
    fn attribute(&self, _path: &Path, _place: Place) -> Option<domain::Value> {
        None
    }
    fn value_in_list(&self, _list: &ListKey, _text: &str) -> bool {
        false
    }
}

/// The path under which a store gives the source of an event.
pub const SOURCE_PATH: &str = "$source";

/// The path under which a store gives the place of an event in its source's own order: a number,
/// 0 for sources that have none.
pub const POSITION_PATH: &str = "$position";

fn derived(set: &FeatureSet) -> Vec<DerivedEvent> {
    let selectors = set.features().iter().flat_map(selectors);
    let derived: BTreeSet<&DerivedEvent> = selectors.flat_map(|of| &of.derived).collect();
    derived.into_iter().cloned().collect()
}

/// Whether a feature looks at changes and at other events, so that it sees them in one order.
fn mixes(feature: &Feature) -> bool {
    let selectors = selectors(feature);
    selectors.iter().any(|of| !of.derived.is_empty())
        && selectors
            .iter()
            .any(|of| !of.names.is_empty() || !of.prefixes.is_empty())
}

fn wanted(set: &FeatureSet, derived: &[DerivedEvent]) -> Wanted {
    let mut events = BTreeSet::new();
    let mut traits = BTreeSet::new();
    let mut identities = BTreeSet::new();
    for feature in set.features() {
        match feature {
            Feature::Attribute { path, place } if IdentityValue::at(path).is_some() => {
                identities.insert(column(path, *place));
            }
            Feature::Attribute { path, place } => {
                traits.insert(column(path, *place));
            }
            Feature::TagAt { .. } => {}
            Feature::HeldSince(test) => {
                traits.extend(attribute_of(test).map(|path| column(&path, Place::Any)));
            }
            Feature::Aggregate(aggregate) => {
                asked_inside(aggregate, &mut |measure| {
                    events.extend(property_column(measure));
                });
                if has_sequence(aggregate) {
                    events.insert(position_column());
                }
            }
        }
    }
    traits.extend(derived.iter().filter_map(|change| match change {
        DerivedEvent::Changed(path) => Some(column(path, Place::Any)),
        DerivedEvent::Linked(_)
        | DerivedEvent::Unlinked(_)
        | DerivedEvent::Entered(_)
        | DerivedEvent::Left(_) => None,
    }));
    let tags: BTreeSet<&TagKey> = set.features().iter().flat_map(recorded_tags).collect();
    let is_of_identities = |change| {
        matches!(
            change,
            &DerivedEvent::Linked(_) | &DerivedEvent::Unlinked(_)
        )
    };
    Wanted {
        event_columns: events.into_iter().collect(),
        trait_columns: traits.into_iter().collect(),
        memberships: tags.into_iter().cloned().collect(),
        arrivals: if set.features().iter().any(mixes) {
            Arrivals::Always
        } else {
            Arrivals::WhereNeeded
        },
        identity_columns: identities.into_iter().collect(),
        identity_events: derived.iter().any(is_of_identities),
    }
}

/// The column in which the places of events in their sources' own orders lie.
pub(crate) fn position_column() -> WantedColumn {
    column(&Arc::from(POSITION_PATH), Place::Number)
}

/// The column in which a property lies.
pub(crate) fn property_column(measure: &Measure) -> Option<WantedColumn> {
    match measure {
        Measure::Property { path, place } => Some(column(path, *place)),
        Measure::EventSource => Some(column(&Arc::from(SOURCE_PATH), Place::Text)),
        _ => None,
    }
}

/// The column in which a path lies for a place.
pub(crate) fn column(path: &Path, place: Place) -> WantedColumn {
    WantedColumn {
        path: Arc::clone(path),
        form: form(path, place),
    }
}

/// The form in which a path lies for a place.
pub(crate) fn form(path: &str, place: Place) -> WantedForm {
    if place == Place::Number && IdentityValue::at(path).is_none() {
        WantedForm::Numbers
    } else {
        WantedForm::Texts
    }
}
