//! Why an event is refused.

use domain::{EventName, Time};
use thiserror::Error;

/// Why an event is refused, whole.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Invalid {
    /// Its JSON is longer than allowed.
    #[error("it has {bytes} bytes, at most {most} are allowed")]
    TooLong {
        /// Its bytes.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// It has more properties than allowed.
    #[error("it has more than {most} properties")]
    TooManyFields {
        /// The limit.
        most: usize,
    },
    /// It is not UTF-8.
    #[error("it is not UTF-8 after {valid} bytes")]
    NotUtf8 {
        /// The bytes before the first that is wrong.
        valid: usize,
    },
    /// It is not JSON, or not an object.
    #[error("it is no JSON object: {reason}")]
    NotJson {
        /// What the parser met, and where.
        reason: String,
    },
    /// A member has another type than it must have.
    #[error("`{member}` is not {expected}")]
    WrongMember {
        /// The member.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// It does not say what sort of event it is.
    #[error("it has no `type` (track, identify, page, screen, group or alias)")]
    NoType,
    /// Its type is none of the six.
    #[error("the type `{written}` is none of track, identify, page, screen, group and alias")]
    UnknownType {
        /// The type as it was written.
        written: String,
    },
    /// It names no user.
    #[error("it has neither `userId` nor `anonymousId`")]
    NoUser,
    /// A `track` without a name.
    #[error("it has no `event`, the name of what happened")]
    NoName,
    /// A name that is Muster's own.
    #[error(
        "the event name `{name}` is reserved: names that begin with `$`, such as `{}`, are Muster's own",
        EventName::PAGE
    )]
    ReservedName {
        /// The name as it was written.
        name: String,
    },
    /// It carries no time where one is demanded.
    #[error("it has neither `timestamp` nor `originalTimestamp`")]
    NoTime,
    /// Its time cannot be read.
    #[error("`{written}` is not a time such as `2026-11-01T10:00:00Z`")]
    UnreadableTime {
        /// The time as it was written.
        written: String,
    },
    /// Its time lies too far in the future.
    #[error("its time {time} lies more than 24 hours after its reception")]
    Future {
        /// Its time.
        time: Time,
    },
}

impl Invalid {
    /// The reason as one word, for sums by reason.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too_long",
            Self::TooManyFields { .. } => "too_many_properties",
            Self::NotUtf8 { .. } => "not_utf8",
            Self::NotJson { .. } => "not_json",
            Self::WrongMember { .. } => "wrong_member",
            Self::NoType => "no_type",
            Self::UnknownType { .. } => "unknown_type",
            Self::NoUser => "no_user",
            Self::NoName => "no_name",
            Self::ReservedName { .. } => "reserved_name",
            Self::NoTime => "no_time",
            Self::UnreadableTime { .. } => "unreadable_time",
            Self::Future { .. } => "future",
        }
    }
}
