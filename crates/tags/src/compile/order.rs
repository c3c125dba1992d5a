//! The order in which tags are computed: what a tag names comes before it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AudienceKey, TagKey, Time};
use rules::checked::{Measure, Population};

use super::references::{self, Reference};
use crate::Error;
use crate::source::{Definition, Definitions};

/// Tags in the order of their dependencies, and the passes over the users that they need.
#[derive(Debug)]
pub(crate) struct Order {
    /// Places of all tags, each after what it names.
    pub tags: Vec<usize>,
    /// What each tag names itself, or through audiences.
    pub needs: Vec<Vec<usize>>,
    /// The instant of its own that a tag has; or that of all, where its recorded memberships are
    /// read, for what this run finds of it belongs to them.
    pub instants: Vec<Option<Time>>,
    /// Which tags are given: no pass computes them.
    given: Vec<bool>,
    /// The passes before the last one, in order: tags of one instant.
    pub early: Vec<Group>,
}

/// Tags of one instant, computed together.
#[derive(Debug)]
pub(crate) struct Group {
    pub now: Time,
    pub tags: Vec<usize>,
}

impl Order {
    /// Orders the tags; finds circles and names that do not exist.
    pub fn new(definitions: &Definitions<'_>, now: Time) -> Result<Self, Error> {
        let reads: Vec<Reads> = (0..definitions.tags.len())
            .map(|tag| reads_of(definitions, tag))
            .collect::<Result<_, _>>()?;
        let tags = sorted(definitions, &reads)?;
        let recorded: BTreeSet<usize> = reads.iter().flat_map(Reads::records).collect();
        let own = |(place, tag): (usize, &Definition<'_>)| {
            tag.body()?;
            tag.as_of()
                .filter(|instant| *instant < now)
                .or(recorded.contains(&place).then_some(now))
        };
        let instants: Vec<_> = definitions.tags.iter().enumerate().map(own).collect();
        let given = definitions.tags.iter().map(|tag| tag.given().is_some());
        let early = groups(&tags, &reads, &instants);
        let needs = reads.iter().map(Reads::results).collect();
        Ok(Self {
            tags,
            needs,
            instants,
            given: given.collect(),
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
        if self.given.get(tag) == Some(&true) {
            return false;
        }
        match self.instants.get(tag).copied().flatten() {
            None => true,
            own => own == instant,
        }
    }
}

/// The tags that a tag reads, and how.
#[derive(Clone, Debug, Default)]
struct Reads(BTreeMap<usize, Reading>);

/// How a tag reads another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reading {
    /// Its result at the same instant.
    Result,
    /// What runs have recorded of it, this one among them; perhaps its result, too.
    Record,
}

impl Reads {
    fn add(&mut self, tag: usize, reading: Reading) {
        let known = self.0.entry(tag).or_insert(reading);
        *known = reading.max(*known);
    }

    fn records(&self) -> impl Iterator<Item = usize> + '_ {
        let records = self.0.iter();
        let records = records.filter(|(_, reading)| **reading == Reading::Record);
        records.map(|(tag, _)| *tag)
    }

    fn results(&self) -> Vec<usize> {
        self.0.keys().copied().collect()
    }
}

fn reads_of(definitions: &Definitions<'_>, tag: usize) -> Result<Reads, Error> {
    let definition = definitions.tags.get(tag);
    let Some((key, body)) = definition.and_then(|tag| Some((tag.key, tag.body()?))) else {
        return Ok(Reads::default());
    };
    let mut found = Vec::new();
    references::of_body(body, &mut |reference| found.push(reference));
    let by = format!("tag `{key}`");
    let recorded = references::recorded_by_body(body);
    reads_named(definitions, found, &recorded, &by)
}

/// The tags that a value among all users is made of.
pub(crate) fn needs_of_population(
    definitions: &Definitions<'_>,
    population: &Population,
) -> Result<Vec<usize>, Error> {
    let mut found = Vec::new();
    references::of_population(population, &mut |reference| found.push(reference));
    let recorded = references::recorded_by_population(population);
    let reads = reads_named(definitions, found, &recorded, "a rule")?;
    Ok(reads.results())
}

fn reads_named(
    definitions: &Definitions<'_>,
    found: Vec<Reference<'_>>,
    recorded: &BTreeSet<TagKey>,
    by: &str,
) -> Result<Reads, Error> {
    let mut needs = Needs {
        definitions,
        reads: Reads::default(),
        audiences: Vec::new(),
        done: BTreeSet::new(),
    };
    for reference in found {
        needs.add(reference, by)?;
    }
    for tag in recorded {
        needs.tag(tag, Reading::Record, by)?;
    }
    Ok(needs.reads)
}

/// The tags that a rule names, looked for through audiences.
struct Needs<'d, 'a> {
    definitions: &'d Definitions<'a>,
    reads: Reads,
    /// The audiences that are open on the way.
    audiences: Vec<&'d AudienceKey>,
    done: BTreeSet<&'d AudienceKey>,
}

impl<'d> Needs<'d, '_> {
    fn add(&mut self, reference: Reference<'d>, by: &str) -> Result<(), Error> {
        match reference {
            Reference::Tag(tag) => self.tag(tag, Reading::Result, by)?,
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
                for tag in references::recorded_by_population(population) {
                    self.tag(&tag, Reading::Record, by)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn tag(&mut self, tag: &TagKey, reading: Reading, by: &str) -> Result<(), Error> {
        let Some(place) = self.definitions.places.get(tag) else {
            return Err(Error::UnknownTag {
                by: by.to_owned(),
                tag: tag.clone(),
            });
        };
        self.reads.add(*place, reading);
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
        for tag in references::recorded_by_condition(condition) {
            self.tag(&tag, Reading::Record, &by)?;
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
fn sorted(definitions: &Definitions<'_>, reads: &[Reads]) -> Result<Vec<usize>, Error> {
    let needs: Vec<Vec<usize>> = reads.iter().map(Reads::results).collect();
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

/// Groups the tags that have an instant. A tag that reads the result of another instant, or what
/// runs recorded of a tag, comes in a later group; others of one instant are computed together.
fn groups(order: &[usize], direct: &[Reads], instants: &[Option<Time>]) -> Vec<Group> {
    let instant = |tag: usize| instants.get(tag).copied().flatten();
    let mut depths = vec![0_usize; direct.len()];
    // For a tag without an instant: the tags with one that it reads, through others without.
    let mut reads: Vec<Reads> = vec![Reads::default(); direct.len()];
    let mut groups: BTreeMap<(usize, Time), Vec<usize>> = BTreeMap::new();
    for tag in order {
        let mut read = Reads::default();
        for (need, reading) in direct.get(*tag).into_iter().flat_map(|reads| &reads.0) {
            match (instant(*need), reads.get(*need)) {
                (Some(_), _) => read.add(*need, *reading),
                (None, Some(through)) => through
                    .0
                    .iter()
                    .for_each(|(need, reading)| read.add(*need, *reading)),
                (None, None) => {}
            }
        }
        if let Some(own) = instant(*tag) {
            let depth_of = |(other, reading): (&usize, &Reading)| {
                let depth = depths.get(*other).copied().unwrap_or(0);
                if instant(*other) == Some(own) && *reading == Reading::Result {
                    depth
                } else {
                    depth + 1
                }
            };
            let depth = read.0.iter().map(depth_of).max().unwrap_or(0);
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
