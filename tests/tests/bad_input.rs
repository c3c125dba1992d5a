//! Bad input of every sort: a clear message, an exit code that is not 0, and nothing lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

mod support;

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use muster_tests::muster::Muster;
use muster_tests::process::finish;
use serde_json::Value as Json;
use sqlx::{Connection, SqliteConnection};
use warehouse::chdb::{Engine, EngineOptions, Params};

use self::support::{ask, assert_tells, many_events, platform, refused, say};

/// What must be the same before and after a command that fails.
fn state(muster: &Muster) -> [String; 4] {
    say(muster, "export state");
    let files = ["tags.yaml", "audiences.yaml"];
    let files = files.map(|name| fs::read_to_string(muster.folder().join("state").join(name)));
    let [tags, audiences] = files.map(Result::unwrap);
    let rule = "members traded_usd --format csv --as-of 2026-12-31";
    [
        tags,
        audiences,
        say(muster, rule),
        say(muster, "user u3 --json"),
    ]
}

/// Runs commands that must fail and change nothing; each is told with the words it must say.
#[track_caller]
fn are_refused(muster: &Muster, commands: &[(&str, &[&str])]) {
    let before = state(muster);
    for (arguments, words) in commands {
        let message = refused(muster, arguments);
        assert!(message.starts_with("error: "), "{message}");
        assert_tells(&message, words);
    }
    assert_eq!(state(muster), before);
}

#[test]
fn columns_types_and_zones_that_do_not_exist_are_told_with_those_that_do() {
    let muster = platform();
    let import = "import events swaps.csv --time at --name swap --user";
    let column = format!("{import} acount");
    let wrong_type = format!("{import} account --type usd=nmber");
    let no_pair = format!("{import} account --type usd");
    let typed_column = format!("{import} account --type us=number");
    let zone = format!("{import} account --timezone Asia/Shangai");
    are_refused(
        &muster,
        &[
            (
                &column,
                &[
                    "`acount`",
                    "did you mean `account`",
                    "`at`",
                    "`usd` and `chain`",
                ],
            ),
            (
                &wrong_type,
                &["`nmber`", "text, number, boolean, time, date, list"],
            ),
            (&no_pair, &["--type amount=number"]),
            (&typed_column, &["`us`", "did you mean `usd`"]),
            (&zone, &["Asia/Shangai", "did you mean `Asia/Shanghai`"]),
            (
                "import events nowhere.csv --user a --time b --name c",
                &["`nowhere.csv`", "No such file"],
            ),
        ],
    );
}

#[test]
fn a_value_of_another_type_than_declared_is_rejected_and_the_rest_comes_in() {
    let muster = platform();
    muster
        .write(
            "more.csv",
            "who,at,usd\nu1,2026-03-01,many\nu2,2026-03-01,5\n",
        )
        .unwrap();
    let told = say(
        &muster,
        "import events more.csv --user who --time at --name swap --type usd=number",
    );
    assert_tells(
        &told,
        &["1 event,", "1 row was refused", "more.csv.rejects.ndjson"],
    );
    let rejects = fs::read_to_string(muster.folder().join("more.csv.rejects.ndjson")).unwrap();
    let reject: Json = serde_json::from_str(&rejects).unwrap();
    assert_eq!(reject["line"], 2);
    assert_tells(
        reject["reason"].as_str().unwrap(),
        &["`many`", "`usd`", "number"],
    );
    assert_eq!(ask(&muster, &["members", "sum(swap.usd) = 1505"]), "u2\n");
}

#[test]
fn a_broken_line_is_rejected_with_its_number_and_reason_and_the_rest_comes_in() {
    let muster = platform();
    let good = |user: &str| {
        format!(
            r#"{{"type":"track","userId":"{user}","event":"login","timestamp":"2026-01-01T00:00:00Z"}}"#
        )
    };
    let nobody = r#"{"type":"track","event":"login","timestamp":"2026-01-01T00:00:00Z"}"#;
    let lines = [
        &good("u1"),
        r#"{"type":"track","userId":"#,
        nobody,
        &good("u9"),
    ];
    muster.write("calls.ndjson", &lines.join("\n")).unwrap();
    let told: Json =
        serde_json::from_str(&say(&muster, "import events calls.ndjson --json")).unwrap();
    assert_eq!(
        (told["added"].as_u64(), told["rejected"].as_u64()),
        (Some(2), Some(2))
    );
    let rejects = fs::read_to_string(muster.folder().join("calls.ndjson.rejects.ndjson")).unwrap();
    let rejects: Vec<Json> = rejects
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (&rejects[0]["line"], &rejects[1]["line"]),
        (&Json::from(2), &Json::from(3))
    );
    assert_tells(rejects[0]["reason"].as_str().unwrap(), &["no JSON"]);
    assert_tells(rejects[1]["reason"].as_str().unwrap(), &["`userId`"]);
    assert_eq!(ask(&muster, &["members", "did(login)"]), "u1\nu9\n");
}

#[test]
fn damaged_files_are_told_and_what_came_before_the_damage_is_no_harm() {
    let muster = platform();
    muster
        .write("broken.parquet", "PAR1 this is no parquet at all PAR1")
        .unwrap();
    let path = muster.write("cut.csv", &many_events(2_000)).unwrap();
    assert!(Command::new("gzip").arg(&path).status().unwrap().success());
    let packed = fs::read(muster.folder().join("cut.csv.gz")).unwrap();
    fs::write(
        muster.folder().join("cut.csv.gz"),
        &packed[..packed.len() / 2],
    )
    .unwrap();
    let before = state(&muster);
    let message = refused(
        &muster,
        "import events broken.parquet --user a --time b --name c",
    );
    assert_tells(&message, &["`broken.parquet`", "damaged"]);
    let cut = "import events cut.csv.gz --user user --time at --name note";
    assert_tells(&refused(&muster, cut), &["`cut.csv.gz`", "damaged"]);
    assert_eq!(state(&muster), before);
    // The whole file under the same name comes in, each row once.
    fs::write(muster.folder().join("cut.csv.gz"), packed).unwrap();
    say(&muster, cut);
    let counts = |count: u64| format!("{count} of ");
    let told = ask(&muster, &["count", "count(note) = 1"]);
    assert!(
        told.starts_with(&counts(1_000).replace("1000", "2,000")),
        "{told}"
    );
}

#[test]
fn all_mistakes_of_a_rule_and_of_definitions_are_told_at_once() {
    let muster = platform();
    let three = "sum(swap.usd) >= \"a\" and tag(whal) and at leest 2";
    muster
        .write(
            "three.yaml",
            &format!("tags:\n  - key: a\n    rule: {three}\n"),
        )
        .unwrap();
    let cycle = "tags:\n  - {key: a, rule: tag(b)}\n  - {key: b, rule: tag(c)}\n  - {key: c, rule: tag(a)}\n";
    muster.write("cycle.yaml", cycle).unwrap();
    muster
        .write("unknown.yaml", "tags:\n  - {key: a, rule: tag(whal)}\n")
        .unwrap();
    muster
        .write("key.yaml", "tags:\n  - key: a\n    rull: did(swap)\n")
        .unwrap();
    muster.write("text.yaml", "tags: [\n  {{ : - \n").unwrap();
    muster
        .write(
            "zone.yaml",
            "tags:\n  - key: a\n    timezone: Asia/Shangai\n    rule: did(swap)\n",
        )
        .unwrap();
    let mistakes: &[&str] = &[
        "wrong-type",
        "`\"a\"` is a text",
        "unknown tag `whal`",
        "did you mean `whale`",
        "found `at`",
        "nothing was changed",
    ];
    let path: &[&str] = &["`a` → `b` → `c` → `a`"];
    are_refused(
        &muster,
        &[
            ("apply three.yaml", mistakes),
            ("apply cycle.yaml", path),
            (
                "apply unknown.yaml",
                &["unknown.yaml:2 tag a:1:5", "did you mean `whale`?"],
            ),
            (
                "apply key.yaml",
                &["key.yaml:3:", "unknown key `rull`", "did you mean `rule`"],
            ),
            ("apply text.yaml", &["text.yaml:2:"]),
            (
                "apply zone.yaml",
                &["zone.yaml:2:", "did you mean `Asia/Shanghai`"],
            ),
            ("apply nowhere.yaml", &["nowhere.yaml"]),
            ("members tag(whal)", &["did you mean `whale`?"]),
            ("compute whal", &["did you mean `whale`?"]),
        ],
    );
    let before = state(&muster);
    let message = muster.call(&["count", three]).unwrap().failure().unwrap();
    assert_tells(&message, &mistakes[..5]);
    // A plan shows them too, and takes nothing over.
    assert_tells(&refused(&muster, "plan cycle.yaml"), path);
    assert_eq!(state(&muster), before);
}

#[test]
fn mistakes_of_rules_are_told_in_chinese_and_to_programs() {
    let muster = platform();
    let wrong = "count（swop，last 30d";
    let told = muster
        .call(&["--lang", "zh", "count", wrong])
        .unwrap()
        .failure()
        .unwrap();
    assert_tells(
        &told,
        &["规则有错误", "没有事件 `swop`：是不是 `swap`？", "加上 `)`"],
    );
    let ended = muster
        .call(&["--lang", "zh", "--json", "count", wrong])
        .unwrap();
    assert_eq!(ended.code, Some(1));
    let json: Json = serde_json::from_str(&ended.stdout).unwrap();
    let problem = &json["problems"][0];
    assert_eq!(problem["rule"], wrong);
    let missing = &problem["diagnostics"][1];
    assert_eq!(missing["code"], "syntax");
    assert_eq!(missing["message"], "这里应写：`)`；现在是：结尾");
    assert_eq!(
        (&missing["line"], &missing["column"]),
        (&1.into(), &20.into())
    );
}

#[test]
fn a_user_whom_nobody_knows_is_told() {
    let muster = platform();
    let nobody: &[&str] = &["nobody is known as `U1`", "case-sensitive"];
    are_refused(
        &muster,
        &[("user U1", nobody), ("explain whale U1", nobody)],
    );
    let message = refused(&muster, "explain whal u1");
    assert_tells(&message, &["did you mean `whale`?"]);
}

#[test]
fn options_of_the_configuration_that_do_not_exist_are_told_with_those_that_do() {
    let muster = platform();
    muster.write("section.toml", "[stor]\n").unwrap();
    muster
        .write("option.toml", "[store]\nmemry_cap = \"1GiB\"\n")
        .unwrap();
    muster
        .write("zone.toml", "[workspace]\ntimezone = \"Asia/Shangai\"\n")
        .unwrap();
    are_refused(
        &muster,
        &[
            (
                "config check --config section.toml",
                &["`section.toml`", "`[stor]`", "[store]"],
            ),
            (
                "config check --config option.toml",
                &["`option.toml`", "memry_cap", "memory_cap"],
            ),
            (
                "compute --config zone.toml",
                &["timezone", "did you mean `Asia/Shanghai`"],
            ),
        ],
    );
}

#[test]
fn a_second_process_on_a_data_folder_is_told_who_has_it() {
    let muster = platform();
    let server = muster
        .start(&[
            "import", "events", "-", "--user", "a", "--time", "b", "--name", "c",
        ])
        .unwrap();
    let lock = muster.data().join("lock");
    let holder = server.id().to_string();
    while fs::read_to_string(&lock).unwrap().trim() != holder {
        thread::sleep(Duration::from_millis(10));
    }
    let message = refused(&muster, "compute");
    assert_tells(
        &message,
        &["in use", &format!("process {holder}"), "another folder"],
    );
    finish(server, "a,b\nu1,2026-01-01\n")
        .unwrap()
        .success()
        .unwrap();
    say(&muster, "compute");
}

#[test]
fn a_data_folder_of_a_newer_version_is_left_alone() {
    let muster = platform();
    let before = state(&muster);
    let catalogue = format!(
        "sqlite://{}",
        muster.data().join("catalog.sqlite").display()
    );
    let change = |sql: &'static str| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut connection = SqliteConnection::connect(&catalogue).await.unwrap();
            sqlx::query(sql).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        });
    };
    change(
        "insert into _sqlx_migrations select 999, 'newer', installed_on, success, checksum, 0 from _sqlx_migrations where version = 1",
    );
    let message = refused(&muster, "compute");
    assert_tells(&message, &["newer version of Muster", "999"]);
    change("delete from _sqlx_migrations where version = 999");
    assert_eq!(state(&muster), before);

    let in_the_store = |sql: &str| {
        let options = EngineOptions {
            dir: muster.data(),
            memory_cap_bytes: 1 << 30,
            threads: 1,
        };
        let engine = Engine::open(&options).unwrap();
        let mut connection = engine.connect("muster").unwrap();
        connection.execute(sql, &Params::new()).unwrap();
        drop(connection);
        let _ = engine.close(Duration::from_secs(20));
    };
    in_the_store("INSERT INTO schema_migrations (version, name) SELECT 999, 'newer'");
    let message = refused(&muster, "compute");
    assert_tells(&message, &["version 999", "run the newer Muster"]);
    in_the_store(
        "ALTER TABLE schema_migrations DELETE WHERE version = 999 SETTINGS mutations_sync = 2",
    );
    assert_eq!(state(&muster), before);
}

/// A file system of its own over the data folder, taken away at the end.
struct SmallDisk<'m>(&'m Muster);

impl SmallDisk<'_> {
    fn mount(muster: &Muster, options: &str) -> bool {
        fs::create_dir_all(muster.data()).unwrap();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "muster-test"])
            .arg(muster.data())
            .status();
        status.is_ok_and(|status| status.success())
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        Command::new("umount").arg(self.0.data()).status().ok();
    }
}

#[test]
fn a_full_disk_stops_an_import_that_goes_on_when_there_is_room() {
    const ROWS: u64 = 1_200_000;
    let muster = Muster::new().unwrap();
    if !SmallDisk::mount(&muster, "size=40m") {
        println!("skipped: cannot mount");
        return;
    }
    let _disk = SmallDisk(&muster);
    muster.write("many.csv", &many_events(ROWS)).unwrap();
    let import = "import events many.csv --user user --time at --name note --json";
    let message = refused(&muster, import);
    assert_tells(&message, &["space", "start it again to go on"]);
    // Whole batches are there, and the store answers.
    let told: Json =
        serde_json::from_str(&ask(&muster, &["count", "count(note) >= 1", "--json"])).unwrap();
    assert_eq!(told["count"], 5_000, "{told}");

    assert!(SmallDisk::mount(&muster, "remount,size=400m"));
    let told: Json = serde_json::from_str(&say(&muster, import)).unwrap();
    let rows = |name: &str| told[name].as_u64().unwrap();
    assert!(rows("resumed_after") > 0, "{told}");
    assert_eq!(rows("added") + rows("resumed_after"), ROWS, "{told}");
    let all = ["count", "count(note) = 240", "--json"];
    let told: Json = serde_json::from_str(&ask(&muster, &all)).unwrap();
    assert_eq!(
        (&told["count"], &told["known_users"]),
        (&Json::from(5_000), &Json::from(5_000))
    );
}

#[test]
fn a_disk_without_any_room_refuses_definitions_and_results_and_keeps_those_before() {
    let muster = Muster::new().unwrap();
    if !SmallDisk::mount(&muster, "size=64m") {
        println!("skipped: cannot mount");
        return;
    }
    let _disk = SmallDisk(&muster);
    muster.write("swaps.csv", support::SWAPS).unwrap();
    muster
        .write("definitions.yaml", support::DEFINITIONS)
        .unwrap();
    let import = "import events swaps.csv --name swap --time at --user account";
    say(&muster, import);
    say(&muster, "apply definitions.yaml");
    say(&muster, "compute --as-of 2026-03-01");
    let before = state(&muster);
    let results = say(&muster, "count whale");

    let ballast = muster.data().join("ballast");
    let filled = Command::new("dd")
        .args(["if=/dev/zero", "bs=4096"])
        .arg(format!("of={}", ballast.display()))
        .output()
        .unwrap();
    assert!(!filled.status.success(), "the disk is not full");
    muster.write("more.csv", &many_events(1_000)).unwrap();
    muster
        .write("more.yaml", "tags:\n  - {key: more, rule: did(swap)}\n")
        .unwrap();
    for command in [
        "apply more.yaml",
        "compute",
        "import events more.csv --user user --time at --name note",
    ] {
        assert_tells(&refused(&muster, command), &["error: "]);
    }
    fs::remove_file(ballast).unwrap();
    assert_eq!(say(&muster, "count whale"), results);
    assert_eq!(state(&muster), before);
    say(&muster, "apply more.yaml");
    let told = say(&muster, "compute");
    assert_tells(&told, &["5 tags of 4 users"]);
}
