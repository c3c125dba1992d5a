//! The keys of what people define: tags, audiences, lists, tables.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

use crate::Error;

/// The most letters that a key may have.
pub(crate) const LONGEST: usize = 128;

/// Letters of any script, digits and `_`: what a rule can name without backticks.
fn check(text: &str) -> Result<Arc<str>, Error> {
    let is_key = !text.is_empty()
        && text.chars().count() <= LONGEST
        && text
            .chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_');
    if is_key {
        Ok(Arc::from(text))
    } else {
        Err(Error::InvalidKey {
            text: text.chars().take(LONGEST).collect(),
        })
    }
}

macro_rules! key {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The key of that text: 1 to 128 letters of any script, digits and `_`.
            ///
            /// # Errors
            /// [`Error::InvalidKey`].
            pub fn new(text: &str) -> Result<Self, Error> {
                check(text).map(Self)
            }

            /// The key as a text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::new(&text).map_err(D::Error::custom)
            }
        }
    };
}

key! {
    /// The key of a tag, as rules name it: `tag(whale)`.
    TagKey
}

key! {
    /// The key of an audience, as rules name it: `in audience(new_whales)`.
    AudienceKey
}

key! {
    /// The key of a list, as rules name it: `in list(binance)`.
    ListKey
}

key! {
    /// The key of a table, as rules name it: `lookup(chains, chain).name`.
    TableKey
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_letters_of_any_script_digits_and_underscores() {
        for key in ["whale", "高净值_2", "3d_active", "кит", "_"] {
            assert_eq!(TagKey::new(key).unwrap().as_str(), key);
        }
        for text in ["", "a-b", "a b", "a.b", "a\u{1}", &"x".repeat(129)] {
            assert!(TagKey::new(text).is_err(), "{text}");
        }
        let error = AudienceKey::new("a-b").unwrap_err().to_string();
        assert_eq!(
            error,
            "`a-b` is no key: use 1 to 128 letters, digits and `_`"
        );
    }
}
