//! A program bound to one history block: columns found, steps listed by event name.

mod action;
mod column;
mod listing;

use std::borrow::Cow;
use std::sync::Arc;

use domain::Value;
use rules::checked::{Aggregate, IdentityValue, Measure, Path, Place};

pub(super) use self::column::{BoundColumn, Touch};
use self::listing::Listing;
use super::canonical::Canonical;
use super::cells::{Place as CellPlace, TILE_USERS, initial};
use super::derived::Watch;
use super::filter::Filter;
use super::held::Hold;
use super::step::Action;
use crate::history::{Column, HistoryBlock, WantedColumn, WantedForm};
use crate::identity::IdentityEvent;
use crate::membership::Recorded;
use crate::place::convert;
use crate::program::{Plan, Program, form, position_column, property_column};

/// See the module.
pub(super) struct Bound<'b> {
    pub(super) program: &'b Program,
    pub(super) event_times: &'b [i64],
    pub(super) event_arrivals: &'b [u64],
    pub(super) event_codes: &'b [u32],
    pub(super) name_texts: &'b [Arc<str>],
    pub(super) trait_times: &'b [i64],
    pub(super) trait_arrivals: &'b [u64],
    /// What events do.
    pub(super) listing: Listing<'b>,
    /// By feature: where its cells are.
    pub(super) places: Vec<CellPlace>,
    /// By column of cells: what it holds before the walk.
    pub(super) initial: Vec<i64>,
    /// The most users of a block.
    pub(super) block_users: usize,
    /// By feature: its action, if it is an aggregate.
    pub(super) actions: Vec<Option<Action<'b>>>,
    pub(super) filters: Vec<Filter<'b>>,
    pub(super) touches: Vec<Touch<'b>>,
    /// What the row of identities does, one for each user.
    pub(super) identity_touches: Vec<Touch<'b>>,
    pub(super) identity_users: &'b [u32],
    pub(super) identity_events: &'b [IdentityEvent],
    pub(super) watches: Vec<Watch<'b>>,
    pub(super) memberships: &'b [Recorded],
    pub(super) holds: Vec<Hold<'b>>,
    event_columns: Columns<'b>,
    trait_columns: Columns<'b>,
    identity_columns: Columns<'b>,
    /// The different texts of properties, each in its place.
    canonical: Vec<(&'b Measure, Canonical)>,
    /// By row: the place in the source's own order; nothing where all are 0.
    positions: Cow<'b, [i64]>,
}

/// The columns of a table. They are few: none is found sooner by a hash.
struct Columns<'b>(Vec<(&'b WantedColumn, BoundColumn<'b>)>);

impl<'b> Bound<'b> {
    pub(super) fn new(program: &'b Program, history: &'b HistoryBlock) -> Self {
        let wanted = program.wanted();
        let mut bound = Self {
            program,
            event_times: &history.events.times,
            event_arrivals: &history.events.arrivals,
            event_codes: &history.events.names,
            name_texts: &history.events.name_texts,
            trait_times: &history.traits.times,
            trait_arrivals: &history.traits.arrivals,
            listing: Listing::default(),
            places: Vec::new(),
            initial: Vec::new(),
            block_users: program.block_users().min(history.users.len()),
            actions: Vec::new(),
            filters: Vec::new(),
            touches: Vec::new(),
            identity_touches: Vec::new(),
            identity_users: &history.identities.users,
            identity_events: &history.identity_events,
            watches: Vec::new(),
            memberships: &history.memberships,
            holds: Vec::new(),
            event_columns: Columns::new(&wanted.event_columns, &history.events.columns),
            trait_columns: Columns::new(&wanted.trait_columns, &history.traits.columns),
            identity_columns: Columns::new(&wanted.identity_columns, &history.identities.columns),
            canonical: Vec::new(),
            positions: Cow::default(),
        };
        bound.positions = positions(&bound, history.events.len());
        for (feature, plan) in program.plans.iter().enumerate() {
            let action = match plan {
                Plan::Attribute { path, place } => {
                    let source = bound.attribute_column(path, *place);
                    let source = source.map(|source| source.column);
                    let cells = bound.next_place().first;
                    let touches = match IdentityValue::at(path) {
                        Some(_) => &mut bound.identity_touches,
                        None => &mut bound.touches,
                    };
                    touches.extend(source.map(|source| Touch {
                        feature,
                        cells,
                        source,
                    }));
                    None
                }
                // Known only when the user's other features are; see `Walk::tags_at`.
                Plan::TagAt { .. } => {
                    bound.places.push(bound.next_place());
                    bound.actions.push(None);
                    continue;
                }
                Plan::HeldSince { test, path } => {
                    let hold = Hold::bind(&bound, feature, test, path);
                    bound.places.push(bound.next_place());
                    bound.initial.push(hold.initial());
                    bound.holds.push(hold);
                    bound.actions.push(None);
                    continue;
                }
                Plan::Aggregate { aggregate, .. } => Some(bound.action(aggregate)),
            };
            bound.places.push(bound.next_place());
            bound.initial.extend(initial(action.as_ref()));
            bound.actions.push(action);
        }
        bound.filters = program
            .filters
            .iter()
            .map(|filter| Filter::bind(filter, &bound))
            .collect();
        bound.watches = Watch::all(&bound);
        bound.listing = Listing::new(&bound);
        bound
    }

    pub(super) fn event_column(&self, wanted: &WantedColumn) -> Option<&BoundColumn<'b>> {
        self.event_columns.get(&wanted.path, wanted.form)
    }

    /// The column in which a property lies for a place.
    pub(super) fn property(&self, path: &str, place: Place) -> Option<&BoundColumn<'b>> {
        self.event_columns.get(path, form(path, place))
    }

    pub(super) fn trait_column(&self, wanted: &WantedColumn) -> Option<&BoundColumn<'b>> {
        self.trait_columns.get(&wanted.path, wanted.form)
    }

    /// The column in which an attribute lies, or something about the identities.
    pub(super) fn attribute_column(&self, path: &Path, place: Place) -> Option<&BoundColumn<'b>> {
        let columns = match IdentityValue::at(path) {
            Some(_) => &self.identity_columns,
            None => &self.trait_columns,
        };
        columns.get(path, form(path, place))
    }

    /// The row of a user among the identities.
    pub(super) fn identity_row(&self, user: u32) -> Option<usize> {
        self.identity_users.binary_search(&user).ok()
    }

    /// What was linked to a user and unlinked from it.
    pub(super) fn identity_events_of(&self, user: u32) -> &'b [IdentityEvent] {
        let events = self.identity_events;
        let first = events.partition_point(|event| event.user < user);
        let rest = events.get(first..).unwrap_or_default();
        let count = rest.partition_point(|event| event.user == user);
        rest.get(..count).unwrap_or_default()
    }

    /// The column of events in which the only argument of an aggregate lies.
    pub(super) fn argument(&self, aggregate: &Aggregate) -> Option<&BoundColumn<'b>> {
        match aggregate.arguments.as_slice() {
            [measure @ Measure::Property { .. }] => self.event_column(&property_column(measure)?),
            _ => None,
        }
    }

    /// The same, unless some of the events are changes, which lie in no column.
    pub(super) fn column_argument(&self, aggregate: &Aggregate) -> Option<&BoundColumn<'b>> {
        let argument = self.argument(aggregate);
        argument.filter(|_| aggregate.events.derived.is_empty())
    }

    pub(super) fn aggregate(&self, feature: usize) -> Option<&'b Aggregate> {
        match self.program.plans.get(feature) {
            Some(Plan::Aggregate { aggregate, .. }) => Some(aggregate),
            _ => None,
        }
    }

    /// The code of the canonical text of a code; `None` where it is no text.
    #[inline]
    pub(super) fn canonical_code(&self, canonical: usize, code: u32) -> Option<u32> {
        let (_, canonical) = self.canonical.get(canonical)?;
        canonical.code(code)
    }

    pub(super) fn canonical_len(&self, canonical: usize) -> usize {
        let canonical = self.canonical.get(canonical);
        canonical.map_or(0, |(_, canonical)| canonical.texts.len())
    }

    /// The place of a row in its source's own order.
    #[inline]
    pub(super) fn position(&self, row: usize) -> i64 {
        self.positions.get(row).copied().unwrap_or_default()
    }

    /// Where the cells of the next feature begin.
    pub(super) fn next_place(&self) -> CellPlace {
        let first = self.initial.len() * TILE_USERS;
        CellPlace {
            first,
            second: first + TILE_USERS,
        }
    }
}

fn positions<'b>(bound: &Bound<'b>, rows: usize) -> Cow<'b, [i64]> {
    let Some(source) = bound.event_column(&position_column()) else {
        return Cow::default();
    };
    if let Column::Number {
        scale: 0,
        mantissas,
    } = source.column
    {
        let is_ordered = mantissas.iter().any(|position| *position != 0);
        return Cow::Borrowed(if is_ordered { mantissas } else { &[] });
    }
    let position = |row| match convert(source.value(row)?, Place::Number)? {
        Value::Number(position) => position.to_i64(),
        _ => None,
    };
    (0..rows).map(|row| position(row).unwrap_or(0)).collect()
}

impl<'b> Columns<'b> {
    fn new(wanted: &'b [WantedColumn], columns: &'b [Column]) -> Self {
        Self(
            wanted
                .iter()
                .zip(columns.iter().map(BoundColumn::new))
                .collect(),
        )
    }

    /// The column of a path in a form.
    fn get(&self, path: &str, form: WantedForm) -> Option<&BoundColumn<'b>> {
        let mut columns = self.0.iter();
        let found = columns.find(|(wanted, _)| wanted.form == form && *wanted.path == *path);
        found.map(|(_, column)| column)
    }
}
