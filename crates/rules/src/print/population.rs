//! Values over all users together as text.

use super::aggregate::write_arguments;
use super::expression::{write, write_value};
use super::name::{key, part};
use crate::tree::{Expression, Node, OverUsers, RankAmount, RankBound, RankEnd, Ranking};

/// `rank(x among C per a)`
pub(super) fn write_rank(text: &mut String, ranking: &Ranking) {
    text.push_str("rank(");
    write_ranking(text, ranking);
    text.push(')');
}

/// `x among C per a`
pub(super) fn write_ranking(text: &mut String, ranking: &Ranking) {
    write_value(text, &ranking.by);
    if let Some(among) = &ranking.among {
        text.push_str(" among ");
        write(text, among);
    }
    if let Some(per) = &ranking.per {
        text.push_str(" per ");
        write_value(text, per);
    }
}

/// `top 10%`, `exactly first 1000`
pub(super) fn write_bound(text: &mut String, bound: &RankBound) {
    if bound.exactly {
        text.push_str("exactly ");
    }
    if !bound.exactly || bound.end != RankEnd::Top {
        text.push_str(bound.end.as_str());
        text.push(' ');
    }
    match &bound.amount {
        RankAmount::Count(count) => text.push_str(&count.to_string()),
        RankAmount::Percent(digits) => text.push_str(&format!("{digits}%")),
    }
}

/// `user(x).a`, `user(x).tag(k)`
pub(super) fn write_of_user(text: &mut String, user: &Expression, of: &Expression) {
    text.push_str("user(");
    write_value(text, user);
    text.push_str(").");
    match &of.node {
        Node::Name(parts) => {
            let parts: Vec<String> = parts.iter().map(|name| part(name)).collect();
            text.push_str(&parts.join("."));
        }
        Node::Tag(tag) => text.push_str(&format!("tag({})", key(&tag.node))),
        _ => text.push('…'),
    }
}

/// `sum(users.points by referrer where verified)`
pub(super) fn write_over_users(text: &mut String, over: &OverUsers) {
    text.push_str(over.function.as_str());
    text.push_str("(users");
    if let Some(of) = &over.of {
        write_arguments(text, std::slice::from_ref(&**of));
    }
    text.push_str(" by ");
    write_value(text, &over.by);
    if let Some(filter) = &over.filter {
        text.push_str(" where ");
        write(text, filter);
    }
    text.push(')');
}
