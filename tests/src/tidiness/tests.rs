//! Each check of the house style finds a bad sample and leaves a good one alone.

use super::*;
use crate::repository::RepositoryFile;

fn file(path: &str, text: &str) -> Vec<RepositoryFile> {
    vec![RepositoryFile::text(path, text)]
}

#[test]
fn a_file_without_heading_is_found() {
    assert_eq!(
        code_without_heading(&file("a.rs", "use std::fs;\n")).len(),
        1
    );
    assert_eq!(
        code_without_heading(&file("a.rs", "//! One thing.\n")).len(),
        0
    );
    assert_eq!(code_without_heading(&file("a.md", "Prose.\n")).len(), 0);
}

#[test]
fn a_file_of_501_lines_is_found_and_tests_may_have_800() {
    assert_eq!(long_files(&file("a.rs", &"\n".repeat(500))).len(), 0);
    assert_eq!(long_files(&file("a.rs", &"\n".repeat(501))).len(), 1);
    assert_eq!(long_files(&file("a/tests.rs", &"\n".repeat(800))).len(), 0);
    assert_eq!(long_files(&file("a/tests.rs", &"\n".repeat(801))).len(), 1);
    assert_eq!(
        long_files(&file("a/tests/b.rs", &"\n".repeat(800))).len(),
        0
    );
}

#[test]
fn a_function_of_101_lines_is_found_wherever_it_stands() {
    let function = |lines: usize| format!("fn f() {{\n{}}}\n", "\n".repeat(lines - 2));
    assert_eq!(long_functions(&file("a.rs", &function(100))).len(), 0);
    assert_eq!(
        long_functions(&file("a.rs", &function(101))),
        ["a.rs:1: `f` has 101 lines, at most 100"]
    );
    let method = format!("struct S;\nimpl S {{ {} }}", function(101));
    assert_eq!(long_functions(&file("a.rs", &method)).len(), 1);
    let default = format!("trait T {{ {} }}", function(101));
    assert_eq!(long_functions(&file("a.rs", &default)).len(), 1);
    let nested = format!("mod m {{ fn g() {{ {} }} }}", function(101));
    assert_eq!(long_functions(&file("a.rs", &nested)).len(), 2);
}

#[test]
fn a_file_that_is_no_rust_is_found() {
    assert_eq!(long_functions(&file("a.rs", "fn {")).len(), 1);
}

#[test]
fn a_type_with_an_empty_word_is_found() {
    let bad = [
        "struct TagManager;",
        "enum ParseHelper {}",
        "trait TimeUtils {}",
        "type CommonError = ();",
        "struct UserData;",
        "struct Info;",
        "fn f() { struct EventInfo; }",
    ];
    for text in bad {
        assert_eq!(forbidden_type_names(&file("a.rs", text)).len(), 1, "{text}");
    }
    let good = "struct Metadata; struct DataFolder; struct Database; struct Communion;";
    assert_eq!(forbidden_type_names(&file("a.rs", good)), [""; 0]);
}

#[test]
fn a_file_name_that_says_nothing_is_found() {
    assert_eq!(vague_file_names(&file("src/time_utils.rs", "")).len(), 1);
    assert_eq!(vague_file_names(&file("src/common.rs", "")).len(), 1);
    assert_eq!(vague_file_names(&file("src/commonality.rs", "")).len(), 0);
}

#[test]
fn a_mod_rs_is_found() {
    assert_eq!(module_files(&file("src/rules/mod.rs", "")).len(), 1);
    assert_eq!(module_files(&file("src/rules.rs", "")).len(), 0);
}

#[test]
fn unfinished_work_is_found_in_anything_but_prose() {
    for mark in ["TO", "FIX"].iter().zip(["DO", "ME"]) {
        let line = format!("// {}{}: later\n", mark.0, mark.1);
        assert_eq!(unfinished_work(&file("a.rs", &line)).len(), 1);
        assert_eq!(unfinished_work(&file("a.sql", &line)).len(), 1);
        assert_eq!(unfinished_work(&file("a.md", &line)).len(), 0);
    }
    let call = concat!("fn f() { to", "do!() }");
    assert_eq!(unfinished_work(&file("a.rs", call)).len(), 1);
    assert_eq!(unfinished_work(&file("a.rs", "let todos = 1;")).len(), 0);
}

#[test]
fn a_path_of_a_machine_is_found() {
    let path = |folder: &str| format!("see /{folder}/me/notes");
    for folder in ["home", "root", "work"] {
        assert_eq!(machine_paths(&file("a.md", &path(folder))).len(), 1);
    }
    let good = "https://host/home/page, ./work/x, src/work/, /homes/x, $HOME/root/";
    assert_eq!(machine_paths(&file("a.md", good)), [""; 0]);
}

#[test]
fn a_file_of_more_than_a_mebibyte_is_found() {
    let mut files = file("a.csv", "");
    files[0].bytes = 1024 * 1024;
    assert_eq!(large_files(&files).len(), 0);
    files[0].bytes += 1;
    assert_eq!(large_files(&files).len(), 1);
}

#[test]
fn a_crate_without_readme_or_lints_is_found() {
    let readme = RepositoryFile::text("crates/a/README.md", "# a");
    let manifest = RepositoryFile::text("crates/a/Cargo.toml", "[lints]\nworkspace = true\n");
    assert_eq!(
        bare_crates(&["crates/a"], &[readme.clone(), manifest.clone()]).len(),
        0
    );
    assert_eq!(bare_crates(&["crates/a"], &[manifest]).len(), 1);
    let bare = RepositoryFile::text("crates/a/Cargo.toml", "[package]\nname = \"a\"\n");
    assert_eq!(bare_crates(&["crates/a"], &[readme, bare]).len(), 1);
}

#[test]
fn a_lint_that_is_off_is_found() {
    let table = |text: &str| text.parse::<toml::Table>().unwrap();
    let none = missing_lints(&table(""));
    assert!(none.len() > 5);
    let one = missing_lints(&table(
        "[workspace.lints.clippy]\nall = { level = \"deny\", priority = -1 }\npanic = \"warn\"\n",
    ));
    assert_eq!(one.len(), none.len() - 1);
}

#[test]
fn a_command_that_only_one_readme_shows_is_found() {
    let readmes = |english: &str, chinese: &str| {
        vec![
            RepositoryFile::text("README.md", english),
            RepositoryFile::text("README.zh-CN.md", chinese),
        ]
    };
    let block = |code: &str| format!("text\n```sh\n{code}\n```\n");
    let same = readmes(
        &block("make run   # starts\n# all"),
        &block("make run   # 启动\n# 全部"),
    );
    assert_eq!(differing_commands(&same), [""; 0]);
    let different = readmes(&block("make run"), &block("make test"));
    assert_eq!(differing_commands(&different).len(), 2);
    let fewer = readmes(&block("make run").repeat(2), &block("make run"));
    assert_eq!(differing_commands(&fewer).len(), 1);
    assert_eq!(differing_commands(&file("README.md", "")).len(), 1);
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let files = |link: &str| {
        vec![
            RepositoryFile::text("docs/adr/README.md", &format!("see [it]({link})")),
            RepositoryFile::text("docs/plan.md", ""),
        ]
    };
    for good in [
        "../plan.md",
        "../plan.md#part",
        "..",
        "#part",
        "https://a.b/c",
    ] {
        assert_eq!(broken_links(&files(good)), [""; 0]);
    }
    for bad in ["plan.md", "../nothing", "../../plan.md"] {
        assert_eq!(broken_links(&files(bad)).len(), 1, "{bad}");
    }
}

#[test]
fn an_invariant_without_its_test_is_found() {
    let files = |row: &str| {
        let text =
            format!("# A\n## Invariants\n| what | test |\n|---|---|\n{row}\n## More\n| a | b |\n");
        vec![
            RepositoryFile::text("ARCHITECTURE.md", &text),
            RepositoryFile::text("a.rs", "fn it_holds() {}"),
        ]
    };
    assert_eq!(
        invariants_without_test(&files("| `x` holds | `it_holds` |")),
        [""; 0]
    );
    assert_eq!(
        invariants_without_test(&files("| `x` holds | `it_fails` |")).len(),
        1
    );
    assert_eq!(
        invariants_without_test(&files("| `it_holds` | none |")).len(),
        1
    );
    assert_eq!(invariants_without_test(&file("a.rs", "")).len(), 1);
}
