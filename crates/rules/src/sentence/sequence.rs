//! Events in an order, and the time between two of them.

use super::event::Spoken;
use super::speaker::{Speaker, Subject, say};
use crate::located::Located;
use crate::tree::{AggregateName, Gap, Same, Sequence, Step, Window, Within};

/// Where a step stands among those that happen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Start,
    Middle,
    End,
}

impl Speaker<'_> {
    /// `sequence(…)` as a condition.
    pub(super) fn sequence(&self, sequence: &Sequence) -> String {
        let (when, steps) = (self.within_window(sequence), self.steps(sequence));
        say!(
            self,
            "{when}依次做过（{steps}）",
            "the user did in this order{when} ({steps})"
        )
    }

    /// `count_sequences(…)`
    pub(super) fn count_sequences(&self, sequence: &Sequence) -> String {
        let (when, steps) = (self.within_window(sequence), self.steps(sequence));
        say!(
            self,
            "{when}依次做过（{steps}）的次数（互不重叠）",
            "the number of times that the user did in this order{when} ({steps}), without overlap"
        )
    }

    /// `avg(gap(A -> B))`
    pub(super) fn gap(&self, gap: &Gap) -> String {
        let when = self.within_window(&gap.between);
        let end = |place: usize, spoken| {
            let step = gap.between.steps.get(place);
            step.map(|step| self.step_events(step, spoken))
                .unwrap_or_default()
        };
        let (from, to) = (end(0, Spoken::Done), end(1, Spoken::Next));
        let same = self.same(&gap.between.same);
        let same = match same.is_empty() {
            true => same,
            false => {
                let same = self.enclosed(&same);
                say!(self, "{same}", " {same}")
            }
        };
        let (chinese, english) = match gap.function {
            AggregateName::Count => ("个数", "number of gaps"),
            AggregateName::Sum => ("总和", "sum of the times"),
            AggregateName::Minimum => ("最小值", "shortest time"),
            AggregateName::Maximum => ("最大值", "longest time"),
            AggregateName::Average => ("平均值", "average time"),
            AggregateName::Median => ("中位数", "median time"),
            AggregateName::Deviation => ("标准差", "standard deviation of the time"),
            other => (other.as_str(), other.as_str()),
        };
        say!(
            self,
            "{when}从 {from} 到下一次 {to} 的间隔{same}的{chinese}",
            "the {english} from {from} to the next {to}{same}{when}"
        )
    }

    fn within_window(&self, sequence: &Sequence) -> String {
        let window = sequence.window.as_deref();
        self.when(window.map(|window: &Located<Window>| &window.node))
    }

    fn steps(&self, sequence: &Sequence) -> String {
        let first = sequence.steps.iter().position(|step| !step.not);
        let last = sequence.steps.iter().rposition(|step| !step.not);
        let steps: Vec<String> = sequence
            .steps
            .iter()
            .enumerate()
            .map(|(place, step)| match step.not {
                false => self.present(step),
                true if first.is_none_or(|first| place < first) => {
                    self.absent(step, Standing::Start)
                }
                true if last.is_none_or(|last| place > last) => self.absent(step, Standing::End),
                true => self.absent(step, Standing::Middle),
            })
            .collect();
        let steps = steps.join(&say!(self, " → ", ", then "));
        let same = self.same(&sequence.same);
        match same.is_empty() {
            true => steps,
            false => say!(self, "{steps}；{same}", "{steps}; {same}"),
        }
    }

    /// A step that happens.
    fn present(&self, step: &Step) -> String {
        let said = self.named(step, Spoken::Done);
        let Some(within) = &step.within else {
            return said;
        };
        let Within { span, after } = &within.node;
        let span = self.duration(span);
        match after {
            None => say!(
                self,
                "{said}，距前一步不超过 {span}",
                "{said} at most {span} after the step before"
            ),
            Some(after) => {
                let after = self.name(&after.node);
                say!(
                    self,
                    "{said}，距 {after} 不超过 {span}",
                    "{said} at most {span} after {after}"
                )
            }
        }
    }

    /// A step that must not happen.
    fn absent(&self, step: &Step, standing: Standing) -> String {
        let said = self.named(step, Spoken::Next);
        let within = step.within.as_ref();
        let span = within.map(|within| self.duration(&within.node.span));
        match (standing, span) {
            (Standing::Middle, _) => say!(self, "其间没有 {said}", "no {said} in between"),
            (Standing::Start, None) => say!(self, "此前从未 {said}", "no {said} ever before"),
            (Standing::Start, Some(span)) => {
                say!(
                    self,
                    "此前 {span}内没有 {said}",
                    "no {said} in the {span} before"
                )
            }
            (Standing::End, None) => {
                say!(self, "此后至今没有 {said}", "no {said} after it up to now")
            }
            (Standing::End, Some(span)) => {
                say!(
                    self,
                    "此后 {span}内没有 {said}",
                    "no {said} in the {span} after it"
                )
            }
        }
    }

    /// The events of a step, with the name that other parts call it by.
    fn named(&self, step: &Step, spoken: Spoken) -> String {
        let events = self.step_events(step, spoken);
        match &step.name {
            None => events,
            Some(name) => {
                let name = self.name(&name.node);
                say!(self, "{events}（记为 {name}）", "{events} (called {name})")
            }
        }
    }

    fn step_events(&self, step: &Step, spoken: Spoken) -> String {
        self.events(&step.events, step.filter.as_deref(), spoken)
    }

    /// What is equal.
    fn same(&self, same: &[Same]) -> String {
        let of_events = self.of(Subject::Events);
        let said: Vec<String> = same
            .iter()
            .map(|same| match same {
                Same::Everywhere(value) => {
                    let value = of_events.value(value);
                    say!(self, "各步的 {value} 相同", "with the same {value}")
                }
                Same::Between(of) => {
                    let values: Vec<String> = of
                        .iter()
                        .map(|of| {
                            let (step, value) =
                                (self.name(&of.step.node), of_events.value(&of.value));
                            say!(self, "{step} 的 {value}", "{value} of {step}")
                        })
                        .collect();
                    let values = values.join(" = ");
                    say!(self, "{values}", "with {values}")
                }
            })
            .collect();
        said.join(&say!(self, "，", ", "))
    }
}
