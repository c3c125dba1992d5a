//! Users who are like those of a seed: points for the parts of each feature, and those with most.

use domain::{Decimal, Lookalike, PartRange, Scorecard, ScoredPart};

use super::nodes::{above, all, at_least, less, not, number, text};
use super::sheet::{Entry, Sheet};
use super::{Meaning, Short};
use crate::check::{CheckOptions, Expected, check};
use crate::checked::CheckedRule;
use crate::located::{Located, TextRange};
use crate::mistake::ShortForms;
use crate::parse::parse;
use crate::tree::{
    ChoiceOperator, Count, Expression, Node, RankAmount, RankBound, RankEnd, Ranking, Rule,
    Weighted,
};
use crate::vocabulary::Vocabulary;

pub(super) fn read(lookalike: &Lookalike) -> Short {
    let mut sheet = Sheet::new("lookalike");
    let parts = Parts::read(&mut sheet, lookalike);
    let amount = amount(&mut sheet, lookalike);
    let include_seed = lookalike.include_seed.then_some("true");
    include_seed.map(|written| sheet.entry("include_seed", written));
    let card = lookalike.learned.as_deref();
    let rule = parts.zip(amount).map(|(parts, amount)| {
        let among = among(&parts.seed, lookalike.include_seed);
        most_alike(&parts.points(card), among, amount)
    });
    sheet.finish(rule.map(Meaning::Condition))
}

/// What users are compared by, read.
struct Parts {
    seed: Expression,
    features: Vec<Expression>,
}

impl Parts {
    fn read(sheet: &mut Sheet, lookalike: &Lookalike) -> Option<Self> {
        let seed = sheet.entry("seed", &lookalike.seed);
        let features = lookalike.features.iter();
        let features: Vec<Entry> = features
            .map(|feature| sheet.entry("features", feature))
            .collect();
        let seed = sheet.value(&seed);
        if features.is_empty() {
            return sheet.fail(TextRange::default(), ShortForms::NoFeatures);
        }
        let features: Vec<Option<Expression>> =
            features.iter().map(|entry| sheet.value(entry)).collect();
        Some(Self {
            seed: seed?,
            features: features.into_iter().collect::<Option<_>>()?,
        })
    }

    /// The points of a user; less than nothing for everybody before something was learned.
    fn points(&self, card: Option<&Scorecard>) -> Vec<Weighted> {
        let Some(card) = card else {
            return self.features.iter().map(unlearned).collect();
        };
        let mut scored: Vec<_> = self.features.iter().zip(&card.features).collect();
        scored.sort_by(|(_, one), (_, other)| other.information.cmp(&one.information));
        let parts = scored.into_iter().flat_map(|(feature, of)| {
            let part = move |part: &ScoredPart| Weighted {
                weight: Located::new(part.points.to_string(), feature.range),
                when: within(feature, &part.range),
            };
            let tells = |part: &&ScoredPart| part.points != Decimal::ZERO;
            of.parts.iter().filter(tells).map(part)
        });
        parts.collect()
    }
}

/// The condition of the seed and the features of a lookalike, checked; `None` where something is
/// wrong with it.
#[must_use]
pub fn lookalike_parts(
    lookalike: &Lookalike,
    vocabulary: &Vocabulary,
    options: &CheckOptions,
) -> Option<(CheckedRule, Vec<CheckedRule>)> {
    let Parts { seed, features } = Parts::read(&mut Sheet::new("lookalike"), lookalike)?;
    let checked = |expression: &Expression, expected| {
        let options = CheckOptions {
            expected,
            ..options.clone()
        };
        let rule = Rule::Expression(expression.clone());
        Some(check(&rule, vocabulary, &options).ok()?.rule)
    };
    let feature = |expression: &Expression| {
        if is_condition(&expression.node) {
            return checked(expression, Expected::Condition);
        }
        let value = checked(expression, Expected::Value);
        value.or_else(|| checked(expression, Expected::Condition))
    };
    let features = features.iter().map(feature).collect::<Option<_>>()?;
    Some((checked(&seed, Expected::Condition)?, features))
}

/// Whether a feature is yes or no as it is written.
fn is_condition(node: &Node) -> bool {
    match node {
        Node::Not(_)
        | Node::And(_)
        | Node::Or(_)
        | Node::AtLeast { .. }
        | Node::Compare { .. }
        | Node::Between { .. }
        | Node::Choice { .. }
        | Node::IsSet(_)
        | Node::IsNotSet(_)
        | Node::InWindow { .. }
        | Node::Anniversary { .. }
        | Node::Lasting { .. }
        | Node::InList(_)
        | Node::ValueInList { .. }
        | Node::InAudience(_)
        | Node::Sequence(_)
        | Node::Regularly(_)
        | Node::InRank { .. } => true,
        Node::Aggregate(aggregate) => aggregate.is_condition(),
        _ => false,
    }
}

fn unlearned(feature: &Expression) -> Weighted {
    let when = match &feature.node {
        Node::Tag(_) => feature.clone(),
        node if is_condition(node) => feature.clone(),
        _ => within(feature, &PartRange::NoneOf(Vec::new())),
    };
    Weighted {
        weight: Located::new("-1".to_owned(), feature.range),
        when,
    }
}

/// The condition that a feature is in a part of it.
fn within(feature: &Expression, part: &PartRange) -> Expression {
    let range = feature.range;
    let at = |node| Located::new(node, range);
    let whole = || Box::new(feature.clone());
    let constant = |written: &String| match parse(written) {
        Ok(Rule::Expression(constant)) => Located::new(constant.node, range),
        _ => at(Node::Broken),
    };
    match part {
        PartRange::Holds(true) => feature.clone(),
        PartRange::Holds(false) => not(feature.clone()),
        PartRange::Missing => at(Node::IsNotSet(whole())),
        PartRange::Between(least, below) => {
            let least = least.as_ref().map(constant);
            let below = below.as_ref().map(constant);
            match (least, below) {
                (Some(least), Some(below)) => all([
                    at_least(feature.clone(), least),
                    less(feature.clone(), below),
                ]),
                (Some(least), None) => at_least(feature.clone(), least),
                (None, Some(below)) => less(feature.clone(), below),
                (None, None) => at(Node::IsSet(whole())),
            }
        }
        PartRange::OneOf(texts) => at(Node::Choice {
            value: whole(),
            operator: ChoiceOperator::In,
            of: texts.iter().map(|one| text(one, range)).collect(),
        }),
        PartRange::NoneOf(texts) if texts.is_empty() => at(Node::IsSet(whole())),
        PartRange::NoneOf(texts) => all([
            at(Node::IsSet(whole())),
            at(Node::Choice {
                value: whole(),
                operator: ChoiceOperator::NotIn,
                of: texts.iter().map(|one| text(one, range)).collect(),
            }),
        ]),
    }
}

/// `size: 1000`, `top: 5%`
fn amount(sheet: &mut Sheet, lookalike: &Lookalike) -> Option<RankAmount> {
    let size = lookalike.size.map(|size| size.to_string());
    let size = size.map(|size| sheet.entry("size", &size));
    let top = lookalike.top.as_ref().map(|top| sheet.entry("top", top));
    match (size, top) {
        (Some(size), None) => match Count::parse(&size.node) {
            Some(count) => Some(RankAmount::Count(count)),
            None => sheet.fail(size.range, ShortForms::NoSize),
        },
        (None, Some(top)) => {
            let percent = top.node.strip_suffix('%').map(str::trim);
            let number = percent.and_then(Decimal::parse);
            let (zero, all) = (Decimal::from(0), Decimal::from(100));
            match number.filter(|number| *number > zero && *number <= all) {
                Some(number) => Some(RankAmount::Percent(number.to_string())),
                None => sheet.fail(top.range, ShortForms::NoPercent),
            }
        }
        (Some(_), Some(top)) => sheet.fail(top.range, ShortForms::SizeAndTop),
        (None, None) => sheet.fail(TextRange::default(), ShortForms::SizeOrTop),
    }
}

/// Who is compared: all but the seed, or all.
fn among(seed: &Expression, include_seed: bool) -> Expression {
    if include_seed {
        let everyone = Located::new(Node::Everyone, seed.range);
        Located::new(Node::Or(vec![everyone, seed.clone()]), seed.range)
    } else {
        not(seed.clone())
    }
}

/// Those who have points, and of those who are compared the ones with most.
fn most_alike(points: &[Weighted], among: Expression, amount: RankAmount) -> Expression {
    let range = among.range;
    let points = || Located::new(Node::Points(points.to_vec()), range);
    let ranked = Node::InRank {
        ranking: Ranking {
            by: Box::new(points()),
            among: Some(Box::new(among)),
            per: None,
        },
        bound: RankBound {
            exactly: true,
            end: RankEnd::Top,
            amount,
        },
        negated: false,
    };
    all([
        above(points(), number(0, range)),
        Located::new(ranked, range),
    ])
}
