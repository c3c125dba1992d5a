//! Feature values of a block of users: what the fold leaves, and what conditions read.

use std::collections::BTreeMap;

use domain::Value;

use crate::history::{MISSING, NO_CODE};

/// How many users a block holds at most: their columns stay in the second-level cache.
pub const BLOCK_USERS: usize = 8_192;

/// The features of up to [`BLOCK_USERS`] users.
#[derive(Clone, Debug, Default)]
pub struct FeatureBlock {
    /// The numbers of users who are known at `now`, ascending; entry i of every column belongs to `users[i]`.
    pub users: Vec<u32>,
    /// One column for each feature of the program, in its order.
    pub columns: Vec<FeatureColumn>,
}

/// The values of one feature, one entry per user of the block.
#[derive(Clone, Debug)]
pub enum FeatureColumn {
    /// Exact numbers of one scale. Times and durations are milliseconds with scale 0, and truth is 0 or
    /// 1.
    Number {
        /// Places after the point.
        scale: u8,
        /// What the mantissa means.
        meaning: NumberMeaning,
        /// value × 10^scale, or [`MISSING`].
        mantissas: Vec<i64>,
        /// Users whose value does not fit: it stands here instead (the mantissa is `MISSING`).
        wide: BTreeMap<u32, Value>,
    },
    /// Texts by a dictionary of the block. A list or another rare shape is in `others`.
    Text {
        /// Codes into `texts`, or [`NO_CODE`].
        codes: Vec<u32>,
        /// The values the codes stand for: texts, canonical, and lists. Each once.
        texts: Vec<Value>,
    },
    /// Means: a sum divided by a count, which are seldom whole at any scale.
    Ratio {
        /// Places after the point of `halves`.
        scale: u8,
        /// Places after the point of `sums`.
        sum_scale: u8,
        /// Dividends × 10^sum_scale.
        sums: Vec<i64>,
        /// Divisors; 0 where the mean is missing (or stands in `wide`).
        counts: Vec<i64>,
        /// 2 × ⌊mean × 10^scale⌋, + 1 where the mean lies above that; or [`MISSING`]. Against a
        /// constant of at most `scale` places, doubled likewise, it compares as the mean does.
        halves: Vec<i64>,
        /// Means that do not fit; `halves` is [`MISSING`] there.
        wide: BTreeMap<u32, Value>,
    },
    /// Anything, one by one.
    Any(Vec<Option<Value>>),
}

/// What the mantissas of a number column stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberMeaning {
    /// A number.
    Number,
    /// A time in milliseconds.
    Time,
    /// A duration in milliseconds.
    Span,
    /// 0 or 1.
    Truth,
}

impl FeatureColumn {
    /// The value of one user.
    pub fn value(&self, user: usize) -> Option<Value> {
        match self {
            Self::Number {
                scale,
                meaning,
                mantissas,
                wide,
            } => {
                let mantissa = *mantissas.get(user)?;
                if mantissa == MISSING {
                    return wide.get(&(user as u32)).cloned();
                }
                Some(match meaning {
                    NumberMeaning::Number => {
                        Value::Number(domain::Decimal::from_mantissa(i128::from(mantissa), *scale))
                    }
                    NumberMeaning::Time => Value::Time(domain::Time::from_millis(mantissa)),
                    NumberMeaning::Span => Value::Span(domain::Span::from_millis(mantissa)),
                    NumberMeaning::Truth => Value::Bool(mantissa != 0),
                })
            }
            Self::Text { codes, texts } => {
                let code = *codes.get(user)?;
                if code == NO_CODE {
                    None
                } else {
                    texts.get(code as usize).cloned()
                }
            }
            Self::Ratio {
                sum_scale,
                sums,
                counts,
                wide,
                ..
            } => {
                let (sum, count) = (*sums.get(user)?, *counts.get(user)?);
                if count == 0 {
                    return wide.get(&(user as u32)).cloned();
                }
                let sum = domain::Decimal::from_mantissa(i128::from(sum), *sum_scale);
                sum.div(&domain::Decimal::from(count)).map(Value::Number)
            }
            Self::Any(values) => values.get(user).cloned().flatten(),
        }
    }
}

impl FeatureBlock {
    /// How many users the block has.
    pub fn len(&self) -> usize {
        self.users.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }
}
