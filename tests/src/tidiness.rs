//! The house style as checks: each takes files and answers with what is wrong, one line a finding.

mod code;
mod documents;
mod workspace;

pub use code::{
    code_without_heading, forbidden_type_names, long_files, long_functions, module_files,
    vague_file_names,
};
pub use documents::{broken_links, differing_commands, invariants_without_test};
pub use workspace::{bare_crates, large_files, machine_paths, missing_lints, unfinished_work};

#[cfg(test)]
mod tests;
