//! Who reads a page: in which language, and whether it is a page at all that is read.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, Uri, header};
use domain::Language;

use super::format::encoded;

/// The query parameter and the cookie that name a language.
const PARAMETER: &str = "lang";

/// Who reads.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    pub language: Language,
    /// The language that the query asks for, to be remembered.
    pub chosen: Option<Language>,
    path: String,
    query: String,
    form: Form,
}

/// In which form an answer is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Page,
    Json,
}

impl Reader {
    pub fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Self {
        let query = uri.query().unwrap_or_default();
        let chosen = parameters(query)
            .filter(|(name, _)| *name == PARAMETER)
            .find_map(|(_, value)| Language::named(value));
        let language = chosen
            .or_else(|| remembered(headers))
            .or_else(|| preferred(text(headers, header::ACCEPT_LANGUAGE)))
            .unwrap_or(Language::English);
        let reads_pages = method != Method::POST
            && !uri.path().starts_with("/api/")
            && text(headers, header::ACCEPT).contains("text/html");
        Self {
            language,
            chosen,
            path: uri.path().to_owned(),
            query: query.to_owned(),
            form: if reads_pages { Form::Page } else { Form::Json },
        }
    }

    /// Whether a problem is shown as a page.
    pub fn wants_page(&self) -> bool {
        self.form == Form::Page
    }

    /// The path of the page.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// This page in another language.
    pub fn address_in(&self, language: Language) -> String {
        self.address_with(PARAMETER, language.as_str())
    }

    /// This page with a parameter set.
    pub fn address_with(&self, name: &str, value: &str) -> String {
        let others = parameters(&self.query).filter(|(other, _)| *other != name);
        let mut address = format!("{}?", self.path);
        for (other, value) in others {
            address.extend([other, "=", value, "&"]);
        }
        address.extend([name, "=", &encoded(value)]);
        address
    }

    /// What makes the browser remember the language that was chosen.
    pub fn cookie(&self) -> Option<String> {
        let code = self.chosen?.as_str();
        Some(format!(
            "{PARAMETER}={code}; Path=/; Max-Age=31536000; SameSite=Lax"
        ))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.method, &parts.uri, &parts.headers))
    }
}

/// The parameters of a query as they are written.
fn parameters(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn remembered(headers: &HeaderMap) -> Option<Language> {
    let cookies = text(headers, header::COOKIE).split(';');
    cookies
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == PARAMETER)
        .and_then(|(_, value)| Language::named(value))
}

/// The language of `Accept-Language` that has the greatest weight, the first among equals.
fn preferred(accepted: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for part in accepted.split(',') {
        let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        let weight = weight.trim().parse::<f32>().unwrap_or(0.0);
        let is_better = weight > best.map_or(0.0, |(_, best)| best);
        if let Some(language) = Language::named(tag.trim()).filter(|_| is_better) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn reader(uri: &str, headers: &[(HeaderName, &'static str)]) -> Reader {
        let headers = headers.iter().cloned();
        let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
        Reader::of(&Method::GET, &uri.parse().unwrap(), &headers.collect())
    }

    #[test]
    fn the_query_goes_before_the_cookie_and_the_cookie_before_the_browser() {
        let english = (header::COOKIE, "a=b; lang=en");
        let chinese = (header::ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9,en;q=0.8");
        let language = |uri, headers: &[_]| reader(uri, headers).language;
        assert_eq!(language("/", &[]), Language::English);
        assert_eq!(
            language("/", std::slice::from_ref(&chinese)),
            Language::Chinese
        );
        assert_eq!(
            language("/", &[english.clone(), chinese.clone()]),
            Language::English
        );
        assert_eq!(
            language("/?lang=zh", std::slice::from_ref(&english)),
            Language::Chinese
        );
        assert_eq!(
            language("/?lang=tlh", &[english, chinese]),
            Language::English
        );
    }

    #[test]
    fn the_browsers_weights_decide() {
        assert_eq!(
            preferred("fr, en;q=0.3, zh-TW;q=0.7"),
            Some(Language::Chinese)
        );
        assert_eq!(preferred("en, zh"), Some(Language::English));
        assert_eq!(preferred("zh;q=0"), None);
        assert_eq!(preferred("de, *;q=0.1"), None);
        assert_eq!(preferred(""), None);
    }

    #[test]
    fn the_other_language_is_the_same_page() {
        let reader = reader("/tags/a?value=x%26y&lang=en", &[]);
        assert_eq!(
            reader.address_in(Language::Chinese),
            "/tags/a?value=x%26y&lang=zh"
        );
        assert_eq!(reader.cookie().unwrap().split(';').next(), Some("lang=en"));
    }
}
