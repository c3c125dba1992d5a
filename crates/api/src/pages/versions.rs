//! The versions of a tag on its page, and what its state means for its members.

use domain::TagStatus;
use maud::{Markup, html};

use super::parts::{Setting, moment, state_pill, tag_address};
use super::phrase::Phrase;
use crate::ports::TagOverview;
use crate::ports::life::{Stands, TagVersion};

/// The most versions on the page of a tag.
const LISTED: usize = 20;

/// Who changed the tag, when and why; the newest change first.
pub(super) fn list(tag: &TagOverview, versions: &[TagVersion], setting: &Setting) -> Markup {
    let address = tag_address(tag.definition.key.as_str());
    html! {
        section #versions {
            h2 { (setting.text(Phrase::Versions)) " " span.count { (versions.len()) } }
            table.versions {
                tbody {
                    @for version in versions.iter().take(LISTED) {
                        (row(&address, version, setting))
                    }
                }
            }
        }
    }
}

fn row(address: &str, version: &TagVersion, setting: &Setting) -> Markup {
    let signature = &version.signature;
    html! {
        tr {
            th scope="row" {
                a href={ (address) "/versions/" (version.number) } { (version.number) }
            }
            td {
                @match version.status {
                    Some(status) => (state_pill(status, setting)),
                    None => span.quiet { (setting.text(Phrase::Removed)) },
                }
                @if version.stands == Stands::InForce {
                    " " small { (setting.text(Phrase::InForce)) }
                }
            }
            td {
                (signature.reason)
                @if !signature.author.is_empty() { " " small { (signature.author) } }
            }
            td.when { (moment(signature.at, setting)) }
        }
    }
}

/// What its state, a draft beside it, or a version that is not computed yet mean for the members that are shown.
pub(super) fn remark(tag: &TagOverview, setting: &Setting) -> Markup {
    let language = setting.language;
    let state = match tag.definition.state() {
        TagStatus::Draft | TagStatus::InReview => Some(setting.text(Phrase::NotPublished)),
        TagStatus::Paused => Some(setting.text(Phrase::IsPaused)),
        TagStatus::Archived => Some(setting.text(Phrase::IsArchived)),
        TagStatus::Published => None,
    };
    let shown = tag.versions.shown;
    let waits = tag.definition.state() == TagStatus::Published;
    let computed = tag
        .versions
        .computed
        .filter(|computed| waits && *computed != shown);
    let address = tag_address(tag.definition.key.as_str());
    html! {
        @if let Some(state) = state { p.remark { (state) } }
        @if let Some(computed) = computed {
            p.remark {
                (Phrase::MembersOfVersion.with(language, &[&computed.to_string(), &shown.to_string()]))
            }
        }
        @if let Some(draft) = tag.versions.draft {
            p.remark {
                a href={ (address) "/versions/" (draft) "?effect=1#effect" } {
                    (Phrase::DraftWaits.with(language, &[&draft.to_string()]))
                }
            }
        }
    }
}
