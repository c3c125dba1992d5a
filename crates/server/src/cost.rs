//! What a rule costs: how many rows it reads, estimated from what was counted while writing.

use std::collections::BTreeMap;

use rules::Dependencies;
use warehouse::{PropertyStatistics, Scope};

/// How many rows there are of each event and each attribute, about.
#[derive(Clone, Debug, Default)]
pub struct RowEstimates {
    /// By event: the rows of the property that most of them have.
    events: BTreeMap<String, u64>,
    /// By attribute.
    attributes: BTreeMap<String, u64>,
}

impl RowEstimates {
    /// Estimates from the statistics of properties.
    pub fn of(statistics: &[PropertyStatistics]) -> Self {
        let mut estimates = Self::default();
        for property in statistics {
            let (rows, name) = match property.scope {
                Scope::Events => (&mut estimates.events, &property.event),
                Scope::Traits => (&mut estimates.attributes, &property.path),
            };
            let rows = rows.entry(name.clone()).or_default();
            *rows = (*rows).max(property.counts.present);
        }
        estimates
    }

    /// How many rows a rule reads by itself, the tags that it names left out.
    pub fn rows_of(&self, reads: &Dependencies) -> u64 {
        let is_read = |event: &str| {
            reads.events.keys().any(|name| name.as_str() == event)
                || reads
                    .event_prefixes
                    .keys()
                    .any(|prefix| event.starts_with(&**prefix))
        };
        let events = self.events.iter().filter(|(event, _)| is_read(event));
        let attributes = reads
            .attributes
            .iter()
            .filter_map(|path| self.attributes.get(&**path));
        events.map(|(_, rows)| rows).chain(attributes).sum()
    }
}
