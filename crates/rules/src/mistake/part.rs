//! The parts that the words of a mistake name, each as its language says it.

use domain::{Language, Said};

use crate::checked::Place;
use crate::dependencies::Defined;
use crate::print::print_expression;
use crate::tree::Expression;

/// The most letters of a rule that a message shows.
const MOST_SHOWN: usize = 60;

impl Said for &Expression {
    fn said(&self, _language: Language) -> String {
        shortened(&print_expression(self))
    }
}

impl Said for Place {
    fn said(&self, language: Language) -> String {
        let (chinese, english) = match self {
            Self::Number => ("数", "a number"),
            Self::Text => ("文本", "a text"),
            Self::Truth => ("真或假", "true or false"),
            Self::Moment => ("时间", "a time"),
            Self::Span => ("时长", "a duration"),
            Self::Any => ("值", "a value"),
        };
        match language {
            Language::Chinese => chinese.to_owned(),
            Language::English => english.to_owned(),
        }
    }
}

/// The most names that a message lists.
const MOST_LISTED: usize = 8;

/// Names in a row, each in backticks, the first of many.
#[derive(Clone, Debug)]
pub(crate) struct Listed(Vec<String>);

impl<'n> FromIterator<&'n str> for Listed {
    fn from_iter<I: IntoIterator<Item = &'n str>>(names: I) -> Self {
        Self(names.into_iter().map(str::to_owned).collect())
    }
}

impl Said for Listed {
    fn said(&self, language: Language) -> String {
        let names = self.0.iter().take(MOST_LISTED);
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        let listed = names.join(comma(language));
        match (self.0.len().saturating_sub(MOST_LISTED), language) {
            (0, _) => listed,
            (_, Language::Chinese) => format!("{listed} 等 {} 个", self.0.len()),
            (more, Language::English) => format!("{listed} and {more} more"),
        }
    }
}

/// Texts in a row, each in double quotes.
#[derive(Clone, Debug)]
pub(crate) struct TextsListed(pub Vec<String>);

impl Said for TextsListed {
    fn said(&self, language: Language) -> String {
        let texts: Vec<String> = self.0.iter().map(|text| format!("{text:?}")).collect();
        shortened(&texts.join(comma(language)))
    }
}

impl<'t> FromIterator<&'t str> for TextsListed {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Self {
        Self(texts.into_iter().map(str::to_owned).collect())
    }
}

impl TextsListed {
    /// One text.
    pub(crate) fn one(text: &str) -> Self {
        Self(vec![text.to_owned()])
    }
}

/// Definitions that need one another, in their order.
#[derive(Clone, Debug)]
pub(crate) struct Path(pub Vec<Defined>);

impl Said for Path {
    fn said(&self, language: Language) -> String {
        let path: Vec<String> = self
            .0
            .iter()
            .map(|defined| match (defined, language) {
                (Defined::Tag(key), _) => format!("`{key}`"),
                (Defined::Audience(key), Language::Chinese) => format!("人群 `{key}`"),
                (Defined::Audience(key), Language::English) => format!("`audience {key}`"),
            })
            .collect();
        path.join(" → ")
    }
}

/// So many users.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Users(pub u64);

impl Said for Users {
    fn said(&self, language: Language) -> String {
        let number = grouped(self.0);
        match (language, self.0) {
            (Language::Chinese, _) => format!("{number} 名用户"),
            (Language::English, 1) => "1 user".to_owned(),
            (Language::English, _) => format!("{number} users"),
        }
    }
}

/// So many users who have something, or nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsersHave(pub u64);

impl Said for UsersHave {
    fn said(&self, language: Language) -> String {
        let users = Users(self.0).said(language);
        match (language, self.0) {
            (Language::Chinese, _) => users,
            (Language::English, 1) => format!("{users} has"),
            (Language::English, _) => format!("{users} have"),
        }
    }
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn comma(language: Language) -> &'static str {
    match language {
        Language::Chinese => "、",
        Language::English => ", ",
    }
}

/// A text as a message shows it.
pub(crate) fn shortened(text: &str) -> String {
    let shown: String = text.chars().take(MOST_SHOWN).collect();
    if shown.len() < text.len() {
        format!("{shown}…")
    } else {
        shown
    }
}
