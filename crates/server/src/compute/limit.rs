//! The limit of how long a computation may take: histories are read no further once it is over.

use std::time::{Duration, Instant};

use domain::{Said, Span, Time};
use features::{HistoryBlock, Wanted};
use tags::PortError;
use tags::ports::{Histories, Selection};

/// Histories that are there until a limit is over.
pub(super) struct Limited<'a> {
    histories: &'a dyn Histories,
    limit: Span,
    until: Instant,
}

domain::words! {
    /// Why a computation was ended.
    pub(super) enum Exceeded {
        TooLong { limit: Span },
            "计算超过了上限 {limit}（`[refresh] longest_run`）：把规则写得更简单、窗口更短，或提高上限",
            "its computation took longer than the limit of {limit} (`[refresh] longest_run`): make its rule simpler or its windows shorter, or raise the limit";
    }
}

impl std::fmt::Display for Exceeded {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.said(domain::Language::English))
    }
}

impl std::error::Error for Exceeded {}

impl<'a> Limited<'a> {
    /// The limit begins now.
    pub(super) fn new(histories: &'a dyn Histories, limit: Span) -> Self {
        let length = Duration::from_millis(limit.millis().unsigned_abs());
        Self {
            histories,
            limit,
            until: Instant::now() + length,
        }
    }

    fn check(&self) -> Result<(), PortError> {
        if Instant::now() < self.until {
            return Ok(());
        }
        let limit = self.limit;
        Err(Box::new(Exceeded::TooLong { limit }))
    }
}

impl Histories for Limited<'_> {
    fn extent(&self) -> Result<u32, PortError> {
        self.histories.extent()
    }

    fn read(
        &self,
        users: &Selection,
        wanted: &Wanted,
        now: Time,
    ) -> Result<HistoryBlock, PortError> {
        self.check()?;
        self.histories.read(users, wanted, now)
    }

    fn read_into(
        &self,
        users: &Selection,
        wanted: &Wanted,
        now: Time,
        block: &mut HistoryBlock,
    ) -> Result<(), PortError> {
        self.check()?;
        self.histories.read_into(users, wanted, now, block)
    }
}

#[cfg(test)]
mod tests {
    use tags::ports::in_memory::HistoriesInMemory;

    use super::*;

    #[test]
    fn histories_are_read_no_further_once_the_limit_is_over() {
        let histories = HistoriesInMemory::default();
        let read = |limit: Span| {
            let limited = Limited::new(&histories, limit);
            let nobody = Selection::Range(0..0);
            limited.read(&nobody, &Wanted::default(), Time::from_millis(0))
        };
        assert!(read(Span::HOUR).is_ok());
        let error = read(Span::ZERO).err().unwrap();
        assert!(
            error.to_string().contains("longer than the limit of 0s"),
            "{error}"
        );
    }
}
