//! The refresh: the one way in which tags are computed, for all users or for those who changed.

mod all;
mod among_all;
mod fresh;
mod given;
mod laid_out;
mod some;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::sync::Arc;

use domain::UserSet;
use features::FeatureBlock;

use crate::Error;
use crate::compile::TagProgram;
use crate::difference::{Changes, difference};
use crate::earlier::Earlier;
use crate::population::Populations;
use crate::ports::{Histories, Results, Selection};
use crate::results::{RunContent, TagResults};
use crate::sample::{Sample, Sampled};

pub use self::among_all::among_all;
pub use self::fresh::Fresh;
use self::given::FoldedHistories;
pub use self::given::GivenFeatures;
use self::laid_out::laid_out;

/// Which users are refreshed.
#[derive(Clone, Debug, PartialEq)]
pub enum Users {
    /// Everyone.
    All,
    /// These; the results of all others stay as they are.
    These(UserSet),
}

/// How much of the machine a refresh uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// How many threads work.
    pub threads: NonZeroUsize,
    /// For how many users histories are read at once; each thread holds so many. A multiple of
    /// 8,192; others are rounded up.
    pub users_per_read: u32,
}

impl Default for Config {
    /// All processors, 32,768 users at once.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            threads,
            users_per_read: 32_768,
        }
    }
}

/// What a refresh works with.
#[derive(Clone, Copy)]
pub struct Deps<'a> {
    /// Where histories come from.
    pub histories: &'a dyn Histories,
    /// Where results are kept.
    pub results: &'a dyn Results,
}

/// What a refresh leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Refreshed {
    /// Who has which tag value now.
    pub results: Arc<TagResults>,
    /// Who entered and left since the run before.
    pub changes: Changes,
}

/// Computes tags for some users or all, and keeps the results.
///
/// # Errors
/// Where a store fails, or where some users are to be refreshed but the last results belong to
/// other definitions.
pub fn refresh(
    deps: &Deps<'_>,
    program: &TagProgram,
    users: &Users,
    config: &Config,
) -> Result<Refreshed, Error> {
    let before = deps
        .results
        .latest()
        .map_err(|source| Error::Results { source })?;
    let folded = FoldedHistories::new(deps.histories, config);
    let refreshed = compute(&folded, program, users, before.as_deref(), config)?;
    deps.results
        .store(&refreshed.results, &refreshed.changes)
        .map_err(|source| Error::Results { source })?;
    Ok(refreshed)
}

/// Computes tags for a sample of about so many user numbers and keeps nothing: the results of those looked at, and for
/// how many they speak. Where something is asked among all users, all are looked at.
///
/// # Errors
/// Where the store of histories fails.
pub fn sampled(
    histories: &dyn Histories,
    program: &TagProgram,
    wanted: u32,
    config: &Config,
) -> Result<(TagResults, Sample), Error> {
    let folded = FoldedHistories::new(histories, config);
    let extent = folded.extent()?;
    let wanted = if program.populations.is_empty() {
        wanted
    } else {
        extent
    };
    let sample = Sample::new(extent, wanted);
    let source = Sampled {
        source: &folded,
        sample,
    };
    let (content, _) = all::compute(&source, program, None, config)?;
    Ok((TagResults::new(content), sample))
}

/// Gives the feature values of users.
pub trait FeatureSource: Sync {
    /// How many user numbers have been given out.
    ///
    /// # Errors
    /// What the store meets.
    fn extent(&self) -> Result<u32, Error>;

    /// Gives the feature values of those of some users who are known, in blocks of ascending users. What is
    /// fresh belongs to the recorded memberships.
    ///
    /// # Errors
    /// What the store meets.
    fn blocks(
        &self,
        program: &features::Program,
        fresh: &Fresh,
        users: &Selection,
        each: &mut dyn FnMut(&FeatureBlock),
    ) -> Result<(), Error>;
}

type Everyone = (RunContent, Option<Arc<Populations>>);

fn everyone(
    source: &dyn FeatureSource,
    program: &TagProgram,
    before: Option<&TagResults>,
    config: &Config,
) -> Result<Everyone, Error> {
    let of_these_slots = before.filter(|before| *before.slots() == program.slots);
    let before = of_these_slots.map(TagResults::content);
    let (content, populations) = all::compute(source, program, before, config)?;
    Ok((content, Some(Arc::new(populations))))
}

/// Computes tags out of feature values, and what changed since the results before.
///
/// # Errors
/// Where the source fails, or where some users are to be refreshed but the results before belong
/// to other definitions.
///
/// What is known among all users is found anew when everyone is computed; some users are computed
/// with what was known before. Where that is not there (results that were loaded from a store do
/// not have it), everyone is computed.
pub fn compute(
    source: &dyn FeatureSource,
    program: &TagProgram,
    users: &Users,
    before: Option<&TagResults>,
    config: &Config,
) -> Result<Refreshed, Error> {
    let run = before.map_or(0, TagResults::run) + 1;
    let (content, populations) = match (users, before) {
        (Users::All, _) => everyone(source, program, before, config)?,
        (Users::These(users), Some(before)) => {
            let content = laid_out(program, before.content()).ok_or(Error::DefinitionsChanged)?;
            match Earlier::recalling(program, before.populations().map(AsRef::as_ref)) {
                Some(earlier) => {
                    let content =
                        some::compute(source, program, users, (&content, earlier), config)?;
                    (content, before.populations().cloned())
                }
                None => everyone(source, program, Some(before), config)?,
            }
        }
        (Users::These(_), None) => return Err(Error::DefinitionsChanged),
    };
    let content = RunContent { run, ..content };
    let results = TagResults::after(before, content).with_populations(populations);
    let changes = difference(before, &results, config.threads)?;
    Ok(Refreshed {
        results: Arc::new(results),
        changes,
    })
}
