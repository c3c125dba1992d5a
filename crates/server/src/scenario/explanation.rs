//! Why a tag's rule holds for a user of a scenario, or does not.

use api::ports::explanation::Subject;
use domain::UserNumber;
use rules::sentence::Names;

use super::play::State;
use crate::explain::{Explained, explain, text};
use crate::rulebook::ReadTag;
use crate::situation::Situation;

/// The explanation of a tag, as `muster explain` writes it.
pub fn of(tag: &ReadTag, name: &str, number: UserNumber, state: &State<'_>) -> Option<String> {
    let inputs = state.definitions.inputs(state.store);
    let names = Names {
        collections: state.definitions.book.vocabulary.collections.clone(),
        ..Names::default()
    };
    let situation = Situation {
        histories: state.store,
        book: &state.definitions.book,
        inputs: &inputs,
        zone: state.zone,
        names: &names,
    };
    let user = Explained { number, key: name };
    let of = Subject::Tag(tag.definition.key.clone());
    let explanation = explain(&situation, &of, user, state.now, state.now).ok()?;
    Some(text(&explanation, state.language).trim_end().to_owned())
}
