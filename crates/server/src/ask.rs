//! Questions: for whom does a rule hold, who has a tag, who is in an audience.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, bail};
use api::ports::explanation::Subject;
use audiences::AudienceExpression;
use domain::{TagKey, Time, UserSet, When};
use rules::checked::Body;
use rules::{CheckOptions, CheckedRule, Expected};
use tags::{Estimate, MetricValues, Sample, TagProgram, TagResults, TagSource, Users};

use crate::concerns::Concerns;
use crate::engine::Engine;
use crate::history::History;
use crate::mistakes::{Mistakes, Problems};
use crate::platform::now;
use crate::sets::ComputedSets;

/// Whom a question asks for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// A tag's key, an audience's key, or any rule.
    pub expression: String,
    /// Only with this value of the tag.
    pub value: Option<String>,
    /// As of when; `None` is the last computation for tags, and now for rules.
    pub as_of: Option<Time>,
    /// As runs recorded it on that day or at that instant.
    pub on: Option<When>,
    /// Whether a sample of the users is enough, where all would have to be folded.
    pub estimate: bool,
}

/// For whom it holds.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The users; of an estimate those among the users who were looked at.
    pub users: Arc<UserSet>,
    /// Their values, of a tag or rule that gives values.
    pub values: Vec<(Option<Arc<str>>, Arc<UserSet>)>,
    /// Their values, of a metric.
    pub metric: Option<Arc<MetricValues>>,
    /// The known users, likewise.
    pub universe: Arc<UserSet>,
    /// Who was looked at: everyone, unless an estimate was enough.
    pub sample: Sample,
    /// The instant of evaluation.
    pub as_of: Time,
    /// Warnings and hints.
    pub problems: Option<Problems>,
    /// How many rows the rule reads, about.
    pub rows: u64,
    /// The tags that the rule names.
    pub tags: BTreeSet<TagKey>,
}

impl Answer {
    /// How many users it holds for.
    #[must_use]
    pub fn count(&self) -> Estimate {
        self.sample.estimate(&self.users)
    }

    /// How many users are known.
    #[must_use]
    pub fn known(&self) -> Estimate {
        self.sample.estimate(&self.universe)
    }
}

/// The key of a question among tags: no tag can have it.
const ASKED: &str = "_asked_";

/// How many user numbers an estimate looks at: at 100 events each, a fold of some 50 milliseconds on two cores.
const ESTIMATED_FROM: u32 = 131_072;

/// Answers a question: out of what is recorded where it asks for a day, out of the last results where
/// it asks for tags alone, else by a fold over all histories.
///
/// # Errors
/// A rule with mistakes, told with their places; a tag that was never computed; the store's.
pub fn ask(engine: &Engine, question: &Question) -> Result<Answer> {
    let (rule, mut problems) = read(engine, question)?;
    let stored = engine.results.as_ref().filter(|_| question.as_of.is_none());
    let known = match (question.on, stored) {
        (Some(on), _) => Some(History::of(engine)?.ask(&rule, on)?),
        (None, Some(results)) => algebra(engine, results, &rule)?,
        (None, None) => None,
    };
    let answer = match known {
        Some(answer) => answer,
        None => folded(engine, &rule, question, problems.as_mut())?,
    };
    let reads = rule.dependencies();
    Ok(Answer {
        problems,
        rows: engine.rows.rows_of(reads),
        tags: reads.tags.clone(),
        ..with_value(answer, question)?
    })
}

/// Computes a program over all users and keeps nothing.
///
/// # Errors
/// The store's.
pub fn evaluate(engine: &Engine, program: &TagProgram) -> Result<Arc<TagResults>> {
    let nowhere = tags::ports::in_memory::ResultsInMemory::default();
    let deps = tags::Deps {
        results: &nowhere,
        ..engine.deps()
    };
    Ok(tags::refresh(&deps, program, &Users::All, &engine.config())?.results)
}

/// The rule that a question asks about.
///
/// # Errors
/// Its mistakes, with their places.
pub fn read(engine: &Engine, question: &Question) -> Result<(CheckedRule, Option<Problems>)> {
    let text = as_rule(&named(engine, question.expression.trim()));
    let options = CheckOptions {
        expected: Expected::Anything,
        ..engine.platform.assumed()
    };
    let problems =
        |diagnostics| Problems::of_rule("rule", String::new(), text.clone(), diagnostics);
    match rules::read(&text, &engine.book.vocabulary, &options) {
        Ok(checked) if checked.diagnostics.is_empty() => Ok((checked.rule, None)),
        Ok(checked) => Ok((checked.rule, Some(problems(checked.diagnostics)))),
        Err(diagnostics) => Err(Mistakes::One(problems(diagnostics)).into()),
    }
}

/// What a text names: a tag by its key, an audience by its key, or it is a rule.
pub(crate) fn named(engine: &Engine, expression: &str) -> Subject {
    let mut tags = engine
        .definitions
        .tags
        .iter()
        .map(|tag| &tag.definition.key);
    if let Some(key) = tags.find(|key| key.as_str() == expression) {
        return Subject::Tag(key.clone());
    }
    let audiences = engine.definitions.audiences.iter();
    let mut audiences = audiences.map(|audience| &audience.definition.key);
    match audiences.find(|key| key.as_str() == expression) {
        Some(key) => Subject::Audience(key.clone()),
        None => Subject::Rule(expression.to_owned()),
    }
}

/// The rule for which the key of a tag or an audience stands.
fn as_rule(asked: &Subject) -> String {
    match asked {
        Subject::Tag(key) => format!("tag({})", rules::printed_name(key.as_str())),
        Subject::Audience(key) => format!("in audience({})", rules::printed_name(key.as_str())),
        Subject::Rule(text) => text.clone(),
    }
}

/// The answer out of the last results; `None` where they do not have it.
pub(crate) fn algebra(
    engine: &Engine,
    results: &Arc<TagResults>,
    rule: &CheckedRule,
) -> Result<Option<Answer>> {
    let Body::Condition(condition) = rule.body() else {
        return Ok(None);
    };
    let computed = engine
        .needs(rule)
        .iter()
        .all(|tag| results.members(tag).is_some());
    let sets = ComputedSets { engine, results };
    let expression = match AudienceExpression::of(condition, &sets) {
        Ok(expression) if computed => expression,
        _ => return Ok(None),
    };
    let tag = only_tag(rule);
    let slots = results
        .iter()
        .filter(|(slot, _)| Some(&slot.tag) == tag && slot.value.is_some());
    Ok(Some(Answer {
        users: engine.audiences.members(&expression, &sets)?,
        values: slots
            .map(|(slot, members)| (slot.value.clone(), Arc::clone(members)))
            .collect(),
        metric: tag.and_then(|tag| results.values(tag)).cloned(),
        universe: Arc::clone(results.universe()),
        sample: Sample::EVERYONE,
        as_of: results.now(),
        problems: None,
        rows: 0,
        tags: BTreeSet::new(),
    }))
}

/// The tag, of a rule that is nothing but `tag(k)`.
pub(crate) fn only_tag(rule: &CheckedRule) -> Option<&TagKey> {
    match rule.body() {
        Body::Condition(rules::checked::Condition::HasTag(tag)) => Some(tag),
        _ => None,
    }
}

/// The rule and the tags that it needs, computed for everyone; and how many users each hint is
/// about.
fn folded(
    engine: &Engine,
    rule: &CheckedRule,
    question: &Question,
    problems: Option<&mut Problems>,
) -> Result<Answer> {
    let as_of = question.as_of.unwrap_or_else(now);
    let concerns = Concerns::of(problems.iter().flat_map(|problems| &problems.diagnostics));
    let mut sources = engine.sources_of(&engine.needs(rule))?;
    let key = match only_tag(rule) {
        Some(tag) => tag.clone(),
        None => {
            let key = TagKey::new(ASKED)?;
            sources.push(TagSource::of_rule(key.clone(), rule.clone()));
            key
        }
    };
    sources.extend(concerns.sources()?);
    if question.as_of.is_some() {
        engine.run_queries_of(&mut sources, as_of)?;
    }
    let program = engine.compile(&sources, as_of)?;
    let wanted = if question.estimate {
        ESTIMATED_FROM
    } else {
        u32::MAX
    };
    let histories = engine.deps().histories;
    let (results, sample) = tags::sampled(histories, &program, wanted, &engine.config())?;
    if let Some(problems) = problems
        && sample.is_everyone()
    {
        concerns.note(&results, &mut problems.diagnostics)?;
    }
    let values = results
        .iter()
        .filter(|(slot, _)| slot.tag == key && slot.value.is_some());
    Ok(Answer {
        users: results.members(&key).unwrap_or_default(),
        values: values
            .map(|(slot, members)| (slot.value.clone(), Arc::clone(members)))
            .collect(),
        metric: results.values(&key).cloned(),
        universe: Arc::clone(results.universe()),
        sample,
        as_of,
        problems: None,
        rows: 0,
        tags: BTreeSet::new(),
    })
}

/// Only those with the value that was asked for.
fn with_value(answer: Answer, question: &Question) -> Result<Answer> {
    let Some(wanted) = &question.value else {
        return Ok(answer);
    };
    if let Some(metric) = &answer.metric {
        let users = metric
            .iter()
            .filter(|(_, value)| crate::display::value(value) == *wanted);
        let users = Arc::new(users.map(|(user, _)| user).collect());
        return Ok(Answer { users, ..answer });
    }
    let found = answer
        .values
        .iter()
        .find(|(value, _)| value.as_deref() == Some(wanted.as_str()));
    match found {
        Some((_, users)) => Ok(Answer {
            users: Arc::clone(users),
            ..answer
        }),
        None if question.on.is_some() => bail!(
            "nobody had `{}` with the value `{wanted}` then: values of layered tags are recorded, measured ones are not",
            question.expression
        ),
        None if answer.values.is_empty() => {
            bail!(
                "`{}` has no values: leave `--value` out",
                question.expression
            )
        }
        None => {
            let values = answer
                .values
                .iter()
                .filter_map(|(value, _)| value.as_deref());
            let values: Vec<&str> = values.collect();
            bail!(
                "`{}` has no value `{wanted}`: it has {}",
                question.expression,
                values.join(", ")
            )
        }
    }
}
