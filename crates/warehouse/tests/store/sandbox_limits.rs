//! People's queries that want too much: all are stopped by a limit that says its name, and the store is well.

use std::time::{Duration, Instant};

use domain::Language;
use warehouse::{Limit, QueryLimits, QueryProblem, QueryProblemKind, Store};

use crate::fresh::text;
use crate::sandbox::{filled, limits, now, run};
use crate::sandbox_attacks::{is_well, refused};

/// Queries, and the limit that each meets.
const GREEDY: &[(&str, Limit)] = &[
    (
        "SELECT toString(sum(number)) FROM numbers(100000000000000)",
        Limit::RowsRead,
    ),
    (
        "SELECT toString(count()) FROM numbers(100000) AS a, numbers(100000) AS b, numbers(9) AS c",
        Limit::Time,
    ),
    (
        "SELECT toString((SELECT count() FROM numbers(100000) AS a, numbers(100000) AS b, numbers(9) AS c))",
        Limit::Time,
    ),
    (
        "SELECT a.user FROM user_events AS a CROSS JOIN numbers(10000000) AS b CROSS JOIN numbers(10000000) AS c WHERE b.number + c.number = -1",
        Limit::Time,
    ),
    (
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT toString(max(n)) FROM t",
        Limit::Depth,
    ),
    (
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT arrayJoin([n, n]) FROM t) SELECT toString(count()) FROM t",
        Limit::Time,
    ),
    (
        "SELECT toString(length(groupArray(number))) FROM numbers(49000000)",
        Limit::Memory,
    ),
    (
        "SELECT toString(length(groupArray(toString(number)))) FROM numbers(49000000)",
        Limit::Memory,
    ),
    (
        "SELECT toString(uniqExact(number)) FROM numbers(45000000)",
        Limit::Memory,
    ),
    (
        "SELECT toString(count()) FROM (SELECT DISTINCT toString(number) FROM numbers(45000000))",
        Limit::Memory,
    ),
    (
        "SELECT toString(count()) FROM numbers(20000000) AS a JOIN numbers(20000000) AS b ON a.number = b.number",
        Limit::Memory,
    ),
    (
        "SELECT toString(count()) FROM numbers(100) WHERE number IN (SELECT number FROM numbers(45000000))",
        Limit::Memory,
    ),
    (
        "SELECT toString(number) FROM numbers(45000000) ORDER BY cityHash64(number)",
        Limit::Memory,
    ),
    (
        "SELECT toString(number) FROM numbers(2000000)",
        Limit::ResultRows,
    ),
];

fn stopped(store: &Store, sql: &str) -> QueryProblem {
    let began = Instant::now();
    let problem = run(store, sql).expect_err(sql);
    let took = began.elapsed();
    assert!(took < Duration::from_secs(12), "{sql} took {took:?}");
    problem
}

#[test]
fn endless_and_greedy_queries_are_stopped_by_the_limit_that_they_meet() {
    let store = filled();
    for (sql, limit) in GREEDY.iter().copied() {
        let problem = stopped(&store, sql);
        // Whichever of time and memory is met first depends on the machine.
        let QueryProblemKind::Limited(met) = problem.kind else {
            panic!("{sql}: {problem:?}");
        };
        let either = [Limit::Time, Limit::Memory, Limit::Depth];
        assert!(
            met == limit || either.contains(&met) && either.contains(&limit),
            "{sql}: {met:?}"
        );
        let said = problem.said(Language::English);
        assert!(
            said.contains("[sql_tags]") || met == Limit::Depth,
            "{sql}: {said}"
        );
        assert!(problem.said(Language::Chinese).contains("限制"), "{sql}");
    }
    is_well(&store);
}

#[test]
fn what_is_made_out_of_nothing_is_refused_and_what_grows_is_stopped() {
    let store = filled();
    for sql in [
        "SELECT toString(length(range(1000000000)))",
        "SELECT toString(arrayJoin(range(1000000000)))",
        "SELECT repeat('x', 1000000000)",
        "SELECT repeat(repeat('x', 1000000), 1000000)",
        "SELECT toString(length(arrayWithConstant(1000000000, 1)))",
        "SELECT toString(length(arrayResize([1], 1000000000)))",
        "SELECT leftPad('a', 1000000)",
        "SELECT toString(editDistance('a', 'b'))",
    ] {
        refused(&store, sql, "there is no function");
    }
    // A text that doubles with every step.
    let doubling: Vec<String> = (1..60)
        .map(|step| format!("concat(t{0}, t{0}) AS t{step}", step - 1))
        .collect();
    let doubled = format!(
        "WITH 'aaaaaaaaaaaaaaaa' AS t0, {} SELECT t59",
        doubling.join(", ")
    );
    assert!(run(&store, &doubled).is_err());
    let deep = format!("SELECT {}'u1'{}", "(SELECT ".repeat(500), ")".repeat(500));
    assert!(run(&store, &deep).is_err());
    let deep = format!(
        "SELECT toString({}1{})",
        "(1 + ".repeat(3000),
        ")".repeat(3000)
    );
    assert!(run(&store, &deep).is_err());
    let wide = format!("SELECT toString({}1)", "1 + ".repeat(15_000));
    assert!(run(&store, &wide).is_err());
    let long = format!("SELECT 'u1' -- {}", "x".repeat(70_000));
    refused(&store, &long, "is longer than");
    is_well(&store);
}

#[test]
fn a_query_that_does_not_stop_is_left_alone_and_disturbs_nobody() {
    let store = filled();
    // One search for a long needle in a long text: the engine does not look up meanwhile.
    let text_of = |count: u64| {
        format!("(SELECT arrayStringConcat(groupArray('aaaaaaaaaaaaaaaa')) FROM numbers({count}))")
    };
    let sql = format!(
        "SELECT toString(position({}, concat({}, 'b')))",
        text_of(1_000_000),
        text_of(2_000)
    );
    let brief = QueryLimits {
        time: Duration::from_millis(300),
        ..limits()
    };
    let began = Instant::now();
    let problem = store.sandbox(brief, now()).unwrap().run(&sql).unwrap_err();
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(
        problem.kind,
        QueryProblemKind::Limited(Limit::Time),
        "{problem:?}"
    );
    assert_eq!(text(&store, "SELECT count() FROM events"), "4");
    assert_eq!(
        run(&store, "SELECT user FROM known_users")
            .unwrap()
            .rows
            .len(),
        3
    );
}
