//! `birthday anniversary in next 7d`: whole days from today on.

use domain::Span;

use super::Checker;
use super::scope::Scope;
use crate::checked::{Condition, Place};
use crate::mistake::History;
use crate::tree::Expression;

/// Beyond so many days every date has its day among them.
const DAYS_OF_A_YEAR: u32 = 366;

impl Checker<'_> {
    pub(super) fn anniversary(
        &mut self,
        expression: &Expression,
        value: &Expression,
        next: &str,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let range = expression.range;
        if matches!(scope, Scope::Event(_)) {
            return self.fail(range, History::AnniversaryInWhere);
        }
        let value = self.measure(value, Place::Moment, scope);
        let days = whole_days(self.duration(next, range)?);
        let Some(days) = days else {
            return self.fail(range, History::AnniversaryDays { next });
        };
        if days >= DAYS_OF_A_YEAR {
            self.remark(range, History::AnniversaryYear);
        }
        Some(Condition::Anniversary {
            value: value?,
            days,
            zone: self.zone(),
        })
    }
}

/// How many days, if it is whole ones and at least one.
fn whole_days(span: Span) -> Option<u32> {
    let day = Span::DAY.millis();
    let days = u32::try_from(span.millis() / day).ok()?;
    (days > 0 && span.millis() % day == 0).then_some(days)
}
