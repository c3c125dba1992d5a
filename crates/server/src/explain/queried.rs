//! Why a user has a SQL tag: the query, and the value that it gave.

use api::ports::explanation::{Explanation, Reason, Subject};
use domain::{LocalizedText, Time, UserNumber};

use super::{Explained, sentence_of_tag, values};
use crate::one_user::Given;
use crate::rulebook::ReadTag;
use crate::situation::Situation;

/// The explanation of a SQL tag for a user, as of its last members.
pub(super) fn explanation(
    situation: &Situation<'_>,
    (read, sql): (&ReadTag, &str),
    user: Explained<'_>,
    data_as_of: Time,
) -> Explanation {
    let given = given(situation, read, user.number);
    let definition = &read.definition;
    Explanation {
        of: Subject::Tag(definition.key.clone()),
        name: definition.name.clone(),
        user: user.key.to_owned(),
        has: given.has(),
        as_of: data_as_of,
        data_as_of,
        sentence: sentence_of_tag(situation, definition),
        rule: vec![reason(situation, (read, sql), user.number)],
        change: None,
        values: values(given),
    }
}

/// What the query of a tag gave a user when it ran last.
pub(super) fn reason(
    situation: &Situation<'_>,
    (read, sql): (&ReadTag, &str),
    user: UserNumber,
) -> Reason {
    let given = given(situation, read, user);
    let holds = given.has();
    let said = values(given).join(", ");
    let sentence = match (holds, said.as_str()) {
        (false, _) => LocalizedText {
            zh: "查询上一次运行时没有给出这个用户".to_owned(),
            en: "the query did not give this user when it ran last".to_owned(),
        },
        (true, "") => LocalizedText {
            zh: "查询上一次运行时给出了这个用户".to_owned(),
            en: "the query gave this user when it ran last".to_owned(),
        },
        (true, value) => LocalizedText {
            zh: format!("查询上一次运行时给这个用户的值是 {value}"),
            en: format!("the query gave this user the value {value} when it ran last"),
        },
    };
    Reason {
        text: sql.to_owned(),
        sentence,
        holds,
        ..Reason::default()
    }
}

fn given(situation: &Situation<'_>, read: &ReadTag, user: UserNumber) -> Given {
    match situation.book.queried.get(&read.definition.key) {
        Some(members) => Given::of(members, Some(user)),
        None => Given::of(&read.of_nobody(), None),
    }
}
