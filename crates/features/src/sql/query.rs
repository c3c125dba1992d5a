//! The whole query: steps as sub-queries by name, who is looked at, and the condition.

use std::collections::BTreeSet;

use domain::Time;
use rules::checked::{Condition, EventSelector};

use super::SqlQuery;
use super::translation::{Call, Feature, Rows, Step, Translation, column_name};
use crate::evaluate;

/// The rows that are visible.
struct Visible {
    /// The instant of evaluation.
    now: String,
    /// The last instant of which events are not kept.
    kept: Option<String>,
}

impl Visible {
    /// The condition on the time of attribute changes.
    fn traits(&self, time: &str) -> String {
        format!("{time} <= {}", self.now)
    }

    /// The condition on the time of events.
    fn events(&self, time: &str) -> String {
        let visible = self.traits(time);
        match &self.kept {
            Some(kept) => format!("{visible} AND {time} > {kept}"),
            None => visible,
        }
    }
}

impl Translation<'_> {
    /// The query for the users for whom `holds`, which says what the condition says.
    pub(super) fn query(mut self, condition: &Condition, holds: &str) -> SqlQuery {
        let now = self.instant_of(self.now.millis());
        let kept = self.columns.kept_since(self.now);
        let kept = kept.map(|since| self.instant_of(since.millis()));
        let visible = Visible { now, kept };
        let used = std::mem::take(&mut self.used);
        let mut steps = Vec::new();
        for (number, step) in std::mem::take(&mut self.steps).iter().enumerate() {
            if !step.features.is_empty() {
                steps.push(format!(
                    "{} AS (\n{}\n)",
                    name(number),
                    self.step(number, step, &visible)
                ));
            }
        }
        let with = if steps.is_empty() {
            String::new()
        } else {
            format!("WITH {}\n", steps.join(",\n"))
        };
        let holds_for_nobody = evaluate::condition(condition, &self.nobody());
        let from = from(holds_for_nobody, &used, &visible);
        let mut text = format!("{with}SELECT user FROM {from}\nWHERE {holds}");
        for zone in &self.zones {
            text.push_str("\n  AND ");
            text.push_str(&zone.check());
        }
        SqlQuery {
            text,
            parameters: self.parameters.into_vec(),
        }
    }

    fn step(&mut self, number: usize, step: &Step, visible: &Visible) -> String {
        let table = if number == 0 {
            "traits AS t"
        } else {
            "events AS e"
        };
        let row = if number == 0 { "t" } else { "e" };
        let common = common(&step.features);
        let mut columns = vec![format!("{row}.user AS user")];
        for (index, feature) in step.features.iter().enumerate() {
            let own = self.own_conditions(&feature.rows, &common);
            columns.push(format!(
                "{} AS {}",
                rendered(&feature.call, &own),
                column_name(number, index)
            ));
        }
        let joins: String = step
            .uses
            .iter()
            .map(|used| {
                let name = name(*used);
                format!("\n  LEFT JOIN {name} ON {name}.user = {row}.user")
            })
            .collect();
        let mut conditions = vec![match number {
            0 => visible.traits("t.time"),
            _ => visible.events("e.time"),
        }];
        let since: Option<Vec<i64>> = step
            .features
            .iter()
            .map(|feature| feature.rows.since)
            .collect();
        if let Some(since) = since.and_then(|since| since.into_iter().min()) {
            conditions.push(format!("{row}.time >= {}", self.instant_of(since)));
        }
        if let Some(until) = common.until {
            conditions.push(format!("{row}.time < {}", self.instant_of(until)));
        }
        if let Some(selector) = self.selected(&step.features) {
            conditions.push(selector);
        }
        conditions.extend(common.conditions);
        format!(
            "  SELECT {}\n  FROM {table}{joins}\n  WHERE {}\n  GROUP BY {row}.user",
            columns.join(",\n    "),
            conditions.join(" AND ")
        )
    }

    /// Which rows count for a feature, besides what holds for all rows that are read.
    fn own_conditions(&mut self, rows: &Rows, common: &Rows) -> Vec<String> {
        let mut own = Vec::new();
        if let Some(selector) = &rows.selector
            && common.selector.is_none()
        {
            own.extend(self.takes([selector]));
        }
        if let Some(since) = rows.since.filter(|_| rows.since != common.since) {
            own.push(format!("e.time >= {}", self.instant_of(since)));
        }
        if let Some(until) = rows.until.filter(|_| rows.until != common.until) {
            own.push(format!("e.time < {}", self.instant_of(until)));
        }
        let special = rows
            .conditions
            .iter()
            .filter(|own| !common.conditions.contains(own));
        own.extend(special.cloned());
        own
    }

    /// An instant as the tables keep it; those beyond what can be written at the edge of it.
    fn instant_of(&mut self, millis: i64) -> String {
        let within = millis.clamp(Time::MIN.millis(), Time::MAX.millis() + 1);
        let place = self.parameters.integer(i128::from(within));
        format!("fromUnixTimestamp64Milli({place}, 'UTC')")
    }

    /// The events that any of the features takes.
    fn selected(&mut self, features: &[Feature]) -> Option<String> {
        let selectors: Option<Vec<&EventSelector>> = features
            .iter()
            .map(|feature| feature.rows.selector.as_ref())
            .collect();
        self.takes(selectors?)
    }

    /// Whether an event's name is taken by one of the selectors; `None` for every name.
    fn takes<'s>(
        &mut self,
        selectors: impl IntoIterator<Item = &'s EventSelector>,
    ) -> Option<String> {
        let (mut names, mut prefixes) = (BTreeSet::new(), BTreeSet::new());
        for selector in selectors {
            names.extend(&selector.names);
            prefixes.extend(&selector.prefixes);
        }
        let mut tests = Vec::new();
        if !names.is_empty() {
            let names: Vec<String> = names
                .into_iter()
                .map(|name| self.parameters.text(name.as_str()))
                .collect();
            tests.push(format!("e.name IN ({})", names.join(", ")));
        }
        for prefix in prefixes {
            let behaviour = "NOT (startsWith(e.name, '$') AND e.name NOT IN ('$page', '$screen'))";
            tests.push(if prefix.is_empty() {
                behaviour.to_owned()
            } else {
                let prefix = self.parameters.text(prefix);
                format!("startsWith(e.name, {prefix}) AND {behaviour}")
            });
        }
        Some(match tests.as_slice() {
            [] => "0".to_owned(),
            [only] => only.clone(),
            several => format!("({})", several.join(" OR ")),
        })
    }
}

/// What all features of a step ask of their rows, which then only the rows that are read answer.
fn common(features: &[Feature]) -> Rows {
    let Some(first) = features.first() else {
        return Rows::default();
    };
    let same_selector = features
        .iter()
        .all(|other| other.rows.selector == first.rows.selector);
    let asked_by_all = |condition: &&String| {
        features
            .iter()
            .all(|other| other.rows.conditions.contains(condition))
    };
    let same = |bound: fn(&Rows) -> Option<i64>| {
        let first = bound(&first.rows);
        first.filter(|_| features.iter().all(|other| bound(&other.rows) == first))
    };
    Rows {
        selector: if same_selector {
            first.rows.selector.clone()
        } else {
            None
        },
        since: same(|rows| rows.since),
        until: same(|rows| rows.until),
        conditions: first
            .rows
            .conditions
            .iter()
            .filter(asked_by_all)
            .cloned()
            .collect(),
    }
}

fn rendered(call: &Call, conditions: &[String]) -> String {
    let all: Vec<&str> = conditions
        .iter()
        .map(String::as_str)
        .chain(call.present.as_deref())
        .collect();
    let Call {
        before,
        function,
        arguments,
        after,
        ..
    } = call;
    if all.is_empty() {
        return format!("{before}{function}({arguments}){after}");
    }
    let comma = if arguments.is_empty() { "" } else { ", " };
    format!(
        "{before}{function}If({arguments}{comma}{}){after}",
        all.join(" AND ")
    )
}

/// Who is looked at, with their features: all known users if the condition holds for somebody
/// without any, or else whoever has one.
fn from(holds_for_nobody: bool, used: &BTreeSet<usize>, visible: &Visible) -> String {
    let known = format!(
        "SELECT user FROM events WHERE {} UNION DISTINCT SELECT user FROM traits WHERE {}",
        visible.events("time"),
        visible.traits("time"),
    );
    let names: Vec<String> = used.iter().map(|step| name(*step)).collect();
    let users = match names.as_slice() {
        [only] if !holds_for_nobody => return only.clone(),
        [] if !holds_for_nobody => "SELECT user FROM users WHERE 0".to_owned(),
        several if !holds_for_nobody => several
            .iter()
            .map(|name| format!("SELECT user FROM {name}"))
            .collect::<Vec<_>>()
            .join(" UNION DISTINCT "),
        _ => known,
    };
    let joins: String = names
        .iter()
        .map(|name| format!("\n  LEFT JOIN {name} USING (user)"))
        .collect();
    format!("({users}) AS known{joins}")
}

/// The name of a step's sub-query.
fn name(step: usize) -> String {
    if step == 0 {
        "attributes".to_owned()
    } else {
        format!("measured_{step}")
    }
}
