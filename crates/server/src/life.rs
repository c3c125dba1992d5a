//! The life of a tag: it is submitted, published, paused, archived, rolled back. Each step is a plan of one change, so
//! that it is checked, tried and made as definition files are.

mod versions;

use std::sync::Arc;

use anyhow::Result;
use catalog::{Definitions, Error, Version, Versioned};
use domain::{TagDefinition, TagKey, TagStatus, nearest};

use crate::changes::{Proposed, propose_plan};
use crate::definitions::{Plan, Planned};
use crate::platform::Platform;

pub use self::versions::Versions;
pub use api::ports::life::Step;

/// What a step would do to these tags.
///
/// # Errors
/// A tag does not exist, or its state does not allow the step; the store's.
pub fn propose(platform: &Arc<Platform>, tags: &[TagKey], step: Step) -> Result<Proposed> {
    let stored = platform.wait(platform.catalog.definitions())?;
    let mut plan = Plan::default();
    for key in tags {
        let known = Known::of(&stored, key)?;
        let (before, after) = match step {
            Step::RollBack { to } => {
                let versions = platform.wait(platform.catalog.tag_versions(key))?;
                known.rolled_back(&versions, to)?
            }
            step => known.after(step)?,
        };
        plan.planned.push(Planned::of_tag(before, &after));
    }
    propose_plan(platform, stored, plan)
}

/// What is stored of a tag.
struct Known<'d> {
    key: &'d TagKey,
    in_force: Option<&'d TagDefinition>,
    draft: Option<&'d TagDefinition>,
}

type Replaced<'d> = (Option<&'d TagDefinition>, TagDefinition);

impl<'d> Known<'d> {
    fn of(stored: &'d Definitions, key: &'d TagKey) -> Result<Self, Error> {
        let of = |tags: &'d [Versioned<TagDefinition>]| {
            let mut tags = tags.iter().map(|tag| &tag.definition);
            tags.find(|tag| tag.key == *key)
        };
        let known = Self {
            key,
            in_force: of(&stored.tags).or_else(|| of(&stored.archived)),
            draft: of(&stored.drafts),
        };
        if known.in_force.or(known.draft).is_some() {
            return Ok(known);
        }
        let all = stored.tags.iter().chain(&stored.drafts);
        let keys = all.chain(&stored.archived);
        let keys = keys.map(|tag| tag.definition.key.as_str());
        Err(Error::NotFound {
            what: "tag",
            key: key.to_string(),
            hint: nearest(key.as_str(), keys).map(ToOwned::to_owned),
        })
    }

    fn after(&self, step: Step) -> Result<Replaced<'d>, Error> {
        let state = self.in_force.map(TagDefinition::state);
        match (step, self.in_force, self.draft) {
            (Step::Submit, _, Some(draft)) if draft.state() == TagStatus::Draft => {
                Ok((Some(draft), in_state(draft, TagStatus::InReview)))
            }
            (Step::Submit, _, Some(_)) => Err(self.refused("is in review already")),
            (Step::Publish, in_force, Some(draft)) => Ok((
                in_force.or(Some(draft)),
                in_state(draft, TagStatus::Published),
            )),
            (Step::Resume, Some(tag), _) | (Step::Publish, Some(tag), None)
                if state != Some(TagStatus::Published) =>
            {
                Ok((Some(tag), in_state(tag, TagStatus::Published)))
            }
            (Step::Resume, Some(_), _) => Err(self.refused("is not paused")),
            (Step::Publish, _, None) => Err(self.refused("is published already, and has no draft")),
            (Step::Pause, Some(tag), _) if state == Some(TagStatus::Published) => {
                Ok((Some(tag), in_state(tag, TagStatus::Paused)))
            }
            (Step::Pause, Some(_), _) => Err(self.refused("is not published")),
            (Step::Pause | Step::Resume, None, _) => Err(self.refused("was never published")),
            (Step::Archive, in_force, draft) => match in_force.or(draft) {
                Some(tag) if state != Some(TagStatus::Archived) => {
                    Ok((Some(tag), in_state(tag, TagStatus::Archived)))
                }
                _ => Err(self.refused("is archived already")),
            },
            (Step::Withdraw, Some(tag), Some(draft)) => Ok((Some(draft), tag.clone())),
            (Step::Withdraw, None, Some(_)) => {
                Err(self.refused("is nothing but a draft: archive it instead"))
            }
            (Step::Submit | Step::Withdraw, _, None) => Err(self.refused("has no draft")),
            (Step::RollBack { .. }, _, _) => Err(self.refused("is rolled back to a version")),
        }
    }

    /// An earlier version in the state of the one in force.
    fn rolled_back(
        &self,
        versions: &[Version<TagDefinition>],
        to: Option<u64>,
    ) -> Result<Replaced<'d>, Error> {
        let Some(in_force) = self.in_force else {
            return Err(self.refused("was never published"));
        };
        let numbered =
            |version: &Version<TagDefinition>| Some((version.number, version.definition.clone()?));
        let mut earlier = versions.iter().filter_map(numbered);
        let in_its_state = |tag: TagDefinition| TagDefinition {
            status: in_force.status,
            ..tag
        };
        let found = match to {
            Some(wanted) => earlier.find(|(number, _)| *number == wanted),
            // The newest come first.
            None => earlier
                .filter(|(_, tag)| !tag.state().is_proposal())
                .find(|(_, tag)| in_its_state(tag.clone()) != *in_force),
        };
        match (found, to) {
            (Some((number, tag)), _) => {
                let after = in_its_state(tag);
                if after == *in_force {
                    let problem = format!("is as in version {number} already");
                    return Err(self.refused(&problem));
                }
                Ok((Some(in_force), after))
            }
            (None, Some(wanted)) => {
                let problem = format!(
                    "has no version {wanted}: `muster versions {}` lists them",
                    self.key
                );
                Err(self.refused(&problem))
            }
            (None, None) => Err(self.refused("has no earlier version")),
        }
    }

    fn refused(&self, problem: &str) -> Error {
        Error::Conflict {
            problem: format!("tag `{}` {problem}", self.key),
        }
    }
}

/// To be published is to have no other state.
fn in_state(tag: &TagDefinition, status: TagStatus) -> TagDefinition {
    TagDefinition {
        status: Some(status).filter(|status| *status != TagStatus::Published),
        ..tag.clone()
    }
}
