//! How many users each hint is about, counted in the computation that is made anyway.

use anyhow::Result;
use domain::TagKey;
use rules::{CheckedRule, Concern, Diagnostic};
use tags::{TagResults, TagSource};

/// The most hints whose users are counted.
const MOST: usize = 32;

/// The rules that hints are about, each once.
#[derive(Clone, Debug, Default)]
pub struct Concerns {
    rules: Vec<CheckedRule>,
}

impl Concerns {
    /// What some problems are about.
    pub fn of<'p>(problems: impl IntoIterator<Item = &'p Diagnostic>) -> Self {
        let mut rules: Vec<CheckedRule> = Vec::new();
        for concern in problems
            .into_iter()
            .filter_map(|problem| problem.concern.as_deref())
        {
            if rules.len() < MOST && !rules.contains(&concern.rule) {
                rules.push(concern.rule.clone());
            }
        }
        Self { rules }
    }

    /// Whether nothing has to be counted.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rules as tags of a computation; no tag of a person can have their keys.
    ///
    /// # Errors
    /// None that can be met.
    pub fn sources(&self) -> Result<Vec<TagSource>> {
        let rules = self.rules.iter().enumerate();
        rules
            .map(|(number, rule)| Ok(TagSource::of_rule(key(number)?, rule.clone())))
            .collect()
    }

    /// Notes with the problems how many users the computation has found.
    ///
    /// # Errors
    /// None that can be met.
    pub fn note<'p>(
        &self,
        results: &TagResults,
        problems: impl IntoIterator<Item = &'p mut Diagnostic>,
    ) -> Result<()> {
        for problem in problems {
            let Some(Concern { rule, users }) = problem.concern.as_deref_mut() else {
                continue;
            };
            if let Some(number) = self.rules.iter().position(|known| known == rule) {
                *users = results.members(&key(number)?).map(|members| members.len());
            }
        }
        Ok(())
    }
}

fn key(number: usize) -> Result<TagKey> {
    Ok(TagKey::new(&format!("_concern_{number}_"))?)
}
