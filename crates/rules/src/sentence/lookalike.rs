//! Users who are like others, in words: whom, by what, and how many.

use domain::{Language, Lookalike};

use super::is_value;
use super::name::Names;
use super::spacing::spaced;
use super::speaker::{Speaker, say};
use crate::parse::parse;
use crate::tree::Rule;

/// The definition as a sentence; nothing if it cannot be read.
pub(super) fn said(lookalike: &Lookalike, language: Language, names: &Names) -> Option<String> {
    let speaker = Speaker::of_users(language, names);
    let part = |text: &str| {
        let Rule::Expression(part) = parse(text).ok()? else {
            return None;
        };
        Some(part)
    };
    let seed = speaker.condition(&part(&lookalike.seed)?);
    let feature = |text: &String| {
        let part = part(text)?;
        let is_name = matches!(part.node, crate::tree::Node::Name(_));
        Some(if is_name || is_value(&part.node) {
            speaker.value(&part)
        } else {
            speaker.condition(&part)
        })
    };
    let features: Vec<String> = lookalike
        .features
        .iter()
        .map(feature)
        .collect::<Option<_>>()?;
    let features = features.join(&say!(speaker, "；", "; "));
    let many = match (lookalike.size, &lookalike.top) {
        (Some(size), _) => say!(speaker, "至多 {size} 个", "up to {size}"),
        (None, Some(top)) => say!(speaker, "至多 {top} 的", "up to {top} of all"),
        (None, None) => return None,
    };
    let said = if lookalike.include_seed {
        say!(
            speaker,
            "与以下用户最相似的{many}用户，包括这些用户自己（{seed}）。比较：{features}",
            "{many} users who are most like those where {seed}, these included; compared by {features}"
        )
    } else {
        say!(
            speaker,
            "与以下用户最相似的{many}其他用户（{seed}）。比较：{features}",
            "{many} other users who are most like those where {seed}; compared by {features}"
        )
    };
    Some(spaced(&said, language))
}
