//! What is wrong with definition files: every problem with its place, in both languages.

use std::fmt;
use std::mem;
use std::sync::Arc;

use domain::{Error, Language, LocalizedText, Said, nearest};

use super::{Place, Placed, Sort};
use crate::told::{self, Group};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub message: LocalizedText,
    /// Which definition of which template it is about, if it is of one.
    of_template: Option<OfTemplate>,
}

/// One of the definitions that a template stands for, and what sort of mistake it has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct OfTemplate {
    template: Arc<str>,
    key: String,
    mistake: mem::Discriminant<Mistake>,
}

/// Everything that is wrong, in the order of the files; never empty. It is English, unless a
/// language is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// A line for each, but one for all of one template that are of the same sort.
    pub fn in_words(&self, language: Language) -> String {
        let line = |group: &Group<&Problem>| {
            let Problem { place, message, .. } = group.first;
            let message = message.of(language);
            let others = group.others.iter();
            let others: Vec<&str> = others.filter_map(|other| other.key()).collect();
            let further = told::further_of_template(others.into_iter(), language);
            match (language, further) {
                (Language::Chinese, None) => format!("{place}：{message}"),
                (Language::English, None) => format!("{place}: {message}"),
                (Language::Chinese, Some(further)) => format!("{place}：{message}；{further}"),
                (Language::English, Some(further)) => format!("{place}: {message}; {further}"),
            }
        };
        let groups = Group::all(&self.0, |problem| problem.identity());
        let mut lines: Vec<String> = groups.iter().take(told::MOST).map(line).collect();
        let untold = groups.iter().skip(told::MOST).map(Group::size).sum();
        lines.extend(told::untold(untold, language));
        lines.join("\n")
    }

    /// Each with its file, and its line where it has one, as a program reads it.
    pub fn json(&self, language: Language) -> serde_json::Value {
        let json = |problem: &Problem| {
            serde_json::json!({
                "file": problem.place.file,
                "line": Some(problem.place.line).filter(|line| *line > 0),
                "message": problem.message.of(language),
            })
        };
        let all: Vec<_> = self.0.iter().map(json).collect();
        serde_json::json!({ "problems": all })
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.in_words(Language::English))
    }
}

impl std::error::Error for Problems {}

domain::words! {
    /// The kinds of mistakes of definition files.
    pub(super) enum Mistake {
        Unreadable { reason: String },
            "无法读取：{reason}",
            "cannot be read: {reason}";
        NoFile,
            "这个文件夹里没有 `*.yaml` 文件",
            "there is no `*.yaml` file in this folder";
        /// What a reader refused in words of its own.
        Refused { reason: String },
            "{reason}",
            "{reason}";
        MissingKey { key: String },
            "缺少键 `{key}`",
            "the key `{key}` is missing";
        RepeatedKey { key: String },
            "键 `{key}` 写了两次",
            "the key `{key}` is written twice";
        UnknownKey { key: String, all: String },
            "没有键 `{key}`：这里的键是 `{all}`",
            "unknown key `{key}`: the keys here are `{all}`";
        MisspeltKey { key: String, meant: String },
            "没有键 `{key}`：是不是 `{meant}`？",
            "unknown key `{key}`: did you mean `{meant}`?";
        /// `{key: a, rule: count(swap, last 7d) > 3}`
        CutByComma { key: String },
            "`{key}` 被当成了键，因为在 `{{…}}` 里逗号会结束一个值：把规则放在单引号里，或写到 `rule: |` 下面单独的行里",
            "`{key}` is read as a key, since a comma ends a value inside `{{…}}`: put the rule in single quotes, or write it on lines of its own below `rule: |`";
        OfTag { key: String, error: Error },
            "标签 `{key}`：{error}",
            "tag `{key}`: {error}";
        OfList { key: String, error: Error },
            "名单 `{key}`：{error}",
            "list `{key}`: {error}";
        Key { error: Error },
            "{error}",
            "{error}";
        MembersOfList { key: String },
            "名单 `{key}` 要写 `users`、`values` 中的一个，成员从别处来的则写 `kind`",
            "list `{key}` needs exactly one of `users`, `values` and, for members from elsewhere, `kind`";
        DefinedByTemplate { sort: Sort, key: String },
            "{sort} `{key}` 被这个模板定义了两次：它的键要用上 `for` 的每一个变量",
            "{sort} `{key}` is defined twice by this template: its key must name every variable of `for`";
        DefinedTwice { sort: Sort, key: String, place: String },
            "{sort} `{key}` 在这里和 {place} 都有定义：去掉一处",
            "{sort} `{key}` is defined here and at {place}: remove one";
        EmptyVariable { name: String },
            "`for` 的变量 `{name}` 没有可代入的：至少给它一个常量",
            "the variable `{name}` of `for` stands for nothing: give it at least one constant";
        TooManyChoices { most: usize },
            "这个模板会产生超过 {most} 个定义：把它拆开",
            "the template stands for more than {most} definitions: split it";
        UnknownVariable { name: String, meant: String },
            "没有变量 `{{{name}}}`：是不是 `{{{meant}}}`？",
            "unknown variable `{{{name}}}`: did you mean `{{{meant}}}`?";
    }
}

impl From<String> for Mistake {
    fn from(reason: String) -> Self {
        Self::Refused { reason }
    }
}

impl Problem {
    /// A mistake at its place.
    pub(super) fn new(place: Place, mistake: &Mistake) -> Self {
        Self {
            place,
            message: mistake.in_both(),
            of_template: None,
        }
    }

    /// A mistake of a definition, which may be one of many that a template stands for.
    pub(super) fn of_definition<T>(placed: &Placed<T>, key: String, mistake: &Mistake) -> Self {
        let of_template = placed.template.clone().map(|template| OfTemplate {
            template,
            key,
            mistake: mem::discriminant(mistake),
        });
        Self {
            of_template,
            ..Self::new(placed.place.clone(), mistake)
        }
    }

    /// What problems of one template are the same by.
    fn identity(&self) -> Option<(&Place, &str, mem::Discriminant<Mistake>)> {
        let of = self.of_template.as_ref()?;
        Some((&self.place, &of.template, of.mistake))
    }

    fn key(&self) -> Option<&str> {
        self.of_template.as_ref().map(|of| of.key.as_str())
    }

    /// What the YAML reader refused.
    pub(super) fn of_yaml(file: &str, error: &serde_saphyr::Error) -> Self {
        let error = error.without_snippet();
        let line = error.location().map_or(0, |location| location.line());
        let mistake = match error {
            serde_saphyr::Error::SerdeUnknownField {
                field, expected, ..
            } => unknown_key(field, expected),
            serde_saphyr::Error::SerdeMissingField { field, .. } => Mistake::MissingKey {
                key: field.to_string(),
            },
            serde_saphyr::Error::DuplicateMappingKey { key: Some(key), .. } => {
                Mistake::RepeatedKey {
                    key: key.to_string(),
                }
            }
            other => without_place(&other.to_string()).into(),
        };
        let place = Place {
            file: file.to_owned(),
            line,
        };
        Self::new(place, &mistake)
    }
}

fn unknown_key(key: &str, expected: &[&str]) -> Mistake {
    let written = key.to_owned();
    if key.contains(['(', ')', '"', '>', '<', '=']) {
        return Mistake::CutByComma { key: written };
    }
    match nearest(key, expected.iter().copied()) {
        Some(meant) => Mistake::MisspeltKey {
            key: written,
            meant: meant.to_owned(),
        },
        None => Mistake::UnknownKey {
            key: written,
            all: expected.join("`, `"),
        },
    }
}

/// The message without the place that the reader adds; the problem has its own.
fn without_place(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    message.trim_end_matches([':', ' ']).to_owned()
}
