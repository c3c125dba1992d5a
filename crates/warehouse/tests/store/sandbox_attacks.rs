//! People's queries that want out of their sandbox: all are refused before anything of them runs, and the store is well.

use std::fs;

use domain::Language;
use warehouse::{QueryProblemKind, Store};

use crate::fresh::text;
use crate::sandbox::{check, filled, run};

/// Sources of rows that are not the views.
const TABLE_FUNCTIONS: &[&str] = &[
    "file('/etc/passwd', 'LineAsString')",
    "FILE('/etc/passwd')",
    "`file`('/etc/passwd')",
    "\"file\"('/etc/passwd')",
    "url('http://127.0.0.1:1/', 'CSV', 'a String')",
    "s3('http://127.0.0.1:1/b/k', 'CSV')",
    "gcs('http://127.0.0.1:1/b/k', 'CSV')",
    "hdfs('hdfs://127.0.0.1:1/x', 'CSV')",
    "azureBlobStorage('a', 'b', 'c')",
    "mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
    "postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')",
    "mongodb('127.0.0.1:1', 'd', 'c', 'u', 'p', 'a String')",
    "redis('127.0.0.1:1', 'k', 'k String, v String')",
    "sqlite('/etc/x', 't')",
    "remote('127.0.0.1:1', 'system.one')",
    "remoteSecure('127.0.0.1:1', 'system.one')",
    "cluster('default', 'system.one')",
    "executable('id', 'CSV', 'a String')",
    "dictionary('d')",
    "input('a String')",
    "merge('.*')",
    "merge('system', 'one')",
    "mergeTreeIndex(currentDatabase(), 'events')",
    "viewExplain('EXPLAIN', '', (SELECT 1))",
    "view(SELECT 1)",
    "values('a String', 'x')",
    "generateRandom('a String')",
    "format('CSV', 'a String', 'x')",
    "null('a String')",
    "zeros(1)",
    "loop(numbers(1))",
    "generateSeries(1, 2)",
    "python('x')",
];

/// Calls that reach outside, tell of the machine, or wait.
const FUNCTIONS: &[&str] = &[
    "file('/etc/passwd')",
    "fIlE('/etc/passwd')",
    "`file`('/etc/passwd')",
    "dictGet('d', 'a', 1)",
    "dictGetOrDefault('d', 'a', 1, '')",
    "dictHas('d', 1)",
    "joinGet('j', 'a', 1)",
    "catboostEvaluate('/etc/passwd', 1)",
    "regionToName(1)",
    "naiveBayesClassifier('m', 'x')",
    "aiGenerate('x')",
    "showCertificate()",
    "getServerSetting('path')",
    "getSetting('max_threads')",
    "getMacro('x')",
    "hostName()",
    "currentUser()",
    "user()",
    "version()",
    "uptime()",
    "tcpPort()",
    "getOSKernelVersion()",
    "filesystemAvailable()",
    "addressToLine(1)",
    "demangle('x')",
    "logTrace('x')",
    "hasColumnInTable('system', 'one', 'dummy')",
    "globalVariable('x')",
    "serverUUID()",
    "queryID()",
    "initializeAggregation('sum', 1)",
    "sleep(3)",
    "SLEEPEACHROW(1)",
    "throwIf(1)",
    "chdb()",
];

/// What is no single `SELECT`, or more than one.
const STATEMENTS: &[&str] = &[
    "SELECT 'u1' FORMAT Null",
    "SELECT 'u1' FORMAT JSON",
    "SELECT 'u1' FROM user_events SETTINGS max_threads = 64",
    "SELECT 'u1' SETTINGS readonly = 0",
    "SELECT user FROM (SELECT user FROM user_events SETTINGS max_memory_usage = 0)",
    "WITH x AS (SELECT 'u1' AS user SETTINGS max_execution_time = 0) SELECT user FROM x",
    "SELECT 'u1' WHERE 1 IN (SELECT 1 SETTINGS readonly = 0)",
    "SET max_memory_usage = 0",
    "SELECT 'u1'; SELECT 'u2'",
    "SELECT 'u1'; DROP TABLE events",
    "SELECT 'u1';;DROP TABLE events;",
    "SELECT 'u1' /* ; */ ; -- x\nDROP TABLE events",
    "SELECT 'u1' PARALLEL WITH DROP TABLE events",
    "SELECT 'u1') UNION ALL SELECT * FROM (SELECT 'u2'",
    "SELECT 'u1'); DROP TABLE events; SELECT * FROM (SELECT 1",
    "SELECT 'u1' -- \u{2028}\n; DROP TABLE events",
    "DROP TABLE events",
    "TRUNCATE TABLE events",
    "INSERT INTO events (user) VALUES (1)",
    "INSERT INTO FUNCTION file('/tmp/x') SELECT 1",
    "ALTER TABLE events DELETE WHERE 1",
    "DELETE FROM events WHERE 1",
    "CREATE TABLE x (a Int8) ENGINE = Memory",
    "CREATE TEMPORARY TABLE x (a Int8)",
    "CREATE FUNCTION f AS (x) -> x",
    "CREATE USER x",
    "GRANT ALL ON *.* TO default",
    "ATTACH TABLE events",
    "DETACH TABLE events",
    "RENAME TABLE events TO x",
    "EXCHANGE TABLES events AND users",
    "OPTIMIZE TABLE events",
    "KILL QUERY WHERE 1",
    "SYSTEM STOP MERGES",
    "SYSTEM SHUTDOWN",
    "USE system",
    "BACKUP TABLE events TO File('/tmp/x')",
    "RESTORE TABLE events FROM File('/tmp/x')",
    "EXECUTE AS default SELECT 1",
    "EXPLAIN SELECT 'u1'",
    "EXPLAIN AST SELECT 'u1'",
    "SELECT explain FROM (EXPLAIN SELECT 'u1')",
    "SHOW TABLES",
    "DESCRIBE TABLE events",
    "EXISTS TABLE events",
    "CHECK TABLE events",
    "WATCH user_events",
    "VALUES ('u1')",
    "BEGIN TRANSACTION",
    "'u1'",
    "sеlect user from user_events",
    "SELECT user FROM user_events WHERE user = {x:String}",
    "SELECT user FROM {now:Identifier}",
    "SELECT user FROM user_events -- \0",
    "SELECT user FROM user_events /* never closed",
    "SELECT user FROM user_events WHERE name = 'never closed",
    "SELECT user FROM user_events \u{202e}",
];

/// Refused before anything of it runs, in both languages, with words that say why.
pub fn refused(store: &Store, sql: &str, why: &str) {
    let problem = run(store, sql).expect_err(sql);
    assert_eq!(
        problem.kind,
        QueryProblemKind::Refused,
        "{sql}: {problem:?}"
    );
    let said = problem.said(Language::English);
    assert!(said.contains(why), "{sql}: {said}");
    assert!(!problem.said(Language::Chinese).is_empty(), "{sql}");
}

/// The store answers others as before, and nothing is left running.
pub fn is_well(store: &Store) {
    assert_eq!(text(store, "SELECT count() FROM events"), "4");
    assert_eq!(text(store, "SELECT uniqExact(user) FROM user_events"), "3");
    let answer = run(store, "SELECT user FROM known_users").expect("a query in order");
    assert_eq!(answer.rows.len(), 3);
    let running = "SELECT count() FROM system.processes WHERE query NOT LIKE '%system.processes%' \
        AND query LIKE concat('%', currentDatabase(), '%')";
    assert_eq!(text(store, running), "0");
}

#[test]
fn files_servers_programs_and_dictionaries_are_out_of_reach() {
    let store = filled();
    for function in TABLE_FUNCTIONS {
        refused(
            &store,
            &format!("SELECT 'u1' FROM {function}"),
            "a query may not ",
        );
        let hidden = format!(
            "WITH x AS (SELECT 'u1' AS u) SELECT u FROM x WHERE u IN (SELECT 'u1' FROM /* */ {function})"
        );
        refused(&store, &hidden, "a query may not ");
    }
    for call in FUNCTIONS {
        for sql in [
            format!("SELECT toString({call})"),
            format!("SELECT 'u1' WHERE toString((SELECT {call})) != ''"),
            format!("SELECT 'u1' FROM user_events ORDER BY {call} LIMIT 1"),
            format!("WITH arrayMap(x -> toString({call}), [1]) AS a SELECT a[1]"),
        ] {
            refused(&store, &sql, "there is no function");
        }
    }
    refused(&store, "SELECT * APPLY(file) FROM user_events", "`APPLY`");
    refused(
        &store,
        "SELECT * APPLY(x -> file(x)) FROM user_events",
        "`APPLY`",
    );
    refused(
        &store,
        "SELECT * REPLACE (file('/etc/passwd') AS user) FROM known_users",
        "`file`",
    );
    refused(
        &store,
        "WITH x -> sleep(x) AS f SELECT toString(f(1))",
        "there is no function",
    );
    is_well(&store);
}

#[test]
fn other_tables_are_not_read_by_any_name() {
    let store = filled();
    let database = text(&store, "SELECT currentDatabase()");
    let own = format!("{database}.events");
    let quoted = format!("`{database}`.`events`");
    for table in [
        "events",
        "`events`",
        "\"events\"",
        "ｅvents",
        "users",
        "user_keys",
        "current_tags",
        "batches",
        "schema_migrations",
        "tag_members",
        "metric_pieces",
        "current_values",
        "run_layouts",
        "system.one",
        "system.tables",
        "`system`.`processes`",
        "SYSTEM.users",
        "information_schema.tables",
        "INFORMATION_SCHEMA.TABLES",
        "default.`/etc/passwd`",
        "`/etc/passwd`",
        own.as_str(),
        quoted.as_str(),
    ] {
        for sql in [
            format!("SELECT 'u1' FROM {table}"),
            format!("SELECT 'u1' FROM user_events, {table}"),
            format!("SELECT 'u1' FROM user_events AS a LEFT JOIN {table} AS b ON 1 = 1"),
            format!("SELECT 'u1' WHERE 1 IN (SELECT 1 FROM {table})"),
            format!("SELECT 'u1' WHERE EXISTS (SELECT 1 FROM {table})"),
            format!("SELECT user FROM user_events UNION ALL SELECT 'x' FROM {table}"),
            format!("WITH t AS (SELECT * FROM {table}) SELECT 'u1' FROM t"),
            format!("SELECT toString((SELECT count() FROM {table}))"),
        ] {
            let problem = run(&store, &sql).expect_err(&sql);
            assert_eq!(
                problem.kind,
                QueryProblemKind::Refused,
                "{sql}: {problem:?}"
            );
        }
    }
    for right in ["events", "`users`", own.as_str()] {
        refused(
            &store,
            &format!("SELECT user FROM user_events WHERE user IN {right}"),
            "the table",
        );
        refused(
            &store,
            &format!("SELECT user FROM user_events WHERE NOT in(user, {right})"),
            "the table",
        );
        refused(
            &store,
            &format!("SELECT user FROM user_events WHERE user GLOBAL NOT IN ({right})"),
            "the table",
        );
    }
    // An alias that pretends to be more of the tree, and a name with a line feed.
    refused(
        &store,
        "SELECT 'u1' FROM events AS `e, table_name: x.user_events`",
        "the table `events`",
    );
    refused(
        &store,
        "SELECT 'u1' FROM events AS `e) (children 0)\n      TableIdentifier user_events`",
        "",
    );
    refused(
        &store,
        "SELECT `in`(`a (children 1)\n        Identifier b`, users) FROM user_events",
        "",
    );
    // A query of a WITH may be called like a table, and is not it.
    let own = "WITH events AS (SELECT user FROM user_events) SELECT user FROM events";
    refused(&store, own, "the table `events`");
    let named = "WITH mine AS (SELECT user FROM user_events) SELECT DISTINCT user FROM mine";
    assert_eq!(run(&store, named).expect("a WITH").rows.len(), 2);
    is_well(&store);
}

#[test]
fn a_query_is_one_select_without_an_end_of_its_own() {
    let store = filled();
    let file = std::env::temp_dir().join(format!(
        "{}-outfile",
        text(&store, "SELECT generateUUIDv4()")
    ));
    let into = format!("SELECT 'u1' INTO OUTFILE '{}'", file.display());
    for sql in STATEMENTS.iter().copied().chain([into.as_str()]) {
        let problem = run(&store, sql).expect_err(sql);
        assert_eq!(
            problem.kind,
            QueryProblemKind::Refused,
            "{sql}: {problem:?}"
        );
    }
    assert!(!file.exists(), "a file was written");
    assert!(
        !fs::exists("/tmp/x").is_ok_and(|there| there),
        "a file was written"
    );
    let settings = check(
        &store,
        "SELECT user FROM user_events SETTINGS max_threads = 64",
    );
    let said = settings.unwrap_err().said(Language::English).to_owned();
    assert!(
        said.contains("may not change settings") || said.contains("`SETTINGS`"),
        "{said}"
    );
    refused(
        &store,
        "SELECT user FROM user_events WHERE time > now()",
        "use `{now:DateTime64(3)}`",
    );
    refused(
        &store,
        "SELECT user FROM user_events WHERE time > current_timestamp",
        "`{now:DateTime64(3)}`",
    );
    refused(
        &store,
        "SELECT user FROM user_events WHERE rand() % 2 = 0",
        "left to chance",
    );
    is_well(&store);
}

#[test]
fn the_engine_knows_every_function_that_may_be_called() {
    let store = filled();
    let list = include_str!("../../src/sandbox/functions.txt");
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    let names: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let all = names.join("', '");
    let unknown = text(
        &store,
        &format!(
            "SELECT arrayStringConcat(arrayFilter(name -> name NOT IN (SELECT name FROM system.functions), ['{all}']), ' ')"
        ),
    );
    // Words of the grammar, and the table function.
    assert_eq!(unknown, "numbers exists grouping lambda untuple");
}
