//! Definition files, read, planned and written.

mod catalogues;
mod mistakes;
mod planning;
mod reading;
mod tables;
mod templates;
mod writing;

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Definitions, Versioned};
use domain::{
    Case, Keep, Language, LocalizedText, TagBody, TagDefinition, TagKey, TagStatus, Time,
};
use proptest::prelude::*;

use super::*;

fn wanted(text: &str) -> Wanted {
    parse([("a.yaml", text)]).unwrap_or_else(|problems| panic!("{problems}"))
}

fn problems(text: &str) -> String {
    parse([("a.yaml", text)]).unwrap_err().to_string()
}

fn tag<'w>(wanted: &'w Wanted, key: &str) -> &'w TagDefinition {
    &wanted.tags[key].definition
}

fn versioned<T>(definition: T) -> Versioned<T> {
    let at = Time::from_millis(0);
    Versioned {
        definition,
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

/// What would be stored after applying the files to nothing.
fn stored(wanted: &Wanted) -> (Definitions, BTreeMap<ListKey, BTreeSet<String>>) {
    let lists = wanted.lists.values().map(|list| &list.definition);
    let members = lists
        .clone()
        .filter_map(|list| Some((list.definition.key.clone(), list.members.clone()?)));
    let stored = Definitions {
        tags: wanted
            .tags
            .values()
            .map(|tag| versioned(tag.definition.clone()))
            .collect(),
        audiences: wanted
            .audiences
            .values()
            .map(|one| versioned(one.definition.clone()))
            .collect(),
        lists: lists
            .clone()
            .map(|list| versioned(list.definition.clone()))
            .collect(),
        ..Definitions::default()
    };
    (stored, members.collect())
}

const ALL: &str = r#"
tags:
  - key: whale
    name: {zh: 巨鲸, en: Whale}
    description: {zh: 一个月转移超过一万美元, en: "Moves more than 10,000 USD: a month"}
    category: 链上资产
    rule: |
      sum(swap.amount_usd, last 30d) >= 10000
        and country in ("SG", "NO")
  - key: tier
    name: Tier
    cases:
      - {value: gold, rule: sum(swap.amount_usd) >= 10000}
      - value: "1"
        rule: sum(swap.amount_usd) >= 1000
    else: none
    keep: all
    timezone: Asia/Shanghai
    as_of: 2026-11-01T00:00:00Z
  - {key: volume, value: sum(swap.amount_usd)}
audiences:
  - key: vip
    rule: tag(whale) and not tag(tier) = "none"
lists:
  - {key: binance, users: [u9, "anonymous:a7", 17]}
  - {key: chains, values: [eth, 1.0, "1.0", 1e3, true, 0xABCDEFabcdef0123456789ABCDEFabcdef012345, NO]}
  - {key: later, kind: values, name: 以后}
"#;
