//! An entry of a scenario as the tracking API takes it.

use domain::HOLDINGS;
use serde_json::{Value as Json, json};

use crate::scenario::exact::{Exact, Lines};
use crate::scenario::file::Ingest;

/// What an entry may be.
const CALLS: &str = "`track`, `identify`, `page`, `screen`, `group`, `holdings`, `alias`, \
                     `link`, `merge`, `split`, `erase` and `import`";

/// Which sort of entry it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A call of the tracking API.
    Call,
    /// About identities alone.
    Identities,
}

/// The sort of an entry, which does one thing.
///
/// # Errors
/// In words, what it lacks or has too much of.
pub(super) fn sort(entry: &Ingest) -> Result<Sort, String> {
    let calls = [
        ("track", entry.track.is_some()),
        ("identify", entry.identify.is_some()),
        ("page", entry.page.is_some()),
        ("screen", entry.screen.is_some()),
        ("group", entry.group.is_some()),
        ("holdings", entry.holdings.is_some()),
        ("alias", entry.alias.is_some()),
    ];
    let about_identities = [
        ("link", entry.link.is_some()),
        ("merge", entry.merge.is_some()),
        ("split", entry.split.is_some()),
        ("erase", entry.erase.is_some()),
        ("import", entry.import.is_some()),
    ];
    let given = calls.iter().chain(&about_identities);
    let given: Vec<&str> = given.filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    match given.as_slice() {
        [] => Err(format!("an entry needs one of {CALLS}")),
        [one] if calls.iter().any(|(name, _)| name == one) => Ok(Sort::Call),
        [one] => of_identities(entry, one),
        several => Err(format!(
            "an entry needs one of {CALLS}; this one has `{}`: write an entry for each",
            several.join("`, `")
        )),
    }
}

/// Refuses what means nothing beside something about identities.
fn of_identities(entry: &Ingest, name: &str) -> Result<Sort, String> {
    let takes_user = matches!(name, "link" | "merge" | "split");
    let idle = [
        ("user", entry.user.is_some() && !takes_user),
        ("anonymous", entry.anonymous.is_some()),
        ("properties", entry.properties.is_some()),
        ("traits", entry.traits.is_some()),
        ("context", entry.context.is_some()),
        ("message_id", entry.message_id.is_some()),
        ("position", entry.position.is_some()),
        ("source", entry.source.is_some()),
    ];
    match idle.iter().find(|(_, is)| *is) {
        Some((other, _)) => Err(format!("`{name}` takes no `{other}`")),
        None => Ok(Sort::Identities),
    }
}

/// The entry as the tracking API takes it.
///
/// # Errors
/// In words, what it has too much of.
pub(super) fn tracking_message(entry: &Ingest, lines: &Lines<'_>) -> Result<Json, String> {
    let given = |value: &Option<Exact>| value.as_ref().map(|value| value.json(lines));
    let properties = given(&entry.properties).unwrap_or_else(|| json!({}));
    let mut message = if let Some(name) = &entry.track {
        json!({ "type": "track", "event": name, "properties": properties })
    } else if let Some(name) = &entry.page {
        json!({ "type": "page", "name": name, "properties": properties })
    } else if let Some(name) = &entry.screen {
        json!({ "type": "screen", "name": name, "properties": properties })
    } else if let Some(group) = &entry.group {
        let traits = given(&entry.traits).unwrap_or(properties);
        json!({ "type": "group", "groupId": group, "traits": traits })
    } else if let Some(previous) = &entry.alias {
        json!({ "type": "alias", "previousId": previous })
    } else if let Some(held) = given(&entry.holdings) {
        json!({ "type": "identify", "traits": { (HOLDINGS): held } })
    } else {
        json!({ "type": "identify", "traits": given(&entry.identify) })
    };
    if entry.identify.is_some() && entry.properties.is_some() {
        return Err("`identify` holds the attributes itself: it has no `properties`".to_owned());
    }
    if entry.traits.is_some() && entry.group.is_none() {
        return Err("`traits` go with `group`: of a user write `identify: {…}`".to_owned());
    }
    let optional = [
        ("userId", entry.user.as_deref().map(Json::from)),
        ("anonymousId", entry.anonymous.as_deref().map(Json::from)),
        ("messageId", entry.message_id.as_deref().map(Json::from)),
        ("timestamp", given(&entry.at)),
        ("position", entry.position.map(Json::from)),
        ("context", given(&entry.context)),
    ];
    if let Json::Object(members) = &mut message {
        let named = optional
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        members.extend(named);
    }
    Ok(message)
}
