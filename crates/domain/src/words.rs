//! What is said to people in both languages: enums whose variants carry their words.

use crate::{Decimal, Error, Language, LocalizedText, PropertyType, Span, Unit};

/// Something that is said in 中文 and English.
pub trait Said {
    /// Its words in a language.
    fn said(&self, language: Language) -> String;

    /// Its words in both languages.
    fn in_both(&self) -> LocalizedText {
        LocalizedText {
            zh: self.said(Language::Chinese),
            en: self.said(Language::English),
        }
    }
}

/// An enum whose variants are said in 中文 and English; their fields are said first, and stand in
/// the words under their names.
#[macro_export]
macro_rules! words {
    (
        $(#[$about:meta])*
        $visibility:vis enum $Name:ident $(<$lifetime:lifetime>)? {
            $(
                $(#[$meaning:meta])*
                $Variant:ident $({ $($(#[$part_is:meta])* $part:ident: $Part:ty),+ $(,)? })?,
                    $chinese:literal,
                    $english:literal;
            )+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug)]
        $visibility enum $Name $(<$lifetime>)? {
            $(
                $(#[$meaning])*
                $Variant $({ $($(#[$part_is])* $part: $Part),+ })?,
            )+
        }

        impl $(<$lifetime>)? $crate::Said for $Name $(<$lifetime>)? {
            fn said(&self, language: $crate::Language) -> ::std::string::String {
                match language {
                    $crate::Language::Chinese => match self {
                        $(
                            Self::$Variant $({ $($part),+ })? => {
                                $($(let $part = $part.said(language);)+)?
                                format!($chinese)
                            }
                        )+
                    },
                    $crate::Language::English => match self {
                        $(
                            Self::$Variant $({ $($part),+ })? => {
                                $($(let $part = $part.said(language);)+)?
                                format!($english)
                            }
                        )+
                    },
                }
            }
        }
    };
}

/// What is written the same in both languages.
macro_rules! said_as_written {
    ($($Written:ty),+) => {
        $(
            impl Said for $Written {
                fn said(&self, _language: Language) -> String {
                    self.to_string()
                }
            }
        )+
    };
}
said_as_written!(&str, String, u32, usize, &Decimal, PropertyType, Span, Unit);

impl Said for LocalizedText {
    fn said(&self, language: Language) -> String {
        self.of(language).to_owned()
    }
}

impl Said for Error {
    fn said(&self, language: Language) -> String {
        match (language, self) {
            (Language::Chinese, Self::UnknownZone { name, hint }) => match hint {
                Some(hint) => format!("没有时区 `{name}`：是不是 `{hint}`？"),
                None => format!("没有时区 `{name}`"),
            },
            (Language::Chinese, Self::InvalidKey { text }) => {
                let longest = crate::key::LONGEST;
                format!("`{text}` 不能作键：用 1 到 {longest} 个字母、数字和 `_`")
            }
            (language, Self::InvalidRefresh { problem }) => problem.of(language).to_owned(),
            // The others carry words of English already.
            _ => self.to_string(),
        }
    }
}
