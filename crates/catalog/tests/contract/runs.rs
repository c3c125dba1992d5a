//! Computations, settings and arrivals.

use catalog::{
    AllFreshness, Catalog, Change, ErrorKind, Members, RunEnd, RunId, RunStatus, TagFreshness,
    TagOutcome, TagResult,
};
use domain::{LocalizedText, Span, Zone};

use crate::{at, is, key, on_each, tag};

fn members(users: u64, as_of: i64) -> Members {
    Members {
        users,
        as_of: at(as_of),
        batch: 7,
        fingerprint: u64::MAX,
        left_out: 3,
    }
}

fn outcome(text: &str, result: TagResult) -> TagOutcome {
    TagOutcome {
        key: key(text),
        version: 1,
        result,
    }
}

fn failed(text: &str, why: &str) -> TagOutcome {
    outcome(text, TagResult::Failed(LocalizedText::same(why)))
}

fn end(millis: i64, users: u64) -> RunEnd {
    RunEnd {
        finished_at: at(millis),
        users,
    }
}

async fn with_two_tags(catalog: &Catalog) {
    let put = [
        Change::PutTag(tag("a", "true")),
        Change::PutTag(tag("b", "true")),
    ];
    catalog.apply(&put, at(0)).await.unwrap();
}

/// Of a tag: users and run of its last success, failures since, and why.
type Told<'t> = (Option<(u64, u64)>, u32, Option<&'t str>);

fn told(tags: &AllFreshness) -> Vec<Told<'_>> {
    let one = |tag: &TagFreshness| tag.success.map(|last| (last.members.users, last.run.0));
    let all = tags.values();
    all.map(|tag| {
        let error = tag.error.as_ref().map(|error| error.en.as_str());
        (one(tag), tag.failures, error)
    })
    .collect()
}

#[test]
fn a_run_that_succeeds_leaves_its_outcomes() {
    on_each(async |catalog| {
        with_two_tags(&catalog).await;
        let first = catalog.begin_run(at(100), at(101)).await.unwrap();
        assert_eq!(catalog.last_success().await.unwrap(), None);
        let found = [
            outcome("a", TagResult::Computed(members(5, 100))),
            failed("b", "too deep"),
        ];
        catalog
            .succeed_run(first, &end(110, 9), &found)
            .await
            .unwrap();
        let second = catalog.begin_run(at(200), at(201)).await.unwrap();
        let found = [
            failed("a", "no memory"),
            outcome("b", TagResult::Computed(members(2, 200))),
        ];
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
        let tags = catalog.freshness().await.unwrap();
        assert_eq!(
            told(&tags),
            [
                (Some((5, 1)), 1, Some("no memory")),
                (Some((2, 2)), 0, None)
            ]
        );
        let last = tags[&key("a")].success.unwrap();
        assert_eq!(last.members, members(5, 100));
        assert_eq!((last.at, last.duration), (at(110), Span::from_millis(9)));
        assert_eq!(tags[&key("a")].attempted_at, at(201));
    });
}

#[test]
fn failures_are_counted_until_one_succeeds_or_nothing_has_changed() {
    on_each(async |catalog| {
        with_two_tags(&catalog).await;
        let steps = [
            outcome("a", TagResult::Computed(members(5, 0))),
            failed("a", "one"),
            failed("a", "two"),
            outcome(
                "a",
                TagResult::Unchanged {
                    as_of: at(40),
                    batch: 9,
                },
            ),
        ];
        let mut failures = Vec::new();
        for (step, found) in (1..).zip(steps) {
            let run = catalog.begin_run(at(step), at(10 * step)).await.unwrap();
            let end = end(10 * step + 1, 3);
            catalog.succeed_run(run, &end, &[found]).await.unwrap();
            let tags = catalog.freshness().await.unwrap();
            failures.push((tags[&key("a")].failures, tags[&key("a")].error.is_some()));
        }
        assert_eq!(failures, [(0, false), (1, true), (2, true), (0, false)]);
        let last = catalog.freshness().await.unwrap()[&key("a")]
            .success
            .unwrap();
        let confirmed = Members {
            batch: 9,
            ..members(5, 40)
        };
        assert_eq!(last.members, confirmed);
    });
}

#[test]
fn a_run_that_was_killed_has_succeeded_exactly_if_its_results_are_stored() {
    on_each(async |catalog| {
        with_two_tags(&catalog).await;
        for (results, newest) in [(4, Some(3)), (4, None), (4, Some(4)), (5, Some(4))] {
            let run = catalog.begin_run(at(1), at(2)).await.unwrap();
            let found = [outcome("a", TagResult::Computed(members(results, 1)))];
            let end = end(3, 2);
            catalog
                .prepare_run(run, results, &end, &found)
                .await
                .unwrap();
            assert_eq!(catalog.settle_runs(newest, at(9)).await.unwrap(), 1);
            assert_eq!(catalog.settle_runs(newest, at(9)).await.unwrap(), 0);
            let record = catalog.runs(1).await.unwrap().remove(0);
            let is_stored = newest == Some(results);
            let succeeded = matches!(record.status, RunStatus::Succeeded { users: 2 });
            assert_eq!(succeeded, is_stored, "{results} {newest:?}: {record:?}");
        }
        let tags = catalog.freshness().await.unwrap();
        assert_eq!(told(&tags), [(Some((4, 3)), 0, None)]);
    });
}

#[test]
fn a_run_ends_once() {
    on_each(async |catalog| {
        with_two_tags(&catalog).await;
        let run = catalog.begin_run(at(1), at(2)).await.unwrap();
        catalog
            .fail_run(
                run,
                "the disk is full",
                at(3),
                &[failed("a", "the disk is full")],
            )
            .await
            .unwrap();
        let message = is(
            ErrorKind::Conflict,
            catalog.fail_run(run, "again", at(4), &[]).await,
        );
        assert_eq!(message, "the run 1 has ended already: it failed");
        is(
            ErrorKind::NotFound,
            catalog.fail_run(RunId(9), "why", at(4), &[]).await,
        );
        let status = catalog.runs(1).await.unwrap().remove(0).status;
        assert_eq!(
            status,
            RunStatus::Failed {
                error: "the disk is full".to_owned()
            }
        );
        let tags = catalog.freshness().await.unwrap();
        assert_eq!(told(&tags), [(None, 1, Some("the disk is full"))]);
    });
}

#[test]
fn a_run_that_was_killed_before_it_was_ready_has_failed() {
    on_each(async |catalog| {
        catalog.begin_run(at(1), at(2)).await.unwrap();
        assert_eq!(catalog.settle_runs(Some(1), at(9)).await.unwrap(), 1);
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
