//! Numbers, times, keys and expressions of text that are none.

use domain::{Error, LONGEST_KEY};

use super::{Correction, mistakes};

mistakes! {
    pub(crate) enum Constants<'m> {
        NoNumber { text: &'m str } => Error(InvalidConstant),
            "`{text}` 不是能保存的数",
            "`{text}` is no number that can be kept";
        OutOfRange { text: &'m str } => Error(InvalidConstant),
            "`{text}` 超出数的范围 ± (2^256 − 1)",
            "`{text}` is outside the range of numbers, ± (2^256 − 1)";
        PlacesCut { text: &'m str } => Warning(InvalidConstant),
            "`{text}` 的小数超过 18 位：多出的会被截去",
            "`{text}` has more than 18 places: the others are cut";
        TooLongTime { text: &'m str } => Error(InvalidConstant),
            "`{text}` 的时间太长",
            "`{text}` is too long a time";
        NoTime { text: &'m str } => Error(InvalidConstant),
            "没有时间 `{text}`",
            "there is no time `{text}`";
        NoDate { text: &'m str } => Error(InvalidConstant),
            "没有日期 `{text}`",
            "there is no date `{text}`";
        NoExpression { text: &'m str, reason: &'m str } => Error(InvalidConstant),
            "`{text}` 不是正则表达式：{reason}",
            "`{text}` is no regular expression: {reason}";
        NoKey { key: String, longest: usize } => Error(InvalidConstant),
            "`{key}` 不能作键：用 1 到 {longest} 个字母、数字和 `_`",
            "`{key}` is no key: use 1 to {longest} letters, digits and `_`";
        UnknownZone { name: String, correction: Correction } => Error(UnknownUnit),
            "没有时区 `{name}`{correction}",
            "unknown time zone `{name}`{correction}";
        /// What `domain` refuses in words of its own.
        Refused { reason: String } => Error(InvalidConstant),
            "{reason}",
            "{reason}";
    }
}

impl From<Error> for Constants<'_> {
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidKey { text } => Self::NoKey {
                key: text,
                longest: LONGEST_KEY,
            },
            Error::UnknownZone { name, hint } => Self::UnknownZone {
                name,
                correction: Correction::meant(hint.as_deref()),
            },
            other => Self::Refused {
                reason: other.to_string(),
            },
        }
    }
}
