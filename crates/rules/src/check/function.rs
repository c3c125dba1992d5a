//! Functions of values: `age`, `date_diff`, `if`, `coalesce` and the like.

use domain::{Unit, Zone, nearest};

use super::Checker;
use super::scope::Scope;
use crate::checked::{Function, Measure, Operator, Place, TimePart};
use crate::diagnostic::Diagnostic;
use crate::mistake::{Constants, Functions};
use crate::parse::unit_of;
use crate::tree::{Expression, FunctionName, Node};

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        expression: &Expression,
        function: FunctionName,
        arguments: &[Expression],
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        match (function, arguments) {
            (FunctionName::HasIdentity, _) => self.truth(expression, place, scope),
            (FunctionName::IdentityCount, _) => self.identity_count(expression, arguments, place),
            (FunctionName::Bucket, _) => self.bucket(expression, arguments, place),
            (FunctionName::Age, [since]) => self.age(expression, since, place, scope),
            (FunctionName::Age, [unit, since]) => {
                self.age_in_units(expression, unit, since, place, scope)
            }
            (FunctionName::DateDifference, [unit, from, to]) => {
                self.demand(expression, Place::Number, place)?;
                let unit = self.unit(unit);
                let from = self.measure(from, Place::Moment, scope);
                let to = Box::new(self.measure(to, Place::Moment, scope)?);
                let from = Box::new(from?);
                Some(Measure::DateDifference {
                    unit: unit?,
                    from,
                    to,
                    zone: self.zone(),
                })
            }
            (FunctionName::If, [condition, then, otherwise]) => {
                let place = self.branch_place(&[then, otherwise], place, scope);
                let condition = self.condition(condition, scope);
                let then = self.measure(then, place, scope);
                let otherwise = Box::new(self.measure(otherwise, place, scope)?);
                let (condition, then) = (Box::new(condition?), Box::new(then?));
                Some(Measure::If {
                    condition,
                    then,
                    otherwise,
                })
            }
            (FunctionName::Coalesce, [_, _, ..]) => {
                let sides: Vec<&Expression> = arguments.iter().collect();
                let place = self.branch_place(&sides, place, scope);
                let of: Vec<Option<Measure>> = arguments
                    .iter()
                    .map(|of| self.measure(of, place, scope))
                    .collect();
                Some(Measure::Coalesce(of.into_iter().collect::<Option<_>>()?))
            }
            (FunctionName::Absolute, [of]) => self.one(
                expression,
                Function::Absolute,
                (of, Place::Number),
                place,
                scope,
            ),
            (FunctionName::Round, [of, places @ ..]) if places.len() < 2 => {
                let places = self.places(places)?;
                self.one(
                    expression,
                    Function::Round(places),
                    (of, Place::Number),
                    place,
                    scope,
                )
            }
            (FunctionName::Lower, [of]) => {
                self.demand(expression, Place::Text, place)?;
                let of = Box::new(self.measure(of, Place::Text, scope)?);
                Some(Measure::Function {
                    function: Function::Lower,
                    of,
                })
            }
            (FunctionName::Version, [of]) => self.version(expression, of, place, scope),
            (FunctionName::Length, [of]) => {
                let place_of = self.natural(of, scope).unwrap_or(Place::Any);
                self.one(expression, Function::Length, (of, place_of), place, scope)
            }
            (_, [of, zone @ ..]) if zone.len() < 2 => match part(function) {
                Some(part) => {
                    let zone = self.zone_argument(zone)?;
                    let function = Function::Part(part, zone);
                    self.one(expression, function, (of, Place::Moment), place, scope)
                }
                None => self.wrong_arguments(expression, function),
            },
            _ => self.wrong_arguments(expression, function),
        }
    }

    /// A function that gives a number.
    fn one(
        &mut self,
        expression: &Expression,
        function: Function,
        (of, place_of): (&Expression, Place),
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        self.demand(expression, Place::Number, place)?;
        let of = Box::new(self.measure(of, place_of, scope)?);
        Some(Measure::Function { function, of })
    }

    /// The place of all branches: what is demanded, or what one of them is by itself.
    fn branch_place(
        &mut self,
        branches: &[&Expression],
        demanded: Place,
        scope: Scope<'_>,
    ) -> Place {
        if demanded != Place::Any {
            return demanded;
        }
        branches
            .iter()
            .find_map(|branch| self.natural(branch, scope))
            .unwrap_or(Place::Any)
    }

    /// `age(t)`: now − t.
    fn age(
        &mut self,
        expression: &Expression,
        since: &Expression,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        self.outside_where(expression, scope)?;
        self.demand(expression, Place::Span, place)?;
        let right = Box::new(self.instant(since, scope)?);
        let left = Box::new(Measure::Now);
        self.now_range = expression.range;
        Some(Measure::Arithmetic {
            operator: Operator::Subtract,
            left,
            right,
        })
    }

    /// `age(years, t)`
    fn age_in_units(
        &mut self,
        expression: &Expression,
        unit: &Expression,
        since: &Expression,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        self.outside_where(expression, scope)?;
        self.demand(expression, Place::Number, place)?;
        let unit = self.unit(unit);
        let since = Box::new(self.measure(since, Place::Moment, scope)?);
        Some(Measure::Age {
            unit: unit?,
            since,
            zone: self.zone(),
        })
    }

    fn outside_where(&mut self, expression: &Expression, scope: Scope<'_>) -> Option<()> {
        match scope {
            Scope::User | Scope::Element | Scope::Group(_) => Some(()),
            Scope::Event(_) => self.fail(expression.range, Functions::AgeInWhere),
        }
    }

    fn unit(&mut self, expression: &Expression) -> Option<Unit> {
        let written = match &expression.node {
            Node::Name(parts) => parts.join("."),
            Node::Text(text) => text.clone(),
            Node::Broken => return None,
            _ => String::new(),
        };
        if let Some(unit) = unit_of(&written) {
            return Some(unit);
        }
        let units = ["hours", "days", "weeks", "months", "quarters", "years"];
        let Some(meant) = nearest(&written, units) else {
            return self.fail(expression.range, Functions::NoUnit);
        };
        let mistake = Functions::UnknownUnit {
            written: &written,
            meant,
        };
        self.refuse(Diagnostic::at(expression.range, mistake).with_fix(meant))
    }

    /// The places to which `round` rounds.
    fn places(&mut self, arguments: &[Expression]) -> Option<u8> {
        let Some(argument) = arguments.first() else {
            return Some(0);
        };
        let places = match &argument.node {
            Node::Number(text) => text.parse().ok().filter(|places| *places <= 18),
            _ => None,
        };
        match places {
            Some(places) => Some(places),
            None => self.fail(argument.range, Functions::RoundPlaces),
        }
    }

    /// The zone of `hour(t, "Asia/Shanghai")`, or the tag's.
    fn zone_argument(&mut self, arguments: &[Expression]) -> Option<Zone> {
        let Some(argument) = arguments.first() else {
            return Some(self.zone());
        };
        let Node::Text(name) = &argument.node else {
            return self.fail(argument.range, Functions::NoZone);
        };
        match Zone::named(name) {
            Ok(zone) => Some(zone),
            Err(error) => self.fail(argument.range, Constants::from(error)),
        }
    }

    fn wrong_arguments<T>(&mut self, expression: &Expression, function: FunctionName) -> Option<T> {
        let form = match function {
            FunctionName::Age => "age(t)` or `age(years, t)",
            FunctionName::DateDifference => "date_diff(days, a, b)",
            FunctionName::If => "if(condition, a, b)",
            FunctionName::Coalesce => "coalesce(a, b)",
            FunctionName::Absolute => "abs(x)",
            FunctionName::Round => "round(x)` or `round(x, 2)",
            FunctionName::Lower => "lower(text)",
            FunctionName::Length => "length(x)",
            FunctionName::Hour => "hour(t)` or `hour(t, \"Asia/Shanghai\")",
            FunctionName::Weekday => "weekday(t)` or `weekday(t, \"Asia/Shanghai\")",
            FunctionName::DayOfMonth => "day_of_month(t)` or `day_of_month(t, \"Asia/Shanghai\")",
            FunctionName::Month => "month(t)` or `month(t, \"Asia/Shanghai\")",
            FunctionName::Year => "year(t)` or `year(t, \"Asia/Shanghai\")",
            FunctionName::Version => "version(text)",
            FunctionName::HasIdentity => "has_identity(wallet)",
            FunctionName::IdentityCount => "identity_count(wallet)",
            FunctionName::Bucket => "bucket(\"salt\", 100)",
        };
        self.fail(expression.range, Functions::Arguments { form })
    }
}

fn part(function: FunctionName) -> Option<TimePart> {
    Some(match function {
        FunctionName::Hour => TimePart::Hour,
        FunctionName::Weekday => TimePart::Weekday,
        FunctionName::DayOfMonth => TimePart::DayOfMonth,
        FunctionName::Month => TimePart::Month,
        FunctionName::Year => TimePart::Year,
        _ => return None,
    })
}
