//! Collections: elements of a list in the place of events.

use super::speaker::{Speaker, Subject, say};
use crate::check::Named;
use crate::tree::{Aggregate, Expression, Grouped, Node};

impl Speaker<'_> {
    /// The list that an aggregate goes over, if it goes over no events.
    pub(super) fn list_of(&self, aggregate: &Aggregate) -> Option<Named> {
        Named::of(aggregate, &self.names.collections, &|_| false)
    }

    /// What an aggregate takes, one by one.
    pub(super) fn subject_of(&self, aggregate: &Aggregate) -> Subject {
        match self.list_of(aggregate) {
            Some(_) => Subject::Elements,
            None if aggregate.events.is_empty() => self.grouped,
            None => Subject::Events,
        }
    }

    /// What is taken into groups.
    pub(super) fn subject_of_groups(&self, grouped: &Grouped) -> Subject {
        match &grouped.of.node {
            Node::Aggregate(aggregate) => self.subject_of(aggregate),
            Node::Grouped(inner) => self.subject_of_groups(inner),
            _ => Subject::Events,
        }
    }

    /// `elements of holdings (where …)`
    pub(super) fn elements(&self, list: &Named, filter: Option<&Expression>) -> String {
        let path = self.name(&list.path);
        let elements = say!(self, "{path} 的元素", "elements of {path}");
        self.filtered(elements, filter, Subject::Elements)
    }

    /// Events or elements with what is demanded of them.
    pub(super) fn filtered(
        &self,
        of: String,
        filter: Option<&Expression>,
        subject: Subject,
    ) -> String {
        let Some(filter) = filter else {
            return of;
        };
        let filter = self.of(subject).condition(filter);
        say!(self, "{of}（满足：{filter}）", "{of} (where {filter})")
    }

    /// `any(c where C)` as a condition.
    pub(super) fn any(&self, aggregate: &Aggregate) -> String {
        let elements = self.several(aggregate);
        say!(self, "有 {elements}", "there are {elements}")
    }

    /// `not any(c where C)` as a condition.
    pub(super) fn not_any(&self, aggregate: &Aggregate) -> String {
        let elements = self.several(aggregate);
        say!(self, "没有 {elements}", "there are no {elements}")
    }
}
