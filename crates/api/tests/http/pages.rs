//! The pages: in both languages, whole, and harmless whatever people name their things.

use api::ports::memory::MemoryPlatform;
use axum::body::Body;
use axum::http::{Request, header};

use crate::asking::{Answer, browse, get, router, send};
use crate::sample::{HOSTILE, hostile, memory};

const PAGES: [&str; 20] = [
    "/",
    "/?q=whale",
    "/?failed=1",
    "/?category=value",
    "/tags/whale",
    "/tags/tier?value=gold",
    "/tags/traded_usd",
    "/tags/whale/versions/1",
    "/tags/whale/versions/2",
    "/tags/whale/versions/3?effect=1",
    "/?state=archived",
    "/tags/whale/explain?user=u1",
    "/rules/explain?rule=in+audience(vip)&user=u1",
    "/rules/explain?rule=did(swap)&user=u1",
    "/audiences",
    "/upkeep",
    "/rules",
    "/rules?rule=tag(whale)",
    "/rules?rule=kyc_level%20%3E%3D",
    "/users/u1",
];

/// The text of a page that a browser would show.
fn shown_text(page: &str) -> String {
    let parts = page
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect::<Vec<_>>().join(" ")
}

fn is_han(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

#[tokio::test]
async fn every_page_is_there_in_both_languages() {
    let router = router(memory());
    for address in PAGES {
        for (code, tag) in [("zh", "zh-Hans"), ("en", "en")] {
            let sign = if address.contains('?') { '&' } else { '?' };
            let page = browse(&router, &format!("{address}{sign}lang={code}")).await;
            assert_eq!(page.status.as_u16(), 200, "{address}");
            assert!(
                page.body.contains(&format!("<html lang=\"{tag}\">")),
                "{address}"
            );
            let text = shown_text(&page.body).replace("简体中文", "");
            assert!(!text.contains('{'), "{address}: {text}");
            assert_eq!(
                text.contains(is_han),
                code == "zh",
                "{address} in {code}: {text}"
            );
        }
    }
}

#[tokio::test]
async fn a_language_that_was_chosen_is_remembered() {
    let router = router(memory());
    let chosen = browse(&router, "/audiences?lang=zh").await;
    let cookie = chosen
        .header(header::SET_COOKIE)
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let ask = async |headers: &[(header::HeaderName, &str)]| {
        let mut request = Request::get("/audiences").header(header::ACCEPT, "text/html");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        send(&router, request.body(Body::empty()).unwrap()).await
    };
    let english = (header::ACCEPT_LANGUAGE, "en-GB");
    let page = ask(&[english.clone(), (header::COOKIE, &cookie)]).await;
    assert!(page.body.contains("<h1>人群</h1>"));
    assert_eq!(page.header(header::SET_COOKIE), "");
    assert!(page.header(header::VARY).contains("Cookie"));
    assert!(ask(&[english]).await.body.contains("<h1>Audiences</h1>"));
    assert!(
        ask(&[(header::ACCEPT_LANGUAGE, "zh-TW, en;q=0.5")])
            .await
            .body
            .contains("<h1>人群</h1>")
    );
}

fn assert_harmless(page: &Answer, address: &str) {
    let body = &page.body;
    for markup in ["<script>", "'x')</script", "\"onload", "&amp;{0}\"onload"] {
        assert!(!body.contains(markup), "{address}: {markup} in {body}");
    }
    let areas = ["<textarea", "</textarea"].map(|tag| body.matches(tag).count());
    assert_eq!(areas[0], areas[1], "{address}");
    for tag in body.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let outside_values: Vec<&str> = tag.split('"').step_by(2).collect();
        for attribute in outside_values.join("").split_whitespace().skip(1) {
            let name = attribute.trim_end_matches('=');
            assert!(
                !name.starts_with("on") && name != "style",
                "{address}: <{tag}>"
            );
        }
    }
    let policy = page.header(header::CONTENT_SECURITY_POLICY);
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(page.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
}

#[tokio::test]
async fn what_people_name_their_things_is_never_markup() {
    let router = router(hostile());
    let encoded: String = HOSTILE.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let own = [
        "/tags/evil".to_owned(),
        format!("/tags/evil?value={encoded}"),
        format!("/?q={encoded}"),
        format!("/?category={encoded}"),
        format!("/users/{encoded}"),
        format!("/users/nobody{encoded}"),
        format!("/tags/{encoded}"),
        format!("/rules?rule={encoded}&as_of={encoded}"),
        format!("/rules?rule={encoded}"),
        "/rules?rule=tag(evil)".to_owned(),
        format!("/tags/evil/explain?user={encoded}"),
        format!("/tags/{encoded}/explain?user=u1"),
    ];
    for address in PAGES.into_iter().map(str::to_owned).chain(own) {
        let page = browse(&router, &address).await;
        assert!(
            page.header(header::CONTENT_TYPE).starts_with("text/html"),
            "{address}"
        );
        assert_harmless(&page, &address);
    }
    let user = browse(&router, &format!("/users/{encoded}")).await;
    assert_eq!(user.status.as_u16(), 200);
    let evil = browse(&router, "/tags/evil").await;
    assert!(
        evil.body
            .contains("&lt;script&gt;alert('x')&lt;/script&gt;"),
        "{}",
        evil.body
    );
}

#[tokio::test]
async fn links_lead_to_what_they_name() {
    let router = router(hostile());
    for address in [
        "/",
        "/tags/evil",
        "/tags/whale/explain?user=u1",
        "/rules/explain?rule=in+audience(vip)&user=u1",
        "/rules/explain?rule=did(swap)&user=u1",
        "/audiences",
        "/rules?rule=tag(evil)",
        "/users/u1",
    ] {
        let page = browse(&router, address).await;
        let links = page
            .body
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        for link in links.filter(|link| link.starts_with('/')) {
            let link = link.split('#').next().unwrap().replace("&amp;", "&");
            let answer = browse(&router, &link).await;
            assert_eq!(answer.status.as_u16(), 200, "{address} leads to {link}");
        }
    }
}

#[tokio::test]
async fn an_explanation_names_whom_and_what_it_explains_and_leads_back() {
    let router = router(memory());
    for (address, said, back) in [
        (
            "/tags/whale/explain?user=u1&lang=en",
            "u1 does not have whale",
            "/tags/whale",
        ),
        (
            "/rules/explain?rule=in+audience(vip)&user=u1&lang=zh",
            "u1 不属于人群 vip",
            "/audiences#vip",
        ),
        (
            "/rules/explain?rule=did(swap)&user=u1&lang=en",
            "u1 does not match the rule",
            "/rules?rule=did%28swap%29",
        ),
    ] {
        let page = browse(&router, address).await.body;
        let heading = page.split("<h1>").nth(1).unwrap();
        let heading = shown_text(heading.split("</h1>").next().unwrap());
        let words: Vec<&str> = heading.split_whitespace().collect();
        assert_eq!(words.join(" "), said, "{address}");
        assert!(page.contains(&format!("href=\"{back}\"")), "{page}");
    }
}

#[tokio::test]
async fn audiences_and_rules_are_asked_about_one_user() {
    let router = router(memory());
    let audiences = browse(&router, "/audiences").await.body;
    let rules = browse(&router, "/rules?rule=tag(whale)").await.body;
    for (page, rule) in [(audiences, "in audience(vip)"), (rules, "tag(whale)")] {
        let form = page.split("action=\"/rules/explain\"").nth(1);
        let form = form.and_then(|form| form.split("</form>").next());
        let form = form.unwrap_or_else(|| panic!("{page}"));
        let hidden = format!("name=\"rule\" value=\"{rule}\"");
        assert!(
            form.contains(&hidden) && form.contains("name=\"user\""),
            "{form}"
        );
    }
    let mistaken = browse(&router, "/rules/explain?rule=kyc_level+%3E&user=u1").await;
    assert_eq!(mistaken.status.as_u16(), 422);
    let said = shown_text(&mistaken.body);
    assert!(said.contains("line 1, column 12"), "{said}");
}

#[tokio::test]
async fn the_overview_shows_each_tag_its_users_and_its_failure() {
    let page = browse(&router(memory()), "/?lang=en").await;
    let text = shown_text(&page.body);
    for part in [
        "Whale",
        "60.0%",
        "1 tag failed",
        "which no event is",
        "No category",
        "gold",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let search = browse(&router(memory()), "/?lang=en&q=gold").await;
    let text = shown_text(&search.body);
    assert!(text.contains("Tier") && !text.contains("Whale"), "{text}");
}

#[tokio::test]
async fn an_empty_platform_says_how_to_begin() {
    for (language, sentence) in [("en", "No tags are defined yet"), ("zh", "还没有定义标签")]
    {
        let router = router(MemoryPlatform::default());
        let page = browse(&router, &format!("/?lang={language}")).await;
        assert!(page.body.contains(sentence) && page.body.contains("muster apply"));
        assert_eq!(browse(&router, "/audiences").await.status.as_u16(), 200);
    }
}

#[tokio::test]
async fn a_mistake_in_a_rule_is_marked_where_it_is() {
    let page = browse(
        &router(memory()),
        "/rules?rule=count(login)%20%3E%3D%20)&lang=en",
    )
    .await;
    assert!(
        page.body.contains("count(login) &gt;= <mark>)</mark>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("line 1, column 17"), "{}", page.body);
    let page = browse(
        &router(memory()),
        "/rules?rule=did(login)&as_of=soon&lang=en",
    )
    .await;
    assert!(page.body.contains("That is no time"), "{}", page.body);
}

#[tokio::test]
async fn finding_a_user_leads_to_the_users_page() {
    let router = router(memory());
    let answer = browse(&router, "/users?user=%20a%2Fb%20").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header(header::LOCATION)),
        (303, "/users/a%2Fb")
    );
}

#[tokio::test]
async fn assets_are_part_of_the_binary_and_kept_by_their_version() {
    let router = router(memory());
    let page = browse(&router, "/").await;
    for (name, kind) in [
        ("style.css", "text/css"),
        ("page.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
    ] {
        let address = format!("/assets/{name}?v=");
        let at = page.body.find(&address).unwrap();
        let address = page.body[at..].split('"').next().unwrap();
        let asset = get(&router, address).await;
        assert!(
            asset.header(header::CONTENT_TYPE).starts_with(kind),
            "{name}"
        );
        assert!(
            asset.header(header::CACHE_CONTROL).contains("immutable"),
            "{name}"
        );
        assert!(
            !asset.body.contains("http:") || name == "icon.svg",
            "{name} names an address"
        );
    }
}
