//! Windows of time.

use domain::Unit;

use super::speaker::{Speaker, say};
use crate::tree::{Anchored, Count, Expression, Node, Window};

impl Speaker<'_> {
    /// When: `in the last 7 × 24 hours`; nothing for all of time.
    pub(super) fn window(&self, window: &Window) -> String {
        match window {
            Window::Ever => String::new(),
            Window::Last(span) => {
                let span = self.duration(span);
                say!(self, "近 {span}内", "in the last {span}")
            }
            Window::Next(span) => {
                let span = self.duration(span);
                say!(self, "未来 {span}内", "in the next {span}")
            }
            Window::LastCalendar { count, unit } if *count == Count::ONE => self.current(*unit),
            Window::LastCalendar { count, unit } => self.last_periods(*count, *unit),
            Window::PreviousCalendar { count, unit } if *count == Count::ONE => {
                self.previous(*unit)
            }
            Window::PreviousCalendar { count, unit } => self.previous_periods(*count, *unit),
            Window::Previous(unit) => self.previous(*unit),
            Window::This(unit) => self.current(*unit),
            Window::Today => self.current(Unit::Day),
            Window::Yesterday => self.previous(Unit::Day),
            Window::From { from, to } => {
                let (from, to) = (self.begin(from), self.end(to));
                say!(self, "从 {from} 到 {to}", "from {from} to {to}")
            }
            Window::Between { from, to } => self.between_bounds(from, to),
            Window::Since(from) => {
                let from = self.begin(from);
                say!(self, "自 {from} 起", "since {from}")
            }
            Window::Before(to) => {
                let to = self.value(to);
                say!(self, "{to} 之前", "before {to}")
            }
            Window::Within { span, side, anchor } => {
                let (span, anchor) = (self.duration(span), self.value(anchor));
                match side {
                    Anchored::After => say!(
                        self,
                        "{anchor} 起的 {span}内",
                        "in the {span} from {anchor} on"
                    ),
                    Anchored::Before => {
                        say!(
                            self,
                            "{anchor} 之前的 {span}内",
                            "in the {span} before {anchor}"
                        )
                    }
                }
            }
        }
    }

    fn last_periods(&self, count: Count, unit: Unit) -> String {
        match unit {
            Unit::Hour => say!(
                self,
                "近 {count} 个整点小时（含当前小时）",
                "in the last {count} clock hours (the current one included)"
            ),
            Unit::Day => say!(
                self,
                "近 {count} 天（含今天）",
                "in the last {count} calendar days (today included)"
            ),
            Unit::Week => say!(
                self,
                "近 {count} 周（含本周）",
                "in the last {count} calendar weeks (this week included)"
            ),
            Unit::Month => say!(
                self,
                "近 {count} 个月（含本月）",
                "in the last {count} calendar months (this month included)"
            ),
            Unit::Quarter => say!(
                self,
                "近 {count} 个季度（含本季度）",
                "in the last {count} calendar quarters (this quarter included)"
            ),
            Unit::Year => say!(
                self,
                "近 {count} 年（含今年）",
                "in the last {count} calendar years (this year included)"
            ),
        }
    }

    fn previous_periods(&self, count: Count, unit: Unit) -> String {
        match unit {
            Unit::Hour => say!(
                self,
                "前 {count} 个整点小时（不含当前小时）",
                "in the {count} whole clock hours before this one"
            ),
            Unit::Day => say!(
                self,
                "前 {count} 个整天（不含今天）",
                "in the {count} whole days before today"
            ),
            Unit::Week => say!(
                self,
                "前 {count} 个整周（不含本周）",
                "in the {count} whole weeks before this week"
            ),
            Unit::Month => say!(
                self,
                "前 {count} 个整月（不含本月）",
                "in the {count} whole months before this month"
            ),
            Unit::Quarter => say!(
                self,
                "前 {count} 个整季度（不含本季度）",
                "in the {count} whole quarters before this quarter"
            ),
            Unit::Year => say!(
                self,
                "前 {count} 个整年（不含今年）",
                "in the {count} whole years before this year"
            ),
        }
    }

    fn current(&self, unit: Unit) -> String {
        match unit {
            Unit::Hour => say!(self, "当前小时内", "this hour so far"),
            Unit::Day => say!(self, "今天", "today"),
            Unit::Week => say!(self, "本周至今", "this week so far"),
            Unit::Month => say!(self, "本月至今", "this month so far"),
            Unit::Quarter => say!(self, "本季度至今", "this quarter so far"),
            Unit::Year => say!(self, "今年至今", "this year so far"),
        }
    }

    fn previous(&self, unit: Unit) -> String {
        match unit {
            Unit::Hour => say!(self, "上一小时", "in the hour before this one"),
            Unit::Day => say!(self, "昨天", "yesterday"),
            Unit::Week => say!(self, "上周", "in the week before this one"),
            Unit::Month => say!(self, "上个月", "in the month before this one"),
            Unit::Quarter => say!(self, "上个季度", "in the quarter before this one"),
            Unit::Year => say!(self, "去年", "in the year before this one"),
        }
    }

    fn between_bounds(&self, from: &Expression, to: &Expression) -> String {
        if matches!((&from.node, &to.node), (Node::Date(_), Node::Date(_))) {
            let (from, to) = (self.value(from), self.value(to));
            return say!(
                self,
                "{from} 至 {to}（首尾两天都含）",
                "from {from} to {to} (both days included)"
            );
        }
        let (from, to) = (self.begin(from), self.end(to));
        say!(self, "{from} 至 {to}", "between {from} and {to}")
    }

    /// A first bound; one that does not move with `now` is itself within the window.
    fn begin(&self, bound: &Expression) -> String {
        let said = self.value(bound);
        match moves_with_now(&bound.node) {
            true => said,
            false => say!(self, "{said}（含）", "{said} (included)"),
        }
    }

    /// A second bound; one that does not move with `now` is itself outside.
    fn end(&self, bound: &Expression) -> String {
        let said = self.value(bound);
        match moves_with_now(&bound.node) {
            true => said,
            false => say!(self, "{said}（不含）", "{said} (not included)"),
        }
    }
}

/// Whether a bound moves with `now`, as written.
fn moves_with_now(node: &Node) -> bool {
    match node {
        Node::Now | Node::Ago(_) => true,
        Node::Aggregate(_) | Node::Grouped(_) | Node::CountSequences(_) | Node::Gap(_) => false,
        other => other
            .children()
            .into_iter()
            .any(|child| moves_with_now(&child.node)),
    }
}
