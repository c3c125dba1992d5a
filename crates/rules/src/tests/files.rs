//! Files of cases: a text, a line of `----` and what comes out of it, between lines of `====`.
//! `UPDATE_CORPUS=1` writes what comes out; look at the difference before you keep it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Compares all cases of a folder with what comes out of their texts.
pub(super) fn compare(folder: &str, outcome: impl Fn(&Path, &str) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let is_updated = std::env::var_os("UPDATE_CORPUS").is_some();
    let mut wrong = String::new();
    for file in files {
        let written = fs::read_to_string(&file).unwrap();
        let mut updated = Vec::new();
        for case in written.trim_end().split("\n====\n") {
            let (text, expected) = case.split_once("\n----").unwrap_or((case, ""));
            let found = outcome(&file, text);
            let (found, expected) = (found.trim_end(), expected.trim());
            if found != expected {
                let name = file.display();
                let case = format!("{text}\n--- expected\n{expected}\n--- found\n{found}");
                writeln!(wrong, "{name}:\n{case}").unwrap();
            }
            updated.push(format!("{text}\n----\n{found}"));
        }
        if is_updated {
            fs::write(&file, updated.join("\n====\n") + "\n").unwrap();
        }
    }
    assert!(wrong.is_empty() || is_updated, "{wrong}");
}
