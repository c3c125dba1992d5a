//! The most frequent texts of a column, counted by their codes.

use std::cmp::Reverse;

use domain::Value;

use super::State;
use crate::accumulate::{Frequency, list};
use crate::fold::canonical::Canonical;
use crate::fold::scope::RowScope;

/// `top` over texts.
pub(super) struct TopTexts<'b> {
    /// By row, as the column has them.
    codes: &'b [u32],
    canonical: &'b Canonical,
    count: u32,
    /// By canonical code.
    frequencies: Vec<Frequency>,
    /// The codes that the user has.
    seen: Vec<u32>,
    added: usize,
}

impl<'b> TopTexts<'b> {
    pub(super) fn new(codes: &'b [u32], canonical: &'b Canonical, count: u32) -> Self {
        Self {
            codes,
            frequencies: vec![Frequency::default(); canonical.texts.len()],
            canonical,
            count,
            seen: Vec::new(),
            added: 0,
        }
    }

    fn frequency(&self, code: u32) -> Frequency {
        let frequency = self.frequencies.get(code as usize);
        frequency.copied().unwrap_or_default()
    }
}

impl State for TopTexts<'_> {
    fn take(&mut self, event: &RowScope<'_>) {
        let code = self.codes.get(event.row).copied();
        let Some(code) = code.and_then(|code| self.canonical.code(code)) else {
            return;
        };
        if let Some(frequency) = self.frequencies.get_mut(code as usize) {
            if frequency.times == 0 {
                self.seen.push(code);
            }
            self.added += 1;
            frequency.add(self.added);
        }
    }

    fn value(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        let mut seen = std::mem::take(&mut self.seen);
        seen.sort_unstable_by_key(|code| Reverse(self.frequency(*code)));
        let texts = seen
            .iter()
            .filter_map(|code| self.canonical.texts.get(*code as usize).cloned());
        let value = list(texts, self.count as usize);
        self.seen = seen;
        value
    }

    fn clear(&mut self) {
        for code in self.seen.drain(..) {
            if let Some(frequency) = self.frequencies.get_mut(code as usize) {
                *frequency = Frequency::default();
            }
        }
        self.added = 0;
    }
}
