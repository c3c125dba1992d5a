//! What is measured of each user, as its sentence tells it.

use domain::Rfm;

use super::super::sheet::Sheet;
use super::{recency_of, windowed};
use crate::tree::{Expression, Window};

/// The three measures of an RFM.
pub(crate) struct RfmMeasures {
    /// When a user was last there.
    pub(crate) recency: Expression,
    /// How often.
    pub(crate) frequency: Expression,
    /// How much.
    pub(crate) monetary: Expression,
    /// The window of all three; `None` where there is none, or where some have another one: then each has its own.
    pub(crate) window: Option<Window>,
}

impl RfmMeasures {
    /// What is written; `None` where it cannot be read.
    pub(crate) fn of(rfm: &Rfm) -> Option<Self> {
        let mut sheet = Sheet::new("rfm");
        let recency = sheet.entry("recency", &rfm.recency);
        let window = match &rfm.window {
            None => None,
            Some(written) => {
                let entry = sheet.entry("window", written);
                Some(sheet.window(&entry)?)
            }
        };
        let plain = [
            recency_of(&mut sheet, &recency, None)?.last,
            value(&mut sheet, "frequency", &rfm.frequency)?,
            value(&mut sheet, "monetary", &rfm.monetary)?,
        ];
        let mut within = Vec::with_capacity(plain.len());
        for measure in &plain {
            within.push(windowed(&mut sheet, measure.clone(), window.clone())?);
        }
        let is_shared = plain
            .iter()
            .zip(&within)
            .all(|(plain, within)| plain != within);
        let window = window.map(|window| window.node).filter(|_| is_shared);
        let [recency, frequency, monetary] = match is_shared {
            true => plain,
            false => within.try_into().ok()?,
        };
        Some(Self {
            recency,
            frequency,
            monetary,
            window,
        })
    }
}

fn value(sheet: &mut Sheet, key: &'static str, written: &str) -> Option<Expression> {
    let entry = sheet.entry(key, written);
    sheet.value(&entry)
}
