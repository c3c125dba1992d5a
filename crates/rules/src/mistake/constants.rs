//! Numbers, times, keys and expressions of text that are none.

use domain::Error;

use super::mistakes;

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
        UnknownZone { error: Error } => Error(UnknownUnit),
            "{error}",
            "{error}";
        /// Not one of the words of the field, such as a key.
        Refused { error: Error } => Error(InvalidConstant),
            "{error}",
            "{error}";
    }
}

impl From<Error> for Constants<'_> {
    fn from(error: Error) -> Self {
        match error {
            Error::UnknownZone { .. } => Self::UnknownZone { error },
            _ => Self::Refused { error },
        }
    }
}
