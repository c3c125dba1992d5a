//! Kinds of tags that are written short: `tests/short_forms` holds definitions as JSON, and what
//! they stand for in rules and in words, or what is wrong with them.

use domain::{Language, TagDefinition};

use super::files::compare;
use crate::diagnostic::render;
use crate::sentence::{Names, sentence_of_body};
use crate::tests::vocabulary::vocabulary;
use crate::{
    CheckOptions, expanded, parse, print, read_definition, read_definition_parts, text_of,
    written_text_of,
};

#[test]
fn every_short_form_stands_for_cases_or_says_at_which_key_it_is_wrong() {
    compare("tests/short_forms", |_, json| {
        let tag: TagDefinition = serde_json::from_str(json).unwrap();
        let (vocabulary, options) = (vocabulary(), CheckOptions::default());
        let (rule, problems) = match read_definition(&tag.body, &vocabulary, &options) {
            Ok(checked) => (Some(checked.rule), checked.diagnostics),
            Err(problems) => (None, problems),
        };
        let written = written_text_of(&tag.body);
        let shown = Language::ALL.map(|language| render("tag", &written, &problems, language));
        let Some(rule) = rule else {
            return shown.concat();
        };
        let text = text_of(&tag.body);
        assert_eq!(print(&parse(&text).unwrap()), text);
        let cases = expanded(&tag.body).unwrap();
        assert_eq!(
            read_definition(&cases, &vocabulary, &options).unwrap().rule,
            rule
        );
        let (whole, _) = read_definition_parts(&tag.body, &vocabulary, &options).unwrap();
        assert_eq!(whole, rule);
        let said = Language::ALL
            .map(|language| sentence_of_body(&tag.body, language, &Names::default()).unwrap());
        format!("{}{text}\n\n{}", shown.concat(), said.join("\n\n"))
    });
}
