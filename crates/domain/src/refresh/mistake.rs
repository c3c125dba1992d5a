//! What is wrong with a way of keeping a tag fresh, and what to write instead.

use super::Cron;
use crate::{Error, Language, Said, Span};

/// A field of a cron expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Minute,
    Hour,
    DayOfMonth,
    Month,
    DayOfWeek,
}

impl Field {
    pub(super) const ALL: [Self; 5] = [
        Self::Minute,
        Self::Hour,
        Self::DayOfMonth,
        Self::Month,
        Self::DayOfWeek,
    ];

    /// The expression in which only this field says something.
    pub(super) fn alone(self, written: &str) -> String {
        let fields = Self::ALL.map(|field| if field == self { written } else { "*" });
        fields.join(" ")
    }

    fn range(self) -> &'static str {
        match self {
            Self::Minute => "0-59",
            Self::Hour => "0-23",
            Self::DayOfMonth => "1-31",
            Self::Month => "1-12, JAN-DEC",
            Self::DayOfWeek => "0-7, SUN-SAT",
        }
    }
}

impl Said for Field {
    fn said(&self, language: Language) -> String {
        let (chinese, english) = match self {
            Self::Minute => ("分钟", "minute"),
            Self::Hour => ("小时", "hour"),
            Self::DayOfMonth => ("日", "day of the month"),
            Self::Month => ("月", "month"),
            Self::DayOfWeek => ("星期", "day of the week"),
        };
        match language {
            Language::Chinese => chinese.to_owned(),
            Language::English => english.to_owned(),
        }
    }
}

crate::words! {
    pub(super) enum Mistake {
        Unknown { text: String },
            "`{text}` 不是刷新方式：写 `real_time`、`every 15m`、`cron \"0 8 * * *\"` 或 `by_hand`",
            "`{text}` is no way to refresh: write `real_time`, `every 15m`, `cron \"0 8 * * *\"` or `by_hand`";
        Misspelt { text: String, meant: String },
            "`{text}` 不是刷新方式：是不是 `{meant}`？",
            "`{text}` is no way to refresh: did you mean `{meant}`?";
        NoSpan { text: String },
            "`every` 后面要写时长，带 m、h、d 或 w，如 `every 15m`，而不是 `{text}`",
            "`every` needs a time with m, h, d or w, such as `every 15m`, not `{text}`";
        MisspeltSpan { text: String, meant: String },
            "`every {text}` 不是时长：是不是 `every {meant}`？",
            "`every {text}` is no time: did you mean `every {meant}`?";
        TooOften { text: String },
            "`every {text}` 太频繁：最短是 `every 1m`，要更快就写 `real_time`",
            "`every {text}` is too often: the shortest is `every 1m`; what should be sooner is `real_time`";
        TooSeldom { text: String },
            "`every {text}` 太久：最长是 `every 366d`，不定时就写 `by_hand`",
            "`every {text}` is too seldom: the longest is `every 366d`; without a schedule it is `by_hand`";
        NoQuotes { text: String },
            "cron 表达式写在双引号里：`cron \"{text}\"`",
            "a cron expression stands in double quotes: `cron \"{text}\"`";
        NotFiveFields { text: String, found: usize },
            "cron 表达式 `{text}` 有 {found} 个字段：要写 5 个，即 分钟 小时 日 月 星期，如 `0 8 * * *`",
            "the cron expression `{text}` has {found} fields: it takes 5, minute, hour, day of the month, month, day of the week, such as `0 8 * * *`";
        NoField { field: Field, text: String, range: &'static str },
            "cron 表达式的{field}不能是 `{text}`：可以写 {range}、`*`、`*/2`、`1-5`、`1,3`",
            "the {field} of a cron expression cannot be `{text}`: it takes {range}, `*`, `*/2`, `1-5`, `1,3`";
        Never { text: String },
            "cron 表达式 `{text}` 永远不会到来：没有这样的日期",
            "the cron expression `{text}` never comes: there is no such date";
    }
}

impl Mistake {
    pub(super) fn of_field(field: Field, text: String) -> Self {
        let range = field.range();
        Self::NoField { field, text, range }
    }

    /// `15 minutes`, `1 hour`, `2 Hours`.
    pub(super) fn of_span(text: &str) -> Self {
        let number = text.trim_end_matches(|letter: char| letter.is_alphabetic() || letter == ' ');
        let word = text.strip_prefix(number).unwrap_or_default().trim();
        let unit = match word.to_lowercase().as_str() {
            "m" | "min" | "mins" | "minute" | "minutes" | "分钟" | "分" => "m",
            "h" | "hr" | "hour" | "hours" | "小时" => "h",
            "d" | "day" | "days" | "天" => "d",
            "w" | "week" | "weeks" | "周" => "w",
            _ => "",
        };
        let number = if number.is_empty() { "1" } else { number };
        let (text, meant) = (text.to_owned(), format!("{number}{unit}"));
        match Span::parse(&meant) {
            Some(_) => Self::MisspeltSpan { text, meant },
            None => Self::NoSpan { text },
        }
    }

    pub(super) fn of_cron_without_quotes(text: &str) -> Self {
        let text = text.trim_matches(['"', '\'', ' ', '“', '”']);
        let text = match text.parse::<Cron>() {
            Ok(_) => text,
            Err(_) => "0 8 * * *",
        };
        Self::NoQuotes {
            text: text.to_owned(),
        }
    }
}

impl From<Mistake> for Error {
    fn from(mistake: Mistake) -> Self {
        Self::InvalidRefresh {
            problem: mistake.in_both(),
        }
    }
}
