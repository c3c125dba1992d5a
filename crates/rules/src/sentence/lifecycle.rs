//! The stages of a user's life, in words: by which events, and after how long.

use domain::{Language, Lifecycle};

use super::event::Spoken;
use super::name::Names;
use super::spacing::spaced;
use super::speaker::{Speaker, say};
use crate::definition::events_of_life;

/// The definition as a sentence; nothing if it cannot be read.
pub(super) fn said(lifecycle: &Lifecycle, language: Language, names: &Names) -> Option<String> {
    let speaker = Speaker::of_users(language, names);
    let of = events_of_life(lifecycle)?;
    let events = speaker.events(&of.events, of.filter.as_deref(), Spoken::Several);
    let returned = lifecycle.returned.as_ref().unwrap_or(&lifecycle.new);
    let [new, at_risk, lost, returned] = [
        &lifecycle.new,
        &lifecycle.at_risk,
        &lifecycle.lost,
        returned,
    ]
    .map(|span| speaker.duration(span));
    let said = say!(
        speaker,
        "按{events}划分生命周期：首次之后 {new}内为新用户，{at_risk}未再发生为有流失风险，{lost}未再发生为流失，流失后回来的 {returned}内为回流，其余为活跃",
        "stages of life by {events}: new for {new} after the first, at risk after {at_risk} without any, lost after {lost}, returned for {returned} after coming back from there, else active"
    );
    Some(spaced(&said, language))
}
