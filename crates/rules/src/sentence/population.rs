//! Values over all users together, in words.

use super::speaker::{Speaker, say};
use crate::tree::{
    Aggregate, EventPattern, Expression, Node, OverUsers, RankAmount, RankBound, RankEnd, Ranking,
    UsersFunction,
};

impl Speaker<'_> {
    /// `the rank by kyc_level`
    pub(super) fn rank(&self, ranking: &Ranking) -> String {
        let (by, of) = (self.operand(&ranking.by), self.ranked(ranking));
        say!(self, "{of}按 {by} 从高到低的名次", "the rank by {by}{of}")
    }

    /// `the user is in the top 100 by kyc_level`
    pub(super) fn in_rank(&self, ranking: &Ranking, bound: &RankBound) -> String {
        self.placed(ranking, bound, &say!(self, "在", "is"))
    }

    /// `the user is not in the top 100 by kyc_level`, or not ranked.
    pub(super) fn not_in_rank(&self, ranking: &Ranking, bound: &RankBound) -> String {
        self.and_without_value(&self.placed(ranking, bound, &say!(self, "不在", "is not")))
    }

    fn placed(&self, ranking: &Ranking, bound: &RankBound, is: &str) -> String {
        let (by, of) = (self.operand(&ranking.by), self.ranked(ranking));
        let bound = self.bound(bound);
        say!(
            self,
            "{of}按 {by} 排名{is}{bound}",
            "the user {is} in the {bound} by {by}{of}"
        )
    }

    fn bound(&self, bound: &RankBound) -> String {
        let (amount, counter) = match &bound.amount {
            RankAmount::Count(count) => (count.to_string(), " 名"),
            RankAmount::Percent(digits) => (format!("{digits}%"), ""),
        };
        let said = match bound.end {
            RankEnd::Top => say!(self, "前 {amount}{counter}", "top {amount}"),
            RankEnd::Bottom => say!(self, "后 {amount}{counter}", "bottom {amount}"),
            RankEnd::First => say!(self, "最早的 {amount}{counter}", "first {amount}"),
            RankEnd::Last => say!(self, "最晚的 {amount}{counter}", "last {amount}"),
        };
        match bound.exactly {
            true => say!(
                self,
                "{said}（并列时也不超出）",
                "{said} (not more where some tie)"
            ),
            false => said,
        }
    }

    /// Who is ranked, and against whom.
    fn ranked(&self, ranking: &Ranking) -> String {
        let mut said = String::new();
        if let Some(among) = &ranking.among {
            let among = match among.node {
                Node::Everyone => say!(self, "所有已知用户", "every known user"),
                _ => {
                    let among = self.condition(among);
                    say!(self, "满足（{among}）的用户", "users for whom ({among})")
                }
            };
            said.push_str(&say!(self, "在{among}中，", " among {among}"));
        }
        if let Some(per) = &ranking.per {
            let per = self.operand(per);
            said.push_str(&say!(self, "在每个 {per} 内，", " within each {per}"));
        }
        said
    }

    /// `the part of 5 (5: the greatest) by kyc_level`
    pub(super) fn quantile(&self, ranking: &Ranking, parts: u32) -> String {
        let (by, of) = (self.operand(&ranking.by), self.ranked(ranking));
        say!(
            self,
            "{of}按 {by} 等分为 {parts} 档后所在的档（{parts} 为最高）",
            "the part of {parts} ({parts} is the greatest) by {by}{of}"
        )
    }

    /// `country of the user whom referrer names`
    pub(super) fn of_user(&self, user: &Expression, of: &Expression) -> String {
        let (user, of) = (self.operand(user), self.value(of));
        say!(
            self,
            "{user} 所指用户的 {of}",
            "{of} of the user whom {user} names"
        )
    }

    /// `the user whom referrer names has the tag vip`
    pub(super) fn tag_of_user(&self, user: &Expression, of: &Expression) -> String {
        let key = match &of.node {
            Node::Tag(key) => key.node.as_str(),
            _ => "",
        };
        let (user, tag) = (self.operand(user), self.tag(key));
        say!(
            self,
            "{user} 所指的用户有标签 {tag}",
            "the user whom {user} names has the tag {tag}"
        )
    }

    /// `the number of users whose referrer names this one`
    pub(super) fn over_users(&self, over: &OverUsers) -> String {
        let by = self.operand(&over.by);
        let naming = say!(self, "以 {by} 指向此用户", "whose {by} names this user");
        let naming = match &over.filter {
            None => say!(self, "{naming}的用户", " {naming}"),
            Some(filter) => {
                let filter = self.condition(filter);
                say!(
                    self,
                    "{naming}、且满足（{filter}）的用户",
                    " {naming} and for whom ({filter})"
                )
            }
        };
        match (over.function, &over.of) {
            (UsersFunction::Any, _) => say!(self, "有{naming}", "there is a user{naming}"),
            (UsersFunction::Sum, Some(of)) => {
                let of = self.operand(of);
                say!(
                    self,
                    "{naming}的 {of} 之和",
                    "the sum of {of} over users{naming}"
                )
            }
            _ => say!(self, "{naming}数", "the number of users{naming}"),
        }
    }

    /// `the number of users, this one included, with the same email`
    pub(super) fn shared_by(&self, aggregate: &Aggregate) -> String {
        let shared = match plain_path(aggregate) {
            Some(parts) => self.path(&parts),
            None => {
                let (when, events) = (self.during(aggregate), self.several(aggregate));
                let of = self.arguments(aggregate);
                say!(self, "{when}{events} 的 {of}", "{of} over {events}{when}")
            }
        };
        say!(
            self,
            "{shared} 相同的用户数（含此用户）",
            "the number of users, this one included, with the same {shared}"
        )
    }
}

/// A name that may be an attribute: nothing shows that it is an event's property.
fn plain_path(aggregate: &Aggregate) -> Option<Vec<String>> {
    let Aggregate {
        events,
        arguments,
        filter: None,
        window: None,
        ..
    } = aggregate
    else {
        return None;
    };
    let EventPattern::Name(first) = &events.first().filter(|_| events.len() == 1)?.node else {
        return None;
    };
    let mut parts = vec![first.clone()];
    match arguments.as_slice() {
        [] => {}
        [
            Expression {
                node: Node::Name(rest),
                ..
            },
        ] => parts.extend(rest.iter().cloned()),
        _ => return None,
    }
    Some(parts)
}
