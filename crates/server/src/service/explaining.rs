//! Explanations, as the HTTP faces ask for them.

use api::Error;
use api::ports::explanation::{Explanation, ExplanationQuestion, Subject};
use domain::{Language, TagKey};

use super::past;
use crate::engine::Engine;
use crate::explain::{self, Explained};
use crate::mistakes::Mistakes;
use crate::platform::now;

/// Explains something for a user; nothing for a user nobody knows.
pub(super) fn explain(
    engine: &Engine,
    asked: &ExplanationQuestion,
) -> Result<Option<Explanation>, Error> {
    if let Subject::Tag(tag) = &asked.of {
        usable(engine, tag)?;
    }
    let Some(number) = engine.users.user(&asked.user.to_string()) else {
        return Ok(None);
    };
    let key = engine.key(number).unwrap_or_default();
    let user = Explained { number, key: &key };
    explain::of_engine(engine, &asked.of, user, asked.as_of, now())
        .map(Some)
        .map_err(refused)
}

fn usable(engine: &Engine, tag: &TagKey) -> Result<(), Error> {
    if engine.definition(tag).is_none() {
        return Err(Error::NotFound(format!("there is no tag `{tag}`")));
    }
    if engine.book.tag(tag).is_none() {
        let message = format!("tag `{tag}` has mistakes and cannot be explained");
        return Err(Error::Invalid(message));
    }
    Ok(())
}

/// Why it cannot be explained: the rule that is asked about has mistakes, or what it needs has.
fn refused(error: anyhow::Error) -> Error {
    match error.downcast::<Mistakes>() {
        Ok(Mistakes::One(problems)) if problems.kind == "rule" => Error::Rule(problems.diagnostics),
        Ok(mistakes) => Error::Invalid(mistakes.in_words(Language::English)),
        Err(error) => past::refused(error),
    }
}
