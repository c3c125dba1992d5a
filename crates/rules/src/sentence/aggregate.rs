//! What is measured over events.

use super::event::Spoken;
use super::speaker::{Speaker, Subject, say};
use crate::tree::{Aggregate, AggregateName, Count, Window};

impl Speaker<'_> {
    /// `the number of swap events in the last 7 × 24 hours`
    pub(super) fn aggregate(&self, aggregate: &Aggregate) -> String {
        match aggregate.function {
            AggregateName::Did | AggregateName::Any => {
                let did = self.did(aggregate);
                say!(self, "是否{did}", "whether {did}")
            }
            AggregateName::Count => {
                let (when, events) = (self.during(aggregate), self.several(aggregate));
                let chinese = match self.subject_of(aggregate) {
                    Subject::Elements => "个数",
                    _ => "次数",
                };
                say!(
                    self,
                    "{when}{events} 的{chinese}",
                    "the number of {events}{when}"
                )
            }
            AggregateName::Sum => self.of_values(aggregate, ["之和", "the sum of"]),
            AggregateName::Average => self.of_values(aggregate, ["平均值", "the average of"]),
            AggregateName::Minimum => self.of_values(aggregate, ["最小值", "the least"]),
            AggregateName::Maximum => self.of_values(aggregate, ["最大值", "the greatest"]),
            AggregateName::Median => self.of_values(aggregate, ["中位数", "the median of"]),
            AggregateName::Percentile => self.percentile(aggregate),
            AggregateName::Deviation => {
                self.of_values(aggregate, ["标准差", "the standard deviation of"])
            }
            AggregateName::Distinct => self.distinct(aggregate),
            AggregateName::SharedBy => self.shared_by(aggregate),
            AggregateName::Hours => self.periods(aggregate, ["小时数", "hours"]),
            AggregateName::Days => self.periods(aggregate, ["天数", "days"]),
            AggregateName::Weeks => self.periods(aggregate, ["周数", "weeks"]),
            AggregateName::Months => self.periods(aggregate, ["月数", "months"]),
            AggregateName::Streak => {
                let (when, events) = (self.during(aggregate), self.in_groups(aggregate));
                say!(
                    self,
                    "{when}截至今天（或昨天）连续有 {events} 的天数",
                    "the number of days in a row, up to today or yesterday, with {events}{when}"
                )
            }
            AggregateName::LongestStreak => {
                let (when, events) = (self.during(aggregate), self.in_groups(aggregate));
                say!(
                    self,
                    "{when}连续有 {events} 的最长天数",
                    "the longest number of days in a row with {events}{when}"
                )
            }
            AggregateName::Top => self.top(aggregate),
            AggregateName::First => self.value_of_one(aggregate, &self.first(aggregate.number)),
            AggregateName::Last => self.value_of_one(aggregate, &self.last(aggregate.number)),
            AggregateName::FirstTime => self.time_of_one(aggregate, &self.first(aggregate.number)),
            AggregateName::LastTime => self.time_of_one(aggregate, &self.last(aggregate.number)),
        }
    }

    /// `the sum of amount over swap events`; the words stand behind in 中文 and before in English.
    fn of_values(&self, aggregate: &Aggregate, [chinese, english]: [&str; 2]) -> String {
        let (when, events) = (self.during(aggregate), self.several(aggregate));
        let of = self.arguments(aggregate);
        say!(
            self,
            "{when}{events} 的 {of} {chinese}",
            "{english} {of} over {events}{when}"
        )
    }

    /// `the 90th percentile of amount over swap events`
    fn percentile(&self, aggregate: &Aggregate) -> String {
        let (when, events) = (self.during(aggregate), self.several(aggregate));
        let of = self.arguments(aggregate);
        let percent = aggregate.percent.as_ref();
        let percent = percent.map_or_else(String::new, |percent| percent.node.clone());
        let nth = Count::parse(&percent).map_or(format!("{percent}th"), ordinal);
        say!(
            self,
            "{when}{events} 的 {of} 第 {percent} 百分位数",
            "the {nth} percentile of {of} over {events}{when}"
        )
    }

    /// `the 3 most frequent values of category over quest events`
    fn top(&self, aggregate: &Aggregate) -> String {
        let (when, events) = (self.during(aggregate), self.several(aggregate));
        let of = self.arguments(aggregate);
        let number = aggregate.number.unwrap_or(Count::ONE);
        if let Some(by) = &aggregate.by {
            return self.top_by(aggregate, by);
        }
        let most = match number {
            Count::ONE => say!(self, "最常见的值", "the most frequent value"),
            _ => say!(
                self,
                "最常见的 {number} 个值",
                "the {number} most frequent values"
            ),
        };
        say!(
            self,
            "{when}{events} 中 {of} {most}",
            "{most} of {of} over {events}{when}"
        )
    }

    /// `the number of days with login events`
    fn periods(&self, aggregate: &Aggregate, [chinese, english]: [&str; 2]) -> String {
        let (when, events) = (self.during(aggregate), self.in_groups(aggregate));
        say!(
            self,
            "{when}有 {events} 的{chinese}",
            "the number of {english} with {events}{when}"
        )
    }

    /// `device of the first login event that has it`
    fn value_of_one(&self, aggregate: &Aggregate, place: &str) -> String {
        let (when, event) = (self.during(aggregate), self.spoken(aggregate, Spoken::One));
        let of = self.arguments(aggregate);
        say!(
            self,
            "{when}{place}带有 {of} 的 {event} 的 {of}",
            "{of} of the {place} {event} that has it{when}"
        )
    }

    /// `the time of the first login event`
    fn time_of_one(&self, aggregate: &Aggregate, place: &str) -> String {
        let (when, event) = (self.during(aggregate), self.spoken(aggregate, Spoken::One));
        say!(
            self,
            "{when}{place} {event} 的时间",
            "the time of the {place} {event}{when}"
        )
    }

    /// `did(E)` as a condition.
    pub(super) fn did(&self, aggregate: &Aggregate) -> String {
        if self.list_of(aggregate).is_some() {
            return self.any(aggregate);
        }
        let (when, events) = (self.during(aggregate), self.spoken(aggregate, Spoken::Done));
        self.happened(&aggregate.events, &when, &events)
    }

    /// `not did(E)` as a condition.
    pub(super) fn did_not(&self, aggregate: &Aggregate) -> String {
        if self.list_of(aggregate).is_some() {
            return self.not_any(aggregate);
        }
        let (when, events) = (self.during(aggregate), self.spoken(aggregate, Spoken::Done));
        self.did_not_happen(&aggregate.events, &when, &events)
    }

    /// `the number of different values of wallet over tx events`
    fn distinct(&self, aggregate: &Aggregate) -> String {
        let (when, events) = (self.during(aggregate), self.several(aggregate));
        let (of, having) = (self.arguments(aggregate), self.having(aggregate));
        say!(
            self,
            "{when}{events} 的 {of} 的不同值{having}个数",
            "the number of different values of {of} over {events}{having}{when}"
        )
    }

    pub(super) fn several(&self, aggregate: &Aggregate) -> String {
        self.spoken(aggregate, Spoken::Several)
    }

    fn spoken(&self, aggregate: &Aggregate, spoken: Spoken) -> String {
        let filter = aggregate.filter.as_deref();
        match self.list_of(aggregate) {
            Some(list) => self.elements(&list, filter),
            None => self.events(&aggregate.events, filter, spoken),
        }
    }

    /// The window, in English behind a space.
    pub(super) fn during(&self, aggregate: &Aggregate) -> String {
        self.when(aggregate.window.as_ref().map(|window| &window.node))
    }

    /// A window, in English behind a space.
    pub(super) fn when(&self, window: Option<&Window>) -> String {
        let when = window.map_or_else(String::new, |window| self.window(window));
        if when.is_empty() {
            return when;
        }
        say!(self, "{when} ", " {when}")
    }

    /// What of the events is measured.
    pub(super) fn arguments(&self, aggregate: &Aggregate) -> String {
        let one = self.of(self.subject_of(aggregate));
        let of_elements = self.list_of(aggregate).map(|list| list.arguments);
        let said: Vec<String> = of_elements
            .as_ref()
            .unwrap_or(&aggregate.arguments)
            .iter()
            .map(|argument| one.operand(argument))
            .collect();
        match said.as_slice() {
            [] => say!(self, "值", "the values"),
            [one] => one.clone(),
            several => {
                let several = self.row(several);
                say!(self, "（{several}）组合", "combinations of ({several})")
            }
        }
    }

    fn first(&self, number: Option<Count>) -> String {
        match number {
            None | Some(Count::ONE) => say!(self, "首次", "first"),
            Some(number) => {
                let ordinal = ordinal(number);
                say!(self, "第 {number} 次", "{ordinal}")
            }
        }
    }

    fn last(&self, number: Option<Count>) -> String {
        match number {
            None | Some(Count::ONE) => say!(self, "最后一次", "last"),
            Some(number) => {
                let ordinal = ordinal(number);
                say!(self, "倒数第 {number} 次", "{ordinal} last")
            }
        }
    }
}

/// `3rd`
fn ordinal(number: Count) -> String {
    let ending = match (number.get() % 10, number.get() % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
