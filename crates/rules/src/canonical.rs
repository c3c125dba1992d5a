//! One form for rules that plainly mean the same: and and or in one order, each part once, double negations gone.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::checked::{Aggregate, Body, Case, CheckedRule, Condition, Measure, Operator};

impl CheckedRule {
    /// The canonical form: equal for rules that mean the same but for the order and repetition of their conditions, and for
    /// whatever the checker writes in one way. Rules with different forms may still mean the same.
    #[must_use]
    pub fn canonical(&self) -> Self {
        Self::new(match self.body() {
            Body::Condition(part) => Body::Condition(condition(part)),
            Body::Measure(value) => Body::Measure(measure(value)),
            Body::Cases {
                cases,
                otherwise,
                keep,
            } => Body::Cases {
                cases: cases
                    .iter()
                    .map(|case| Case {
                        value: case.value.clone(),
                        when: condition(&case.when),
                    })
                    .collect(),
                otherwise: otherwise.clone(),
                keep: *keep,
            },
        })
    }
}

fn condition(of: &Condition) -> Condition {
    match of {
        Condition::All(parts) => {
            let mut flat = Vec::with_capacity(parts.len());
            for part in parts.iter().map(condition) {
                match part {
                    Condition::All(inner) => flat.extend(inner),
                    part => flat.push(part),
                }
            }
            only_or(once(flat), Condition::All)
        }
        Condition::Any(parts) => {
            let mut flat = Vec::with_capacity(parts.len());
            for part in parts.iter().map(condition) {
                match part {
                    Condition::Any(inner) => flat.extend(inner),
                    part => flat.push(part),
                }
            }
            only_or(once(flat), Condition::Any)
        }
        Condition::Not(part) => match condition(part) {
            Condition::Not(inner) => *inner,
            Condition::Constant(truth) => Condition::Constant(!truth),
            part => Condition::Not(Box::new(part)),
        },
        Condition::AtLeast { count, of } => Condition::AtLeast {
            count: *count,
            of: ordered(of.iter().map(condition).collect()),
        },
        Condition::Compare {
            left,
            comparison,
            right,
            zone,
        } => Condition::Compare {
            left: measure(left),
            comparison: *comparison,
            right: measure(right),
            zone: zone.clone(),
        },
        Condition::Between {
            value,
            low,
            high,
            zone,
        } => Condition::Between {
            value: measure(value),
            low: measure(low),
            high: measure(high),
            zone: zone.clone(),
        },
        Condition::IsSet(value) => Condition::IsSet(measure(value)),
        Condition::Holds(value) => Condition::Holds(measure(value)),
        other => other.clone(),
    }
}

fn measure(of: &Measure) -> Measure {
    match of {
        Measure::Aggregate(inner) => Measure::Aggregate(Box::new(aggregate(inner))),
        Measure::Collection(collection) => {
            let mut collection = collection.clone();
            collection.aggregate = aggregate(&collection.aggregate);
            Measure::Collection(collection)
        }
        Measure::Arithmetic {
            operator,
            left,
            right,
        } => {
            let sides = vec![measure(left), measure(right)];
            let mut sides = match operator {
                Operator::Add | Operator::Multiply => ordered(sides),
                _ => sides,
            }
            .into_iter();
            match (sides.next(), sides.next()) {
                (Some(left), Some(right)) => Measure::Arithmetic {
                    operator: *operator,
                    left: Box::new(left),
                    right: Box::new(right),
                },
                _ => of.clone(),
            }
        }
        Measure::If {
            condition: when,
            then,
            otherwise,
        } => Measure::If {
            condition: Box::new(condition(when)),
            then: Box::new(measure(then)),
            otherwise: Box::new(measure(otherwise)),
        },
        other => other.clone(),
    }
}

fn aggregate(of: &Aggregate) -> Aggregate {
    Aggregate {
        filter: of.filter.as_ref().map(condition),
        ..of.clone()
    }
}

/// The one part, or the parts together.
fn only_or(mut parts: Vec<Condition>, together: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.len() {
        1 => parts.pop().unwrap_or_else(|| together(Vec::new())),
        _ => together(parts),
    }
}

fn once(parts: Vec<Condition>) -> Vec<Condition> {
    let mut parts = ordered(parts);
    parts.dedup();
    parts
}

/// In an order that depends on nothing but the parts.
fn ordered<T: Hash>(mut parts: Vec<T>) -> Vec<T> {
    parts.sort_by_cached_key(|part| {
        let mut hasher = DefaultHasher::new();
        part.hash(&mut hasher);
        hasher.finish()
    });
    parts
}

#[cfg(test)]
mod tests {
    use crate::tests::vocabulary::vocabulary;
    use crate::{CheckOptions, CheckedRule, read};

    fn canonical(text: &str) -> CheckedRule {
        let checked = read(text, &vocabulary(), &CheckOptions::default());
        let rule = checked
            .unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
            .rule;
        assert_eq!(rule.canonical().canonical(), rule.canonical(), "{text}");
        rule.canonical()
    }

    #[test]
    fn rules_that_differ_in_order_and_repetition_alone_have_one_form() {
        for (one, other) in [
            ("verified and kyc_level >= 2", "kyc_level >= 2 and verified"),
            ("verified and verified", "verified"),
            ("not (not verified)", "verified"),
            (
                "verified or (kyc_level >= 2 or verified)",
                "kyc_level >= 2 or verified",
            ),
            (
                "at least 2 of (verified, kyc_level >= 2, country = \"SG\")",
                "at least 2 of (country = \"SG\", verified, kyc_level >= 2)",
            ),
            (
                "kyc_level + 1 > 2 and verified",
                "verified and 1 + kyc_level > 2",
            ),
        ] {
            assert_eq!(canonical(one), canonical(other), "{one} | {other}");
        }
        for (one, other) in [
            ("verified and kyc_level >= 2", "verified or kyc_level >= 2"),
            ("kyc_level - 1 > 2", "1 - kyc_level > 2"),
            ("kyc_level >= 2", "kyc_level > 2"),
        ] {
            assert_ne!(canonical(one), canonical(other), "{one} | {other}");
        }
    }
}
