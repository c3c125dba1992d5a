//! Definitions as YAML: keys in one order, rules as block scalars, since commas and quotes break
//! any other style. The same definitions are always the same text.

mod events;
mod scalar;
mod short;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use catalog::Definitions;
use domain::{
    AudienceDefinition, Cell, Keep, ListDefinition, ListKey, ListKind, LocalizedText, Supplied,
    TableDefinition, TagBody, TagDefinition,
};

pub(crate) use self::events::event_text;
use self::scalar::{block, inline};
use self::short::{lifecycle_text, lookalike_text, rfm_text};

/// Members of larger lists are not written, since a file is no place for them; the definition is.
pub const LARGEST_WRITTEN_LIST: usize = 10_000;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its path below the folder, with `/`.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// Everything that is stored as files: the tags of each category, the audiences, the tables, the
/// events of the tracking plan, the lists with their members as far as they are given.
pub fn export(
    stored: &Definitions,
    members: &BTreeMap<ListKey, BTreeSet<String>>,
) -> Vec<ExportedFile> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |path: String, sort: &str, entry: &str| {
        let text = texts.entry(path).or_insert_with(|| format!("{sort}:\n"));
        text.push_str(&as_element(entry));
    };
    for tag in stored.tags.iter().chain(&stored.archived) {
        add(
            tag_path(&tag.definition.category),
            "tags",
            &tag_text(&tag.definition),
        );
    }
    for audience in &stored.audiences {
        add(
            "audiences.yaml".to_owned(),
            "audiences",
            &audience_text(&audience.definition),
        );
    }
    for list in &stored.lists {
        let members = members.get(&list.definition.key);
        let members = members.filter(|members| members.len() <= LARGEST_WRITTEN_LIST);
        add(
            "lists.yaml".to_owned(),
            "lists",
            &list_text(&list.definition, members),
        );
    }
    for table in &stored.tables {
        add(
            "tables.yaml".to_owned(),
            "tables",
            &table_text(&table.definition),
        );
    }
    for event in &stored.events {
        let text = event_text(&event.definition);
        add("events.yaml".to_owned(), "events", &text);
    }
    texts
        .into_iter()
        .map(|(path, text)| ExportedFile { path, text })
        .collect()
}

/// `tags/on_chain.yaml` for the category "On chain"; `tags.yaml` for none.
fn tag_path(category: &str) -> String {
    let letter = |letter: char| {
        if letter.is_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    let name: String = category
        .trim()
        .to_lowercase()
        .chars()
        .map(letter)
        .take(80)
        .collect();
    if name.is_empty() {
        "tags.yaml".to_owned()
    } else {
        format!("tags/{name}.yaml")
    }
}

/// The entry as an element of a list: `  - ` before its first line, and room before the others.
fn as_element(entry: &str) -> String {
    let mut element = String::with_capacity(entry.len() + 64);
    for (number, line) in entry.lines().enumerate() {
        let margin = match (number, line) {
            (0, _) => "  - ",
            (_, "") => "",
            _ => "    ",
        };
        element.push_str(margin);
        element.push_str(line);
        element.push('\n');
    }
    element
}

/// The YAML of one tag, without the margin of a list.
pub(crate) fn tag_text(tag: &TagDefinition) -> String {
    let mut text = format!("key: {}\n", tag.key);
    name_and_description(&mut text, &tag.name, &tag.description);
    optional(&mut text, "category", &tag.category);
    text.push_str(&body_text(&tag.body));
    optional(
        &mut text,
        "timezone",
        tag.timezone.as_deref().unwrap_or_default(),
    );
    if let Some(as_of) = tag.as_of {
        property(&mut text, "as_of", &as_of.to_string());
    }
    if let Some(refresh) = &tag.refresh {
        property(&mut text, "refresh", &inline(&refresh.to_string()));
    }
    if let Some(status) = tag.status {
        property(&mut text, "status", status.name());
    }
    text
}

/// The YAML of what decides who has a tag.
pub(crate) fn body_text(body: &TagBody) -> String {
    let mut text = String::new();
    match body {
        TagBody::Rule(rule) => property(&mut text, "rule", &block(rule, 2)),
        TagBody::Value(value) => property(&mut text, "value", &block(value, 2)),
        TagBody::Sql(sql) => property(&mut text, "sql", &block(sql, 2)),
        TagBody::Cases {
            cases,
            otherwise,
            keep,
        } => {
            text.push_str("cases:\n");
            for case in cases {
                property(&mut text, "  - value", &inline(&case.value));
                name(&mut text, "    name", &case.name);
                property(&mut text, "    rule", &block(&case.rule, 6));
            }
            if let Some(otherwise) = otherwise {
                property(&mut text, "else", &inline(otherwise));
            }
            if *keep == Keep::All {
                property(&mut text, "keep", "all");
            }
        }
        TagBody::Rfm(rfm) => rfm_text(&mut text, rfm),
        TagBody::Supplied(Supplied { of, .. }) => {
            let written = format!("{{type: {}}}", of.name());
            property(&mut text, body.form(), &written);
        }
        TagBody::Lifecycle(lifecycle) => lifecycle_text(&mut text, lifecycle),
        TagBody::Lookalike(lookalike) => lookalike_text(&mut text, lookalike),
    }
    text
}

/// The YAML of one audience, without the margin of a list.
pub(crate) fn audience_text(audience: &AudienceDefinition) -> String {
    let mut text = format!("key: {}\n", audience.key);
    name_and_description(&mut text, &audience.name, &audience.description);
    property(&mut text, "rule", &block(&audience.rule, 2));
    text
}

/// The YAML of one list, without the margin of a list.
pub(crate) fn list_text(list: &ListDefinition, members: Option<&BTreeSet<String>>) -> String {
    let mut text = format!("key: {}\n", list.key);
    name_and_description(&mut text, &list.name, &list.description);
    let kind = match list.kind {
        ListKind::Users => "users",
        ListKind::Values => "values",
    };
    match members {
        None => property(&mut text, "kind", kind),
        Some(members) if members.is_empty() => property(&mut text, kind, "[]"),
        Some(members) => {
            let _ = writeln!(text, "{kind}:");
            for member in members {
                let _ = writeln!(text, "  - {}", inline(member));
            }
        }
    }
    text
}

/// The YAML of one table, without the margin of a list: a row on each line.
pub(crate) fn table_text(table: &TableDefinition) -> String {
    let mut text = format!("key: {}\n", table.key);
    name_and_description(&mut text, &table.name, &table.description);
    optional(&mut text, "by", table.by.as_deref().unwrap_or_default());
    if table.rows.is_empty() {
        property(&mut text, "rows", "[]");
        return text;
    }
    text.push_str("rows:\n");
    for row in &table.rows {
        let cell = |cell: &Cell| format!("{}: {}", inline(&cell.column), inline(&cell.value));
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        let _ = writeln!(text, "  - {{{}}}", cells.join(", "));
    }
    text
}

fn name_and_description(text: &mut String, of: &LocalizedText, description: &LocalizedText) {
    name(text, "name", of);
    described(text, description);
}

fn name(text: &mut String, key: &str, name: &LocalizedText) {
    if name.zh == name.en {
        optional(text, key, &name.en);
    } else {
        let both = format!("{{zh: {}, en: {}}}", inline(&name.zh), inline(&name.en));
        property(text, key, &both);
    }
}

/// A description in both languages, or one text for both.
fn described(text: &mut String, description: &LocalizedText) {
    let LocalizedText { zh, en } = description;
    if zh != en {
        let both = format!("{{zh: {}, en: {}}}", inline(zh), inline(en));
        property(text, "description", &both);
    } else if en.contains('\n') {
        property(text, "description", &block(en, 2));
    } else {
        optional(text, "description", en);
    }
}

fn optional(text: &mut String, key: &str, value: &str) {
    if !value.is_empty() {
        property(text, key, &inline(value));
    }
}

fn property(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key}: {value}");
}
