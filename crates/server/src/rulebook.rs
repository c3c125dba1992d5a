//! Definitions as checked rules: read in the order in which tags depend on one another, so that
//! each is checked knowing what the others give.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::mem;
use std::sync::Arc;

use domain::{
    AudienceDefinition, AudienceKey, Keep, Supplied, TagBody, TagDefinition, TagKey, TagStatus,
    Zone,
};
use rules::checked::Body;
use rules::{
    CheckOptions, CheckedRule, Defined, Diagnostic, Rule, TagKind, TextRange, Vocabulary, order,
    parse, read_definition, text_of, written_text_of,
};
use tags::{GivenTag, MetricValues, Origin, TagResults, TagSource};

use crate::lookalike::Learned;
use crate::mistakes::Problems;
use crate::sql_tags::Queries;
use crate::supplied::{self, SuppliedTags};

/// Rules that can be computed, and those that cannot.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    /// The tags without mistakes, in an order in which each comes after those that it names.
    pub tags: Vec<ReadTag>,
    /// Where each tag stands in `tags`.
    places: HashMap<TagKey, usize>,
    /// The audiences without mistakes.
    pub audiences: BTreeMap<AudienceKey, CheckedRule>,
    /// Their texts.
    pub audience_texts: BTreeMap<AudienceKey, String>,
    /// What is wrong, or doubtful, by what it is wrong with; never empty lists.
    pub problems: Vec<Problems>,
    /// All names that a further rule may use.
    pub vocabulary: Vocabulary,
    /// Who has the tags that people supply; nobody has those that are not here.
    pub supplied: SuppliedTags,
    /// Who has SQL tags, as their queries found last; nobody has those that are not here.
    pub queried: BTreeMap<TagKey, GivenTag>,
}

/// A tag and what it means.
#[derive(Clone, Debug)]
pub struct ReadTag {
    /// As it was written.
    pub definition: TagDefinition,
    /// What it means.
    pub meaning: Meaning,
}

/// What decides who has a tag.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// A rule.
    Rule(CheckedRule),
    /// People supply it.
    Supplied(Supplied),
    /// A query finds who has it; what it gives.
    Query(TagKind),
}

impl ReadTag {
    /// The rule, of a tag that has one.
    pub fn rule(&self) -> Option<&CheckedRule> {
        match &self.meaning {
            Meaning::Rule(rule) => Some(rule),
            Meaning::Supplied(_) | Meaning::Query(_) => None,
        }
    }

    /// What the tag gives.
    pub fn kind(&self) -> TagKind {
        match &self.meaning {
            Meaning::Rule(rule) => rule.kind(),
            Meaning::Supplied(supplied) => TagKind::of_supplied(supplied.of),
            Meaning::Query(kind) => kind.clone(),
        }
    }

    /// Whether a user has one of its values, or all that hold.
    pub fn keep(&self) -> Keep {
        match self.rule().map(CheckedRule::body) {
            Some(Body::Cases { keep, .. }) => *keep,
            _ => Keep::First,
        }
    }

    /// Whether it is not computed at present.
    pub fn is_paused(&self) -> bool {
        self.definition.state() == TagStatus::Paused
    }

    /// The tag as a computation takes it where it was never computed.
    pub fn source_of_nobody(&self) -> TagSource {
        TagSource {
            key: self.definition.key.clone(),
            origin: Origin::Given(self.of_nobody()),
        }
    }

    /// The tag as it is where it was never computed: nobody has it.
    pub fn of_nobody(&self) -> GivenTag {
        match self.kind() {
            TagKind::YesNo => GivenTag::Flag(Arc::default()),
            TagKind::Values(_) => GivenTag::Layers {
                keep: self.keep(),
                values: Vec::new(),
            },
            TagKind::Metric(_) => GivenTag::metric(MetricValues::default()),
        }
    }
}

impl Rulebook {
    /// Reads all definitions. `vocabulary` names events, attributes and lists; tags and audiences
    /// are added as they are read. `assumed` is what rules assume that say nothing else, and
    /// `queries` knows the queries of SQL tags.
    pub fn read(
        tags: &[TagDefinition],
        audiences: &[AudienceDefinition],
        vocabulary: Vocabulary,
        assumed: &CheckOptions,
        queries: &dyn Queries,
    ) -> Self {
        let mut book = Self {
            vocabulary,
            ..Self::default()
        };
        book.vocabulary.audiences = audiences
            .iter()
            .map(|audience| audience.key.clone())
            .collect();
        let names = tags.iter().map(|tag| (tag.key.clone(), tag.name.clone()));
        book.vocabulary.names.tags = names.collect();
        let names = audiences
            .iter()
            .map(|one| (one.key.clone(), one.name.clone()));
        book.vocabulary.names.audiences = names.collect();
        let by_key: BTreeMap<&TagKey, &TagDefinition> =
            tags.iter().map(|tag| (&tag.key, tag)).collect();
        for key in book.in_order(tags, audiences) {
            if let Some(tag) = by_key.get(&key) {
                match &tag.body {
                    TagBody::Sql(sql) => book.read_query(tag, sql, queries),
                    _ => book.read_tag(tag, assumed),
                }
            }
        }
        for audience in audiences {
            let problems = book.problems.iter();
            let mut of_it = problems.filter(|problems| problems.kind == "audience");
            if !of_it.any(|problems| problems.key == audience.key.as_str()) {
                book.read_audience(audience, assumed);
            }
        }
        book
    }

    /// A tag without mistakes.
    pub fn tag(&self, key: &TagKey) -> Option<&ReadTag> {
        self.tags.get(*self.places.get(key)?)
    }

    /// These tags and all that they need; the first one that cannot be computed.
    ///
    /// # Errors
    /// A tag that does not exist or has mistakes.
    pub fn sources_of(&self, wanted: &[TagKey]) -> Result<Vec<TagSource>, TagKey> {
        let mut needed: HashSet<TagKey> = HashSet::new();
        let mut open: Vec<TagKey> = wanted.to_vec();
        while let Some(key) = open.pop() {
            if !needed.insert(key.clone()) {
                continue;
            }
            let Some(tag) = self.tag(&key) else {
                return Err(key);
            };
            open.extend(tag.rule().into_iter().flat_map(|rule| self.needs(rule)));
        }
        let tags = self.tags.iter();
        let tags = tags.filter(|tag| needed.contains(&tag.definition.key));
        Ok(tags.map(|tag| self.source(tag)).collect())
    }

    /// A tag as the computation takes it.
    pub fn source(&self, tag: &ReadTag) -> TagSource {
        let key = tag.definition.key.clone();
        let origin = match &tag.meaning {
            Meaning::Rule(rule) => Origin::Rule {
                rule: rule.clone(),
                as_of: tag.definition.as_of,
            },
            Meaning::Supplied(_) => {
                let members = self.supplied.get(&key);
                let given = members.map(|members| members.given.clone());
                Origin::Given(given.unwrap_or_else(|| tag.of_nobody()))
            }
            Meaning::Query(_) => {
                let given = self.queried.get(&key).cloned();
                Origin::Given(given.unwrap_or_else(|| tag.of_nobody()))
            }
        };
        TagSource { key, origin }
    }

    /// Tags and all that they need, as far as those have no mistakes and are not left as they are.
    pub fn with_needs(
        &self,
        mut tags: BTreeSet<TagKey>,
        stays: impl Fn(&TagKey) -> bool,
    ) -> BTreeSet<TagKey> {
        let mut open: Vec<TagKey> = tags.iter().cloned().collect();
        while let Some(key) = open.pop() {
            let needs = self
                .tag(&key)
                .and_then(ReadTag::rule)
                .map(|rule| self.needs(rule));
            for need in needs.into_iter().flatten() {
                if self.tag(&need).is_some() && !stays(&need) && tags.insert(need.clone()) {
                    open.push(need);
                }
            }
        }
        tags
    }

    /// The tags that a rule needs, also by way of audiences.
    pub fn needs(&self, rule: &CheckedRule) -> Vec<TagKey> {
        let mut tags = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![rule.clone()];
        while let Some(rule) = open.pop() {
            let names = rule.dependencies();
            tags.extend(names.tags);
            for audience in names.audiences {
                if seen.insert(audience.clone()) {
                    open.extend(self.audiences.get(&audience).cloned());
                }
            }
        }
        tags
    }

    /// The keys of the tags that can be read, and problems for those that form a circle. Tags that
    /// are no rule or name what does not exist come last, so that hints at them know all others.
    fn in_order(
        &mut self,
        tags: &[TagDefinition],
        audiences: &[AudienceDefinition],
    ) -> Vec<TagKey> {
        let (mut needs, mut broken) = (BTreeMap::new(), BTreeSet::new());
        for tag in tags {
            let name = Defined::Tag(tag.key.clone());
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
                    return names.filter_map(tag_key).collect();
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

    /// Lets lookalikes know what was learned about them.
    pub fn teach(&mut self, learned: &Learned, assumed: &CheckOptions) {
        for (key, card) in learned {
            let read = self.places.get(key).and_then(|at| self.tags.get_mut(*at));
            let (Some(read), Ok(card)) = (read, card) else {
                continue;
            };
            if let TagBody::Lookalike(lookalike) = &mut read.definition.body {
                lookalike.learned = Some(Arc::new(card.clone()));
            }
            let options = options_of(&read.definition, assumed).unwrap_or_else(|_| assumed.clone());
            let checked = read_definition(&read.definition.body, &self.vocabulary, &options);
            if let Ok(checked) = checked {
                read.meaning = Meaning::Rule(checked.rule);
            }
        }
    }

    /// Takes a tag over that has no mistakes.
    fn take(&mut self, definition: TagDefinition, meaning: Meaning) {
        let tag = ReadTag {
            definition,
            meaning,
        };
        let key = &tag.definition.key;
        self.vocabulary.tags.insert(key.clone(), tag.kind());
        self.places.insert(key.clone(), self.tags.len());
        self.tags.push(tag);
    }

    fn read_query(&mut self, tag: &TagDefinition, sql: &str, queries: &dyn Queries) {
        match queries.kind(sql) {
            Ok(kind) => self.take(tag.clone(), Meaning::Query(kind)),
            Err(problem) => self.note("tag", tag.key.as_str(), sql.to_owned(), vec![problem]),
        }
    }

    /// Gives SQL tags the members that they have in results, as far as those are what their queries give now.
    pub fn give_as_they_were(&mut self, results: &TagResults) {
        for tag in &self.tags {
            let key = &tag.definition.key;
            if matches!(tag.meaning, Meaning::Query(_))
                && let Some(kept) = GivenTag::as_it_was(results, key, tag.keep())
                && mem::discriminant(&kept) == mem::discriminant(&tag.of_nobody())
            {
                self.queried.insert(key.clone(), kept);
            }
        }
    }

    fn read_tag(&mut self, tag: &TagDefinition, assumed: &CheckOptions) {
        if let Some(supplied) = supplied::of_tag(tag) {
            self.take(tag.clone(), Meaning::Supplied(supplied));
            return;
        }
        let options = match options_of(tag, assumed) {
            Ok(options) => options,
            Err(error) => {
                let text = written_text_of(&tag.body);
                let problem = Diagnostic::refused(error);
                return self.note("tag", tag.key.as_str(), text, vec![problem]);
            }
        };
        match read_definition(&tag.body, &self.vocabulary, &options) {
            Ok(checked) => {
                self.note(
                    "tag",
                    tag.key.as_str(),
                    written_text_of(&tag.body),
                    checked.diagnostics,
                );
                self.take(tag.clone(), Meaning::Rule(checked.rule));
            }
            Err(problems) => {
                let text = written_text_of(&tag.body);
                self.note("tag", tag.key.as_str(), text, problems);
            }
        }
    }

    fn read_audience(&mut self, audience: &AudienceDefinition, assumed: &CheckOptions) {
        let expected = rules::Expected::Condition;
        let options = CheckOptions {
            expected,
            ..assumed.clone()
        };
        let text = audience.rule.clone();
        match rules::read(&audience.rule, &self.vocabulary, &options) {
            Ok(checked) => {
                self.note("audience", audience.key.as_str(), text, checked.diagnostics);
                self.audiences.insert(audience.key.clone(), checked.rule);
                self.audience_texts
                    .insert(audience.key.clone(), audience.rule.clone());
            }
            Err(problems) => self.note("audience", audience.key.as_str(), text, problems),
        }
    }

    fn note(&mut self, kind: &'static str, key: &str, text: String, diagnostics: Vec<Diagnostic>) {
        if !diagnostics.is_empty() {
            let problems = Problems::of_rule(kind, key, text, diagnostics);
            self.problems.push(problems);
        }
    }
}

/// What the rule of a tag assumes.
///
/// # Errors
/// Its time zone has no such name.
pub fn options_of(
    tag: &TagDefinition,
    assumed: &CheckOptions,
) -> Result<CheckOptions, domain::Error> {
    let own = tag.timezone.as_deref().map(Zone::named).transpose()?;
    Ok(CheckOptions {
        zone: own.unwrap_or_else(|| assumed.zone.clone()),
        ..assumed.clone()
    })
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
