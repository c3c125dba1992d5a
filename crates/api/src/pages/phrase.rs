//! Every phrase of the pages in both languages.

use domain::Language;

/// Declares the phrases: each has a text in both languages, or it does not compile.
macro_rules! phrases {
    ($($name:ident: $chinese:literal, $english:literal;)*) => {
        /// A phrase of the pages. `{0}`, `{1}` and so on are places for numbers and names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Phrase {
            $($name,)*
        }

        impl Phrase {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)*];

            /// The phrase in that language.
            pub fn text(self, language: Language) -> &'static str {
                let (chinese, english) = match self {
                    $(Self::$name => ($chinese, $english),)*
                };
                match language {
                    Language::Chinese => chinese,
                    Language::English => english,
                }
            }
        }
    };
}

impl Phrase {
    /// The phrase in that language with something at each of its places.
    pub fn with(self, language: Language, inserted: &[&str]) -> String {
        let mut text = String::new();
        let mut rest = self.text(language);
        while let Some((before, from_place)) = rest.split_once('{') {
            let (place, after) = from_place.split_once('}').unwrap_or((from_place, ""));
            let index = place.parse::<usize>().unwrap_or(0);
            text.push_str(before);
            text.push_str(inserted.get(index).copied().unwrap_or_default());
            rest = after;
        }
        text + rest
    }
}

phrases! {
    Tagline: "用户标签与人群", "User tags and audiences";
    SkipToContent: "跳到正文", "Skip to the content";
    MainNavigation: "主导航", "Main navigation";
    LanguageNavigation: "语言", "Language";
    Tags: "标签", "Tags";
    Tag: "标签", "Tag";
    Audiences: "人群", "Audiences";
    TryRule: "试算规则", "Try a rule";
    FindUser: "查找用户", "Find a user";
    KnownUsers: "已知用户", "known users";
    DefinedTags: "标签", "tags";
    DefinedAudiences: "人群", "audiences";
    LastComputed: "最近计算", "last computed";
    Took: "耗时 {0}", "took {0}";
    NotComputed: "尚未计算", "not computed yet";
    FailedTags: "{0} 个标签上次计算失败", "{0} tags failed in their last computation";
    FailedTag: "1 个标签上次计算失败", "1 tag failed in its last computation";
    ShowFailed: "只看失败的标签", "Show only those";
    SearchTags: "搜索标签", "Search tags";
    SearchHint: "名称、键或取值；按 / 聚焦", "Name, key or value; press / to focus";
    Search: "搜索", "Search";
    NothingFound: "没有符合条件的标签。", "No tag matches.";
    ShownTags: "显示 {0} 个标签", "{0} tags shown";
    AllTags: "全部标签", "All tags";
    NextTags: "后面的标签", "Next tags";
    Categories: "分类", "Categories";
    NoCategory: "未分类", "No category";
    Users: "用户数", "Users";
    Share: "占比", "Share";
    AsOf: "数据截至", "Data as of";
    LastSuccess: "上次成功", "Last success";
    Duration: "计算耗时", "Computed in";
    NextRun: "下次计算", "Next run";
    Refreshed: "刷新方式", "Refreshed";
    AsConfigured: "按配置", "as configured";
    AsSoonAsPossible: "尽快", "as soon as possible";
    WhenAsked: "手动计算时", "when asked for";
    Waiting: "等待计算", "waiting";
    Condition: "条件", "Condition";
    Layered: "分层", "Layered";
    Metric: "指标", "Metric";
    Score: "分值", "Score";
    Rfm: "RFM", "RFM";
    Lifecycle: "生命周期", "Lifecycle";
    Lookalike: "相似人群", "Lookalike";
    ImportedKind: "导入", "Imported";
    ByHandKind: "手工", "By hand";
    SqlKind: "SQL", "SQL";
    KeepsAll: "保留全部取值", "keeps all values";
    NothingLearned: "下次计算时学习，在此之前没有人相似", "Is learned with the next computation; until then nobody is alike";
    Learned: "学到的区别", "What was learned";
    LearnedFrom: "种子 {0} 人，其他 {1} 人。分数是种子用户落在这一段的可能性为其他用户的多少倍的自然对数，各特征相加。", "From a seed of {0} and {1} others. Points are the natural logarithm of how many times as likely a user of the seed is in the part; those of all features are added.";
    Feature: "特征", "Feature";
    Points: "分数", "Points";
    OfSeed: "种子", "Seed";
    OfOthers: "其他", "Others";
    NoValueThere: "无值", "no value";
    OtherValues: "其他取值", "other values";
    HoldsThere: "成立", "holds";
    HoldsNotThere: "不成立", "does not hold";
    ShortFor: "展开后的分支", "The cases it stands for";
    Rule: "规则", "Rule";
    Imported: "由导入的名单给出", "Given by an import";
    SetByHand: "由人逐个设置", "Set by hand on single users";
    Otherwise: "其余", "else";
    TimeZone: "时区", "Time zone";
    Snapshot: "快照时点", "Snapshot as of";
    Versions: "版本", "Versions";
    Version: "版本 {0}", "Version {0}";
    InForce: "现行", "in force";
    Removed: "已删除", "removed";
    When: "时间", "When";
    Author: "修改人", "Author";
    Reason: "原因", "Reason";
    MembersOf: "成员属于", "Members of";
    DifferenceToBefore: "与上一版本的差异", "What differs from the version before";
    WhatIf: "如果改用这个版本，谁会进出？", "Who would enter and leave if it were in force?";
    WouldEnter: "{0} 位用户会获得标签", "{0} would enter";
    WouldLeave: "{0} 位用户会失去标签", "{0} would leave";
    Entering: "获得", "enter";
    Leaving: "失去", "leave";
    TagsThatUseIt: "用到它的标签", "Tags that use it";
    VersionHasMistakes: "这个版本的规则有错误，不能发布。", "The rules of this version have mistakes: it cannot be published.";
    NotPublished: "尚未发布：没有成员，规则也不能引用它。", "Not published yet: it has no members, and rules cannot name it.";
    IsPaused: "已暂停：不再计算，保留最后一次计算的成员。", "Paused: it is not computed, and keeps the members of its last computation.";
    IsArchived: "已归档：没有成员，规则也不能引用它。", "Archived: it has no members, and rules cannot name it.";
    ArchivedTags: "已归档的标签", "Archived tags";
    MembersOfVersion: "成员属于版本 {0}；版本 {1} 将在下次计算后生效。", "The members are those of version {0}; version {1} is not computed yet.";
    DraftWaits: "草稿（版本 {0}）等待发布：看看谁会进出", "A draft waits (version {0}): see who would enter and leave";
    Values: "取值", "Values";
    Value: "取值", "Value";
    Members: "成员", "Members";
    MembersWith: "取值为 {0} 的成员", "Members with {0}";
    AllMembers: "全部成员", "All members";
    Upkeep: "整理标签", "Upkeep";
    Duplicates: "含义相同的标签", "Tags that mean the same";
    NoDuplicates: "没有含义相同的标签。", "No two tags mean the same.";
    Unused: "未使用的标签", "Unused tags";
    UnusedHint: "没有规则使用，且 {0} 天内没有人询问", "No rule uses them, and nobody asked for them in {0} days";
    LastAsked: "最近一次询问", "Last asked for";
    NeverAsked: "从未", "never";
    Lineage: "血缘", "Lineage";
    UsesThese: "使用", "Uses";
    UsesIndirectly: "间接使用", "By way of these";
    UsedBy: "被使用于", "Used by";
    UsedByIndirectly: "间接被使用于", "By way of these";
    AudienceWord: "人群", "audience";
    ListWord: "名单", "list";
    TableWord: "表", "table";
    ViewWord: "视图", "view";
    EventWord: "事件", "event";
    AttributeWord: "属性", "attribute";
    Trend: "走势", "Trend";
    TrendFromTo: "从 {0} 的 {1} 位用户到 {2} 的 {3} 位", "From {1} users on {0} to {3} on {2}";
    TrendNumbers: "逐日数字", "Day by day";
    Most: "最多", "most";
    Day: "日期", "Day";
    Entered: "打标", "Entered";
    Left: "退标", "Left";
    LastChanges: "最近的变化", "Last changes";
    NoMembers: "没有成员。", "No members.";
    NextMembers: "后面的成员", "Next members";
    FirstMembers: "从头开始", "From the first";
    FailedSince: "上次计算失败，以下仍是之前的结果。", "The last computation failed. What follows is the result before it.";
    Failed: "失败", "failed";
    JustNow: "刚刚", "just now";
    MinutesAgo: "{0} 分钟前", "{0} min ago";
    HoursAgo: "{0} 小时前", "{0} h ago";
    DaysAgo: "{0} 天前", "{0} d ago";
    InTheFuture: "将来", "in the future";
    NoTags: "还没有定义标签", "No tags are defined yet";
    NoTagsHint: "把标签写成 YAML，然后应用并计算：", "Write tags as YAML, then apply and compute them:";
    NoAudiences: "还没有定义人群。", "No audiences are defined yet.";
    AudiencesIntroduction: "由标签和属性组合而成的用户集合。", "Sets of users, put together from tags and attributes.";
    RuleIntroduction: "写一条规则，立即看到有多少用户符合，以及最前面的几位。不会保存任何内容。", "Write a rule and see at once how many users match it, and the first of them. Nothing is saved.";
    RuleText: "规则文本", "The rule";
    Examples: "例如", "For example";
    ExampleOfTags: "标签组合", "tags combined";
    AsOfOptional: "时点（可选）", "As of (optional)";
    AsOfHint: "如 2026-11-01T10:00Z；留空为现在", "Such as 2026-11-01T10:00Z; empty for now";
    InvalidAsOf: "时点不是有效时间，请写成 2026-11-01T10:00Z", "That is no time: write it as 2026-11-01T10:00Z";
    Compute: "试算", "Count";
    ComputeHint: "Ctrl+Enter 提交", "Ctrl+Enter submits";
    UsersMatch: "位用户符合", "users match";
    UserMatches: "位用户符合", "user matches";
    ShareOfKnown: "占 {1} 位已知用户的 {0}", "{0} of {1} known users";
    Estimated: "约 {0} ± {1}", "about {0} ± {1}";
    EstimatedFrom: "由部分用户估算，95% 的情况下误差不超过 ± 后的数", "Estimated from some of the users; in 95 of 100 cases no farther off than the number after ±";
    CountExactly: "精确计数", "Count exactly";
    FirstMatches: "最前面的成员", "The first of them";
    SomeMatches: "其中一些成员", "Some of them";
    Problems: "规则有误", "The rule has mistakes";
    Remarks: "提示", "Remarks";
    Error: "错误", "Error";
    Warning: "警告", "Warning";
    Hint: "提示", "Hint";
    Place: "第 {0} 行第 {1} 列", "line {0}, column {1}";
    UseSuggestion: "改为 {0}", "Use {0}";
    Remove: "删去", "Remove";
    TryThisRule: "试算这条规则", "Try this rule";
    HasTag: "有标签", "has";
    HasNotTag: "没有标签", "does not have";
    IsInAudience: "属于人群", "is in";
    IsNotInAudience: "不属于人群", "is not in";
    MatchesRule: "符合规则", "matches the rule";
    MatchesNotRule: "不符合规则", "does not match the rule";
    WhyUser: "为什么有或没有？", "Why does a user have it, or not?";
    WhyIn: "为什么在或不在其中？", "Why is a user in it, or not?";
    WhyMatches: "为什么符合或不符合？", "Why does a user match it, or not?";
    Explain: "解释", "Explain";
    AllOf: "以下全部满足：", "all of these:";
    AnyOf: "以下至少满足一项：", "at least one of these:";
    AtLeastOf: "以下至少满足 {0} 项：", "at least {0} of these:";
    NoneOf: "以下不满足：", "not:";
    PointsAddedUp: "以下各项得分之和：", "the points of these, added up:";
    ItIs: "（为 {0}）", " (it is {0})";
    ItIsMissing: "（没有值）", " (no value)";
    PointOf: "{0} 分：", "{0} point: ";
    PointsOf: "{0} 分：", "{0} points: ";
    OthersHoldNot: "另有 {0} 项不成立", "{0} more do not hold";
    NoValue: "没有值", "no value";
    EmptyWindow: "窗口为空", "the window is empty";
    SetAt: "最后设置于", "last set at";
    ComesAfter: "（不再看：“{0}” 在前）", "(not looked at: “{0}” comes first)";
    SeeAbove: "（详见上文）", "(as above)";
    RuleAbove: "它的规则见上文。", "Its rule is told above.";
    EventsCounted: "计入事件数：{0}", "events counted: {0}";
    HadItAt: "当时还有该标签，此后的变化：", "The user had it then; what has changed since:";
    HadItNotAt: "当时没有该标签，此后的变化：", "The user did not have it then; what has changed since:";
    WasInItAt: "当时还在该人群中，此后的变化：", "The user was in it then; what has changed since:";
    WasNotInItAt: "当时不在该人群中，此后的变化：", "The user was not in it then; what has changed since:";
    NotReproduced: "按现在的定义和数据，当时的结果会不同：定义已修改，或有迟到的数据。", "By today's definition and data it would have been otherwise then: the definition was changed since, or late data have arrived.";
    User: "用户", "User";
    UserTags: "拥有的标签", "Tags";
    NoUserTags: "没有标签。", "No tags.";
    Attributes: "属性", "Attributes";
    NoAttributes: "没有属性。", "No attributes.";
    RecentEvents: "最近事件", "Recent events";
    NoEvents: "没有事件。", "No events.";
    NotFoundTitle: "没有找到", "Not found";
    InvalidTitle: "请求有误", "The request cannot be read";
    TryAgainTitle: "现在无法回答", "This cannot be answered now";
    BugTitle: "出错了", "Something went wrong";
    BackToOverview: "返回概览", "Back to the overview";
    TimesIn: "时间按 {0} 显示", "Times in {0}";
    AsJson: "JSON", "JSON";
    Metrics: "监控指标", "Metrics";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_han(letter: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&letter)
    }

    #[test]
    fn every_phrase_is_there_in_both_languages() {
        for phrase in Phrase::ALL {
            let chinese = phrase.text(Language::Chinese);
            let english = phrase.text(Language::English);
            assert!(
                !english.trim().is_empty() && !english.contains(is_han),
                "{phrase:?}"
            );
            let is_a_word_of_both =
                matches!(phrase, Phrase::AsJson | Phrase::Rfm | Phrase::SqlKind);
            assert!(chinese.contains(is_han) || is_a_word_of_both, "{phrase:?}");
        }
    }

    #[test]
    fn both_languages_have_the_same_places() {
        for phrase in Phrase::ALL {
            let places = Language::ALL.map(|language| {
                let of = |place: &str| phrase.text(language).matches(place).count();
                (["{0}", "{1}", "{2}", "{3}"].map(of), of("{"))
            });
            assert_eq!(places[0], places[1], "{phrase:?}");
            let (each, all) = places[0];
            assert_eq!(each.iter().sum::<usize>(), all, "{phrase:?}");
        }
    }

    #[test]
    fn what_is_inserted_stands_where_the_language_wants_it() {
        let inserted = ["{1}", "20,000"];
        let both = Language::ALL.map(|language| Phrase::ShareOfKnown.with(language, &inserted));
        assert_eq!(
            both,
            ["占 20,000 位已知用户的 {1}", "{1} of 20,000 known users"]
        );
    }
}
