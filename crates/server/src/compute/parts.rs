//! Computes tags beside all others, and tells those that fail from those that do not.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::{Error, Result};
use domain::{LocalizedText, Said, TagKey};
use tags::ports::Results;
use tags::{Changes, Deps, PortError, Refreshed, TagResults, TagSource, Users};

use super::halving::in_parts;
use super::limit::{Exceeded, Limited};
use super::outcomes::reason;
use super::{Asked, Computed};
use crate::engine::Engine;
use crate::rulebook::ReadTag;

/// Computes the tags that are asked for beside all others, which stay as they are.
/// Those whose queries have failed stay as they are.
pub(super) fn computed(
    engine: &Engine,
    asked: &Asked,
    queries: Vec<(TagKey, LocalizedText)>,
) -> Result<Computed> {
    let has_failed = |key: &TagKey| queries.iter().any(|(failed, _)| failed == key);
    // In the order of the book each tag comes after those that it needs.
    let is_computed = |tag: &&Arc<ReadTag>| !tag.is_paused() && !is_unlearned(engine, tag);
    let tags = engine.book.tags.iter().filter(is_computed);
    let tags = tags.map(|tag| &tag.definition.key);
    let tags: Vec<TagKey> = tags
        .filter(|key| asked.tags.contains(*key) && !has_failed(key))
        .cloned()
        .collect();
    let mut search = Search::new(engine, asked);
    if !tags.is_empty() || engine.has_removed() {
        search.parts(&tags)?;
    }
    let changes = search.changes()?;
    let failed = search.failed;
    let without: HashSet<&TagKey> = failed.iter().map(|(key, _)| key).collect();
    Ok(Computed {
        results: search.latest,
        changes,
        tags: tags
            .into_iter()
            .filter(|key| !without.contains(key))
            .collect(),
        unchanged: asked.unchanged.clone(),
        duration: asked.clock.elapsed(),
        failed: [
            with_mistakes(engine, asked),
            unlearned(engine),
            queries,
            failed,
        ]
        .concat(),
    })
}

/// The tags that are asked for whose rules have mistakes, and the first mistake of each.
fn with_mistakes(engine: &Engine, asked: &Asked) -> Vec<(TagKey, LocalizedText)> {
    let problems = engine.book.problems.iter();
    let problems = problems.filter(|problems| problems.kind == "tag");
    let mistakes = problems.filter_map(|problems| {
        let key = TagKey::new(&problems.key).ok()?;
        Some((key, problems.mistake()?))
    });
    mistakes
        .filter(|(key, _)| asked.tags.contains(key))
        .collect()
}

/// Whether nothing could be learned about a lookalike: it stays as it is.
fn is_unlearned(engine: &Engine, tag: &ReadTag) -> bool {
    engine.unlearned.contains_key(&tag.definition.key)
}

/// The lookalikes about which nothing could be learned, and why.
fn unlearned(engine: &Engine) -> Vec<(TagKey, LocalizedText)> {
    let all = engine.unlearned.iter();
    let words = |reason: &LocalizedText| Failure::Other {
        reason: reason.clone(),
    };
    all.map(|(key, reason)| (key.clone(), words(reason).in_both()))
        .collect()
}

domain::words! {
    /// Why one tag could not be computed.
    enum Failure {
        Needs { key: String },
            "它用到的标签 `{key}` 还没有成员：先让 `{key}` 能够计算",
            "it needs tag `{key}`, which has no members yet: see that `{key}` can be computed first";
        Other { reason: LocalizedText },
            "计算失败：{reason}",
            "its computation failed: {reason}";
    }
}

/// The search for the tags that make a computation fail.
struct Search<'e> {
    engine: &'e Engine,
    asked: &'e Asked,
    /// What was found so far.
    latest: Option<Arc<TagResults>>,
    /// The changes of the last part, and how many parts there were.
    last: Option<Changes>,
    parts: usize,
    failed: Vec<(TagKey, LocalizedText)>,
}

impl<'e> Search<'e> {
    fn new(engine: &'e Engine, asked: &'e Asked) -> Self {
        Self {
            engine,
            asked,
            latest: engine.results.clone(),
            last: None,
            parts: 0,
            failed: Vec::new(),
        }
    }

    /// Computes tags, in smaller parts where they fail; later parts know what earlier ones have found.
    ///
    /// # Errors
    /// What fails whatever tags are computed.
    fn parts(&mut self, tags: &[TagKey]) -> Result<()> {
        let failed = in_parts(tags, |part| {
            let refreshed = self.part(part)?;
            // Without tags it is tried whether the store answers: nothing is found.
            if !part.is_empty() || tags.is_empty() {
                self.latest = Some(refreshed.results);
                self.last = Some(refreshed.changes);
                self.parts += 1;
            }
            Ok(())
        })?;
        for (tag, error) in failed {
            let words = self.words(&tag, &error);
            self.failed.push((tag, words));
        }
        Ok(())
    }

    /// Computes a part, all other tags as they are.
    fn part(&self, tags: &[TagKey]) -> Result<Refreshed> {
        let engine = self.engine;
        let program = engine.compile(&self.sources(tags), self.asked.as_of)?;
        let limit = engine.platform.config.refresh.longest_run.0;
        let histories = Limited::new(engine.deps().histories, limit);
        let deps = Deps {
            histories: &histories,
            results: &Before(self.latest.clone()),
        };
        let refreshed = match tags::refresh(&deps, &program, &self.asked.users, &engine.config()) {
            // Other tags than before: everyone is looked at.
            Err(tags::Error::DefinitionsChanged) => {
                tags::refresh(&deps, &program, &Users::All, &engine.config())
            }
            refreshed => refreshed,
        };
        Ok(refreshed?)
    }

    /// Some tags to be computed, and all others that are defined as they are.
    fn sources(&self, tags: &[TagKey]) -> Vec<TagSource> {
        let tags: HashSet<&TagKey> = tags.iter().collect();
        let book = &self.engine.book;
        let read = book.tags.iter().map(|tag| &tag.definition.key);
        let defined = self.engine.definitions.tags.iter();
        let broken = defined.map(|tag| &tag.definition.key);
        let broken = broken.filter(|key| book.tag(key).is_none());
        let source = |key: &TagKey| {
            let latest = self.latest.as_deref();
            let kept = latest.and_then(|results| self.engine.as_it_was(results, key));
            match book.tag(key) {
                Some(tag) if tags.contains(key) => Some(book.source(tag)),
                Some(tag) if tag.is_paused() || is_unlearned(self.engine, tag) => {
                    kept.or_else(|| Some(tag.source_of_nobody()))
                }
                _ => kept,
            }
        };
        read.chain(broken).filter_map(source).collect()
    }

    /// Who entered and left, all parts together.
    fn changes(&self) -> Result<Changes> {
        let before = self.engine.results.as_deref();
        match (&self.last, &self.latest) {
            (Some(changes), _) if self.parts == 1 => Ok(changes.clone()),
            (Some(_), Some(after)) => {
                let threads = self.engine.config().threads;
                Ok(tags::difference(before, after, threads)?)
            }
            _ => Ok(Changes {
                run: before.map_or(0, TagResults::run),
                now: self.asked.as_of,
                changes: Vec::new(),
            }),
        }
    }

    /// Why a tag could not be computed, for its author.
    fn words(&self, tag: &TagKey, error: &Error) -> LocalizedText {
        let exceeded = error
            .chain()
            .find_map(|cause| cause.downcast_ref::<Exceeded>());
        if let Some(exceeded) = exceeded {
            return exceeded.in_both();
        }
        let has_members = |key: &TagKey| {
            let latest = self.latest.as_ref();
            latest.is_some_and(|results| results.members(key).is_some())
        };
        let read = self.engine.book.tag(tag);
        let needs = read
            .and_then(ReadTag::rule)
            .map(|rule| self.engine.needs(rule))
            .unwrap_or_default();
        let missing = needs.iter().find(|key| !has_members(key));
        let failure = match missing {
            Some(key) => Failure::Needs {
                key: key.to_string(),
            },
            None => Failure::Other {
                reason: reason(error),
            },
        };
        failure.in_both()
    }
}

/// The results before, beside which nothing is stored.
struct Before(Option<Arc<TagResults>>);

impl Results for Before {
    fn latest(&self) -> Result<Option<Arc<TagResults>>, PortError> {
        Ok(self.0.clone())
    }

    fn store(&self, _: &Arc<TagResults>, _: &Changes) -> Result<(), PortError> {
        Ok(())
    }
}
