//! Reading definitions, each tag after those that it names.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::{AudienceDefinition, TagBody, TagDefinition, TagKey};
use rules::{
    CheckOptions, Defined, Diagnostic, Rule, TextRange, Vocabulary, order, parse, read_definition,
    text_of, written_text_of,
};

use super::known::{Known, Reading};
use super::{Meaning, ReadTag, Rulebook, options_of};
use crate::mistakes::Problems;
use crate::sql_tags::Queries;
use crate::supplied;

/// What each definition names.
type Names = BTreeMap<Defined, BTreeSet<Defined>>;

/// A rulebook in the making.
pub(super) struct Reader<'r> {
    book: Rulebook,
    assumed: &'r CheckOptions,
    queries: &'r dyn Queries,
    before: &'r Known,
    /// What was read, to be known next time.
    after: Known,
}

impl<'r> Reader<'r> {
    pub fn new(
        vocabulary: Vocabulary,
        assumed: &'r CheckOptions,
        queries: &'r dyn Queries,
        before: &'r Known,
    ) -> Self {
        let after = Known {
            vocabulary: vocabulary.clone(),
            assumed: assumed.clone(),
            tags: HashMap::new(),
        };
        let book = Rulebook {
            vocabulary,
            ..Rulebook::default()
        };
        Self {
            book,
            assumed,
            queries,
            before,
            after,
        }
    }

    /// Reads all definitions; gives also what is to be known next time.
    pub fn read(
        mut self,
        tags: &[TagDefinition],
        audiences: &[AudienceDefinition],
    ) -> (Rulebook, Known) {
        self.know_names(tags, audiences);
        let same = tags.iter().filter_map(|tag| self.before.same(tag));
        let same: HashMap<&TagKey, &Arc<Reading>> = same
            .map(|reading| (&reading.tag.definition.key, reading))
            .collect();
        let by_key: BTreeMap<&TagKey, &TagDefinition> =
            tags.iter().map(|tag| (&tag.key, tag)).collect();
        let (keys, mut names) = self.in_order(tags, audiences, &same);
        for key in keys {
            let Some(tag) = by_key.get(&key) else {
                continue;
            };
            let known = same
                .get(&key)
                .filter(|known| known.holds(&self.book.vocabulary));
            match (&tag.body, known) {
                (TagBody::Sql(sql), _) => self.read_query(tag, sql),
                (_, Some(known)) => self.take_known(known),
                (_, None) => {
                    let names = names.remove(&Defined::Tag(key)).unwrap_or_default();
                    self.read_tag(tag, names);
                }
            }
        }
        for audience in audiences {
            let problems = self.book.problems.iter();
            let mut of_it = problems.filter(|problems| problems.kind == "audience");
            if !of_it.any(|problems| problems.key == audience.key.as_str()) {
                self.read_audience(audience);
            }
        }
        (self.book, self.after)
    }

    fn know_names(&mut self, tags: &[TagDefinition], audiences: &[AudienceDefinition]) {
        let vocabulary = &mut self.book.vocabulary;
        vocabulary.audiences = audiences
            .iter()
            .map(|audience| audience.key.clone())
            .collect();
        let names = tags.iter().map(|tag| (tag.key.clone(), tag.name.clone()));
        vocabulary.names.tags = names.collect();
        let names = audiences
            .iter()
            .map(|one| (one.key.clone(), one.name.clone()));
        vocabulary.names.audiences = names.collect();
    }

    /// The keys of the tags that can be read, with what each names, and problems for those that form a circle. Tags that
    /// are no rule or name what does not exist come last, so that hints at them know all others.
    fn in_order(
        &mut self,
        tags: &[TagDefinition],
        audiences: &[AudienceDefinition],
        same: &HashMap<&TagKey, &Arc<Reading>>,
    ) -> (Vec<TagKey>, Names) {
        let (mut needs, mut broken) = (Names::new(), BTreeSet::new());
        for tag in tags {
            let name = Defined::Tag(tag.key.clone());
            if let Some(known) = same.get(&tag.key) {
                needs.insert(name, known.names.clone());
                continue;
            }
            // A query names no tags: it reads what the last run has left.
            if matches!(tag.body, TagBody::Sql(_)) {
                needs.insert(name, BTreeSet::new());
                continue;
            }
            let rule = parse(&text_of(&tag.body));
            if rule.is_err() && supplied::of_tag(tag).is_none() {
                broken.insert(name.clone());
            }
            needs.insert(name, rule.map(|rule| named(&rule)).unwrap_or_default());
        }
        for audience in audiences {
            let names = parse(&audience.rule).map(|rule| named(&rule));
            needs.insert(
                Defined::Audience(audience.key.clone()),
                names.unwrap_or_default(),
            );
        }
        loop {
            match order(&needs) {
                Ok(names) => {
                    let is_whole = |name: &Defined| {
                        let mut names = needs.get(name).into_iter().flatten();
                        !broken.contains(name) && names.all(|name| needs.contains_key(name))
                    };
                    let (whole, broken): (Vec<_>, Vec<_>) = names.into_iter().partition(is_whole);
                    let names = whole.into_iter().chain(broken);
                    return (names.filter_map(tag_key).collect(), needs);
                }
                Err(cycle) => {
                    for (name, next) in cycle.path.iter().zip(cycle.path.iter().skip(1)) {
                        if needs.remove(name).is_some() {
                            let (kind, key, text) = definition(name, tags, audiences);
                            let range = place_of(next, &text);
                            let problem = Diagnostic::cycle(cycle.path.clone(), range);
                            self.note(kind, key, text, vec![problem]);
                        }
                    }
                }
            }
        }
    }

    /// Takes a tag over that has no mistakes.
    fn take(&mut self, tag: Arc<ReadTag>) {
        let key = &tag.definition.key;
        let book = &mut self.book;
        book.vocabulary.tags.insert(key.clone(), tag.kind());
        book.places.insert(key.clone(), book.tags.len());
        book.tags.push(tag);
    }

    fn take_known(&mut self, reading: &Arc<Reading>) {
        let definition = &reading.tag.definition;
        if !reading.doubts.is_empty() {
            let text = written_text_of(&definition.body);
            self.note("tag", definition.key.as_str(), text, reading.doubts.clone());
        }
        self.take(Arc::clone(&reading.tag));
        let key = definition.key.clone();
        self.after.tags.insert(key, Arc::clone(reading));
    }

    fn read_query(&mut self, tag: &TagDefinition, sql: &str) {
        match self.queries.checked(sql) {
            Ok(query) => self.take(Arc::new(ReadTag::new(tag.clone(), Meaning::Query(query)))),
            Err(problem) => self.note("tag", tag.key.as_str(), sql.to_owned(), vec![problem]),
        }
    }

    fn read_tag(&mut self, tag: &TagDefinition, names: BTreeSet<Defined>) {
        match self.meaning_of(tag) {
            Ok((meaning, doubts)) => {
                let read = Arc::new(ReadTag::new(tag.clone(), meaning));
                let vocabulary = &self.book.vocabulary;
                self.take_known(&Arc::new(Reading::new(read, doubts, names, vocabulary)));
            }
            Err(problems) => {
                let text = written_text_of(&tag.body);
                self.note("tag", tag.key.as_str(), text, problems);
            }
        }
    }

    /// What a tag means, and what is doubtful about it.
    ///
    /// # Errors
    /// What is wrong with it.
    fn meaning_of(
        &self,
        tag: &TagDefinition,
    ) -> Result<(Meaning, Vec<Diagnostic>), Vec<Diagnostic>> {
        if let Some(supplied) = supplied::of_tag(tag) {
            return Ok((Meaning::Supplied(supplied), Vec::new()));
        }
        let options = options_of(tag, self.assumed);
        let options = options.map_err(|error| vec![Diagnostic::refused(error)])?;
        let checked = read_definition(&tag.body, &self.book.vocabulary, &options)?;
        Ok((Meaning::Rule(checked.rule), checked.diagnostics))
    }

    fn read_audience(&mut self, audience: &AudienceDefinition) {
        let expected = rules::Expected::Condition;
        let options = CheckOptions {
            expected,
            ..self.assumed.clone()
        };
        let text = audience.rule.clone();
        match rules::read(&audience.rule, &self.book.vocabulary, &options) {
            Ok(checked) => {
                self.note("audience", audience.key.as_str(), text, checked.diagnostics);
                let book = &mut self.book;
                book.audiences.insert(audience.key.clone(), checked.rule);
                book.audience_texts
                    .insert(audience.key.clone(), audience.rule.clone());
            }
            Err(problems) => self.note("audience", audience.key.as_str(), text, problems),
        }
    }

    fn note(&mut self, kind: &'static str, key: &str, text: String, diagnostics: Vec<Diagnostic>) {
        if !diagnostics.is_empty() {
            let problems = Problems::of_rule(kind, key, text, diagnostics);
            self.book.problems.push(problems);
        }
    }
}

fn tag_key(defined: Defined) -> Option<TagKey> {
    match defined {
        Defined::Tag(key) => Some(key),
        Defined::Audience(_) => None,
    }
}

/// What a rule names.
fn named(rule: &Rule) -> BTreeSet<Defined> {
    let references = rule.references().into_iter();
    references.map(|reference| reference.node).collect()
}

/// Kind, key and text of a definition.
fn definition<'d>(
    name: &'d Defined,
    tags: &[TagDefinition],
    audiences: &[AudienceDefinition],
) -> (&'static str, &'d str, String) {
    let (kind, key, text) = match name {
        Defined::Tag(key) => {
            let tag = tags.iter().find(|tag| tag.key == *key);
            ("tag", key.as_str(), tag.map(|tag| text_of(&tag.body)))
        }
        Defined::Audience(key) => {
            let audience = audiences.iter().find(|audience| audience.key == *key);
            let text = audience.map(|audience| audience.rule.clone());
            ("audience", key.as_str(), text)
        }
    };
    (kind, key, text.unwrap_or_default())
}

/// Where a rule names a definition.
fn place_of(name: &Defined, text: &str) -> TextRange {
    let references = parse(text)
        .map(|rule| rule.references())
        .unwrap_or_default();
    let found = references.iter().find(|reference| reference.node == *name);
    found.map_or_else(TextRange::default, |reference| reference.range)
}
