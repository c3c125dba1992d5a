//! What the parser wanted, and what it found.

domain::words! {
    /// What should stand in a place.
    pub(crate) enum Wanted<'m> {
        CaseValue,
            "双引号中的标签值",
            "the value in double quotes";
        ValueOrCondition,
            "一个值或条件",
            "a value or a condition";
        NameAfterDot,
            "`.` 之后的名称",
            "a name after `.`";
        Close,
            "`)`",
            "`)`";
        CommaOrClose,
            "`,` 或 `)`",
            "`,` or `)`";
        Values,
            "括号中的值",
            "the values";
        ValuesInParentheses,
            "括号中的值",
            "the values in parentheses";
        Key,
            "键",
            "a key";
        OpenAndKey,
            "`(` 和键",
            "`(` and a key";
        CloseAfterKey,
            "键之后的 `)`",
            "`)` after the key";

        // Conditions
        Membership,
            "`in` 之后的 `list(…)` 或 `audience(…)`",
            "`list(…)` or `audience(…)` after `in`";
        NumberOfConditions,
            "至少要有几个条件成立，如 `2`",
            "how many of the conditions have to hold, such as `2`";
        OfConditions,
            "`of` 和括号中的各个条件",
            "`of` and the conditions in parentheses";
        ConditionsInParentheses,
            "括号中的各个条件",
            "the conditions in parentheses";
        With,
            "`with`",
            "`with`";
        Set { instead: &'m str },
            "`set`（要比较就写 `{instead}`）",
            "`set` (or write `{instead}` to compare)";
        Choices,
            "`in` 之后的 `(`、`list(…)` 或窗口（如 `last 30d`）",
            "`(`, `list(…)` or a window such as `last 30d` after `in`";
        UpperEnd,
            "`and` 和上限",
            "`and` and the upper end";

        // Windows
        Duration { example: &'m str },
            "时长，如 `{example}`",
            "a duration such as `{example}`";
        DurationOrPeriods,
            "时长（如 `7d`），或 `7 calendar days`",
            "a duration such as `7d`, or `7 calendar days`";
        HowMany,
            "数量",
            "how many";
        Calendar,
            "`calendar` 和单位，如 `calendar days`",
            "`calendar` and its unit, such as `calendar days`";
        Unit,
            "`hours`、`days`、`weeks`、`months`、`quarters` 或 `years`",
            "`hours`, `days`, `weeks`, `months`, `quarters` or `years`";
        Window,
            "窗口，如 `last 30d`",
            "a window such as `last 30d`";
        To,
            "`to` 和窗口的终点（没有终点的写 `since a`）",
            "`to` and the end of the window (`since a` has no end)";
        AndEnd,
            "`and` 和窗口的终点",
            "`and` and the end of the window";
        AfterOrBefore,
            "`after` 或 `before`，以及一个时间",
            "`after` or `before` and a time";

        // Aggregates
        Event,
            "事件，任何事件写 `*`",
            "an event, or `*` for any";
        EventAndProperty,
            "事件（它的属性写作 `event.property`，对属性的计算写作 `event.(…)`）",
            "an event (its property is `event.property`, an expression over it `event.(…)`)";
        CloseEvents,
            "各事件之后的 `,` 或 `)`",
            "`,` or `)` after the events";
        WhichOrHowMany,
            "第几个或几个，从 1 起",
            "which one or how many, from 1";
        WindowOrEvents,
            "窗口，如 `last 30d`（几个事件要放在括号里：`(a, b)`）",
            "a window such as `last 30d` (several events stand in parentheses: `(a, b)`)";
        CommaAndFrequency,
            "`,` 和 `at least 3 of last 5 weeks`",
            "`,` and `at least 3 of last 5 weeks`";
        Frequency,
            "`at least 3 of last 5 weeks`",
            "`at least 3 of last 5 weeks`";
        NumberOfPeriods,
            "几个周期，从 1 起",
            "how many periods, from 1";
        OfPeriods,
            "`of last 5 weeks`",
            "`of last 5 weeks`";
        Periods,
            "`last 5 weeks` 或 `previous 5 weeks`",
            "`last 5 weeks` or `previous 5 weeks`";

        // Sequences
        ArrowOrClose,
            "`->`、`,` 或 `)`",
            "`->`, `,` or `)`";
        StepName,
            "`as` 之后的步骤名称",
            "a name for the step after `as`";
        Longest,
            "最长多久，如 `1d`",
            "how long at most, such as `1d`";
        StepBefore,
            "前面某一步的事件或名称",
            "the event or the name of a step before";
        SameOrWindow,
            "`same …`，或窗口，如 `last 30d`",
            "`same …` or a window such as `last 30d`";
        SameProperty,
            "属性，如 `quest_id`，或 `a.p = b.q`",
            "a property such as `quest_id`, or `a.p = b.q`";
        Property,
            "属性",
            "a property";
        Value,
            "一个值",
            "a value";
        EqualOther,
            "`=` 和另一步的值",
            "`=` and the value of another step";

        // All users
        AmongOrPer,
            "`among`、`per` 或 `)`",
            "`among`, `per` or `)`";
        CommaAndParts,
            "`,` 和份数，如 `5`",
            "`,` and the number of parts, such as `5`";
        NumberOfParts,
            "份数，如 `5`",
            "the number of parts, such as `5`";
        RankAmount,
            "多少名，如 `100` 或 `10%`",
            "how many, such as `100` or `10%`";
        By,
            "`by`，以及那些用户用来指向本用户的属性",
            "`by` and the attribute by which users name this one";
        WhereOrClose,
            "`where` 或 `)`",
            "`where` or `)`";

        // Others
        Points,
            "分数，如 `points(1 when verified, 2 when did(swap))`",
            "how many points, as in `points(1 when verified, 2 when did(swap))`";
        When,
            "分数之后的 `when` 和条件",
            "`when` and a condition after the points";
        InNext,
            "`in next` 和天数，如 `birthday anniversary in next 7d`",
            "`in next` and a number of days, as in `birthday anniversary in next 7d`";
        Table,
            "表，如 `lookup(chains, chain).name`",
            "a table, as in `lookup(chains, chain).name`";
        RowKey,
            "`,` 和某一行的键，如 `lookup(chains, chain).name`",
            "`,` and the key of a row, as in `lookup(chains, chain).name`";
        IdentityKind,
            "身份的种类（如 `wallet`）或社交网络",
            "a kind of identity, such as `wallet`, or a social network";
        ChangedAttribute,
            "要看其变化的属性",
            "the attribute whose changes are meant";
    }
}

domain::words! {
    /// What stands in a place.
    pub(crate) enum Found {
        End,
            "结尾",
            "the end";
        Unterminated,
            "没有收尾引号的文本",
            "a text without its closing quote";
        Token { written: String },
            "`{written}`",
            "`{written}`";
    }
}
