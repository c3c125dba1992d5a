//! `muster uses`, and `muster tags` where it lists tags that nobody needs.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use domain::{Language, Said};

use super::output::{Output, table};
use crate::command_line::{UsedKind, Uses as Asked};
use crate::engine::Engine;
use crate::lineage::{self, Kind, Lineage, Thing, Uses};
use crate::platform::{Platform, now};

domain::words! {
    /// What the lists are of.
    enum Head {
        Uses, "使用", "uses";
        UsesByWay, "并由此间接使用", "and by way of these";
        UsedBy, "被使用于", "used by";
        UsedByWay, "并由此间接影响", "and by way of these";
        Nothing, "没有任何规则使用它，它也不使用任何东西", "no rule uses it, and it uses nothing";
    }
}

/// `muster uses`
pub(super) fn uses(
    asked: &Asked,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let engine = Engine::read(platform)?;
    let lineage = Lineage::of(&engine.book);
    let things = lineage.named(&asked.key, asked.kind.map(kind));
    if things.is_empty() {
        match lineage.nearest(&asked.key) {
            Some(near) => bail!("nothing is called `{}`: did you mean `{near}`?", asked.key),
            None => bail!("nothing is called `{}`", asked.key),
        }
    }
    let found: Vec<Uses> = things.iter().map(|thing| lineage.uses(thing)).collect();
    if output.is_json() {
        let all: Vec<_> = found.iter().map(json).collect();
        output.line(&serde_json::json!({ "uses": all }).to_string())?;
    } else {
        let texts: Vec<String> = found
            .iter()
            .map(|uses| text(uses, output.language()))
            .collect();
        output.line(texts.join("\n").trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn kind(asked: UsedKind) -> Kind {
    match asked {
        UsedKind::Tag => Kind::Tag,
        UsedKind::Audience => Kind::Audience,
        UsedKind::List => Kind::List,
        UsedKind::Table => Kind::Table,
        UsedKind::Event => Kind::Event,
        UsedKind::Attribute => Kind::Attribute,
        UsedKind::View => Kind::View,
    }
}

fn json(uses: &Uses) -> serde_json::Value {
    let things = |things: &BTreeSet<Thing>| -> Vec<serde_json::Value> {
        let thing =
            |thing: &Thing| serde_json::json!({ "kind": thing.kind.name(), "key": thing.key });
        things.iter().map(thing).collect()
    };
    serde_json::json!({
        "kind": uses.thing.kind.name(),
        "key": uses.thing.key,
        "uses": things(&uses.uses),
        "uses_indirectly": things(&uses.uses_by_way),
        "used_by": things(&uses.used_by),
        "used_by_indirectly": things(&uses.used_by_way),
    })
}

fn text(uses: &Uses, language: Language) -> String {
    let named = |thing: &Thing| format!("{} {}", thing.kind.said(language), thing.key);
    let mut text = named(&uses.thing) + "\n";
    let lists = [
        (2, Head::Uses, &uses.uses),
        (4, Head::UsesByWay, &uses.uses_by_way),
        (2, Head::UsedBy, &uses.used_by),
        (4, Head::UsedByWay, &uses.used_by_way),
    ];
    let colon = match language {
        Language::Chinese => "：",
        Language::English => ": ",
    };
    let mut is_alone = true;
    for (margin, head, things) in lists
        .into_iter()
        .filter(|(_, _, things)| !things.is_empty())
    {
        is_alone = false;
        let names: Vec<String> = things.iter().map(named).collect();
        let names = names.join(match language {
            Language::Chinese => "、",
            Language::English => ", ",
        });
        text += &format!("{:margin$}{}{colon}{names}\n", "", head.said(language));
    }
    if is_alone {
        text += &format!("  {}\n", Head::Nothing.said(language));
    }
    text
}

domain::words! {
    /// What the tags that nobody needs are told with.
    enum Upkeep {
        NoDuplicates, "没有含义相同的标签", "no two tags mean the same";
        NoUnused, "没有未使用的标签", "there are no unused tags";
        Never, "从未有人询问", "nobody ever asked for it";
    }
}

/// `muster tags --duplicates`
pub(super) fn duplicates(platform: &Arc<Platform>, output: &mut Output) -> Result<ExitCode> {
    let engine = Engine::read(platform)?;
    let found = lineage::duplicates(&engine.book);
    let lines: Vec<String> = found
        .groups()
        .iter()
        .map(|tags| {
            tags.iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("  ")
        })
        .collect();
    let text = match lines.is_empty() {
        true => Upkeep::NoDuplicates.said(output.language()),
        false => lines.join("\n"),
    };
    output.either(&serde_json::json!({ "duplicates": found.groups() }), &text)?;
    Ok(ExitCode::SUCCESS)
}

/// `muster tags --unused`
pub(super) fn unused(days: u32, platform: &Arc<Platform>, output: &mut Output) -> Result<ExitCode> {
    let engine = Engine::read(platform)?;
    let lineage = Lineage::of(&engine.book);
    let found = lineage::unused_for(&engine, &lineage, days, now())?;
    let language = output.language();
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|unused| {
            let asked = unused.asked_on.map(|day| day.to_string());
            let asked = asked.unwrap_or_else(|| Upkeep::Never.said(language));
            vec![unused.tag.to_string(), asked]
        })
        .collect();
    let text = match rows.is_empty() {
        true => Upkeep::NoUnused.said(language),
        false => table(&rows),
    };
    let json = found.iter().map(|unused| {
        serde_json::json!({ "tag": unused.tag, "asked_on": unused.asked_on.map(|day| day.to_string()) })
    });
    let json = serde_json::json!({ "days": days, "unused": json.collect::<Vec<_>>() });
    output.either(&json, &text)?;
    Ok(ExitCode::SUCCESS)
}
