//! What is wrong, or doubtful, about rules, in the words of either language.

use std::fmt;
use std::sync::Arc;

use domain::{Error, Language, LocalizedText};
use rules::{Diagnostic, PlacedDiagnostic};

use crate::definitions::{Place, Wanted};
use crate::told::Told;

/// The problems of one definition, or of a rule that is asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Problems {
    /// What sort of thing it is: `tag`, `audience`, one without a rule, or `rule` for what has no
    /// key.
    pub kind: &'static str,
    /// Its key.
    pub key: String,
    /// Where in a file its definition begins, if it was read from one.
    pub place: Option<Place>,
    /// Its key as it is written in the file, if it is one of many that a template stands for.
    pub template: Option<Arc<str>>,
    /// Its rule, to which the places of the problems refer; empty where it has none.
    pub text: String,
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
}

impl Problems {
    /// The problems of a rule; its key is empty where nothing is defined, its text where there is no rule.
    pub fn of_rule(
        kind: &'static str,
        key: impl Into<String>,
        text: String,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        Self {
            kind,
            key: key.into(),
            place: None,
            template: None,
            text,
            diagnostics,
        }
    }

    /// The problem of a definition without a rule.
    pub fn of_definition(kind: &'static str, key: &str, problem: &str) -> Self {
        let problem = problem.to_owned();
        let refused = Diagnostic::refused(Error::InvalidDefinition { problem });
        Self::of_rule(kind, key, String::new(), vec![refused])
    }

    /// Finds where files define it.
    pub fn find_origin(&mut self, wanted: &Wanted) {
        let origin = wanted.origin_of_rule(self.kind, &self.key);
        self.place = origin.map(|(place, _)| place.clone());
        self.template = origin.and_then(|(_, template)| template.clone());
    }

    /// Whether the definition cannot be computed.
    pub fn is_fatal(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The first mistake; `None` where there are only doubts.
    pub fn mistake(&self) -> Option<LocalizedText> {
        let worst = self.diagnostics.iter().find(|problem| problem.is_error());
        worst.map(|problem| problem.message.clone())
    }

    /// The problems as a person at a terminal reads them.
    pub fn rendered(&self, language: Language) -> String {
        let problems = self.diagnostics.iter();
        problems
            .map(|problem| self.rendered_one(problem, language))
            .collect()
    }

    /// One of the problems as a person at a terminal reads it.
    pub fn rendered_one(&self, problem: &Diagnostic, language: Language) -> String {
        let mut name = format!("{} {}", self.kind_in_words(language), self.key);
        if let Some(place) = &self.place {
            name = format!("{place} {name}");
        }
        if self.text.is_empty() {
            return format!("{name}: {}\n", problem.message.of(language));
        }
        let problem = std::slice::from_ref(problem);
        rules::render(name.trim_end(), &self.text, problem, language)
    }

    /// The problems as a program reads them.
    pub fn json(&self, language: Language) -> serde_json::Value {
        serde_json::json!({
            "kind": self.kind,
            "key": self.key,
            "file": self.place.as_ref().map(|place| &place.file),
            "line": self.place.as_ref().map(|place| place.line),
            "rule": self.text,
            "diagnostics": self.placed(language),
        })
    }

    /// Each problem with its line and column.
    pub fn placed(&self, language: Language) -> Vec<PlacedDiagnostic> {
        PlacedDiagnostic::all(&self.diagnostics, &self.text, language)
    }

    fn kind_in_words(&self, language: Language) -> &'static str {
        match (language, self.kind) {
            (Language::English, kind) => kind,
            (Language::Chinese, "tag") => "标签",
            (Language::Chinese, "audience") => "人群",
            (Language::Chinese, "event") => "事件",
            (Language::Chinese, "table") => "表",
            (Language::Chinese, "list") => "名单",
            (Language::Chinese, _) => "规则",
        }
    }
}

/// Why nothing was computed, or nothing changed. In words it is English, unless a language is
/// asked for.
#[derive(Clone, Debug)]
pub enum Mistakes {
    /// A rule that is asked about, or a tag that is needed, has mistakes.
    One(Problems),
    /// Definitions that were to be taken over have mistakes.
    Definitions(Vec<Problems>),
}

impl Mistakes {
    /// What is wrong, as a person at a terminal reads it.
    pub fn in_words(&self, language: Language) -> String {
        let told = Told::of(self.all(), language).parts(language);
        format!("{}\n{}", self.heading(language), told.join("\n\n"))
    }

    /// What is wrong, as a program reads it.
    pub fn json(&self, language: Language) -> serde_json::Value {
        let all: Vec<_> = self.all().map(|one| one.json(language)).collect();
        serde_json::json!({ "problems": all })
    }

    fn all(&self) -> impl Iterator<Item = &Problems> {
        match self {
            Self::One(problems) => std::slice::from_ref(problems).iter(),
            Self::Definitions(all) => all.iter(),
        }
    }

    fn heading(&self, language: Language) -> String {
        match (self, language) {
            (Self::One(Problems { kind: "rule", .. }), Language::Chinese) => {
                "规则有错误：".to_owned()
            }
            (Self::One(Problems { kind: "rule", .. }), Language::English) => {
                "the rule has mistakes:".to_owned()
            }
            (Self::One(problems), Language::Chinese) => {
                let kind = problems.kind_in_words(language);
                format!("{kind} `{}` 有错误：", problems.key)
            }
            (Self::One(problems), Language::English) => {
                format!("{} `{}` has mistakes:", problems.kind, problems.key)
            }
            (Self::Definitions(all), Language::Chinese) => {
                format!("{} 个定义有错误，什么都没有改动\n", all.len())
            }
            (Self::Definitions(all), Language::English) if all.len() == 1 => {
                "1 definition has mistakes; nothing was changed\n".to_owned()
            }
            (Self::Definitions(all), Language::English) => {
                format!(
                    "{} definitions have mistakes; nothing was changed\n",
                    all.len()
                )
            }
        }
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.in_words(Language::English))
    }
}

impl std::error::Error for Mistakes {}
