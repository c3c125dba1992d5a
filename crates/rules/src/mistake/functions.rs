//! Functions of values: their arguments, and where they cannot stand.

use super::mistakes;

mistakes! {
    pub(crate) enum Functions<'m> {
        Arguments { form: &'m str } => Error(WrongArguments),
            "参数不对：写成 `{form}`",
            "wrong arguments: write `{form}`";
        AgeInWhere => Error(NotAllowedHere),
            "`age` 不能放在 `where` 里，那里没有 `now`：用窗口，或 `date_diff`",
            "`age` cannot stand inside `where`, which knows no `now`: use the window, or `date_diff`";
        NowInWhere => Error(NotAllowedHere),
            "`now` 不能放在 `where` 里：用窗口，如 `count(E, last 30d)`",
            "`now` cannot stand inside `where`: use the window, as in `count(E, last 30d)`";
        UnknownUnit { written: &'m str, meant: &'m str } => Error(UnknownUnit),
            "没有单位 `{written}`：是不是 `{meant}`？",
            "unknown unit `{written}`: did you mean `{meant}`?";
        NoUnit => Error(UnknownUnit),
            "需要单位：`hours`、`days`、`weeks`、`months`、`quarters` 或 `years`",
            "a unit is needed: `hours`, `days`, `weeks`, `months`, `quarters` or `years`";
        RoundPlaces => Error(WrongArguments),
            "`round(x, places)` 的位数是 0 到 18",
            "`round(x, places)` takes a number of places from 0 to 18";
        NoZone => Error(UnknownUnit),
            "需要双引号中的时区：`\"Asia/Shanghai\"`",
            "a time zone is needed, in double quotes: `\"Asia/Shanghai\"`";
        Buckets => Error(WrongArguments),
            "份数是从 1 起的整数",
            "the number of buckets is a whole number from 1 on";
        TakenForNetwork { name: &'m str, meant: &'m str } => Warning(Ambiguous),
            "`{name}` 会当作社交网络：是不是身份的种类 `{meant}`？",
            "`{name}` is taken for a social network: did you mean the kind of identity `{meant}`?";
        NoColumn { table: &'m str } => Error(Syntax),
            "需要一列：写成 `lookup({table}, …).column`",
            "a column is needed: write `lookup({table}, …).column`";
        EmptyTable => Error(Syntax),
            "表的键不能为空",
            "the key of a table cannot be empty";
        NoWeight => Error(Syntax),
            "分数是数，如 `2` 或 `-0.5`",
            "points are a number such as `2` or `-0.5`";
        ZeroPoints => Warning(Impossible),
            "零分：这个条件什么也不加",
            "no points: this condition adds nothing";
    }
}
