//! What changed of a tag between two points of its past.

use std::sync::Arc;

use anyhow::Result;
use domain::{TagKey, UserNumber, UserSet, When};
use tags::Past;
use warehouse::RecordedRun;

use super::{History, Unanswerable};

/// Who entered and left a tag between two runs, whatever happened in between.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The tag.
    pub tag: TagKey,
    /// The earlier run.
    pub from: RecordedRun,
    /// The later run.
    pub to: RecordedRun,
    /// Who has the tag after the later run, and had it not after the earlier one.
    pub entered: Arc<UserSet>,
    /// Who had it, and has it no more.
    pub left: Arc<UserSet>,
    /// Who has it after both, with other values.
    pub changed: Arc<UserSet>,
    before: Past,
    after: Past,
}

/// What happened to one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The user got the tag.
    Entered,
    /// The user lost it.
    Left,
    /// The user has it with other values.
    Changed,
}

impl Move {
    /// The word for it in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Left => "left",
            Self::Changed => "changed",
        }
    }
}

impl Difference {
    /// Everybody to whom something happened, in the order of their numbers.
    pub fn moves(&self) -> impl Iterator<Item = (UserNumber, Move)> + '_ {
        let all = self.entered.or(&self.left).or(&self.changed);
        let users: Vec<UserNumber> = all.iter().collect();
        users.into_iter().map(|user| (user, self.move_of(user)))
    }

    /// What happened to a user; those to whom nothing happened count as changed.
    #[must_use]
    pub fn move_of(&self, user: UserNumber) -> Move {
        if self.entered.contains(user) {
            Move::Entered
        } else if self.left.contains(user) {
            Move::Left
        } else {
            Move::Changed
        }
    }

    /// The values that a user had before, and has after; none of a tag without values.
    #[must_use]
    pub fn values_of(&self, user: UserNumber) -> [Vec<Arc<str>>; 2] {
        [&self.before, &self.after].map(|past| {
            let slots = past.slots_of(&self.tag);
            let held = slots.filter(|(_, members)| members.contains(user));
            held.filter_map(|(slot, _)| slot.value.clone()).collect()
        })
    }

    /// Whether the tag has values.
    #[must_use]
    pub fn has_values(&self) -> bool {
        [&self.before, &self.after].iter().any(|past| {
            let mut slots = past.slots_of(&self.tag);
            slots.any(|(slot, members)| slot.value.is_some() && !members.is_empty())
        })
    }
}

impl History<'_> {
    /// What changed of a tag from one point of the past to another; `None` is the latest run.
    ///
    /// # Errors
    /// [`Unanswerable`] for a tag that nobody knows, for what was not recorded, and for a range that ends before it
    /// begins; the store's.
    pub fn difference(&self, tag: &TagKey, from: When, to: Option<When>) -> Result<Difference> {
        self.require(tag)?;
        let tags = std::slice::from_ref(tag);
        let zone = self.zone_of(tags)?;
        let first = self.run_at(from, &zone)?;
        let last = match (to, self.runs.last()) {
            (Some(to), _) => self.run_at(to, &zone)?,
            (None, Some(last)) => *last,
            (None, None) => first,
        };
        if last.run < first.run {
            let to = to.map(|to| to.to_string()).unwrap_or_default();
            let message = format!("`{to}` is before `{from}`: name the earlier one first");
            return Err(Unanswerable::Unknown(message).into());
        }
        let before = self.members_after(tags, first)?;
        let after = self.members_after(tags, last)?;
        let (old, new) = (before.members(tag), after.members(tag));
        Ok(Difference {
            tag: tag.clone(),
            from: first,
            to: last,
            entered: Arc::new(new.minus(&old)),
            left: Arc::new(old.minus(&new)),
            changed: Arc::new(moved(tag, &before, &after).and(&old).and(&new)),
            before,
            after,
        })
    }
}

/// The users who are among the members of another slot.
fn moved(tag: &TagKey, before: &Past, after: &Past) -> UserSet {
    let mut moved = UserSet::new();
    for (one, other) in [(before, after), (after, before)] {
        for (slot, members) in one.slots_of(tag) {
            moved = moved.or(&members.minus(other.members_with(slot)));
        }
    }
    moved
}
