//! What it is that is to be explained: a tag, an audience, or a rule that is neither.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow};
use api::ports::explanation::Subject;
use domain::{AudienceKey, TagKey};
use rules::checked::{Body, Condition};
use rules::{CheckedRule, Code};

use crate::ask::{self, Question};
use crate::engine::Engine;
use crate::history::Unanswerable;
use crate::mistakes::{Mistakes, Problems};

/// What can be explained, and the tags that it names.
pub(super) struct Readable {
    pub(super) of: Subject,
    pub(super) tags: BTreeSet<TagKey>,
}

/// What a question is about: a text may be the key of a tag or of an audience, and only then is it a rule.
///
/// # Errors
/// The mistakes of what is to be explained, or of a tag that it needs; a name that nothing has.
pub(super) fn readable(engine: &Engine, asked: &Subject) -> Result<Readable> {
    let of = match asked {
        Subject::Rule(text) => ask::named(engine, text.trim()),
        Subject::Tag(_) | Subject::Audience(_) => asked.clone(),
    };
    match of {
        Subject::Tag(tag) => readable_tag(engine, tag),
        Subject::Audience(key) => readable_audience(engine, key),
        Subject::Rule(text) => readable_rule(engine, text),
    }
}

fn readable_tag(engine: &Engine, tag: TagKey) -> Result<Readable> {
    engine.sources_of(std::slice::from_ref(&tag))?;
    Ok(Readable {
        tags: BTreeSet::from([tag.clone()]),
        of: Subject::Tag(tag),
    })
}

fn readable_audience(engine: &Engine, key: AudienceKey) -> Result<Readable> {
    match engine.book.audiences.get(&key) {
        Some(rule) => with_needs(engine, Subject::Audience(key), rule),
        None => Err(match engine.problems_of("audience", key.as_str()) {
            Some(problems) => Mistakes::One(problems.clone()).into(),
            None => anyhow!("there is no audience `{key}`"),
        }),
    }
}

/// A rule that is nothing but a tag or an audience is explained as that.
fn readable_rule(engine: &Engine, text: String) -> Result<Readable> {
    let question = Question {
        expression: text,
        ..Question::default()
    };
    let (rule, problems) = ask::read(engine, &question)?;
    if problems.is_some_and(|problems| is_unknown_name(&problems)) {
        return Err(unknown(engine, &question.expression));
    }
    match rule.body() {
        Body::Condition(Condition::HasTag(tag)) => readable_tag(engine, tag.clone()),
        Body::Condition(Condition::InAudience(key)) => readable_audience(engine, key.clone()),
        _ => with_needs(engine, Subject::Rule(question.expression), &rule),
    }
}

fn with_needs(engine: &Engine, of: Subject, rule: &CheckedRule) -> Result<Readable> {
    engine.sources_of(&engine.needs(rule))?;
    Ok(Readable {
        of,
        tags: rule.dependencies().tags.clone(),
    })
}

/// Whether the rule is one name, and nothing has it.
fn is_unknown_name(problems: &Problems) -> bool {
    problems.diagnostics.iter().any(|problem| {
        let length = problem.range.end.saturating_sub(problem.range.start);
        problem.code == Code::UnknownAttribute && usize::try_from(length) == Ok(problems.text.len())
    })
}

fn unknown(engine: &Engine, name: &str) -> anyhow::Error {
    let tags = engine.definitions.tags.iter();
    let audiences = engine.definitions.audiences.iter();
    let keys = tags
        .map(|tag| tag.definition.key.as_str())
        .chain(audiences.map(|audience| audience.definition.key.as_str()));
    let nearest = match domain::nearest(name, keys) {
        Some(near) => format!(": did you mean `{near}`?"),
        None => String::new(),
    };
    let message = format!("there is no tag, audience or attribute `{name}`{nearest}");
    Unanswerable::NotFound(message).into()
}
