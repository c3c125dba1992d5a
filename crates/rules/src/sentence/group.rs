//! Groups of one user's events, and periods that are counted.

use domain::Unit;

use super::speaker::{Speaker, say};
use crate::tree::{Aggregate, AggregateName, Count, Expression, GroupKey, Grouped, Regularly};

impl Speaker<'_> {
    /// The events with what is demanded of each of their groups.
    pub(super) fn in_groups(&self, aggregate: &Aggregate) -> String {
        let (events, having) = (self.several(aggregate), self.having(aggregate));
        format!("{events}{having}")
    }

    /// What is demanded of each group, in parentheses.
    pub(super) fn having(&self, aggregate: &Aggregate) -> String {
        match &aggregate.having {
            Some(having) => {
                let having = self.of_groups(self.subject_of(aggregate)).condition(having);
                say!(self, "（每组满足：{having}）", " (for each: {having})")
            }
            None => String::new(),
        }
    }

    /// `the 3 values of token with the greatest (sum of usd over swap events)`
    pub(super) fn top_by(&self, aggregate: &Aggregate, by: &Expression) -> String {
        let (when, events) = (self.during(aggregate), self.several(aggregate));
        let by = self.of_groups(self.subject_of(aggregate)).value(by);
        let of = self.arguments(aggregate);
        match aggregate.number.unwrap_or(Count::ONE) {
            Count::ONE => say!(
                self,
                "{when}{events} 中（{by}）最大的 {of} 值",
                "the value of {of} over {events}{when} with the greatest ({by})"
            ),
            number => say!(
                self,
                "{when}{events} 中（{by}）最大的 {number} 个 {of} 值",
                "the {number} values of {of} over {events}{when} with the greatest ({by})"
            ),
        }
    }

    /// `the greatest of (the number of tx events) per hour`
    pub(super) fn grouped(&self, grouped: &Grouped) -> String {
        let when = grouped.window.as_ref();
        let when = when.map_or_else(String::new, |window| self.window(&window.node));
        let subject = self.subject_of_groups(grouped);
        let of = self.of_groups(subject).value(&grouped.of);
        let per = self.of(subject).per(&grouped.per);
        let function = self.fold(grouped.function);
        let space = if when.is_empty() { "" } else { " " };
        say!(
            self,
            "{when}{space}{per}（{of}）的{function}",
            "{function} ({of}) {per}{space}{when}"
        )
    }

    /// `per hour`
    fn per(&self, key: &GroupKey) -> String {
        match key {
            GroupKey::Period(unit) => {
                let chinese = chinese(*unit);
                say!(self, "每{chinese}", "per {unit}")
            }
            GroupKey::Values(values) => {
                let said: Vec<String> = values.iter().map(|value| self.operand(value)).collect();
                let said = self.row(&said);
                say!(self, "每个 {said} ", "per {said}")
            }
        }
    }

    fn fold(&self, function: AggregateName) -> String {
        match function {
            AggregateName::Maximum => say!(self, "最大值", "the greatest"),
            AggregateName::Minimum => say!(self, "最小值", "the least"),
            AggregateName::Average => say!(self, "平均值", "the average of"),
            AggregateName::Median => say!(self, "中位数", "the median of"),
            AggregateName::Sum => say!(self, "总和", "the sum of"),
            AggregateName::Deviation => say!(self, "标准差", "the standard deviation of"),
            other => other.as_str().to_owned(),
        }
    }

    /// `there were login events in at least 3 weeks in the last 5 calendar weeks`
    pub(super) fn regularly(&self, regularly: &Regularly) -> String {
        let events = self.events(
            &regularly.events,
            regularly.filter.as_deref(),
            super::event::Spoken::Several,
        );
        let (unit, window) = (regularly.of.node.unit(), regularly.of.node.window());
        let (when, at_least) = (self.window(&window), regularly.at_least);
        let chinese = chinese(unit);
        let plural = if at_least == Count::ONE { "" } else { "s" };
        say!(
            self,
            "{when}至少有 {at_least} {chinese}有 {events}",
            "there were {events} in at least {at_least} {unit}{plural} {when}"
        )
    }
}

/// A unit as it is counted.
fn chinese(unit: Unit) -> &'static str {
    match unit {
        Unit::Hour => "小时",
        Unit::Day => "天",
        Unit::Week => "周",
        Unit::Month => "个月",
        Unit::Quarter => "个季度",
        Unit::Year => "年",
    }
}
