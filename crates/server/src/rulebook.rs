//! Definitions as checked rules: read in the order in which tags depend on one another, so that
//! each is checked knowing what the others give.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

use domain::{AudienceDefinition, AudienceKey, TagDefinition, TagKey, Zone};
use rules::{
    CheckOptions, CheckedRule, Code, Diagnostic, Severity, TextRange, Vocabulary, order, parse,
    read_definition, text_of,
};
use tags::TagSource;

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
}

/// A tag and its rule.
#[derive(Clone, Debug)]
pub struct ReadTag {
    /// As it was written.
    pub definition: TagDefinition,
    /// What it means.
    pub rule: CheckedRule,
}

/// The problems of one definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Problems {
    /// What sort of definition: `tag`, `audience`, or one without a rule.
    pub kind: &'static str,
    /// Its key.
    pub key: String,
    /// Its rule, to which the places of the problems refer; empty where it has none.
    pub text: String,
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
}

impl ReadTag {
    /// The tag as the computation takes it.
    pub fn source(&self) -> TagSource {
        TagSource {
            key: self.definition.key.clone(),
            rule: self.rule.clone(),
            as_of: self.definition.as_of,
        }
    }
}

impl Problems {
    /// The problem of a definition without a rule.
    pub fn of_definition(kind: &'static str, key: &str, problem: &str) -> Self {
        Self {
            kind,
            key: key.to_owned(),
            text: String::new(),
            diagnostics: vec![mistake(Code::InvalidConstant, problem)],
        }
    }

    /// Whether the definition cannot be computed.
    pub fn is_fatal(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The first mistake in one line.
    pub fn summary(&self) -> String {
        let worst = self.diagnostics.iter().find(|problem| problem.is_error());
        worst.map_or_else(String::new, |problem| problem.message.clone())
    }

    /// The problems as a person at a terminal reads them.
    pub fn rendered(&self) -> String {
        if self.text.is_empty() && !matches!(self.kind, "tag" | "audience" | "") {
            return format!("{} {}: {}\n", self.kind, self.key, self.summary());
        }
        let name = format!("{} {}", self.kind, self.key);
        rules::render(name.trim_end(), &self.text, &self.diagnostics)
    }
}

impl Rulebook {
    /// Reads all definitions. `vocabulary` names events, attributes and lists; tags and audiences
    /// are added as they are read. `zone` is that of tags which name none.
    pub fn read(
        tags: &[TagDefinition],
        audiences: &[AudienceDefinition],
        vocabulary: Vocabulary,
        zone: &Zone,
    ) -> Self {
        let mut book = Self {
            vocabulary,
            ..Self::default()
        };
        book.vocabulary.audiences = audiences
            .iter()
            .map(|audience| audience.key.clone())
            .collect();
        let by_key: BTreeMap<&TagKey, &TagDefinition> =
            tags.iter().map(|tag| (&tag.key, tag)).collect();
        for key in book.in_order(tags, audiences) {
            if let Some(tag) = by_key.get(&key) {
                book.read_tag(tag, zone);
            }
        }
        for audience in audiences {
            let problems = book.problems.iter();
            let mut of_it = problems.filter(|problems| problems.kind == "audience");
            if !of_it.any(|problems| problems.key == audience.key.as_str()) {
                book.read_audience(audience, zone);
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
            open.extend(self.needs(&tag.rule));
        }
        let tags = self.tags.iter();
        let tags = tags.filter(|tag| needed.contains(&tag.definition.key));
        Ok(tags.map(ReadTag::source).collect())
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
            let rule = parse(&text_of(&tag.body));
            let name = Name::Tag(tag.key.clone());
            if rule.is_err() {
                broken.insert(name.clone());
            }
            needs.insert(name, rule.map(|rule| named(&rule)).unwrap_or_default());
        }
        for audience in audiences {
            let names = parse(&audience.rule).map(|rule| named(&rule));
            needs.insert(
                Name::Audience(audience.key.clone()),
                names.unwrap_or_default(),
            );
        }
        loop {
            match order(&needs) {
                Ok(names) => {
                    let is_whole = |name: &Name| {
                        let mut names = needs.get(name).into_iter().flatten();
                        !broken.contains(name) && names.all(|name| needs.contains_key(name))
                    };
                    let (whole, broken): (Vec<_>, Vec<_>) = names.into_iter().partition(is_whole);
                    let names = whole.into_iter().chain(broken);
                    return names.filter_map(Name::tag).collect();
                }
                Err(cycle) => {
                    for name in &cycle.path {
                        if needs.remove(name).is_some() {
                            let problems = circle(name, (tags, audiences), &cycle.to_string());
                            self.problems.push(problems);
                        }
                    }
                }
            }
        }
    }

    fn read_tag(&mut self, tag: &TagDefinition, default_zone: &Zone) {
        let zone = match &tag.timezone {
            None => default_zone.clone(),
            Some(name) => match Zone::named(name) {
                Ok(zone) => zone,
                Err(error) => {
                    let problem = mistake(Code::UnknownUnit, &error.to_string());
                    self.note("tag", tag.key.as_str(), text_of(&tag.body), vec![problem]);
                    return;
                }
            },
        };
        let options = CheckOptions {
            zone,
            ..CheckOptions::default()
        };
        match read_definition(&tag.body, &self.vocabulary, &options) {
            Ok(checked) => {
                self.vocabulary
                    .tags
                    .insert(tag.key.clone(), checked.rule.kind());
                self.note(
                    "tag",
                    tag.key.as_str(),
                    text_of(&tag.body),
                    checked.diagnostics,
                );
                self.places.insert(tag.key.clone(), self.tags.len());
                self.tags.push(ReadTag {
                    definition: tag.clone(),
                    rule: checked.rule,
                });
            }
            Err(problems) => self.note("tag", tag.key.as_str(), text_of(&tag.body), problems),
        }
    }

    fn read_audience(&mut self, audience: &AudienceDefinition, zone: &Zone) {
        let expected = rules::Expected::Condition;
        let options = CheckOptions {
            zone: zone.clone(),
            expected,
            ..CheckOptions::default()
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
            self.problems.push(Problems {
                kind,
                key: key.to_owned(),
                text,
                diagnostics,
            });
        }
    }
}

/// What a rule can name and stand behind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Tag(TagKey),
    Audience(AudienceKey),
}

impl Name {
    fn tag(self) -> Option<TagKey> {
        match self {
            Self::Tag(key) => Some(key),
            Self::Audience(_) => None,
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(key) => key.fmt(formatter),
            Self::Audience(key) => write!(formatter, "audience {key}"),
        }
    }
}

/// What a rule names.
fn named(rule: &rules::Rule) -> BTreeSet<Name> {
    let audiences = rule.audiences().into_iter().map(Name::Audience);
    rule.tags()
        .into_iter()
        .map(Name::Tag)
        .chain(audiences)
        .collect()
}

fn circle(
    name: &Name,
    (tags, audiences): (&[TagDefinition], &[AudienceDefinition]),
    message: &str,
) -> Problems {
    let (kind, key, text) = match name {
        Name::Tag(key) => {
            let tag = tags.iter().find(|tag| tag.key == *key);
            ("tag", key.as_str(), tag.map(|tag| text_of(&tag.body)))
        }
        Name::Audience(key) => {
            let audience = audiences.iter().find(|audience| audience.key == *key);
            (
                "audience",
                key.as_str(),
                audience.map(|audience| audience.rule.clone()),
            )
        }
    };
    Problems {
        kind,
        key: key.to_owned(),
        text: text.unwrap_or_default(),
        diagnostics: vec![mistake(Code::Cycle, message)],
    }
}

fn mistake(code: Code, message: &str) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Error,
        message: message.to_owned(),
        range: TextRange::default(),
        fix: None,
        concern: None,
    }
}
