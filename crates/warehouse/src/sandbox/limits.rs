//! How much a query of people's may take, and what says so.

use std::time::Duration;

use domain::{Language, Said, Time};

use crate::sql;

/// How much one query may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryLimits {
    /// How long it may run.
    pub time: Duration,
    /// The most rows that it may read.
    pub rows_read: u64,
    /// The most rows that it may return.
    pub result_rows: u64,
    /// The most memory that it may hold, in bytes.
    pub memory_bytes: u64,
    /// The number of threads that it may use.
    pub threads: usize,
}

/// What a query went beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `[sql_tags] time`
    Time,
    /// `[sql_tags] rows_read`
    RowsRead,
    /// `[sql_tags] result_rows`
    ResultRows,
    /// `[sql_tags] memory`
    Memory,
    /// The depth or the size of the text, or of a recursion: no option.
    Depth,
}

impl Limit {
    /// The limit that an error of the engine stands for.
    pub(super) fn of_code(code: i32) -> Option<Self> {
        match code {
            159 | 160 => Some(Self::Time),
            158 | 307 => Some(Self::RowsRead),
            396 => Some(Self::ResultRows),
            // Of the query as a whole, of a set or the smaller side of a join, of one text or one list.
            241 | 191 | 131 | 128 | 173 => Some(Self::Memory),
            306 | 162 | 167 | 168 => Some(Self::Depth),
            _ => None,
        }
    }
}

impl Said for Limit {
    fn said(&self, language: Language) -> String {
        let (chinese, english) = match self {
            Self::Time => (
                "时间限制 `[sql_tags] time`",
                "the limit of time, `[sql_tags] time`",
            ),
            Self::RowsRead => (
                "读取行数的限制 `[sql_tags] rows_read`",
                "the limit of rows read, `[sql_tags] rows_read`",
            ),
            Self::ResultRows => (
                "返回行数的限制 `[sql_tags] result_rows`",
                "the limit of rows returned, `[sql_tags] result_rows`",
            ),
            Self::Memory => (
                "内存限制 `[sql_tags] memory`",
                "the limit of memory, `[sql_tags] memory`",
            ),
            Self::Depth => (
                "嵌套与递归的深度限制（固定）",
                "the limit of nesting and recursion, which is fixed",
            ),
        };
        match language {
            Language::Chinese => chinese.to_owned(),
            Language::English => english.to_owned(),
        }
    }
}

/// The longest text of a query, in bytes.
pub(super) const LONGEST: usize = 64 << 10;

/// How deep queries may stand in one another, and a recursive one may go.
const DEPTHS: &[&str] = &[
    "max_subquery_depth=30",
    "max_parser_depth=400",
    "max_ast_depth=400",
    "max_ast_elements=20000",
    "max_expanded_ast_elements=50000",
    "max_recursive_cte_evaluation_depth=100",
];

/// Nothing but reading; nothing on the disk; blocks small enough to stop in.
const READING: &[&str] = &[
    "readonly=1",
    "implicit_select=0",
    "allow_introspection_functions=0",
    "max_block_size=8192",
    "timeout_overflow_mode=throw",
    "read_overflow_mode=throw",
    "result_overflow_mode=throw",
    "join_overflow_mode=throw",
    "set_overflow_mode=throw",
    "max_bytes_before_external_group_by=0",
    "max_bytes_before_external_sort=0",
    "max_bytes_ratio_before_external_group_by=0",
    "max_bytes_ratio_before_external_sort=0",
    "join_algorithm=hash",
    "cross_join_min_rows_to_compress=0",
    "cross_join_min_bytes_to_compress=0",
];

impl QueryLimits {
    /// The settings of a connection whose queries see the data as of an instant: events after `kept_since`, and
    /// nothing later than `now`.
    pub(super) fn settings(
        &self,
        database: &str,
        now: Time,
        kept_since: Option<Time>,
    ) -> Vec<String> {
        let memory = self.memory_bytes;
        let own = [
            format!("max_execution_time={}", self.time.as_secs_f64().max(0.001)),
            format!("max_rows_to_read={}", self.rows_read),
            format!("max_result_rows={}", self.result_rows),
            format!("max_result_bytes={memory}"),
            format!("max_memory_usage={memory}"),
            format!("max_bytes_in_join={}", memory / 2),
            format!("max_bytes_in_set={}", memory / 2),
            format!("max_bytes_in_distinct={}", memory / 2),
            format!("max_threads={}", self.threads),
            format!("max_query_size={}", 4 * LONGEST),
            format!(
                "additional_table_filters={}",
                filters(database, now, kept_since)
            ),
        ];
        let fixed = READING.iter().chain(DEPTHS);
        own.into_iter()
            .chain(fixed.map(|setting| (*setting).to_owned()))
            .collect()
    }
}

/// What may be seen of each table, also through views.
fn filters(database: &str, now: Time, kept_since: Option<Time>) -> String {
    let at = |time: Time| format!("fromUnixTimestamp64Milli({}::Int64, 'UTC')", time.millis());
    let until = |column: &str| format!("{column} <= {}", at(now));
    let events = match kept_since {
        Some(since) => format!("{} AND time > {}", until("time"), at(since)),
        None => until("time"),
    };
    let tables = [
        ("events", events),
        ("traits", until("time")),
        ("membership_changes", until("now")),
        ("runs", until("now")),
    ];
    let entries = tables.map(|(table, condition)| {
        let table = format!("{database}.{table}");
        format!("{}: {}", sql::literal(&table), sql::literal(&condition))
    });
    format!("{{{}}}", entries.join(", "))
}
