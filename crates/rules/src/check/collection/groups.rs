//! Groups of the elements of a list: `max(sum(holdings.usd_value) per chain)`, `distinct(…
//! having C)`.

use super::Named;
use crate::check::Checker;
use crate::check::group::{Taken, in_groups};
use crate::check::scope::{EventScope, GroupScope, Scope};
use crate::checked::{
    self, Aggregate, AggregateFunction, Collection, EventSelector, Grouping, Measure, Place, Window,
};
use crate::mistake::Collections;
use crate::tree::{self, Expression, GroupKey, Grouped};

impl Checker<'_> {
    /// What is measured of elements, or of their groups.
    pub(super) fn elements_in_groups(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        named: &Named,
        place: Place,
    ) -> Option<Aggregate> {
        let elements = self.elements(expression, aggregate, named, place);
        let function = elements.as_ref().map(|elements| elements.function.clone());
        let function = self.grouped_function(expression, aggregate, function, &groups_of(named))?;
        Some(Aggregate {
            function,
            ..elements?
        })
    }

    /// An aggregate over a group of the elements of the list at a path.
    pub(in crate::check) fn aggregate_of_elements(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        path: &str,
        place: Place,
    ) -> Option<Measure> {
        let named = self.elements_of_group(expression, aggregate, path)?;
        let measured = self.elements_in_groups(expression, aggregate, &named, place)?;
        Some(Measure::Aggregate(Box::new(measured)))
    }

    /// The list whose elements are in a group, as an aggregate inside names it.
    fn elements_of_group(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        path: &str,
    ) -> Option<Named> {
        let named = if aggregate.events.is_empty() {
            Some(Named {
                path: path.to_owned(),
                range: expression.range,
                arguments: Vec::new(),
                is_of_user: false,
            })
        } else {
            self.named_collection(aggregate)
        };
        if let Some(named) = named.filter(|named| named.path == path) {
            return Some(named);
        }
        self.fail(expression.range, Collections::OtherGroup { path })
    }

    /// The list whose elements are taken into groups, if no events are.
    pub(in crate::check) fn elements_taken(
        &mut self,
        expression: &Expression,
        taken: &Taken,
        scope: Scope<'_>,
    ) -> Option<Option<Named>> {
        let Some(aggregate) = &taken.aggregate else {
            return Some(None);
        };
        match scope {
            Scope::User => {
                let named = self.named_collection(aggregate);
                self.refuse_event_and_collection(aggregate, named.as_ref())?;
                Some(named)
            }
            Scope::Group(group) => match &group.collection {
                Some(path) => self
                    .elements_of_group(expression, aggregate, path)
                    .map(Some),
                None => Some(None),
            },
            Scope::Element | Scope::Event(_) => Some(None),
        }
    }

    /// `max(sum(holdings.usd_value) per chain)`, whose function folds values of a place.
    pub(in crate::check) fn grouped_elements(
        &mut self,
        expression: &Expression,
        grouped: &Grouped,
        (function, place): (Option<AggregateFunction>, Place),
        (taken, named): (&Taken, &Named),
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let filter = self.filter(taken.filter.as_ref(), Scope::Element);
        let values = match &grouped.per {
            GroupKey::Values(values) => self.group_values(values, Scope::Element),
            GroupKey::Period(unit) => {
                let (path, unit) = (&named.path, &unit.to_string());
                self.fail(expression.range, Collections::NoPeriod { path, unit })
            }
        };
        let allowed = self.refuse_window(grouped.window.as_deref(), named);
        let measure = self.measure(&taken.inside, place, Scope::Group(&groups_of(named)));
        let grouping = Grouping::Fold(checked::GroupKey::Values, function?, measure?);
        allowed?;
        let aggregate = Aggregate {
            function: in_groups(grouping),
            events: EventSelector::default(),
            arguments: values?,
            filter: filter?,
            window: Window::Ever,
        };
        if let Scope::Group(_) = scope {
            return Some(Measure::Aggregate(Box::new(aggregate)));
        }
        let of = self.list_of(named);
        Some(Measure::Collection(Box::new(Collection { of, aggregate })))
    }
}

/// The elements of a list as what is in groups.
fn groups_of(named: &Named) -> GroupScope {
    GroupScope {
        events: EventSelector::default(),
        of_event: EventScope::default(),
        collection: Some(named.path.clone()),
    }
}
