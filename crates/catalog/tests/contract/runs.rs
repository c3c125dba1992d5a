//! Computations, settings and arrivals.

use catalog::{Change, ErrorKind, RunEnd, RunId, RunStatus, TagOutcome};
use domain::Zone;

use crate::{at, is, key, on_each, tag};

fn outcome(text: &str, result: Result<u64, &str>) -> TagOutcome {
    TagOutcome {
        key: key(text),
        version: 1,
        result: result.map_err(str::to_owned),
    }
}

#[test]
fn a_run_that_succeeds_leaves_its_outcomes() {
    on_each(async |catalog| {
        let put = [
            Change::PutTag(tag("a", "true")),
            Change::PutTag(tag("b", "true")),
        ];
        catalog.apply(&put, at(0)).await.unwrap();
        let first = catalog.begin_run(at(100), at(101)).await.unwrap();
        assert_eq!(catalog.last_success().await.unwrap(), None);
        let end = |millis, users| RunEnd {
            finished_at: at(millis),
            users,
        };
        let found = [outcome("a", Ok(5)), outcome("b", Err("too deep"))];
        catalog
            .succeed_run(first, &end(110, 9), &found)
            .await
            .unwrap();
        let second = catalog.begin_run(at(200), at(201)).await.unwrap();
        let found = [outcome("a", Err("no memory")), outcome("b", Ok(2))];
        catalog
            .succeed_run(second, &end(210, 10), &found)
            .await
            .unwrap();

        let run = catalog.last_success().await.unwrap().unwrap();
        assert_eq!(
            (run.id, run.as_of, run.started_at),
            (second, at(200), at(201))
        );
        assert_eq!(
            (run.finished_at, run.status),
            (Some(at(210)), RunStatus::Succeeded { users: 10 })
        );
        let tags = catalog.tag_runs().await.unwrap();
        let told: Vec<_> = tags
            .iter()
            .map(|tag| (tag.users, tag.succeeded, tag.error.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                (Some(5), Some(first), Some("no memory")),
                (Some(2), Some(second), None)
            ]
        );
    });
}

#[test]
fn a_run_ends_once() {
    on_each(async |catalog| {
        let run = catalog.begin_run(at(1), at(2)).await.unwrap();
        catalog
            .fail_run(run, "the disk is full", at(3))
            .await
            .unwrap();
        let message = is(
            ErrorKind::Conflict,
            catalog.fail_run(run, "again", at(4)).await,
        );
        assert_eq!(message, "the run 1 has ended already: it failed");
        is(
            ErrorKind::NotFound,
            catalog.fail_run(RunId(9), "why", at(4)).await,
        );
        let status = catalog.runs(1).await.unwrap().remove(0).status;
        assert_eq!(
            status,
            RunStatus::Failed {
                error: "the disk is full".to_owned()
            }
        );
    });
}

#[test]
fn a_run_that_was_killed_is_marked_as_failed() {
    on_each(async |catalog| {
        catalog.begin_run(at(1), at(2)).await.unwrap();
        assert_eq!(catalog.fail_abandoned_runs(at(9)).await.unwrap(), 1);
        assert_eq!(catalog.fail_abandoned_runs(at(9)).await.unwrap(), 0);
        let run = catalog.runs(10).await.unwrap().remove(0);
        assert!(matches!(run.status, RunStatus::Failed { .. }));
    });
}

#[test]
fn the_time_zone_is_utc_until_it_is_set() {
    on_each(async |catalog| {
        assert_eq!(catalog.timezone().await.unwrap(), Zone::utc());
        let shanghai = Zone::named("Asia/Shanghai").unwrap();
        catalog.set_timezone(&shanghai).await.unwrap();
        assert_eq!(catalog.timezone().await.unwrap(), shanghai);
    });
}

#[test]
fn no_arrival_is_given_twice() {
    on_each(async |catalog| {
        assert_eq!(catalog.reserve_arrivals(1000).await.unwrap(), 0);
        assert_eq!(catalog.reserve_arrivals(1).await.unwrap(), 1000);
        assert_eq!(catalog.reserve_arrivals(5).await.unwrap(), 1001);
    });
}
