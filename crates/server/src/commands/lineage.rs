//! `muster uses`.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use domain::{Language, Said};

use super::output::Output;
use crate::command_line::{UsedKind, Uses as Asked};
use crate::engine::Engine;
use crate::lineage::{Kind, Lineage, Thing, Uses};
use crate::platform::Platform;

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
