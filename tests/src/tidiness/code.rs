//! Checks of Rust sources: headings, lengths, names.

use syn::visit::{self, Visit};

use crate::repository::RepositoryFile;

/// Lines of a file of production code.
const LONGEST_FILE: usize = 500;
/// Lines of a file of tests.
const LONGEST_TEST_FILE: usize = 800;
/// Lines of a function, from its signature to its closing brace.
const LONGEST_FUNCTION: usize = 100;

/// Words that say nothing about what a thing is.
const VAGUE: [&str; 6] = ["Manager", "Helper", "Helpers", "Util", "Utils", "Common"];
/// Words that say nothing at the end of a name.
const VAGUE_ENDINGS: [&str; 2] = ["Data", "Info"];

fn rust(files: &[RepositoryFile]) -> impl Iterator<Item = (&RepositoryFile, &str)> {
    files.iter().filter_map(|file| Some((file, file.rust()?)))
}

/// Rust files that do not say in their first line what they are.
pub fn code_without_heading(files: &[RepositoryFile]) -> Vec<String> {
    rust(files)
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(file, _)| format!("{}: the first line must be `//! …`", file.path))
        .collect()
}

/// Rust files that hold more than one thing can need.
pub fn long_files(files: &[RepositoryFile]) -> Vec<String> {
    let too_long = |file: &RepositoryFile, text: &str| {
        let lines = text.lines().count();
        let most = if file.is_test() {
            LONGEST_TEST_FILE
        } else {
            LONGEST_FILE
        };
        (lines > most).then(|| format!("{}: {lines} lines, at most {most}", file.path))
    };
    rust(files)
        .filter_map(|(file, text)| too_long(file, text))
        .collect()
}

/// `mod.rs` files: `foo.rs` stands beside `foo/`.
pub fn module_files(files: &[RepositoryFile]) -> Vec<String> {
    rust(files)
        .filter(|(file, _)| file.name() == "mod.rs")
        .map(|(file, _)| format!("{}: name it after its folder, beside it", file.path))
        .collect()
}

/// Rust files with a name that says nothing.
pub fn vague_file_names(files: &[RepositoryFile]) -> Vec<String> {
    let is_vague = |name: &str| {
        name.trim_end_matches(".rs")
            .split('_')
            .any(|part| VAGUE.iter().any(|vague| vague.eq_ignore_ascii_case(part)))
    };
    rust(files)
        .filter(|(file, _)| is_vague(file.name()))
        .map(|(file, _)| format!("{}: say what it is for", file.path))
        .collect()
}

/// Functions of more than a hundred lines.
pub fn long_functions(files: &[RepositoryFile]) -> Vec<String> {
    findings(files, |reading| &reading.functions)
}

/// Types whose names say nothing.
pub fn forbidden_type_names(files: &[RepositoryFile]) -> Vec<String> {
    findings(files, |reading| &reading.types)
}

fn findings(files: &[RepositoryFile], which: fn(&Reading) -> &Vec<String>) -> Vec<String> {
    let mut findings = Vec::new();
    for (file, text) in rust(files) {
        match syn::parse_file(text) {
            Ok(syntax) => {
                let mut reading = Reading::default();
                reading.visit_file(&syntax);
                findings.extend(
                    which(&reading)
                        .iter()
                        .map(|finding| format!("{}:{finding}", file.path)),
                );
            }
            Err(error) => findings.push(format!("{}: cannot be parsed: {error}", file.path)),
        }
    }
    findings
}

/// What a walk over one file's syntax found.
#[derive(Default)]
struct Reading {
    functions: Vec<String>,
    types: Vec<String>,
}

impl Reading {
    fn function(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let first = signature.fn_token.span.start().line;
        let last = body.brace_token.span.close().end().line;
        let lines = last.saturating_sub(first) + 1;
        if lines > LONGEST_FUNCTION {
            self.functions.push(format!(
                "{first}: `{}` has {lines} lines, at most {LONGEST_FUNCTION}",
                signature.ident
            ));
        }
    }

    fn type_name(&mut self, name: &syn::Ident) {
        let text = name.to_string();
        let words = words(&text);
        let vague = words
            .iter()
            .find(|word| VAGUE.contains(word))
            .or_else(|| words.last().filter(|word| VAGUE_ENDINGS.contains(word)));
        if let Some(word) = vague {
            let line = name.span().start().line;
            self.types
                .push(format!("{line}: `{text}`: `{word}` says nothing"));
        }
    }
}

impl Visit<'_> for Reading {
    fn visit_item_fn(&mut self, item: &syn::ItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.function(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_struct(&mut self, item: &syn::ItemStruct) {
        self.type_name(&item.ident);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &syn::ItemEnum) {
        self.type_name(&item.ident);
        visit::visit_item_enum(self, item);
    }

    fn visit_item_union(&mut self, item: &syn::ItemUnion) {
        self.type_name(&item.ident);
        visit::visit_item_union(self, item);
    }

    fn visit_item_trait(&mut self, item: &syn::ItemTrait) {
        self.type_name(&item.ident);
        visit::visit_item_trait(self, item);
    }

    fn visit_item_type(&mut self, item: &syn::ItemType) {
        self.type_name(&item.ident);
        visit::visit_item_type(self, item);
    }
}

/// The words of a name in camel case: `UserSetBuilder` is `User`, `Set`, `Builder`.
fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    for (index, letter) in name.char_indices() {
        if letter.is_uppercase() && index > start {
            words.extend(name.get(start..index));
            start = index;
        }
    }
    words.extend(name.get(start..));
    words
}
