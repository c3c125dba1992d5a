//! What people are told of many problems: the same of one template once, and no more than they read.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::Hash;

use domain::{Language, Said};
use rules::{Code, Diagnostic, Severity};

use crate::definitions::Place;
use crate::display::grouped;
use crate::mistakes::Problems;

/// So many problems are told.
pub const MOST: usize = 50;

/// So many further definitions of a template are named.
const NAMED: usize = 3;

domain::words! {
    /// What is not told one by one.
    enum Further {
        OneOfTemplate { names: String },
            "这个模板的另外 1 个定义也是如此：{names}",
            "1 more definition of this template has the same: {names}";
        OfTemplate { count: String, names: String },
            "这个模板的另外 {count} 个定义也是如此：{names}",
            "{count} more definitions of this template have the same: {names}";
        Problems { count: String },
            "……还有 {count} 个问题：加上 `--json` 可以看到全部",
            "… and {count} more: `--json` tells all";
    }
}

/// What is the same: the first of it, and the others in their order.
#[derive(Debug)]
pub struct Group<T> {
    /// The one that is told.
    pub first: T,
    /// The others.
    pub others: Vec<T>,
}

impl<T> Group<T> {
    /// Puts together what has the same identity, in the order of the first of each; what has none stays alone.
    pub fn all<K: Eq + Hash>(
        all: impl IntoIterator<Item = T>,
        identity: impl Fn(&T) -> Option<K>,
    ) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        let mut places: HashMap<K, usize> = HashMap::new();
        for one in all {
            let place = match identity(&one) {
                Some(key) => *places.entry(key).or_insert(groups.len()),
                None => groups.len(),
            };
            match groups.get_mut(place) {
                Some(group) => group.others.push(one),
                None => groups.push(Self {
                    first: one,
                    others: Vec::new(),
                }),
            }
        }
        groups
    }

    /// How many they are.
    pub fn size(&self) -> usize {
        self.others.len() + 1
    }
}

/// How many further definitions of a template have the same problem, and the first of their keys; `None` for none.
pub fn further_of_template<'k>(
    keys: impl ExactSizeIterator<Item = &'k str>,
    language: Language,
) -> Option<String> {
    let count = keys.len();
    let mut names: Vec<String> = keys.take(NAMED).map(|key| format!("`{key}`")).collect();
    names.extend((count > NAMED).then(|| "…".to_owned()));
    let names = names.join(match language {
        Language::Chinese => "、",
        Language::English => ", ",
    });
    let further = match count {
        0 => return None,
        1 => Further::OneOfTemplate { names },
        _ => Further::OfTemplate {
            count: grouped(count as u64),
            names,
        },
    };
    Some(further.said(language))
}

/// That there are so many more problems than those that are told; `None` for none.
pub fn untold(count: usize, language: Language) -> Option<String> {
    let count = (count > 0).then(|| grouped(count as u64))?;
    Some(Further::Problems { count }.said(language))
}

/// What is told of the problems of definitions.
#[derive(Debug)]
pub struct Told<'p> {
    /// The definitions of which something is told, in their order, and what.
    pub definitions: Vec<(&'p Problems, String)>,
    /// How many problems are not told.
    pub untold: usize,
}

/// A problem of a definition.
struct One<'p> {
    of: &'p Problems,
    problem: &'p Diagnostic,
    /// How many problems before it are of its sort at its place.
    ordinal: usize,
}

impl<'p> Told<'p> {
    /// What a person at a terminal is told: the gravest, if they are too many.
    pub fn of(all: impl IntoIterator<Item = &'p Problems>, language: Language) -> Self {
        let groups = Group::all(all.into_iter().flat_map(ones), One::identity);
        let mut gravest: Vec<(usize, Severity)> = groups
            .iter()
            .map(|group| group.first.problem.severity)
            .enumerate()
            .collect();
        gravest.sort_by_key(|(_, severity)| *severity);
        let last_told = gravest
            .get(MOST)
            .map(|(place, severity)| (*severity, *place));
        let mut told = Self {
            definitions: Vec::new(),
            untold: 0,
        };
        for (place, group) in groups.iter().enumerate() {
            let grave = (group.first.problem.severity, place);
            if last_told.is_some_and(|last| grave >= last) {
                told.untold += group.size();
                continue;
            }
            told.add(group, language);
        }
        told
    }

    fn add(&mut self, group: &Group<One<'p>>, language: Language) {
        let One { of, problem, .. } = group.first;
        let mut words = of.rendered_one(problem, language);
        let keys = group.others.iter().map(|other| other.of.key.as_str());
        if let Some(further) = further_of_template(keys, language) {
            words.truncate(words.trim_end().len());
            words.extend(["\n  = ", &further, "\n"]);
        }
        match self.definitions.last_mut() {
            Some((last, told)) if std::ptr::eq(*last, of) => told.push_str(&words),
            _ => self.definitions.push((of, words)),
        }
    }

    /// A part for each definition, and perhaps how many problems are not told.
    pub fn parts(self, language: Language) -> Vec<String> {
        let told = self.definitions.into_iter().map(|(_, words)| words);
        let mut parts: Vec<String> = told.map(|words| words.trim_end().to_owned()).collect();
        parts.extend(untold(self.untold, language));
        parts
    }
}

/// The problems of a definition.
fn ones(of: &Problems) -> impl Iterator<Item = One<'_>> {
    let problems = &of.diagnostics;
    problems.iter().enumerate().map(move |(place, problem)| {
        let before = problems.iter().take(place);
        let same = before.filter(|one| (one.code, one.range) == (problem.code, problem.range));
        One {
            of,
            problem,
            ordinal: same.count(),
        }
    })
}

/// What problems of one template are the same by: what the template fills in changes the words and the letters before a
/// place, but not how many words stand before it.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Identity<'p> {
    place: &'p Place,
    template: &'p str,
    code: Code,
    severity: Severity,
    words_before: usize,
    words_within: usize,
    ordinal: usize,
}

impl<'p> One<'p> {
    fn identity(&self) -> Option<Identity<'p>> {
        let range = self.problem.range;
        let before = range.start.try_into().ok()?;
        let text = self.of.text.get(..before).unwrap_or_default();
        Some(Identity {
            place: self.of.place.as_ref()?,
            template: self.of.template.as_deref()?,
            code: self.problem.code,
            severity: self.problem.severity,
            words_before: words(text),
            words_within: words(range.of(&self.of.text)),
            ordinal: self.ordinal,
        })
    }
}

/// How many words, numbers and signs a text has.
fn words(text: &str) -> usize {
    let is_of_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
    let (mut words, mut within) = (0, false);
    for letter in text.chars() {
        let continues = is_of_word(letter);
        if !(letter.is_whitespace() || within && continues) {
            words += 1;
        }
        within = continues;
    }
    words
}
