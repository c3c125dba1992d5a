//! A tag that is set by hand while tags are computed: nobody waits, and nothing is lost.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;

use api::ports::by_hand::{ByHand, Setting, SettingTo};
use api::ports::{Members, TagPage};
use domain::{Signature, TagKey, Time, UserKey};
use quest_platform::{Platform as QuestPlatform, Settings};
use server::changes::propose_wanted;
use server::compute::compute;
use server::config::Config;
use server::definitions::{Prune, parse};
use server::engine::Engine;
use server::platform::Platform;
use server::service::Service;

const NOW: Time = Time::from_millis(1_795_000_000_000);

const TAGS: &str = "
tags:
  - {key: kol, by_hand: {type: text}}
  - {key: big_kol, rule: tag(kol) = \"big\"}
";

fn signed() -> Signature {
    Signature {
        author: "ann".to_owned(),
        reason: String::new(),
        at: NOW,
    }
}

/// A platform whose tags are computed.
fn platform(folder: &Path) -> Arc<Platform> {
    let mut config = Config::load(None, std::iter::empty()).unwrap();
    folder.clone_into(&mut config.store.data_dir);
    let platform = Arc::new(Platform::open(config).unwrap());
    let settings = Settings {
        users: 40,
        events: 400,
        ..Settings::demo(NOW)
    };
    server::demo::fill(&platform, &QuestPlatform::new(settings)).unwrap();
    let wanted = parse([("tags.yaml", TAGS)]).unwrap_or_else(|problems| panic!("{problems}"));
    let proposed = propose_wanted(&platform, &wanted, Prune::Keep).unwrap();
    proposed.apply(signed()).unwrap();
    compute(&mut Engine::read(&platform).unwrap(), NOW, &[]).unwrap();
    platform
}

fn members(service: &Service, tag: &str) -> Vec<String> {
    let asked = TagPage {
        tag: TagKey::new(tag).unwrap(),
        value: None,
        after: None,
        limit: 10,
        on: None,
    };
    let page = service.tag_members(&asked).unwrap();
    let members = page.members.into_iter();
    members.map(|member| member.user.to_string()).collect()
}

#[test]
fn a_setting_does_not_wait_for_a_computation_and_follows_when_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let platform = platform(folder.path());
    let service = Service::new(Engine::read(&platform).unwrap()).unwrap();
    let set = |user: &str| {
        let setting = Setting {
            tag: TagKey::new("kol").unwrap(),
            user: UserKey::parse(user),
            to: SettingTo::Set(Some("big".to_owned())),
        };
        service.set(&setting, &signed()).unwrap()
    };
    let at_once = set("u1");
    assert!(!at_once.is_pending);
    assert_eq!(at_once.entered.len(), 2, "{at_once:?}");
    let (computes, is_computing) = mpsc::channel();
    let (ends, end) = mpsc::channel();
    let service = &service;
    thread::scope(|scope| {
        let computing = scope.spawn(move || {
            service.in_turn(|| {
                computes.send(()).unwrap();
                end.recv().unwrap();
            });
        });
        is_computing.recv().unwrap();
        let later = set("u2");
        assert!(later.is_pending);
        assert!(later.entered.is_empty());
        assert_eq!(members(service, "big_kol"), ["u1"]);
        ends.send(()).unwrap();
        computing.join().unwrap();
    });
    assert_eq!(members(service, "kol"), ["u1", "u2"]);
    assert_eq!(members(service, "big_kol"), ["u1", "u2"]);
    platform.close();
}
