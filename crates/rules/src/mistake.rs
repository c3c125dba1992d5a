//! What can be wrong or doubtful about a rule, in the words of both languages.
//!
//! A kind of mistake is a variant of the enum of its area: how grave it is, its code, the parts
//! that its words name, and those words in 中文 and English, side by side. None compiles without
//! either language, nor with a part that one of them leaves out. A message names things in
//! backticks and says what to do.

mod aggregates;
mod collections;
mod conditions;
mod constants;
mod definitions;
mod doubts;
mod functions;
mod grammar;
mod groups;
mod history;
mod names;
mod part;
mod population;
mod sequences;
mod short_forms;
mod tracking_plan;
mod types;
mod versions;
mod wanted;
mod windows;

use domain::Said;

pub(crate) use self::aggregates::Aggregates;
pub(crate) use self::collections::Collections;
pub(crate) use self::conditions::Conditions;
pub(crate) use self::constants::Constants;
pub(crate) use self::definitions::Definitions;
pub(crate) use self::doubts::{Concerned, Doubts};
pub(crate) use self::functions::Functions;
pub(crate) use self::grammar::{Grammar, Remedy};
pub(crate) use self::groups::Groups;
pub(crate) use self::history::History;
pub(crate) use self::names::{Correction, Names};
pub(crate) use self::part::{Listed, Path, TextsListed, Users, UsersHave, shortened};
pub(crate) use self::population::Populations;
pub(crate) use self::sequences::Sequences;
pub(crate) use self::short_forms::ShortForms;
pub(crate) use self::tracking_plan::TrackingPlan;
pub(crate) use self::types::Types;
pub(crate) use self::versions::Versions;
pub(crate) use self::wanted::{Found, Wanted};
pub(crate) use self::windows::Windows;
use crate::diagnostic::{Code, Severity};

/// A kind of mistake.
pub(crate) trait Mistake: Said {
    /// What sort of problem it is.
    fn code(&self) -> Code;

    /// How grave it is.
    fn severity(&self) -> Severity;
}

/// The kinds of mistakes of an area: [`domain::words!`] with how grave each is, and its code.
macro_rules! mistakes {
    (
        $(#[$about:meta])*
        $visibility:vis enum $Area:ident $(<$lifetime:lifetime>)? {
            $(
                $(#[$meaning:meta])*
                $Kind:ident $({ $($(#[$part_is:meta])* $part:ident: $Part:ty),+ $(,)? })?
                    => $severity:ident($code:ident),
                    $chinese:literal,
                    $english:literal;
            )+
        }
    ) => {
        ::domain::words! {
            $(#[$about])*
            $visibility enum $Area $(<$lifetime>)? {
                $(
                    $(#[$meaning])*
                    $Kind $({ $($(#[$part_is])* $part: $Part),+ })?,
                        $chinese,
                        $english;
                )+
            }
        }

        impl $(<$lifetime>)? $crate::mistake::Mistake for $Area $(<$lifetime>)? {
            fn code(&self) -> $crate::diagnostic::Code {
                match self {
                    $(Self::$Kind { .. } => $crate::diagnostic::Code::$code,)+
                }
            }

            fn severity(&self) -> $crate::diagnostic::Severity {
                match self {
                    $(Self::$Kind { .. } => $crate::diagnostic::Severity::$severity,)+
                }
            }
        }
    };
}
use mistakes;
