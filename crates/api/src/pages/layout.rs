//! The frame of every page: head, navigation, languages, foot.

use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse, Response};
use domain::{Language, Zone};
use maud::{DOCTYPE, Markup, html};

use super::assets;
use super::phrase::Phrase;
use super::reader::Reader;

/// A page, ready to be sent.
pub(crate) struct Page {
    markup: Markup,
    cookie: Option<String>,
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let cookie = self.cookie.map(|cookie| [(header::SET_COOKIE, cookie)]);
        let headers: [(HeaderName, &str); 2] = [
            (header::CACHE_CONTROL, "private, no-cache"),
            (header::VARY, "Accept, Accept-Language, Cookie"),
        ];
        (headers, cookie, Html(self.markup.into_string())).into_response()
    }
}

/// The page of that title and content.
pub(super) fn page(reader: &Reader, zone: &Zone, title: &str, content: &Markup) -> Page {
    let language = reader.language;
    let text = |phrase: Phrase| phrase.text(language);
    let markup = html! {
        (DOCTYPE)
        html lang=(html_tag(language)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Muster" }
                link rel="stylesheet" href=(assets::address("style.css"));
                link rel="icon" type="image/svg+xml" href=(assets::address("icon.svg"));
                script src=(assets::address("page.js")) defer {}
            }
            body {
                a.skip href="#content" { (text(Phrase::SkipToContent)) }
                (head(reader))
                main #content tabindex="-1" { (content) }
                footer.foot {
                    span { "Muster · " (text(Phrase::Tagline)) }
                    span { (Phrase::TimesIn.with(language, &[zone.name()])) }
                    a href="/upkeep" { (text(Phrase::Upkeep)) }
                    a href="/api/v1/tags" { (text(Phrase::AsJson)) }
                    a href="/metrics" { (text(Phrase::Metrics)) }
                }
            }
        }
    };
    Page {
        markup,
        cookie: reader.cookie(),
    }
}

fn head(reader: &Reader) -> Markup {
    let text = |phrase: Phrase| phrase.text(reader.language);
    let places = [
        ("/", Phrase::Tags),
        ("/audiences", Phrase::Audiences),
        ("/rules", Phrase::TryRule),
    ];
    html! {
        header.head {
            a.wordmark href="/" { "Muster" }
            nav.places aria-label=(text(Phrase::MainNavigation)) {
                @for (address, phrase) in places {
                    a href=(address) aria-current=[current(reader, address)] { (text(phrase)) }
                }
            }
            form.find action="/users" role="search" aria-label=(text(Phrase::FindUser)) {
                label.unseen for="find-user" { (text(Phrase::FindUser)) }
                input #find-user name="user" type="search" required autocomplete="off"
                    spellcheck="false" placeholder=(text(Phrase::FindUser));
            }
            nav.languages aria-label=(text(Phrase::LanguageNavigation)) {
                @for language in Language::ALL {
                    a href=(reader.address_in(language)) lang=(html_tag(language))
                        hreflang=(html_tag(language))
                        aria-current=[(language == reader.language).then_some("true")]
                        { (own_name(language)) }
                }
            }
        }
    }
}

/// Whether an entry of the navigation leads to this page, or to one beneath it.
fn current(reader: &Reader, address: &str) -> Option<&'static str> {
    match (reader.path(), address) {
        (path, address) if path == address => Some("page"),
        (path, "/") if path.starts_with("/tags/") => Some("true"),
        _ => None,
    }
}

/// The tag of HTML's `lang`.
fn html_tag(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-Hans",
        Language::English => "en",
    }
}

/// What a language calls itself.
fn own_name(language: Language) -> &'static str {
    match language {
        Language::Chinese => "简体中文",
        Language::English => "English",
    }
}
