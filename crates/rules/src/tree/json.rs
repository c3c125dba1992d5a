//! The tree in JSON.

use serde::Deserialize;

use super::{DEEPEST, Error, Rule, shape};

/// How many brackets of JSON lie around the deepest node: at most four a level, and a few.
const DEEPEST_BRACKETS: usize = 4 * DEEPEST + 16;

impl Rule {
    /// The tree in JSON; see the module's page for its form.
    ///
    /// # Errors
    /// [`Error::Json`] for a tree with what could not be read.
    pub fn to_json(&self) -> Result<String, Error> {
        Ok(serde_json::to_string(self)?)
    }

    /// Reads a tree from JSON.
    ///
    /// # Errors
    /// [`Error`], also for constants and names that could not be written in a text.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        if brackets(json) > DEEPEST_BRACKETS {
            return Err(Error::TooDeep);
        }
        let mut reader = serde_json::Deserializer::from_str(json);
        reader.disable_recursion_limit();
        let rule = Self::deserialize(&mut reader)?;
        reader.end()?;
        shape::check(&rule)?;
        Ok(rule)
    }
}

/// How deep the brackets of a JSON text are nested, texts left out.
fn brackets(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => skip_text(&mut bytes),
            _ => {}
        }
    }
    deepest
}

fn skip_text(bytes: &mut impl Iterator<Item = u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => return,
            _ => {}
        }
    }
}
