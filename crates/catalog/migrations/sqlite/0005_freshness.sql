-- How fresh each tag is: the last computation that succeeded for it, and what has come of attempts since.

create table tag_freshness (
    tag_key           varchar(128) not null primary key,
    -- Of the last success; null before the first.
    version           bigint,
    run_id            bigint,
    users             bigint,
    as_of             bigint,
    succeeded_at      bigint,
    duration_ms       bigint,
    -- What the members follow from, in short: rules and lists that are equal have equal ones.
    fingerprint       bigint,
    -- The last batch of rows that is in the members.
    batch             bigint,
    -- Of the last attempt, and how many have failed since the last success.
    attempted_version bigint       not null,
    attempted_at      bigint       not null,
    failures          bigint       not null,
    error_zh          text,
    error_en          text
);

insert into tag_freshness (
    tag_key, version, run_id, users, as_of, succeeded_at, duration_ms,
    attempted_version, attempted_at, failures, error_zh, error_en
)
select
    o.tag_key,
    case when s.run_id is null then null else o.version end,
    s.run_id, o.users, s.as_of, s.finished_at, s.finished_at - s.started_at,
    o.version, coalesce(a.started_at, 0), case when o.error is null then 0 else 1 end, o.error, o.error
from tag_outcomes o
left join runs s on s.run_id = o.succeeded
left join runs a on a.run_id = o.run_id;

drop table tag_outcomes;

-- A run that is ready says which results it is about to store, and what it has found of each tag as JSON: if the
-- process ends before it can say that they are stored, the results themselves tell.
alter table runs add column results bigint;
alter table runs add column found longtext;
