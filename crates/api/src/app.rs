//! What every handler has at hand: the ports, the options, the metrics.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::Time;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::metrics::Metrics;
use crate::ports::by_hand::ByHand;
use crate::ports::explanation::{Explanation, ExplanationQuestion};
use crate::ports::life::{Life, Previewed, TagChange, WhatIf};
use crate::ports::lineage::Lineage;
use crate::ports::past::Past;
use crate::ports::{Catalogue, Members, Overview, RuleAnswer, RuleQuestion};
use crate::{Config, Error};

/// The ports that the HTTP faces ask.
#[derive(Clone)]
pub struct Platform {
    /// What is defined.
    pub catalogue: Arc<dyn Catalogue>,
    /// Who has what.
    pub members: Arc<dyn Members>,
    /// The life of tags.
    pub life: Arc<dyn Life>,
    /// Who had what.
    pub past: Arc<dyn Past>,
    /// What uses what.
    pub lineage: Arc<dyn Lineage>,
    /// Tags set by hand.
    pub by_hand: Arc<dyn ByHand>,
}

/// What every handler has at hand; cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    platform: Platform,
    rule_slots: Arc<Semaphore>,
    pub config: Arc<Config>,
    pub metrics: Arc<Metrics>,
}

impl App {
    pub fn new(config: Config, platform: Platform) -> Self {
        Self {
            platform,
            rule_slots: Arc::new(Semaphore::new(config.concurrent_rules.max(1))),
            config: Arc::new(config),
            metrics: Arc::new(Metrics::new()),
        }
    }

    /// Asks the ports on a thread that may block.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Platform) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let platform = self.platform.clone();
        spawn_blocking(move || question(&platform))
            .await
            .unwrap_or_else(|failure| Err(Error::Bug(failure.to_string())))
    }

    /// Everything that is defined.
    pub async fn overview(&self) -> Result<Arc<Overview>, Error> {
        self.ask(|platform| platform.catalogue.overview()).await
    }

    /// Computes a rule when it is its turn. A rule whose asker has gone away still holds its
    /// place until it is done, so that never more than the configured number run.
    pub async fn compute(&self, question: RuleQuestion) -> Result<RuleAnswer, Error> {
        self.in_turn(move |platform| platform.members.rule_members(&question))
            .await
    }

    /// Explains something when it is its turn: what is asked among all users has to be computed for all.
    pub async fn explain(
        &self,
        question: ExplanationQuestion,
    ) -> Result<Option<Explanation>, Error> {
        self.in_turn(move |platform| platform.members.explain(&question))
            .await
    }

    /// Computes what a change would do when it is its turn.
    pub async fn preview(&self, change: TagChange, asked: Previewed) -> Result<WhatIf, Error> {
        self.in_turn(move |platform| platform.life.preview(&change, &asked))
            .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Platform) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let slot = Arc::clone(&self.rule_slots).acquire_owned().await;
        let slot = slot.map_err(|closed| Error::Bug(closed.to_string()))?;
        self.ask(move |platform| {
            let answer = question(platform);
            drop(slot);
            answer
        })
        .await
    }
}

/// The present instant.
pub(crate) fn now() -> Time {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since_epoch.map_or(0, |passed| passed.as_millis());
    Time::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}
