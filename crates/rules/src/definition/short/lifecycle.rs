//! The stages of a user's life as cases over the time since the first and the last event.

use domain::{Lifecycle, Span};

use super::nodes::{arithmetic, at_least, in_last, of_events};
use super::sheet::{Entry, Sheet};
use super::{Group, Meaning, NamedCase, Short};
use crate::located::Located;
use crate::mistake::ShortForms;
use crate::tree::{Aggregate, AggregateName, ArithmeticOperator, Expression, Node, Window};

const NEW: Group = Group("new", "新用户", "New");
const RETURNED: Group = Group("returned", "回流用户", "Returned");
const ACTIVE: Group = Group("active", "活跃用户", "Active");
const AT_RISK: Group = Group("at_risk", "有流失风险的用户", "At risk");
const LOST: Group = Group("lost", "流失用户", "Lost");

pub(super) fn read(lifecycle: &Lifecycle) -> Short {
    let mut sheet = Sheet::new("lifecycle");
    let active = sheet.entry("active", &lifecycle.active);
    let new = sheet.entry("new", &lifecycle.new);
    let at_risk = sheet.entry("at_risk", &lifecycle.at_risk);
    let lost = sheet.entry("lost", &lifecycle.lost);
    let returned = lifecycle.returned.as_deref();
    let returned = returned.map_or_else(|| new.clone(), |span| sheet.entry("returned", span));
    let events = sheet.events(&active);
    let spans = Spans {
        new,
        returned,
        at_risk,
        lost,
    };
    let are_right = spans.check(&mut sheet).is_some();
    let cases = events
        .filter(|_| are_right)
        .map(|events| cases(&events, spans));
    sheet.finish(cases.map(Meaning::Cases))
}

/// The events that show activity, as an aggregate over them; `None` where they cannot be read.
pub(crate) fn events_of_life(lifecycle: &Lifecycle) -> Option<Aggregate> {
    let mut sheet = Sheet::new("lifecycle");
    let active = sheet.entry("active", &lifecycle.active);
    Some(sheet.events(&active)?.node)
}

struct Spans {
    new: Entry,
    returned: Entry,
    at_risk: Entry,
    lost: Entry,
}

impl Spans {
    fn check(&self, sheet: &mut Sheet) -> Option<()> {
        let new = sheet.span(&self.new);
        let at_risk = sheet.span(&self.at_risk);
        let lost = sheet.span(&self.lost)?;
        let returned = if self.returned.range == self.new.range {
            new
        } else {
            sheet.span(&self.returned)
        }?;
        new?;
        let is_too_long = |span: Span| span >= lost;
        if is_too_long(at_risk?) {
            return sheet.fail(self.at_risk.range, ShortForms::AtRiskAfterLost);
        }
        if returned > lost {
            return sheet.fail(self.returned.range, ShortForms::ReturnedLongerThanLost);
        }
        Some(())
    }
}

fn cases(events: &Located<Aggregate>, spans: Spans) -> Vec<NamedCase> {
    let last = |span: Entry| Located::new(Window::Last(span.node), span.range);
    let did = |span| of_events(events, AggregateName::Did, span);
    let first_time = of_events(events, AggregateName::FirstTime, None);
    vec![
        NEW.when(in_last(first_time, spans.new)),
        RETURNED.when(came_back(events, &spans.returned, &spans.lost)),
        ACTIVE.when(did(Some(last(spans.at_risk)))),
        AT_RISK.when(did(Some(last(spans.lost)))),
        LOST.when(did(None)),
    ]
}

/// The first event of late came long after the one before it: as none of late lie that far apart,
/// no other can have.
fn came_back(events: &Located<Aggregate>, late: &Entry, gone: &Entry) -> Expression {
    let at = |node| Located::new(node, late.range);
    let ago = Located::new(Node::Ago(late.node.clone()), late.range);
    let since = at(Window::Last(late.node.clone()));
    let until = at(Window::Before(Box::new(ago)));
    let gap = arithmetic(
        of_events(events, AggregateName::FirstTime, Some(since)),
        ArithmeticOperator::Subtract,
        of_events(events, AggregateName::LastTime, Some(until)),
    );
    let bound = Located::new(Node::Duration(gone.node.clone()), gone.range);
    at_least(gap, bound)
}
