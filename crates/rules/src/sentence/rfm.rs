//! Groups by recency, frequency and money, in words: by what each is measured, and how it is scored.

use domain::{Bounds, Language, Rfm, RfmBounds, RfmGroups};

use super::name::Names;
use super::spacing::spaced;
use super::speaker::{Speaker, say};
use crate::definition::RfmMeasures;

/// The definition as a sentence; nothing if it cannot be read.
pub(super) fn said(rfm: &Rfm, language: Language, names: &Names) -> Option<String> {
    let speaker = Speaker::of_users(language, names);
    let measures = RfmMeasures::of(rfm)?;
    let window = measures.window.map(|window| speaker.window(&window));
    let window = match window.as_deref() {
        None | Some("") => String::new(),
        Some(window) => say!(speaker, "{window}", ", {window}"),
    };
    let [recency, frequency, monetary] =
        [measures.recency, measures.frequency, measures.monetary].map(|of| speaker.value(&of));
    let count = match rfm.groups {
        RfmGroups::Eight => 8,
        RfmGroups::Eleven => 11,
    };
    let scored = speaker.scored(rfm);
    let said = say!(
        speaker,
        "{window}按 RFM 分为 {count} 组：R（最近一次）为{recency}，F（频率）为{frequency}，M（金额）为{monetary}；{scored}",
        "{count} groups by RFM{window}: recency by {recency}, frequency by {frequency}, money by {monetary}; {scored}"
    );
    Some(spaced(&said, language))
}

impl Speaker<'_> {
    fn scored(&self, rfm: &Rfm) -> String {
        let Some(bounds) = &rfm.bounds else {
            return match rfm.groups {
                RfmGroups::Eight => say!(
                    self,
                    "各按五分位打 1 至 5 分，4 分起为高",
                    "each scored 1 to 5 by quintiles, high from 4 on"
                ),
                RfmGroups::Eleven => say!(
                    self,
                    "各按五分位打 1 至 5 分",
                    "each scored 1 to 5 by quintiles"
                ),
            };
        };
        let RfmBounds {
            recency,
            frequency,
            monetary,
        } = bounds;
        let recency = self.bounds(recency, Self::duration);
        let frequency = self.bounds(frequency, Self::number);
        let monetary = self.bounds(monetary, Self::number);
        match rfm.groups {
            RfmGroups::Eight => say!(
                self,
                "达到界限为高：R 在近 {recency}内，F 至少 {frequency}，M 至少 {monetary}",
                "high from its bound on: recency in the last {recency}, frequency {frequency}, money {monetary}"
            ),
            RfmGroups::Eleven => say!(
                self,
                "每达到一个界限多 1 分：R 在近 {recency}内，F 至少 {frequency}，M 至少 {monetary}",
                "one point more for each bound that is reached: recency in the last {recency}; frequency {frequency}; money {monetary}"
            ),
        }
    }

    fn bounds(&self, bounds: &Bounds, said: fn(&Self, &str) -> String) -> String {
        let bounds: Vec<String> = bounds.0.iter().map(|bound| said(self, bound)).collect();
        self.row(&bounds)
    }
}
