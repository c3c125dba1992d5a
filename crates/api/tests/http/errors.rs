//! What is answered when a question cannot be.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use api::ports::explanation::{Explanation, ExplanationQuestion};
use api::ports::memory::MemoryPlatform;
use api::ports::{
    Catalogue, MemberPage, Members, Overview, Profile, RuleAnswer, RuleQuestion, TagPage, UserTags,
};
use api::{Config, Error};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::UserKey;

use crate::asking::{browse, get, platform, post, router, send};
use crate::sample::memory;

#[tokio::test]
async fn each_wrong_question_has_its_status_and_code() {
    let router = router(memory());
    for (address, status, code) in [
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v1/tags/nope", 404, "not_found"),
        ("/api/v1/tags/not-a-key", 404, "not_found"),
        ("/api/v1/tags/%ff", 400, "invalid_request"),
        ("/api/v1/tags/nope/members", 404, "not_found"),
        ("/api/v1/tags?limt=1", 400, "invalid_request"),
        ("/api/v1/tags?limit=0", 400, "invalid_request"),
        ("/api/v1/tags?limit=some", 400, "invalid_request"),
        ("/api/v1/tags?after=nope", 400, "invalid_request"),
        (
            "/api/v1/tags/tier/members?limit=10001",
            400,
            "invalid_request",
        ),
        ("/api/v1/tags/tier/members?after=", 400, "invalid_request"),
        (
            "/api/v1/tags/tier/members?after=nobody",
            400,
            "invalid_request",
        ),
        ("/api/v1/users/nobody", 404, "not_found"),
        ("/api/v1/users/anonymous:", 404, "not_found"),
        ("/api/v1/users/nobody/tags", 404, "not_found"),
        ("/api/v1/users/u1?events=1001", 400, "invalid_request"),
        ("/api/v1/rules/count", 405, "wrong_method"),
    ] {
        let answer = get(&router, address).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, code),
            "{address}"
        );
        assert!(
            answer.json()["error"]["message"].as_str().is_some(),
            "{address}"
        );
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
    }
    let answer = get(&router, "/api/v1/rules/count").await;
    assert_eq!(answer.header(header::ALLOW), "POST");
}

#[tokio::test]
async fn each_wrong_body_has_its_status_and_code() {
    let router = router(memory());
    let large = format!(r#"{{"rule":"{}"}}"#, "x".repeat(1 << 20));
    for (body, status, code) in [
        ("", 400, "invalid_request"),
        ("{", 400, "invalid_request"),
        ("{}", 400, "invalid_request"),
        (r#"{"rule":7}"#, 400, "invalid_request"),
        (r#"{"rule":"a = 1","asof":null}"#, 400, "invalid_request"),
        (
            r#"{"rule":"a = 1","as_of":"yesterday"}"#,
            400,
            "invalid_request",
        ),
        (large.as_str(), 413, "body_too_large"),
    ] {
        let answer = post(&router, "/api/v1/rules/count", body).await;
        let found = (answer.status.as_u16(), answer.code());
        assert_eq!(found, (status, code.to_owned()), "{body:.40}");
    }
    let request = Request::post("/api/v1/rules/count")
        .body(Body::from("{}"))
        .unwrap();
    let answer = send(&router, request).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (415, "not_json")
    );
}

#[tokio::test]
async fn a_problem_is_a_page_for_a_browser_in_its_language() {
    let router = router(memory());
    for (address, status, title) in [
        ("/nothing?lang=en", 404, "Not found"),
        ("/tags/nope?lang=zh", 404, "没有找到"),
        ("/users/nobody?lang=zh", 404, "没有找到"),
        (
            "/tags/tier?after=&lang=en",
            400,
            "The request cannot be read",
        ),
    ] {
        let answer = browse(&router, address).await;
        assert_eq!(answer.status.as_u16(), status, "{address}");
        assert_eq!(
            answer.header(header::CONTENT_TYPE),
            "text/html; charset=utf-8"
        );
        assert!(
            answer.body.contains(&format!("<h1>{title}</h1>")),
            "{address}"
        );
    }
    let answer = browse(&router, "/api/v1/tags/nope").await;
    assert_eq!(answer.code(), "not_found");
}

/// A platform that fails in one way.
struct Failing {
    memory: MemoryPlatform,
    how: How,
    running: AtomicUsize,
    most: Arc<AtomicUsize>,
}

#[derive(Clone, Copy)]
enum How {
    With(fn(String) -> Error),
    ByPanic,
    ByTaking(Duration),
}

impl Failing {
    fn fail<T>(&self) -> Result<T, Error> {
        match self.how {
            How::With(error) => Err(error("the secret of the machine".to_owned())),
            How::ByPanic => panic!("the secret of the machine"),
            How::ByTaking(duration) => {
                let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
                self.most.fetch_max(running, Ordering::SeqCst);
                std::thread::sleep(duration);
                self.running.fetch_sub(1, Ordering::SeqCst);
                Err(Error::TryAgain("slept".to_owned()))
            }
        }
    }
}

impl Catalogue for Failing {
    fn overview(&self) -> Result<Arc<Overview>, Error> {
        self.memory.overview()
    }

    fn unready(&self) -> Option<String> {
        None
    }
}

impl Members for Failing {
    fn tag_members(&self, _: &TagPage) -> Result<MemberPage, Error> {
        self.fail()
    }

    fn rule_members(&self, _: &RuleQuestion) -> Result<RuleAnswer, Error> {
        self.fail()
    }

    fn user_tags(&self, _: &UserKey) -> Result<Option<UserTags>, Error> {
        self.fail()
    }

    fn profile(&self, _: &UserKey, _: usize) -> Result<Option<Profile>, Error> {
        self.fail()
    }

    fn explain(&self, _: &ExplanationQuestion) -> Result<Option<Explanation>, Error> {
        self.fail()
    }
}

fn failing(how: How, config: Config) -> (Router, Arc<AtomicUsize>) {
    let most = Arc::new(AtomicUsize::new(0));
    let running = AtomicUsize::new(0);
    let ports = Failing {
        memory: memory(),
        how,
        running,
        most: most.clone(),
    };
    (api::router(config, platform(ports)), most)
}

const ASKED: [&str; 3] = [
    "/api/v1/tags/tier/members",
    "/api/v1/users/u1",
    "/api/v1/users/u1/tags",
];

#[tokio::test]
async fn a_defect_is_answered_without_its_reason() {
    for how in [How::With(Error::Bug), How::ByPanic] {
        let (router, _) = failing(how, Config::default());
        for address in ASKED {
            let answer = get(&router, address).await;
            assert_eq!(
                answer.status,
                StatusCode::INTERNAL_SERVER_ERROR,
                "{address}"
            );
            assert_eq!(answer.code(), "internal");
            assert!(!answer.body.contains("secret"), "{address}");
        }
        let page = browse(&router, "/rules?rule=did(login)&lang=zh").await;
        assert!(page.body.contains("<h1>出错了</h1>") && !page.body.contains("secret"));
    }
}

#[tokio::test]
async fn who_should_ask_again_is_told_when() {
    let (router, _) = failing(How::With(Error::TryAgain), Config::default());
    for address in ASKED {
        let answer = get(&router, address).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{address}");
        assert_eq!(answer.code(), "try_again");
        assert_eq!(answer.header(header::RETRY_AFTER), "5");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_not_waited_for() {
    let config = Config {
        request_timeout: Duration::from_millis(30),
        ..Config::default()
    };
    let (router, _) = failing(How::ByTaking(Duration::from_millis(300)), config);
    let answer = get(&router, "/api/v1/users/u1").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (503, "timeout")
    );
}

#[tokio::test]
async fn no_more_rules_run_at_one_time_than_configured() {
    let config = Config {
        concurrent_rules: 2,
        ..Config::default()
    };
    let (router, most) = failing(How::ByTaking(Duration::from_millis(30)), config);
    let asked: Vec<_> = (0..8)
        .map(|_| {
            let router = router.clone();
            tokio::spawn(async move {
                post(&router, "/api/v1/rules/count", r#"{"rule":"did(login)"}"#)
                    .await
                    .status
            })
        })
        .collect();
    for answer in asked {
        assert_eq!(answer.await.unwrap(), StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(most.load(Ordering::SeqCst), 2);
}
