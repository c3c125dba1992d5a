//! The order in which tags are computed: what a tag names comes before it.

use std::collections::BTreeSet;

use domain::{AudienceKey, Time};
use rules::checked::{Measure, Population};

use super::references::{self, Reference};
use crate::Error;
use crate::source::Definitions;

/// Tags in the order of their dependencies, and the passes over the users that they need.
#[derive(Debug)]
pub(crate) struct Order {
    /// Places of all tags, each after what it names.
    pub tags: Vec<usize>,
    /// What each tag names itself, or through audiences.
    pub needs: Vec<Vec<usize>>,
    /// The instant of its own that a tag has.
    pub instants: Vec<Option<Time>>,
    /// The passes before the last one, in order: tags of one instant of their own.
    pub early: Vec<Group>,
}

/// Tags with one instant of their own, computed together.
#[derive(Debug)]
pub(crate) struct Group {
    pub now: Time,
    pub tags: Vec<usize>,
}

impl Order {
    /// Orders the tags; finds circles and names that do not exist.
    pub fn new(definitions: &Definitions<'_>, now: Time) -> Result<Self, Error> {
        let needs: Vec<Vec<usize>> = (0..definitions.tags.len())
            .map(|tag| needs_of(definitions, tag))
            .collect::<Result<_, _>>()?;
        let tags = sorted(definitions, &needs)?;
        let own = |as_of: Option<Time>| as_of.filter(|instant| *instant < now);
        let instants: Vec<_> = definitions.tags.iter().map(|tag| own(tag.as_of)).collect();
        let early = groups(&tags, &needs, &instants);
        Ok(Self {
            tags,
            needs,
            instants,
            early,
        })
    }

    /// The tags that a pass computes: its own, and what they need that has no other instant.
    /// In the order of dependencies.
    pub fn closure(&self, own: &[usize], instant: Option<Time>) -> Vec<usize> {
        let mut wanted: BTreeSet<usize> = own.iter().copied().collect();
        for tag in self.tags.iter().rev().filter(|_| !own.is_empty()) {
            if !wanted.contains(tag) {
                continue;
            }
            for need in self.needs.get(*tag).into_iter().flatten() {
                if self.is_local(*need, instant) {
                    wanted.insert(*need);
                }
            }
        }
        self.tags
            .iter()
            .copied()
            .filter(|tag| wanted.contains(tag))
            .collect()
    }

    /// Whether a pass of that instant computes the tag itself, rather than read its result.
    pub fn is_local(&self, tag: usize, instant: Option<Time>) -> bool {
        match self.instants.get(tag).copied().flatten() {
            None => true,
            own => own == instant,
        }
    }
}

fn needs_of(definitions: &Definitions<'_>, tag: usize) -> Result<Vec<usize>, Error> {
    let Some(definition) = definitions.tags.get(tag) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    references::of_body(definition.body, &mut |reference| found.push(reference));
    tags_named(definitions, found, &format!("tag `{}`", definition.key))
}

/// The tags that a value among all users is made of.
pub(crate) fn needs_of_population(
    definitions: &Definitions<'_>,
    population: &Population,
) -> Result<Vec<usize>, Error> {
    let mut found = Vec::new();
    references::of_population(population, &mut |reference| found.push(reference));
    tags_named(definitions, found, "a rule")
}

fn tags_named(
    definitions: &Definitions<'_>,
    found: Vec<Reference<'_>>,
    by: &str,
) -> Result<Vec<usize>, Error> {
    let mut needs = Needs {
        definitions,
        tags: Vec::new(),
        audiences: Vec::new(),
        done: BTreeSet::new(),
    };
    for reference in found {
        needs.add(reference, by)?;
    }
    needs.tags.sort_unstable();
    needs.tags.dedup();
    Ok(needs.tags)
}

/// The tags that a rule names, looked for through audiences.
struct Needs<'d, 'a> {
    definitions: &'d Definitions<'a>,
    tags: Vec<usize>,
    /// The audiences that are open on the way.
    audiences: Vec<&'d AudienceKey>,
    done: BTreeSet<&'d AudienceKey>,
}

impl<'d> Needs<'d, '_> {
    fn add(&mut self, reference: Reference<'d>, by: &str) -> Result<(), Error> {
        match reference {
            Reference::Tag(tag) => match self.definitions.places.get(tag) {
                Some(place) => self.tags.push(*place),
                None => {
                    return Err(Error::UnknownTag {
                        by: by.to_owned(),
                        tag: tag.clone(),
                    });
                }
            },
            Reference::UserList(list) if !self.definitions.user_lists.contains_key(list) => {
                return Err(Error::UnknownList {
                    by: by.to_owned(),
                    list: list.clone(),
                });
            }
            Reference::Audience(audience) => self.audience(audience, by)?,
            Reference::Feature(Measure::Population(population)) => {
                let mut found = Vec::new();
                references::of_population(population, &mut |reference| found.push(reference));
                for reference in found {
                    self.add(reference, by)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn audience(&mut self, audience: &'d AudienceKey, by: &str) -> Result<(), Error> {
        if let Some(start) = self.audiences.iter().position(|open| *open == audience) {
            let circle = self.audiences.iter().skip(start).chain([&audience]);
            return Err(Error::Cycle {
                path: circle.map(ToString::to_string).collect(),
            });
        }
        let Some(condition) = self.definitions.audiences.get(audience) else {
            return Err(Error::UnknownAudience {
                by: by.to_owned(),
                audience: audience.clone(),
            });
        };
        if !self.done.insert(audience) {
            return Ok(());
        }
        self.audiences.push(audience);
        let by = format!("audience `{audience}`");
        let mut found = Vec::new();
        references::of_condition(condition, &mut |reference| found.push(reference));
        for reference in found {
            self.add(reference, &by)?;
        }
        self.audiences.pop();
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Not,
    Open,
    Done,
}

/// Depth first without recursion: chains of tags may be long.
fn sorted(definitions: &Definitions<'_>, needs: &[Vec<usize>]) -> Result<Vec<usize>, Error> {
    let mut visits = vec![Visit::Not; needs.len()];
    let mut order = Vec::with_capacity(needs.len());
    for start in 0..needs.len() {
        let mut path: Vec<(usize, usize)> = Vec::new();
        if visits.get(start) == Some(&Visit::Not) {
            path.push((start, 0));
        }
        while let Some((tag, next)) = path.pop() {
            let need = needs.get(tag).and_then(|needs| needs.get(next)).copied();
            let Some(need) = need else {
                set(&mut visits, tag, Visit::Done);
                order.push(tag);
                continue;
            };
            set(&mut visits, tag, Visit::Open);
            path.push((tag, next + 1));
            match visits.get(need) {
                Some(Visit::Open) => return Err(circle(definitions, &path, need)),
                Some(Visit::Not) => path.push((need, 0)),
                _ => {}
            }
        }
    }
    Ok(order)
}

fn set(visits: &mut [Visit], tag: usize, visit: Visit) {
    if let Some(entry) = visits.get_mut(tag) {
        *entry = visit;
    }
}

fn circle(definitions: &Definitions<'_>, path: &[(usize, usize)], to: usize) -> Error {
    let names = path
        .iter()
        .map(|(tag, _)| *tag)
        .skip_while(|tag| *tag != to)
        .chain([to]);
    let keys = names
        .filter_map(|tag| definitions.tags.get(tag))
        .map(|tag| tag.key.to_string());
    Error::Cycle {
        path: keys.collect(),
    }
}

/// Groups the tags that have an instant of their own. A tag that reads another one's recorded
/// result comes in a later group; at one instant they are computed together.
fn groups(order: &[usize], needs: &[Vec<usize>], instants: &[Option<Time>]) -> Vec<Group> {
    let instant = |tag: usize| instants.get(tag).copied().flatten();
    let mut depths = vec![0_usize; needs.len()];
    // For a tag without an instant: the tags with one that it reads, through others without.
    let mut reads: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); needs.len()];
    let mut groups: std::collections::BTreeMap<(usize, Time), Vec<usize>> = Default::default();
    for tag in order {
        let mut read = BTreeSet::new();
        for need in needs.get(*tag).into_iter().flatten() {
            match instant(*need) {
                Some(_) => {
                    read.insert(*need);
                }
                None => read.extend(reads.get(*need).into_iter().flatten()),
            }
        }
        if let Some(own) = instant(*tag) {
            let depth_of = |other: &usize| {
                let depth = depths.get(*other).copied().unwrap_or(0);
                if instant(*other) == Some(own) {
                    depth
                } else {
                    depth + 1
                }
            };
            let depth = read.iter().map(depth_of).max().unwrap_or(0);
            groups.entry((depth, own)).or_default().push(*tag);
            if let Some(entry) = depths.get_mut(*tag) {
                *entry = depth;
            }
        }
        if let Some(entry) = reads.get_mut(*tag) {
            *entry = read;
        }
    }
    groups
        .into_iter()
        .map(|((_, now), tags)| Group { now, tags })
        .collect()
}
