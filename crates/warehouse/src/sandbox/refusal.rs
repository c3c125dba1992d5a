//! Why a query of people's is not run, or was stopped, in both languages.

use std::collections::BTreeMap;

use domain::{Language, LocalizedText, Said};

use super::limits::Limit;
use crate::WarehouseError;

/// What is wrong with a query, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryProblem {
    /// What sort of problem it is.
    pub kind: QueryProblemKind,
    /// What is wrong and what to do, in both languages.
    pub message: LocalizedText,
    /// The bytes of the query's text that it is about, where they are known.
    pub place: Option<(usize, usize)>,
}

/// What sort of problem a query has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryProblemKind {
    /// It may not run, or means nothing: the text must be changed.
    Refused,
    /// It met a limit: it, or the limit, must be changed.
    Limited(Limit),
    /// It was cancelled, or something outside of it failed: it may be run again.
    Failed,
}

domain::words! {
    /// Why a query is refused or was stopped.
    pub(super) enum Refusal {
        Empty,
            "查询是空的：写一条返回用户的 `SELECT`",
            "the query is empty: write a `SELECT` that returns users";
        TooLong { most: usize },
            "查询超过 {most} 个字节：写得短一些",
            "the query is longer than {most} bytes: make it shorter";
        ControlCharacter,
            "查询里有控制字符：把它去掉",
            "the query holds a control character: remove it";
        Syntax { reason: String },
            "不是一条 ClickHouse 查询：{reason}",
            "this is no ClickHouse query: {reason}";
        UnexpectedWord { word: String },
            "不是一条 ClickHouse 查询：这里不应该是 `{word}`",
            "this is no ClickHouse query: `{word}` is not expected here";
        EndsTooEarly,
            "不是一条 ClickHouse 查询：它没有写完",
            "this is no ClickHouse query: it ends too early";
        SeveralStatements,
            "只能写一条语句：把其余的去掉",
            "only one statement may be written: remove the others";
        NotASelect,
            "只能写一条 `SELECT` 或 `WITH … SELECT`：这条语句会改动数据、设置，或写出文件",
            "only one `SELECT` or `WITH … SELECT` may be written: this statement changes data or settings, or writes a file";
        NotASubquery,
            "查询要能放在括号里：去掉中间的分号、`FORMAT`、`INTO OUTFILE` 和 `SETTINGS`",
            "the query must be able to stand in parentheses: remove semicolons inside, `FORMAT`, `INTO OUTFILE` and `SETTINGS`";
        Settings,
            "查询不能更改设置：去掉 `SETTINGS`；时间、内存等限制在配置的 `[sql_tags]` 里",
            "a query may not change settings: remove `SETTINGS`; limits of time, memory and rows stand in `[sql_tags]` of the configuration";
        Table { name: String, all: String },
            "查询不能读表 `{name}`：可以读的是 {all}",
            "a query may not read the table `{name}`: what may be read is {all}";
        TableFunction { name: String },
            "查询不能用表函数 `{name}`：可以用的只有 `numbers(个数)`",
            "a query may not use the table function `{name}`: the only one is `numbers(count)`";
        Function { name: String },
            "没有查询可以使用的函数 `{name}`：能接触文件、网络、字典、机器的函数，以及能凭空造出大量数据的函数，都不能用",
            "there is no function `{name}` that a query may call: those that reach files, servers, dictionaries or the machine, or make much out of nothing, are left out";
        Clock { name: String },
            "`{name}` 读取的是时钟，而标签可能按过去的某一天计算：改用 `{{now:DateTime64(3)}}`",
            "`{name}` reads the clock, but a tag may be computed as of a past day: use `{{now:DateTime64(3)}}` instead";
        Chance { name: String },
            "`{name}` 是随机的，标签的成员不能靠运气：要抽样请用用户的散列值，例如 `cityHash64(user) % 100 < 5`",
            "`{name}` is left to chance, but who has a tag must not be: for a sample use a hash of the user, such as `cityHash64(user) % 100 < 5`";
        Construct { name: String },
            "查询里不能用 `{name}`：换一种写法",
            "a query may not use `{name}`: write it in another way";
        Unreadable,
            "看不懂这条查询的结构：反引号里的名字不要含有换行和括号",
            "the structure of the query cannot be told: names in backticks must hold neither line breaks nor parentheses";
        Columns { count: usize },
            "查询返回 {count} 列：要返回一列用户，或者用户和值两列",
            "the query returns {count} columns: it must return the user, or the user and a value";
        SameColumns { name: String },
            "两列都叫 `{name}`：用 `AS` 给其中一列另起名字",
            "both columns are called `{name}`: name one of them otherwise with `AS`";
        UserType { name: String, found: String },
            "第一列 `{name}` 是 `{found}`：它必须是文本，也就是用户的标识，例如 `user`；要用数字当标识请写 `toString(…)`",
            "the first column `{name}` is `{found}`: it must be text, the user's key such as `user`; for a number that is a key write `toString(…)`";
        ValueType { name: String, found: String },
            "第二列 `{name}` 是 `{found}`：值只能是文本、数字或布尔，可以写 `toString(…)`",
            "the second column `{name}` is `{found}`: a value is a text, a number or a boolean, so write `toString(…)`";
        UnknownColumn { name: String, meant: Nearest, columns: Columns },
            "没有列 `{name}`{meant}：{columns}",
            "there is no column `{name}`{meant}: {columns}";
        Engine { reason: String },
            "ClickHouse 不接受这条查询：{reason}",
            "ClickHouse does not take the query: {reason}";
        Limited { limit: Limit },
            "查询被停下：它超过了 {limit}；让查询少做一些，或者在配置里提高这个限制",
            "the query was stopped: it went beyond {limit}; let it do less, or raise that limit in the configuration";
        MemoryOfAll,
            "查询被停下：ClickHouse 的总内存不够了；过一会儿再试，或者在配置里提高 `[store] memory_cap`",
            "the query was stopped: ClickHouse as a whole ran out of memory; try again later, or raise `[store] memory_cap` in the configuration";
        Stubborn { limit: Limit },
            "查询超过了 {limit} 却没有停下：它在一次函数调用里花费太久，已被放到一边；让它处理更短的文本或列表",
            "the query went beyond {limit} and did not stop: it spends too long in one call of a function and was left alone; let it work on shorter texts or lists";
        TooManyStubborn,
            "之前的查询还没有停下来：等它们结束，或者重启 Muster",
            "earlier queries have not stopped yet: wait for them to end, or start Muster again";
        Cancelled,
            "查询被取消了",
            "the query was cancelled";
        Failed { reason: String },
            "查询没有运行：{reason}",
            "the query was not run: {reason}";
    }
}

/// The name that was perhaps meant.
#[derive(Clone, Debug)]
pub(super) struct Nearest(pub Option<String>);

impl Said for Nearest {
    fn said(&self, language: Language) -> String {
        match (&self.0, language) {
            (None, _) => String::new(),
            (Some(name), Language::Chinese) => format!("（是不是 `{name}`？）"),
            (Some(name), Language::English) => format!(" (did you mean `{name}`?)"),
        }
    }
}

/// The columns of each view.
#[derive(Clone, Debug)]
pub(super) struct Columns(pub BTreeMap<String, Vec<String>>);

impl Said for Columns {
    fn said(&self, language: Language) -> String {
        let (has, between, further) = match language {
            Language::Chinese => (" 的列是 ", "、", "；"),
            Language::English => (" has ", ", ", "; "),
        };
        let one = |(view, columns): (&String, &Vec<String>)| {
            let columns: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
            format!("`{view}`{has}{}", columns.join(between))
        };
        let all: Vec<String> = self.0.iter().map(one).collect();
        all.join(further)
    }
}

impl Refusal {
    /// As a problem of the query's text.
    pub fn problem(&self) -> QueryProblem {
        QueryProblem {
            kind: match self {
                Self::Limited { limit } | Self::Stubborn { limit } => {
                    QueryProblemKind::Limited(*limit)
                }
                Self::MemoryOfAll
                | Self::TooManyStubborn
                | Self::Cancelled
                | Self::Failed { .. } => QueryProblemKind::Failed,
                _ => QueryProblemKind::Refused,
            },
            message: self.in_both(),
            place: None,
        }
    }

    /// As a problem of the first place at which the text names something.
    pub fn at(&self, sql: &str, name: &str) -> QueryProblem {
        let start = sql.find(name).filter(|_| !name.is_empty());
        QueryProblem {
            place: start.map(|start| (start, start + name.len())),
            ..self.problem()
        }
    }
}

impl QueryProblem {
    /// What the engine said of a query that was put into a statement so many bytes after its start.
    pub(super) fn of_engine(error: &WarehouseError, sql: &str, offset: usize) -> Self {
        let WarehouseError::Engine { code, message, .. } = error else {
            let reason = error.to_string();
            return Refusal::Failed { reason }.problem();
        };
        let refusal = match *code {
            READONLY | SETTING_CONSTRAINT | UNKNOWN_SETTING => Refusal::Settings,
            QUERY_WAS_CANCELLED => Refusal::Cancelled,
            MEMORY_LIMIT_EXCEEDED if message.contains("(total)") => Refusal::MemoryOfAll,
            code => match Limit::of_code(code) {
                Some(limit) => Refusal::Limited { limit },
                None if code == SYNTAX_ERROR => return syntax(message, sql, offset),
                None => {
                    let reason = shortened(message);
                    // What the engine names first is what it does not know.
                    let name = reason.split('`').nth(1).unwrap_or_default().to_owned();
                    return Refusal::Engine { reason }.at(sql, &name);
                }
            },
        };
        refusal.problem()
    }

    /// The message in a language.
    #[must_use]
    pub fn said(&self, language: Language) -> &str {
        self.message.of(language)
    }
}

/// `Syntax error: failed at position 52 (x) (line 2, col 3): …. Expected one of: …`
fn syntax(message: &str, sql: &str, offset: usize) -> QueryProblem {
    let position = message
        .split_once("at position ")
        .and_then(|(_, rest)| {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            rest.get(..end)?.parse::<usize>().ok()
        })
        .map(|position| position.saturating_sub(offset + 1))
        .filter(|start| sql.is_char_boundary(*start));
    let refusal = match position {
        Some(start) if start >= sql.len() => Refusal::EndsTooEarly,
        Some(start) => {
            let rest = sql.get(start..).unwrap_or_default();
            let word = rest.split_whitespace().next().unwrap_or_default();
            Refusal::UnexpectedWord {
                word: word.chars().take(40).collect(),
            }
        }
        None => Refusal::Syntax {
            reason: shortened(message),
        },
    };
    let place = position.map(|start| {
        let rest = sql.get(start..).unwrap_or_default();
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        (start.min(sql.len()), start + length)
    });
    QueryProblem {
        place,
        ..refusal.problem()
    }
}

/// The engine's message without what it says of its own text and version.
fn shortened(message: &str) -> String {
    let end = [
        ": In scope ",
        " in scope ",
        ". (",
        ": while executing",
        ": While executing",
    ]
    .iter()
    .filter_map(|end| message.find(end))
    .min();
    let text = end.map_or(message, |end| message.get(..end).unwrap_or(message));
    text.chars().take(300).collect()
}

const SYNTAX_ERROR: i32 = 62;
const READONLY: i32 = 164;
const UNKNOWN_SETTING: i32 = 115;
const SETTING_CONSTRAINT: i32 = 452;
const QUERY_WAS_CANCELLED: i32 = 394;
const MEMORY_LIMIT_EXCEEDED: i32 = 241;
