//! A text in 中文 and English.

use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

/// A language of the console, of sentences and of explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// 简体中文.
    #[serde(rename = "zh")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The language that a tag like `zh-CN`, `zh_CN.UTF-8` or `en` names.
    #[must_use]
    pub fn named(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next()?;
        Self::ALL
            .into_iter()
            .find(|language| primary.eq_ignore_ascii_case(language.as_str()))
    }

    /// `zh` or `en`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chinese => "zh",
            Self::English => "en",
        }
    }
}

/// A text in both languages of the console. A definition may write one text for both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct LocalizedText {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl LocalizedText {
    /// One text for both languages.
    #[must_use]
    pub fn same(text: &str) -> Self {
        Self {
            zh: text.to_owned(),
            en: text.to_owned(),
        }
    }

    /// The text in a language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }

    /// Whether neither language has a text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }
}

/// What may be written: one text, or `{zh: …, en: …}` of which one may be left out.
struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = LocalizedText;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a text, or `{zh: …, en: …}`")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<LocalizedText, E> {
        Ok(LocalizedText::same(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LocalizedText, A::Error> {
        let (mut zh, mut en) = (None, None);
        while let Some(language) = map.next_key::<String>()? {
            let slot = match language.as_str() {
                "zh" => &mut zh,
                "en" => &mut en,
                other => return Err(A::Error::unknown_field(other, &["zh", "en"])),
            };
            if slot.replace(map.next_value::<String>()?).is_some() {
                return Err(A::Error::custom(format!("`{language}` is written twice")));
            }
        }
        // A language that is left out takes the other's text.
        let zh_or_en = zh.clone().or_else(|| en.clone()).unwrap_or_default();
        Ok(LocalizedText {
            en: en.or(zh).unwrap_or_default(),
            zh: zh_or_en,
        })
    }
}

impl<'de> Deserialize<'de> for LocalizedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_the_start_of_its_tag() {
        for (tag, language) in [
            ("zh-CN", Some(Language::Chinese)),
            ("zh_CN.UTF-8", Some(Language::Chinese)),
            ("en", Some(Language::English)),
            ("EN-us", Some(Language::English)),
            ("C.UTF-8", None),
            ("", None),
        ] {
            assert_eq!(Language::named(tag), language, "{tag}");
        }
    }

    #[test]
    fn one_text_stands_for_both_languages() {
        let read = |json: &str| serde_json::from_str::<LocalizedText>(json);
        assert_eq!(read("\"Whale\"").unwrap(), LocalizedText::same("Whale"));
        assert_eq!(read("{\"zh\":\"鲸\"}").unwrap(), LocalizedText::same("鲸"));
        let both = LocalizedText {
            zh: "鲸".into(),
            en: "Whale".into(),
        };
        assert_eq!(read("{\"zh\":\"鲸\",\"en\":\"Whale\"}").unwrap(), both);
        assert_eq!(read(&serde_json::to_string(&both).unwrap()).unwrap(), both);
        assert!(read("{\"de\":\"Wal\"}").is_err());
        assert!(read("7").is_err());
    }
}
