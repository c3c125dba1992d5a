//! A real socket: served, and ended without cutting anyone off.

use std::sync::Arc;
use std::time::{Duration, Instant};

use api::ports::explanation::{Explanation, ExplanationQuestion};
use api::ports::{
    Catalogue, MemberPage, Members, Overview, Profile, RuleAnswer, RuleQuestion, TagPage, UserTags,
};
use api::{Config, Error};
use domain::UserKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::asking::platform;

/// Answers the overview after a time.
struct Slow(Duration);

impl Catalogue for Slow {
    fn overview(&self) -> Result<Arc<Overview>, Error> {
        std::thread::sleep(self.0);
        Ok(Arc::new(Overview::default()))
    }

    fn unready(&self) -> Option<String> {
        None
    }
}

impl Members for Slow {
    fn tag_members(&self, _: &TagPage) -> Result<MemberPage, Error> {
        Ok(MemberPage::default())
    }

    fn rule_members(&self, _: &RuleQuestion) -> Result<RuleAnswer, Error> {
        Err(Error::TryAgain("never".to_owned()))
    }

    fn user_tags(&self, _: &UserKey) -> Result<Option<UserTags>, Error> {
        Ok(None)
    }

    fn profile(&self, _: &UserKey, _: usize) -> Result<Option<Profile>, Error> {
        Ok(None)
    }

    fn explain(&self, _: &ExplanationQuestion) -> Result<Option<Explanation>, Error> {
        Ok(None)
    }
}

/// Asks for the overview and, once that runs, for the end; how long the end took, and the answer.
async fn ask_and_end(slow: Slow, config: Config) -> (Duration, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ending) = oneshot::channel::<()>();
    let shutdown = async move {
        ending.await.ok();
    };
    let serving = tokio::spawn(api::serve(listener, config, platform(slow), shutdown));
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = b"GET /api/v1/tags HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    connection.write_all(request).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let started = Instant::now();
    end.send(()).unwrap();
    serving.await.unwrap().unwrap();
    let took = started.elapsed();
    let mut answer = String::new();
    let reading = connection.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_millis(500), reading)
        .await
        .ok();
    (took, answer)
}

#[tokio::test]
async fn a_request_that_runs_at_the_end_is_still_answered() {
    let (_, answer) = ask_and_end(Slow(Duration::from_millis(200)), Config::default()).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(
        answer.ends_with(r#"{"tags":[],"count":0,"known_users":0,"next":null}"#),
        "{answer}"
    );
}

#[tokio::test]
async fn the_end_is_not_waited_for_without_limit() {
    let config = Config {
        shutdown_timeout: Duration::from_millis(50),
        ..Config::default()
    };
    let (took, _) = ask_and_end(Slow(Duration::from_millis(1_500)), config).await;
    assert!(took < Duration::from_millis(1_200), "{took:?}");
}
