//! Unsigned numbers as the store keeps them.

use crate::Error;

/// A number as a signed one, which is all that SQL has.
///
/// # Errors
/// [`Error::Invalid`] for numbers from 2⁶³.
pub(crate) fn stored(number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::Invalid {
        problem: format!("{number} is too large to be stored"),
    })
}
