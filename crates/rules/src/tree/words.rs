//! The words of the language that name operators and functions, each once.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$documentation:meta])* $name:ident {
        $($(#[$of_word:meta])* $word:ident = $text:literal,)+
    }) => {
        $(#[$documentation])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$of_word])* #[serde(rename = $text)] $word,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$word),+];

            /// As it is written.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)+
                }
            }

            /// The one that is written so.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($text => Some(Self::$word),)+
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// An operator between two values.
    CompareOperator {
        /// The same value.
        Equal = "=",
        /// Not the same value, or none.
        NotEqual = "!=",
        /// Less.
        Less = "<",
        /// Less or equal.
        AtMost = "<=",
        /// Greater.
        Greater = ">",
        /// Greater or equal.
        AtLeast = ">=",
        /// Before a time, or before the start of a date.
        Before = "before",
        /// After a time, or from the day after a date.
        After = "after",
        /// On a date.
        On = "on",
        /// The text occurs.
        Contains = "contains",
        /// The text does not occur, or there is none.
        NotContains = "not contains",
        /// The text begins so.
        StartsWith = "starts with",
        /// The text does not begin so, or there is none.
        NotStartsWith = "not starts with",
        /// The text ends so.
        EndsWith = "ends with",
        /// The text does not end so, or there is none.
        NotEndsWith = "not ends with",
        /// The regular expression matches somewhere.
        Matches = "matches",
        /// The regular expression matches nowhere, or there is no text.
        NotMatches = "not matches",
        /// The value is among the elements.
        Has = "has",
    }
}

words! {
    /// An operator between a value and several.
    ChoiceOperator {
        /// The value is one of them.
        In = "in",
        /// The value is none of them, or missing.
        NotIn = "not in",
        /// At least one of them is among the elements.
        HasAnyOf = "has any of",
        /// All of them are among the elements.
        HasAllOf = "has all of",
        /// None of them is among the elements.
        HasNoneOf = "has none of",
    }
}

words! {
    /// An operator of arithmetic.
    ArithmeticOperator {
        /// Sum.
        Add = "+",
        /// Difference.
        Subtract = "-",
        /// Product.
        Multiply = "*",
        /// Quotient.
        Divide = "/",
    }
}

words! {
    /// What is measured over events.
    AggregateName {
        /// The number of events.
        Count = "count",
        /// Whether there is an event.
        Did = "did",
        /// Whether there is an element.
        Any = "any",
        /// The sum of a property.
        Sum = "sum",
        /// The mean of a property.
        Average = "avg",
        /// The least value of a property.
        Minimum = "min",
        /// The greatest value of a property.
        Maximum = "max",
        /// The middle of the numbers of a property.
        Median = "median",
        /// The number below which so many percent lie.
        Percentile = "percentile",
        /// The standard deviation of a property.
        Deviation = "stddev",
        /// The number of different values.
        Distinct = "distinct",
        /// The number of hours with an event.
        Hours = "hours",
        /// The number of days with an event.
        Days = "days",
        /// The number of weeks with an event.
        Weeks = "weeks",
        /// The number of months with an event.
        Months = "months",
        /// Days in a row with an event, up to today.
        Streak = "streak",
        /// The most days in a row with an event.
        LongestStreak = "longest_streak",
        /// The most frequent values of a property.
        Top = "top",
        /// The property of the first event that has it.
        First = "first",
        /// The property of the last event that has it.
        Last = "last",
        /// The time of the first event.
        FirstTime = "first_time",
        /// The time of the last event.
        LastTime = "last_time",
        /// How many users share a value.
        SharedBy = "shared_by",
    }
}

words! {
    /// A function of values.
    FunctionName {
        /// `age(t)`, `age(years, t)`
        Age = "age",
        /// `date_diff(days, a, b)`
        DateDifference = "date_diff",
        /// `if(C, a, b)`
        If = "if",
        /// `coalesce(a, b)`
        Coalesce = "coalesce",
        /// `abs(x)`
        Absolute = "abs",
        /// `round(x)`, `round(x, 2)`
        Round = "round",
        /// `lower(x)`
        Lower = "lower",
        /// `length(x)`
        Length = "length",
        /// `hour(t)`, `hour(t, "Asia/Shanghai")`
        Hour = "hour",
        /// `weekday(t)`
        Weekday = "weekday",
        /// `day_of_month(t)`
        DayOfMonth = "day_of_month",
        /// `month(t)`
        Month = "month",
        /// `year(t)`
        Year = "year",
        /// `version(t)`
        Version = "version",
        /// `has_identity(twitter)`
        HasIdentity = "has_identity",
        /// `identity_count(wallet)`
        IdentityCount = "identity_count",
        /// `bucket("salt", 100)`
        Bucket = "bucket",
    }
}

words! {
    /// From which end ranks are counted.
    RankEnd {
        /// The greatest value first.
        Top = "top",
        /// The least value first.
        Bottom = "bottom",
        /// The earliest time first.
        First = "first",
        /// The latest time first.
        Last = "last",
    }
}

words! {
    /// What is measured over the users who name this one.
    UsersFunction {
        /// How many they are.
        Count = "count",
        /// The sum of a value of each.
        Sum = "sum",
        /// Whether there is one.
        Any = "any",
    }
}

impl CompareOperator {
    /// Whether it can be followed by `ignoring case`.
    #[must_use]
    pub fn is_of_text(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::NotEqual
                | Self::Contains
                | Self::NotContains
                | Self::StartsWith
                | Self::NotStartsWith
                | Self::EndsWith
                | Self::NotEndsWith
                | Self::Matches
                | Self::NotMatches
        )
    }
}
