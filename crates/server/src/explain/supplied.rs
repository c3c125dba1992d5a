//! Why a user has a tag that people supply: who set it when and why, or which import named the user.

use api::ports::explanation::{Explanation, Reason, Subject};
use domain::{Language, LocalizedText, Supplied, Supplier, Time, UserNumber};
use tags::GivenTag;

use super::{Explained, both, values};
use crate::one_user::Given;
use crate::rulebook::ReadTag;
use crate::situation::Situation;
use crate::supplied::Members;

/// Explains a supplied tag for a user. What people supply holds whatever the instant.
pub(super) fn explain(
    situation: &Situation<'_>,
    (tag, supplied): (&ReadTag, Supplied),
    user: Explained<'_>,
    as_of: Time,
    sentence: LocalizedText,
) -> Explanation {
    let definition = &tag.definition;
    let members = situation
        .book
        .supplied
        .get(&definition.key)
        .map(|members| &**members);
    let nobody = tag.of_nobody();
    let given = Given::of(given(members, &nobody), Some(user.number));
    Explanation {
        of: Subject::Tag(definition.key.clone()),
        name: definition.name.clone(),
        user: user.key.to_owned(),
        has: given.has(),
        values: values(given),
        as_of,
        data_as_of: as_of,
        sentence,
        rule: vec![reason(situation, (tag, supplied), user.number)],
        change: None,
    }
}

fn given<'m>(members: Option<&'m Members>, nobody: &'m GivenTag) -> &'m GivenTag {
    members.map_or(nobody, |members| &members.given)
}

/// Where it comes from that a user has the tag, or has not.
pub(super) fn reason(
    situation: &Situation<'_>,
    (tag, supplied): (&ReadTag, Supplied),
    user: UserNumber,
) -> Reason {
    let members = situation
        .book
        .supplied
        .get(&tag.definition.key)
        .map(|members| &**members);
    let nobody = tag.of_nobody();
    let given = Given::of(given(members, &nobody), Some(user));
    let holds = given.has();
    let value = values(given).into_iter().next();
    let text = match supplied.by {
        Supplier::Import => "imported",
        Supplier::Hand => "by_hand",
    };
    let said = |language| match supplied.by {
        Supplier::Import => of_import(
            members.and_then(|members| members.as_of),
            holds,
            value.as_deref(),
            language,
        ),
        Supplier::Hand => of_hand(members, user, value.as_deref(), language),
    };
    Reason {
        text: text.to_owned(),
        sentence: both(said),
        holds,
        ..Reason::default()
    }
}

fn of_import(as_of: Option<Time>, holds: bool, value: Option<&str>, language: Language) -> String {
    match (as_of, holds, value, language) {
        (None, _, _, Language::Chinese) => "还没有导入过名单".to_owned(),
        (None, _, _, Language::English) => "nothing was imported yet".to_owned(),
        (Some(at), true, None, Language::Chinese) => format!("在 {at} 导入的名单中"),
        (Some(at), true, None, Language::English) => format!("in the import of {at}"),
        (Some(at), true, Some(value), Language::Chinese) => {
            format!("在 {at} 导入的名单中，值为 {value}")
        }
        (Some(at), true, Some(value), Language::English) => {
            format!("in the import of {at}, with {value}")
        }
        (Some(at), false, _, Language::Chinese) => format!("不在 {at} 导入的名单中"),
        (Some(at), false, _, Language::English) => format!("not in the import of {at}"),
    }
}

fn of_hand(
    members: Option<&Members>,
    user: UserNumber,
    value: Option<&str>,
    language: Language,
) -> String {
    let Some(setting) = members.and_then(|members| members.settings.get(&user)) else {
        return match language {
            Language::Chinese => "没有人设置过".to_owned(),
            Language::English => "nobody has set it".to_owned(),
        };
    };
    let (author, reason, at) = (&setting.author, &setting.reason, setting.at);
    match language {
        Language::Chinese => {
            let who = match author.as_str() {
                "" => String::new(),
                author => format!("由 {author} "),
            };
            let what = match (&setting.value, value) {
                (None, _) => "取消".to_owned(),
                (Some(_), Some(value)) => format!("设为 {value}"),
                (Some(_), None) => "设置".to_owned(),
            };
            let why = match reason.as_str() {
                "" => String::new(),
                reason => format!("，原因：{reason}"),
            };
            format!("{who}于 {at} {what}{why}")
        }
        Language::English => {
            let what = match (&setting.value, value) {
                (None, _) => "unset".to_owned(),
                (Some(_), Some(value)) => format!("set to {value}"),
                (Some(_), None) => "set".to_owned(),
            };
            let who = match author.as_str() {
                "" => String::new(),
                author => format!(" by {author}"),
            };
            let why = match reason.as_str() {
                "" => String::new(),
                reason => format!(" because: {reason}"),
            };
            format!("{what}{who} on {at}{why}")
        }
    }
}
