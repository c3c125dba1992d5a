//! Who speaks: the language, the names of what is spoken about, and about whom.

use domain::Language;

use super::name::Names;

/// What a condition is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// Users: the rule itself.
    Users,
    /// Events of a user: inside `where` and arguments.
    Events,
    /// Elements of a list: the same there.
    Elements,
}

/// Says the parts of a rule.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'n> {
    pub(super) language: Language,
    pub(super) names: &'n Names,
    pub(super) subject: Subject,
    /// What is in groups, inside `having` and the like.
    pub(super) grouped: Subject,
    /// How sums of points are told.
    pub(super) points: Points,
}

/// How a sum of points is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Points {
    /// With each condition and what it is worth.
    Each,
    /// As a sum.
    Sum,
}

/// The same in 中文 and English, of which the speaker says one.
macro_rules! say {
    ($speaker:expr, $chinese:literal, $english:literal $(,)?) => {
        match $speaker.language {
            ::domain::Language::Chinese => format!($chinese),
            ::domain::Language::English => format!($english),
        }
    };
}
pub(super) use say;

impl<'n> Speaker<'n> {
    /// Speaks of users.
    pub(super) fn of_users(language: Language, names: &'n Names) -> Self {
        Self {
            language,
            names,
            subject: Subject::Users,
            grouped: Subject::Events,
            points: Points::Each,
        }
    }

    /// Speaks of a rule whose parts are told one by one.
    pub(super) fn of_parts(self) -> Self {
        Self {
            points: Points::Sum,
            ..self
        }
    }

    /// Speaks of the events of a user, or of the elements of a list.
    pub(super) fn of(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }

    /// Speaks of groups of them.
    pub(super) fn of_groups(self, grouped: Subject) -> Self {
        Self { grouped, ..self }
    }

    /// In parentheses of the language.
    pub(super) fn enclosed(&self, said: &str) -> String {
        say!(self, "（{said}）", "({said})")
    }

    /// Things in a row: `a、b、c`.
    pub(super) fn row(&self, of: &[String]) -> String {
        of.join(&say!(self, "、", ", "))
    }

    /// Behind what also holds where there is no value.
    pub(super) fn and_without_value(&self, said: &str) -> String {
        match self.subject {
            Subject::Users => say!(
                self,
                "{said}（包括没有值的用户）",
                "{said} (including users without a value)"
            ),
            Subject::Events => say!(
                self,
                "{said}（包括没有值的事件）",
                "{said} (including events without a value)"
            ),
            Subject::Elements => say!(
                self,
                "{said}（包括没有值的元素）",
                "{said} (including elements without a value)"
            ),
        }
    }
}
