//! The life of tags, as the HTTP faces ask for it and change it.

use std::collections::BTreeMap;

use anyhow::Result;
use api::ports::life::{
    Life, Previewed, RuleProblems, SomeUsers, TagChange, TagEffect, TagVersion, ValueEffect, WhatIf,
};
use api::{Error, ErrorKind};
use domain::{Said, Signature, TagKey, UserSet};

use super::Service;
use crate::changes::{Effect, Proposed, propose_wanted};
use crate::definitions::{Place, Placed, Prune, Sort, Wanted};
use crate::engine::Engine;
use crate::life::{self, Versions};
use crate::mistakes::{Mistakes, Problems};
use crate::platform::now;
use crate::supply::Refusal;

impl Life for Service {
    fn versions(&self, tag: &TagKey) -> Result<Vec<TagVersion>, Error> {
        let versions = Versions::of(self.platform(), Sort::Tag, tag.as_str());
        versions.map(|versions| versions.0).map_err(refused)
    }

    fn preview(&self, change: &TagChange, asked: &Previewed) -> Result<WhatIf, Error> {
        let mut proposed = self.proposed(change).map_err(refused)?;
        let mut effect = what_if(&proposed);
        if effect.mistakes.is_empty() {
            let as_of = asked.as_of.unwrap_or_else(now);
            let effects = proposed.effects(as_of).map_err(refused)?;
            effect = what_if(&proposed);
            let told = |effect| told(&proposed.engine, effect, asked.examples);
            effect.effects = effects.iter().map(told).collect();
        }
        Ok(effect)
    }

    fn make(&self, change: &TagChange, signature: &Signature) -> Result<WhatIf, Error> {
        let proposed = self.proposed(change).map_err(refused)?;
        proposed.apply(signature.clone()).map_err(refused)?;
        self.follow_change().map_err(refused)?;
        Ok(what_if(&proposed))
    }
}

impl Service {
    fn proposed(&self, change: &TagChange) -> Result<Proposed> {
        let platform = self.platform();
        match change {
            TagChange::Step(tag, step) => life::propose(platform, std::slice::from_ref(tag), *step),
            TagChange::Put(definition) => {
                let place = Place {
                    file: String::new(),
                    line: 0,
                };
                let key = definition.key.clone();
                let placed = Placed {
                    definition: (**definition).clone(),
                    place,
                    template: None,
                };
                let wanted = Wanted {
                    tags: BTreeMap::from([(key, placed)]),
                    ..Wanted::default()
                };
                propose_wanted(platform, &wanted, Prune::Keep)
            }
        }
    }
}

/// Why a change is not made, or cannot be tried.
pub(super) fn refused(error: anyhow::Error) -> Error {
    let error = match error.downcast::<Mistakes>() {
        Ok(Mistakes::Definitions(all)) => {
            return Error::Definitions(all.iter().map(of_rule).collect());
        }
        Ok(Mistakes::One(problems)) => return Error::Definitions(vec![of_rule(&problems)]),
        Err(error) => error,
    };
    let error = match error.downcast::<Refusal>() {
        Ok(refusal) => {
            let kind = match refusal.is_not_found() {
                true => ErrorKind::NotFound,
                false => ErrorKind::Invalid,
            };
            let message = refusal.in_both();
            return Error::Refused { kind, message };
        }
        Err(error) => error,
    };
    match error.downcast::<catalog::Error>() {
        Ok(error) => match error.kind() {
            catalog::ErrorKind::NotFound => Error::NotFound(error.to_string()),
            catalog::ErrorKind::Invalid | catalog::ErrorKind::Conflict => {
                Error::Invalid(error.to_string())
            }
            catalog::ErrorKind::TryAgain => Error::TryAgain(error.to_string()),
            catalog::ErrorKind::NewerStore | catalog::ErrorKind::Bug => {
                Error::Bug(error.to_string())
            }
        },
        Err(error) => Error::Bug(format!("{error:#}")),
    }
}

fn what_if(proposed: &Proposed) -> WhatIf {
    let planned = proposed.plan.planned.iter();
    WhatIf {
        difference: planned.flat_map(|planned| planned.difference()).collect(),
        effects: Vec::new(),
        mistakes: proposed.mistakes().map(of_rule).collect(),
        doubts: proposed.doubts().map(of_rule).collect(),
    }
}

fn of_rule(problems: &Problems) -> RuleProblems {
    RuleProblems {
        kind: problems.kind,
        key: problems.key.clone(),
        rule: problems.text.clone(),
        diagnostics: problems.diagnostics.clone(),
    }
}

fn told(engine: &Engine, effect: &Effect, examples: usize) -> TagEffect {
    let some = |users: &UserSet| SomeUsers {
        count: users.len(),
        first: users
            .iter()
            .filter_map(|number| engine.users.key(number).cloned())
            .take(examples)
            .collect(),
    };
    let values = effect.values.iter().map(|change| ValueEffect {
        value: change.slot.value.as_deref().unwrap_or_default().to_owned(),
        entering: change.entered.len(),
        leaving: change.left.len(),
    });
    TagEffect {
        tag: effect.tag.clone(),
        is_direct: effect.is_direct,
        entering: some(&effect.entered),
        leaving: some(&effect.left),
        values: values.collect(),
    }
}
