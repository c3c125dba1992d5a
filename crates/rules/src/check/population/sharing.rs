//! How many users share a value: of an event's property, or of an attribute.

use crate::check::Checker;
use crate::check::name::is_known;
use crate::check::scope::{EventScope, Scope};
use crate::checked::{Measure, Place, Population};
use crate::located::Located;
use crate::mistake::{Names, Populations};
use crate::tree::{self, EventPattern, Expression, Node};

impl Checker<'_> {
    /// `shared_by(E.p …)`, `shared_by(attribute)`
    pub(in crate::check) fn shared_by(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        self.outside_events(expression, scope)?;
        self.demand(expression, Place::Number, place)?;
        let of = match self.attribute_of(expression, aggregate)? {
            Some(attribute) => self.measure(&attribute, Place::Text, Scope::User)?,
            None => {
                if let Some(second) = aggregate.arguments.get(1) {
                    return self.fail(second.range, Populations::SharedBySeveral);
                }
                let event = EventScope {
                    is_unknown: true,
                    ..EventScope::default()
                };
                let argument = aggregate.arguments.first();
                let place = argument.map_or(Place::Text, |argument| {
                    self.default_place(argument, Scope::Event(&event))
                });
                self.aggregate(expression, aggregate, place, scope)?
            }
        };
        Some(Measure::Population(Box::new(Population::Sharing(of))))
    }

    /// The attribute that stands where an event could: a name without the clauses of events.
    fn attribute_of(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
    ) -> Option<Option<Expression>> {
        let [
            Located {
                node: EventPattern::Name(name),
                range,
            },
        ] = aggregate.events.as_slice()
        else {
            return Some(None);
        };
        let has_clauses = aggregate.filter.is_some() || aggregate.window.is_some();
        let is_event = self.vocabulary.events.contains_key(name.as_str());
        let is_attribute = |path: &str| self.vocabulary.attributes.contains(path);
        let (parts, range) = match aggregate.arguments.as_slice() {
            _ if has_clauses => return Some(None),
            [] if is_event && !is_attribute(name) => return Some(None),
            [] => return Some(Some(Located::new(Node::Name(vec![name.clone()]), *range))),
            [
                Located {
                    node: Node::Name(rest),
                    range: end,
                },
            ] => {
                let parts: Vec<String> = [name].into_iter().chain(rest).cloned().collect();
                (parts, range.to(*end))
            }
            _ => return Some(None),
        };
        let path = parts.join(".");
        if !is_event && name != "user" && !is_known(&self.vocabulary.attributes, name) {
            let path = path.as_str();
            let mistake = Names::NeitherEventNorAttribute { name, path };
            self.tell_unknown(range, name, mistake, None);
            return Some(None);
        }
        let is_attribute = is_attribute(&path) || !is_event;
        if is_event && is_attribute {
            let path = path.as_str();
            return self.fail(expression.range, Populations::SharedByEither { name, path });
        }
        let attribute = Located::new(Node::Name(parts), range);
        Some(Some(attribute).filter(|_| is_attribute))
    }
}
