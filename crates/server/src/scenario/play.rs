//! Playing a scenario: define, ingest, refresh, expect, step by step.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::anyhow;
use domain::{Language, LocalizedText, Span, TagKey, Time, Zone};
use rules::CheckOptions;
use tags::ports::in_memory::ResultsInMemory;
use tags::{Config, Deps, TagProgram, TagResults, Users, refresh};

use super::definition_files::DefinitionFiles;
use super::definitions::{Definitions, Said};
use super::exact::Lines;
use super::expectations::Expectations;
use super::file::{Ingest, Scenario, Step};
use super::list_names::ListNames;
use super::store::{Ingested, MemoryStore};
use super::supply::Supplied;
use crate::lookalike::Learning;
use crate::mistakes::Problems;

/// Something that is not as the scenario says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failure {
    /// The step, from 1.
    pub step: usize,
    /// What is wrong: ``tag `whale` ``, or a sentence where nothing was expected and got.
    pub what: String,
    /// What the scenario says.
    pub expected: Option<String>,
    /// What came out.
    pub got: Option<String>,
    /// Why it came out so for one user for whom it is wrong.
    pub explanation: Option<String>,
    /// What is wrong with a definition that was to be accepted.
    pub refused: Option<Box<Problems>>,
}

impl Failure {
    /// A failure that is a sentence.
    pub fn sentence(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            ..Self::default()
        }
    }
}

/// Everything as it is after a refresh.
pub struct State<'s> {
    /// The instant of evaluation.
    pub now: Time,
    /// The language in which it is told what is wrong.
    pub language: Language,
    /// The zone of the workspace.
    pub zone: &'s Zone,
    /// The histories.
    pub store: &'s MemoryStore,
    /// What is defined.
    pub definitions: &'s Definitions,
    /// What was said about the definitions of the step.
    pub said: &'s Said,
    /// The results of the refresh before.
    pub before: Option<&'s TagResults>,
    /// The results of the refresh.
    pub results: &'s TagResults,
    /// The lookalikes about which nothing could be learned, and why.
    pub unlearned: &'s BTreeMap<TagKey, LocalizedText>,
}

/// The failures of the first step that has any; none if the scenario passes.
pub fn play(
    scenario: &Scenario,
    lines: &Lines<'_>,
    definition_files: &mut DefinitionFiles,
    language: Language,
) -> Vec<Failure> {
    let zone = match scenario.timezone.as_deref().map(Zone::named).transpose() {
        Ok(zone) => zone.unwrap_or_default(),
        Err(error) => return vec![Failure::sentence(error.to_string())],
    };
    let retention = match event_retention(scenario) {
        Ok(retention) => retention,
        Err(problem) => return vec![Failure::sentence(problem)],
    };
    let mut player = Player {
        assumed: CheckOptions {
            zone,
            retention,
            ..CheckOptions::default()
        },
        lines,
        definition_files,
        language,
        now: first_instant(scenario),
        store: MemoryStore::keeping_events(retention),
        supplied: Supplied::default(),
        definitions: Definitions::default(),
        results: ResultsInMemory::default(),
        latest: None,
        names: ListNames::of(scenario, lines),
    };
    for (number, step) in (1..).zip(&scenario.steps) {
        let mut failures = player.step(step).unwrap_or_else(|failure| vec![failure]);
        if !failures.is_empty() {
            failures
                .iter_mut()
                .for_each(|failure| failure.step = number);
            return failures;
        }
    }
    Vec::new()
}

/// The clock before the first step: the first that is told. A scenario in which nothing happens
/// needs none.
fn first_instant(scenario: &Scenario) -> Option<Time> {
    let told = scenario.steps.iter().find_map(|step| step.at);
    let is_quiet = scenario.steps.iter().all(|step| step.ingest.is_empty());
    let any = Time::from_millis(0);
    told.map(|instant| instant.0).or(is_quiet.then_some(any))
}

/// How long events are kept; `None` for ever.
fn event_retention(scenario: &Scenario) -> Result<Option<Span>, String> {
    let Some(text) = &scenario.event_retention else {
        return Ok(None);
    };
    match Span::parse(text).filter(|span| *span > Span::ZERO) {
        Some(span) => Ok(Some(span)),
        None => Err(format!(
            "`event_retention` is a time such as `30d`, not `{text}`"
        )),
    }
}

/// One thread, since many scenarios run at once.
const CONFIG: Config = Config {
    threads: NonZeroUsize::MIN,
    users_per_read: 8_192,
};

struct Player<'f> {
    assumed: CheckOptions,
    lines: &'f Lines<'f>,
    definition_files: &'f mut DefinitionFiles,
    language: Language,
    now: Option<Time>,
    store: MemoryStore,
    supplied: Supplied,
    definitions: Definitions,
    results: ResultsInMemory,
    latest: Option<Arc<TagResults>>,
    names: ListNames,
}

impl Player<'_> {
    fn step(&mut self, step: &Step) -> Result<Vec<Failure>, Failure> {
        let now = self.clock(step)?;
        let seen = self.names.with(self.store.vocabulary());
        let taken_over = self
            .definition_files
            .wanted(&step.define.from.0)
            .map_err(|problems| Failure::sentence(problems.in_words(self.language)))?;
        let said =
            self.definitions
                .apply(&taken_over, &step.define, self.lines, seen, &self.assumed);
        for (number, entry) in (1..).zip(&step.ingest) {
            let wrong = |problem: String| {
                Failure::sentence(format!("entry {number} of `ingest`: {problem}"))
            };
            for entry in entry.repeated(self.lines, now).map_err(wrong)? {
                self.ingest(&entry, now).map_err(wrong)?;
            }
        }
        self.store.settle(now);
        for (number, entry) in (1..).zip(&step.supply) {
            let known = (&self.definitions.book, &self.store);
            let taken = self.supplied.take(entry, known, self.lines, now);
            taken.map_err(|problem| {
                Failure::sentence(format!("entry {number} of `supply`: {problem}"))
            })?;
        }
        self.supplied.give(&mut self.definitions.book, &self.store);
        let before = self.latest.take();
        let unlearned = self.learn(now)?;
        let refreshed = self.refresh(now, before.as_deref(), &unlearned)?;
        self.latest = Some(Arc::clone(&refreshed.results));
        self.store.record(&refreshed.changes);
        let state = State {
            now,
            language: self.language,
            zone: &self.assumed.zone,
            store: &self.store,
            definitions: &self.definitions,
            said: &said,
            before: before.as_deref(),
            results: &refreshed.results,
            unlearned: &unlearned,
        };
        Ok(Expectations::new(&state, self.lines).failures(&step.expect))
    }

    /// The instant of a step: steps go forward.
    fn clock(&mut self, step: &Step) -> Result<Time, Failure> {
        let at = step.at.map(|instant| instant.0);
        let now = match (at, self.now) {
            (Some(at), Some(before)) if at < before => {
                let message = format!("steps go forward in time: {at} is before {before}");
                return Err(Failure::sentence(message));
            }
            (Some(at), _) => at,
            (None, Some(before)) => before,
            (None, None) => {
                let message = "the first step needs `at`, the clock of the system: `at: 2026-11-22T00:00:00Z`";
                return Err(Failure::sentence(message));
            }
        };
        self.now = Some(now);
        Ok(now)
    }

    fn ingest(&mut self, entry: &Ingest, now: Time) -> Result<(), String> {
        match self.store.ingest(entry, self.lines, now) {
            Ok(Ingested::Accepted | Ingested::Duplicate) => Ok(()),
            // Accounted for, as the collector does; nothing of it is in the store.
            Ok(Ingested::Refused(collector::Invalid::Future { .. })) => Ok(()),
            Ok(Ingested::Refused(reason)) => Err(reason.to_string()),
            Err(problem) => Err(problem),
        }
    }

    fn refresh(
        &self,
        now: Time,
        before: Option<&TagResults>,
        unlearned: &BTreeMap<TagKey, LocalizedText>,
    ) -> Result<tags::Refreshed, Failure> {
        let failed = |error: tags::Error| Failure::sentence(format!("the refresh failed: {error}"));
        let inputs = self.definitions.inputs(&self.store);
        let stays = |key: &TagKey| unlearned.contains_key(key);
        let sources = self.definitions.sources(before, stays);
        let program = TagProgram::compile(&sources, now, &inputs).map_err(failed)?;
        let deps = Deps {
            histories: &self.store,
            results: &self.results,
        };
        refresh(&deps, &program, &Users::All, &CONFIG).map_err(failed)
    }

    /// Learns what lookalikes are told by; gives those about which nothing can be learned, and why.
    fn learn(&mut self, now: Time) -> Result<BTreeMap<TagKey, LocalizedText>, Failure> {
        let inputs = self.definitions.inputs(&self.store);
        let book = &self.definitions.book;
        let learning = Learning {
            book,
            inputs: &inputs,
            histories: &self.store,
            config: CONFIG,
            assumed: &self.assumed,
        };
        let tags = book.tags.iter().filter(|tag| !tag.is_paused());
        let keys = tags.map(|tag| tag.definition.key.clone());
        let sources = |needed: &[TagKey]| {
            let sources = book.sources_of(needed);
            sources.map_err(|key| anyhow!("tag `{key}` cannot be computed"))
        };
        let learned = learning.learn(&keys.collect(), sources, now);
        let learned = learned.map_err(|error| Failure::sentence(format!("{error:#}")))?;
        self.definitions.book.teach(&learned, &self.assumed);
        let learned = learned.into_iter();
        Ok(learned
            .filter_map(|(key, card)| Some((key, card.err()?)))
            .collect())
    }
}
