//! A program bound to one history block: columns found, steps listed by event name.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use domain::{EventName, Stored, Value, stored};
use rules::checked::{Aggregate, AggregateFunction, IdentityValue, Measure, Path, Place};

use super::canonical::Canonical;
use super::cells::{Cells, Place as CellPlace, TILE_USERS, initial};
use super::derived::Watch;
use super::filter::Filter;
use super::held::Hold;
use super::step::{Action, Step, StepGroup};
use crate::history::{
    Column, HistoryBlock, MISSING, MISSING_WIDE, NO_CODE, UNTOUCHED, UNTOUCHED_WIDE, WantedColumn,
};
use crate::identity::IdentityEvent;
use crate::membership::Recorded;
use crate::place::convert;
use crate::program::{Plan, Program, Reach, column, position_column, property_column};
use crate::window::Interval;

/// See the module.
pub(super) struct Bound<'b> {
    pub(super) program: &'b Program,
    pub(super) event_times: &'b [i64],
    pub(super) event_arrivals: &'b [u64],
    pub(super) event_codes: &'b [u32],
    pub(super) name_texts: &'b [Arc<str>],
    pub(super) trait_times: &'b [i64],
    pub(super) trait_arrivals: &'b [u64],
    /// By walk and by event-name code: what an event of that name does. The codes of changes come
    /// behind those of the table.
    pub(super) walks: Vec<Vec<Vec<StepGroup<'b>>>>,
    /// By feature: where its cells are.
    pub(super) places: Vec<CellPlace>,
    /// By column of cells: what it holds before the walk.
    pub(super) initial: Vec<i64>,
    /// The most users of a block.
    pub(super) block_users: usize,
    /// By walk: the features whose windows are resolved for each user before it.
    pub(super) anchored: Vec<Vec<usize>>,
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
    event_columns: HashMap<WantedColumn, BoundColumn<'b>>,
    trait_columns: HashMap<WantedColumn, BoundColumn<'b>>,
    identity_columns: HashMap<WantedColumn, BoundColumn<'b>>,
    canonical: Vec<Canonical>,
    /// By row: the place in the source's own order; nothing where all are 0.
    positions: Cow<'b, [i64]>,
}

/// A column of the history, with its texts decoded when they are first asked for.
pub(super) struct BoundColumn<'b> {
    pub(super) column: &'b Column,
    decoded: OnceCell<Vec<Option<Value>>>,
    texts: OnceCell<Canonical>,
}

/// What an attribute change does to an attribute's feature.
pub(super) struct Touch<'b> {
    pub(super) feature: usize,
    cells: usize,
    source: &'b Column,
}

impl Touch<'_> {
    /// Keeps the mantissa, the code, or, of wide numbers, the row; whether there is one.
    pub(super) fn apply(&self, cells: &mut Cells, user: usize, row: usize) -> bool {
        let kept = match self.source {
            Column::Number { mantissas, .. } => mantissas
                .get(row)
                .copied()
                .filter(|mantissa| *mantissa != UNTOUCHED),
            Column::WideNumber { mantissas, .. } => mantissas
                .get(row)
                .filter(|mantissa| **mantissa != UNTOUCHED_WIDE)
                .map(|_| row as i64),
            Column::Text { codes, .. } => codes
                .get(row)
                .filter(|code| **code != NO_CODE)
                .map(|code| i64::from(*code)),
        };
        if let Some(kept) = kept {
            *cells.cell(self.cells, user) = kept;
        }
        kept.is_some()
    }
}

impl<'b> BoundColumn<'b> {
    fn new(column: &'b Column) -> Self {
        Self {
            column,
            decoded: OnceCell::new(),
            texts: OnceCell::new(),
        }
    }

    /// The value that a row has there, as it is stored.
    pub(super) fn value(&self, row: usize) -> Option<Value> {
        match self.column {
            Column::Number { scale, mantissas } => {
                let mantissa = *mantissas.get(row)?;
                (mantissa > UNTOUCHED && mantissa != MISSING)
                    .then(|| number(i128::from(mantissa), *scale))
            }
            Column::WideNumber { scale, mantissas } => {
                let mantissa = *mantissas.get(row)?;
                (mantissa > UNTOUCHED_WIDE && mantissa != MISSING_WIDE)
                    .then(|| number(mantissa, *scale))
            }
            Column::Text { codes, .. } => self.decoded().get(*codes.get(row)? as usize)?.clone(),
        }
    }

    /// The canonical text that a row has in a text column; none where it is a list.
    pub(super) fn text(&self, row: usize) -> Option<&Value> {
        let Column::Text { codes, .. } = self.column else {
            return None;
        };
        let texts = self.texts();
        texts.texts.get(texts.code(*codes.get(row)?)? as usize)
    }

    /// The different canonical texts of a text column.
    pub(super) fn texts(&self) -> &Canonical {
        self.texts
            .get_or_init(|| Canonical::new(self.decoded(), Place::Text))
    }

    /// The values that the codes of a text column stand for.
    pub(super) fn decoded(&self) -> &[Option<Value>] {
        self.decoded.get_or_init(|| match self.column {
            Column::Text { texts, .. } => texts.iter().map(decode).collect(),
            _ => Vec::new(),
        })
    }
}

fn number(mantissa: i128, scale: u8) -> Value {
    Value::Number(domain::Decimal::from_mantissa(mantissa, scale))
}

fn decode(text: &Arc<str>) -> Option<Value> {
    match stored::decode(text) {
        Stored::Value(value) => Some(value),
        // It is set, which is all that a rule can ask of an object itself.
        Stored::ObjectMarker => Some(Value::Object(Arc::default())),
        Stored::Unset => None,
    }
}

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
            walks: Vec::new(),
            places: Vec::new(),
            initial: Vec::new(),
            block_users: program.block_users().min(history.users.len()),
            anchored: vec![Vec::new(); program.walks],
            actions: Vec::new(),
            filters: Vec::new(),
            touches: Vec::new(),
            identity_touches: Vec::new(),
            identity_users: &history.identities.users,
            identity_events: &history.identity_events,
            watches: Vec::new(),
            memberships: &history.memberships,
            holds: Vec::new(),
            event_columns: by_name(&wanted.event_columns, &history.events.columns),
            trait_columns: by_name(&wanted.trait_columns, &history.traits.columns),
            identity_columns: by_name(&wanted.identity_columns, &history.identities.columns),
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
                Plan::Aggregate {
                    aggregate,
                    walk,
                    reach,
                    ..
                } => {
                    if let (Reach::OfUser, Some(anchored)) = (reach, bound.anchored.get_mut(*walk))
                    {
                        anchored.push(feature);
                    }
                    Some(bound.action(aggregate))
                }
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
        bound.walks = bound.steps();
        bound
    }

    pub(super) fn event_column(&self, wanted: &WantedColumn) -> Option<&BoundColumn<'b>> {
        self.event_columns.get(wanted)
    }

    pub(super) fn trait_column(&self, wanted: &WantedColumn) -> Option<&BoundColumn<'b>> {
        self.trait_columns.get(wanted)
    }

    /// The column in which an attribute lies, or something about the identities.
    pub(super) fn attribute_column(&self, path: &Path, place: Place) -> Option<&BoundColumn<'b>> {
        let wanted = column(path, place);
        match IdentityValue::at(path) {
            Some(_) => self.identity_columns.get(&wanted),
            None => self.trait_columns.get(&wanted),
        }
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
        self.canonical.get(canonical)?.code(code)
    }

    pub(super) fn canonical_len(&self, canonical: usize) -> usize {
        let canonical = self.canonical.get(canonical);
        canonical.map_or(0, |canonical| canonical.texts.len())
    }

    fn action(&mut self, aggregate: &'b Aggregate) -> Action<'b> {
        match &aggregate.function {
            AggregateFunction::Count => return Action::Count,
            AggregateFunction::FirstTime(1) => return Action::FirstTime,
            AggregateFunction::LastTime(1) => return Action::LastTime,
            AggregateFunction::Periods(unit, zone) => return Action::Periods(*unit, zone),
            _ => {}
        }
        let Some(argument) = self.column_argument(aggregate) else {
            return Action::State;
        };
        match argument.column {
            Column::Number { mantissas, .. } => number_action(&aggregate.function, mantissas),
            Column::WideNumber { .. } => Action::State,
            Column::Text { codes, .. } => {
                let is_text = |value: &Option<Value>| {
                    value
                        .as_ref()
                        .is_some_and(|value| !matches!(value, Value::Object(_)))
                };
                let all_have_values = argument.decoded().iter().all(is_text);
                match &aggregate.function {
                    AggregateFunction::First(1, Place::Text) if all_have_values => {
                        Action::FirstText(codes)
                    }
                    AggregateFunction::Last(1, Place::Text) if all_have_values => {
                        Action::LastText(codes)
                    }
                    AggregateFunction::Distinct => {
                        let canonical = Canonical::new(argument.decoded(), place_of(aggregate));
                        self.canonical.push(canonical);
                        Action::Distinct(codes, self.canonical.len() - 1)
                    }
                    _ => Action::State,
                }
            }
        }
    }

    /// The times of the events that concern an aggregate: what must be absent from a sequence is
    /// looked for outside its window, too.
    fn concerned(&self, aggregate: &Aggregate, reach: Reach) -> Reach {
        if aggregate
            .steps()
            .iter()
            .all(rules::checked::Step::is_present)
        {
            return reach;
        }
        let from = i64::MIN;
        let until = self.program.now.millis().saturating_add(1);
        Reach::Common(Interval { from, until })
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

    fn steps(&self) -> Vec<Vec<Vec<StepGroup<'b>>>> {
        let codes = self.name_texts.len() + self.program.derived.len();
        let mut walks = vec![vec![Vec::new(); codes]; self.program.walks];
        let names: Vec<EventName> = self
            .name_texts
            .iter()
            .map(|name| EventName::new(name))
            .collect();
        let places = self.places.iter().zip(&self.actions).enumerate();
        for (plan, (feature, (place, action))) in self.program.plans.iter().zip(places) {
            let Plan::Aggregate {
                aggregate,
                walk,
                reach,
                filter,
                ..
            } = plan
            else {
                continue;
            };
            let (Some(action), Some(by_code)) = (action, walks.get_mut(*walk)) else {
                continue;
            };
            let step = Step {
                feature,
                place: *place,
                action: action.clone(),
            };
            let reach = self.concerned(aggregate, *reach);
            let sent = names.iter().map(|name| aggregate.events.takes(name));
            let derived = self.program.derived.iter();
            let derived = derived.map(|change| aggregate.events.derived.contains(change));
            for (is_taken, groups) in sent.chain(derived).zip(by_code) {
                if is_taken {
                    add_step(groups, reach, *filter, step.clone());
                }
            }
        }
        walks
    }
}

/// Adds a step to the group with its filter and times. Windows of users are never shared.
fn add_step<'b>(
    groups: &mut Vec<StepGroup<'b>>,
    reach: Reach,
    filter: Option<usize>,
    step: Step<'b>,
) {
    let shared = groups.iter_mut().find(|group| {
        group.filter == filter && group.reach == reach && !matches!(reach, Reach::OfUser)
    });
    match shared {
        Some(group) => group.steps.push(step),
        None => groups.push(StepGroup {
            reach,
            filter,
            steps: vec![step],
        }),
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

fn by_name<'b>(
    wanted: &[WantedColumn],
    columns: &'b [Column],
) -> HashMap<WantedColumn, BoundColumn<'b>> {
    wanted
        .iter()
        .cloned()
        .zip(columns.iter().map(BoundColumn::new))
        .collect()
}

fn number_action<'b>(function: &AggregateFunction, mantissas: &'b [i64]) -> Action<'b> {
    match function {
        AggregateFunction::Sum => Action::Sum(mantissas),
        AggregateFunction::Average => Action::Average(mantissas),
        AggregateFunction::Minimum(Place::Number) => Action::Minimum(mantissas),
        AggregateFunction::Maximum(Place::Number) => Action::Maximum(mantissas),
        AggregateFunction::First(1, Place::Number) => Action::FirstNumber(mantissas),
        AggregateFunction::Last(1, Place::Number) => Action::LastNumber(mantissas),
        _ => Action::State,
    }
}

/// The place of the only argument of an aggregate, which is a property.
fn place_of(aggregate: &Aggregate) -> Place {
    match aggregate.arguments.as_slice() {
        [Measure::Property { place, .. }] => *place,
        _ => Place::Text,
    }
}
