//! What a step expects against what came out.

mod values;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{LocalizedText, TagKey, TagStatus, UserSet};
use tags::TagResults;

use super::definitions;
use super::exact::Lines;
use super::explanation;
use super::file::{Counts, Expect, Members, Said, Texts};
use super::play::{Failure, State};
use crate::mistakes::Problems;

/// Compares the expectations of a step with its state.
pub struct Expectations<'s> {
    pub(super) state: &'s State<'s>,
    pub(super) lines: &'s Lines<'s>,
}

/// Users as a comparison needs them: by value, or whatever the value.
type MembersOf<'m> = dyn Fn(Option<&str>) -> Arc<UserSet> + 'm;

impl<'s> Expectations<'s> {
    /// Expectations of that state.
    pub fn new(state: &'s State<'s>, lines: &'s Lines<'s>) -> Self {
        Self { state, lines }
    }

    /// Everything that is not as expected.
    pub fn failures(&self, expect: &Expect) -> Vec<Failure> {
        let mut failures = Vec::new();
        self.definitions(expect, &mut failures);
        for (key, members) in &expect.tags {
            self.tag(key, members, &mut failures);
        }
        for (key, members) in &expect.audiences {
            self.audience(key, members, &mut failures);
        }
        for (key, counts) in &expect.counts {
            self.count(key, counts, &mut failures);
        }
        for (key, members) in &expect.entered {
            let (before, after) = (self.state.before, Some(self.state.results));
            self.change(("entered", key), members, (after, before), &mut failures);
        }
        for (key, members) in &expect.left {
            let (before, after) = (self.state.before, Some(self.state.results));
            self.change(("left", key), members, (before, after), &mut failures);
        }
        self.values(expect, &mut failures);
        self.attributes(expect, &mut failures);
        failures
    }

    /// Rejections and hints: a definition is refused if and only if that is expected.
    fn definitions(&self, expect: &Expect, failures: &mut Vec<Failure>) {
        let said = self.state.said;
        let messages = |problems: &Problems| -> Vec<LocalizedText> {
            let problems = problems.diagnostics.iter();
            problems.map(|problem| problem.message.clone()).collect()
        };
        match &expect.rejected {
            Said::OfAny(parts) => {
                let got = said.rejected.iter();
                let got = got.flat_map(|(key, problems)| {
                    std::iter::once(LocalizedText::same(key)).chain(messages(problems))
                });
                self.compare_texts("refused", parts, Some(got.collect()), failures);
            }
            Said::ByKey(expected) => {
                for (key, problems) in &said.rejected {
                    if !expected.contains_key(key) {
                        failures.push(Failure {
                            refused: Some(Box::new(problems.clone())),
                            ..Failure::sentence(format!("{} `{key}` is refused", problems.kind))
                        });
                    }
                }
                for (key, parts) in expected {
                    let got = said.rejected.get(key).map(messages);
                    self.compare_texts(&format!("`{key}` is refused"), parts, got, failures);
                }
            }
        }
        match &expect.hints {
            Said::OfAny(parts) => {
                let got = said.hints.values().flatten().cloned().collect();
                self.compare_texts("hints", parts, Some(got), failures);
            }
            Said::ByKey(expected) => {
                for (key, parts) in expected {
                    let is_rejected = said.rejected.contains_key(key);
                    if !is_rejected && self.known(key, failures).is_none() {
                        continue;
                    }
                    let got = Some(said.hints.get(key).cloned().unwrap_or_default());
                    self.compare_texts(&format!("hints about `{key}`"), parts, got, failures);
                }
            }
        }
    }

    /// Every part must be in one of the messages, in either language; no parts: there must be no
    /// message.
    fn compare_texts(
        &self,
        what: &str,
        parts: &Texts,
        got: Option<Vec<LocalizedText>>,
        failures: &mut Vec<Failure>,
    ) {
        let messages = got.as_deref().unwrap_or_default();
        let is_said = |part: &String| {
            let mut messages = messages.iter();
            messages.any(|message| message.en.contains(part) || message.zh.contains(part))
        };
        let agrees = match &got {
            None => false,
            Some(messages) if parts.0.is_empty() => messages.is_empty(),
            Some(_) => parts.0.iter().all(is_said),
        };
        if !agrees {
            let said = |got: Vec<LocalizedText>| {
                let language = self.state.language;
                let got: Vec<&str> = got.iter().map(|message| message.of(language)).collect();
                format!("{got:?}")
            };
            failures.push(Failure {
                expected: Some(format!("{:?}", parts.0)),
                got: Some(got.map_or_else(|| "accepted".to_owned(), said)),
                ..Failure::sentence(what)
            });
        }
    }

    fn tag(&self, key: &str, expected: &Members, failures: &mut Vec<Failure>) {
        let Some(tag) = self.known_tag(key, failures) else {
            return;
        };
        let of = |value: Option<&str>| members(Some(self.state.results), &tag, value);
        self.compare(&format!("tag `{key}`"), expected, &of, Some(key), failures);
    }

    fn audience(&self, key: &str, expected: &Members, failures: &mut Vec<Failure>) {
        let Some(tag) = self.known_audience(key) else {
            failures.push(Failure::sentence(format!("there is no audience `{key}`")));
            return;
        };
        let of = |value: Option<&str>| members(Some(self.state.results), &tag, value);
        self.compare(&format!("audience `{key}`"), expected, &of, None, failures);
    }

    fn count(&self, key: &str, expected: &Counts, failures: &mut Vec<Failure>) {
        let Some(tag) = self.known(key, failures) else {
            return;
        };
        let one = |value: Option<&str>, expected: u64| {
            let got = members(Some(self.state.results), &tag, value).len();
            let of_value = value
                .map(|value| format!(" = {value:?}"))
                .unwrap_or_default();
            (got != expected).then(|| Failure {
                expected: Some(expected.to_string()),
                got: Some(got.to_string()),
                ..Failure::sentence(format!("count of `{key}`{of_value}"))
            })
        };
        match expected {
            Counts::All(count) => failures.extend(one(None, *count)),
            Counts::ByValue(counts) => {
                failures.extend(
                    counts
                        .iter()
                        .filter_map(|(value, count)| one(Some(value), *count)),
                );
            }
        }
    }

    /// Who is in one result and not in another.
    fn change(
        &self,
        (what, key): (&str, &str),
        expected: &Members,
        (inside, outside): (Option<&TagResults>, Option<&TagResults>),
        failures: &mut Vec<Failure>,
    ) {
        let Some(tag) = self.known(key, failures) else {
            return;
        };
        let of = |value: Option<&str>| {
            Arc::new(members(inside, &tag, value).minus(&members(outside, &tag, value)))
        };
        let what = format!("{what} `{key}`");
        self.compare(&what, expected, &of, Some(key), failures);
    }

    /// A tag, or an audience of that key where there is no such tag.
    fn known(&self, key: &str, failures: &mut Vec<Failure>) -> Option<TagKey> {
        match self.state.definitions.tag(key) {
            Some(tag) => Some(tag.definition.key.clone()),
            None => self
                .known_audience(key)
                .or_else(|| self.known_tag(key, failures)),
        }
    }

    fn known_audience(&self, key: &str) -> Option<TagKey> {
        let mut audiences = self.state.definitions.book.audiences.keys();
        let is_defined = audiences.any(|own| own.as_str() == key);
        definitions::audience_tag(key).filter(|_| is_defined)
    }

    pub(super) fn known_tag(&self, key: &str, failures: &mut Vec<Failure>) -> Option<TagKey> {
        let tag = self
            .state
            .definitions
            .tag(key)
            .map(|tag| tag.definition.key.clone());
        if tag.is_none() && !self.state.said.rejected.contains_key(key) {
            let told = match self.state.definitions.state_aside(key) {
                Some(TagStatus::Archived) => format!("tag `{key}` is archived: nobody has it"),
                Some(_) => format!(
                    "tag `{key}` is a draft, and nothing follows from it: `define: {{publish: {key}}}` puts it in force"
                ),
                None => format!("there is no tag `{key}`"),
            };
            failures.push(Failure::sentence(told));
        }
        tag
    }

    /// Compares users; `explained` is the tag whose rule says why.
    fn compare(
        &self,
        what: &str,
        expected: &Members,
        of: &MembersOf<'_>,
        explained: Option<&str>,
        failures: &mut Vec<Failure>,
    ) {
        let mut compare_exactly = |what: String, names: &[String], value: Option<&str>| {
            let got = of(value);
            let (wanted, got) = (self.keys(names, &got), self.keys_of(&got));
            if wanted != got {
                let wrong = wanted.symmetric_difference(&got).next().cloned();
                failures.push(self.failure(what, &wanted, &got, explained, wrong));
            }
        };
        if let Some(names) = &expected.exactly {
            compare_exactly(what.to_owned(), names, None);
        }
        for (value, names) in &expected.by_value {
            compare_exactly(format!("{what} = {value:?}"), names, Some(value));
        }
        let got = of(None);
        let in_it = self.keys(&expected.includes, &got);
        let out_of_it = self.keys(&expected.excludes, &got);
        let got = self.keys_of(&got);
        let lacking: BTreeSet<String> = in_it.difference(&got).cloned().collect();
        if let Some(wrong) = lacking.first().cloned() {
            let what = format!("{what} includes");
            failures.push(self.failure(what, &in_it, &got, explained, Some(wrong)));
        }
        let too_many: BTreeSet<String> = out_of_it.intersection(&got).cloned().collect();
        if let Some(wrong) = too_many.first().cloned() {
            let what = format!("{what} excludes");
            failures.push(self.failure(what, &out_of_it, &got, explained, Some(wrong)));
        }
    }

    fn failure(
        &self,
        what: String,
        expected: &BTreeSet<String>,
        got: &BTreeSet<String>,
        explained: Option<&str>,
        wrong: Option<String>,
    ) -> Failure {
        let explanation = explained.zip(wrong);
        let explanation = explanation.and_then(|(tag, user)| self.why(tag, &user));
        Failure {
            expected: Some(listed(expected)),
            got: Some(listed(got)),
            explanation,
            ..Failure::sentence(what)
        }
    }

    /// Why a user has a tag, or has not.
    fn why(&self, tag: &str, user: &str) -> Option<String> {
        if let Some(reason) = self.state.unlearned.get(tag) {
            return Some(reason.of(self.state.language).to_owned());
        }
        let tag = self.state.definitions.tag(tag)?;
        match self.state.store.named(user) {
            Some(number) => explanation::of(tag, user, number, self.state),
            None => Some(format!("{user} is not known")),
        }
    }

    /// The names of users as the store writes them; of unknown ones as the scenario does. One who
    /// became a part of another user is meant by the own name where the answer still has it: among
    /// those who left.
    fn keys(&self, names: &[String], got: &UserSet) -> BTreeSet<String> {
        let store = self.state.store;
        let key = |name: &String| {
            let own = store.identity_named(name).filter(|own| got.contains(*own));
            match own.or_else(|| store.named(name)) {
                Some(number) => store.name_of(number),
                None => name.clone(),
            }
        };
        names.iter().map(key).collect()
    }

    fn keys_of(&self, users: &UserSet) -> BTreeSet<String> {
        users
            .iter()
            .map(|number| self.state.store.name_of(number))
            .collect()
    }
}

/// The users of a tag, or of one of its values; of a metric, by the canonical text of its value.
fn members(results: Option<&TagResults>, tag: &TagKey, value: Option<&str>) -> Arc<UserSet> {
    let found = results.and_then(|results| match value {
        Some(value) => match results.values(tag) {
            Some(values) => Some(Arc::new(values::members_with(values, value))),
            None => results.members_with(tag, value).cloned(),
        },
        None => results.members(tag),
    });
    found.unwrap_or_default()
}

fn listed(users: &BTreeSet<String>) -> String {
    let names: Vec<&str> = users.iter().map(String::as_str).collect();
    format!("[{}]", names.join(", "))
}
