//! What the checker says about a rule: what is wrong or doubtful, where, and what to do.

mod concern;
mod placed;
mod render;

use domain::LocalizedText;
use serde::Serialize;

pub use self::concern::Concern;
pub use self::placed::{PlacedDiagnostic, Suggestion};
pub use self::render::render;
use crate::dependencies::Defined;
use crate::located::TextRange;
use crate::mistake::{Constants, Definitions, Mistake, Path};

/// One problem of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What sort of problem.
    pub code: Code,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong and what to do, names in backticks; in both languages.
    pub message: LocalizedText,
    /// Where in the text.
    pub range: TextRange,
    /// The correction, where there is one.
    pub fix: Option<Fix>,
    /// Whom it is about, of a hint at users whom the author may not have thought of.
    pub concern: Option<Box<Concern>>,
}

/// A replacement that corrects a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to replace.
    pub range: TextRange,
    /// By what.
    pub replacement: String,
}

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The rule cannot be computed.
    Error,
    /// The rule can be computed and is very likely not what was meant.
    Warning,
    /// People often get this wrong.
    Hint,
}

/// What sort of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The text does not follow the grammar.
    Syntax,
    /// More than 64 levels.
    TooDeep,
    /// The text is too long, or has too many problems to list.
    TooLong,
    /// A construct that this version does not compute.
    NotAvailable,
    /// No such function.
    UnknownFunction,
    /// No such event.
    UnknownEvent,
    /// No such attribute.
    UnknownAttribute,
    /// The event has no such property.
    UnknownProperty,
    /// No such tag.
    UnknownTag,
    /// The tag has no such value.
    UnknownValue,
    /// No such list.
    UnknownList,
    /// No such audience.
    UnknownAudience,
    /// The sequence has no such step.
    UnknownStep,
    /// No such table.
    UnknownTable,
    /// The table has no such column, or no such row.
    UnknownColumn,
    /// No such unit or time zone.
    UnknownUnit,
    /// Values in different units are compared or added.
    DifferentUnits,
    /// A value of another type is needed.
    WrongType,
    /// Too many or too few arguments, or of the wrong form.
    WrongArguments,
    /// Right elsewhere, but not here.
    NotAllowedHere,
    /// A number, time, key or expression of text that is none.
    InvalidConstant,
    /// A name that could be two things.
    Ambiguous,
    /// Definitions need one another in a circle.
    Cycle,
    /// What is to be removed is used by what stays.
    StillUsed,
    /// Another tag means the same.
    Duplicate,
    /// The condition can never hold, or always does.
    Impossible,
    /// `now` is cut to the full hour.
    NowCut,
    /// A window longer than events are kept.
    BeyondRetention,
    /// An upper bound alone: holds for those who did nothing.
    UpperBoundAlone,
    /// A negation that holds for users without a value.
    HoldsWithoutValue,
    /// `last 1 calendar month`: this month so far.
    CurrentPeriod,
    /// `3m` is three minutes.
    Minutes,
    /// Leaves out those who never did.
    NeverDid,
    /// A percentage below 1: 0.9 where 90 may be meant.
    FractionOfPercent,
    /// A `not` at the end of a sequence, without a time to wait for it.
    WithoutWaiting,
    /// Compared as text what looks like a number or a time.
    ComparedAsText,
}

impl Code {
    /// The code as it is shown: `unknown-event`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::TooDeep => "too-deep",
            Self::TooLong => "too-long",
            Self::NotAvailable => "not-available",
            Self::UnknownFunction => "unknown-function",
            Self::UnknownEvent => "unknown-event",
            Self::UnknownAttribute => "unknown-attribute",
            Self::UnknownProperty => "unknown-property",
            Self::UnknownTag => "unknown-tag",
            Self::UnknownValue => "unknown-value",
            Self::UnknownList => "unknown-list",
            Self::UnknownAudience => "unknown-audience",
            Self::UnknownStep => "unknown-step",
            Self::UnknownTable => "unknown-table",
            Self::UnknownColumn => "unknown-column",
            Self::UnknownUnit => "unknown-unit",
            Self::DifferentUnits => "different-units",
            Self::WrongType => "wrong-type",
            Self::WrongArguments => "wrong-arguments",
            Self::NotAllowedHere => "not-allowed-here",
            Self::InvalidConstant => "invalid-constant",
            Self::Ambiguous => "ambiguous",
            Self::Cycle => "cycle",
            Self::StillUsed => "still-used",
            Self::Duplicate => "duplicate",
            Self::Impossible => "impossible",
            Self::NowCut => "now-cut",
            Self::BeyondRetention => "beyond-retention",
            Self::UpperBoundAlone => "upper-bound-alone",
            Self::HoldsWithoutValue => "holds-without-value",
            Self::CurrentPeriod => "current-period",
            Self::Minutes => "minutes",
            Self::FractionOfPercent => "fraction-of-percent",
            Self::NeverDid => "never-did",
            Self::WithoutWaiting => "without-waiting",
            Self::ComparedAsText => "compared-as-text",
        }
    }
}

impl Diagnostic {
    /// A mistake at its place, in the words of its kind.
    pub(crate) fn at(range: TextRange, mistake: impl Mistake) -> Self {
        Self {
            code: mistake.code(),
            severity: mistake.severity(),
            message: mistake.in_both(),
            range,
            fix: None,
            concern: None,
        }
    }

    /// Definitions need one another in a circle: the path, its last being the first again, and
    /// where in the rule the next of them is named.
    #[must_use]
    pub fn cycle(path: Vec<Defined>, range: TextRange) -> Self {
        Self::at(range, Definitions::Cycle { path: Path(path) })
    }

    /// What was written outside of the rule is not one of the field's words, such as a time zone.
    #[must_use]
    pub fn refused(error: domain::Error) -> Self {
        Self::at(TextRange::default(), Constants::from(error))
    }

    /// With the text that should stand in its place.
    #[must_use]
    pub(crate) fn with_fix(self, replacement: impl Into<String>) -> Self {
        let range = self.range;
        self.with_fix_at(range, replacement)
    }

    /// With the text that should stand in another place.
    #[must_use]
    pub(crate) fn with_fix_at(mut self, range: TextRange, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            range,
            replacement: replacement.into(),
        });
        self
    }

    /// With the text that should stand in its place, where one is known.
    #[must_use]
    pub(crate) fn with_fix_if_known(self, replacement: Option<String>) -> Self {
        match replacement {
            Some(replacement) => self.with_fix(replacement),
            None => self,
        }
    }

    /// Whether the rule cannot be computed because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
