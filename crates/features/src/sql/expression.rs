//! Typed pieces of SQL, and exact arithmetic on them.

use super::Folds;
use super::parameters::power_of_ten;

/// A value in SQL; NULL is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    pub(super) sql: String,
    pub(super) kind: Kind,
    /// Whether it can be NULL.
    pub(super) presence: Presence,
}

/// Whether a value can be NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Always,
    Perhaps,
}

/// What the SQL value stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// value × 10^scale, an integer of fewer bits than these besides its sign.
    Number { scale: u32, bits: u32 },
    /// Canonical text.
    Text,
    /// 0 or 1.
    Truth,
    /// Milliseconds since 1970, `Int64`.
    Time,
    /// Milliseconds, `Int64`.
    Span,
    /// Anything: only whether it is there can be asked.
    Any,
}

/// The most bits that an integer of 256 bits may need, sign and a reserve left out.
const MOST_BITS: u32 = 254;

/// Bits of the greatest decimal with places after its point, which has 58 digits before it.
const RANGE_BITS: u32 = 192;

impl Expression {
    pub(super) fn new(sql: impl Into<String>, kind: Kind, presence: Presence) -> Self {
        Self {
            sql: sql.into(),
            kind,
            presence,
        }
    }

    /// A value that is missing for all.
    pub(super) fn missing(kind: Kind) -> Self {
        let sql = match kind {
            Kind::Number { .. } => "CAST(NULL AS Nullable(Int256))",
            Kind::Text | Kind::Any => "CAST(NULL AS Nullable(String))",
            Kind::Truth => "CAST(NULL AS Nullable(UInt8))",
            Kind::Time | Kind::Span => "CAST(NULL AS Nullable(Int64))",
        };
        Self::new(sql, kind, Presence::Perhaps)
    }

    /// A truth made of a comparison, with NULL closed to 0.
    pub(super) fn closed(test: String, presence: Presence) -> String {
        match presence {
            Presence::Always => format!("({test})"),
            Presence::Perhaps => format!("ifNull({test}, 0)"),
        }
    }

    /// Places after the point, and bits, of a number.
    pub(super) fn number(&self) -> Option<(u32, u32)> {
        match self.kind {
            Kind::Number { scale, bits } => Some((scale, bits)),
            _ => None,
        }
    }

    /// Whether the value is there.
    pub(super) fn is_set(&self) -> String {
        match self.presence {
            Presence::Always => "1".to_owned(),
            Presence::Perhaps => format!("isNotNull({})", self.sql),
        }
    }

    /// The number at a scale that is at least its own, in 256 bits.
    pub(super) fn raised(&self, scale: u32) -> Result<Self, Folds> {
        let (own, bits) = self.number().ok_or_else(not_a_number)?;
        let more = scale.saturating_sub(own);
        let sql = match more {
            0 => format!("toInt256({})", self.sql),
            more => format!("toInt256({}) * {}", self.sql, power_of_ten(more)),
        };
        let bits = fitting(bits + bits_of_power(more))?;
        Ok(Self::new(
            format!("({sql})"),
            Kind::Number { scale, bits },
            self.presence,
        ))
    }

    /// The last judgement: at most 18 places, and never outside the range.
    pub(super) fn judged(self) -> Result<Self, Folds> {
        let Some((scale, bits)) = self.number() else {
            return Ok(self);
        };
        let whole_bits = bits.saturating_sub(least_bits_of_power(scale));
        if scale > 0 && whole_bits > RANGE_BITS {
            return Err(Folds::because("a number could leave the range of decimals"));
        }
        if scale <= 18 {
            return Ok(self);
        }
        let sql = format!("intDiv({}, {})", self.sql, power_of_ten(scale - 18));
        Ok(Self::new(
            sql,
            Kind::Number { scale: 18, bits },
            self.presence,
        ))
    }
}

/// `NULL` if either is.
pub(super) fn either(left: &Expression, right: &Expression) -> Presence {
    match (left.presence, right.presence) {
        (Presence::Always, Presence::Always) => Presence::Always,
        _ => Presence::Perhaps,
    }
}

/// Both numbers at one scale.
pub(super) fn aligned(
    left: &Expression,
    right: &Expression,
) -> Result<(Expression, Expression), Folds> {
    let (a, b) = (
        left.number().ok_or_else(not_a_number)?,
        right.number().ok_or_else(not_a_number)?,
    );
    let scale = a.0.max(b.0);
    Ok((left.raised(scale)?, right.raised(scale)?))
}

/// The sum or, with `-`, the difference.
pub(super) fn sum(left: &Expression, sign: char, right: &Expression) -> Result<Expression, Folds> {
    let (left, right) = aligned(left, right)?;
    let (scale, a) = left.number().ok_or_else(not_a_number)?;
    let (_, b) = right.number().ok_or_else(not_a_number)?;
    let kind = Kind::Number {
        scale,
        bits: fitting(a.max(b) + 1)?,
    };
    let sql = format!("({} {sign} {})", left.sql, right.sql);
    Ok(Expression::new(sql, kind, either(&left, &right)))
}

/// The product.
pub(super) fn product(left: &Expression, right: &Expression) -> Result<Expression, Folds> {
    let (p, a) = left.number().ok_or_else(not_a_number)?;
    let (q, b) = right.number().ok_or_else(not_a_number)?;
    let kind = Kind::Number {
        scale: p + q,
        bits: fitting(a + b)?,
    };
    let sql = format!("(toInt256({}) * toInt256({}))", left.sql, right.sql);
    Ok(Expression::new(sql, kind, either(left, right)))
}

/// The quotient to 18 places, cut toward zero; missing by zero.
pub(super) fn quotient(left: &Expression, right: &Expression) -> Result<Expression, Folds> {
    let (p, _) = left.number().ok_or_else(not_a_number)?;
    let (q, _) = right.number().ok_or_else(not_a_number)?;
    // (A / 10^p) ÷ (B / 10^q) × 10^18 = A × 10^(18 + q - p) / B
    let dividend = left.raised(p.max(q + 18))?;
    let divisor = right.raised(q.max(p.saturating_sub(18)))?;
    let (_, bits) = dividend.number().ok_or_else(not_a_number)?;
    let sql = format!("intDivOrNull({}, {})", dividend.sql, divisor.sql);
    Ok(Expression::new(
        sql,
        Kind::Number { scale: 18, bits },
        Presence::Perhaps,
    ))
}

/// The distance from zero.
pub(super) fn absolute(of: &Expression) -> Expression {
    Expression::new(format!("toInt256(abs({}))", of.sql), of.kind, of.presence)
}

/// Rounded to so many places, a half away from zero.
pub(super) fn rounded(of: &Expression, places: u32) -> Result<Expression, Folds> {
    let (scale, bits) = of.number().ok_or_else(not_a_number)?;
    if scale <= places {
        return Ok(of.clone());
    }
    let divisor = power_of_ten(scale - places);
    let half = format!("toInt256('5{}')", "0".repeat((scale - places - 1) as usize));
    let sql = format!(
        "intDiv(toInt256({0}) + if({0} < 0, -{half}, {half}), {divisor})",
        of.sql
    );
    Ok(Expression::new(
        sql,
        Kind::Number {
            scale: places,
            bits: fitting(bits + 1)?,
        },
        of.presence,
    ))
}

/// Bits that are enough.
fn fitting(bits: u32) -> Result<u32, Folds> {
    if bits > MOST_BITS {
        return Err(Folds::because("a number could need more than 256 bits"));
    }
    Ok(bits)
}

fn not_a_number() -> Folds {
    Folds::because("something that is no number stands where a number is computed")
}

/// Bits that 10^exponent needs at most.
pub(super) fn bits_of_power(exponent: u32) -> u32 {
    (exponent * 3_322).div_ceil(1_000)
}

/// Bits that 10^exponent surely has.
fn least_bits_of_power(exponent: u32) -> u32 {
    exponent * 3_321 / 1_000
}
